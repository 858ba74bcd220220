/* tables.h - every crypto table there is, so that one suite runs over all of them. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_TEST_TABLES_H
#define TROTH_TEST_TABLES_H

#include <stdbool.h>

#include "troth/crypto.h"

struct tables {
    struct troth_crypto crypto[3];
    size_t count;
};

/* Aborts when a library does not start. */
void tables_create(struct tables *out);
void tables_destroy(struct tables *tables);

/* Nettle's table verifies P-384 and refuses all else. */
bool tables_is_partial(const struct troth_crypto *crypto);
bool tables_can_verify(const struct troth_crypto *crypto,
                       enum troth_signature_algorithm algorithm);

/* Verifies a message of one part, and checks that OpenSSL's error queue stays empty. */
enum troth_err tables_verify(const struct troth_crypto *crypto,
                             enum troth_signature_algorithm algorithm,
                             const struct troth_public_key *key,
                             struct troth_span message, struct troth_span signature);

#endif
