/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "log/problem.h"
#include "log/publish.h"

#define FIRST_ROOM ((size_t)64 * 1024)

/* A walk over the order. */
struct building {
    struct troth_log_publisher *p;
    struct troth_edge_sink sink;
    uint64_t next;
    struct troth_log_problem problem; /* why it ended, and not the order's doing */
};

static int keep_entry(struct troth_log_publisher *p, struct troth_span entry)
{
    const size_t needed = p->bundle_len + 2 + entry.len;
    size_t room = p->bundle_room ? p->bundle_room : FIRST_ROOM;
    uint8_t *bundle;

    while (room < needed)
        room *= 2;
    if (room != p->bundle_room) {
        bundle = realloc(p->bundle, room);
        if (!bundle)
            return ENOMEM;
        p->bundle = bundle;
        p->bundle_room = room;
    }
    p->bundle[p->bundle_len] = (uint8_t)(entry.len >> 8);
    p->bundle[p->bundle_len + 1] = (uint8_t)entry.len;
    if (entry.len > 0)
        memcpy(p->bundle + p->bundle_len + 2, entry.ptr, entry.len);
    p->bundle_len = needed;
    return 0;
}

static int put_bundle(struct troth_log_publisher *p, struct troth_log_problem *problem,
                      uint64_t size)
{
    const struct troth_tile tile = {true, 0, (size - 1) / TROTH_TILE_WIDTH,
                                    (unsigned)((size - 1) % TROTH_TILE_WIDTH) + 1};

    return troth_log_batch_put(p->batch, problem, &tile,
                               (struct troth_span){p->bundle, p->bundle_len});
}

static enum troth_err put_full(void *state, const struct troth_tile *tile,
                               struct troth_span bytes)
{
    struct building *b = state;

    return troth_log_batch_put(b->p->batch, &b->problem, tile, bytes) ? TROTH_ERR_LIMIT
                                                                      : TROTH_OK;
}

static int push(struct building *b, struct troth_span entry)
{
    struct troth_log_hash leaf;
    enum troth_err err = troth_log_leaf(&leaf, b->p->options.crypto, entry);

    if (!err)
        err = troth_edge_push(&b->p->trial, b->p->options.crypto, &leaf, &b->sink);
    if (err && !b->problem.failed)
        (void)troth_log_crypto_failed(&b->problem, err, "hash an entry");
    return b->problem.failed;
}

/* Entries of the last bundle come once more, to be bundled with those behind them. */
static int take(void *state, uint64_t index, struct troth_span entry)
{
    struct building *b = state;
    struct troth_log_publisher *p = b->p;
    int failed = index == b->next && entry.len <= TROTH_LOG_ENTRY_MAX ? 0 : EBADMSG;

    if (failed)
        return troth_log_problem_say(&b->problem, failed,
                                     "the order gave another entry than was asked for");
    if (index % TROTH_TILE_WIDTH == 0)
        p->bundle_len = 0;
    if (keep_entry(p, entry) != 0)
        return troth_log_problem_say(&b->problem, ENOMEM, "out of memory");
    b->next++;
    if (index < p->trial.size)
        return 0;
    failed = push(b, entry);
    if (!failed && b->next % TROTH_TILE_WIDTH == 0)
        failed = put_bundle(p, &b->problem, b->next);
    return failed;
}

static int read_all(struct building *b, struct troth_log_problem *problem, uint64_t size)
{
    struct troth_sequence *sequence = b->p->sequence;

    while (b->next < size) {
        const uint64_t from = b->next, left = size - from;
        const uint64_t most = left < TROTH_TILE_WIDTH ? left : TROTH_TILE_WIDTH;
        const int failed = sequence->ops->read(sequence, problem, from, most, take, b);

        if (b->problem.failed)
            *problem = b->problem;
        if (b->problem.failed || failed)
            return problem->failed;
        if (b->next != from + most)
            return troth_log_problem_say(problem, EBADMSG,
                                         "the order has fewer entries than were signed");
    }
    return 0;
}

static int put_partials(struct troth_log_publisher *p, struct troth_log_problem *problem)
{
    int failed = p->trial.size % TROTH_TILE_WIDTH != 0
                     ? put_bundle(p, problem, p->trial.size)
                     : 0;

    for (unsigned level = 0; level < TROTH_TILE_LEVELS && !failed; level++) {
        struct troth_tile tile;
        struct troth_span bytes;

        if (troth_edge_partial(&tile, &bytes, &p->trial, level))
            failed = troth_log_batch_put(p->batch, problem, &tile, bytes);
    }
    return failed ? failed : troth_log_batch_finish(p->batch, problem);
}

int troth_log_build(struct troth_log_publisher *publisher,
                    struct troth_log_problem *problem, uint64_t size)
{
    const uint64_t before = publisher->edge.size;
    struct building b = {.p = publisher, .sink = {put_full, &b}};
    struct troth_log_problem unimportant;
    int failed;

    if (before == size)
        return 0;
    publisher->trial = publisher->edge;
    b.next = before - before % TROTH_TILE_WIDTH;
    failed = read_all(&b, problem, size);
    if (!failed)
        failed = put_partials(publisher, problem);
    if (failed) {
        troth_log_batch_drop(publisher->batch);
        return failed;
    }
    publisher->edge = publisher->trial;
    (void)!troth_log_partials_remove(&unimportant, publisher->options.folder, before,
                                     size);
    return 0;
}

/* ---- from tiles ---- */

struct looking {
    struct troth_log_publisher *p;
    struct troth_log_problem *problem;
};

static enum troth_err look(void *state, uint8_t *bytes, const struct troth_tile *tile)
{
    const struct looking *l = state;
    struct troth_file file;

    if (troth_log_tile_read(&file, l->problem, l->p->options.folder, tile) != 0)
        return TROTH_ERR_MISSING;
    memcpy(bytes, file.bytes, file.len);
    troth_file_release(&file);
    return TROTH_OK;
}

int troth_log_rewind(struct troth_log_publisher *publisher,
                     struct troth_log_problem *problem, uint64_t size)
{
    struct looking l = {publisher, problem};
    const struct troth_tile_source source = {look, &l};
    enum troth_err err;

    problem->failed = 0;
    err = troth_edge_restore(&publisher->trial, &source, size);
    if (err)
        return problem->failed ? problem->failed
                               : troth_log_crypto_failed(problem, err, "read tiles");
    publisher->edge = publisher->trial;
    return 0;
}

int troth_log_tree_now(struct troth_log_publisher *publisher,
                       struct troth_log_problem *problem, struct troth_log_tree *out)
{
    const enum troth_err err = troth_edge_root(&out->root, publisher->options.crypto,
                                               &publisher->edge);

    out->size = publisher->edge.size;
    return err ? troth_log_crypto_failed(problem, err, "hash the tree") : 0;
}
