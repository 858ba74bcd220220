/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/image/build_problem.h"

#include <stdio.h>

bool troth_problem_of_build(struct troth_problem *out,
                            const struct troth_build_problem *problem)
{
    const struct troth_place *place = &problem->place;

    *out = (struct troth_problem){.name = troth_err_name(TROTH_ERR_VALUE)};
    if (place->line > 0)
        (void)snprintf(out->subject, sizeof(out->subject), "%.220s:%u:%u",
                       problem->subject, (unsigned)place->line, (unsigned)place->column);
    else
        (void)snprintf(out->subject, sizeof(out->subject), "%.*s",
                       (int)sizeof(out->subject) - 1, problem->subject);
    (void)snprintf(out->text, sizeof(out->text), "%s", problem->text);
    (void)snprintf(out->hint, sizeof(out->hint), "%s", problem->hint);
    return false;
}
