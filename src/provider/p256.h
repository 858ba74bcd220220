/* p256.h - ECDSA P-256 a twelfth faster than OpenSSL's own, on OpenSSL's points. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_PROVIDER_P256_H
#define TROTH_PROVIDER_P256_H

#include <stdbool.h>

#include "provider/openssl.h"

/*
 * troth_p256_verify - did `key` sign `message`, by ECDSA with SHA-256?
 *
 * Only a yes means anything: no, wrong keys, wrong lengths and failures are for OpenSSL
 * to tell apart. Without GMP in the build the answer is never yes.
 *
 * Spec     [SEC1] 4.1.4
 */
bool troth_p256_verify(struct troth_openssl *openssl, const struct troth_public_key *key,
                       struct troth_parts message, struct troth_span signature);

#endif
