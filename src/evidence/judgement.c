/* SPDX-License-Identifier: Apache-2.0 */
#include "evidence/judgement.h"

#include "base/arena.h"
#include "base/instant.h"
#include "base/memory.h"
#include "base/span.h"

static bool names_hold(const struct troth_names *names, const char *name)
{
    for (size_t i = 0; i < names->count; i++)
        if (troth_span_is_text(names->rows[i], name))
            return true;
    return false;
}

/* A policy's: one for each rule, each claim that an image demands, and its own checks. */
static size_t rows_for(const struct troth_verify_input *input)
{
    size_t count = TROTH_JUDGEMENT_ROWS + input->requirements->expect_count +
                   input->wanted_event_count;

    if (input->policy)
        count += TROTH_POLICY_RULES_MAX + troth_vocabulary().count +
                 TROTH_JUDGEMENT_POLICY_ROWS;
    return count;
}

enum troth_err troth_judgement_begin(struct troth_judgement *out,
                                     const struct troth_verify_input *input, int64_t at_s,
                                     const enum troth_check_id *plan)
{
    size_t capacity = rows_for(input);
    /* Each is written whole before it counts. */
    struct troth_check *rows = troth_arena_take_unset(input->arena, capacity,
                                                      sizeof *rows);

    *out = (struct troth_judgement){
        .input = input,
        .at_s = at_s,
        .verdict = {rows, 0, rows ? capacity : 0},
        .valid_until_s = TROTH_INSTANT_NEVER,
        .err = rows ? TROTH_OK : TROTH_ERR_MEMORY,
    };
    if (!rows)
        return out->err;
    for (; *plan != TROTH_CHECK_COUNT; plan++)
        rows[out->verdict.count++] = (struct troth_check){.id = *plan};
    /* What the relying party expects is owed by every family. */
    rows[out->verdict.count++] = (struct troth_check){.id = TROTH_CHECK_MEASUREMENT};
    rows[out->verdict.count++] = (struct troth_check){.id = TROTH_CHECK_NONCE};
    return out->err;
}

/* Where rows of this id may stand: the first of them, if they are the last ones. Those of
 * one id stand together, and a policy's come one after the other. */
static size_t first_like(const struct troth_verdict *v, enum troth_check_id id)
{
    size_t at = v->count;

    while (at > 0 && v->checks[at - 1].id == id)
        at--;
    return at < v->count ? at : 0;
}

/* Where a row of this id goes: its planned row if that is untouched, else a new one after
 * the last of its kind; of a kind that was not planned, in the order of checks. */
static struct troth_check *place(struct troth_judgement *j, enum troth_check_id id)
{
    struct troth_verdict *v = &j->verdict;
    size_t at = 0;
    bool is_there = false;

    for (size_t i = first_like(v, id); i < v->count; i++) {
        const bool is_like = v->checks[i].id == id;

        if (is_like && v->checks[i].outcome == TROTH_NOT_MADE && !v->checks[i].why)
            return &v->checks[i];
        if (is_like || (!is_there && v->checks[i].id < id))
            at = i + 1;
        is_there |= is_like;
    }
    if (v->count == v->capacity)
        return NULL;
    memmove(&v->checks[at + 1], &v->checks[at], (v->count - at) * sizeof *v->checks);
    v->count++;
    return &v->checks[at];
}

void troth_judge(struct troth_judgement *j, struct troth_check row)
{
    struct troth_check *here = place(j, row.id);

    if (here)
        *here = row;
    else
        j->err = TROTH_ERR_MEMORY;
}

void troth_judge_passed(struct troth_judgement *j, enum troth_check_id id)
{
    troth_judge(j, (struct troth_check){.id = id, .outcome = TROTH_PASSED});
}

void troth_judge_failed(struct troth_judgement *j, enum troth_check_id id,
                        const char *why)
{
    troth_judge(j, (struct troth_check){.id = id, .outcome = TROTH_FAILED, .why = why});
}

void troth_judge_not_applicable(struct troth_judgement *j, enum troth_check_id id,
                                const char *why)
{
    troth_judge(
        j, (struct troth_check){.id = id, .outcome = TROTH_NOT_APPLICABLE, .why = why});
}

enum troth_err troth_judge_signature(struct troth_judgement *j,
                                     enum troth_signature_algorithm algorithm,
                                     const struct troth_public_key *key,
                                     struct troth_parts message,
                                     struct troth_span signature)
{
    const struct troth_crypto *crypto = j->input->crypto;
    enum troth_err err = crypto->ops->verify(crypto->state, algorithm, key, message,
                                             signature);

    if (err == TROTH_ERR_CRYPTO)
        return err;
    if (err)
        troth_judge_failed(j, TROTH_CHECK_SIGNATURE, troth_err_text(err));
    else
        troth_judge_passed(j, TROTH_CHECK_SIGNATURE);
    return TROTH_OK;
}

void troth_judge_finding(struct troth_judgement *j, const struct troth_finding *finding)
{
    bool allowed = troth_judge_allows(j, finding->name);

    if (allowed)
        troth_limits_add(&j->not_proven, TROTH_LIMIT_ALLOWED);
    troth_judge(j, (struct troth_check){
                       .id = finding->id,
                       .outcome = allowed ? TROTH_PASSED : TROTH_FAILED,
                       .subject = finding->name,
                       .why = finding->why,
                       .seen = finding->seen,
                       .wanted = finding->wanted,
                       .flag = "--allow",
                       .flag_argument = finding->name,
                   });
}

bool troth_judge_allows(const struct troth_judgement *j, const char *name)
{
    return names_hold(&j->input->requirements->allow, name);
}

bool troth_judge_takes_any(const struct troth_judgement *j, const char *claim)
{
    return names_hold(&j->input->requirements->any, claim);
}

const struct troth_expectation *troth_judge_expects(const struct troth_judgement *j,
                                                    const char *claim)
{
    const struct troth_requirements *wanted = j->input->requirements;

    for (size_t i = 0; i < wanted->expect_count; i++)
        if (troth_span_is_text(wanted->expect[i].claim, claim))
            return &wanted->expect[i];
    return NULL;
}

void troth_judge_valid_until(struct troth_judgement *j, int64_t until_s, const char *what)
{
    if (until_s < j->valid_until_s) {
        j->valid_until_s = until_s;
        j->valid_until_what = what;
    }
}
