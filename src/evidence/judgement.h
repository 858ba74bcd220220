/*
 * judgement.h - a verdict in the making.
 *
 * A family's plan names every check it owes before the first one is made. Each starts as
 * not made, so a check that is forgotten leaves the verdict undetermined, never accepted.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_EVIDENCE_JUDGEMENT_H
#define TROTH_EVIDENCE_JUDGEMENT_H

#include "evidence/limits.h"
#include "troth/verify.h"

/* Rows a verdict may have beyond one for each expectation and wanted event: the plan (at
 * most 20), one for each bit of two words that has no meaning or a bad one (at most 128),
 * the second chain's and what may go wrong in it (at most 16), one for each row of an
 * identity table (at most 8), a binding's, an event log's. */
#define TROTH_JUDGEMENT_ROWS        192
/* And beside rules and images, a policy's: kind, floors, machine, age. */
#define TROTH_JUDGEMENT_POLICY_ROWS 16

struct troth_judgement {
    const struct troth_verify_input *input;
    int64_t at_s; /* the clock, whichever kind it is */
    struct troth_verdict verdict;
    struct troth_limits not_proven;
    const struct troth_anchor *anchor;
    int64_t valid_until_s;
    const char *valid_until_what;
    enum troth_err err; /* sticky: no room for a row */
};

/*
 * troth_judgement_begin - room for the rows, and one not-made row for each planned check.
 *
 *   plan   checks in the order in which results list them; ends with TROTH_CHECK_COUNT
 *
 * Errors   TROTH_ERR_MEMORY
 */
TROTH_MUST_USE enum troth_err
troth_judgement_begin(struct troth_judgement *out, const struct troth_verify_input *input,
                      int64_t at_s, const enum troth_check_id *plan);

/* Record an outcome: in the planned row of its id, or in a new one where its id belongs.
 */
void troth_judge(struct troth_judgement *j, struct troth_check row);

void troth_judge_passed(struct troth_judgement *j, enum troth_check_id id);
void troth_judge_failed(struct troth_judgement *j, enum troth_check_id id,
                        const char *why);
/* Decided by family, version or policy tables; say why. */
void troth_judge_not_applicable(struct troth_judgement *j, enum troth_check_id id,
                                const char *why);

/*
 * troth_judge_signature - TROTH_CHECK_SIGNATURE, by whether `key` made it.
 *
 * Errors   TROTH_ERR_CRYPTO only: everything else is an outcome
 */
TROTH_MUST_USE enum troth_err
troth_judge_signature(struct troth_judgement *j, enum troth_signature_algorithm algorithm,
                      const struct troth_public_key *key, struct troth_parts message,
                      struct troth_span signature);

/* Something that refuses unless the caller allows it by name ("debug"). */
struct troth_finding {
    enum troth_check_id id;
    const char *name;
    const char *why;
    struct troth_value seen, wanted;
};
void troth_judge_finding(struct troth_judgement *j, const struct troth_finding *finding);

/* Is this name among the caller's `allow`, or among its `any`? */
bool troth_judge_allows(const struct troth_judgement *j, const char *name);
bool troth_judge_takes_any(const struct troth_judgement *j, const char *claim);
/* The caller's expectation for this claim, or NULL. */
const struct troth_expectation *troth_judge_expects(const struct troth_judgement *j,
                                                    const char *claim);

/* Keep the earliest end. */
void troth_judge_valid_until(struct troth_judgement *j, int64_t until_s,
                             const char *what);

#endif
