/*
 * trial.h - one piece of evidence before troth_verify(), and the answer as a line of
 * text.
 *
 * The line is "accepted", "refused: …" or "undetermined: …" with the names of the checks
 * that failed, and with a question mark those that were not made, in the order of the
 * result; or "error: " with the error's name and the field it names. A test's table can
 * then say in one string what it expects.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_TEST_TRIAL_H
#define TROTH_TEST_TRIAL_H

#include "troth/verify.h"

#define TRIAL_ROOTS 16
#define TRIAL_NAMES 80

/* Waves through what the relying party must otherwise name. */
#define TRIAL_ANY "--any measurement --any nonce "

#define TRIAL_LINE 512

/* For trial_judge(): the time the evidence signs. */
#define TRIAL_AT_DOCUMENT INT64_MIN

struct trial {
    struct troth_crypto crypto; /* the real one; a test may put another in its place */
    struct troth_anchor roots[TRIAL_ROOTS]; /* the built-in ones and then those added */
    struct troth_anchors anchors;
    struct troth_collateral_item items[TROTH_COLLATERAL_MAX];
    size_t item_count;
    struct troth_expectation expect[TRIAL_NAMES];
    struct troth_span any[TRIAL_NAMES], allow[TRIAL_NAMES];
    struct troth_requirements requirements;
    const struct troth_policy *policy; /* with a nonce and a binding beside it; or NULL */
    int64_t nonce_made_s;
    /* With one, the arena is TROTH_EVENT_LOG_ARENA_SIZE larger. */
    struct troth_span event_log;
    struct troth_span log_proof; /* the same of TROTH_LOG_PROOF_ARENA_SIZE */
    const struct troth_event *wanted_events;
    size_t wanted_event_count;
    struct troth_cache *cache;
    struct troth_arena arena; /* TROTH_VERIFY_ARENA_SIZE bytes; a test may give less */

    /* Of the last trial. */
    enum troth_err err;
    struct troth_fault fault;
    struct troth_result result;
    char line[TRIAL_LINE];

    void **kept;
    size_t kept_count;
};

void trial_begin(struct trial *t);
void trial_end(struct trial *t);

/* Forget roots, collateral, requirements, policy and what was kept. */
void trial_reset(struct trial *t);

/* A copy that lives until the trial is reset, in memory of exactly its length. */
struct troth_span trial_keep(struct trial *t, struct troth_span bytes);

/* Both copy what they are given; a certificate that is no root ends the program. */
void trial_add_root(struct trial *t, struct troth_span der);
enum troth_err trial_add_collateral(struct trial *t, struct troth_span file);

/*
 * Add requirements, spelled as on the command line and separated by single spaces:
 * --any NAME, --allow NAME, --expect CLAIM=VALUE, --nonce HEX, --binding SPEC.
 */
void trial_require(struct trial *t, const char *options);

/* Judge, and return `line`. The arena is used from its start. */
const char *trial_judge(struct trial *t, struct troth_span evidence, int64_t at_s);

/* The line for a verdict, however it came about. */
void trial_describe(char line[static TRIAL_LINE], const struct troth_verdict *verdict);

/* The last row of this check whose subject is `subject` (NULL: any); NULL if none is. */
const struct troth_check *trial_find(const struct trial *t, enum troth_check_id id,
                                     const char *subject);

/* Does the last result list this among what it does not prove? */
bool trial_leaves_open(const struct trial *t, const char *limit);

#endif
