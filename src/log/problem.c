/* SPDX-License-Identifier: Apache-2.0 */
#include "log/problem.h"

#include <stdio.h>

int troth_log_fail(struct troth_log_problem *problem, int failed, const char *what,
                   const char *where)
{
    problem->failed = failed;
    (void)snprintf(problem->text, sizeof problem->text, "%s%s%s", what,
                   *where ? ": " : "", where);
    return failed;
}
