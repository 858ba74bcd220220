/* algorithm.h - signature algorithms and public keys as X.509 writes them. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_PKI_ALGORITHM_H
#define TROTH_PKI_ALGORITHM_H

#include "base/cursor.h"
#include "troth/crypto.h"

/*
 * Which algorithm is this AlgorithmIdentifier? The whole encoding is compared, parameters
 * included, so that nothing in it can go unread. TROTH_SIGNATURE_NONE for any other.
 */
enum troth_signature_algorithm troth_algorithm_find(struct troth_span identifier);

/*
 * Read the next element, a SubjectPublicKeyInfo. The kind comes from its whole
 * AlgorithmIdentifier (TROTH_ERR_ALGORITHM); a point must be uncompressed and of its
 * curve's length, an RSA exponent odd, at least 3 and of 32 bits at most (TROTH_ERR_KEY).
 * Whether a point is on its curve is the provider's to say.
 */
struct troth_public_key troth_key_read(struct troth_cursor *c, const char *field);

#endif
