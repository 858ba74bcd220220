/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/log/follow.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/span.h"
#include "cli/log/follow_inside.h"
#include "cli/log/log_complaint.h"
#include "os/lock.h"

/* clang-format off */
static const struct {
    const char *name, *meaning;
    bool is_violation;
} events[] = {
#define X(id, name, is_violation, meaning)                                               \
    [TROTH_FOLLOW_EVENT_##id] = {name, meaning, is_violation},
    TROTH_FOLLOW_EVENTS(X)
#undef X
};
/* clang-format on */

const char *troth_follow_name(enum troth_follow_what what)
{
    return events[what].name;
}

const char *troth_follow_meaning(enum troth_follow_what what)
{
    return events[what].meaning;
}

bool troth_follow_is_violation(enum troth_follow_what what)
{
    return events[what].is_violation;
}

/* ---- opening ---- */

static bool complain_state(struct troth_problem *problem, const char *path,
                           const char *why)
{
    (void)troth_problem_usage(problem, "'%s' is no state of this log's monitor: %s", path,
                              why);
    troth_problem_hint(problem,
                       "nothing begins anew by itself: whoever could damage this "
                       "file could hide what the log did. Move it away, and "
                       "every entry is read again");
    return false;
}

/* Without a file there is nothing to remember. */
static bool read_state(struct troth_follow *follow, struct troth_problem *problem)
{
    const char *path = follow->options.state_path;
    struct troth_file file;
    struct troth_fault fault;
    struct troth_span note;
    char why[TROTH_LOG_PROBLEM_ROOM];
    int failed = troth_file_read(&file, path, TROTH_FOLLOW_STATE_MAX);

    if (failed == ENOENT)
        return true;
    if (failed == EFBIG)
        return complain_state(problem, path, "it is too long");
    if (failed)
        return troth_problem_io(problem, "cannot read", path, failed);
    if (troth_follow_state_parse(&note, &fault,
                                 (struct troth_span){file.bytes, file.len})) {
        troth_file_release(&file);
        return complain_state(problem, path, troth_err_text(fault.err));
    }
    failed = troth_follow_sight_copy(&follow->kept, note);
    troth_file_release(&file);
    if (failed)
        return troth_problem_memory(problem);
    return troth_follow_sight_verify(&follow->kept, why, sizeof why, &follow->lone,
                                     follow->options.crypto) ||
           complain_state(problem, path, why);
}

static bool take_lock(struct troth_follow *follow, struct troth_problem *problem)
{
    const char *path = follow->options.state_path;
    char lock[TROTH_FOLLOW_PATH_ROOM];
    const int len = snprintf(lock, sizeof lock, "%s.lock", path);
    const int failed = len < 0 || (size_t)len >= sizeof lock
                           ? ENAMETOOLONG
                           : troth_lock_take(&follow->lock, lock, troth_patience_real(),
                                             0, "another monitor");

    if (failed == EBUSY)
        return troth_problem_usage(problem, "'%s' is another monitor's that runs", path);
    return !failed || troth_problem_io(problem, "cannot lock", path, failed);
}

bool troth_follow_open(struct troth_follow **out, struct troth_problem *problem,
                       const struct troth_follow_options *options)
{
    struct troth_follow *follow = calloc(1, sizeof *follow);

    *out = NULL;
    if (!follow)
        return troth_problem_memory(problem);
    follow->options = *options;
    follow->lone = *options->trust;
    follow->lone.needed = 0;
    follow->lock = -1;
    if (take_lock(follow, problem) && read_state(follow, problem)) {
        if (troth_log_reader_create(&follow->reader, options->place, options->crypto)) {
            (void)troth_problem_memory(problem);
        } else {
            *out = follow;
            return true;
        }
    }
    troth_follow_close(follow);
    return false;
}

void troth_follow_close(struct troth_follow *follow)
{
    if (!follow)
        return;
    troth_log_reader_destroy(follow->reader);
    troth_follow_spool_forget(&follow->spool);
    troth_follow_sight_release(&follow->kept);
    troth_lock_release(follow->lock);
    free(follow);
}

/* ---- a round ---- */

struct troth_follow_walk troth_follow_walk_of(struct troth_follow *follow)
{
    return (struct troth_follow_walk){
        .options = &follow->options, .reader = follow->reader, .edge = &follow->room};
}

static enum troth_err read_tile(void *state, uint8_t *bytes,
                                const struct troth_tile *tile)
{
    const struct troth_log_place *place = state;
    const size_t wanted = (size_t)tile->width * TROTH_LOG_HASH_SIZE;
    struct troth_log_problem problem = {0};
    struct troth_file file;

    if (place->tile(place->state, &problem, &file, tile))
        return TROTH_ERR_MISSING;
    const bool is_whole = file.len == wanted;

    if (is_whole)
        memcpy(bytes, file.bytes, wanted);
    troth_file_release(&file);
    return is_whole ? TROTH_OK : TROTH_ERR_SHORT;
}

/* The edge of the tree that is remembered, from the log's own tiles: they are right if
 * they make its root. */
static bool restore_edge(struct troth_follow *follow)
{
    const struct troth_tile_source source = {read_tile, (void *)follow->options.place};
    const struct troth_log_hash *wanted = &follow->kept.tree.root;
    struct troth_log_hash root;

    if (follow->has_edge)
        return true;
    follow->has_edge =
        follow->kept.is_known &&
        !troth_edge_restore(&follow->edge, &source, follow->kept.tree.size) &&
        !troth_edge_root(&root, follow->options.crypto, &follow->edge) &&
        troth_span_equal((struct troth_span)TROTH_ARRAY_SPAN(root.bytes),
                         (struct troth_span)TROTH_ARRAY_SPAN(wanted->bytes));
    return follow->has_edge;
}

/* The violation that a verdict about what is remembered and what is shown now is; true
 * unless nobody was told. */
static bool charge_both(struct troth_follow_turn *turn, enum troth_follow_what what,
                        const char *why)
{
    const struct troth_follow_charge charge = {
        .what = what,
        .name = turn->follow->options.name,
        .why = why,
        .sights = {turn->follow->kept.is_known ? &turn->follow->kept : &turn->now,
                   &turn->now},
        .count = turn->follow->kept.is_known ? 2 : 1};

    return troth_follow_charge(turn, &charge);
}

static bool charge_verdict(struct troth_follow_turn *turn,
                           enum troth_follow_verdict verdict,
                           const struct troth_log_problem *why)
{
    switch (verdict) {
    case TROTH_FOLLOW_SPLIT:
        return charge_both(turn, TROTH_FOLLOW_EVENT_SPLIT_VIEW,
                           "the tree that is shown does not begin with the one before");
    case TROTH_FOLLOW_BROKEN:
        return charge_both(turn, TROTH_FOLLOW_EVENT_INCONSISTENT, why->text);
    case TROTH_FOLLOW_FITS:
        return charge_both(turn, TROTH_FOLLOW_EVENT_INCONSISTENT,
                           "its entries make the tree that was signed, its tiles do not");
    case TROTH_FOLLOW_UNKNOWN:
        break;
    }
    return turn->round->is_stopped ||
           troth_follow_complain(turn->problem, turn->follow->options.name, why);
}

/* Older than what was shown before. Whether it is at least the same log is worth a look,
 * but not that it can be had. */
static bool charge_smaller(struct troth_follow_turn *turn)
{
    struct troth_follow_walk walk = troth_follow_walk_of(turn->follow);
    struct troth_log_problem why;

    if (troth_follow_judge(&walk, &why, &turn->now.tree, &turn->follow->kept.tree) ==
        TROTH_FOLLOW_SPLIT)
        return charge_verdict(turn, TROTH_FOLLOW_SPLIT, &why);
    return charge_both(turn, TROTH_FOLLOW_EVENT_ROLLBACK,
                       "the tree that is shown is smaller than the one before");
}

/* Every new entry; `*out_fits`: they are what was signed. */
static bool walk_new(struct troth_follow_turn *turn, bool *out_fits)
{
    struct troth_follow *follow = turn->follow;
    const struct troth_log_tree *older = &follow->kept.tree, *newer = &turn->now.tree;
    struct troth_follow_walk walk = troth_follow_walk_of(follow);
    const bool goes_on = restore_edge(follow);
    struct troth_log_problem why;
    int failed;

    *out_fits = false;
    walk.edge = &follow->edge;
    walk.first_new = older->size;
    walk.spool = &follow->spool;
    walk.older = follow->kept.is_known ? older : NULL;
    if (!goes_on)
        follow->edge = (struct troth_edge){0};
    follow->has_edge = false;
    failed = troth_follow_walk(&walk, &why, newer);
    turn->round->is_stopped = walk.is_stopped;
    if (failed == EBADMSG && goes_on) {
        const enum troth_follow_verdict verdict = troth_follow_audit(&walk, &why, older,
                                                                     newer);

        turn->round->is_stopped = walk.is_stopped;
        return charge_verdict(turn, verdict, &why);
    }
    if (failed)
        return charge_verdict(
            turn, failed == EBADMSG ? TROTH_FOLLOW_BROKEN : TROTH_FOLLOW_UNKNOWN, &why);
    if (walk.older && !walk.is_beginning)
        return charge_verdict(turn, TROTH_FOLLOW_SPLIT, &why);
    follow->has_edge = *out_fits = true;
    return true;
}

/* What waited for the root. */
static bool tell_entries(struct troth_follow_turn *turn)
{
    struct troth_follow *follow = turn->follow;
    struct troth_follow_event event = {.name = follow->options.name,
                                       .origin = follow->options.trust->origin};
    int failed = troth_follow_spool_rewind(&follow->spool);

    if (!failed)
        failed = troth_follow_spool_next(&follow->spool, &event, follow->entry);
    while (!failed) {
        if (!follow->options.tell(follow->options.state, turn->problem, &event))
            return false;
        turn->round->matches++;
        failed = troth_follow_spool_next(&follow->spool, &event, follow->entry);
    }
    return failed == ENODATA ||
           troth_problem_io(turn->problem, "cannot read again what was kept beside",
                            follow->options.state_path, failed);
}

/* Now it is the past: what was shown is what is remembered. */
static bool remember(struct troth_follow_turn *turn)
{
    struct troth_follow *follow = turn->follow;
    const int failed = troth_follow_state_write(follow->options.state_path,
                                                troth_follow_sight_note(&turn->now));
    struct troth_follow_sight copy;

    if (failed)
        return troth_problem_io(turn->problem, "cannot write", follow->options.state_path,
                                failed);
    if (troth_follow_sight_copy(&copy, troth_follow_sight_note(&turn->now)))
        return troth_problem_memory(turn->problem);
    copy.tree = turn->now.tree;
    copy.is_known = true;
    turn->round->hashed = copy.tree.size - follow->kept.tree.size;
    troth_follow_sight_release(&follow->kept);
    follow->kept = copy;
    return true;
}

/* From what is remembered to what is shown; `*out_fits`: they are one log. */
static bool advance(struct troth_follow_turn *turn, bool *out_fits)
{
    struct troth_follow *follow = turn->follow;
    const struct troth_log_tree *older = &follow->kept.tree, *newer = &turn->now.tree;

    *out_fits = false;
    if (follow->kept.is_known && newer->size < older->size)
        return charge_smaller(turn);
    if (follow->kept.is_known && newer->size == older->size) {
        *out_fits = troth_span_equal(
            (struct troth_span)TROTH_ARRAY_SPAN(older->root.bytes),
            (struct troth_span)TROTH_ARRAY_SPAN(newer->root.bytes));
        return *out_fits ||
               charge_verdict(turn, TROTH_FOLLOW_SPLIT, &(struct troth_log_problem){0});
    }
    if (!walk_new(turn, out_fits))
        return false;
    if (!*out_fits)
        return true; /* and that was told */
    if (tell_entries(turn) && remember(turn))
        return true;
    /* The same entries once more next time. */
    follow->has_edge = *out_fits = false;
    return false;
}

bool troth_follow_round(struct troth_follow_round *out, struct troth_problem *problem,
                        struct troth_follow *follow)
{
    const struct troth_follow_view own = {.name = follow->options.name,
                                          .place = follow->options.place};
    struct troth_follow_turn turn = {.follow = follow, .round = out, .problem = problem};
    bool fits = false, fine;

    *out = (struct troth_follow_round){.hashed = 0};
    fine = troth_follow_look(&turn, &turn.now, &own, follow->options.trust);
    if (fine && turn.now.is_known)
        fine = advance(&turn, &fits);
    troth_follow_spool_forget(&follow->spool);
    if (fine && fits && !out->is_stopped)
        fine = troth_follow_compare(&turn);
    out->tree = follow->kept.tree;
    troth_follow_sight_release(&turn.now);
    return fine;
}
