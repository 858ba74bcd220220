/* policy.h - hold evidence against a policy. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_APPRAISE_POLICY_H
#define TROTH_APPRAISE_POLICY_H

#include "policy/policy.h"

/* One piece of evidence and the policy it is to satisfy. */
struct troth_policy_case {
    struct troth_judgement *j;
    const struct troth_format *format;
    const void *fields; /* the family's */
    const struct troth_claims *claims;
    const struct troth_policy *policy;
    const struct troth_kind_policy *kind; /* what it says of this family */
};

/* What came of it beside the rows; in the arena. */
struct troth_policy_outcome {
    struct troth_span image; /* the one that was recognised, or "" */
    const struct troth_explanation *explanations;
    size_t explanation_count;
};

/*
 * troth_policy_question - what a family has to be asked, for a policy and the question
 * beside it.
 *
 *   out     borrows both
 *   asked   the nonce and the binding to answer, and nothing else
 *
 * Errors   TROTH_ERR_VALUE: `asked` asks more; TROTH_ERR_CLOCK: a policy is never judged
 *          at the evidence's own time
 */
TROTH_MUST_USE enum troth_err
troth_policy_question(struct troth_requirements *out, struct troth_fault *fault,
                      const struct troth_policy *policy,
                      const struct troth_format *format,
                      const struct troth_verify_input *input);

/*
 * troth_policy_appraise - all checks that are the policy's: kind, measurement, nonce,
 * claim, machine, age, log and rule.
 *
 * Errors   TROTH_ERR_MEMORY; TROTH_ERR_VALUE; the binding's own. What goes wrong in a
 *          rule is an outcome.
 */
TROTH_MUST_USE enum troth_err troth_policy_appraise(struct troth_policy_outcome *out,
                                                    struct troth_fault *fault,
                                                    const struct troth_policy_case *c);

/* What the policy says of evidence of this family. */
const struct troth_kind_policy *troth_policy_for(const struct troth_policy *policy,
                                                 const struct troth_format *format);

/* Parts of troth_policy_appraise(). Errors: TROTH_ERR_MEMORY */

/* MEASUREMENT: the first image whose demands all hold, or where the nearest one's fail.
 */
TROTH_MUST_USE enum troth_err
troth_policy_judge_images(struct troth_span *out_image,
                          const struct troth_policy_case *c);

/* MACHINE. */
void troth_policy_judge_machine(const struct troth_policy_case *c);

/*
 * LOG. NOT MADE without a bundle; what a bundle lacks is an outcome, but not that it is
 * none: the errors of troth_log_proof_parse(), too.
 */
TROTH_MUST_USE enum troth_err troth_policy_judge_log(const struct troth_policy_case *c,
                                                     struct troth_fault *fault);

/* AGE. `is_asked`: the evidence was asked to answer a nonce or a binding. */
void troth_policy_judge_age(const struct troth_policy_case *c, bool is_asked);

/*
 * RULE: one row a rule, in their order, and an explanation of each that does not hold.
 *
 * What one evaluation may take; more and the rule fails. The memory comes out of the
 * arena of the verification, and so does what is kept of explanations: those that do not
 * fit are left without reasons.
 */
#define TROTH_RULE_STEPS_MAX      UINT64_C(1000000)
#define TROTH_RULE_MEMORY         ((size_t)256 * 1024)
#define TROTH_EXPLANATIONS_MEMORY ((size_t)512 * 1024)
#define TROTH_EXPLANATION_REASONS 32 /* at most, of one rule */
TROTH_MUST_USE enum troth_err troth_policy_judge_rules(struct troth_policy_outcome *out,
                                                       const struct troth_policy_case *c);

#endif
