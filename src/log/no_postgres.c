/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>

#include "log/problem.h"

int troth_sequence_open_postgres(struct troth_sequence **out,
                                 struct troth_log_problem *problem, const char *conninfo,
                                 const char *origin, bool create)
{
    (void)conninfo;
    (void)origin;
    (void)create;
    *out = NULL;
    return troth_log_problem_say(problem, ENOSYS,
                                 "this build of troth is without PostgreSQL");
}
