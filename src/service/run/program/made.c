/* SPDX-License-Identifier: Apache-2.0 */
#include "service/run/program/made.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "cli/policy_complaint.h"
#include "service/run/program/merge.h"
#include "service/run/program/settle.h"

static bool complain(struct troth_problem *problem, const char *path,
                     const struct troth_run_issue *issue)
{
    char place[TROTH_POLICY_PLACE_ROOM];

    troth_policy_place(place, troth_inputs_name(path), issue->place.line,
                       issue->place.column);
    (void)troth_problem_usage(problem, "%s: %s", place, issue->text);
    if (issue->hint[0])
        troth_problem_hint(problem, "%s", issue->hint);
    return false;
}

static bool read_file(struct troth_run_made *made, struct troth_problem *problem,
                      struct troth_span *out_text, const char *path)
{
    struct troth_arena arena = {NULL, TROTH_RUN_FILE_ARENA_SIZE, 0};
    struct troth_run_issue issue;

    *out_text = (struct troth_span){NULL, 0};
    if (!path)
        return true;
    if (!troth_inputs_read(&made->inputs, problem, out_text, path, TROTH_RUN_FILE_MAX))
        return false;
    arena.base = troth_inputs_allocate(&made->inputs, problem, arena.size);
    if (!arena.base)
        return false;
    if (!troth_run_file_parse(&made->file, &issue, *out_text, &arena))
        return true;
    return issue.text[0] ? complain(problem, path, &issue)
                         : troth_problem_memory(problem);
}

bool troth_run_made_begin(struct troth_run_made *made, struct troth_problem *problem,
                          const struct troth_run_order *order,
                          const struct troth_crypto *crypto)
{
    struct troth_span text;
    struct troth_fault fault = {TROTH_OK, NULL, 0};

    if (!read_file(made, problem, &text, order->run_file) ||
        !troth_run_merge_program(made, problem, order))
        return false;
    fault.err = troth_run_measure(&made->measure, crypto, text, made->plan.sandbox.argv);
    return !fault.err || troth_problem_fault(problem, "", &fault);
}

bool troth_run_made_finish(struct troth_run_made *made, struct troth_problem *problem,
                           const struct troth_run_order *order, bool records)
{
    return troth_run_merge(made, problem, order) &&
           troth_run_settle(made, problem, order, records);
}

void troth_run_made_release(struct troth_run_made *made)
{
    troth_inputs_release(&made->inputs);
    *made = (struct troth_run_made){.plan = {.listen = NULL}};
}
