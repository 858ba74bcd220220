/* SPDX-License-Identifier: Apache-2.0 */
#include "tlog/tile.h"

#include "base/memory.h"
#include "base/number.h"
#include "base/span.h"

#define LEVEL_MAX       63
#define LEVELS_PER_TILE 8

/* Twenty digits. */
#define GROUPS_MAX 7

static void write_group(struct troth_writer *w, unsigned group)
{
    for (unsigned ten = 100; ten > 0; ten /= 10)
        troth_write_u8(w, (uint8_t)('0' + group / ten % 10));
}

static void write_index(struct troth_writer *w, uint64_t index)
{
    unsigned groups[GROUPS_MAX];
    size_t count = 0;

    do
        groups[count++] = (unsigned)(index % 1000);
    while (index /= 1000);
    while (count-- > 0) {
        troth_write_text(w, count > 0 ? "/x" : "/");
        write_group(w, groups[count]);
    }
}

void troth_tile_path(char out[static TROTH_TILE_PATH_ROOM], const struct troth_tile *tile)
{
    struct troth_writer w = troth_writer_over((uint8_t *)out, TROTH_TILE_PATH_ROOM - 1);

    troth_write_text(&w, "tile/");
    if (tile->has_entries)
        troth_write_text(&w, "entries");
    else
        troth_write_decimal(&w, tile->level);
    write_index(&w, tile->index);
    if (tile->width < TROTH_TILE_WIDTH) {
        troth_write_text(&w, ".p/");
        troth_write_decimal(&w, tile->width);
    }
    out[w.len] = 0;
}

static enum troth_err take_number(unsigned *out, struct troth_span digits, unsigned max)
{
    uint64_t value;
    const enum troth_err err = troth_uint_parse(&value, digits, 10);

    *out = (unsigned)value;
    return err || value > max ? TROTH_ERR_VALUE : TROTH_OK;
}

/* "x001/x234/067": three digits each. Stops behind the first group without an x. */
static enum troth_err take_index(uint64_t *out, struct troth_span *rest)
{
    bool more = true;

    *out = 0;
    while (more) {
        struct troth_span group = troth_span_next_item(rest, '/');
        unsigned value;

        more = group.len > 0 && group.ptr[0] == 'x';
        if (more)
            group = troth_span_slice(group, 1, group.len);
        if (group.len != 3 || take_number(&value, group, 999) ||
            *out > (UINT64_MAX - value) / 1000)
            return TROTH_ERR_VALUE;
        *out = *out * 1000 + value;
    }
    return TROTH_OK;
}

/* The path without ".p/W", if that stands at its end. */
static enum troth_err take_width(unsigned *out, struct troth_span *path)
{
    *out = TROTH_TILE_WIDTH;
    for (size_t i = 0; i + 3 <= path->len; i++) {
        const struct troth_span digits = troth_span_slice(*path, i + 3, path->len);

        if (!troth_span_is_text(troth_span_slice(*path, i, i + 3), ".p/"))
            continue;
        *path = troth_span_slice(*path, 0, i);
        if (take_number(out, digits, TROTH_TILE_WIDTH - 1) || *out == 0)
            return TROTH_ERR_VALUE;
        return TROTH_OK;
    }
    return TROTH_OK;
}

static enum troth_err parse(struct troth_tile *out, struct troth_span path)
{
    struct troth_span rest = path;
    enum troth_err err = take_width(&out->width, &rest);

    if (err || !troth_span_is_text(troth_span_next_item(&rest, '/'), "tile"))
        return TROTH_ERR_VALUE;

    const struct troth_span level = troth_span_next_item(&rest, '/');

    out->has_entries = troth_span_is_text(level, "entries");
    if (!out->has_entries)
        err = take_number(&out->level, level, LEVEL_MAX);
    if (!err)
        err = take_index(&out->index, &rest);
    return err || rest.len > 0 ? TROTH_ERR_VALUE : TROTH_OK;
}

enum troth_err troth_tile_parse(struct troth_tile *out, struct troth_span path)
{
    struct troth_tile tile = {0};
    char again[TROTH_TILE_PATH_ROOM];
    enum troth_err err = parse(&tile, path);

    if (!err) {
        troth_tile_path(again, &tile);
        err = troth_span_is_text(path, again) ? TROTH_OK : TROTH_ERR_ENCODING;
    }
    *out = err ? (struct troth_tile){0} : tile;
    return err;
}

unsigned troth_tile_width(unsigned level, uint64_t index, uint64_t size)
{
    if (level >= TROTH_TILE_LEVELS)
        return 0;

    const uint64_t nodes = size >> (LEVELS_PER_TILE * level);
    const uint64_t full = nodes / TROTH_TILE_WIDTH;

    if (index < full)
        return TROTH_TILE_WIDTH;
    return index == full ? (unsigned)(nodes % TROTH_TILE_WIDTH) : 0;
}

struct troth_tile troth_tile_of_node(unsigned level, uint64_t index, uint64_t size)
{
    struct troth_tile tile = {.level = level / LEVELS_PER_TILE};

    tile.index = index >> (LEVELS_PER_TILE - level % LEVELS_PER_TILE);
    tile.width = troth_tile_width(tile.level, tile.index, size);
    return tile;
}

enum troth_err troth_tile_node(struct troth_log_hash *out,
                               const struct troth_crypto *crypto,
                               const struct troth_tile *tile, struct troth_span bytes,
                               unsigned level, uint64_t index)
{
    const struct troth_tile its = troth_tile_of_node(level, index, 0);
    const unsigned up = level % LEVELS_PER_TILE, count = 1U << up;
    const unsigned first = (unsigned)(index << up) % TROTH_TILE_WIDTH;
    const size_t size = (size_t)tile->width * TROTH_LOG_HASH_SIZE;

    *out = (struct troth_log_hash){0};
    if (tile->has_entries || tile->level != its.level || tile->index != its.index ||
        tile->width > TROTH_TILE_WIDTH || first + count > tile->width)
        return TROTH_ERR_VALUE;
    if (bytes.len != size)
        return bytes.len < size ? TROTH_ERR_SHORT : TROTH_ERR_TRAILING;
    return troth_merkle_fold(out, crypto, bytes.ptr + (size_t)first * TROTH_LOG_HASH_SIZE,
                             up);
}

enum troth_err troth_tile_next_entry(struct troth_span *out, struct troth_span *rest)
{
    *out = (struct troth_span){NULL, 0};
    if (rest->len < 2)
        return TROTH_ERR_SHORT;

    const size_t len = (size_t)rest->ptr[0] << 8 | rest->ptr[1];

    if (rest->len - 2 < len)
        return TROTH_ERR_SHORT;
    *out = (struct troth_span){rest->ptr + 2, len};
    *rest = (struct troth_span){rest->ptr + 2 + len, rest->len - 2 - len};
    return TROTH_OK;
}
