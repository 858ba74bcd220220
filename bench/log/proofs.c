/* SPDX-License-Identifier: Apache-2.0 */
#include "bench/log/proofs.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/log/place.h"
#include "bench/measure.h"
#include "log/reader.h"

enum { PROOFS = 64, MESSAGE = 1 + 2 * TROTH_LOG_HASH_SIZE, MESSAGES_MAX = 128 };

/* Bytes of nodes, as a check hashed them, and where a hash is part of what is hashed
 * later. */
struct floor {
    size_t count;
    uint8_t messages[MESSAGES_MAX][MESSAGE];
    uint8_t *goes[MESSAGES_MAX]; /* into which message; NULL: none */
};

struct proof {
    struct troth_log_path path;
    uint64_t index;
    struct troth_log_hash leaf;  /* of an inclusion */
    struct troth_log_tree older; /* of a consistency */
    struct floor floor;
};

struct proofs {
    const struct troth_crypto *crypto;
    const struct troth_log_tree *tree;
    struct proof rows[PROOFS];
};

/* ---- what a check hashes ---- */

struct recording {
    const struct troth_crypto *crypto;
    struct floor *floor;
};

static enum troth_err record(void *state, uint8_t *out, enum troth_hash hash,
                             struct troth_parts message)
{
    const struct recording *r = state;
    struct floor *floor = r->floor;

    bench_need(hash == TROTH_SHA256 && message.count == 1 &&
                   message.spans[0].len == MESSAGE && floor->count < MESSAGES_MAX,
               "a check hashes something else than nodes");
    memcpy(floor->messages[floor->count++], message.spans[0].ptr, MESSAGE);
    return troth_digest(r->crypto, out, hash, message.spans[0]);
}

/* The first place behind it that has this hash and gets it from nobody else. */
static uint8_t *find_next(struct floor *floor, size_t from, const uint8_t *hash)
{
    for (size_t k = from; k < floor->count; k++)
        for (size_t side = 0; side < 2; side++) {
            uint8_t *at = floor->messages[k] + 1 + side * TROTH_LOG_HASH_SIZE;
            bool is_taken = false;

            for (size_t i = 0; i < from; i++)
                is_taken = is_taken || floor->goes[i] == at;
            if (!is_taken && memcmp(at, hash, TROTH_LOG_HASH_SIZE) == 0)
                return at;
        }
    return NULL;
}

static void chain(struct floor *floor, const struct troth_crypto *crypto)
{
    for (size_t k = 0; k < floor->count; k++) {
        uint8_t hash[TROTH_LOG_HASH_SIZE];

        bench_need(!troth_digest(crypto, hash, TROTH_SHA256,
                                 (struct troth_span){floor->messages[k], MESSAGE}),
                   "cannot hash");
        floor->goes[k] = find_next(floor, k + 1, hash);
    }
}

/* Nodes of a path from the last leaf of the older tree on: those with a hash on their
 * left are of both trees and hashed for both. */
static size_t count_needed(uint64_t older, uint64_t newer, size_t values)
{
    uint64_t node = older - 1, last = newer - 1;
    size_t needed = 0, used = 0;

    while (node & 1) {
        node >>= 1;
        last >>= 1;
    }
    used = node > 0; /* the root of that, unless it is known */
    for (; last > 0; node >>= 1, last >>= 1) {
        if (!(node & 1) && node == last)
            continue;
        needed += node & 1 ? 2 : 1;
        used++;
    }
    bench_need(used == values, "a path has another number of hashes than it must");
    return needed;
}

static bool check_inclusion(const struct proofs *p, const struct proof *row,
                            const struct troth_crypto *crypto)
{
    return !troth_log_check_inclusion(crypto, row->index, &row->leaf, &row->path,
                                      p->tree);
}

static bool check_consistency(const struct proofs *p, const struct proof *row,
                              const struct troth_crypto *crypto)
{
    return !troth_log_check_consistency(crypto, &row->older, &row->path, p->tree);
}

static void find_floor(struct proof *row, const struct proofs *p,
                       bool (*check)(const struct proofs *, const struct proof *,
                                     const struct troth_crypto *),
                       size_t needed)
{
    struct recording recording = {p->crypto, &row->floor};
    const struct troth_crypto_ops ops = {.name = "recording", .digest = record};
    const struct troth_crypto crypto = {&ops, &recording};

    bench_need(check(p, row, &crypto), "a proof does not hold");
    bench_need(row->floor.count == needed, "a check hashes other than it must");
    chain(&row->floor, p->crypto);
}

/* ---- proofs of the log ---- */

/* Anywhere, and the same in every run. */
static uint64_t pick(uint64_t i, uint64_t size)
{
    return (i * 0x9E3779B97F4A7C15U + 12345) % size;
}

static void add_inclusion(struct proofs *p, size_t i, struct troth_log_reader *reader)
{
    struct troth_log_problem problem = {0};
    struct proof *row = &p->rows[i];
    struct troth_file entry = {NULL, 0};

    row->index = pick(i, p->tree->size);
    bench_need(
        !troth_log_reader_inclusion(reader, &problem, &row->path, row->index, p->tree) &&
            !troth_log_reader_entry(reader, &problem, &entry, row->index, p->tree),
        problem.text);
    bench_need(!troth_log_leaf(&row->leaf, p->crypto,
                               (struct troth_span){entry.bytes, entry.len}),
               "a leaf");
    troth_file_release(&entry);
    find_floor(row, p, check_inclusion, row->path.count);
}

struct nodes {
    struct troth_log_place place;
    const struct troth_crypto *crypto;
    uint64_t size;
};

static enum troth_err node(void *state, struct troth_log_hash *out, unsigned level,
                           uint64_t index)
{
    struct nodes *n = state;
    const struct troth_tile tile = troth_tile_of_node(level, index, n->size);
    struct troth_log_problem problem = {0};
    struct troth_file file;
    enum troth_err err;

    if (n->place.tile(n->place.state, &problem, &file, &tile) != 0)
        return TROTH_ERR_MISSING;
    err = troth_tile_node(out, n->crypto, &tile,
                          (struct troth_span){file.bytes, file.len}, level, index);
    troth_file_release(&file);
    return err;
}

static void add_consistency(struct proofs *p, size_t i, struct troth_log_reader *reader,
                            struct nodes *nodes)
{
    const struct troth_merkle_source source = {node, nodes};
    struct troth_log_problem problem = {0};
    struct proof *row = &p->rows[i];

    row->older.size = 1 + pick(i, p->tree->size - 1);
    bench_need(
        !troth_merkle_root(&row->older.root, p->crypto, &source, row->older.size) &&
            !troth_log_reader_consistency(reader, &problem, &row->path, &row->older,
                                          p->tree),
        "no proof of consistency");
    find_floor(row, p, check_consistency,
               count_needed(row->older.size, p->tree->size, row->path.count));
}

static struct proofs *make(const char *folder, const struct troth_log_tree *tree,
                           const struct troth_crypto *crypto, bool is_consistency)
{
    struct proofs *p = bench_keep(sizeof *p);
    struct nodes nodes = {.crypto = crypto, .size = tree->size};
    struct troth_log_reader *reader;

    troth_log_place_folder(&nodes.place, folder);
    bench_need(!troth_log_reader_create(&reader, &nodes.place, crypto), "no memory");
    p->crypto = crypto;
    p->tree = tree;
    for (size_t i = 0; i < PROOFS; i++)
        if (is_consistency)
            add_consistency(p, i, reader, &nodes);
        else
            add_inclusion(p, i, reader);
    troth_log_reader_destroy(reader);
    return p;
}

/* ---- jobs ---- */

static bool inclusion(void *state, size_t i)
{
    const struct proofs *p = state;

    return check_inclusion(p, &p->rows[i % PROOFS], p->crypto);
}

static bool consistency(void *state, size_t i)
{
    const struct proofs *p = state;

    return check_consistency(p, &p->rows[i % PROOFS], p->crypto);
}

/* Each where it is hashed next, as in a check: none can begin before the one below. */
static bool hashes(void *state, size_t i)
{
    struct proofs *p = state;
    struct floor *floor = &p->rows[i % PROOFS].floor;
    bool good = true;

    for (size_t k = 0; k < floor->count; k++) {
        uint8_t last[TROTH_LOG_HASH_SIZE];

        good = !troth_digest(p->crypto, floor->goes[k] ? floor->goes[k] : last,
                             TROTH_SHA256,
                             (struct troth_span){floor->messages[k], MESSAGE}) &&
               good;
    }
    return good;
}

/* The same, but each by itself: a processor does the end of one and the beginning of the
 * next at once. */
static bool hashes_apart(void *state, size_t i)
{
    const struct proofs *p = state;
    const struct floor *floor = &p->rows[i % PROOFS].floor;
    bool good = true;

    for (size_t k = 0; k < floor->count; k++) {
        uint8_t hash[TROTH_LOG_HASH_SIZE];

        good = !troth_digest(p->crypto, hash, TROTH_SHA256,
                             (struct troth_span){floor->messages[k], MESSAGE}) &&
               good;
    }
    return good;
}

static double mean_hashes(const struct proofs *p)
{
    size_t sum = 0;

    for (size_t i = 0; i < PROOFS; i++)
        sum += p->rows[i].floor.count;
    return (double)sum / PROOFS;
}

void bench_proofs(const char *folder, const struct troth_log_tree *tree,
                  const struct troth_crypto *crypto, unsigned ms)
{
    struct bench_job jobs[] = {
        {.name = "inclusion", .run = inclusion},
        {.name = "  its hashes alone", .run = hashes},
        {.name = "  the same, each by itself", .run = hashes_apart},
        {.name = "consistency", .run = consistency},
        {.name = "  its hashes alone", .run = hashes},
        {.name = "  the same, each by itself", .run = hashes_apart},
    };
    enum { JOBS = sizeof jobs / sizeof *jobs };

    for (size_t t = 0; t < BENCH_THREADS; t++) {
        struct proofs *p[2] = {make(folder, tree, crypto, false),
                               make(folder, tree, crypto, true)};

        for (size_t i = 0; i < JOBS; i++)
            jobs[i].states[t] = p[i / 3];
    }
    bench_measure(jobs, JOBS, ms);
    printf("\n%-34s %12s %12s %10s %9s\n", "proofs of a tree of 1,000,000", "1 thread/s",
           "2 threads/s", "SHA-256es", "checks at");
    for (size_t i = 0; i < JOBS; i++) {
        const struct bench_job *checks = &jobs[i / 3 * 3];
        const double share = bench_ratio(checks, &jobs[i], 1) * 100;

        printf("%-34s %12.0f %12.0f %10.1f", jobs[i].name, bench_rate(&jobs[i], 1),
               bench_rate(&jobs[i], 2), mean_hashes(jobs[i].states[0]));
        if (i % 3 > 0)
            printf(" %8.1f%%", share);
        if (i % 3 == 1)
            printf("   goal 85%%%s", share >= 85 ? "" : "   MISSED");
        printf("\n");
    }
}
