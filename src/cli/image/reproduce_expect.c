/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/image/reproduce.h"

#include <string.h>

#include "base/span.h"
#include "base/writer.h"

static bool names(const struct troth_requirements *r, const char *claim)
{
    const struct troth_span name = troth_span_of_text(claim);

    for (size_t i = 0; i < r->any.count; i++)
        if (troth_span_equal(r->any.rows[i], name))
            return true;
    for (size_t i = 0; i < r->expect_count; i++)
        if (troth_span_equal(r->expect[i].claim, name))
            return true;
    return false;
}

bool troth_reproduce_check(const struct troth_reproduce_order *order,
                           struct troth_problem *problem,
                           const struct troth_format *format)
{
    const struct troth_requirements *r = &order->common.requirements;

    if (names(r, "measurement"))
        return troth_problem_usage(problem, "measurement: the code is what is compared: "
                                            "neither --any nor --expect says it");
    if (order->common.policy || r->has_nonce || r->has_binding || names(r, "nonce") ||
        names(r, format->nonce_claim))
        return true;
    (void)troth_problem_usage(problem, "no --nonce is given: the evidence may be old");
    troth_problem_hint(problem,
                       "--nonce HEX if you asked for it with one; --any nonce for "
                       "what 'troth connect --evidence' kept");
    return false;
}

static bool add_expectation(struct troth_reproduce_order *order,
                            struct troth_problem *problem,
                            const struct troth_measurement *row)
{
    struct troth_order *common = &order->common;
    struct troth_requirements *r = &common->requirements;
    uint8_t *hex = troth_inputs_allocate(&common->inputs, problem, 2 * sizeof row->value);
    struct troth_writer w = troth_writer_over(hex, hex ? 2 * sizeof row->value : 0);

    if (!hex)
        return false;
    if (names(r, row->claim))
        return troth_problem_usage(problem,
                                   "%s: it is what is compared: neither --any "
                                   "nor --expect says it",
                                   row->claim);
    troth_write_hex(&w, (struct troth_span){row->value, row->len});
    common->expect[r->expect_count++] = (struct troth_expectation){
        troth_span_of_text(row->claim), troth_writer_span(&w)};
    return true;
}

/* Room for all of them behind those that were given. */
static bool make_room(struct troth_order *order, struct troth_problem *problem)
{
    const size_t count = order->requirements.expect_count;
    struct troth_expectation *rows = troth_inputs_allocate(
        &order->inputs, problem, (count + TROTH_MEASUREMENTS_MAX) * sizeof *rows);

    if (!rows)
        return false;
    if (count > 0)
        memcpy(rows, order->expect, count * sizeof *rows);
    order->expect = rows;
    order->requirements.expect = rows;
    return true;
}

static bool check_rest(const struct troth_reproduce_order *order,
                       struct troth_problem *problem, const struct troth_format *format,
                       const struct troth_measurements *measurements)
{
    for (const struct troth_identity_row *row = format->identity; row->claim; row++) {
        const struct troth_measurement *built = troth_measurements_find(measurements,
                                                                        row->claim);

        if (names(&order->common.requirements, row->claim))
            continue;
        (void)troth_problem_usage(problem, "%s cannot be computed from source: %s",
                                  row->claim,
                                  built ? built->covers : "nothing here says it");
        troth_problem_hint(problem,
                           "--expect %s=HEX if you know it, --any %s if any value will "
                           "do",
                           row->claim, row->claim);
        return false;
    }
    return true;
}

bool troth_reproduce_expect(struct troth_reproduce_order *order,
                            struct troth_problem *problem,
                            const struct troth_format *format,
                            const struct troth_measurements *measurements)
{
    if (order->common.policy)
        return true;
    if (!make_room(&order->common, problem))
        return false;
    for (size_t i = 0; i < measurements->count; i++)
        if (measurements->rows[i].len > 0 &&
            !add_expectation(order, problem, &measurements->rows[i]))
            return false;
    return check_rest(order, problem, format, measurements);
}
