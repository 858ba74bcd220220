/* SPDX-License-Identifier: Apache-2.0 */
#include "appraise/policy.h"

#include "appraise/appraise.h"
#include "base/arena.h"
#include "base/span.h"
#include "codec/tree.h"
#include "troth/log.h"
#include "troth/record.h"

/* What a checkpoint's witnesses may be ahead of the clock. */
#define WITNESSED_AHEAD_S 60

/* The demand under judgement, and what the bundle turned out to say. */
struct inquiry {
    const struct troth_policy_case *c;
    const struct troth_log_demand *demand;
    struct troth_arena *arena;
    struct troth_record record;
    struct troth_checkpoint checkpoint;
    const char *why; /* it fails; NULL so far: it does not */
};

/* An outcome, as far as an error is one. */
static enum troth_err fail(struct inquiry *q, enum troth_err err, const char *why)
{
    if (err == TROTH_ERR_CRYPTO || err == TROTH_ERR_MEMORY)
        return err;
    if (err && !q->why)
        q->why = why;
    return TROTH_OK;
}

static const char *say_unverified(const struct troth_fault *fault)
{
    const struct troth_span field = troth_span_of_text(fault->field ? fault->field : "");

    if (troth_span_is_text(field, "checkpoint.origin"))
        return "the checkpoint is of another log";
    if (troth_span_is_text(field, "checkpoint.log_signature"))
        return "the log did not sign the checkpoint";
    if (troth_span_is_text(field, "checkpoint.cosignatures"))
        return fault->err == TROTH_ERR_MISSING ? "too few witnesses signed the checkpoint"
                                               : "a witness's signature is not good";
    if (troth_span_starts_with(field, TROTH_LITERAL("proof.")))
        return "the proof does not lead to the checkpoint's root";
    return "the bundle's checkpoint is none";
}

static enum troth_err read_record(struct inquiry *q, const struct troth_log_proof *proof,
                                  struct troth_span *out_entry)
{
    uint8_t *room = troth_arena_take(q->arena, TROTH_LOG_ENTRY_MAX);
    size_t len = 0;
    enum troth_err err = TROTH_ERR_MEMORY;

    *out_entry = (struct troth_span){room, 0};
    if (room)
        err = troth_log_proof_entry(room, TROTH_LOG_ENTRY_MAX, &len, proof);
    out_entry->len = err ? 0 : len;
    if (err)
        return fail(q, err, "the bundle does not carry the entry it is about");
    return fail(q, troth_record_parse(&q->record, NULL, *out_entry, q->arena),
                "the entry is no record");
}

/* Is `claim` the family's own claim of that short name: "nitro.pcr0" of "pcr0"? */
static bool is_named(const char *claim, const char *family, struct troth_span name)
{
    const struct troth_span all = troth_span_of_text(claim);
    const struct troth_span before = troth_span_of_text(family);

    return all.len == before.len + 1 + name.len && troth_span_starts_with(all, before) &&
           all.ptr[before.len] == '.' &&
           troth_span_equal(troth_span_slice(all, before.len + 1, all.len), name);
}

static bool holds(const struct troth_policy_case *c, const struct troth_tree_node *said)
{
    bool same = false;

    for (size_t i = 0; i < c->claims->count; i++)
        if (is_named(c->claims->rows[i].name, c->format->name, said->key))
            return !troth_claim_is(&same, &c->claims->rows[i], said->text) && same;
    return false;
}

static bool says(const struct troth_policy_case *c, const struct troth_tree_node *image,
                 const char *claim)
{
    for (const struct troth_tree_node *n = image->first_child; n; n = n->next)
        if (is_named(claim, c->format->name, n->key))
            return true;
    return false;
}

/* All that the release says holds; and it says all of the code, or the policy's own
 * images do. */
static bool is_release_of(const struct troth_policy_case *c,
                          const struct troth_tree_node *images)
{
    const struct troth_tree_node *image = troth_tree_find(images, c->format->name);
    size_t said = 0, rows = 0;

    for (const struct troth_tree_node *n = image ? image->first_child : NULL; n;
         n = n->next)
        if (!holds(c, n))
            return false;
    for (; image && c->format->identity[rows].claim; rows++)
        said += says(c, image, c->format->identity[rows].claim);
    return said > 0 && (said == rows || !c->kind->any_image);
}

static struct troth_span name_of(const struct inquiry *q)
{
    for (size_t i = 0; i < q->record.value_count; i++)
        if (troth_span_is_text(troth_span_of_text(q->record.values[i].field->name),
                               "name"))
            return q->record.values[i].text;
    return (struct troth_span){NULL, 0};
}

/* For a row of the result; a text that would end before its end is not shown. */
static const char *text_of(const struct inquiry *q, struct troth_span text)
{
    for (size_t i = 0; i < text.len; i++)
        if (text.ptr[i] == 0)
            return NULL;
    return (const char *)troth_arena_copy(q->arena, text).ptr;
}

static enum troth_err compare(struct inquiry *q)
{
    const struct troth_tree_node *images = NULL;
    enum troth_err err = TROTH_ERR_MISSING;

    if (q->record.kind != TROTH_RECORD_RELEASE)
        return fail(q, TROTH_ERR_KIND, "the entry is no release");
    if (q->demand->release.len > 0 && !troth_span_equal(q->demand->release, name_of(q)))
        return fail(q, TROTH_ERR_MISMATCH,
                    "the entry is a release of something else than the policy names");
    for (size_t i = 0; i < q->record.value_count; i++)
        if (q->record.values[i].field->type == TROTH_RECORD_MEASUREMENTS)
            err = troth_tree_from_json(&images, NULL, q->record.values[i].text, q->arena);
    if (!err && !is_release_of(q->c, images))
        err = TROTH_ERR_MISMATCH;
    return fail(q, err, "the release that was logged measures otherwise");
}

static void judge_age(struct inquiry *q)
{
    const int64_t witnessed_s = q->checkpoint.witnessed_s, at_s = q->c->j->at_s;
    const int64_t most_s = q->demand->max_age_s;

    if (!q->demand->has_max_age || q->why)
        return;
    if (witnessed_s > at_s && witnessed_s - at_s > WITNESSED_AHEAD_S)
        q->why = "witnessed in the future, by the clock of this verification";
    else if (at_s > witnessed_s && at_s - witnessed_s > most_s)
        q->why = "witnessed longer ago than the policy allows";
    troth_judge_valid_until(
        q->c->j, witnessed_s > INT64_MAX - most_s ? INT64_MAX : witnessed_s + most_s,
        "age that the policy allows of the log's checkpoint");
}

static enum troth_err inquire(struct inquiry *q, const struct troth_log_proof *proof)
{
    struct troth_fault fault = {TROTH_OK, NULL, 0};
    struct troth_span entry;
    enum troth_err err = read_record(q, proof, &entry);

    if (err || q->why)
        return err;
    err = troth_log_proof_verify(&q->checkpoint, &fault, proof, entry,
                                 &q->demand->witnesses, q->c->j->input->crypto);
    if (err)
        return fail(q, err, say_unverified(&fault));
    err = compare(q);
    if (!err)
        judge_age(q);
    return err;
}

enum troth_err troth_policy_judge_log(const struct troth_policy_case *c,
                                      struct troth_fault *fault)
{
    const struct troth_log_demand *demand = &c->policy->log;
    struct inquiry q = {.c = c, .demand = demand, .arena = c->j->input->arena};
    struct troth_check row = {.id = TROTH_CHECK_LOG, .policy_line = demand->line};
    struct troth_log_proof proof;
    enum troth_err err;

    if (!demand->is_made)
        return TROTH_OK;
    if (c->j->input->log_proof.len == 0) {
        row.why = "no proof from the log was given";
        row.flag = "--log-proof";
        row.flag_argument = "FILE";
        troth_judge(c->j, row);
        return TROTH_OK;
    }
    err = troth_log_proof_parse(&proof, fault, c->j->input->log_proof);
    if (!err)
        err = inquire(&q, &proof);
    if (err)
        return err;
    row.outcome = q.why ? TROTH_FAILED : TROTH_PASSED;
    row.why = q.why;
    row.subject = q.why ? NULL : text_of(&q, name_of(&q));
    troth_judge(c->j, row);
    return TROTH_OK;
}
