/* appraise.h - hold evidence against what the relying party asked for. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_APPRAISE_APPRAISE_H
#define TROTH_APPRAISE_APPRAISE_H

#include "evidence/format.h"

/*
 * troth_requirements_check - can these requirements be understood at all?
 *
 * Errors   TROTH_ERR_CLAIM: a name in `allow` is no finding, or in `any` no claim of this
 *          evidence; TROTH_ERR_LIMIT: too many expectations; TROTH_ERR_DUPLICATE: one
 *          claim expected twice
 */
TROTH_MUST_USE enum troth_err
troth_requirements_check(struct troth_fault *fault,
                         const struct troth_requirements *requirements,
                         const struct troth_claims *claims);

/*
 * troth_appraise - the checks measurement, nonce and claim.
 *
 *   claims   those of the evidence, with "measurement" among them
 *
 * Errors   TROTH_ERR_VALUE: an expected value that its claim's type cannot have;
 *          TROTH_ERR_MEMORY; the binding's own
 */
TROTH_MUST_USE enum troth_err troth_appraise(struct troth_judgement *j,
                                             struct troth_fault *fault,
                                             const struct troth_format *format,
                                             const struct troth_claims *claims);

/*
 * troth_appraise_answer - does the evidence answer the nonce and the binding asked for?
 *
 *   out_is_asked   false: neither was, nor an expectation of the field they are in; then
 *                  there is no row yet
 *
 * Shape    each may be asked for by its own flag or as a claim; whatever is asked for
 *          must hold
 * Errors   as above
 */
TROTH_MUST_USE enum troth_err troth_appraise_answer(bool *out_is_asked,
                                                    struct troth_judgement *j,
                                                    struct troth_fault *fault,
                                                    const struct troth_format *format,
                                                    const struct troth_claims *claims);

/* The expectations that are about neither code nor nonce. Errors as above. */
TROTH_MUST_USE enum troth_err troth_appraise_claims(struct troth_judgement *j,
                                                    struct troth_fault *fault,
                                                    const struct troth_format *format,
                                                    const struct troth_claims *claims);

/*
 * troth_appraise_events - the check event_log, where a log is given or events are asked
 * for.
 *
 *   out   the log if it makes the register, else empty; in the arena of the verification
 *
 * Shape    a row for the log, and one for each event that is asked for
 * Errors   troth_event_log_parse()'s but for a second boundary, which is an outcome;
 *          TROTH_ERR_CRYPTO, TROTH_ERR_MEMORY
 */
TROTH_MUST_USE enum troth_err troth_appraise_events(struct troth_event_log *out,
                                                    struct troth_judgement *j,
                                                    struct troth_fault *fault,
                                                    const struct troth_format *format,
                                                    const struct troth_claims *claims);

/*
 * troth_value_is - does a value equal one written as text?
 *
 *   out     false on failure and where the value is TROTH_VALUE_NONE
 *
 * Errors   TROTH_ERR_VALUE: the text is not of the value's type
 */
TROTH_MUST_USE enum troth_err troth_value_is(bool *out, const struct troth_value *value,
                                             struct troth_span text);

/* The same for a claim: hex inside "measurement" may be in either case too. */
TROTH_MUST_USE enum troth_err troth_claim_is(bool *out, const struct troth_claim *claim,
                                             struct troth_span text);

/*
 * troth_measurement_claim - the family's identity table as one claim: a hex string where
 * the table has one row, else "pcr0=HEX,pcr1=HEX,…" in the table's order.
 *
 * Errors   TROTH_ERR_MEMORY
 */
TROTH_MUST_USE enum troth_err troth_measurement_claim(struct troth_claim *out,
                                                      const struct troth_format *format,
                                                      const struct troth_claims *claims,
                                                      struct troth_arena *arena);

#endif
