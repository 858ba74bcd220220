/* SPDX-License-Identifier: Apache-2.0 */
#include <glob.h>
#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "base/base64.h"
#include "test/harness.h"
#include "tlog/merkle.h"
#include "troth/provider.h"

/* Proofs of logs, good and bad, each with the answer that others' implementations give.
 */

static struct troth_crypto crypto;

/* Where ours is another. */
static const struct {
    const char *file, *why;
} different[] = {
    {"consistency/additional/size1-is-zero-and-size2-is-not-zero.json",
     "a witness that has seen nothing cosigns what comes first: [C2SP-WITNESS]; the hash "
     "of nothing is checked, and a proof has to be empty"},
};

struct proof {
    const json_t *json;
    struct troth_log_path path;
    bool unspeakable; /* something that the library's types do not hold */
};

/*
 * Some files have words for hashes, as only their being the same matters: those are
 * filled up with zeros. No bytes at all, and more than a hash has, are never a hash.
 */
static void read_hash(struct troth_log_hash *out, struct proof *proof, const json_t *json)
{
    const char *text = json_string_value(json);
    uint8_t bytes[64];
    size_t len = 0;

    memset(out, 0, sizeof *out);
    if (!text ||
        troth_base64_parse(bytes, sizeof bytes, &len, test_text(text), TROTH_BASE64) ||
        len == 0 || len > sizeof out->bytes) {
        proof->unspeakable = true;
        return;
    }
    memcpy(out->bytes, bytes, len);
}

static struct troth_log_hash hash_of(struct proof *proof, const char *name)
{
    struct troth_log_hash hash;

    read_hash(&hash, proof, json_object_get(proof->json, name));
    return hash;
}

/* Jansson's integers are signed; as reals, all are exact but those beyond all reason. */
static uint64_t number_of(struct proof *proof, const char *name)
{
    const double number = json_number_value(json_object_get(proof->json, name));

    if (number >= 18446744073709551615.0)
        return UINT64_MAX;
    proof->unspeakable = proof->unspeakable || number < 0;
    return number < 0 ? 0 : (uint64_t)number;
}

static void read_path(struct proof *proof)
{
    const json_t *hashes = json_object_get(proof->json, "proof");

    proof->path.count = json_array_size(hashes);
    if (proof->path.count > TROTH_LOG_PATH_MAX) {
        proof->unspeakable = true;
        proof->path.count = 0;
    }
    for (size_t i = 0; i < proof->path.count; i++)
        read_hash(&proof->path.hashes[i], proof, json_array_get(hashes, i));
}

static enum troth_err inclusion(struct proof *proof)
{
    const struct troth_log_hash leaf = hash_of(proof, "leafHash");
    const struct troth_log_tree tree = {number_of(proof, "treeSize"),
                                        hash_of(proof, "root")};

    return troth_log_check_inclusion(&crypto, number_of(proof, "leafIdx"), &leaf,
                                     &proof->path, &tree);
}

static enum troth_err consistency(struct proof *proof)
{
    const struct troth_log_tree older = {number_of(proof, "size1"),
                                         hash_of(proof, "root1")};
    const struct troth_log_tree newer = {number_of(proof, "size2"),
                                         hash_of(proof, "root2")};

    return troth_log_check_consistency(&crypto, &older, &proof->path, &newer);
}

static struct troth_merkle_range range_of(struct proof *proof)
{
    return (struct troth_merkle_range){number_of(proof, "start"),
                                       number_of(proof, "end")};
}

static enum troth_err subtree_inclusion(struct proof *proof)
{
    const struct troth_log_hash leaf = hash_of(proof, "leafHash");
    const struct troth_log_hash root = hash_of(proof, "root");

    return troth_merkle_check_subtree_inclusion(&crypto, number_of(proof, "leafIdx"),
                                                &leaf, &proof->path, range_of(proof),
                                                &root);
}

static enum troth_err subtree_consistency(struct proof *proof)
{
    const struct troth_log_hash root = hash_of(proof, "root1");
    const struct troth_log_tree tree = {number_of(proof, "size"),
                                        hash_of(proof, "root2")};

    return troth_merkle_check_subtree_consistency(&crypto, range_of(proof), &root,
                                                  &proof->path, &tree);
}

static bool is_different(const char *file)
{
    for (size_t i = 0; i < COUNT(different); i++)
        if (strcmp(file, different[i].file) == 0)
            return true;
    return false;
}

static void check_file(const char *path, const char *file,
                       enum troth_err (*check)(struct proof *))
{
    const struct troth_span text = test_file(path);
    json_t *json = json_loadb((const char *)text.ptr, text.len, JSON_DECODE_INT_AS_REAL,
                              NULL);
    const json_t *refused = json_object_get(json, "wantErr");
    struct proof proof = {.json = json};

    test_case("%s", file);
    CHECK(json_is_boolean(refused));
    read_path(&proof);

    const bool believed = check(&proof) == TROTH_OK && !proof.unspeakable;

    CHECK_INT(believed, json_is_false(refused) != is_different(file));
    json_decref(json);
}

/* clang-format off */
static const struct {
    const char *folder;
    enum troth_err (*check)(struct proof *);
} kinds[] = {
    {"inclusion",          inclusion},
    {"consistency",        consistency},
    {"subtreeinclusion",   subtree_inclusion},
    {"subtreeconsistency", subtree_consistency},
};
/* clang-format on */

static void run_folder(const char *dir, size_t kind)
{
    static const char *const below[] = {"*", "*/*"};
    glob_t files = {.gl_pathc = 0};
    char pattern[4400];

    for (size_t i = 0; i < COUNT(below); i++) {
        snprintf(pattern, sizeof pattern, "%s/tlog/%s/%s/*.json", dir, kinds[kind].folder,
                 below[i]);
        glob(pattern, i > 0 ? GLOB_APPEND : 0, NULL, &files);
    }
    test_case("proofs of %s", kinds[kind].folder);
    if (files.gl_pathc == 0)
        test_skip("no vectors of tlog/%s", kinds[kind].folder);
    for (size_t i = 0; i < files.gl_pathc; i++)
        check_file(files.gl_pathv[i], files.gl_pathv[i] + strlen(dir) + strlen("/tlog/"),
                   kinds[kind].check);
    globfree(&files);
}

int main(void)
{
    const char *dir = test_vectors_dir();

    CHECK_ERR(troth_provider_create(&crypto), TROTH_OK);
    for (size_t kind = 0; kind < COUNT(kinds); kind++)
        run_folder(dir ? dir : "", kind);
    troth_provider_destroy(&crypto);
    return test_finish();
}
