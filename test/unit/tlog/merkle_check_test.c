/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "test/harness.h"
#include "test/support/failing_crypto.h"
#include "test/support/log_model.h"
#include "tlog/merkle.h"
#include "troth/provider.h"

/* Subtrees; what is the same of whole trees is in log_check_test.c. */

#define LARGEST 40

static struct troth_crypto crypto;

/* [MTC] 4, said in another way than the code does. */
static bool is_subtree(unsigned start, unsigned end)
{
    unsigned width = 1;

    if (start >= end)
        return false;
    while (width < end - start)
        width *= 2;
    return start % width == 0;
}

static void check_inclusion(struct troth_merkle_range range, struct test_random *random)
{
    const unsigned start = (unsigned)range.start, end = (unsigned)range.end;
    const struct troth_log_hash root = log_model_root(start, end);

    for (unsigned index = start; index < end; index++) {
        struct troth_log_path path = log_model_subtree_inclusion(index, start, end);
        const struct troth_log_hash leaf = log_model_leaf(index);

        CHECK_ERR(troth_merkle_check_subtree_inclusion(&crypto, index, &leaf, &path,
                                                       range, &root),
                  TROTH_OK);
        for (unsigned at = 0; at < LARGEST; at++)
            if (at != index)
                CHECK(troth_merkle_check_subtree_inclusion(&crypto, at, &leaf, &path,
                                                           range, &root) != TROTH_OK);
        if (path.count == 0)
            continue;
        path.hashes[test_random_below(random, (unsigned)path.count)].bytes[9] ^= 4;
        CHECK_ERR(troth_merkle_check_subtree_inclusion(&crypto, index, &leaf, &path,
                                                       range, &root),
                  TROTH_ERR_MISMATCH);
        path.count--;
        CHECK_ERR(troth_merkle_check_subtree_inclusion(&crypto, index, &leaf, &path,
                                                       range, &root),
                  TROTH_ERR_LIMIT);
    }
}

static void check_consistency(struct troth_merkle_range range, unsigned size)
{
    const unsigned start = (unsigned)range.start, end = (unsigned)range.end;
    struct troth_log_tree tree = log_model_tree(size);
    struct troth_log_hash root = log_model_root(start, end);
    struct troth_log_path path = log_model_subtree_consistency(start, end, size);

    CHECK_ERR(troth_merkle_check_subtree_consistency(&crypto, range, &root, &path, &tree),
              TROTH_OK);
    for (size_t i = 0; i < path.count; i++) {
        path.hashes[i].bytes[i] ^= 0x80;
        CHECK_ERR(
            troth_merkle_check_subtree_consistency(&crypto, range, &root, &path, &tree),
            TROTH_ERR_MISMATCH);
        path.hashes[i].bytes[i] ^= 0x80;
    }
    path.count++;
    CHECK_ERR(troth_merkle_check_subtree_consistency(&crypto, range, &root, &path, &tree),
              TROTH_ERR_LIMIT);
    path.count -= 2;
    if (path.count < TROTH_LOG_PATH_MAX)
        CHECK_ERR(
            troth_merkle_check_subtree_consistency(&crypto, range, &root, &path, &tree),
            TROTH_ERR_LIMIT);
    path.count++;
    root.bytes[0] ^= 1;
    CHECK_ERR(troth_merkle_check_subtree_consistency(&crypto, range, &root, &path, &tree),
              TROTH_ERR_MISMATCH);
    root.bytes[0] ^= 1;
    tree.root.bytes[31] ^= 1;
    CHECK_ERR(troth_merkle_check_subtree_consistency(&crypto, range, &root, &path, &tree),
              TROTH_ERR_MISMATCH);
}

static void check_invalid(struct troth_merkle_range range)
{
    const struct troth_log_tree tree = log_model_tree(LARGEST);
    const struct troth_log_hash leaf = log_model_leaf((unsigned)range.start);
    const struct troth_log_path none = {.count = 0};

    CHECK_ERR(troth_merkle_check_subtree_inclusion(&crypto, range.start, &leaf, &none,
                                                   range, &leaf),
              TROTH_ERR_VALUE);
    CHECK_ERR(troth_merkle_check_subtree_consistency(&crypto, range, &leaf, &none, &tree),
              TROTH_ERR_VALUE);
}

static void test_all(void)
{
    struct test_random random = {41};

    test_case("every subtree of every tree up to %d leaves", LARGEST);
    for (unsigned start = 0; start < LARGEST; start++)
        for (unsigned end = 0; end <= LARGEST; end++) {
            const struct troth_merkle_range range = {start, end};

            if (!is_subtree(start, end)) {
                check_invalid(range);
                continue;
            }
            check_inclusion(range, &random);
            for (unsigned size = end; size <= LARGEST; size++)
                check_consistency(range, size);
        }
}

static void test_bounds(void)
{
    static const struct troth_merkle_range beyond[] = {
        {1, ((uint64_t)1 << 63) + 2}, {0, TROTH_TREE_SIZE_MAX}, {0, UINT64_MAX},
        {UINT64_MAX, UINT64_MAX},     {UINT64_MAX, 0},
    };
    const struct troth_log_hash nothing = log_model_root(0, 0);
    struct troth_log_tree tree = log_model_tree(9);
    struct troth_log_path path = {.count = 0};

    for (size_t i = 0; i < COUNT(beyond); i++) {
        test_case("a range beyond reason (%zu)", i);
        check_invalid(beyond[i]);
    }

    test_case("a range of nothing is in every tree that goes as far");
    for (unsigned at = 0; at <= 10; at++) {
        const struct troth_merkle_range range = {at, at};

        CHECK_ERR(troth_merkle_check_subtree_consistency(&crypto, range, &nothing, &path,
                                                         &tree),
                  at <= 9 ? TROTH_OK : TROTH_ERR_VALUE);
    }
    path.count = 1;
    CHECK_ERR(troth_merkle_check_subtree_consistency(
                  &crypto, (struct troth_merkle_range){1, 1}, &nothing, &path, &tree),
              TROTH_ERR_LIMIT);
    path.count = SIZE_MAX;
    CHECK_ERR(troth_merkle_check_subtree_consistency(
                  &crypto, (struct troth_merkle_range){8, 9}, &nothing, &path, &tree),
              TROTH_ERR_LIMIT);
    path.count = 0;
    tree.size = TROTH_TREE_SIZE_MAX;
    CHECK_ERR(troth_merkle_check_subtree_consistency(
                  &crypto, (struct troth_merkle_range){1, 1}, &nothing, &path, &tree),
              TROTH_ERR_VALUE);
}

static void test_failing(void)
{
    const struct troth_merkle_range range = {8, 13};
    const struct troth_log_tree tree = log_model_tree(29);
    const struct troth_log_hash root = log_model_root(8, 13);
    const struct troth_log_path path = log_model_subtree_consistency(8, 13, 29);
    unsigned calls = 1;

    test_case("any call fails");
    for (unsigned n = 0; n <= calls; n++) {
        struct failing_crypto failing;
        const struct troth_crypto by = failing_crypto_over(&failing, &crypto, n);

        CHECK_ERR(troth_merkle_check_subtree_consistency(&by, range, &root, &path, &tree),
                  n == 0 ? TROTH_OK : TROTH_ERR_CRYPTO);
        if (n == 0)
            calls = failing.calls;
    }
    CHECK(calls > 5);
}

int main(void)
{
    CHECK_ERR(troth_provider_create(&crypto), TROTH_OK);
    test_all();
    test_bounds();
    test_failing();
    troth_provider_destroy(&crypto);
    return test_finish();
}
