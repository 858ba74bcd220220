/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/event_file.h"

#include "base/span.h"

/* A second boundary is refused by the verdict, not here. */
static bool is_outcome(const struct troth_fault *fault)
{
    return fault->err == TROTH_ERR_DUPLICATE &&
           troth_span_is_text(troth_span_of_text(fault->field), "event_log.boundary");
}

bool troth_event_file_read(struct troth_span *out, struct troth_inputs *inputs,
                           struct troth_problem *problem, const char *path)
{
    struct troth_arena arena = {NULL, TROTH_EVENT_LOG_ARENA_SIZE, 0};
    struct troth_event_log log;
    struct troth_fault fault;

    if (!troth_inputs_read(inputs, problem, out, path, TROTH_EVENT_LOG_MAX))
        return false;
    arena.base = troth_inputs_allocate(inputs, problem, arena.size);
    if (!arena.base)
        return false;
    if (!troth_event_log_parse(&log, &fault, *out, &arena) || is_outcome(&fault))
        return true;
    return troth_problem_fault(problem, troth_inputs_name(path), &fault);
}
