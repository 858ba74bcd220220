/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/image/machine_order.h"

#include <string.h>

#include "base/hex.h"
#include "base/span.h"

/* Registers have this size, and so has all else that can be set. */
#define VALUE_SIZE 48

static struct troth_measure_setting *add(struct troth_measure_order *order,
                                         struct troth_problem *problem,
                                         const char *option, const char *claim,
                                         size_t len)
{
    struct troth_measure_setting *setting = &order->settings[order->setting_count];

    if (order->setting_count == TROTH_MEASURE_SETTINGS_MAX) {
        (void)troth_problem_usage(problem, "--set and --any: no more than %d of them",
                                  TROTH_MEASURE_SETTINGS_MAX);
        return NULL;
    }
    if (len == 0 || len >= sizeof(setting->claim)) {
        (void)troth_problem_usage(problem, "--%s: '%s' names no claim", option, claim);
        return NULL;
    }
    *setting = (struct troth_measure_setting){.len = 0};
    memcpy(setting->claim, claim, len);
    order->setting_count++;
    return setting;
}

bool troth_measure_take_any(void *order, struct troth_problem *problem, const char *value)
{
    return add(order, problem, "any", value, strlen(value)) != NULL;
}

bool troth_measure_take_set(void *order, struct troth_problem *problem, const char *value)
{
    const char *equals = strchr(value, '=');
    struct troth_measure_setting *setting;

    if (!equals)
        return troth_problem_usage(problem, "--set: '%s' is not CLAIM=HEX", value);
    setting = add(order, problem, "set", value, (size_t)(equals - value));
    if (!setting)
        return false;
    if (troth_hex_parse(setting->value, sizeof(setting->value), &setting->len,
                        troth_span_of_text(equals + 1)) ||
        setting->len != VALUE_SIZE)
        return troth_problem_usage(problem,
                                   "--set: %s has a value of %d hexadecimal "
                                   "digits",
                                   setting->claim, 2 * VALUE_SIZE);
    return true;
}

bool troth_measure_means(const struct troth_measure_setting *setting, const char *claim)
{
    const char *dot = strchr(claim, '.');

    return strcmp(setting->claim, claim) == 0 ||
           (dot && strcmp(setting->claim, dot + 1) == 0);
}

static bool same_claim(const struct troth_measure_order *order, size_t i, size_t k,
                       const char *claim)
{
    return troth_measure_means(&order->settings[i], claim) &&
           troth_measure_means(&order->settings[k], claim);
}

/* One claim settled twice could be settled in two ways. */
static bool check_once(struct troth_measure_finding *finding,
                       struct troth_problem *problem,
                       const struct troth_measure_order *order, size_t i)
{
    for (size_t row = 0; row < finding->measurements.count; row++)
        for (size_t k = 0; k < i; k++)
            if (same_claim(order, i, k, finding->measurements.rows[row].claim))
                return troth_problem_usage(problem, "--set and --any: %s is there twice",
                                           finding->measurements.rows[row].claim);
    return true;
}

static bool set(struct troth_measure_finding *finding, struct troth_problem *problem,
                const struct troth_measure_setting *setting)
{
    for (size_t i = 0; i < finding->measurements.count; i++) {
        struct troth_measurement *row = &finding->measurements.rows[i];

        if (!troth_measure_means(setting, row->claim))
            continue;
        if (!troth_span_is_zero((struct troth_span){row->value, row->len}))
            return troth_problem_usage(problem,
                                       "--set: %s is computed, and is not what "
                                       "one would like",
                                       row->claim);
        memcpy(row->value, setting->value, setting->len);
        row->len = setting->len;
        row->covers = "given, not computed";
        return true;
    }
    return troth_problem_usage(problem, "--set: '%s' is no claim that --kind %s measures",
                               setting->claim, finding->measurements.kind);
}

bool troth_measure_settle(struct troth_measure_finding *finding,
                          struct troth_problem *problem,
                          const struct troth_measure_order *order)
{
    for (size_t i = 0; i < order->setting_count; i++) {
        if (!check_once(finding, problem, order, i))
            return false;
        if (order->settings[i].len > 0 && !set(finding, problem, &order->settings[i]))
            return false;
    }
    return true;
}
