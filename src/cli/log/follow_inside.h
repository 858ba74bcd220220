/* follow_inside.h - a monitor from the inside: what it knows, and how it tells. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_CLI_LOG_FOLLOW_INSIDE_H
#define TROTH_CLI_LOG_FOLLOW_INSIDE_H

#include "cli/log/follow_sight.h"
#include "cli/log/follow_walk.h"

/* Violations that were told, so that nobody hears of one again each minute. */
#define TROTH_FOLLOW_TOLD_MAX 64

struct troth_follow {
    struct troth_follow_options options;
    struct troth_witnesses lone; /* the trust, where the log's own word is enough */
    struct troth_log_reader *reader;
    int lock;
    struct troth_follow_sight kept; /* what is in the state file */
    struct troth_edge edge;         /* of that tree, if `has_edge` */
    bool has_edge;
    struct troth_edge room; /* of audits */
    struct troth_follow_spool spool;
    uint8_t entry[TROTH_LOG_ENTRY_MAX];
    uint8_t told[TROTH_FOLLOW_TOLD_MAX][32];
    size_t told_count;
};

/* A round, while it lasts. */
struct troth_follow_turn {
    struct troth_follow *follow;
    struct troth_follow_round *round;
    struct troth_problem *problem;
    struct troth_follow_sight now; /* what the log shows */
};

/* What is told of a violation: the sights it is about, whose notes are kept. */
struct troth_follow_charge {
    enum troth_follow_what what;
    const char *name, *why;
    const struct troth_follow_sight *sights[2];
    size_t count;
};
/* False, with a problem: nobody was told. */
bool troth_follow_charge(struct troth_follow_turn *turn,
                         const struct troth_follow_charge *charge);

/* A problem of a place; false. */
bool troth_follow_complain(struct troth_problem *problem, const char *name,
                           const struct troth_log_problem *why);

/* A walk of the log's own place, with room for an audit. */
struct troth_follow_walk troth_follow_walk_of(struct troth_follow *follow);

/* The checkpoint of a place, verified. False, with a problem: it cannot be read. True and
 * not known: it was no good, and that was told. */
bool troth_follow_look(struct troth_follow_turn *turn, struct troth_follow_sight *out,
                       const struct troth_follow_view *view,
                       const struct troth_witnesses *trust);

/* ---- follow_views.c ---- */

/* Every other view against what the log shows. False, with the first problem. */
bool troth_follow_compare(struct troth_follow_turn *turn);

#endif
