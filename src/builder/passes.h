/*
 * passes.h - several things computed of the same bytes while they go by once: digests,
 * a CRC, a file that is written. Each has a thread; memory does not grow with what
 * passes.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_BUILDER_PASSES_H
#define TROTH_BUILDER_PASSES_H

#include <stdbool.h>
#include <stdint.h>

#include "troth/error.h"
#include "troth/span.h"

#define TROTH_PASSES_MAX   8
#define TROTH_PASSES_CHUNK ((size_t)1024 * 1024)

enum troth_pass_kind {
    TROTH_PASS_SHA256 = 0,
    TROTH_PASS_SHA384,
    TROTH_PASS_CRC32,
    TROTH_PASS_WRITE,
    TROTH_PASS_PARTS /* SHA-256 of each part: troth_passes_begin_part() */
};

struct troth_pass {
    enum troth_pass_kind kind;
    int descriptor;     /* of WRITE: from where it stands */
    uint8_t digest[48]; /* the result */
    uint32_t crc;
    int error; /* an errno of WRITE; ECANCELED where another failed */
};

struct troth_passes;

/* `passes` are the caller's and filled by troth_passes_finish(). Errors: an errno. */
TROTH_MUST_USE int troth_passes_start(struct troth_passes **out,
                                      struct troth_pass *passes, size_t count);

/* For which passes the bytes that follow are: bit i is passes[i]; all at first. */
void troth_passes_choose(struct troth_passes *passes, unsigned which);

/* Bytes are copied: for those who have few. */
TROTH_MUST_USE int troth_passes_feed(struct troth_passes *passes,
                                     struct troth_span bytes);

/* Room to read into (at most TROTH_PASSES_CHUNK), then how much of it was filled. */
TROTH_MUST_USE int troth_passes_room(struct troth_passes *passes, uint8_t **out,
                                     size_t *out_len);
TROTH_MUST_USE int troth_passes_filled(struct troth_passes *passes, size_t len);

/*
 * What passes between the two is a part, and its SHA-256 goes to `out_sha256`, which is
 * known when all of it has ended well. Parts are not within each other, and are begun and
 * ended where the pass of that kind is chosen; what is between them, it leaves out. They
 * cost no more than their bytes: many may be in one chunk.
 */
TROTH_MUST_USE int troth_passes_begin_part(struct troth_passes *passes);
TROTH_MUST_USE int troth_passes_end_part(struct troth_passes *passes,
                                         uint8_t out_sha256[static 32]);

/* The digests of what passed so far under pass `i`, which goes on (SHA384 and SHA256). */
TROTH_MUST_USE int troth_passes_peek(struct troth_passes *passes, size_t i,
                                     uint8_t out[static 48]);

/* Waits for all of them, fills the results, and ends. Also after an error. */
int troth_passes_finish(struct troth_passes *passes);

#endif
