/* SPDX-License-Identifier: Apache-2.0 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/number.h"
#include "base/span.h"
#include "log/problem.h"
#include "log/public.h"
#include "log/publish.h"

/* What is said of a folder that does not fit its order. */
static int contradict(struct troth_log_publisher *p, struct troth_log_problem *problem,
                      const char *pattern, uint64_t number)
{
    char words[TROTH_LOG_NUMBER_ROOM];

    return troth_log_problem_set(
        problem, EBADMSG, pattern,
        (const char *const[3]){p->options.folder, troth_log_number(words, number), NULL});
}

static bool is_same(const struct troth_log_tree *a, const struct troth_log_tree *b)
{
    return a->size == b->size &&
           troth_span_equal((struct troth_span)TROTH_ARRAY_SPAN(a->root.bytes),
                            (struct troth_span)TROTH_ARRAY_SPAN(b->root.bytes));
}

/* ---- tiles of what the order does not have ---- */

static bool is_wider(const char *name, unsigned width)
{
    uint64_t number;

    return troth_uint_parse(&number, troth_span_of_text(name), 10) == TROTH_OK &&
           number > width;
}

static bool has_wider(int at, unsigned width)
{
    DIR *list = fdopendir(at);
    const struct dirent *entry;
    bool found = false;

    if (!list) {
        (void)close(at);
        return false;
    }
    while (!found && (entry = readdir(list)) != NULL) /* NOLINT(concurrency-mt-unsafe) */
        found = is_wider(entry->d_name, width);
    (void)closedir(list);
    return found;
}

/* Of the tile that the next entry will be in: is it there in full, or wider? A tree that
 * went on had to write one of them. */
static bool goes_beyond(int public, uint64_t next)
{
    struct troth_tile tile = {false, 0, next / TROTH_TILE_WIDTH, TROTH_TILE_WIDTH};
    const unsigned width = (unsigned)(next % TROTH_TILE_WIDTH);
    char path[TROTH_TILE_PATH_ROOM];
    const char *name;
    bool found;
    int at, partials;

    troth_tile_path(path, &tile);
    if (troth_public_enter(&at, public, path, false) != 0)
        return false;
    name = troth_public_name(path);
    found = faccessat(at, name, F_OK, AT_SYMLINK_NOFOLLOW) == 0;
    (void)snprintf(path + strlen(path), sizeof path - strlen(path), ".p");
    if (!found && troth_public_folder(&partials, at, name, false) == 0)
        found = has_wider(partials, width);
    (void)close(at);
    return found;
}

static int check_tiles(struct troth_log_publisher *p, struct troth_log_problem *problem)
{
    bool is_ahead;
    int root, public;
    int failed = troth_public_root(&root, p->options.folder);

    if (failed)
        return troth_public_failed(problem, failed, "open", p->options.folder, "");
    failed = troth_public_folder(&public, root, "public", false);
    (void)close(root);
    if (failed)
        return failed == ENOENT
                   ? 0
                   : troth_public_failed(problem, failed, "open", p->options.folder, "");
    is_ahead = goes_beyond(public, p->state.next);
    (void)close(public);
    return is_ahead ? contradict(p, problem,
                                 "the tiles in '%' go beyond the % entries of the order: "
                                 "the order is an older copy",
                                 p->state.next)
                    : 0;
}

/* ---- the checkpoint that is shown ---- */

/* Size 0: none is. */
static int read_shown(struct troth_log_publisher *p, struct troth_log_problem *problem,
                      struct troth_log_tree *out)
{
    struct troth_file file;
    int failed = troth_log_checkpoint_read(&file, problem, p->options.folder);

    *out = (struct troth_log_tree){0};
    if (failed)
        return failed == ENOENT ? 0 : failed;
    failed = troth_log_note_read(p, problem, out,
                                 (struct troth_span){file.bytes, file.len},
                                 "the checkpoint in public/");
    troth_file_release(&file);
    if (!failed && out->size > p->state.signed_at)
        return contradict(
            p, problem,
            "the checkpoint in '%' is ahead of the % entries that the order "
            "has signed: the order is an older copy",
            p->state.signed_at);
    return failed;
}

/* The edge of a tree that somebody signed. ENOENT: its tiles are not there. */
static int take_up(struct troth_log_publisher *p, struct troth_log_problem *problem,
                   const struct troth_log_tree *tree)
{
    struct troth_log_tree built;
    int failed = troth_log_rewind(p, problem, tree->size);

    if (!failed)
        failed = troth_log_tree_now(p, problem, &built);
    if (!failed && tree->size > 0 && !is_same(&built, tree))
        return contradict(p, problem,
                          "the tiles in '%' do not make the tree of % entries that was "
                          "signed",
                          tree->size);
    return failed;
}

/* Tiles that are not there are made of the order, as long as it has the entries. */
static int redo(struct troth_log_publisher *p, struct troth_log_problem *problem,
                const struct troth_log_tree *shown, const struct troth_log_tree *last)
{
    struct troth_log_tree built;
    int failed = take_up(p, problem, shown);

    if (!failed)
        failed = troth_log_build(p, problem, last->size);
    if (failed == ENOENT || failed == EBADMSG) {
        const struct troth_log_problem cause = *problem;

        return troth_log_problem_set(
            problem, EBADMSG,
            "tiles of entries that were signed are not in '%', which may be an older "
            "copy: %",
            (const char *const[3]){p->options.folder, cause.text, NULL});
    }
    if (!failed)
        failed = troth_log_tree_now(p, problem, &built);
    if (!failed && !is_same(&built, last))
        return contradict(
            p, problem,
            "the order in '%' does not make the tree of % entries that was signed",
            last->size);
    return failed;
}

static int restore(struct troth_log_publisher *p, struct troth_log_problem *problem,
                   const struct troth_log_tree *shown)
{
    const struct troth_span note = {p->state.checkpoint, p->state.checkpoint_len};
    struct troth_log_tree last = {0};
    int failed = 0;

    if (p->state.signed_at > 0)
        failed = troth_log_note_read(p, problem, &last, note,
                                     "the checkpoint in the order");
    if (!failed && last.size != p->state.signed_at)
        failed = contradict(p, problem,
                            "the order in '%' has signed % entries, and its checkpoint "
                            "says otherwise",
                            p->state.signed_at);
    if (failed)
        return failed;
    /* What is shown has to be the beginning of what was signed. */
    failed = take_up(p, problem, shown);
    if (!failed && shown->size < last.size)
        failed = take_up(p, problem, &last);
    else if (!failed && !is_same(shown, &last))
        failed = contradict(p, problem,
                            "the checkpoint in '%' of % entries is another than the one "
                            "that was signed",
                            shown->size);
    if (failed == ENOENT)
        failed = redo(p, problem, shown, &last);
    if (!failed)
        p->known = last;
    return failed;
}

int troth_log_publisher_open(struct troth_log_publisher *publisher,
                             struct troth_log_problem *problem)
{
    struct troth_log_publisher *p = publisher;
    struct troth_log_tree shown;
    int failed = p->sequence->ops->lead(p->sequence, problem);

    p->is_leader = failed == 0;
    if (failed && failed != EBUSY)
        return failed;
    failed = p->sequence->ops->state(p->sequence, problem, &p->state);
    if (!failed)
        failed = check_tiles(p, problem);
    if (!failed)
        failed = read_shown(p, problem, &shown);
    if (!failed)
        failed = troth_log_batch_open(&p->batch, problem, p->options.folder);
    if (!failed)
        failed = restore(p, problem, &shown);
    if (!failed)
        p->shown = shown.size;
    return failed;
}
