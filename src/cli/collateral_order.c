/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/collateral_order.h"

#include <string.h>

#include "base/duration.h"
#include "base/span.h"

bool troth_collateral_order_begin(struct troth_collateral_order *order,
                                  struct troth_problem *problem, const char *const *words)
{
    size_t n = 1;

    while (words[n - 1])
        n++;
    *order = (struct troth_collateral_order){.within_s = 0};
    order->files.rows = troth_inputs_allocate(&order->inputs, problem,
                                              n * sizeof(char *));
    order->roots.rows = troth_inputs_allocate(&order->inputs, problem,
                                              n * sizeof(char *));
    return order->files.rows && order->roots.rows;
}

void troth_collateral_order_release(struct troth_collateral_order *order)
{
    troth_inputs_release(&order->inputs);
    *order = (struct troth_collateral_order){.within_s = 0};
}

bool troth_collateral_order_file(void *order, struct troth_problem *problem,
                                 const char *value)
{
    struct troth_words *files = &((struct troth_collateral_order *)order)->files;

    (void)problem;
    files->rows[files->count++] = value;
    return true;
}

static struct troth_supply_options *supply_of(void *order)
{
    return &((struct troth_collateral_order *)order)->supply;
}

bool troth_collateral_order_pccs(void *order, struct troth_problem *problem,
                                 const char *value)
{
    return troth_supply_take_pccs(supply_of(order), problem, value);
}

bool troth_collateral_order_kds(void *order, struct troth_problem *problem,
                                const char *value)
{
    return troth_supply_take_kds(supply_of(order), problem, value);
}

bool troth_collateral_order_update(void *order, struct troth_problem *problem,
                                   const char *value)
{
    struct troth_collateral_order *o = order;

    o->supply.update = TROTH_UPDATE_STANDARD;
    if (strcmp(value, troth_update_name(TROTH_UPDATE_EARLY)) == 0)
        o->supply.update = TROTH_UPDATE_EARLY;
    else if (strcmp(value, troth_update_name(TROTH_UPDATE_STANDARD)) != 0)
        return troth_problem_usage(problem,
                                   "--update: '%s' is neither early nor standard", value);
    return true;
}

bool troth_collateral_order_ca(void *order, struct troth_problem *problem,
                               const char *value)
{
    (void)problem;
    supply_of(order)->ca = value;
    return true;
}

bool troth_collateral_order_root(void *order, struct troth_problem *problem,
                                 const char *value)
{
    struct troth_words *roots = &((struct troth_collateral_order *)order)->roots;

    (void)problem;
    roots->rows[roots->count++] = value;
    return true;
}

bool troth_collateral_order_cache(void *order, struct troth_problem *problem,
                                  const char *value)
{
    return troth_supply_take_cache(supply_of(order), problem, value);
}

static bool take_time(int64_t *out_s, struct troth_problem *problem, const char *option,
                      const char *value)
{
    if (troth_duration_parse(out_s, troth_span_of_text(value)))
        return true;
    (void)troth_problem_usage(problem, "--%s: '%s' is no length of time", option, value);
    troth_problem_hint(problem, "30s, 15m, 12h, 7d; or seconds");
    return false;
}

bool troth_collateral_order_timeout(void *order, struct troth_problem *problem,
                                    const char *value)
{
    int64_t *timeout_s = &supply_of(order)->timeout_s;

    if (!take_time(timeout_s, problem, "timeout", value))
        return false;
    /* Nobody waits longer than an hour, and no system's clocks mind so many. */
    if (*timeout_s < 1 || *timeout_s > 3600)
        return troth_problem_usage(problem, "--timeout: from 1s to 1h");
    return true;
}

bool troth_collateral_order_within(void *order, struct troth_problem *problem,
                                   const char *value)
{
    return take_time(&((struct troth_collateral_order *)order)->within_s, problem,
                     "within", value);
}

bool troth_collateral_order_o(void *order, struct troth_problem *problem,
                              const char *value)
{
    (void)problem;
    ((struct troth_collateral_order *)order)->out = value;
    return true;
}

bool troth_collateral_order_json(void *order, struct troth_problem *problem,
                                 const char *value)
{
    (void)problem;
    (void)value;
    ((struct troth_collateral_order *)order)->json = true;
    return true;
}
