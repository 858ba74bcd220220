/* SPDX-License-Identifier: Apache-2.0 */
#include "builder/passes.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "builder/pass_workers.h"

static struct troth_chunk *open_one(struct troth_passes *passes)
{
    return &passes->chunks[passes->filled % TROTH_PASSES_AHEAD];
}

/* What is in the open chunk goes to the workers. */
static void close_chunk(struct troth_passes *passes)
{
    struct troth_chunk *chunk = open_one(passes);

    if (!passes->is_open || (chunk->len == 0 && chunk->piece_count == 0))
        return;
    if (passes->in_part)
        (void)troth_chunk_add_piece(chunk, passes->part_start, NULL);
    passes->part_start = 0;
    (void)pthread_mutex_lock(&passes->lock);
    passes->filled++;
    passes->is_open = false;
    (void)pthread_cond_broadcast(&passes->more);
    (void)pthread_mutex_unlock(&passes->lock);
}

static void destroy(struct troth_passes *passes)
{
    (void)pthread_cond_destroy(&passes->room);
    (void)pthread_cond_destroy(&passes->more);
    (void)pthread_mutex_destroy(&passes->lock);
    for (size_t i = 0; i < TROTH_PASSES_AHEAD; i++)
        troth_chunk_clear(&passes->chunks[i]);
    free(passes->memory);
    free(passes);
}

static int open_chunk(struct troth_passes *passes)
{
    struct troth_chunk *chunk = open_one(passes);
    int failed;

    if (passes->is_open)
        return 0;
    (void)pthread_mutex_lock(&passes->lock);
    failed = troth_pass_workers_await_room(passes);
    (void)pthread_mutex_unlock(&passes->lock);
    if (failed)
        return failed;
    troth_chunk_clear(chunk);
    chunk->which = passes->which;
    passes->is_open = true;
    return 0;
}

int troth_passes_start(struct troth_passes **out, struct troth_pass *passes, size_t count)
{
    struct troth_passes *made = calloc(1, sizeof(*made));
    uint8_t *memory = malloc(TROTH_PASSES_AHEAD * TROTH_PASSES_CHUNK);
    int failed;

    *out = NULL;
    if (!made || !memory || count > TROTH_PASSES_MAX) {
        free(memory);
        free(made);
        return count > TROTH_PASSES_MAX ? EINVAL : ENOMEM;
    }
    made->memory = memory;
    made->which = (1U << count) - 1;
    for (size_t i = 0; i < TROTH_PASSES_AHEAD; i++)
        made->chunks[i].memory = memory + i * TROTH_PASSES_CHUNK;
    (void)pthread_mutex_init(&made->lock, NULL);
    (void)pthread_cond_init(&made->more, NULL);
    (void)pthread_cond_init(&made->room, NULL);
    failed = troth_pass_workers_start(made, passes, count);
    if (failed) {
        troth_pass_workers_end(made);
        destroy(made);
        return failed;
    }
    *out = made;
    return 0;
}

void troth_passes_choose(struct troth_passes *passes, unsigned which)
{
    if (which == passes->which)
        return;
    close_chunk(passes);
    passes->which = which;
    if (passes->is_open)
        open_one(passes)->which = which; /* an empty one */
}

int troth_passes_room(struct troth_passes *passes, uint8_t **out, size_t *out_len)
{
    struct troth_chunk *chunk;
    const int failed = open_chunk(passes);

    *out = NULL;
    *out_len = 0;
    if (failed)
        return failed;
    chunk = open_one(passes);
    *out = chunk->memory + chunk->len;
    *out_len = TROTH_PASSES_CHUNK - chunk->len;
    return 0;
}

int troth_passes_filled(struct troth_passes *passes, size_t len)
{
    struct troth_chunk *chunk = open_one(passes);

    if (!passes->is_open || len > TROTH_PASSES_CHUNK - chunk->len)
        return EINVAL;
    chunk->len += len;
    if (chunk->len == TROTH_PASSES_CHUNK)
        close_chunk(passes);
    return 0;
}

int troth_passes_map(struct troth_passes *passes, int file, uint64_t offset, size_t len)
{
    int failed;

    if (len > TROTH_PASSES_CHUNK)
        return EINVAL;
    close_chunk(passes);
    failed = open_chunk(passes);
    if (!failed && len > 0)
        failed = troth_chunk_map(open_one(passes), file, offset, len);
    close_chunk(passes);
    return failed;
}

int troth_passes_feed(struct troth_passes *passes, struct troth_span bytes)
{
    size_t done = 0;

    while (done < bytes.len) {
        uint8_t *room;
        size_t len;
        int failed = troth_passes_room(passes, &room, &len);

        if (failed)
            return failed;
        if (len > bytes.len - done)
            len = bytes.len - done;
        memcpy(room, bytes.ptr + done, len);
        failed = troth_passes_filled(passes, len);
        if (failed)
            return failed;
        done += len;
    }
    return 0;
}

int troth_passes_begin_part(struct troth_passes *passes)
{
    const int failed = passes->in_part ? EINVAL : open_chunk(passes);

    if (failed)
        return failed;
    passes->in_part = true;
    passes->part_start = open_one(passes)->len;
    return 0;
}

int troth_passes_end_part(struct troth_passes *passes, uint8_t out_sha256[static 32])
{
    const int failed = passes->in_part ? open_chunk(passes) : EINVAL;
    bool has_room;

    if (failed)
        return failed;
    has_room = troth_chunk_add_piece(open_one(passes), passes->part_start, out_sha256);
    passes->in_part = false;
    /* The last is kept for a part that goes on. */
    if (!has_room)
        close_chunk(passes);
    return 0;
}

int troth_passes_peek(struct troth_passes *passes, size_t i, uint8_t out[static 48])
{
    const struct troth_pass_lane *lane = i < passes->count ? &passes->lanes[i] : NULL;
    int failed;

    memset(out, 0, 48);
    if (!lane || !troth_pass_has_digest(lane->result->kind))
        return EINVAL;
    close_chunk(passes);
    (void)pthread_mutex_lock(&passes->lock);
    failed = troth_pass_workers_await(passes, 0);
    if (!failed)
        failed = troth_pass_digest(&lane->state, lane->result->kind, out);
    (void)pthread_mutex_unlock(&passes->lock);
    return failed;
}

/* After an error nothing is known of the others' bytes. */
static void fill_result(struct troth_pass_lane *lane, int *error)
{
    struct troth_pass *result = lane->result;

    if (!*error && troth_pass_has_digest(result->kind))
        *error = result->error = troth_pass_digest(&lane->state, result->kind,
                                                   result->digest);
    if (!*error)
        return;
    memset(result->digest, 0, sizeof(result->digest));
    result->crc = 0;
    if (!result->error)
        result->error = ECANCELED;
}

int troth_passes_finish(struct troth_passes *passes)
{
    int error;

    close_chunk(passes);
    troth_pass_workers_end(passes);
    error = passes->error;
    for (size_t i = 0; i < passes->count; i++)
        fill_result(&passes->lanes[i], &error);
    destroy(passes);
    return error;
}
