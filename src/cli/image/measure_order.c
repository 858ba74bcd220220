/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/image/measure_order.h"

#include <string.h>

#include "base/nearest.h"
#include "base/span.h"
#include "base/utf8.h"
#include "cli/image/machine_order.h"

/* As policies have it; see docs/policy.md. */
enum { IMAGE_NAME_MAX = 128 };

static const char *const formats[] = {
    [TROTH_MEASURE_TEXT] = "text",
    [TROTH_MEASURE_JSON] = "json",
    [TROTH_MEASURE_POLICY] = "policy",
};

bool troth_measure_take_kind(void *order, struct troth_problem *problem,
                             const char *value)
{
    struct troth_nearest near = {NULL, 0};

    for (const struct troth_measure_kind *kind = troth_measure_kinds(); kind->name;
         kind++) {
        if (strcmp(value, kind->name) == 0) {
            ((struct troth_measure_order *)order)->kind = kind;
            return true;
        }
        troth_nearest_offer(&near, troth_span_of_text(value), kind->name);
    }
    (void)troth_problem_usage(problem, "--kind: '%s' is nothing that can be measured",
                              value);
    if (near.word)
        troth_problem_hint(problem, "did you mean '%s'?", near.word);
    return false;
}

bool troth_measure_take_format(void *order, struct troth_problem *problem,
                               const char *value)
{
    for (size_t i = 0; i < sizeof(formats) / sizeof(*formats); i++)
        if (strcmp(value, formats[i]) == 0) {
            ((struct troth_measure_order *)order)->format = (enum troth_measure_format)i;
            return true;
        }
    return troth_problem_usage(problem, "--format: '%s' is none of text, json, policy",
                               value);
}

bool troth_measure_take_json(void *order, struct troth_problem *problem,
                             const char *value)
{
    (void)value;
    return troth_measure_take_format(order, problem, "json");
}

/* What no reader of policies takes, whatever it is written as. */
static bool is_readable(const char *name, size_t len)
{
    /* Lines end there, or are said to begin: U+0085, U+2028, U+2029, U+FEFF. */
    static const char *const odd[] = {"\xc2\x85", "\xe2\x80\xa8", "\xe2\x80\xa9",
                                      "\xef\xbb\xbf"};

    for (size_t i = 0; i < sizeof(odd) / sizeof(*odd); i++)
        if (strstr(name, odd[i]))
            return false;
    for (size_t i = 0; i < len; i++)
        if ((uint8_t)name[i] < ' ' || name[i] == 0x7f)
            return false;
    return name[0] != ' ' && name[len - 1] != ' ' &&
           troth_utf8_is_valid((struct troth_span){(const uint8_t *)name, len});
}

bool troth_measure_take_image(void *order, struct troth_problem *problem,
                              const char *value)
{
    const size_t len = strlen(value);

    if (len == 0 || len > IMAGE_NAME_MAX || !is_readable(value, len))
        return troth_problem_usage(problem, "--image: no policy can call an image '%s'",
                                   value);
    ((struct troth_measure_order *)order)->image = value;
    return true;
}

static bool open_without_policy(const struct troth_measure_order *order)
{
    for (size_t i = 0; i < order->setting_count; i++)
        if (order->settings[i].len == 0)
            return order->format != TROTH_MEASURE_POLICY;
    return false;
}

bool troth_measure_order_check(const struct troth_measure_order *order,
                               struct troth_problem *problem)
{
    if (open_without_policy(order)) {
        (void)troth_problem_usage(problem, "--any leaves a claim of a policy open");
        troth_problem_hint(problem, "--format policy");
        return false;
    }
    if (order->image && order->format != TROTH_MEASURE_POLICY) {
        (void)troth_problem_usage(problem, "--image names an image in a policy");
        troth_problem_hint(problem, "--format policy");
        return false;
    }
    return troth_machine_order_check(order, problem);
}
