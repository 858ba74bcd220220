/* serve.h - local connections, each carried over an attested one of its own. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_CLI_CONNECT_SERVE_H
#define TROTH_CLI_CONNECT_SERVE_H

#include "cli/connect/side.h"
#include "cli/connect/tell.h"

/*
 * troth_serve - take connections as the order says, until a signal or until its command
 * has ended.
 *
 * Returns  the exit status; a problem, if there is one, is filled
 */
int troth_serve(struct troth_side *side, struct troth_teller *teller,
                struct troth_problem *problem);

#endif
