/* unpack.h - a stream that may be packed, read front to back, with its digest. For
 * source_*.c alone. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_BUILDER_UNPACK_H
#define TROTH_BUILDER_UNPACK_H

#include "builder/problem.h"
#include "builder/sources.h"

struct troth_unpack;

/* Errors: a packing that nobody here can undo. */
TROTH_MUST_USE bool troth_unpack_create(struct troth_unpack **out,
                                        struct troth_build_problem *problem,
                                        const struct troth_tar_input *input);

/*
 * troth_unpack_read - the next bytes.
 *
 *   out_len  less than `len` only at the end, and then 0
 *
 * Errors   more than the input's `max`; gzip that is cut off, damaged, or has something
 *          else behind it; reading
 */
TROTH_MUST_USE bool troth_unpack_read(struct troth_unpack *unpack,
                                      struct troth_build_problem *problem, uint8_t *out,
                                      size_t len, size_t *out_len);

/* SHA-256 of all that was read. */
TROTH_MUST_USE bool troth_unpack_digest(struct troth_unpack *unpack,
                                        struct troth_build_problem *problem,
                                        uint8_t out[static 32]);

void troth_unpack_destroy(struct troth_unpack *unpack); /* takes NULL */

#endif
