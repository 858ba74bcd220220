/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/commands.h"

#include <stdio.h>
#include <stdlib.h>

#include "cli/help.h"
#include "cli/run_order.h"
#include "cli/status.h"
#include "os/beside.h"

/* As env and timeout have it. */
enum { STATUS_NOT_RUN = 125 };

const char troth_run_operands[] = " [-- PROGRAM ARGS...]";

/* The same words for a program that brings what this one does not: namespaces, another
 * user. */
static int become(struct troth_problem *problem, const char *const *words)
{
    char path[TROTH_BESIDE_MAX];
    const char **again;
    size_t count = 1;
    int failed = troth_beside_find(path, "troth-run");

    while (words[count - 1])
        count++;
    again = malloc((count + 1) * sizeof *again);
    if (!again) {
        (void)troth_problem_memory(problem);
        return STATUS_NOT_RUN;
    }
    again[0] = path;
    for (size_t i = 0; i < count; i++)
        again[i + 1] = words[i];
    if (!failed)
        failed = troth_beside_become(path, again);
    free((void *)again);
    (void)troth_problem_io(problem, "cannot run", path, failed);
    troth_problem_hint(problem, "troth-run belongs in the same folder as troth");
    return STATUS_NOT_RUN;
}

int troth_cmd_run(const struct troth_command *command, const char *const *words)
{
    struct troth_run_order order;
    struct troth_problem problem = {0};
    bool wants_help;
    int status;

    if (!troth_run_order_parse(&order, &problem, &wants_help, words)) {
        if (!problem.hint[0])
            troth_problem_hint(&problem, "'troth run --help' says more");
        return troth_problem_print(&problem, NULL);
    }
    if (wants_help) {
        troth_help_print_command(stdout, command);
        return TROTH_STATUS_YES;
    }
    status = become(&problem, words);
    (void)troth_problem_print(&problem, NULL);
    return status;
}
