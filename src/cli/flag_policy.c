/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/flag_policy.h"

#include "base/span.h"
#include "codec/json_writer.h"
#include "evidence/format.h"

/* A line of flags, each character escaped. */
#define ROOM ((size_t)256 * 1024)

static bool holds(const struct troth_names *names, struct troth_span name)
{
    for (size_t i = 0; i < names->count; i++)
        if (troth_span_equal(names->rows[i], name))
            return true;
    return false;
}

static bool expects(const struct troth_requirements *r, struct troth_span claim)
{
    for (size_t i = 0; i < r->expect_count; i++)
        if (troth_span_equal(r->expect[i].claim, claim))
            return true;
    return false;
}

static bool names(const struct troth_requirements *r, const char *claim)
{
    struct troth_span name = troth_span_of_text(claim);

    return expects(r, name) || holds(&r->any, name);
}

/* What the flags say of one row of the identity table; an empty span: any value. */
struct row {
    bool is_named, is_any;
    struct troth_span value;
};

/* The value of --expect CLAIM=…, or an empty span. */
static struct troth_span value_of(const struct troth_requirements *r, const char *claim)
{
    for (size_t i = 0; i < r->expect_count; i++)
        if (troth_span_is_text(r->expect[i].claim, claim))
            return r->expect[i].value;
    return (struct troth_span){NULL, 0};
}

/* Of "pcr0=HEX,pcr1=HEX" the part at the front, of this label; `rest` moves behind it and
 * its comma. All of it where there is no label, and an empty span for another label. */
static struct troth_span next_part(struct troth_span *rest, const char *label)
{
    const struct troth_span wanted = troth_span_of_text(label);
    const struct troth_span from = *rest;
    const struct troth_span part = troth_span_next_item(rest, ',');

    if (wanted.len == 0)
        return from;
    if (part.len <= wanted.len || !troth_span_starts_with(part, wanted) ||
        part.ptr[wanted.len] != '=')
        return (struct troth_span){NULL, 0};
    return troth_span_slice(part, wanted.len + 1, part.len);
}

/* What the value of "measurement" says of one row; the table's order is part of it. */
static struct troth_span part_of(struct troth_span whole,
                                 const struct troth_identity_row *first,
                                 const char *claim)
{
    struct troth_span part = next_part(&whole, first->label);

    for (; first->claim != claim; part = next_part(&whole, first->label))
        first++;
    return part;
}

/* Is it the table as evidence spells it, with nothing before, between and behind? */
static bool is_table(struct troth_span whole, const struct troth_format *format)
{
    const struct troth_identity_row *row = format->identity;
    size_t len = 0;

    for (struct troth_span rest = whole; row->claim; row++) {
        const struct troth_span part = next_part(&rest, row->label);
        const size_t label = troth_span_of_text(row->label).len;

        if (part.len == 0)
            return false;
        len += part.len + (label ? label + 1 : 0) + (row != format->identity);
    }
    return len == whole.len;
}

/* A claim that has two values, or an empty one, no policy says, and the challenge of one
 * question is none's either: the flags themselves decide what comes of that. */
static bool can_be_said(const struct troth_requirements *r,
                        const struct troth_format *format)
{
    const struct troth_span whole = value_of(r, "measurement");

    for (size_t i = 0; i < r->expect_count; i++) {
        if (r->expect[i].value.len == 0)
            return false;
        for (size_t k = 0; k < i; k++)
            if (troth_span_equal(r->expect[i].claim, r->expect[k].claim))
                return false;
    }
    return !expects(r, troth_span_of_text(format->nonce_claim)) &&
           (whole.len == 0 || is_table(whole, format));
}

static struct row read_row(const struct troth_requirements *r,
                           const struct troth_format *format,
                           const struct troth_identity_row *identity)
{
    const struct troth_span whole = value_of(r, "measurement");
    struct row row = {.value = value_of(r, identity->claim)};

    row.is_any = row.value.len == 0 && names(r, identity->claim);
    if (row.value.len == 0 && !row.is_any && whole.len > 0)
        row.value = part_of(whole, format->identity, identity->claim);
    else if (row.value.len == 0 && !row.is_any)
        row.is_any = holds(&r->any, TROTH_LITERAL("measurement"));
    row.is_named = row.is_any || row.value.len > 0;
    return row;
}

/* One image can say it: each row is named, and once. */
static bool names_code(const struct troth_requirements *r,
                       const struct troth_format *format)
{
    const bool whole = expects(r, TROTH_LITERAL("measurement"));

    for (const struct troth_identity_row *i = format->identity; i->claim; i++)
        if (!read_row(r, format, i).is_named || (whole && names(r, i->claim)))
            return false;
    return true;
}

static bool is_identity(const struct troth_format *format, struct troth_span claim)
{
    for (const struct troth_identity_row *i = format->identity; i->claim; i++)
        if (troth_span_is_text(claim, i->claim))
            return true;
    return troth_span_is_text(claim, "measurement");
}

static bool names_nonce(const struct troth_requirements *r,
                        const struct troth_format *format)
{
    return r->has_nonce || r->has_binding || names(r, "nonce") ||
           names(r, format->nonce_claim);
}

static void write_names(struct troth_json_writer *w, const char *key,
                        const struct troth_names *list, const struct troth_format *format)
{
    size_t written = 0;

    for (size_t i = 0; i < list->count; i++) {
        struct troth_span name = list->rows[i];

        /* These have places of their own. */
        if (is_identity(format, name) || troth_span_is_text(name, "nonce") ||
            troth_span_is_text(name, format->nonce_claim))
            continue;
        if (written++ == 0) {
            troth_json_write_key(w, key);
            troth_json_begin_array(w);
        }
        troth_json_write_string(w, name);
    }
    if (written > 0)
        troth_json_end_array(w);
}

/* Names of flags are no literals: keys are written from copies that end with a zero. */
static void write_key(struct troth_json_writer *w, struct troth_span name)
{
    char key[96];
    struct troth_writer text = troth_writer_over((uint8_t *)key, sizeof key - 1);

    troth_write_bytes(&text, name);
    key[text.len] = '\0';
    troth_json_write_key(w, key);
}

static void write_expectations(struct troth_json_writer *w,
                               const struct troth_requirements *r,
                               const struct troth_format *format)
{
    size_t written = 0;

    for (size_t i = 0; i < r->expect_count; i++) {
        if (is_identity(format, r->expect[i].claim))
            continue;
        if (written++ == 0) {
            troth_json_write_key(w, "expect");
            troth_json_begin_object(w);
        }
        write_key(w, r->expect[i].claim);
        troth_json_write_string(w, r->expect[i].value);
    }
    if (written > 0)
        troth_json_end_object(w);
}

static void write_images(struct troth_json_writer *w, const struct troth_requirements *r,
                         const struct troth_format *format)
{
    bool all_any = true;

    for (const struct troth_identity_row *i = format->identity; i->claim; i++)
        all_any = all_any && read_row(r, format, i).is_any;
    troth_json_write_key(w, "images");
    if (all_any) {
        troth_json_write_text(w, "any");
        return;
    }
    troth_json_begin_object(w);
    troth_json_write_key(w, "expected");
    troth_json_begin_object(w);
    troth_json_write_key(w, format->name);
    troth_json_begin_object(w);
    for (const struct troth_identity_row *i = format->identity; i->claim; i++) {
        const struct row row = read_row(r, format, i);

        troth_json_write_key(w, i->claim);
        if (row.is_any)
            troth_json_write_text(w, "any");
        else
            troth_json_write_string(w, row.value);
    }
    troth_json_end_object(w);
    troth_json_end_object(w);
    troth_json_end_object(w);
}

static void write_document(struct troth_json_writer *w,
                           const struct troth_requirements *r,
                           const struct troth_format *format)
{
    bool any_nonce = !r->has_nonce && !r->has_binding;

    troth_json_begin_object(w);
    troth_json_write_key(w, "policy");
    troth_json_write_text(w, TROTH_FLAG_POLICY_NAME);
    troth_json_write_key(w, "accept");
    troth_json_begin_array(w);
    troth_json_write_text(w, format->name);
    troth_json_end_array(w);
    troth_json_write_key(w, "nonce");
    troth_json_write_text(w, any_nonce ? "any" : "required");
    write_images(w, r, format);
    write_names(w, "any", &r->any, format);
    write_names(w, "allow", &r->allow, format);
    write_expectations(w, r, format);
    troth_json_end_object(w);
}

bool troth_flag_policy(const struct troth_policy **out, struct troth_order *order,
                       struct troth_problem *problem, const struct troth_crypto *crypto)
{
    const struct troth_requirements *r = &order->requirements;
    const struct troth_format *format = troth_format_recognise(order->inputs.evidence);
    struct troth_arena arena = {NULL, TROTH_POLICY_ARENA_SIZE, 0};
    struct troth_json_writer json;
    struct troth_writer text;
    enum troth_err err;
    uint8_t *room;

    *out = NULL;
    if (!format || order->clock.kind == TROTH_CLOCK_DOCUMENT || !can_be_said(r, format) ||
        !names_code(r, format) || !names_nonce(r, format))
        return true;
    room = troth_inputs_allocate(&order->inputs, problem, ROOM);
    arena.base = troth_inputs_allocate(&order->inputs, problem, arena.size);
    if (!room || !arena.base)
        return false;
    text = troth_writer_over(room, ROOM);
    json = troth_json_writer_over(&text, false);
    write_document(&json, r, format);
    err = text.full ? TROTH_ERR_LIMIT
                    : troth_policy_from_json(out, NULL, troth_writer_span(&text), crypto,
                                             &arena);
    if (err == TROTH_ERR_CRYPTO || err == TROTH_ERR_MEMORY) {
        const struct troth_fault fault = {err, NULL, 0};

        return troth_problem_fault(problem, "", &fault);
    }
    return true;
}

bool troth_flags_fit_policy(const struct troth_order *order,
                            struct troth_problem *problem)
{
    const struct troth_requirements *r = &order->requirements;
    const char *flag = r->expect_count  ? "--expect"
                       : r->any.count   ? "--any"
                       : r->allow.count ? "--allow"
                                        : NULL;

    if (flag) {
        (void)troth_problem_usage(problem,
                                  "%s: beside --policy it is the policy's to say", flag);
        troth_problem_hint(problem, "write it into '%s'", order->policy);
        return false;
    }
    if (order->clock.kind != TROTH_CLOCK_DOCUMENT)
        return true;
    (void)troth_problem_usage(problem,
                              "--time document: a policy is judged at a real time");
    troth_problem_hint(problem, "now, or --time INSTANT");
    return false;
}
