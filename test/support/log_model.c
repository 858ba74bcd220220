/* SPDX-License-Identifier: Apache-2.0 */
#include "test/support/log_model.h"

#include <stdlib.h>
#include <string.h>

#include <openssl/sha.h>

bool log_model_same(const struct troth_log_hash *a, const struct troth_log_hash *b)
{
    return memcmp(a->bytes, b->bytes, sizeof a->bytes) == 0;
}

static struct troth_log_hash sha256(const void *bytes, size_t len)
{
    struct troth_log_hash hash;

    SHA256(bytes, len, hash.bytes);
    return hash;
}

struct troth_log_hash log_model_leaf(unsigned index)
{
    const uint8_t bytes[] = {0x00, (uint8_t)(index >> 8), (uint8_t)index};

    return sha256(bytes, sizeof bytes);
}

/* The largest power of two below n. */
static unsigned split(unsigned n)
{
    unsigned k = 1;

    while (2 * k < n)
        k *= 2;
    return k;
}

static struct troth_log_hash both(struct troth_log_hash left, struct troth_log_hash right)
{
    uint8_t bytes[65] = {0x01};

    memcpy(bytes + 1, left.bytes, 32);
    memcpy(bytes + 33, right.bytes, 32);
    return sha256(bytes, sizeof bytes);
}

/* Remembered, as tests ask for the same ones many thousand times. */
struct troth_log_hash log_model_root(unsigned start, unsigned end)
{
    static struct {
        bool known;
        struct troth_log_hash hash;
    } roots[LOG_MODEL_MAX + 1][LOG_MODEL_MAX + 1];

    if (start > end || end > LOG_MODEL_MAX)
        abort();
    if (!roots[start][end].known) {
        struct troth_log_hash *hash = &roots[start][end].hash;
        const unsigned n = end - start, k = split(n);

        if (n == 0)
            *hash = sha256("", 0);
        else if (n == 1)
            *hash = log_model_leaf(start);
        else
            *hash = both(log_model_root(start, start + k),
                         log_model_root(start + k, end));
        roots[start][end].known = true;
    }
    return roots[start][end].hash;
}

static void add(struct troth_log_path *path, unsigned start, unsigned end)
{
    path->hashes[path->count++] = log_model_root(start, end);
}

/* PATH(m, D[start:end]). */
static void add_path(struct troth_log_path *path, unsigned m, unsigned start,
                     unsigned end)
{
    const unsigned n = end - start, k = split(n);

    if (n == 1)
        return;
    if (m < k) {
        add_path(path, m, start, start + k);
        add(path, start + k, end);
    } else {
        add_path(path, m - k, start + k, end);
        add(path, start, start + k);
    }
}

/* SUBPROOF(m, D[start:end], whole). */
static void add_subproof(struct troth_log_path *path, unsigned m, unsigned start,
                         unsigned end, bool whole)
{
    const unsigned n = end - start, k = split(n);

    if (m == n && whole)
        return;
    if (m == n) {
        add(path, start, end);
    } else if (m <= k) {
        add_subproof(path, m, start, start + k, whole);
        add(path, start + k, end);
    } else {
        add_subproof(path, m - k, start + k, end, false);
        add(path, start, start + k);
    }
}

/* SUBTREE_SUBPROOF(first, last, D[start:end], whole), both counted from `start`. */
static void add_subtree_proof(struct troth_log_path *path, const unsigned range[2],
                              unsigned start, unsigned end, bool whole)
{
    const unsigned n = end - start, k = split(n);

    if (range[0] == 0 && range[1] == n) {
        if (!whole)
            add(path, start, end);
    } else if (range[1] <= k) {
        add_subtree_proof(path, range, start, start + k, whole);
        add(path, start + k, end);
    } else if (k <= range[0]) {
        const unsigned inner[] = {range[0] - k, range[1] - k};

        add_subtree_proof(path, inner, start + k, end, whole);
        add(path, start, start + k);
    } else {
        const unsigned inner[] = {0, range[1] - k};

        if (range[0] != 0)
            abort();
        add_subtree_proof(path, inner, start + k, end, false);
        add(path, start, start + k);
    }
}

struct troth_log_path log_model_inclusion(unsigned index, unsigned size)
{
    return log_model_subtree_inclusion(index, 0, size);
}

struct troth_log_path log_model_consistency(unsigned older, unsigned newer)
{
    struct troth_log_path path = {.count = 0};

    add_subproof(&path, older, 0, newer, true);
    return path;
}

struct troth_log_path log_model_subtree_inclusion(unsigned index, unsigned start,
                                                  unsigned end)
{
    struct troth_log_path path = {.count = 0};

    add_path(&path, index - start, start, end);
    return path;
}

struct troth_log_path log_model_subtree_consistency(unsigned start, unsigned end,
                                                    unsigned size)
{
    const unsigned range[] = {start, end};
    struct troth_log_path path = {.count = 0};

    add_subtree_proof(&path, range, 0, size, true);
    return path;
}

struct troth_log_tree log_model_tree(unsigned size)
{
    return (struct troth_log_tree){size, log_model_root(0, size)};
}
