/* SPDX-License-Identifier: Apache-2.0 */
#include "log/reader.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/span.h"
#include "log/pieces.h"
#include "log/problem.h"

struct troth_log_reader {
    struct troth_log_pieces pieces;
    const struct troth_crypto *crypto;
    struct troth_edge before; /* a walk's edge, should it fail */
};

/* What a proof is being made of. */
struct asking {
    struct troth_log_reader *reader;
    struct troth_log_problem *problem;
    uint64_t size; /* of the tree whose tiles are asked for */
    int failed;    /* the place's, which the core's errors have no room for */
};

static bool is_same(const struct troth_log_hash *a, const struct troth_log_hash *b)
{
    return troth_span_equal((struct troth_span)TROTH_ARRAY_SPAN(a->bytes),
                            (struct troth_span)TROTH_ARRAY_SPAN(b->bytes));
}

/* ---- proofs ---- */

static enum troth_err find_node(void *state, struct troth_log_hash *out, unsigned level,
                                uint64_t index)
{
    struct asking *asking = state;
    const struct troth_tile tile = troth_tile_of_node(level, index, asking->size);
    struct troth_span bytes;

    *out = (struct troth_log_hash){{0}};
    asking->failed = troth_log_pieces_tile(&bytes, &asking->reader->pieces,
                                           asking->problem, &tile);
    if (asking->failed)
        return TROTH_ERR_MISSING;
    return troth_tile_node(out, asking->reader->crypto, &tile, bytes, level, index);
}

/* An errno for what the core said; `why` if it was that hashes do not fit. */
static int answer(struct asking *asking, enum troth_err err, const char *why)
{
    char size[TROTH_LOG_NUMBER_ROOM];
    int failed = asking->failed;

    if (err == TROTH_OK)
        return 0;
    if (!failed && (err == TROTH_ERR_CRYPTO || err == TROTH_ERR_MEMORY))
        failed = troth_log_problem_say(
            asking->problem, err == TROTH_ERR_MEMORY ? ENOMEM : EIO, troth_err_text(err));
    if (!failed)
        failed = troth_log_problem_set(
            asking->problem, EBADMSG, "% (tree of %)",
            (const char *const[3]){why, troth_log_number(size, asking->size), NULL});
    if (failed == EBADMSG)
        troth_log_pieces_forget(&asking->reader->pieces);
    return failed;
}

/* Not checked against any root yet. */
static enum troth_err make_inclusion(struct troth_log_path *out, struct asking *asking,
                                     uint64_t index)
{
    const struct troth_merkle_source source = {find_node, asking};

    return troth_merkle_inclusion(out, asking->reader->crypto, &source, index,
                                  asking->size);
}

/* The tiles' own older tree instead of the one that was signed: if that is the beginning
 * of the newer one they are right, and it is the log that is another. */
static const char *why_inconsistent(struct asking *asking,
                                    const struct troth_log_path *path, uint64_t older,
                                    const struct troth_log_tree *newer)
{
    const struct troth_merkle_source source = {find_node, asking};
    struct troth_log_tree made = {.size = older};

    if (troth_merkle_root(&made.root, asking->reader->crypto, &source, older) ||
        troth_log_check_consistency(asking->reader->crypto, &made, path, newer))
        return "the tiles do not make the root that was signed";
    return "the older tree is not the beginning of the newer one";
}

static bool is_within(uint64_t index, const struct troth_log_tree *tree)
{
    return index < tree->size && tree->size <= TROTH_TREE_SIZE_MAX;
}

static struct troth_tile bundle_with(uint64_t index, uint64_t size)
{
    const uint64_t bundle = index / TROTH_TILE_WIDTH;

    return (struct troth_tile){
        .has_entries = true, .index = bundle, .width = troth_tile_width(0, bundle, size)};
}

/* ---- a log in a folder ---- */

static int folder_tile(void *state, struct troth_log_problem *problem,
                       struct troth_file *out, const struct troth_tile *tile)
{
    return troth_log_tile_read(out, problem, state, tile);
}

static int folder_checkpoint(void *state, struct troth_log_problem *problem,
                             struct troth_file *out)
{
    return troth_log_checkpoint_read(out, problem, state);
}

void troth_log_place_folder(struct troth_log_place *out, const char *folder)
{
    *out = (struct troth_log_place){folder_tile, folder_checkpoint, (void *)folder};
}

/* ---- readers ---- */

int troth_log_reader_create(struct troth_log_reader **out,
                            const struct troth_log_place *place,
                            const struct troth_crypto *crypto)
{
    struct troth_log_reader *reader = calloc(1, sizeof *reader);

    *out = reader;
    if (!reader)
        return ENOMEM;
    reader->pieces.place = *place;
    reader->crypto = crypto;
    return 0;
}

void troth_log_reader_destroy(struct troth_log_reader *reader)
{
    if (reader)
        troth_log_pieces_forget(&reader->pieces);
    free(reader);
}

int troth_log_reader_inclusion(struct troth_log_reader *reader,
                               struct troth_log_problem *problem,
                               struct troth_log_path *out, uint64_t index,
                               const struct troth_log_tree *tree)
{
    struct asking asking = {reader, problem, tree->size, 0};
    struct troth_log_hash leaf;
    enum troth_err err;

    *out = (struct troth_log_path){.count = 0};
    if (!is_within(index, tree))
        return troth_log_problem_say(problem, EINVAL,
                                     "the tree has no entry of that index");
    err = find_node(&asking, &leaf, 0, index);
    if (!err)
        err = make_inclusion(out, &asking, index);
    if (!err)
        err = troth_log_check_inclusion(reader->crypto, index, &leaf, out, tree);
    if (err)
        *out = (struct troth_log_path){.count = 0};
    return answer(&asking, err, "the tiles do not make the root that was signed");
}

int troth_log_reader_consistency(struct troth_log_reader *reader,
                                 struct troth_log_problem *problem,
                                 struct troth_log_path *out,
                                 const struct troth_log_tree *older,
                                 const struct troth_log_tree *newer)
{
    struct asking asking = {reader, problem, newer->size, 0};
    const struct troth_merkle_source source = {find_node, &asking};
    const char *why = "";
    enum troth_err err;

    *out = (struct troth_log_path){.count = 0};
    if (older->size > newer->size || newer->size > TROTH_TREE_SIZE_MAX)
        return troth_log_problem_say(problem, EINVAL,
                                     "the older tree is larger than the newer one");
    err = troth_merkle_consistency(out, reader->crypto, &source, older->size,
                                   newer->size);
    if (!err)
        err = troth_log_check_consistency(reader->crypto, older, out, newer);
    if (err) {
        why = asking.failed ? "" : why_inconsistent(&asking, out, older->size, newer);
        *out = (struct troth_log_path){.count = 0};
    }
    return answer(&asking, err, why);
}

int troth_log_reader_entry(struct troth_log_reader *reader,
                           struct troth_log_problem *problem, struct troth_file *out,
                           uint64_t index, const struct troth_log_tree *tree)
{
    struct asking asking = {reader, problem, tree->size, 0};
    struct troth_span entry = {NULL, 0}, rest;
    struct troth_log_path path;
    struct troth_log_hash leaf;
    struct troth_tile tile;
    enum troth_err err = TROTH_OK;
    int failed;

    *out = (struct troth_file){NULL, 0};
    if (!is_within(index, tree))
        return troth_log_problem_say(problem, EINVAL,
                                     "the tree has no entry of that index");
    tile = bundle_with(index, tree->size);
    failed = troth_log_pieces_bundle(&rest, &reader->pieces, problem, &tile);
    if (failed)
        return failed;
    for (unsigned i = 0; i <= index % TROTH_TILE_WIDTH && !err; i++)
        err = troth_tile_next_entry(&entry, &rest);
    if (!err)
        err = troth_log_leaf(&leaf, reader->crypto, entry);
    if (!err)
        err = make_inclusion(&path, &asking, index);
    if (!err)
        err = troth_log_check_inclusion(reader->crypto, index, &leaf, &path, tree);
    if (err)
        return answer(&asking, err, "an entry is not the one that was signed");
    out->bytes = malloc(entry.len + 1); /* an empty one is something, too */
    if (!out->bytes)
        return troth_log_problem_say(problem, ENOMEM, "no memory for an entry");
    memcpy(out->bytes, entry.ptr, entry.len);
    out->len = entry.len;
    return 0;
}

/* ---- the whole log ---- */

struct walk {
    struct asking asking;
    struct troth_edge *edge;
    int (*take)(void *state, uint64_t index, struct troth_span entry);
    void *state;
};

static enum troth_err pass_over(void *state, const struct troth_tile *tile,
                                struct troth_span bytes)
{
    (void)state;
    (void)tile;
    (void)bytes;
    return TROTH_OK;
}

static int walk_entry(struct walk *walk, struct troth_span entry)
{
    const struct troth_crypto *crypto = walk->asking.reader->crypto;
    const struct troth_edge_sink sink = {pass_over, NULL};
    const uint64_t index = walk->edge->size;
    struct troth_log_hash leaf;
    enum troth_err err = troth_log_leaf(&leaf, crypto, entry);
    int failed;

    if (!err)
        err = troth_edge_push(walk->edge, crypto, &leaf, &sink);
    failed = answer(&walk->asking, err, "an entry cannot be in a tree");
    if (!failed && walk->take)
        failed = walk->take(walk->state, index, entry);
    return failed;
}

/* From where the edge is to the end of that bundle. */
static int walk_bundle(struct walk *walk)
{
    struct troth_log_reader *reader = walk->asking.reader;
    const struct troth_tile tile = bundle_with(walk->edge->size, walk->asking.size);
    unsigned passed = (unsigned)(walk->edge->size % TROTH_TILE_WIDTH);
    struct troth_span entry, rest;
    int failed = troth_log_pieces_bundle(&rest, &reader->pieces, walk->asking.problem,
                                         &tile);

    for (unsigned i = 0; i < tile.width && !failed; i++) {
        const enum troth_err err = troth_tile_next_entry(&entry, &rest);

        failed = answer(&walk->asking, err, "a bundle of entries is not whole");
        if (!failed && i >= passed)
            failed = walk_entry(walk, entry);
    }
    return failed;
}

static int walk_to_end(struct walk *walk, const struct troth_log_tree *tree)
{
    struct asking *asking = &walk->asking;
    struct troth_log_hash root;
    enum troth_err err;
    int failed = 0;

    while (walk->edge->size < tree->size && !failed)
        failed = walk_bundle(walk);
    if (failed)
        return failed;
    err = troth_edge_root(&root, asking->reader->crypto, walk->edge);
    if (!err && !is_same(&root, &tree->root))
        err = TROTH_ERR_MISMATCH;
    return answer(asking, err, "the entries do not make the root that was signed");
}

int troth_log_reader_walk(
    struct troth_log_reader *reader, struct troth_log_problem *problem,
    struct troth_edge *edge, const struct troth_log_tree *tree,
    int (*take)(void *state, uint64_t index, struct troth_span entry), void *state)
{
    struct walk walk = {{reader, problem, tree->size, 0}, edge, take, state};
    int failed;

    if (edge->size > tree->size || tree->size > TROTH_TREE_SIZE_MAX)
        return troth_log_problem_say(problem, EINVAL,
                                     "the tree is smaller than what was read of it");
    reader->before = *edge;
    failed = walk_to_end(&walk, tree);
    troth_log_pieces_forget_bundle(&reader->pieces);
    if (failed)
        *edge = reader->before;
    return failed;
}
