/* SPDX-License-Identifier: Apache-2.0 */
#include "appraise/policy.h"

#include "appraise/appraise.h"
#include "base/arena.h"
#include "base/fault.h"
#include "base/span.h"
#include "base/value.h"
#include "base/writer.h"

const struct troth_kind_policy *troth_policy_for(const struct troth_policy *policy,
                                                 const struct troth_format *format)
{
    static const struct troth_kind_policy nothing;
    const enum troth_kind kind = troth_kind_named(troth_span_of_text(format->name));

    return kind < TROTH_KIND_COUNT ? &policy->kinds[kind] : &nothing;
}

/* What a question may not ask where a policy does; NULL: nothing of it is asked. */
static const char *find_excess(const struct troth_requirements *asked)
{
    const struct troth_intel_settings *intel = &asked->intel;
    const struct troth_amd_settings *amd = &asked->amd;

    if (asked->expect_count > 0)
        return "requirements.expect";
    if (asked->any.count > 0)
        return "requirements.any";
    if (asked->allow.count > 0)
        return "requirements.allow";
    if (intel->grace_s || intel->has_advisories || intel->advisories.count > 0 ||
        intel->min_evaluation)
        return "requirements.intel";
    return amd->minimum_count > 0 || amd->distrusted.count > 0 ? "requirements.amd"
                                                               : NULL;
}

enum troth_err troth_policy_question(struct troth_requirements *out,
                                     struct troth_fault *fault,
                                     const struct troth_policy *policy,
                                     const struct troth_format *format,
                                     const struct troth_verify_input *input)
{
    const struct troth_requirements *asked = input->requirements;
    const char *excess = find_excess(asked);

    *out = (struct troth_requirements){0};
    if (excess)
        return troth_fault_set(fault, TROTH_ERR_VALUE, excess);
    if (input->clock.kind == TROTH_CLOCK_DOCUMENT)
        return troth_fault_set(fault, TROTH_ERR_CLOCK, "policy");
    *out = troth_policy_for(policy, format)->requirements;
    out->has_nonce = asked->has_nonce;
    out->nonce = asked->nonce;
    out->has_binding = asked->has_binding;
    out->binding = asked->binding;
    return TROTH_OK;
}

/* The kinds that are accepted, with commas between. */
static enum troth_err name_accepted(struct troth_span *out,
                                    const struct troth_policy_case *c)
{
    enum { ROOM = 8 * TROTH_KIND_COUNT };
    uint8_t *room = troth_arena_take(c->j->input->arena, ROOM);
    struct troth_writer w = troth_writer_over(room, room ? ROOM : 0);

    *out = (struct troth_span){NULL, 0};
    if (!room)
        return TROTH_ERR_MEMORY;
    for (unsigned i = 0; i < TROTH_KIND_COUNT; i++) {
        if (!c->policy->kinds[i].accepted)
            continue;
        if (w.len > 0)
            troth_write_u8(&w, ',');
        troth_write_text(&w, troth_kind_name((enum troth_kind)i));
    }
    *out = troth_writer_span(&w);
    return TROTH_OK;
}

/* Of what the policy does not accept it says nothing else: that is left not made. */
static enum troth_err refuse_kind(const struct troth_policy_case *c)
{
    static const enum troth_check_id owed[] = {TROTH_CHECK_MEASUREMENT,
                                               TROTH_CHECK_NONCE};
    struct troth_span accepted;
    enum troth_err err = name_accepted(&accepted, c);

    if (err)
        return err;
    troth_judge(c->j, (struct troth_check){
                          .id = TROTH_CHECK_KIND,
                          .outcome = TROTH_FAILED,
                          .subject = c->format->name,
                          .why = "the policy does not accept evidence of this kind",
                          .seen = troth_value_text(c->format->name),
                          .wanted = troth_value_text_span(accepted),
                      });
    for (size_t i = 0; i < sizeof owed / sizeof owed[0]; i++)
        troth_judge(c->j, (struct troth_check){
                              .id = owed[i],
                              .why = "the policy says nothing of this kind of evidence"});
    return TROTH_OK;
}

/* Not every family has a check of its own of that. */
static void accept_kind(const struct troth_policy_case *c)
{
    if (!troth_verdict_find(&c->j->verdict, TROTH_CHECK_KIND))
        troth_judge_passed(c->j, TROTH_CHECK_KIND);
}

static void judge_unasked(const struct troth_policy_case *c)
{
    struct troth_check row = {
        .id = TROTH_CHECK_NONCE,
        .outcome = TROTH_NOT_APPLICABLE,
        .subject = "nonce",
        .policy_line = c->policy->nonce_line,
    };

    troth_limits_add(&c->j->not_proven, TROTH_LIMIT_FRESHNESS);
    if (c->policy->nonce == TROTH_NONCE_ANY) {
        row.why = "the policy asks for none";
    } else {
        row.outcome = TROTH_FAILED;
        row.why = "the policy asks for an answer to a nonce, and none was given";
        row.flag = "--nonce";
        row.flag_argument = "HEX";
    }
    troth_judge(c->j, row);
}

/* A value that the policy itself expects of the field is the same for every piece of
 * evidence: only what is given with this one can be fresh. */
static enum troth_err judge_nonce(bool *out_is_asked, struct troth_fault *fault,
                                  const struct troth_policy_case *c)
{
    const struct troth_requirements *asked = c->j->input->requirements;
    bool has_row;
    enum troth_err err = troth_appraise_answer(&has_row, c->j, fault, c->format,
                                               c->claims);

    *out_is_asked = asked->has_nonce || asked->has_binding;
    if (!*out_is_asked)
        judge_unasked(c);
    return err;
}

enum troth_err troth_policy_appraise(struct troth_policy_outcome *out,
                                     struct troth_fault *fault,
                                     const struct troth_policy_case *c)
{
    bool is_asked = false;

    *out = (struct troth_policy_outcome){0};
    if (!c->kind->accepted)
        return refuse_kind(c);
    accept_kind(c);
    enum troth_err err = troth_policy_judge_images(&out->image, c);

    if (!err)
        err = judge_nonce(&is_asked, fault, c);
    if (!err)
        err = troth_appraise_claims(c->j, fault, c->format, c->claims);
    if (err)
        return err;
    troth_policy_judge_machine(c);
    troth_policy_judge_age(c, is_asked);
    err = troth_policy_judge_log(c, fault);
    return err ? err : troth_policy_judge_rules(out, c);
}
