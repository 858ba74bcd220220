/* answer.h - what the proxy says to a client that it does not connect. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_SERVICE_OUTBOUND_ANSWER_H
#define TROTH_SERVICE_OUTBOUND_ANSWER_H

#include "base/writer.h"

#define TROTH_ANSWER_MAX 1024

/* To one that asked in HTTP: a page of one line. */
void troth_answer_http(struct troth_writer *w, unsigned status, const char *name,
                       const char *why);

/* To one that was let through and says what it may not, or whose name leads nowhere: an
 * alert, so that its TLS library says more than that the connection ended. */
void troth_answer_tls(struct troth_writer *w, unsigned status);

#endif
