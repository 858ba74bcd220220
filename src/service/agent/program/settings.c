/* SPDX-License-Identifier: Apache-2.0 */
#include "service/agent/program/settings.h"

#include <stdlib.h>

#include "cli/policy_complaint.h"
#include "troth/policy.h"

static bool read_policy(struct troth_settings *settings, struct troth_problem *problem,
                        const struct troth_crypto *crypto, const char *path)
{
    struct troth_inputs *inputs = &settings->inputs;
    struct troth_policy_issue issue = {.line = 0};
    struct troth_arena arena = {NULL, TROTH_POLICY_ARENA_SIZE, 0};
    struct troth_span text;
    enum troth_err err;

    if (!troth_inputs_read(inputs, problem, &text, path, TROTH_POLICY_SOURCE_MAX))
        return false;
    arena.base = troth_inputs_allocate(inputs, problem, arena.size);
    if (!arena.base)
        return false;
    err = troth_policy_from_json(&settings->policy, &issue, text, crypto, &arena);
    if (err == TROTH_ERR_MEMORY || err == TROTH_ERR_CRYPTO)
        return troth_problem_memory(problem);
    return err ? troth_policy_complain(problem, path, &issue)
               : troth_policy_fits_connections(problem, path, settings->policy);
}

/* Parsed once, for all who are judged by it. */
static bool prepare(struct troth_settings *settings, struct troth_problem *problem,
                    const struct troth_crypto *crypto)
{
    struct troth_inputs *inputs = &settings->inputs;
    struct troth_arena arena = {NULL, TROTH_PREPARE_ARENA_SIZE, 0};
    struct troth_fault fault = {TROTH_OK, NULL, 0};

    if (inputs->item_count == 0)
        return true;
    arena.base = troth_inputs_allocate(inputs, problem, arena.size);
    if (!arena.base)
        return false;
    if (troth_collateral_prepare(inputs->items, inputs->item_count, NULL, &fault, crypto,
                                 &arena))
        return troth_problem_fault(problem, "--collateral", &fault);
    return true;
}

static bool read_all(struct troth_settings *settings, struct troth_problem *problem,
                     const struct troth_agent_order *order,
                     const struct troth_crypto *crypto)
{
    struct troth_inputs *inputs = &settings->inputs;
    bool fine = !order->policy || read_policy(settings, problem, crypto, order->policy);

    for (size_t i = 0; fine && i < order->root_count; i++)
        fine = troth_inputs_read_root(inputs, problem, crypto, order->roots[i]);
    for (size_t i = 0; fine && i < order->collateral_count; i++)
        fine = troth_inputs_read_collateral(inputs, problem, order->collateral[i]);
    settings->anchors = (struct troth_anchors){inputs->anchors, inputs->anchor_count};
    return fine && prepare(settings, problem, crypto);
}

bool troth_settings_read(struct troth_settings **out, struct troth_problem *problem,
                         const struct troth_agent_order *order,
                         const struct troth_crypto *crypto)
{
    struct troth_settings *settings = calloc(1, sizeof *settings);

    *out = NULL;
    if (!settings)
        return troth_problem_memory(problem);
    if (read_all(settings, problem, order, crypto)) {
        *out = settings;
        return true;
    }
    troth_settings_destroy(settings);
    return false;
}

void troth_settings_destroy(struct troth_settings *settings)
{
    if (!settings)
        return;
    troth_inputs_release(&settings->inputs);
    free(settings);
}
