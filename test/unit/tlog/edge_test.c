/* SPDX-License-Identifier: Apache-2.0 */
#include "tlog/edge.h"

#include <stdlib.h>
#include <string.h>

#include "base/span.h"
#include "test/harness.h"
#include "test/support/failing_crypto.h"
#include "test/support/log_model.h"
#include "troth/provider.h"

static struct troth_crypto crypto;
static struct troth_edge edge, other;

/* ---- a shelf of full tiles, in the order in which they came ---- */

#define SHELF_MAX 300

static struct shelf {
    unsigned count, fail_at;
    struct {
        struct troth_tile tile;
        uint8_t bytes[TROTH_TILE_SIZE];
    } rows[SHELF_MAX];
} shelf;

static enum troth_err keep(void *state, const struct troth_tile *tile,
                           struct troth_span bytes)
{
    struct shelf *s = state;

    CHECK_INT(tile->width, TROTH_TILE_WIDTH);
    CHECK_INT(bytes.len, TROTH_TILE_SIZE);
    CHECK(!tile->has_entries);
    if (s->count + 1 == s->fail_at)
        return TROTH_ERR_MEMORY;
    if (s->count == SHELF_MAX)
        abort();
    s->rows[s->count].tile = *tile;
    memcpy(s->rows[s->count++].bytes, bytes.ptr, bytes.len);
    return TROTH_OK;
}

static const struct troth_edge_sink sink = {keep, &shelf};

static void begin(void)
{
    memset(&edge, 0, sizeof edge);
    shelf.count = shelf.fail_at = 0;
}

/* Leaf i, whatever i. */
static struct troth_log_hash leaf(uint64_t i)
{
    const uint8_t bytes[] = {(uint8_t)(i >> 16), (uint8_t)(i >> 8), (uint8_t)i};
    struct troth_log_hash hash;

    CHECK_ERR(troth_log_leaf(&hash, &crypto, (struct troth_span)TROTH_ARRAY_SPAN(bytes)),
              TROTH_OK);
    return hash;
}

static enum troth_err push(uint64_t i)
{
    const struct troth_log_hash hash = leaf(i);

    return troth_edge_push(&edge, &crypto, &hash, &sink);
}

/* A tile, full or not, of the log that the edge and the shelf are of. */
static enum troth_err read_tile(void *state, uint8_t *bytes,
                                const struct troth_tile *tile)
{
    struct troth_tile partial;
    struct troth_span span;

    (void)state;
    if (troth_edge_partial(&partial, &span, &edge, tile->level) &&
        partial.index == tile->index && partial.width >= tile->width) {
        memcpy(bytes, span.ptr, (size_t)tile->width * TROTH_LOG_HASH_SIZE);
        return TROTH_OK;
    }
    for (unsigned i = 0; i < shelf.count; i++)
        if (shelf.rows[i].tile.level == tile->level &&
            shelf.rows[i].tile.index == tile->index) {
            memcpy(bytes, shelf.rows[i].bytes, (size_t)tile->width * TROTH_LOG_HASH_SIZE);
            return TROTH_OK;
        }
    return TROTH_ERR_MISSING;
}

static const struct troth_tile_source tiles = {read_tile, NULL};

/* ---- growing ---- */

static void test_small(void)
{
    test_case("the root at every size up to 300");
    begin();
    for (unsigned size = 0; size <= 300; size++) {
        const struct troth_log_hash wanted = log_model_root(0, size);
        const struct troth_log_hash next = log_model_leaf(size);
        struct troth_log_hash root;

        CHECK_INT(edge.size, size);
        CHECK_ERR(troth_edge_root(&root, &crypto, &edge), TROTH_OK);
        CHECK(log_model_same(&root, &wanted));
        CHECK_ERR(troth_edge_push(&edge, &crypto, &next, &sink), TROTH_OK);
    }
    CHECK_INT(shelf.count, 1);
}

/* The node as its tile has it: of what was kept, and of what is still growing. */
static enum troth_err tile_node(void *state, struct troth_log_hash *out, unsigned level,
                                uint64_t index)
{
    static uint8_t bytes[TROTH_TILE_SIZE];
    const struct troth_tile tile = troth_tile_of_node(level, index,
                                                      *(const uint64_t *)state);

    CHECK_ERR(read_tile(NULL, bytes, &tile), TROTH_OK);
    return troth_tile_node(out, &crypto, &tile,
                           (struct troth_span){bytes, (size_t)tile.width * 32}, level,
                           index);
}

static void check_partial(unsigned level, uint64_t index, unsigned width)
{
    struct troth_tile tile;
    struct troth_span bytes;

    CHECK(troth_edge_partial(&tile, &bytes, &edge, level) == (width > 0));
    CHECK_INT(tile.width, width);
    CHECK_INT(tile.index, index);
    CHECK_INT(tile.level, width > 0 ? level : 0);
    CHECK_INT(bytes.len, width * TROTH_LOG_HASH_SIZE);
}

/* The example of [C2SP-TILES], and every proof that it is asked for. */
static void test_example(void)
{
    uint64_t size = 70000;
    const struct troth_merkle_source source = {tile_node, &size};
    struct troth_log_tree tree = {size, {{0}}};
    struct troth_log_hash root;
    unsigned full[TROTH_TILE_LEVELS] = {0};

    test_case("70,000 entries are 273 full tiles, one more, and three that are not full");
    begin();
    for (uint64_t i = 0; i < size; i++)
        CHECK_ERR(push(i), TROTH_OK);
    for (unsigned i = 0; i < shelf.count; i++)
        CHECK_INT(shelf.rows[i].tile.index, full[shelf.rows[i].tile.level]++);
    CHECK_INT(full[0], 273);
    CHECK_INT(full[1], 1);
    CHECK_INT(shelf.count, 274);
    check_partial(0, 273, 112);
    check_partial(1, 1, 17);
    check_partial(2, 0, 1);
    check_partial(3, 0, 0);
    check_partial(8, 0, 0);

    test_case("its root is that of its tiles, and its proofs are believed");
    CHECK_ERR(troth_edge_root(&tree.root, &crypto, &edge), TROTH_OK);
    CHECK_ERR(troth_merkle_root(&root, &crypto, &source, size), TROTH_OK);
    CHECK(log_model_same(&root, &tree.root));
    for (uint64_t from = 1; from < size; from += 997) {
        const struct troth_log_hash hash = leaf(from);
        struct troth_log_tree older = {from, {{0}}};
        struct troth_log_path path;

        CHECK_ERR(troth_merkle_inclusion(&path, &crypto, &source, from, size), TROTH_OK);
        CHECK_ERR(troth_log_check_inclusion(&crypto, from, &hash, &path, &tree),
                  TROTH_OK);
        CHECK_ERR(troth_merkle_root(&older.root, &crypto, &source, from), TROTH_OK);
        CHECK_ERR(troth_merkle_consistency(&path, &crypto, &source, from, size),
                  TROTH_OK);
        CHECK_ERR(troth_log_check_consistency(&crypto, &older, &path, &tree), TROTH_OK);
    }

    test_case("an edge of any size is had from its tiles again");
    for (uint64_t from = 0; from <= size; from += from < 600 ? 1 : 1234) {
        CHECK_ERR(troth_edge_restore(&other, &tiles, from), TROTH_OK);
        CHECK_INT(other.size, from);
        CHECK_ERR(troth_merkle_root(&tree.root, &crypto, &source, from), TROTH_OK);
        CHECK_ERR(troth_edge_root(&root, &crypto, &other), TROTH_OK);
        CHECK(log_model_same(&root, &tree.root));
    }
    CHECK_ERR(troth_edge_restore(&other, &tiles, size), TROTH_OK);
    for (unsigned level = 0; level < TROTH_TILE_LEVELS; level++)
        CHECK(other.levels[level].width == edge.levels[level].width &&
              memcmp(other.levels[level].hashes, edge.levels[level].hashes,
                     edge.levels[level].width * sizeof edge.levels[0].hashes[0]) == 0);
}

/* ---- the largest ---- */

/* All leaves are one: then so are all hashes of a level. */
static struct troth_log_hash alike[63];

static enum troth_err read_alike(void *state, uint8_t *bytes,
                                 const struct troth_tile *tile)
{
    (void)state;
    for (unsigned i = 0; i < tile->width; i++)
        memcpy(bytes + (size_t)i * TROTH_LOG_HASH_SIZE,
               alike[tile->level * (size_t)8].bytes, TROTH_LOG_HASH_SIZE);
    return TROTH_OK;
}

static void test_large(void)
{
    const struct troth_tile_source source = {read_alike, NULL};
    struct troth_log_hash root;

    alike[0] = leaf(1);
    for (unsigned level = 1; level < COUNT(alike); level++)
        CHECK_ERR(troth_merkle_node(&alike[level], &crypto, &alike[level - 1],
                                    &alike[level - 1]),
                  TROTH_OK);

    test_case("one leaf fills a tile of each level");
    begin();
    CHECK_ERR(troth_edge_restore(&edge, &source, ((uint64_t)1 << 56) - 1), TROTH_OK);
    CHECK_ERR(push(1), TROTH_OK);
    CHECK_INT(shelf.count, 7);
    for (unsigned level = 0; level < shelf.count; level++) {
        CHECK_INT(shelf.rows[level].tile.level, level);
        CHECK_INT(shelf.rows[level].tile.index, ((uint64_t)1 << (48 - 8 * level)) - 1);
        CHECK(memcmp(shelf.rows[level].bytes + TROTH_TILE_SIZE - 32,
                     alike[level * (size_t)8].bytes, 32) == 0);
    }
    CHECK_ERR(troth_edge_root(&root, &crypto, &edge), TROTH_OK);
    CHECK(log_model_same(&root, &alike[56]));

    test_case("the last leaf, and one more");
    begin();
    CHECK_ERR(troth_edge_restore(&edge, &source, TROTH_TREE_SIZE_MAX - 2), TROTH_OK);
    CHECK_ERR(push(1), TROTH_OK);
    CHECK_ERR(troth_edge_root(&root, &crypto, &edge), TROTH_OK);
    CHECK_INT(shelf.count, 0);
    CHECK_ERR(push(1), TROTH_ERR_LIMIT);
    CHECK_INT(edge.size, TROTH_TREE_SIZE_MAX - 1);
    CHECK_ERR(troth_edge_restore(&edge, &source, TROTH_TREE_SIZE_MAX), TROTH_ERR_LIMIT);
    CHECK_INT(edge.size, 0);
}

/* ---- what fails ---- */

static void grow(uint64_t size)
{
    begin();
    for (uint64_t i = 0; i < size; i++)
        CHECK_ERR(push(i), TROTH_OK);
}

static void test_failing(void)
{
    const struct troth_log_hash hash = leaf(9);
    struct troth_log_hash root;

    test_case("the sink's error is the call's");
    grow(255);
    shelf.fail_at = 1;
    CHECK_ERR(push(255), TROTH_ERR_MEMORY);

    test_case("any hash fails when a tile is full");
    for (unsigned n = 1; n <= 255; n++) {
        struct failing_crypto failing;
        const struct troth_crypto broken = failing_crypto_over(&failing, &crypto, n);

        grow(255);
        CHECK_ERR(troth_edge_push(&edge, &broken, &hash, &sink), TROTH_ERR_CRYPTO);
    }

    test_case("any hash of the root fails");
    grow(250);
    for (unsigned n = 1; n <= 249; n++) {
        struct failing_crypto failing;
        const struct troth_crypto broken = failing_crypto_over(&failing, &crypto, n);

        memset(&root, 0xff, sizeof root);
        CHECK_ERR(troth_edge_root(&root, &broken, &edge), TROTH_ERR_CRYPTO);
        CHECK(troth_span_is_zero((struct troth_span)TROTH_ARRAY_SPAN(root.bytes)));
    }

    test_case("a tile that is not to be had");
    grow(300);
    CHECK_ERR(troth_edge_restore(&other, &tiles, 600), TROTH_ERR_MISSING);
    CHECK_INT(other.size, 0);
    CHECK_INT(other.levels[0].width, 0);
}

/* The hashes of a tree are one fewer than its leaves; here are those of full tiles. */
static void test_cost(void)
{
    struct failing_crypto counting;
    const struct troth_crypto by = failing_crypto_over(&counting, &crypto, 0);
    const struct troth_log_hash hash = leaf(3);

    test_case("no hash is made twice");
    begin();
    for (unsigned i = 0; i < 65536; i++)
        CHECK_ERR(troth_edge_push(&edge, &by, &hash, &sink), TROTH_OK);
    CHECK_INT(counting.calls, 65535);
}

int main(void)
{
    CHECK_ERR(troth_provider_create(&crypto), TROTH_OK);
    test_small();
    test_example();
    test_large();
    test_failing();
    test_cost();
    troth_provider_destroy(&crypto);
    return test_finish();
}
