/* SPDX-License-Identifier: Apache-2.0 */
#include "tlog/merkle.h"

#include <string.h>

#include "base/span.h"
#include "test/harness.h"
#include "test/support/failing_crypto.h"
#include "test/support/log_model.h"
#include "troth/provider.h"

static struct troth_crypto crypto;

/* ---- the tree of eight leaves by which implementations are compared ---- */

/* clang-format off */
static const char *const eight[] = {
    "", "00", "10", "2021", "3031", "40414243", "5051525354555657",
    "606162636465666768696a6b6c6d6e6f"};

static const char *const eight_roots[] = {
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"};

/* Of leaf `from` in a tree of `size`, counted from 0; or of a tree of `from`. */
static const struct {
    unsigned from, size;
    const char *hashes[4];
} eight_inclusion[] = {
    {0, 1, {NULL}},
    {0, 8, {"96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4"}},
    {5, 8, {"bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
            "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7"}},
    {2, 3, {"fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"}},
    {1, 5, {"6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b"}},
}, eight_consistency[] = {
    {1, 1, {NULL}},
    {1, 8, {"96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4"}},
    {6, 8, {"0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
            "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7"}},
    {2, 5, {"5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b"}},
};
/* clang-format on */

static enum troth_err eight_node(void *state, struct troth_log_hash *out, unsigned level,
                                 uint64_t index)
{
    struct troth_log_hash left, right;

    if (level == 0)
        return troth_log_leaf(out, &crypto, test_hex(eight[index]));
    CHECK_ERR(eight_node(state, &left, level - 1, 2 * index), TROTH_OK);
    CHECK_ERR(eight_node(state, &right, level - 1, 2 * index + 1), TROTH_OK);
    return troth_merkle_node(out, &crypto, &left, &right);
}

static void check_hash(const struct troth_log_hash *seen, const char *wanted)
{
    CHECK_SPAN(((struct troth_span){seen->bytes, sizeof seen->bytes}), test_hex(wanted));
}

static void check_path(const struct troth_log_path *path, const char *const wanted[4])
{
    for (size_t i = 0; i < path->count && wanted[i]; i++)
        check_hash(&path->hashes[i], wanted[i]);
    CHECK(path->count < 4 && !wanted[path->count]);
    CHECK(path->count == 0 || wanted[path->count - 1]);
}

static void test_eight(void)
{
    const struct troth_merkle_source source = {eight_node, NULL};

    for (unsigned size = 0; size < COUNT(eight_roots); size++) {
        struct troth_log_hash root;

        test_case("the root of the first %u of eight", size);
        CHECK_ERR(troth_merkle_root(&root, &crypto, &source, size), TROTH_OK);
        check_hash(&root, eight_roots[size]);
    }
    for (size_t i = 0; i < COUNT(eight_inclusion); i++) {
        struct troth_log_path path;

        test_case("leaf %u of %u", eight_inclusion[i].from, eight_inclusion[i].size);
        CHECK_ERR(troth_merkle_inclusion(&path, &crypto, &source, eight_inclusion[i].from,
                                         eight_inclusion[i].size),
                  TROTH_OK);
        check_path(&path, eight_inclusion[i].hashes);
    }
    for (size_t i = 0; i < COUNT(eight_consistency); i++) {
        struct troth_log_path path;

        test_case("from %u to %u", eight_consistency[i].from, eight_consistency[i].size);
        CHECK_ERR(troth_merkle_consistency(&path, &crypto, &source,
                                           eight_consistency[i].from,
                                           eight_consistency[i].size),
                  TROTH_OK);
        check_path(&path, eight_consistency[i].hashes);
    }
}

/* ---- against the definition ---- */

struct asked {
    unsigned size; /* no node may end behind it */
    unsigned calls, fail_at;
};

static enum troth_err model_node(void *state, struct troth_log_hash *out, unsigned level,
                                 uint64_t index)
{
    struct asked *asked = state;
    const unsigned start = (unsigned)index << level, end = start + (1U << level);

    if (end > asked->size)
        return FAIL("asks for a node beyond the tree"), TROTH_ERR_VALUE;
    if (++asked->calls == asked->fail_at)
        return TROTH_ERR_MISSING;
    *out = log_model_root(start, end);
    return TROTH_OK;
}

static bool same_path(const struct troth_log_path *a, const struct troth_log_path *b)
{
    bool same = a->count == b->count;

    for (size_t i = 0; same && i < a->count; i++)
        same = log_model_same(&a->hashes[i], &b->hashes[i]);
    return same;
}

static void check_size(unsigned size)
{
    struct asked asked = {.size = size};
    const struct troth_merkle_source source = {model_node, &asked};
    const struct troth_log_hash wanted = log_model_root(0, size);
    struct troth_log_hash root;

    CHECK_ERR(troth_merkle_root(&root, &crypto, &source, size), TROTH_OK);
    CHECK(log_model_same(&root, &wanted));
    for (unsigned from = 0; from <= size; from++) {
        struct troth_log_path path, model = {.count = 0};

        if (from > 0)
            model = log_model_consistency(from, size);
        CHECK_ERR(troth_merkle_consistency(&path, &crypto, &source, from, size),
                  TROTH_OK);
        CHECK(same_path(&path, &model));
        if (from == size)
            break;
        model = log_model_inclusion(from, size);
        CHECK_ERR(troth_merkle_inclusion(&path, &crypto, &source, from, size), TROTH_OK);
        CHECK(same_path(&path, &model));
    }
}

static void test_all_sizes(void)
{
    test_case("every proof of every tree up to 300 leaves is the one defined");
    for (unsigned size = 0; size <= 300; size++)
        check_size(size);
}

/* ---- the largest trees ---- */

/* All leaves are one: then so are all nodes of a level. */
static struct troth_log_hash alike[64];

static enum troth_err alike_node(void *state, struct troth_log_hash *out, unsigned level,
                                 uint64_t index)
{
    const uint64_t size = *(const uint64_t *)state;

    CHECK(level < 62 && index < size >> level);
    *out = alike[level];
    return TROTH_OK;
}

static uint64_t random_below(struct test_random *random, uint64_t limit)
{
    uint64_t value = 0;

    for (int i = 0; i < 4; i++)
        value = value << 16 | test_random_below(random, 1U << 16);
    return value % limit;
}

static void check_large(struct test_random *random, uint64_t size)
{
    const struct troth_merkle_source source = {alike_node, &size};
    const uint64_t index = random_below(random, size);
    struct troth_log_tree older = {index + 1, {{0}}}, newer = {size, {{0}}};
    struct troth_log_path path;

    CHECK_ERR(troth_merkle_root(&newer.root, &crypto, &source, size), TROTH_OK);
    CHECK_ERR(troth_merkle_inclusion(&path, &crypto, &source, index, size), TROTH_OK);
    CHECK_ERR(troth_log_check_inclusion(&crypto, index, &alike[0], &path, &newer),
              TROTH_OK);
    CHECK_ERR(troth_merkle_root(&older.root, &crypto, &source, older.size), TROTH_OK);
    CHECK_ERR(troth_merkle_consistency(&path, &crypto, &source, older.size, size),
              TROTH_OK);
    CHECK_ERR(troth_log_check_consistency(&crypto, &older, &path, &newer), TROTH_OK);
}

static void test_large(void)
{
    struct test_random random = {62};

    test_case("trees of up to 2^62 - 1 leaves");
    alike[0] = log_model_leaf(7);
    for (unsigned level = 1; level < COUNT(alike); level++)
        CHECK_ERR(troth_merkle_node(&alike[level], &crypto, &alike[level - 1],
                                    &alike[level - 1]),
                  TROTH_OK);
    check_large(&random, TROTH_TREE_SIZE_MAX - 1);
    for (unsigned bits = 1; bits < 62; bits++)
        for (int i = 0; i < 20; i++)
            check_large(&random, 1 + random_below(&random, (uint64_t)1 << bits));
}

/* ---- what is refused ---- */

static void test_refused(void)
{
    static const struct {
        const char *why;
        uint64_t from, size;
        bool inclusion, consistency;
    } rows[] = {
        {"a leaf behind the last; the tree itself", 8, 8, false, true},
        {"beyond the tree", 9, 8, false, false},
        {"nothing of nothing", 0, 0, false, true},
        {"a tree beyond reason", 1, TROTH_TREE_SIZE_MAX, false, false},
        {"the largest number", 0, UINT64_MAX, false, false},
        {"both the largest number", UINT64_MAX, UINT64_MAX, false, false},
    };
    struct asked asked = {.size = LOG_MODEL_MAX};
    const struct troth_merkle_source source = {model_node, &asked};

    for (size_t i = 0; i < COUNT(rows); i++) {
        struct troth_log_path path;
        struct troth_log_hash root;

        test_case("%s", rows[i].why);
        path.count = 5;
        CHECK_ERR(
            troth_merkle_inclusion(&path, &crypto, &source, rows[i].from, rows[i].size),
            rows[i].inclusion ? TROTH_OK : TROTH_ERR_VALUE);
        CHECK_INT(path.count, 0);
        path.count = 5;
        CHECK_ERR(
            troth_merkle_consistency(&path, &crypto, &source, rows[i].from, rows[i].size),
            rows[i].consistency ? TROTH_OK : TROTH_ERR_VALUE);
        CHECK_INT(path.count, 0);
        CHECK_ERR(troth_merkle_root(&root, &crypto, &source, rows[i].size),
                  rows[i].size <= 8 ? TROTH_OK : TROTH_ERR_VALUE);
    }
    CHECK_ERR(troth_merkle_root(&(struct troth_log_hash){{0}}, &crypto, &source,
                                TROTH_TREE_SIZE_MAX),
              TROTH_ERR_VALUE);
}

/* ---- what fails ---- */

enum what { ROOT, INCLUSION, CONSISTENCY, EMPTY, FOLD, WHATS };

static enum troth_err make(enum what what, struct troth_log_path *out,
                           const struct troth_crypto *by, struct asked *asked)
{
    const struct troth_merkle_source source = {model_node, asked};
    uint8_t hashes[8 * TROTH_LOG_HASH_SIZE] = {1};

    switch (what) {
    case ROOT:
        return troth_merkle_root(&out->hashes[0], by, &source, 107);
    case INCLUSION:
        return troth_merkle_inclusion(out, by, &source, 90, 107);
    case CONSISTENCY:
        return troth_merkle_consistency(out, by, &source, 76, 107);
    case EMPTY:
        return troth_merkle_empty(&out->hashes[0], by);
    case FOLD:
        return troth_merkle_fold(&out->hashes[0], by, hashes, 3);
    case WHATS:
        break;
    }
    return TROTH_OK;
}

static void check_failing(enum what what)
{
    struct failing_crypto counting;
    const struct troth_crypto by = failing_crypto_over(&counting, &crypto, 0);
    struct asked asked = {.size = 107};
    struct troth_log_path path;

    CHECK_ERR(make(what, &path, &by, &asked), TROTH_OK);

    const unsigned hashes = counting.calls, nodes = asked.calls;

    for (unsigned n = 1; n <= hashes + nodes; n++) {
        struct failing_crypto failing;
        const bool source_fails = n > hashes;
        const struct troth_crypto broken = failing_crypto_over(&failing, &crypto,
                                                               source_fails ? 0 : n);

        asked = (struct asked){.size = 107, .fail_at = source_fails ? n - hashes : 0};
        memset(&path, 0xff, sizeof path);
        CHECK_ERR(make(what, &path, &broken, &asked),
                  source_fails ? TROTH_ERR_MISSING : TROTH_ERR_CRYPTO);
        CHECK(troth_span_is_zero(
            (struct troth_span)TROTH_ARRAY_SPAN(path.hashes[0].bytes)));
        if (what == INCLUSION || what == CONSISTENCY)
            CHECK_INT(path.count, 0);
    }
}

static void test_failing(void)
{
    for (enum what what = ROOT; what < WHATS; what++) {
        test_case("any call fails, of what is made (%d)", (int)what);
        check_failing(what);
    }
}

int main(void)
{
    CHECK_ERR(troth_provider_create(&crypto), TROTH_OK);
    test_eight();
    test_all_sizes();
    test_large();
    test_refused();
    test_failing();
    troth_provider_destroy(&crypto);
    return test_finish();
}
