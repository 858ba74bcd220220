/* SPDX-License-Identifier: Apache-2.0 */
#include "tlog/tile.h"

#include <stdio.h>
#include <string.h>

#include "base/span.h"
#include "test/harness.h"
#include "test/support/failing_crypto.h"
#include "test/support/log_model.h"
#include "troth/provider.h"

static struct troth_crypto crypto;

/* clang-format off */
static const struct {
    const char *path;
    struct troth_tile tile;
} paths[] = {
    {"tile/0/000",                 {false, 0, 0, 256}},
    {"tile/0/001",                 {false, 0, 1, 256}},
    {"tile/0/999",                 {false, 0, 999, 256}},
    {"tile/0/x001/000",            {false, 0, 1000, 256}},
    {"tile/0/x001/x234/067",       {false, 0, 1234067, 256}},
    {"tile/0/x001/x234/067.p/5",   {false, 0, 1234067, 5}},
    {"tile/3/x999/999.p/255",      {false, 3, 999999, 255}},
    {"tile/1/000.p/17",            {false, 1, 0, 17}},
    {"tile/63/000.p/1",            {false, 63, 0, 1}},
    {"tile/entries/000.p/112",     {true, 0, 0, 112}},
    {"tile/entries/x273/001",      {true, 0, 273001, 256}},
    {"tile/7/x018/x446/x744/x073/x709/x551/615.p/255", {false, 7, UINT64_MAX, 255}},
    {"tile/entries/x018/x446/x744/x073/x709/x551/615.p/255", {true, 0, UINT64_MAX, 255}},
};

static const struct {
    const char *why, *path;
    enum troth_err err;
} wrong[] = {
    {"nothing", "", TROTH_ERR_VALUE},
    {"nothing behind the word", "tile/", TROTH_ERR_VALUE},
    {"no index", "tile/0", TROTH_ERR_VALUE},
    {"no index, and a slash", "tile/0/", TROTH_ERR_VALUE},
    {"no level", "tile//000", TROTH_ERR_VALUE},
    {"no level at all", "tile/000", TROTH_ERR_VALUE},
    {"another word", "tiles/0/000", TROTH_ERR_VALUE},
    {"a slash in front", "/tile/0/000", TROTH_ERR_VALUE},
    {"a slash behind", "tile/0/000/", TROTH_ERR_ENCODING},
    {"two slashes", "tile/0//000", TROTH_ERR_VALUE},
    {"a level above 63", "tile/64/000", TROTH_ERR_VALUE},
    {"a level of many digits", "tile/18446744073709551616/000", TROTH_ERR_VALUE},
    {"a level with a zero in front", "tile/00/000", TROTH_ERR_ENCODING},
    {"a level with a sign", "tile/+1/000", TROTH_ERR_VALUE},
    {"a negative level", "tile/-1/000", TROTH_ERR_VALUE},
    {"entries in capitals", "tile/Entries/000", TROTH_ERR_VALUE},
    {"two digits", "tile/0/00", TROTH_ERR_VALUE},
    {"four digits", "tile/0/0000", TROTH_ERR_VALUE},
    {"no digits", "tile/0/0x1", TROTH_ERR_VALUE},
    {"a group too many", "tile/0/x000/001", TROTH_ERR_ENCODING},
    {"a group without an x", "tile/0/001/000", TROTH_ERR_VALUE},
    {"an x on the last group", "tile/0/x001", TROTH_ERR_VALUE},
    {"an x on every group", "tile/0/x001/x234", TROTH_ERR_VALUE},
    {"an x alone", "tile/0/x", TROTH_ERR_VALUE},
    {"a capital x", "tile/0/X001/234", TROTH_ERR_VALUE},
    {"one above the largest index", "tile/7/x018/x446/x744/x073/x709/x551/616", TROTH_ERR_VALUE},
    {"an index of eight groups", "tile/7/x001/x018/x446/x744/x073/x709/x551/616", TROTH_ERR_VALUE},
    {"a width of 0", "tile/0/000.p/0", TROTH_ERR_VALUE},
    {"a full width", "tile/0/000.p/256", TROTH_ERR_VALUE},
    {"a width with a zero in front", "tile/0/000.p/01", TROTH_ERR_ENCODING},
    {"no width", "tile/0/000.p/", TROTH_ERR_VALUE},
    {"no width and no slash", "tile/0/000.p", TROTH_ERR_VALUE},
    {"two widths", "tile/0/000.p/1.p/1", TROTH_ERR_VALUE},
    {"a width that is a folder", "tile/0/000.p/1/", TROTH_ERR_VALUE},
    {"a width in the middle", "tile/0/x001.p/5/067", TROTH_ERR_VALUE},
    {"upwards", "tile/0/../000", TROTH_ERR_VALUE},
    {"a space", "tile/0/ 00", TROTH_ERR_VALUE},
    {"a newline", "tile/0/000\n", TROTH_ERR_VALUE},
};
/* clang-format on */

static bool same_tile(struct troth_tile a, struct troth_tile b)
{
    return a.has_entries == b.has_entries && a.level == b.level && a.index == b.index &&
           a.width == b.width;
}

static void test_paths(void)
{
    for (size_t i = 0; i < COUNT(paths); i++) {
        char path[TROTH_TILE_PATH_ROOM];
        struct troth_tile tile;

        test_case("%s", paths[i].path);
        troth_tile_path(path, &paths[i].tile);
        CHECK_TEXT(path, paths[i].path);
        CHECK_ERR(troth_tile_parse(&tile, test_text(paths[i].path)), TROTH_OK);
        CHECK(same_tile(tile, paths[i].tile));
    }
    for (size_t i = 0; i < COUNT(wrong); i++) {
        struct troth_tile tile = {true, 1, 2, 3};

        test_case("%s", wrong[i].why);
        CHECK_ERR(troth_tile_parse(&tile, test_text(wrong[i].path)), wrong[i].err);
        CHECK(same_tile(tile, (struct troth_tile){0}));
    }
    test_case("a zero behind it");
    CHECK_ERR(troth_tile_parse(&(struct troth_tile){0},
                               (struct troth_span){(const uint8_t *)"tile/0/000", 11}),
              TROTH_ERR_VALUE);
}

/* ---- how wide ---- */

/* clang-format off */
static const struct {
    unsigned level;
    uint64_t index, size;
    unsigned width;
} widths[] = {
    /* The example of [C2SP-TILES]. */
    {0, 0, 70000, 256},
    {0, 272, 70000, 256},
    {0, 273, 70000, 112},
    {0, 274, 70000, 0},
    {1, 0, 70000, 256},
    {1, 1, 70000, 17},
    {1, 2, 70000, 0},
    {2, 0, 70000, 1},
    {2, 1, 70000, 0},
    {3, 0, 70000, 0},
    {0, 0, 256, 256},
    {0, 1, 256, 0},
    {1, 0, 256, 1},
    {2, 0, 256, 0},
    {0, 0, 0, 0},
    {0, 0, 1, 1},
    {0, 0, 255, 255},
    {7, 0, TROTH_TREE_SIZE_MAX - 1, 63},
    {7, 1, TROTH_TREE_SIZE_MAX - 1, 0},
    {6, 62, TROTH_TREE_SIZE_MAX - 1, 256},
    {6, 63, TROTH_TREE_SIZE_MAX - 1, 255},
    {0, (TROTH_TREE_SIZE_MAX - 1) / 256, TROTH_TREE_SIZE_MAX - 1, 255},
    {0, UINT64_MAX, TROTH_TREE_SIZE_MAX - 1, 0},
    {8, 0, TROTH_TREE_SIZE_MAX - 1, 0},
    {63, 0, UINT64_MAX, 0},
};
/* clang-format on */

static void test_widths(void)
{
    for (size_t i = 0; i < COUNT(widths); i++) {
        test_case("tile %llu of level %u of %llu", (unsigned long long)widths[i].index,
                  widths[i].level, (unsigned long long)widths[i].size);
        CHECK_INT(troth_tile_width(widths[i].level, widths[i].index, widths[i].size),
                  widths[i].width);
    }
}

/* ---- nodes ---- */

/* The bytes of a tile of level 0 or 1, by the model. */
static struct troth_span fill(uint8_t bytes[static TROTH_TILE_SIZE],
                              const struct troth_tile *tile)
{
    for (unsigned i = 0; i < tile->width; i++) {
        const unsigned leaves = tile->level == 0 ? 1 : 256;
        const unsigned start = ((unsigned)tile->index * 256 + i) * leaves;
        const struct troth_log_hash hash = log_model_root(start, start + leaves);

        memcpy(bytes + (size_t)i * sizeof hash.bytes, hash.bytes, sizeof hash.bytes);
    }
    return (struct troth_span){bytes, (size_t)tile->width * TROTH_LOG_HASH_SIZE};
}

static void check_nodes(unsigned size)
{
    static uint8_t bytes[TROTH_TILE_SIZE];

    for (unsigned level = 0; size >> level; level++)
        for (unsigned index = 0; index < size >> level; index++) {
            const struct troth_tile tile = troth_tile_of_node(level, index, size);
            const struct troth_log_hash wanted = log_model_root(index << level,
                                                                (index + 1) << level);
            struct troth_log_hash hash;

            CHECK(tile.width > 0 && !tile.has_entries);
            CHECK_ERR(
                troth_tile_node(&hash, &crypto, &tile, fill(bytes, &tile), level, index),
                TROTH_OK);
            CHECK(log_model_same(&hash, &wanted));
        }
}

static void test_nodes(void)
{
    static const unsigned sizes[] = {1, 2, 3, 7, 8, 100, 255, 256, 257, 300, 320};

    for (size_t i = 0; i < COUNT(sizes); i++) {
        test_case("the nodes of %u leaves", sizes[i]);
        check_nodes(sizes[i]);
    }
}

static void test_not_there(void)
{
    /* clang-format off */
    static const struct {
        const char *why;
        struct troth_tile tile;
        unsigned level;
        uint64_t index;
        enum troth_err err;
    } rows[] = {
        {"the last leaf",              {false, 0, 0, 100}, 0, 99, TROTH_OK},
        {"a leaf behind it",           {false, 0, 0, 100}, 0, 100, TROTH_ERR_VALUE},
        {"the last node of two",       {false, 0, 0, 100}, 1, 49, TROTH_OK},
        {"one that is half there",     {false, 0, 0, 99}, 1, 49, TROTH_ERR_VALUE},
        {"the largest node",           {false, 0, 0, 128}, 7, 0, TROTH_OK},
        {"and a leaf less",            {false, 0, 0, 127}, 7, 0, TROTH_ERR_VALUE},
        {"the root of a tile",         {false, 0, 0, 256}, 8, 0, TROTH_ERR_VALUE},
        {"which is in the next one",   {false, 1, 0, 1}, 8, 0, TROTH_OK},
        {"another tile's leaf",        {false, 0, 1, 256}, 0, 255, TROTH_ERR_VALUE},
        {"another tile's leaf again",  {false, 0, 0, 256}, 0, 256, TROTH_ERR_VALUE},
        {"an index beyond reason",     {false, 0, 0, 256}, 7, (uint64_t)1 << 57, TROTH_ERR_VALUE},
        {"a level beyond reason",      {false, 0, 0, 256}, 64, 0, TROTH_ERR_VALUE},
        {"the largest level",          {false, 0, 0, 256}, (unsigned)-1, 0, TROTH_ERR_VALUE},
        {"entries",                    {true, 0, 0, 100}, 0, 0, TROTH_ERR_VALUE},
        {"a tile that is too wide",    {false, 0, 0, 257}, 0, 0, TROTH_ERR_VALUE},
        {"a tile of no width",         {false, 0, 0, 0}, 0, 0, TROTH_ERR_VALUE},
    };
    /* clang-format on */
    static const uint8_t bytes[TROTH_TILE_SIZE + TROTH_LOG_HASH_SIZE];

    for (size_t i = 0; i < COUNT(rows); i++) {
        const size_t len = (size_t)rows[i].tile.width * TROTH_LOG_HASH_SIZE;
        struct troth_log_hash hash;

        test_case("%s", rows[i].why);
        memset(&hash, 0xff, sizeof hash);
        CHECK_ERR(troth_tile_node(&hash, &crypto, &rows[i].tile,
                                  (struct troth_span){bytes, len}, rows[i].level,
                                  rows[i].index),
                  rows[i].err);
        CHECK(!rows[i].err || troth_span_is_zero((struct troth_span){hash.bytes, 32}));
        if (rows[i].err)
            continue;
        CHECK_ERR(troth_tile_node(&hash, &crypto, &rows[i].tile,
                                  (struct troth_span){bytes, len - 1}, rows[i].level,
                                  rows[i].index),
                  TROTH_ERR_SHORT);
        CHECK_ERR(troth_tile_node(&hash, &crypto, &rows[i].tile,
                                  (struct troth_span){bytes, len + 1}, rows[i].level,
                                  rows[i].index),
                  TROTH_ERR_TRAILING);
    }
}

static void test_failing(void)
{
    static const uint8_t bytes[TROTH_TILE_SIZE];
    const struct troth_tile tile = {.width = TROTH_TILE_WIDTH};

    test_case("any hash fails");
    for (unsigned n = 1; n <= 127; n++) {
        struct failing_crypto failing;
        const struct troth_crypto broken = failing_crypto_over(&failing, &crypto, n);
        struct troth_log_hash hash;

        memset(&hash, 0xff, sizeof hash);
        CHECK_ERR(troth_tile_node(&hash, &broken, &tile,
                                  (struct troth_span)TROTH_ARRAY_SPAN(bytes), 7, 1),
                  TROTH_ERR_CRYPTO);
        CHECK(troth_span_is_zero((struct troth_span){hash.bytes, 32}));
    }
}

/* ---- entries ---- */

static void test_entries(void)
{
    static const struct {
        const char *why, *bundle, *entries[3];
        enum troth_err err;
    } rows[] = {
        {"one", "0003 616263", {"616263"}, TROTH_OK},
        {"two, and one is empty", "0000 0001 78", {"", "78"}, TROTH_OK},
        {"one byte of a length", "0001 78 00", {"78"}, TROTH_ERR_SHORT},
        {"a byte short", "0003 6162", {NULL}, TROTH_ERR_SHORT},
        {"the longest, which is not there", "ffff 00", {NULL}, TROTH_ERR_SHORT},
        {"a length alone", "0001", {NULL}, TROTH_ERR_SHORT},
        {"nothing", "", {NULL}, TROTH_OK},
    };

    for (size_t i = 0; i < COUNT(rows); i++) {
        struct troth_span rest = test_hex(rows[i].bundle), entry;

        test_case("entries: %s", rows[i].why);
        for (size_t e = 0; e < 3 && rows[i].entries[e]; e++) {
            CHECK_ERR(troth_tile_next_entry(&entry, &rest), TROTH_OK);
            CHECK_SPAN(entry, test_hex(rows[i].entries[e]));
        }
        if (rows[i].err)
            CHECK_ERR(troth_tile_next_entry(&entry, &rest), rows[i].err);
        else
            CHECK_INT(rest.len, 0);
        CHECK(!rows[i].err || entry.len == 0);
    }

    static uint8_t bundle[2 + TROTH_LOG_ENTRY_MAX] = {0xff, 0xff};
    struct troth_span rest = TROTH_ARRAY_SPAN(bundle), entry;

    test_case("the longest entry");
    CHECK_ERR(troth_tile_next_entry(&entry, &rest), TROTH_OK);
    CHECK_INT(entry.len, TROTH_LOG_ENTRY_MAX);
    CHECK_INT(rest.len, 0);
    CHECK_ERR(troth_tile_next_entry(&entry, &rest), TROTH_ERR_SHORT);
}

int main(void)
{
    CHECK_ERR(troth_provider_create(&crypto), TROTH_OK);
    test_paths();
    test_widths();
    test_nodes();
    test_not_there();
    test_failing();
    test_entries();
    troth_provider_destroy(&crypto);
    return test_finish();
}
