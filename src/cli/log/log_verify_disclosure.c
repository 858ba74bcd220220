/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/log/log_verify.h"

#include <string.h>

#include "base/span.h"
#include "cli/log/log_complaint.h"
#include "cli/log/log_disclosed.h"
#include "cli/log/log_page.h"
#include "cli/status.h"

struct shown {
    const struct troth_log_verifying *v;
    struct troth_log_disclosed disclosed;
    struct troth_log_finding finding;
};

static bool read_all(struct shown *s, struct troth_log_verifying *v)
{
    const char *subject = troth_inputs_name(v->disclosure);
    struct troth_fault fault = {TROTH_OK, NULL, 0};
    struct troth_arena arena = {NULL, 0, 0};
    struct troth_span text;

    if (!troth_inputs_read(&v->inputs, &v->problem, &text, v->disclosure,
                           TROTH_LOG_DISCLOSED_MAX))
        return false;
    arena.size = 2 * text.len + 256;
    arena.base = troth_inputs_allocate(&v->inputs, &v->problem, arena.size);
    if (!arena.base)
        return false;
    if (troth_log_disclosed_parse(&s->disclosed, &fault, text, &arena))
        return troth_problem_fault(&v->problem, subject, &fault);
    if (!troth_log_bundle_parse(&s->finding.bundle, &v->problem, &v->inputs, subject,
                                s->disclosed.bundle))
        return false;
    s->finding.given = s->finding.bundle.entry;
    return s->finding.bundle.has_entry ||
           troth_problem_usage(&v->problem, "'%s': its bundle carries no entry", subject);
}

/* Against the commitment in an entry that is in the log. */
static bool check_value(struct shown *s, struct troth_log_verifying *v)
{
    struct troth_record_secret secret = {
        .origin = s->disclosed.origin,
        .name = s->disclosed.name,
        .value = s->disclosed.value,
    };
    struct troth_fault fault = {TROTH_OK, "record.commitments", 0};

    if (!s->finding.entry.is_record) {
        v->why = "the entry is no record: it commits to nothing";
        return true;
    }
    if (!troth_span_equal(s->disclosed.origin, s->finding.sight.checkpoint.origin)) {
        v->why = "it was committed to in another log";
        return true;
    }
    memcpy(secret.id, s->finding.entry.record.id, sizeof secret.id);
    memcpy(secret.salt, s->disclosed.salt, sizeof secret.salt);
    fault.err = troth_record_check(&s->finding.entry.record, &v->crypto, &secret);
    if (fault.err == TROTH_ERR_CRYPTO)
        return troth_problem_fault(&v->problem, troth_inputs_name(v->disclosure), &fault);
    if (fault.err)
        v->why = troth_log_refusal(&fault);
    return true;
}

static void write_json(struct troth_json_writer *w, const void *state)
{
    const struct shown *s = state;

    troth_log_verify_json(w, s->v);
    troth_log_sight_json(w, &s->finding.sight);
    troth_log_entry_json(w, &s->finding.entry);
    troth_json_write_key(w, "name");
    troth_json_write_string(w, s->disclosed.name);
    troth_log_json_base64(w, "value", s->disclosed.value);
}

static int print(const struct shown *s)
{
    struct troth_page page = troth_page_of_output();
    const int status = troth_log_verify_conclude(
        &page, s->v, "this is what the entry in the log committed to");

    troth_log_sight_print(&page, &s->finding.sight);
    if (status == TROTH_STATUS_YES) {
        troth_log_page_span(&page, "name", s->disclosed.name);
        troth_log_page_span(&page, "value", s->disclosed.value);
        troth_log_page_text(&page, "proves not",
                            "that the value is true, nor who else "
                            "has been shown it");
        troth_log_entry_print(&page, &s->finding.entry);
    }
    return status;
}

int troth_log_verify_disclosure(struct troth_log_verifying *v)
{
    struct shown s = {.v = v};

    if (!read_all(&s, v) ||
        !troth_log_verify_find(&s.finding, v, troth_inputs_name(v->disclosure)) ||
        (!v->why && !check_value(&s, v)))
        return TROTH_STATUS_UNDETERMINED;
    if (!v->json)
        return print(&s);
    if (!troth_log_json_print(&v->problem, write_json, &s))
        return TROTH_STATUS_UNDETERMINED;
    return v->why ? TROTH_STATUS_NO : TROTH_STATUS_YES;
}
