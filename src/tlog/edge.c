/* SPDX-License-Identifier: Apache-2.0 */
#include "tlog/edge.h"

#include "base/memory.h"

#define LEVELS_PER_TILE 8

static struct troth_span bytes_of(const struct troth_log_hash *hashes, unsigned count)
{
    return (struct troth_span){(const uint8_t *)hashes,
                               (size_t)count * TROTH_LOG_HASH_SIZE};
}

/* The tile is full: it is passed on, and its root is a hash of the level above. */
static enum troth_err carry(struct troth_edge *edge, struct troth_log_hash *root,
                            const struct troth_crypto *crypto, unsigned level,
                            const struct troth_edge_sink *sink)
{
    const struct troth_span bytes = bytes_of(edge->levels[level].hashes,
                                             TROTH_TILE_WIDTH);
    const struct troth_tile tile = {.level = level,
                                    .index = edge->size >>
                                             (LEVELS_PER_TILE * (level + 1)),
                                    .width = TROTH_TILE_WIDTH};
    const enum troth_err err = sink->full(sink->state, &tile, bytes);

    edge->levels[level].width = 0;
    return err ? err : troth_merkle_fold(root, crypto, bytes.ptr, LEVELS_PER_TILE);
}

enum troth_err troth_edge_push(struct troth_edge *edge, const struct troth_crypto *crypto,
                               const struct troth_log_hash *leaf,
                               const struct troth_edge_sink *sink)
{
    struct troth_log_hash hash = *leaf;
    enum troth_err err = TROTH_OK;

    if (edge->size + 1 >= TROTH_TREE_SIZE_MAX)
        return TROTH_ERR_LIMIT;
    /* The last level is never full, in a tree of a size that is within the limit. */
    for (unsigned level = 0; !err && level < TROTH_TILE_LEVELS; level++) {
        const unsigned width = edge->levels[level].width++;

        edge->levels[level].hashes[width] = hash;
        if (width + 1 < TROTH_TILE_WIDTH)
            break;
        err = carry(edge, &hash, crypto, level, sink);
    }
    edge->size++;
    return err;
}

struct nodes {
    const struct troth_edge *edge;
    const struct troth_crypto *crypto;
};

static enum troth_err node(void *state, struct troth_log_hash *out, unsigned level,
                           uint64_t index)
{
    const struct nodes *nodes = state;
    struct troth_tile tile;
    struct troth_span bytes;

    if (!troth_edge_partial(&tile, &bytes, nodes->edge, level / LEVELS_PER_TILE)) {
        *out = (struct troth_log_hash){0};
        return TROTH_ERR_VALUE;
    }
    return troth_tile_node(out, nodes->crypto, &tile, bytes, level, index);
}

enum troth_err troth_edge_root(struct troth_log_hash *out,
                               const struct troth_crypto *crypto,
                               const struct troth_edge *edge)
{
    struct nodes nodes = {edge, crypto};
    const struct troth_merkle_source source = {node, &nodes};

    return troth_merkle_root(out, crypto, &source, edge->size);
}

bool troth_edge_partial(struct troth_tile *out, struct troth_span *bytes,
                        const struct troth_edge *edge, unsigned level)
{
    *out = (struct troth_tile){0};
    *bytes = (struct troth_span){NULL, 0};
    if (level >= TROTH_TILE_LEVELS || edge->levels[level].width == 0)
        return false;
    out->level = level;
    out->index = edge->size >> (LEVELS_PER_TILE * level) >> LEVELS_PER_TILE;
    out->width = edge->levels[level].width;
    *bytes = bytes_of(edge->levels[level].hashes, out->width);
    return true;
}

enum troth_err troth_edge_restore(struct troth_edge *out,
                                  const struct troth_tile_source *source, uint64_t size)
{
    enum troth_err err = size < TROTH_TREE_SIZE_MAX ? TROTH_OK : TROTH_ERR_LIMIT;

    memset(out, 0, sizeof *out);
    for (unsigned level = 0; !err && level < TROTH_TILE_LEVELS; level++) {
        const uint64_t index = size >> (LEVELS_PER_TILE * level) >> LEVELS_PER_TILE;
        const struct troth_tile tile = {.level = level,
                                        .index = index,
                                        .width = troth_tile_width(level, index, size)};

        out->levels[level].width = tile.width;
        if (tile.width > 0)
            err = source->read(source->state, (uint8_t *)out->levels[level].hashes,
                               &tile);
    }
    out->size = size;
    if (err)
        memset(out, 0, sizeof *out);
    return err;
}
