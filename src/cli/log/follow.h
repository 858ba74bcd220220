/*
 * follow.h - a log as somebody sees it who never trusts it: each checkpoint is held
 * against the one before and against what others were shown, and every entry is hashed.
 *
 * What a log that contradicts itself has signed is proof of that to everybody; so notes
 * that do are kept.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_CLI_LOG_FOLLOW_H
#define TROTH_CLI_LOG_FOLLOW_H

#include "cli/log/follow_filter.h"
#include "cli/log/follow_state.h"
#include "log/reader.h"

/* clang-format off */
#define TROTH_FOLLOW_EVENTS(X)                                                                 \
    /* id            name            is it the log's fault?  what it is                     */ \
    X(MATCH,        "match",         false, "an entry matches the filter")                     \
    X(UNJUDGED,     "unjudged",      false, "the filter cannot judge an entry")                \
    X(SPLIT_VIEW,   "split_view",    true,  "the log signed trees that contradict each other") \
    X(ROLLBACK,     "rollback",      true,  "the log shows less than it has shown before")     \
    X(INCONSISTENT, "inconsistent",  true,  "what is served does not make the tree that was signed") \
    X(INVALID,      "invalid",       true,  "a checkpoint is not signed as it has to be")
/* clang-format on */

enum troth_follow_what {
#define X(id, name, is_violation, meaning) TROTH_FOLLOW_EVENT_##id,
    TROTH_FOLLOW_EVENTS(X)
#undef X
};
const char *troth_follow_name(enum troth_follow_what what);
const char *troth_follow_meaning(enum troth_follow_what what);
bool troth_follow_is_violation(enum troth_follow_what what);

/* What somebody is told; borrows everything, for one call. */
struct troth_follow_event {
    enum troth_follow_what what;
    const char *name; /* of the place it is about: as the command line has it */
    struct troth_span origin;
    const char *why; /* a clause */
    uint64_t index;  /* MATCH, UNJUDGED: of the entry */
    struct troth_span entry;
    /* A violation: the trees it is about, and where their notes are kept. */
    size_t count;
    struct troth_log_tree trees[2];
    char paths[2][TROTH_FOLLOW_PATH_ROOM];
};

/* Another view of the same log: a place, or a note alone. */
struct troth_follow_view {
    const char *name;
    const struct troth_log_place *place; /* has a checkpoint, and perhaps tiles */
    struct troth_span note;              /* where `place` is NULL */
};

struct troth_follow_options {
    const char *name; /* of the place */
    const struct troth_log_place *place;
    const struct troth_witnesses *trust;
    const struct troth_crypto *crypto;
    const char *state_path;
    struct troth_follow_filter *filter; /* NULL: none */
    const struct troth_follow_view *views;
    size_t view_count;
    void *state;
    /* False: nobody was told; with a problem. Then it is told once more next time. */
    bool (*tell)(void *state, struct troth_problem *problem,
                 const struct troth_follow_event *event);
    /* So many entries of so many are hashed; true: stop, with no problem. */
    bool (*progress)(void *state, uint64_t index, uint64_t size);
};

struct troth_follow;

/*
 * troth_follow_open - begin, or go on from where the state file says.
 *
 * Shape    without a file it begins with the first entry; a file that is none, or that
 *          the log did not sign, is a problem and never a beginning
 */
bool troth_follow_open(struct troth_follow **out, struct troth_problem *problem,
                       const struct troth_follow_options *options);
void troth_follow_close(struct troth_follow *follow); /* takes NULL */

/* What one round came to. */
struct troth_follow_round {
    struct troth_log_tree tree; /* that is remembered now */
    uint64_t hashed;            /* entries of this round */
    size_t matches, violations; /* that were told */
    bool is_stopped;            /* by progress() */
};

/*
 * troth_follow_round - look once.
 *
 * Shape    entries are told once all of them made the root that was signed; the state is
 *          written once they were told
 * Returns  false, with a problem: something could not be told or read; what was told
 *          before stands in `out` all the same
 * Effects  memory for one bundle of entries, whatever the size of the log
 */
bool troth_follow_round(struct troth_follow_round *out, struct troth_problem *problem,
                        struct troth_follow *follow);

#endif
