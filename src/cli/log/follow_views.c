/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/span.h"
#include "cli/log/follow_inside.h"
#include "cli/log/log_complaint.h"

/* ---- telling ---- */

bool troth_follow_complain(struct troth_problem *problem, const char *name,
                           const struct troth_log_problem *why)
{
    (void)troth_log_complain(problem, name, why);
    problem->hint[0] = '\0'; /* those are of who writes a log */
    return false;
}

/* The same of the same notes was told by this process already. */
static bool was_told(struct troth_follow *follow,
                     const struct troth_follow_charge *charge)
{
    const uint8_t what = (uint8_t)charge->what;
    struct troth_span spans[4] = {{&what, 1},
                                  {(const uint8_t *)charge->name, strlen(charge->name)}};
    uint8_t digest[TROTH_HASH_MAX];
    const struct troth_span known = {digest, sizeof follow->told[0]};

    for (size_t i = 0; i < charge->count; i++)
        spans[2 + i] = troth_follow_sight_note(charge->sights[i]);
    if (follow->options.crypto->ops->digest(
            follow->options.crypto->state, digest, TROTH_SHA256,
            (struct troth_parts){spans, 2 + charge->count}))
        return false;
    for (size_t i = 0; i < follow->told_count; i++)
        if (troth_span_equal((struct troth_span)TROTH_ARRAY_SPAN(follow->told[i]), known))
            return true;
    if (follow->told_count < TROTH_FOLLOW_TOLD_MAX)
        memcpy(follow->told[follow->told_count++], digest, sizeof follow->told[0]);
    return false;
}

bool troth_follow_charge(struct troth_follow_turn *turn,
                         const struct troth_follow_charge *charge)
{
    struct troth_follow *follow = turn->follow;
    const size_t told = follow->told_count;
    struct troth_follow_event event = {.what = charge->what,
                                       .name = charge->name,
                                       .origin = follow->options.trust->origin,
                                       .why = charge->why,
                                       .count = charge->count};

    turn->round->violations++;
    if (was_told(follow, charge))
        return true;
    for (size_t i = 0; i < charge->count; i++) {
        const struct troth_follow_sight *sight = charge->sights[i];
        const int failed = troth_follow_evidence_write(
            event.paths[i], follow->options.state_path, sight->tree.size,
            troth_follow_sight_note(sight), follow->options.crypto);

        event.trees[i] = sight->tree;
        if (failed) {
            follow->told_count = told;
            return troth_problem_io(turn->problem, "cannot keep the evidence beside",
                                    follow->options.state_path, failed);
        }
    }
    if (follow->options.tell(follow->options.state, turn->problem, &event))
        return true;
    follow->told_count = told;
    return false;
}

/* ---- looking ---- */

bool troth_follow_look(struct troth_follow_turn *turn, struct troth_follow_sight *out,
                       const struct troth_follow_view *view,
                       const struct troth_witnesses *trust)
{
    char why[TROTH_LOG_PROBLEM_ROOM];
    struct troth_log_problem problem = {0};
    int failed;

    *out = (struct troth_follow_sight){.is_known = false};
    failed = view->place
                 ? view->place->checkpoint(view->place->state, &problem, &out->file)
                 : troth_follow_sight_copy(out, view->note);
    if (failed == ENOENT)
        return troth_problem_usage(turn->problem, "'%s' shows no checkpoint", view->name);
    if (failed)
        return problem.failed
                   ? troth_follow_complain(turn->problem, view->name, &problem)
                   : troth_problem_io(turn->problem, "cannot read", view->name, failed);
    if (troth_follow_sight_verify(out, why, sizeof why, trust,
                                  turn->follow->options.crypto))
        return true;

    const struct troth_follow_charge charge = {.what = TROTH_FOLLOW_EVENT_INVALID,
                                               .name = view->name,
                                               .why = why,
                                               .sights = {out},
                                               .count = 1};

    return troth_follow_charge(turn, &charge);
}

/* ---- comparing ---- */

struct comparison {
    struct troth_follow_turn *turn;
    const struct troth_follow_view *view;
    struct troth_follow_sight other;
    const struct troth_follow_sight *now;
};

static bool conclude(const struct comparison *c, enum troth_follow_verdict verdict,
                     const struct troth_log_problem *why)
{
    struct troth_follow_charge charge = {.what = TROTH_FOLLOW_EVENT_SPLIT_VIEW,
                                         .name = c->view->name,
                                         .why = "others are shown another tree",
                                         .sights = {c->now, &c->other},
                                         .count = 2};

    if (verdict == TROTH_FOLLOW_FITS)
        return true;
    if (verdict == TROTH_FOLLOW_UNKNOWN)
        return troth_follow_complain(c->turn->problem, c->view->name, why);
    if (verdict == TROTH_FOLLOW_BROKEN) {
        charge.what = TROTH_FOLLOW_EVENT_INCONSISTENT;
        charge.why = why->text;
    }
    return troth_follow_charge(c->turn, &charge);
}

/* By the tiles of the other place, if it has some. */
static enum troth_follow_verdict judge_there(struct comparison *c,
                                             struct troth_log_problem *why)
{
    struct troth_follow *follow = c->turn->follow;
    struct troth_follow_walk walk = troth_follow_walk_of(follow);
    enum troth_follow_verdict verdict;

    if (!c->view->place ||
        troth_log_reader_create(&walk.reader, c->view->place, follow->options.crypto))
        return TROTH_FOLLOW_UNKNOWN;
    verdict = troth_follow_judge(&walk, why, &c->now->tree, &c->other.tree);
    troth_log_reader_destroy(walk.reader);
    return verdict;
}

/* It is ahead, and has no tiles: by now the log may have come as far. */
static bool compare_later(const struct comparison *before)
{
    struct comparison c = *before;
    struct troth_follow_turn *turn = c.turn;
    const struct troth_follow_options *options = &turn->follow->options;
    const struct troth_follow_view own = {.name = options->name, .place = options->place};
    struct troth_follow_walk walk = troth_follow_walk_of(turn->follow);
    struct troth_follow_sight later;
    struct troth_log_problem why;
    bool fine = troth_follow_look(turn, &later, &own, options->trust);

    if (fine && later.is_known && later.tree.size >= c.other.tree.size) {
        c.now = &later;
        fine = conclude(&c, troth_follow_judge(&walk, &why, &c.other.tree, &later.tree),
                        &why);
    } else if (fine && later.is_known) {
        fine = troth_problem_usage(turn->problem,
                                   "'%s' was shown a tree of %" PRIu64
                                   " entries, and '%s' shows one of %" PRIu64,
                                   c.view->name, c.other.tree.size, own.name,
                                   later.tree.size);
        troth_problem_hint(turn->problem, "a witness is shown a tree first: ask again; a "
                                          "log that keeps it back hides something");
    }
    troth_follow_sight_release(&later);
    return fine;
}

static bool compare(struct comparison *c)
{
    struct troth_follow_walk walk = troth_follow_walk_of(c->turn->follow);
    struct troth_log_problem why = {0};
    enum troth_follow_verdict verdict;

    if (c->other.tree.size <= c->now->tree.size)
        return conclude(c, troth_follow_judge(&walk, &why, &c->other.tree, &c->now->tree),
                        &why);
    verdict = judge_there(c, &why);
    return verdict == TROTH_FOLLOW_UNKNOWN ? compare_later(c)
                                           : conclude(c, verdict, &why);
}

bool troth_follow_compare(struct troth_follow_turn *turn)
{
    const struct troth_follow_options *options = &turn->follow->options;
    struct troth_problem first = {.name = NULL};

    for (size_t i = 0; i < options->view_count; i++) {
        struct comparison c = {
            .turn = turn, .view = &options->views[i], .now = &turn->now};
        bool fine = troth_follow_look(turn, &c.other, c.view, &turn->follow->lone);

        if (fine && c.other.is_known)
            fine = compare(&c);
        troth_follow_sight_release(&c.other);
        if (!fine && !first.name)
            first = *turn->problem;
    }
    if (first.name)
        *turn->problem = first;
    return !first.name;
}
