/* pass_chunk.h - bytes that passes take together, and which parts end among them. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_BUILDER_PASS_CHUNK_H
#define TROTH_BUILDER_PASS_CHUNK_H

#include "builder/pass.h"

/* More parts do not end in one: it is passed on as it is. */
#define TROTH_CHUNK_PIECES 128

struct troth_chunk {
    uint8_t *memory;      /* its own: TROTH_PASSES_CHUNK */
    const uint8_t *bytes; /* there, or where a file is mapped */
    size_t len;
    unsigned which; /* the passes that it is for */
    void *map;      /* NULL: none */
    size_t map_len;
    size_t piece_count;
    struct troth_pass_piece pieces[TROTH_CHUNK_PIECES];
};

/* With nothing in it, and what was mapped given back. */
void troth_chunk_clear(struct troth_chunk *chunk);

/* For one with nothing in it. Errors: an errno. */
TROTH_MUST_USE int troth_chunk_map(struct troth_chunk *chunk, int file, uint64_t offset,
                                   size_t len);

/* From `start` up to where it is filled. False: there is room for but one more. */
bool troth_chunk_add_piece(struct troth_chunk *chunk, size_t start, uint8_t *out_sha256);

#endif
