/* SPDX-License-Identifier: Apache-2.0 */
#include "troth/verify.h"

#include "appraise/appraise.h"
#include "appraise/policy.h"
#include "base/arena.h"
#include "base/memory.h"

/* Parsed evidence and the family that read it. */
struct reading {
    const struct troth_format *format;
    void *fields;
};

static enum troth_err fail(struct troth_fault *fault, enum troth_err err,
                           const char *field)
{
    if (err && fault && !fault->err)
        *fault = (struct troth_fault){err, field, 0};
    return err;
}

static enum troth_err read_evidence(struct reading *out, struct troth_fault *fault,
                                    struct troth_span evidence, struct troth_arena *arena)
{
    out->format = troth_format_recognise(evidence);
    if (!out->format)
        return fail(fault, TROTH_ERR_KIND, "evidence");
    return fail(fault, out->format->parse(&out->fields, fault, evidence, arena),
                "evidence");
}

/* The family's claims with "measurement" put behind the first. */
static enum troth_err read_claims(struct troth_claims *out, const struct reading *reading,
                                  struct troth_arena *arena)
{
    struct troth_claims family;
    struct troth_claim measurement, *rows;
    enum troth_err err = reading->format->claims(&family, reading->fields, arena);

    if (!err)
        err = troth_measurement_claim(&measurement, reading->format, &family, arena);
    if (err)
        return err;
    rows = troth_arena_take_unset(arena, family.count + 1, sizeof *rows);
    if (!rows)
        return TROTH_ERR_MEMORY;
    rows[0] = family.rows[0];
    rows[1] = measurement;
    memcpy(&rows[2], &family.rows[1], (family.count - 1) * sizeof *rows);
    *out = (struct troth_claims){rows, family.count + 1};
    return TROTH_OK;
}

/* A copy with every item parsed: the caller's own may be shared by several threads. */
static enum troth_err read_collateral(struct troth_verify_input *whole,
                                      struct troth_fault *fault)
{
    const struct troth_collateral given = whole->collateral;
    struct troth_collateral_item *items = troth_arena_take_array(
        whole->arena, given.count, sizeof *items);

    if (given.count > TROTH_COLLATERAL_MAX)
        return fail(fault, TROTH_ERR_LIMIT, "collateral");
    if (!items)
        return fail(fault, TROTH_ERR_MEMORY, "collateral");
    if (given.count)
        memcpy(items, given.items, given.count * sizeof *items);
    whole->collateral.items = items;
    return troth_collateral_prepare(items, given.count, NULL, fault, whole->crypto,
                                    whole->arena);
}

static enum troth_err read_clock(struct troth_clock *clock, struct troth_fault *fault,
                                 const struct reading *reading)
{
    if (clock->kind != TROTH_CLOCK_DOCUMENT)
        return TROTH_OK;
    if (!reading->format->signed_time)
        return fail(fault, TROTH_ERR_CLOCK, "evidence");
    clock->at_s = reading->format->signed_time(reading->fields);
    return TROTH_OK;
}

/* The question becomes the policy's, with the nonce and the binding of the caller's. */
static enum troth_err read_policy(struct troth_verify_input *whole,
                                  struct troth_requirements *room,
                                  struct troth_fault *fault,
                                  const struct reading *reading)
{
    enum troth_err err = troth_policy_question(room, fault, whole->policy,
                                               reading->format, whole);

    whole->requirements = room;
    return err;
}

static enum troth_err list_limits(struct troth_result *out, struct troth_judgement *j)
{
    const struct troth_limit **rows = troth_arena_take_array(
        j->input->arena, TROTH_LIMIT_COUNT, sizeof(const struct troth_limit *));

    if (!rows)
        return TROTH_ERR_MEMORY;
    troth_limits_add(&j->not_proven, TROTH_LIMIT_VENDOR);
    troth_limits_add(&j->not_proven, TROTH_LIMIT_SIDE_CHANNELS);
    troth_limits_add(&j->not_proven, TROTH_LIMIT_PHYSICAL);
    troth_limits_add(&j->not_proven, TROTH_LIMIT_CORRECTNESS);
    troth_limits_add(&j->not_proven, TROTH_LIMIT_AVAILABILITY);
    if (out->archival) {
        troth_limits_add(&j->not_proven, TROTH_LIMIT_ARCHIVAL);
        troth_limits_add(&j->not_proven, TROTH_LIMIT_FRESHNESS);
    }
    if (out->simulated)
        troth_limits_add(&j->not_proven, TROTH_LIMIT_CUSTOM_ROOT);
    out->not_proven_count = troth_limits_list(rows, j->not_proven);
    out->not_proven = rows;
    return TROTH_OK;
}

/* What was asked for, by the caller or by a policy. */
static enum troth_err appraise(struct troth_result *out, struct troth_fault *fault,
                               struct troth_judgement *j, const struct reading *reading)
{
    const struct troth_policy *policy = j->input->policy;
    struct troth_policy_outcome outcome;
    enum troth_err err;

    if (!policy) {
        err = troth_requirements_check(fault, j->input->requirements, &out->claims);
        return err ? err : troth_appraise(j, fault, reading->format, &out->claims);
    }
    const struct troth_policy_case c = {
        .j = j,
        .format = reading->format,
        .fields = reading->fields,
        .claims = &out->claims,
        .policy = policy,
        .kind = troth_policy_for(policy, reading->format),
    };

    err = troth_policy_appraise(&outcome, fault, &c);
    out->policy = policy;
    out->image = outcome.image;
    out->explanations = outcome.explanations;
    out->explanation_count = outcome.explanation_count;
    return err;
}

static enum troth_err judge(struct troth_result *out, struct troth_fault *fault,
                            const struct troth_verify_input *input,
                            struct reading *reading)
{
    struct troth_judgement j;
    enum troth_err err = troth_judgement_begin(&j, input, out->clock.at_s,
                                               reading->format->plan);

    if (!err)
        err = reading->format->verify(&j, fault, reading->fields);
    if (!err)
        err = read_claims(&out->claims, reading, input->arena);
    if (!err)
        err = appraise(out, fault, &j, reading);
    if (!err)
        err = troth_appraise_events(&out->events, &j, fault, reading->format,
                                    &out->claims);
    if (!err)
        err = j.err;
    if (err)
        return fail(fault, err, "evidence");
    out->anchor = j.anchor;
    out->simulated = j.anchor && !j.anchor->built_in;
    out->valid_until_s = j.valid_until_s;
    out->valid_until_what = j.valid_until_what;
    out->has_nonce = input->requirements->has_nonce;
    out->nonce = input->requirements->nonce;
    out->verdict = j.verdict;
    out->answer = troth_verdict_answer(&j.verdict);
    return fail(fault, list_limits(out, &j), "evidence");
}

enum troth_err troth_verify(struct troth_result *out, struct troth_fault *fault,
                            const struct troth_verify_input *input)
{
    static const struct troth_requirements nothing_named = {0};
    const struct troth_anchors built_in = troth_anchors_built_in();
    struct troth_verify_input whole = *input;
    struct troth_requirements of_policy;
    struct reading reading = {NULL, NULL};

    *out = (struct troth_result){.clock = input->clock};
    if (fault)
        *fault = (struct troth_fault){TROTH_OK, NULL, 0};
    if (!whole.anchors)
        whole.anchors = &built_in;
    if (!whole.requirements)
        whole.requirements = &nothing_named;
    out->archival = input->clock.kind == TROTH_CLOCK_DOCUMENT;

    enum troth_err err = TROTH_OK;
    if (whole.requirements->expect_count > TROTH_EXPECTATIONS_MAX)
        err = fail(fault, TROTH_ERR_LIMIT, "requirements.expect");
    if (!err && whole.wanted_event_count > TROTH_WANTED_EVENTS_MAX)
        err = fail(fault, TROTH_ERR_LIMIT, "requirements.events");
    if (!err)
        err = read_evidence(&reading, fault, whole.evidence, whole.arena);
    if (!err) {
        out->kind = reading.format->name;
        out->title = reading.format->title;
        if (whole.policy)
            err = read_policy(&whole, &of_policy, fault, &reading);
    }
    if (!err)
        err = read_clock(&out->clock, fault, &reading);
    if (!err)
        err = read_collateral(&whole, fault);
    if (!err)
        err = judge(out, fault, &whole, &reading);
    if (err)
        *out = (struct troth_result){0};
    return err;
}

enum troth_err troth_show_unverified(struct troth_showing *out, struct troth_fault *fault,
                                     struct troth_span evidence,
                                     struct troth_arena *arena)
{
    struct reading reading = {NULL, NULL};
    enum troth_err err;

    *out = (struct troth_showing){0};
    if (fault)
        *fault = (struct troth_fault){TROTH_OK, NULL, 0};
    err = read_evidence(&reading, fault, evidence, arena);
    if (!err)
        err = fail(fault, read_claims(&out->claims, &reading, arena), "evidence");
    if (err) {
        *out = (struct troth_showing){0};
        return err;
    }
    out->kind = reading.format->name;
    out->title = reading.format->title;
    return TROTH_OK;
}
