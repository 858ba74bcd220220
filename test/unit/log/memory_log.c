/* SPDX-License-Identifier: Apache-2.0 */
#include "test/unit/log/memory_log.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "test/harness.h"

static struct troth_log_hash hash_of(const struct troth_crypto *crypto, uint8_t first,
                                     struct troth_span a, struct troth_span b)
{
    const struct troth_span spans[] = {{&first, 1}, a, b};
    struct troth_log_hash out;

    if (crypto->ops->digest(crypto->state, out.bytes, TROTH_SHA256,
                            (struct troth_parts){spans, COUNT(spans)}))
        abort();
    return out;
}

static struct troth_log_hash join(const struct memory_log *log,
                                  const struct troth_log_hash *left,
                                  const struct troth_log_hash *right)
{
    return hash_of(log->crypto, 1, (struct troth_span)TROTH_ARRAY_SPAN(left->bytes),
                   (struct troth_span)TROTH_ARRAY_SPAN(right->bytes));
}

/* Of many lengths, among them none at all. */
struct troth_span memory_log_entry(const struct memory_log *log, uint64_t index)
{
    static char text[64];
    int len = snprintf(text, sizeof text, "entry %llu of %u ..........",
                       (unsigned long long)index, log->seed);

    if (index % 97 == 5)
        len = 0;
    else if (len > 10)
        len -= (int)(index % 10);
    return (struct troth_span){(const uint8_t *)text, (size_t)len};
}

void memory_log_make(struct memory_log *out, const struct troth_crypto *crypto,
                     uint64_t size, unsigned seed)
{
    *out = (struct memory_log){.crypto = crypto, .size = size, .seed = seed};
    for (unsigned level = 0; size >> level; level++) {
        struct troth_log_hash *row = calloc(size >> level, sizeof *row);

        if (!row)
            abort();
        out->levels[level] = row;
        for (uint64_t i = 0; i < size >> level; i++)
            row[i] = level ? join(out, &out->levels[level - 1][2 * i],
                                  &out->levels[level - 1][2 * i + 1])
                           : hash_of(crypto, 0, memory_log_entry(out, i),
                                     (struct troth_span){NULL, 0});
    }
}

void memory_log_release(struct memory_log *log)
{
    for (unsigned level = 0; level < COUNT(log->levels); level++)
        free(log->levels[level]);
}

/* Of complete subtrees, the smallest first. */
struct troth_log_tree memory_log_tree(const struct memory_log *log, uint64_t size)
{
    struct troth_log_tree tree = {.size = size};
    bool is_first = true;

    if (size == 0 && troth_digest(log->crypto, tree.root.bytes, TROTH_SHA256,
                                  (struct troth_span){NULL, 0}))
        abort();
    for (unsigned level = 0; size >> level; level++) {
        const struct troth_log_hash *peak;

        if (!(size >> level & 1))
            continue;
        peak = &log->levels[level][(size >> level) - 1];
        tree.root = is_first ? *peak : join(log, peak, &tree.root);
        is_first = false;
    }
    return tree;
}

static void add(struct troth_file *out, struct troth_span bytes)
{
    out->bytes = realloc(out->bytes, out->len + bytes.len + 1);
    if (!out->bytes)
        abort();
    if (bytes.len > 0)
        memcpy(out->bytes + out->len, bytes.ptr, bytes.len);
    out->len += bytes.len;
}

bool memory_log_piece(struct troth_file *out, const struct memory_log *log,
                      const struct troth_tile *tile)
{
    const uint64_t first = tile->index * TROTH_TILE_WIDTH;
    const unsigned level = tile->level * 8;

    *out = (struct troth_file){NULL, 0};
    if (level >= COUNT(log->levels) || first + tile->width > log->size >> level)
        return false;
    for (uint64_t i = first; i < first + tile->width; i++) {
        struct troth_span bytes = TROTH_ARRAY_SPAN(log->levels[level][i].bytes);

        if (tile->has_entries) {
            const struct troth_span entry = memory_log_entry(log, i);
            const uint8_t len[] = {(uint8_t)(entry.len >> 8), (uint8_t)entry.len};

            add(out, (struct troth_span)TROTH_ARRAY_SPAN(len));
            bytes = entry;
        }
        add(out, bytes);
    }
    return true;
}

/* Where a bit is to be wrong: behind the entries before, and the length of that one. */
static size_t flipped_byte(const struct memory_log *log, struct troth_tile tile)
{
    struct troth_file before;
    size_t at;

    if (!tile.has_entries)
        return (size_t)tile.width * TROTH_LOG_HASH_SIZE / 2;
    tile.width = MEMORY_FLIPPED_ENTRY;
    if (!memory_log_piece(&before, log, &tile))
        abort();
    at = before.len + 2;
    troth_file_release(&before);
    return at;
}

/* The piece on its way, when its fault lies in its bytes. */
static bool read_broken(struct troth_file *out, const struct memory_log *log,
                        struct troth_tile tile)
{
    if (log->fault == MEMORY_SWAPPED)
        tile.index ^= 1;
    if (log->fault == MEMORY_FEWER)
        tile.width--;
    if (!memory_log_piece(out, log, &tile))
        return false;
    if (log->fault == MEMORY_FLIPPED)
        out->bytes[flipped_byte(log, tile)] ^= 0x10;
    if (log->fault == MEMORY_SHORT)
        out->len--;
    if (log->fault == MEMORY_LONG)
        add(out, TROTH_LITERAL("\0"));
    return true;
}

static int read_tile(void *state, struct troth_log_problem *problem,
                     struct troth_file *out, const struct troth_tile *tile)
{
    struct memory_log *log = state;
    const bool is_broken = log->fault && tile->has_entries == log->broken.has_entries &&
                           tile->level == log->broken.level &&
                           tile->index == log->broken.index;

    log->reads++;
    *out = (struct troth_file){NULL, 0};
    if (is_broken && log->fault == MEMORY_MISSING)
        return ENOENT;
    if (is_broken && log->fault == MEMORY_FAILING) {
        *problem = (struct troth_log_problem){EIO, "the disk is on fire"};
        return EIO;
    }
    if (is_broken ? read_broken(out, log, *tile) : memory_log_piece(out, log, tile))
        return 0;
    return ENOENT;
}

static int read_checkpoint(void *state, struct troth_log_problem *problem,
                           struct troth_file *out)
{
    (void)state;
    *out = (struct troth_file){NULL, 0};
    *problem = (struct troth_log_problem){ENOENT, "no checkpoint"};
    return ENOENT;
}

void memory_log_place(struct troth_log_place *out, struct memory_log *log)
{
    *out = (struct troth_log_place){read_tile, read_checkpoint, log};
}
