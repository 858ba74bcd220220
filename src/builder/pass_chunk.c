/* SPDX-License-Identifier: Apache-2.0 */
#include "builder/pass_chunk.h"

#include <errno.h>
#include <sys/mman.h>
#include <unistd.h>

void troth_chunk_clear(struct troth_chunk *chunk)
{
    if (chunk->map)
        (void)munmap(chunk->map, chunk->map_len);
    chunk->map = NULL;
    chunk->bytes = chunk->memory;
    chunk->len = 0;
    chunk->piece_count = 0;
}

int troth_chunk_map(struct troth_chunk *chunk, int file, uint64_t offset, size_t len)
{
    const size_t lead = (size_t)(offset % (uint64_t)sysconf(_SC_PAGESIZE));
    void *map = mmap(NULL, lead + len, PROT_READ, MAP_SHARED | MAP_POPULATE, file,
                     (off_t)(offset - lead));

    if (map == MAP_FAILED)
        return errno;
    chunk->map = map;
    chunk->map_len = lead + len;
    chunk->bytes = (const uint8_t *)map + lead;
    chunk->len = len;
    return 0;
}

bool troth_chunk_add_piece(struct troth_chunk *chunk, size_t start, uint8_t *out_sha256)
{
    struct troth_pass_piece *piece = &chunk->pieces[chunk->piece_count++];

    piece->start = start;
    piece->end = chunk->len;
    piece->out_sha256 = out_sha256;
    return chunk->piece_count < TROTH_CHUNK_PIECES - 1;
}
