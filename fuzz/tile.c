/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes as a tile's path, which is written again as it was; as a tile's name, which
 * is read again; as a bundle of entries, whose bytes are all accounted for; and as a tile
 * of hashes, from which nodes are asked. */
#include "tlog/tile.h"

#include <stdlib.h>

#include "base/cursor.h"
#include "base/memory.h"
#include "base/span.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool holds)
{
    if (!holds)
        abort();
}

static bool same_tile(const struct troth_tile *a, const struct troth_tile *b)
{
    return a->has_entries == b->has_entries && a->level == b->level &&
           a->index == b->index && a->width == b->width;
}

static void read_path(struct troth_span path)
{
    static const struct troth_tile nothing;
    char again[TROTH_TILE_PATH_ROOM];
    struct troth_tile tile;
    const enum troth_err err = troth_tile_parse(&tile, path);

    require(!err || err == TROTH_ERR_VALUE || err == TROTH_ERR_ENCODING);
    if (err) {
        require(same_tile(&tile, &nothing));
        return;
    }
    require(tile.level <= 63 && tile.width >= 1 && tile.width <= TROTH_TILE_WIDTH);
    require(!tile.has_entries || tile.level == 0);
    troth_tile_path(again, &tile);
    require(troth_span_is_text(path, again));
}

/* The input behind what a path begins with: so that the index is reached at once. */
static void read_index(struct troth_span rest)
{
    uint8_t path[7 + 48] = "tile/0/";
    const size_t len = rest.len < 48 ? rest.len : 48;

    if (len > 0)
        memcpy(path + 7, rest.ptr, len);
    read_path((struct troth_span){path, 7 + len});
}

static void write_path(struct troth_cursor *c)
{
    struct troth_tile tile = {.has_entries = troth_cursor_u8(c, "entries") & 1};
    char path[TROTH_TILE_PATH_ROOM];
    struct troth_tile again;

    tile.level = tile.has_entries ? 0 : troth_cursor_u8(c, "level") & 63;
    tile.width = 1U + troth_cursor_u8(c, "width");
    tile.index = troth_cursor_u64le(c, "index") >> (troth_cursor_u8(c, "bits") & 63);
    troth_tile_path(path, &tile);
    require(!troth_tile_parse(&again, troth_span_of_text(path)));
    require(same_tile(&tile, &again));
}

static void read_entries(struct troth_span bundle)
{
    struct troth_span rest = bundle, entry;
    size_t used = 0;

    while (!troth_tile_next_entry(&entry, &rest)) {
        require(entry.len <= TROTH_LOG_ENTRY_MAX && entry.ptr == bundle.ptr + used + 2);
        used += 2 + entry.len;
        require(rest.len == bundle.len - used);
    }
    require(entry.len == 0 && bundle.len - used == rest.len);
    require(rest.len < 2 || rest.len - 2 < ((size_t)rest.ptr[0] << 8 | rest.ptr[1]));
}

static enum troth_err digest(void *state, uint8_t *out, enum troth_hash hash,
                             struct troth_parts message)
{
    (void)state;
    memset(out, (int)message.count, troth_hash_size(hash));
    return TROTH_OK;
}

static void read_node(struct troth_cursor *c)
{
    static const struct troth_crypto_ops ops = {.name = "none", .digest = digest};
    static const struct troth_crypto crypto = {&ops, NULL};
    static const uint8_t hashes[TROTH_TILE_SIZE];
    const unsigned level = troth_cursor_u8(c, "level") & 127;
    const uint64_t index = troth_cursor_u64le(c, "index") >>
                           (troth_cursor_u8(c, "bits") & 63);
    const uint64_t size = troth_cursor_u64le(c, "size") >> 2;
    const struct troth_tile tile = troth_tile_of_node(level, index, size);
    const struct troth_span bytes = {hashes, (size_t)tile.width * TROTH_LOG_HASH_SIZE};
    const bool is_there = level < 62 && index < size >> level;
    struct troth_log_hash hash;

    require(tile.width <= TROTH_TILE_WIDTH);
    require(is_there == !troth_tile_node(&hash, &crypto, &tile, bytes, level, index));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct troth_span bytes = {data, size};
    struct troth_cursor c = troth_cursor_over(bytes);

    read_path(bytes);
    read_index(bytes);
    read_entries(bytes);
    write_path(&c);
    read_node(&c);
    return 0;
}
