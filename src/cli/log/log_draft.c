/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/log/log_draft.h"

#include <stdio.h>
#include <string.h>
#include <sys/random.h>

#include "base/nearest.h"
#include "base/number.h"
#include "base/span.h"
#include "cli/log/log_measurements.h"
#include "cli/log/log_private.h"
#include "os/patience.h"

#define TREE_ROOM ((size_t)256 * 1024)

/* A record being put together. */
struct drafting {
    struct troth_problem *problem;
    struct troth_inputs *inputs;
    const struct troth_crypto *crypto;
    const struct troth_log_draft_order *order;
    struct troth_record record;
};

/* ---- kinds and fields ---- */

static bool find_kind(enum troth_record_kind *out, struct troth_problem *problem,
                      const char *name)
{
    char all[256] = "";
    size_t len = 0;

    for (unsigned i = 1; troth_record_kind_name((enum troth_record_kind)i); i++) {
        const char *known = troth_record_kind_name((enum troth_record_kind)i);

        *out = (enum troth_record_kind)i;
        if (strcmp(name, known) == 0)
            return true;
        len += (size_t)snprintf(all + len, sizeof all - len, "%s%s", i > 1 ? ", " : "",
                                known);
    }
    *out = TROTH_RECORD_NONE;
    (void)troth_problem_usage(problem, "--record: no kind of record is called '%s'",
                              name);
    troth_problem_hint(problem, "%s", all);
    return false;
}

static const struct troth_record_field *find_field(struct drafting *d,
                                                   struct troth_span name)
{
    const struct troth_record_field *row = troth_record_fields(d->record.kind);
    struct troth_nearest near = {NULL, 0};

    for (; row->name; row++) {
        if (troth_span_is_text(name, row->name))
            return row;
        troth_nearest_offer(&near, name, row->name);
    }
    (void)troth_problem_usage(d->problem, "--field: a %s record has no field '%.*s'",
                              d->order->kind, (int)name.len, (const char *)name.ptr);
    if (near.word)
        troth_problem_hint(d->problem, "did you mean '%s'?", near.word);
    else
        troth_problem_hint(d->problem, "docs/log.md lists them; --private keeps what is "
                                       "to be no field");
    return NULL;
}

static bool read_text(struct drafting *d, struct troth_span *out, struct troth_span value,
                      const char *raw)
{
    if (value.len == 0 || value.ptr[0] != '@') {
        *out = value;
        return true;
    }
    if (!troth_inputs_read(d->inputs, d->problem, out,
                           raw + (value.ptr - (const uint8_t *)raw) + 1,
                           TROTH_RECORD_MAX))
        return false;
    /* A text file's last line end is not a part of its text. */
    if (out->len > 0 && out->ptr[out->len - 1] == '\n')
        out->len--;
    return true;
}

static bool read_measurements(struct drafting *d, struct troth_record_value *value)
{
    uint8_t *out = troth_inputs_allocate(d->inputs, d->problem, TROTH_RECORD_MAX);
    struct troth_arena arena = {troth_inputs_allocate(d->inputs, d->problem, TREE_ROOM),
                                TREE_ROOM, 0};
    struct troth_writer w = troth_writer_over(out, TROTH_RECORD_MAX);
    const struct troth_tree_node *tree;
    struct troth_tree_issue issue = {.text = ""};
    enum troth_err err;

    if (!out || !arena.base)
        return false;
    err = troth_tree_from_json(&tree, &issue, value->text, &arena);
    if (!err)
        err = troth_log_measurements_write(&w, tree);
    if (err) {
        (void)troth_problem_usage(d->problem, "--field %s: %s", value->field->name,
                                  issue.text[0] ? issue.text : troth_err_text(err));
        troth_problem_hint(d->problem, "JSON: {\"nitro\":{\"pcr0\":\"...\"}}");
        return false;
    }
    value->text = troth_writer_span(&w);
    return true;
}

static bool read_value(struct drafting *d, struct troth_record_value *value)
{
    if (value->field->type == TROTH_RECORD_MEASUREMENTS)
        return read_measurements(d, value);
    if (value->field->type != TROTH_RECORD_UINT ||
        troth_uint_parse(&value->number, value->text, 10) == TROTH_OK)
        return true;
    return troth_problem_usage(d->problem, "--field %s: it is a number",
                               value->field->name);
}

static bool take_field(struct drafting *d, const char *raw)
{
    struct troth_record_value *value = &d->record.values[d->record.value_count];
    struct troth_span rest = troth_span_of_text(raw);
    const struct troth_span name = troth_span_next_item(&rest, '=');

    value->field = find_field(d, name);
    if (!value->field)
        return false;
    d->record.value_count++;
    return read_text(d, &value->text, rest, raw) && read_value(d, value);
}

/* All of them at once, before anything is made. */
static bool check_required(struct drafting *d)
{
    const struct troth_record_field *row = troth_record_fields(d->record.kind);
    char missing[384] = "";
    size_t len = 0;

    for (; row->name; row++) {
        bool is_there = !row->is_required;

        for (size_t i = 0; i < d->record.value_count; i++)
            is_there = is_there || d->record.values[i].field == row;
        if (!is_there && len < sizeof missing)
            len += (size_t)snprintf(missing + len, sizeof missing - len, "%s%s (%s)",
                                    len ? ", " : "", row->name, row->meaning);
    }
    if (len == 0)
        return true;
    (void)troth_problem_usage(d->problem, "a %s record lacks a --field", d->order->kind);
    troth_problem_hint(d->problem, "%s", missing);
    return false;
}

/* ---- the whole ---- */

bool troth_log_draft_check(struct troth_problem *problem,
                           const struct troth_log_draft_order *order)
{
    enum troth_record_kind kind;

    if (!order->kind && (order->field_count || order->private_count || order->tag_count))
        return troth_problem_usage(problem, "--field, --private and --tag need --record");
    if (order->kind && !find_kind(&kind, problem, order->kind))
        return false;
    if (order->private_count > 0 && !order->auditor) {
        (void)troth_problem_usage(problem, "--private: who may read it? --auditor is "
                                           "missing");
        troth_problem_hint(problem, "openssl pkey -in auditor.pem -pubout -out "
                                    "auditor.pub.pem makes what FILE is");
        return false;
    }
    if ((order->tag_count > 0) != (order->tag_key != NULL))
        return troth_problem_usage(problem, "--tag and --tag-key go together");
    return true;
}

static bool begin(struct drafting *d)
{
    const struct troth_patience *clock = troth_patience_real();

    if (getrandom(d->record.id, sizeof d->record.id, 0) != (ssize_t)sizeof d->record.id)
        return troth_problem_usage(d->problem, "the system gives no random numbers");
    d->record.time_ms = (uint64_t)clock->now_ms(clock->state);
    if (!find_kind(&d->record.kind, d->problem, d->order->kind))
        return false;
    for (size_t i = 0; i < d->order->field_count; i++)
        if (!take_field(d, d->order->fields[i]))
            return false;
    return check_required(d);
}

static bool write_entry(struct troth_log_draft *out, struct drafting *d)
{
    uint8_t *entry = troth_inputs_allocate(d->inputs, d->problem, TROTH_RECORD_MAX);
    struct troth_fault fault = {TROTH_OK, NULL, 0};
    char subject[64];
    size_t len = 0;

    if (!entry)
        return false;
    (void)snprintf(subject, sizeof subject, "--record %s", d->order->kind);
    if (troth_record_write(entry, TROTH_RECORD_MAX, &len, &fault, &d->record))
        return troth_problem_fault(d->problem, subject, &fault);
    out->entry = (struct troth_span){entry, len};
    memcpy(out->id, d->record.id, sizeof out->id);
    return true;
}

bool troth_log_draft_make(struct troth_log_draft *out, struct troth_problem *problem,
                          struct troth_inputs *inputs, const struct troth_crypto *crypto,
                          const struct troth_log_draft_order *order,
                          struct troth_span origin)
{
    struct drafting d = {
        .problem = problem, .inputs = inputs, .crypto = crypto, .order = order};
    struct troth_log_private *private;
    bool fine;

    memset(out, 0, sizeof *out);
    private = troth_inputs_allocate(inputs, problem, sizeof *private);
    if (!private || !begin(&d))
        return false;
    fine = troth_log_private_read(private, problem, order, origin, d.record.id) &&
           troth_log_private_mark(&d.record, private, problem, crypto) &&
           write_entry(out, &d) &&
           troth_log_private_seal(&out->sealed, private, problem, inputs, crypto);
    troth_log_private_wipe(private);
    return fine;
}
