/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/order.h"

#include "base/hex.h"
#include "base/instant.h"
#include "base/number.h"
#include "base/span.h"

static void *allocate(struct troth_order *order, struct troth_problem *problem,
                      size_t count, size_t size)
{
    return troth_inputs_allocate(&order->inputs, problem, count * size);
}

bool troth_order_begin(struct troth_order *order, struct troth_problem *problem,
                       const char *const *words)
{
    size_t n = 1;

    while (words[n - 1])
        n++;
    *order = (struct troth_order){.clock = {TROTH_CLOCK_NOW, 0}};
    order->collateral.rows = allocate(order, problem, n, sizeof(char *));
    order->roots.rows = allocate(order, problem, n, sizeof(char *));
    order->expect = allocate(order, problem, n, sizeof *order->expect);
    order->any = allocate(order, problem, n, sizeof *order->any);
    order->allow = allocate(order, problem, n, sizeof *order->allow);
    order->events = allocate(order, problem, n, sizeof *order->events);
    order->requirements.expect = order->expect;
    order->requirements.any.rows = order->any;
    order->requirements.allow.rows = order->allow;
    return order->collateral.rows && order->roots.rows && order->expect && order->any &&
           order->allow && order->events;
}

void troth_order_release(struct troth_order *order)
{
    troth_inputs_release(&order->inputs);
    *order = (struct troth_order){0};
}

/* In the years that an instant can be written in. */
static bool parse_seconds(int64_t *out_s, struct troth_span text)
{
    static const struct troth_civil last = {9999, 12, 31, 23, 59, 59};
    uint64_t seconds = 0;
    int64_t latest_s;

    *out_s = 0;
    if (troth_instant_from_civil(&latest_s, last) ||
        troth_uint_parse(&seconds, text, 10) || seconds > (uint64_t)latest_s)
        return false;
    *out_s = (int64_t)seconds;
    return true;
}

bool troth_clock_parse(struct troth_clock *out, struct troth_span text)
{
    *out = (struct troth_clock){TROTH_CLOCK_GIVEN, 0};
    if (troth_span_equal(text, TROTH_LITERAL("now")))
        out->kind = TROTH_CLOCK_NOW;
    else if (troth_span_equal(text, TROTH_LITERAL("document")))
        out->kind = TROTH_CLOCK_DOCUMENT;
    else if (!parse_seconds(&out->at_s, text))
        return troth_instant_parse_rfc3339(&out->at_s, text) == TROTH_OK;
    return true;
}

bool troth_order_time(void *order, struct troth_problem *problem, const char *value)
{
    struct troth_order *o = order;

    if (troth_clock_parse(&o->clock, troth_span_of_text(value)))
        return true;
    (void)troth_problem_usage(problem, "--time: '%s' is no instant", value);
    troth_problem_hint(problem, "now, document, 2026-05-01T00:00:00Z, or seconds since "
                                "1970");
    return false;
}

bool troth_order_collateral(void *order, struct troth_problem *problem, const char *value)
{
    struct troth_order *o = order;

    (void)problem;
    o->collateral.rows[o->collateral.count++] = value;
    return true;
}

bool troth_order_root(void *order, struct troth_problem *problem, const char *value)
{
    struct troth_order *o = order;

    (void)problem;
    o->roots.rows[o->roots.count++] = value;
    return true;
}

bool troth_nonce_parse(struct troth_span *out, struct troth_inputs *inputs,
                       struct troth_problem *problem, const char *value)
{
    struct troth_span text = troth_span_of_text(value);
    uint8_t *bytes = troth_inputs_allocate(inputs, problem, text.len);
    size_t len;

    *out = (struct troth_span){NULL, 0};
    if (!bytes)
        return false;
    if (troth_span_starts_with(text, TROTH_LITERAL("0x")))
        text = troth_span_slice(text, 2, text.len);
    if (text.len == 0)
        return troth_problem_usage(problem, "--nonce: empty: it would ask for nothing");
    if (troth_hex_parse(bytes, text.len, &len, text))
        return troth_problem_usage(problem, "--nonce: '%s' is not hex, two digits a byte",
                                   value);
    *out = (struct troth_span){bytes, len};
    return true;
}

bool troth_order_nonce(void *order, struct troth_problem *problem, const char *value)
{
    struct troth_order *o = order;

    o->requirements.has_nonce = troth_nonce_parse(&o->requirements.nonce, &o->inputs,
                                                  problem, value);
    return o->requirements.has_nonce;
}

bool troth_order_binding(void *order, struct troth_problem *problem, const char *value)
{
    struct troth_order *o = order;

    (void)problem;
    o->requirements.binding = troth_span_of_text(value);
    o->requirements.has_binding = true;
    return true;
}

bool troth_order_expect(void *order, struct troth_problem *problem, const char *value)
{
    struct troth_order *o = order;
    struct troth_span text = troth_span_of_text(value);
    size_t at = 0;

    while (at < text.len && text.ptr[at] != '=')
        at++;
    if (at == 0 || at == text.len) {
        (void)troth_problem_usage(problem, "--expect: '%s' is not CLAIM=VALUE", value);
        troth_problem_hint(problem, "'troth show FILE' lists claims and their values");
        return false;
    }
    o->expect[o->requirements.expect_count++] = (struct troth_expectation){
        troth_span_slice(text, 0, at), troth_span_slice(text, at + 1, text.len)};
    return true;
}

bool troth_order_any(void *order, struct troth_problem *problem, const char *value)
{
    struct troth_order *o = order;

    (void)problem;
    o->any[o->requirements.any.count++] = troth_span_of_text(value);
    return true;
}

bool troth_order_allow(void *order, struct troth_problem *problem, const char *value)
{
    struct troth_order *o = order;

    (void)problem;
    o->allow[o->requirements.allow.count++] = troth_span_of_text(value);
    return true;
}

bool troth_order_event_log(void *order, struct troth_problem *problem, const char *value)
{
    (void)problem;
    ((struct troth_order *)order)->event_log = value;
    return true;
}

bool troth_order_log_proof(void *order, struct troth_problem *problem, const char *value)
{
    (void)problem;
    ((struct troth_order *)order)->log_proof = value;
    return true;
}

/* NAME=HEX; the hex may be empty, as an event's data may be. */
static bool parse_event(struct troth_event *out, struct troth_order *o,
                        struct troth_problem *problem, struct troth_span text)
{
    struct troth_span hex = text;
    const struct troth_span name = troth_span_next_item(&hex, '=');
    uint8_t *bytes = allocate(o, problem, hex.len / 2 + 1, 1);
    size_t len;

    if (!bytes)
        return false;
    *out = (struct troth_event){name, {bytes, 0}};
    if (name.len == text.len || troth_hex_parse(bytes, hex.len / 2 + 1, &len, hex))
        return false;
    out->data.len = len;
    return troth_event_check(out) == TROTH_OK;
}

bool troth_order_event(void *order, struct troth_problem *problem, const char *value)
{
    struct troth_order *o = order;

    if (o->event_count == TROTH_WANTED_EVENTS_MAX)
        return troth_problem_usage(problem, "more than %d of --event",
                                   TROTH_WANTED_EVENTS_MAX);
    if (parse_event(&o->events[o->event_count], o, problem, troth_span_of_text(value))) {
        o->event_count++;
        return true;
    }
    if (!problem->name)
        (void)troth_problem_usage(problem, "--event: '%s' is not NAME=HEX", value);
    return false;
}

bool troth_order_policy(void *order, struct troth_problem *problem, const char *value)
{
    (void)problem;
    ((struct troth_order *)order)->policy = value;
    return true;
}

bool troth_order_nonce_made(void *order, struct troth_problem *problem, const char *value)
{
    struct troth_order *o = order;
    struct troth_clock made;

    if (troth_clock_parse(&made, troth_span_of_text(value)) &&
        made.kind == TROTH_CLOCK_GIVEN && made.at_s != TROTH_INSTANT_UNSAID) {
        o->nonce_made_s = made.at_s;
        return true;
    }
    (void)troth_problem_usage(problem, "--nonce-made: '%s' is no instant", value);
    troth_problem_hint(problem, "2026-05-01T00:00:00Z, or seconds since 1970");
    return false;
}

bool troth_order_ear(void *order, struct troth_problem *problem, const char *value)
{
    (void)problem;
    ((struct troth_order *)order)->ear = value;
    return true;
}

bool troth_order_ear_profile(void *order, struct troth_problem *problem,
                             const char *value)
{
    struct troth_order *o = order;
    struct troth_span text = troth_span_of_text(value);

    if (troth_span_equal(text, TROTH_LITERAL("draft")))
        o->ear_profile = TROTH_EAR_DRAFT;
    else if (troth_span_equal(text, TROTH_LITERAL("veraison")))
        o->ear_profile = TROTH_EAR_VERAISON;
    else
        return troth_problem_usage(problem,
                                   "--ear-profile: '%s' is neither draft nor "
                                   "veraison",
                                   value);
    return true;
}

bool troth_order_offline(void *order, struct troth_problem *problem, const char *value)
{
    (void)problem;
    (void)value;
    ((struct troth_order *)order)->supply.offline = true;
    return true;
}

bool troth_order_pccs(void *order, struct troth_problem *problem, const char *value)
{
    return troth_supply_take_pccs(&((struct troth_order *)order)->supply, problem, value);
}

bool troth_order_kds(void *order, struct troth_problem *problem, const char *value)
{
    return troth_supply_take_kds(&((struct troth_order *)order)->supply, problem, value);
}

bool troth_order_ca(void *order, struct troth_problem *problem, const char *value)
{
    (void)problem;
    ((struct troth_order *)order)->supply.ca = value;
    return true;
}

bool troth_order_cache(void *order, struct troth_problem *problem, const char *value)
{
    return troth_supply_take_cache(&((struct troth_order *)order)->supply, problem,
                                   value);
}

bool troth_order_json(void *order, struct troth_problem *problem, const char *value)
{
    struct troth_order *o = order;

    (void)problem;
    (void)value;
    o->json = true;
    return true;
}
