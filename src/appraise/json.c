/* SPDX-License-Identifier: Apache-2.0 */
#include "troth/verify.h"

#include "base/span.h"
#include "codec/json_value.h"

/* A longer value of a sub-expression is left out: enough for four digests in hex. */
#define VALUE_MAX 1024

static void write_text_member(struct troth_json_writer *w, const char *key,
                              const char *text)
{
    troth_json_write_key(w, key);
    if (text)
        troth_json_write_text(w, text);
    else
        troth_json_write_null(w);
}

static void write_clock(struct troth_json_writer *w, const struct troth_clock *clock)
{
    static const char *const kinds[] = {
        [TROTH_CLOCK_NOW] = "now",
        [TROTH_CLOCK_GIVEN] = "given",
        [TROTH_CLOCK_DOCUMENT] = "document",
    };

    troth_json_write_key(w, "clock");
    troth_json_begin_object(w);
    write_text_member(w, "kind", kinds[clock->kind]);
    troth_json_write_key(w, "at");
    troth_json_write_instant(w, clock->at_s);
    troth_json_end_object(w);
}

/* The anchor's name, or custom:<sha256> for one that is not built in. */
static void write_anchor(struct troth_json_writer *w, const struct troth_anchor *anchor)
{
    uint8_t text[80];
    struct troth_writer t = troth_writer_over(text, sizeof text);

    if (!anchor || anchor->built_in) {
        write_text_member(w, "anchor", anchor ? anchor->name : NULL);
        return;
    }
    troth_write_text(&t, "custom:");
    troth_write_hex(&t, (struct troth_span){anchor->sha256, sizeof anchor->sha256});
    troth_json_write_key(w, "anchor");
    troth_json_write_string(w, troth_writer_span(&t));
}

/* The policy, the image that it recognised, or null if it recognised none. */
static void write_policy(struct troth_json_writer *w, const struct troth_result *r)
{
    const uint8_t *digest = troth_policy_digest(r->policy);

    troth_json_write_key(w, "policy");
    troth_json_begin_object(w);
    troth_json_write_key(w, "name");
    troth_json_write_string(w, troth_policy_name(r->policy));
    troth_json_write_key(w, "digest");
    troth_json_write_hex(w, (struct troth_span){digest, TROTH_POLICY_DIGEST_SIZE});
    troth_json_end_object(w);
    troth_json_write_key(w, "image");
    if (r->image.len > 0)
        troth_json_write_string(w, r->image);
    else
        troth_json_write_null(w);
}

/* "value", as a CEL literal, and "error"; null where there is none. */
static void write_outcome(struct troth_json_writer *w,
                          const struct troth_cel_value *value)
{
    const bool is_error = value->kind == TROTH_CEL_ERROR;
    const bool is_value = !is_error && value->kind != TROTH_CEL_NONE &&
                          value->kind != TROTH_CEL_UNKNOWN;
    uint8_t text[VALUE_MAX];
    size_t len = 0;

    troth_json_write_key(w, "value");
    if (is_value && !troth_cel_value_to_text(text, sizeof text, &len, value))
        troth_json_write_string(w, (struct troth_span){text, len});
    else
        troth_json_write_null(w);
    write_text_member(w, "error",
                      is_error ? troth_cel_error_text(value->as.error.code) : NULL);
}

static void write_reason(struct troth_json_writer *w, struct troth_span source,
                         const struct troth_cel_reason *reason)
{
    troth_json_begin_object(w);
    troth_json_write_key(w, "expression");
    troth_json_write_string(w, troth_span_slice(source, reason->start, reason->end));
    write_outcome(w, &reason->value);
    troth_json_write_key(w, "depth");
    troth_json_write_uint(w, reason->depth);
    troth_json_end_object(w);
}

static void write_explanation(struct troth_json_writer *w,
                              const struct troth_explanation *e)
{
    troth_json_begin_object(w);
    troth_json_write_key(w, "rule");
    troth_json_write_string(w, e->rule->name);
    troth_json_write_key(w, "policy_line");
    troth_json_write_uint(w, e->rule->line);
    troth_json_write_key(w, "expression");
    troth_json_write_string(w, e->rule->source);
    write_outcome(w, &e->value);
    troth_json_write_key(w, "reasons");
    troth_json_begin_array(w);
    for (size_t i = 0; i < e->count; i++)
        write_reason(w, e->rule->source, &e->reasons[i]);
    troth_json_end_array(w);
    troth_json_end_object(w);
}

static void write_explanations(struct troth_json_writer *w, const struct troth_result *r)
{
    troth_json_write_key(w, "explanations");
    troth_json_begin_array(w);
    for (size_t i = 0; i < r->explanation_count; i++)
        write_explanation(w, &r->explanations[i]);
    troth_json_end_array(w);
}

/* `by_policy`: a policy was there to decide. */
static void write_check(struct troth_json_writer *w, const struct troth_check *check,
                        bool by_policy)
{
    troth_json_begin_object(w);
    write_text_member(w, "name", troth_check_name(check->id));
    write_text_member(w, "outcome", troth_outcome_name(check->outcome));
    write_text_member(w, "detail",
                      check->why ? check->why : troth_check_meaning(check->id));
    write_text_member(w, "subject", check->subject);
    troth_json_write_key(w, "seen");
    troth_json_write_value(w, &check->seen);
    troth_json_write_key(w, "wanted");
    troth_json_write_value(w, &check->wanted);
    write_text_member(w, "flag", check->flag);
    write_text_member(w, "flag_argument", check->flag_argument);
    if (by_policy) {
        troth_json_write_key(w, "policy_line");
        if (check->policy_line)
            troth_json_write_uint(w, check->policy_line);
        else
            troth_json_write_null(w);
    }
    troth_json_end_object(w);
}

static void write_claims(struct troth_json_writer *w, const struct troth_claims *claims)
{
    troth_json_write_key(w, "claims");
    troth_json_begin_object(w);
    for (size_t i = 0; i < claims->count; i++) {
        troth_json_write_key(w, claims->rows[i].name);
        troth_json_write_value(w, &claims->rows[i].value);
    }
    troth_json_end_object(w);
}

static void write_event(struct troth_json_writer *w, const struct troth_event *event)
{
    troth_json_begin_object(w);
    troth_json_write_key(w, "name");
    troth_json_write_string(w, event->name);
    troth_json_write_key(w, "data");
    troth_json_write_hex(w, event->data);
    troth_json_end_object(w);
}

/* Those that count, and how many do not, the boundary not being one of them; null where
 * the log does not hold. */
static void write_events(struct troth_json_writer *w, const struct troth_event_log *log)
{
    troth_json_write_key(w, "events");
    if (!log->is_sealed) {
        troth_json_write_null(w);
        return;
    }
    troth_json_begin_object(w);
    troth_json_write_key(w, "register");
    troth_json_write_string(w, log->target);
    troth_json_write_key(w, "counted");
    troth_json_begin_array(w);
    for (size_t i = 0; i < log->counted; i++)
        write_event(w, &log->events[i]);
    troth_json_end_array(w);
    troth_json_write_key(w, "uncounted");
    troth_json_write_uint(w, log->count - log->counted - 1);
    troth_json_end_object(w);
}

static void write_not_proven(struct troth_json_writer *w, const struct troth_result *r)
{
    troth_json_write_key(w, "not_proven");
    troth_json_begin_array(w);
    for (size_t i = 0; i < r->not_proven_count; i++) {
        troth_json_begin_object(w);
        write_text_member(w, "name", r->not_proven[i]->name);
        write_text_member(w, "text", r->not_proven[i]->text);
        troth_json_end_object(w);
    }
    troth_json_end_array(w);
}

static enum troth_err finish(size_t *out_len, const struct troth_writer *w)
{
    struct troth_span text;
    enum troth_err err = troth_writer_finish(w, &text);

    *out_len = err ? 0 : text.len;
    return err;
}

enum troth_err troth_result_to_json(uint8_t *out, size_t size, size_t *out_len,
                                    const struct troth_result *result)
{
    struct troth_writer bytes = troth_writer_over(out, size);
    struct troth_json_writer w = troth_json_writer_over(&bytes, true);

    troth_json_begin_object(&w);
    write_text_member(&w, "verdict", troth_answer_name(result->answer));
    write_text_member(&w, "kind", result->kind);
    write_text_member(&w, "title", result->title);
    write_clock(&w, &result->clock);
    troth_json_write_key(&w, "archival");
    troth_json_write_bool(&w, result->archival);
    write_anchor(&w, result->anchor);
    troth_json_write_key(&w, "simulated");
    troth_json_write_bool(&w, result->simulated);
    troth_json_write_key(&w, "valid_until");
    troth_json_write_instant(&w, result->valid_until_s);
    write_text_member(&w, "valid_until_because", result->valid_until_what);
    if (result->policy)
        write_policy(&w, result);
    troth_json_write_key(&w, "checks");
    troth_json_begin_array(&w);
    for (size_t i = 0; i < result->verdict.count; i++)
        write_check(&w, &result->verdict.checks[i], result->policy != NULL);
    troth_json_end_array(&w);
    if (result->policy)
        write_explanations(&w, result);
    if (troth_verdict_find(&result->verdict, TROTH_CHECK_EVENT_LOG))
        write_events(&w, &result->events);
    write_claims(&w, &result->claims);
    write_not_proven(&w, result);
    troth_json_end_object(&w);
    return finish(out_len, &bytes);
}

enum troth_err troth_showing_to_json(uint8_t *out, size_t size, size_t *out_len,
                                     const struct troth_showing *showing)
{
    struct troth_writer bytes = troth_writer_over(out, size);
    struct troth_json_writer w = troth_json_writer_over(&bytes, true);

    troth_json_begin_object(&w);
    write_text_member(&w, "kind", showing->kind);
    write_text_member(&w, "title", showing->title);
    troth_json_write_key(&w, "verified");
    troth_json_write_bool(&w, false);
    write_claims(&w, &showing->claims);
    troth_json_end_object(&w);
    return finish(out_len, &bytes);
}
