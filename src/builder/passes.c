/* SPDX-License-Identifier: Apache-2.0 */
#include "builder/passes.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "builder/pass.h"

/* How far the fastest pass may be ahead of the slowest, in chunks; and how many parts may
 * end in one before it is passed on as it is. */
enum { CHUNKS = 8, PIECES = 128 };

struct chunk {
    uint8_t *bytes;
    size_t len;
    unsigned which; /* the passes that it is for */
    size_t piece_count;
    struct troth_pass_piece pieces[PIECES];
};

/* One thread's. */
struct runner {
    struct troth_passes *passes;
    struct troth_pass *result;
    pthread_t thread;
    unsigned bit;
    uint64_t done; /* chunks */
    struct troth_pass_state state;
};

/*
 * Chunk i lies in slot i modulo CHUNKS. The producer owns chunk `filled`, once every
 * runner is done with what was in its slot; the runners own those before it.
 */
struct troth_passes {
    pthread_mutex_t lock;
    pthread_cond_t more; /* a chunk was filled, or there will be none */
    pthread_cond_t room; /* a runner is done with one */
    uint8_t *memory;
    struct chunk chunks[CHUNKS];
    struct runner runners[TROTH_PASSES_MAX];
    size_t count;
    uint64_t filled;
    unsigned which;
    bool is_open; /* chunk `filled` is the producer's */
    bool is_ending;
    bool in_part;
    size_t part_start; /* in the open chunk */
    int error;         /* the first one's; nothing goes on after it */
};

/* ---- the threads ---------------------------------------------------------------------
 */

static int take_chunk(struct runner *runner, const struct chunk *chunk)
{
    const struct troth_span bytes = {chunk->bytes, chunk->len};

    if (runner->result->kind == TROTH_PASS_PARTS)
        return troth_pass_take_pieces(&runner->state, runner->result, bytes,
                                      chunk->pieces, chunk->piece_count);
    return troth_pass_take(&runner->state, runner->result, bytes);
}

/* With the lock held, but for the time the work takes. */
static void run_chunk(struct runner *runner)
{
    struct troth_passes *passes = runner->passes;
    const struct chunk *chunk = &passes->chunks[runner->done % CHUNKS];
    int failed = 0;

    if (chunk->which & runner->bit) {
        (void)pthread_mutex_unlock(&passes->lock);
        failed = take_chunk(runner, chunk);
        (void)pthread_mutex_lock(&passes->lock);
    }
    runner->done++;
    if (failed && !passes->error) {
        passes->error = failed;
        runner->result->error = failed;
        (void)pthread_cond_broadcast(&passes->more);
    }
    (void)pthread_cond_signal(&passes->room);
}

static void *run(void *given)
{
    struct runner *runner = given;
    struct troth_passes *passes = runner->passes;

    (void)pthread_mutex_lock(&passes->lock);
    while (!passes->error) {
        if (runner->done < passes->filled)
            run_chunk(runner);
        else if (passes->is_ending)
            break;
        else
            (void)pthread_cond_wait(&passes->more, &passes->lock);
    }
    (void)pthread_mutex_unlock(&passes->lock);
    return NULL;
}

/* Signals are for the program's own threads: a pass is never interrupted, and a pipe that
 * nobody reads is an error and not the end. */
static int start_thread(struct runner *runner)
{
    sigset_t all, before;
    int failed;

    (void)sigfillset(&all);
    (void)pthread_sigmask(SIG_SETMASK, &all, &before);
    failed = pthread_create(&runner->thread, NULL, run, runner);
    (void)pthread_sigmask(SIG_SETMASK, &before, NULL);
    return failed;
}

/* Those that were started. */
static void end_threads(struct troth_passes *passes)
{
    (void)pthread_mutex_lock(&passes->lock);
    passes->is_ending = true;
    (void)pthread_cond_broadcast(&passes->more);
    (void)pthread_mutex_unlock(&passes->lock);
    for (size_t i = 0; i < passes->count; i++)
        (void)pthread_join(passes->runners[i].thread, NULL);
}

static void destroy(struct troth_passes *passes)
{
    (void)pthread_cond_destroy(&passes->room);
    (void)pthread_cond_destroy(&passes->more);
    (void)pthread_mutex_destroy(&passes->lock);
    free(passes->memory);
    free(passes);
}

/* ---- the producer's side ----------------------------------------------------------- */

/* With the lock held: until every runner is done with all but `left` chunks. */
static int await_done(struct troth_passes *passes, uint64_t left)
{
    for (size_t i = 0; i < passes->count && !passes->error;) {
        if (passes->runners[i].done + left < passes->filled)
            (void)pthread_cond_wait(&passes->room, &passes->lock);
        else
            i++;
    }
    return passes->error;
}

static void add_piece(struct troth_passes *passes, uint8_t *out_sha256)
{
    struct chunk *chunk = &passes->chunks[passes->filled % CHUNKS];
    struct troth_pass_piece *piece = &chunk->pieces[chunk->piece_count++];

    piece->start = passes->part_start;
    piece->end = chunk->len;
    piece->out_sha256 = out_sha256;
}

/* What is in the open chunk goes to the runners. */
static void close_chunk(struct troth_passes *passes)
{
    const struct chunk *chunk = &passes->chunks[passes->filled % CHUNKS];

    if (!passes->is_open || (chunk->len == 0 && chunk->piece_count == 0))
        return;
    if (passes->in_part)
        add_piece(passes, NULL);
    passes->part_start = 0;
    (void)pthread_mutex_lock(&passes->lock);
    passes->filled++;
    passes->is_open = false;
    (void)pthread_cond_broadcast(&passes->more);
    (void)pthread_mutex_unlock(&passes->lock);
}

static int open_chunk(struct troth_passes *passes)
{
    struct chunk *chunk = &passes->chunks[passes->filled % CHUNKS];
    int failed;

    if (passes->is_open)
        return 0;
    (void)pthread_mutex_lock(&passes->lock);
    failed = await_done(passes, CHUNKS - 1);
    (void)pthread_mutex_unlock(&passes->lock);
    if (failed)
        return failed;
    chunk->len = 0;
    chunk->which = passes->which;
    chunk->piece_count = 0;
    passes->is_open = true;
    return 0;
}

static int start_all(struct troth_passes *passes, struct troth_pass *results,
                     size_t count)
{
    int failed = 0;

    for (size_t i = 0; i < count && !failed; i++) {
        struct runner *runner = &passes->runners[i];

        *runner = (struct runner){
            .passes = passes, .result = &results[i], .bit = 1U << i};
        failed = troth_pass_start(&runner->state, runner->result);
        if (!failed)
            failed = start_thread(runner);
        if (!failed)
            passes->count = i + 1;
    }
    return failed;
}

int troth_passes_start(struct troth_passes **out, struct troth_pass *passes, size_t count)
{
    struct troth_passes *made = calloc(1, sizeof(*made));
    uint8_t *memory = malloc(CHUNKS * TROTH_PASSES_CHUNK);
    int failed;

    *out = NULL;
    if (!made || !memory || count > TROTH_PASSES_MAX) {
        free(memory);
        free(made);
        return count > TROTH_PASSES_MAX ? EINVAL : ENOMEM;
    }
    made->memory = memory;
    made->which = (1U << count) - 1;
    for (size_t i = 0; i < CHUNKS; i++)
        made->chunks[i].bytes = memory + i * TROTH_PASSES_CHUNK;
    (void)pthread_mutex_init(&made->lock, NULL);
    (void)pthread_cond_init(&made->more, NULL);
    (void)pthread_cond_init(&made->room, NULL);
    failed = start_all(made, passes, count);
    if (failed) {
        end_threads(made);
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
        passes->chunks[passes->filled % CHUNKS].which = which; /* an empty one */
}

int troth_passes_room(struct troth_passes *passes, uint8_t **out, size_t *out_len)
{
    struct chunk *chunk;
    const int failed = open_chunk(passes);

    *out = NULL;
    *out_len = 0;
    if (failed)
        return failed;
    chunk = &passes->chunks[passes->filled % CHUNKS];
    *out = chunk->bytes + chunk->len;
    *out_len = TROTH_PASSES_CHUNK - chunk->len;
    return 0;
}

int troth_passes_filled(struct troth_passes *passes, size_t len)
{
    struct chunk *chunk = &passes->chunks[passes->filled % CHUNKS];

    if (!passes->is_open || len > TROTH_PASSES_CHUNK - chunk->len)
        return EINVAL;
    chunk->len += len;
    if (chunk->len == TROTH_PASSES_CHUNK)
        close_chunk(passes);
    return 0;
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
    passes->part_start = passes->chunks[passes->filled % CHUNKS].len;
    return 0;
}

int troth_passes_end_part(struct troth_passes *passes, uint8_t out_sha256[static 32])
{
    const int failed = passes->in_part ? open_chunk(passes) : EINVAL;

    if (failed)
        return failed;
    add_piece(passes, out_sha256);
    passes->in_part = false;
    /* One more may be needed for a part that goes on. */
    if (passes->chunks[passes->filled % CHUNKS].piece_count == PIECES - 1)
        close_chunk(passes);
    return 0;
}

int troth_passes_peek(struct troth_passes *passes, size_t i, uint8_t out[static 48])
{
    const struct runner *runner = i < passes->count ? &passes->runners[i] : NULL;
    int failed;

    memset(out, 0, 48);
    if (!runner || !troth_pass_has_digest(runner->result->kind))
        return EINVAL;
    close_chunk(passes);
    (void)pthread_mutex_lock(&passes->lock);
    failed = await_done(passes, 0);
    if (!failed)
        failed = troth_pass_digest(&runner->state, runner->result->kind, out);
    (void)pthread_mutex_unlock(&passes->lock);
    return failed;
}

/* After an error nothing is known of the others' bytes. */
static void fill_result(struct runner *runner, int *error)
{
    struct troth_pass *result = runner->result;

    if (!*error && troth_pass_has_digest(result->kind))
        *error = result->error = troth_pass_digest(&runner->state, result->kind,
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
    end_threads(passes);
    error = passes->error;
    for (size_t i = 0; i < passes->count; i++)
        fill_result(&passes->runners[i], &error);
    destroy(passes);
    return error;
}
