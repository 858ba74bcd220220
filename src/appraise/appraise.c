/* SPDX-License-Identifier: Apache-2.0 */
#include "appraise/appraise.h"

#include "base/arena.h"
#include "base/ct.h"
#include "base/fault.h"
#include "base/memory.h"
#include "base/span.h"
#include "evidence/claim_list.h"
#include "troth/binding.h"

/* One expectation held against its claim; a claim the evidence lacks fails. */
static enum troth_err compare(struct troth_judgement *j, struct troth_fault *fault,
                              enum troth_check_id id, const struct troth_claims *claims,
                              const struct troth_expectation *expected)
{
    const struct troth_claim *claim = troth_claims_find(claims, expected->claim);
    struct troth_check row = {.id = id, .outcome = TROTH_FAILED};
    bool same = false;

    row.wanted = troth_value_text_span(expected->value);
    if (claim) {
        if (troth_claim_is(&same, claim, expected->value))
            return troth_fault_set(fault, TROTH_ERR_VALUE, "requirements.expect");
        row.subject = claim->name;
        row.seen = claim->value;
    } else {
        row.subject =
            (const char *)troth_arena_copy(j->input->arena, expected->claim).ptr;
        if (!row.subject)
            return TROTH_ERR_MEMORY;
    }
    if (same)
        row.outcome = TROTH_PASSED;
    else if (row.seen.type == TROTH_VALUE_NONE)
        row.why = "the evidence does not say";
    else
        row.why = "another value was expected";
    troth_judge(j, row);
    return TROTH_OK;
}

static void judge_unnamed(struct troth_judgement *j, const char *claim)
{
    troth_judge(j, (struct troth_check){
                       .id = TROTH_CHECK_MEASUREMENT,
                       .outcome = TROTH_FAILED,
                       .subject = claim,
                       .why = "no expected value was given",
                       .flag = "--any",
                       .flag_argument = claim,
                   });
}

static void judge_any_code(struct troth_judgement *j, const char *claim)
{
    troth_limits_add(&j->not_proven, TROTH_LIMIT_CODE);
    troth_judge(j, (struct troth_check){
                       .id = TROTH_CHECK_MEASUREMENT,
                       .outcome = TROTH_NOT_APPLICABLE,
                       .subject = claim,
                       .why = "the caller takes any value",
                   });
}

static bool names_row(const struct troth_judgement *j, const char *claim)
{
    return troth_judge_expects(j, claim) || troth_judge_takes_any(j, claim);
}

/* `rest_is_named`: the table was named as a whole, and this row need not be again. */
static enum troth_err judge_row(struct troth_judgement *j, struct troth_fault *fault,
                                const struct troth_claims *claims, const char *claim,
                                bool rest_is_named)
{
    const struct troth_expectation *expected = troth_judge_expects(j, claim);

    if (expected)
        return compare(j, fault, TROTH_CHECK_MEASUREMENT, claims, expected);
    if (rest_is_named)
        return TROTH_OK;
    if (troth_judge_takes_any(j, claim) || troth_judge_takes_any(j, "measurement"))
        judge_any_code(j, claim);
    else
        judge_unnamed(j, claim);
    return TROTH_OK;
}

/* Every row of the identity table must be named or waved through, and whatever is named
 * must hold. */
static enum troth_err judge_measurement(struct troth_judgement *j,
                                        struct troth_fault *fault,
                                        const struct troth_format *format,
                                        const struct troth_claims *claims)
{
    const struct troth_expectation *whole = troth_judge_expects(j, "measurement");
    const struct troth_identity_row *row = format->identity;
    bool any_row_named = false;
    enum troth_err err = TROTH_OK;

    for (; row->claim; row++)
        any_row_named = any_row_named || names_row(j, row->claim);
    if (whole) {
        err = compare(j, fault, TROTH_CHECK_MEASUREMENT, claims, whole);
    } else if (!any_row_named) {
        if (troth_judge_takes_any(j, "measurement"))
            judge_any_code(j, "measurement");
        else
            judge_unnamed(j, "measurement");
        return TROTH_OK;
    }
    for (row = format->identity; !err && row->claim; row++)
        err = judge_row(j, fault, claims, row->claim, whole != NULL);
    return err;
}

static void judge_field(struct troth_judgement *j, const char *subject,
                        const struct troth_claims *claims, const char *claim_name,
                        struct troth_span wanted)
{
    const struct troth_claim *claim = troth_claims_find(claims,
                                                        troth_span_of_text(claim_name));
    bool said = claim && claim->value.type == TROTH_VALUE_BYTES;
    bool same = said && troth_ct_equal(claim->value.bytes, wanted);
    struct troth_check row = {
        .id = TROTH_CHECK_NONCE,
        .outcome = same ? TROTH_PASSED : TROTH_FAILED,
        .subject = subject,
        .seen = claim ? claim->value : troth_value_none(),
        .wanted = troth_value_bytes(wanted),
    };

    if (!said)
        row.why = "the evidence answers no nonce";
    else if (claim->value.bytes.len != wanted.len)
        row.why = "the field has another length";
    else if (!same)
        row.why = "the evidence answers another nonce";
    troth_judge(j, row);
}

static enum troth_err judge_binding(struct troth_judgement *j, struct troth_fault *fault,
                                    const struct troth_format *format,
                                    const struct troth_claims *claims)
{
    uint8_t *wanted = troth_arena_take(j->input->arena, TROTH_BINDING_SIZE);

    if (!wanted)
        return TROTH_ERR_MEMORY;

    enum troth_err err = troth_binding_parse(wanted, fault, j->input->crypto,
                                             j->input->requirements->binding);
    if (!err)
        judge_field(j, "binding", claims, format->binding_claim,
                    (struct troth_span){wanted, TROTH_BINDING_SIZE});
    return err;
}

enum troth_err troth_appraise_answer(bool *out_is_asked, struct troth_judgement *j,
                                     struct troth_fault *fault,
                                     const struct troth_format *format,
                                     const struct troth_claims *claims)
{
    const struct troth_requirements *r = j->input->requirements;
    const struct troth_expectation *const expected[] = {
        troth_judge_expects(j, "nonce"), troth_judge_expects(j, format->nonce_claim)};
    enum troth_err err = TROTH_OK;

    *out_is_asked = r->has_nonce || r->has_binding || expected[0] || expected[1];
    if (r->has_nonce)
        judge_field(j, "nonce", claims, format->nonce_claim, r->nonce);
    if (r->has_binding)
        err = judge_binding(j, fault, format, claims);
    for (size_t i = 0; i < 2; i++)
        if (!err && expected[i])
            err = compare(j, fault, TROTH_CHECK_NONCE, claims, expected[i]);
    return err;
}

static enum troth_err judge_nonce(struct troth_judgement *j, struct troth_fault *fault,
                                  const struct troth_format *format,
                                  const struct troth_claims *claims)
{
    bool is_asked;
    enum troth_err err = troth_appraise_answer(&is_asked, j, fault, format, claims);

    if (is_asked)
        return err;
    troth_limits_add(&j->not_proven, TROTH_LIMIT_FRESHNESS);
    if (troth_judge_takes_any(j, "nonce") ||
        troth_judge_takes_any(j, format->nonce_claim))
        troth_judge_not_applicable(j, TROTH_CHECK_NONCE, "the caller takes any value");
    else
        troth_judge(j, (struct troth_check){
                           .id = TROTH_CHECK_NONCE,
                           .outcome = TROTH_FAILED,
                           .subject = "nonce",
                           .why = "no expected value was given",
                           .flag = "--any",
                           .flag_argument = "nonce",
                       });
    return TROTH_OK;
}

/* Expectations that the two checks above have not used. */
static bool is_spoken_for(const struct troth_format *format, struct troth_span claim)
{
    const struct troth_identity_row *row = format->identity;

    for (; row->claim; row++)
        if (troth_span_is_text(claim, row->claim))
            return true;
    return troth_span_equal(claim, TROTH_LITERAL("measurement")) ||
           troth_span_equal(claim, TROTH_LITERAL("nonce")) ||
           troth_span_is_text(claim, format->nonce_claim);
}

static void judge_machine(struct troth_judgement *j, const struct troth_format *format)
{
    for (size_t i = 0; format->machine_claims[i]; i++)
        if (troth_judge_expects(j, format->machine_claims[i]))
            return;
    troth_limits_add(&j->not_proven, TROTH_LIMIT_MACHINE);
}

enum troth_err troth_appraise_claims(struct troth_judgement *j, struct troth_fault *fault,
                                     const struct troth_format *format,
                                     const struct troth_claims *claims)
{
    const struct troth_requirements *r = j->input->requirements;
    enum troth_err err = TROTH_OK;

    for (size_t i = 0; !err && i < r->expect_count; i++)
        if (!is_spoken_for(format, r->expect[i].claim))
            err = compare(j, fault, TROTH_CHECK_CLAIM, claims, &r->expect[i]);
    return err;
}

enum troth_err troth_appraise(struct troth_judgement *j, struct troth_fault *fault,
                              const struct troth_format *format,
                              const struct troth_claims *claims)
{
    enum troth_err err = judge_measurement(j, fault, format, claims);

    if (!err)
        err = judge_nonce(j, fault, format, claims);
    if (!err)
        err = troth_appraise_claims(j, fault, format, claims);
    judge_machine(j, format);
    return err;
}
