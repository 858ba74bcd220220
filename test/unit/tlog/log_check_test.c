/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "base/span.h"
#include "test/harness.h"
#include "test/support/failing_crypto.h"
#include "test/support/log_model.h"
#include "tlog/merkle.h"
#include "troth/log.h"
#include "troth/provider.h"

static struct troth_crypto crypto;

static enum troth_err check_inclusion(unsigned index, const struct troth_log_path *path,
                                      const struct troth_log_tree *tree)
{
    const struct troth_log_hash leaf = log_model_leaf(index);

    return troth_log_check_inclusion(&crypto, index, &leaf, path, tree);
}

static void test_all_sizes(void)
{
    test_case("every genuine proof of every tree up to 300 leaves is believed");
    for (unsigned size = 0; size <= 300; size++) {
        const struct troth_log_tree tree = log_model_tree(size);

        for (unsigned from = 0; from <= size; from++) {
            const struct troth_log_tree older = log_model_tree(from);
            struct troth_log_path path = {.count = 0};

            if (from > 0)
                path = log_model_consistency(from, size);
            CHECK_ERR(troth_log_check_consistency(&crypto, &older, &path, &tree),
                      TROTH_OK);
            if (from == size)
                break;
            path = log_model_inclusion(from, size);
            CHECK_ERR(check_inclusion(from, &path, &tree), TROTH_OK);
        }
    }
}

/* ---- one thing changed ---- */

static void flip(struct troth_log_hash *hash, struct test_random *random)
{
    const unsigned bit = test_random_below(random, 256);

    hash->bytes[bit / 8] = (uint8_t)(hash->bytes[bit / 8] ^ 1U << bit % 8);
}

static struct troth_log_path without(const struct troth_log_path *path, size_t at)
{
    struct troth_log_path less = *path;

    memmove(&less.hashes[at], &less.hashes[at + 1],
            (less.count - at - 1) * sizeof less.hashes[0]);
    less.count--;
    return less;
}

static struct troth_log_path with(const struct troth_log_path *path, size_t at)
{
    struct troth_log_path more = *path;

    memmove(&more.hashes[at + 1], &more.hashes[at],
            (more.count - at) * sizeof more.hashes[0]);
    more.count++;
    return more;
}

static void spoil_inclusion(unsigned index, unsigned size, struct test_random *random)
{
    const struct troth_log_tree tree = log_model_tree(size);
    const struct troth_log_path path = log_model_inclusion(index, size);
    struct troth_log_hash leaf = log_model_leaf(index);
    struct troth_log_tree other = tree;

    for (size_t i = 0; i <= path.count; i++) {
        struct troth_log_path spoilt = with(&path, i);

        CHECK_ERR(check_inclusion(index, &spoilt, &tree), TROTH_ERR_LIMIT);
        if (i == path.count)
            break;
        spoilt = without(&path, i);
        CHECK_ERR(check_inclusion(index, &spoilt, &tree), TROTH_ERR_LIMIT);
        spoilt = path;
        flip(&spoilt.hashes[i], random);
        CHECK_ERR(check_inclusion(index, &spoilt, &tree), TROTH_ERR_MISMATCH);
    }
    for (unsigned at = 0; at < size + 2; at++)
        if (at != index)
            CHECK(troth_log_check_inclusion(&crypto, at, &leaf, &path, &tree) !=
                  TROTH_OK);
    flip(&other.root, random);
    CHECK_ERR(check_inclusion(index, &path, &other), TROTH_ERR_MISMATCH);
    flip(&leaf, random);
    CHECK_ERR(troth_log_check_inclusion(&crypto, index, &leaf, &path, &tree),
              TROTH_ERR_MISMATCH);
}

static void spoil_consistency(unsigned from, unsigned size, struct test_random *random)
{
    const struct troth_log_tree older = log_model_tree(from),
                                newer = log_model_tree(size);
    const struct troth_log_path path = log_model_consistency(from, size);
    struct troth_log_tree other = older;

    for (size_t i = 0; i <= path.count; i++) {
        struct troth_log_path spoilt = with(&path, i);

        CHECK_ERR(troth_log_check_consistency(&crypto, &older, &spoilt, &newer),
                  TROTH_ERR_LIMIT);
        if (i == path.count)
            break;
        spoilt = without(&path, i);
        CHECK_ERR(troth_log_check_consistency(&crypto, &older, &spoilt, &newer),
                  TROTH_ERR_LIMIT);
        spoilt = path;
        flip(&spoilt.hashes[i], random);
        CHECK_ERR(troth_log_check_consistency(&crypto, &older, &spoilt, &newer),
                  TROTH_ERR_MISMATCH);
    }
    flip(&other.root, random);
    CHECK_ERR(troth_log_check_consistency(&crypto, &other, &path, &newer),
              TROTH_ERR_MISMATCH);
    other = newer;
    flip(&other.root, random);
    CHECK_ERR(troth_log_check_consistency(&crypto, &older, &path, &other),
              TROTH_ERR_MISMATCH);
}

static void test_spoilt(void)
{
    struct test_random random = {8};

    test_case("no proof with anything changed is believed, of trees up to 70 leaves");
    for (unsigned size = 1; size <= 70; size++)
        for (unsigned from = 0; from < size; from++) {
            spoil_inclusion(from, size, &random);
            spoil_consistency(from + 1, size, &random);
        }
}

/* ---- bounds ---- */

static void test_bounds(void)
{
    static struct troth_log_path path;
    const struct troth_log_hash leaf = log_model_leaf(0), nothing = log_model_root(0, 0);
    const struct troth_log_tree empty = {0, nothing}, wrong = {0, leaf}, one = {1, leaf};
    struct troth_log_tree huge = {TROTH_TREE_SIZE_MAX, leaf};

    test_case("an index that is not there, and sizes beyond reason");
    CHECK_ERR(troth_log_check_inclusion(&crypto, 1, &leaf, &path, &one), TROTH_ERR_VALUE);
    CHECK_ERR(troth_log_check_inclusion(&crypto, UINT64_MAX, &leaf, &path, &one),
              TROTH_ERR_VALUE);
    CHECK_ERR(troth_log_check_inclusion(&crypto, 0, &nothing, &path, &empty),
              TROTH_ERR_VALUE);
    CHECK_ERR(troth_log_check_inclusion(&crypto, 0, &leaf, &path, &huge),
              TROTH_ERR_VALUE);
    CHECK_ERR(troth_log_check_consistency(&crypto, &one, &path, &huge), TROTH_ERR_VALUE);
    CHECK_ERR(troth_log_check_consistency(&crypto, &huge, &path, &huge), TROTH_ERR_VALUE);
    huge.size--;
    CHECK_ERR(troth_log_check_inclusion(&crypto, 0, &leaf, &path, &huge),
              TROTH_ERR_LIMIT);
    path.count = 62;
    CHECK_ERR(troth_log_check_inclusion(&crypto, 0, &leaf, &path, &huge),
              TROTH_ERR_MISMATCH);
    CHECK_ERR(troth_log_check_consistency(&crypto, &one, &path, &huge),
              TROTH_ERR_MISMATCH);

    test_case("a count of hashes that no path has");
    path.count = SIZE_MAX;
    CHECK_ERR(troth_log_check_inclusion(&crypto, 0, &leaf, &path, &huge),
              TROTH_ERR_LIMIT);
    CHECK_ERR(troth_log_check_consistency(&crypto, &one, &path, &huge), TROTH_ERR_LIMIT);
    CHECK_ERR(troth_log_check_consistency(&crypto, &one, &path, &one), TROTH_ERR_LIMIT);
    CHECK_ERR(troth_log_check_consistency(&crypto, &empty, &path, &one), TROTH_ERR_LIMIT);

    test_case("empty trees, and trees that shrink");
    path.count = 0;
    CHECK_ERR(troth_log_check_consistency(&crypto, &empty, &path, &empty), TROTH_OK);
    CHECK_ERR(troth_log_check_consistency(&crypto, &empty, &path, &one), TROTH_OK);
    CHECK_ERR(troth_log_check_consistency(&crypto, &wrong, &path, &one), TROTH_ERR_VALUE);
    CHECK_ERR(troth_log_check_consistency(&crypto, &wrong, &path, &wrong),
              TROTH_ERR_VALUE);
    CHECK_ERR(troth_log_check_consistency(&crypto, &empty, &path, &wrong),
              TROTH_ERR_VALUE);
    CHECK_ERR(troth_log_check_consistency(&crypto, &one, &path, &empty), TROTH_ERR_VALUE);
}

static void test_leaf(void)
{
    static uint8_t bytes[TROTH_LOG_ENTRY_MAX + 1];
    struct troth_log_hash hash;
    const struct troth_log_hash wanted = log_model_leaf(0x1234);

    test_case("the hash of a leaf");
    CHECK_ERR(troth_log_leaf(&hash, &crypto, test_hex("1234")), TROTH_OK);
    CHECK(log_model_same(&hash, &wanted));
    CHECK_ERR(troth_log_leaf(&hash, &crypto, (struct troth_span){NULL, 0}), TROTH_OK);
    CHECK_SPAN(
        ((struct troth_span)TROTH_ARRAY_SPAN(hash.bytes)),
        test_hex("6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"));

    test_case("the longest entry, and one that is longer");
    CHECK_ERR(
        troth_log_leaf(&hash, &crypto, (struct troth_span){bytes, TROTH_LOG_ENTRY_MAX}),
        TROTH_OK);
    CHECK_ERR(troth_log_leaf(&hash, &crypto, (struct troth_span)TROTH_ARRAY_SPAN(bytes)),
              TROTH_ERR_LIMIT);
    CHECK(troth_span_is_zero((struct troth_span)TROTH_ARRAY_SPAN(hash.bytes)));
}

/* Every call fails once: all of them are answered with that error. */
static void test_failing(void)
{
    const struct troth_log_tree empty = log_model_tree(0), older = log_model_tree(76),
                                newer = log_model_tree(107);
    const struct troth_log_path inclusion = log_model_inclusion(90, 107);
    const struct troth_log_path consistency = log_model_consistency(76, 107);
    const struct troth_log_path none = {.count = 0};
    const struct troth_log_hash leaf = log_model_leaf(90);

    for (unsigned row = 0; row < 4; row++) {
        unsigned calls = 1;

        test_case("any call fails, of check %u", row);
        for (unsigned n = 0; n <= calls; n++) {
            struct failing_crypto failing;
            const struct troth_crypto by = failing_crypto_over(&failing, &crypto, n);
            struct troth_log_hash hash = leaf;
            enum troth_err err;

            if (row == 0)
                err = troth_log_check_inclusion(&by, 90, &leaf, &inclusion, &newer);
            else if (row == 1)
                err = troth_log_check_consistency(&by, &older, &consistency, &newer);
            else if (row == 2)
                err = troth_log_check_consistency(&by, &empty, &none, &newer);
            else
                err = troth_log_leaf(&hash, &by, test_text("an entry"));
            CHECK_ERR(err, n == 0 ? TROTH_OK : TROTH_ERR_CRYPTO);
            if (n == 0)
                calls = failing.calls;
        }
        CHECK(row > 1 || calls >= 6);
    }
}

int main(void)
{
    CHECK_ERR(troth_provider_create(&crypto), TROTH_OK);
    test_all_sizes();
    test_spoilt();
    test_bounds();
    test_leaf();
    test_failing();
    troth_provider_destroy(&crypto);
    return test_finish();
}
