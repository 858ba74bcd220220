/* pass.h - one of the things that passes.h computes, a piece at a time. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_BUILDER_PASS_H
#define TROTH_BUILDER_PASS_H

/* EVP's contexts are allocated; these are copied like any other value. */
#define OPENSSL_SUPPRESS_DEPRECATED
#include <openssl/sha.h>

#include "builder/passes.h"

/* What a pass holds between two pieces. */
struct troth_pass_state {
    union {
        SHA256_CTX sha256;
        SHA512_CTX sha384;
    } sum;
};

/* Of the bytes that pass together, what is of one part. */
struct troth_pass_piece {
    size_t start, end;
    uint8_t *out_sha256; /* the part ends here; NULL: it goes on with the next bytes */
};

/* All of them return 0 or an errno. `result` is zeroed, but for what it asks for. */
TROTH_MUST_USE int troth_pass_start(struct troth_pass_state *state,
                                    struct troth_pass *result);
TROTH_MUST_USE int troth_pass_take(struct troth_pass_state *state,
                                   struct troth_pass *result, struct troth_span bytes);

/* Only PARTS: what is in no piece is left out. */
TROTH_MUST_USE int troth_pass_take_pieces(struct troth_pass_state *state,
                                          struct troth_pass *result,
                                          struct troth_span bytes,
                                          const struct troth_pass_piece *pieces,
                                          size_t count);

/* Has it one digest, of all that it took? */
bool troth_pass_has_digest(enum troth_pass_kind kind);
/* Of what was taken so far; the state goes on. PARTS: of this part. */
TROTH_MUST_USE int troth_pass_digest(const struct troth_pass_state *state,
                                     enum troth_pass_kind kind, uint8_t out[static 48]);

#endif
