/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/policy_complaint.h"

#include <stdio.h>

#include "policy/policy.h"

void troth_policy_place(char out[static TROTH_POLICY_PLACE_ROOM], const char *name,
                        uint32_t line, uint32_t column)
{
    const size_t size = TROTH_POLICY_PLACE_ROOM;

    if (line == 0)
        (void)snprintf(out, size, "%s", name);
    else if (column == 0)
        (void)snprintf(out, size, "%s:%u", name, line);
    else
        (void)snprintf(out, size, "%s:%u:%u", name, line, column);
}

bool troth_policy_complain(struct troth_problem *problem, const char *name,
                           const struct troth_policy_issue *issue)
{
    char place[TROTH_POLICY_PLACE_ROOM];

    troth_policy_place(place, name, issue->line, issue->column);
    (void)troth_problem_usage(problem, "%s: %s%s%s", place, issue->path,
                              issue->path[0] ? ": " : "", issue->text);
    if (issue->hint[0])
        troth_problem_hint(problem, "%s", issue->hint);
    return false;
}

bool troth_policy_fits_connections(struct troth_problem *problem, const char *name,
                                   const struct troth_policy *policy)
{
    char place[TROTH_POLICY_PLACE_ROOM];

    if (!policy->log.is_made)
        return true;
    troth_policy_place(place, name, policy->log.line, 0);
    (void)troth_problem_usage(problem,
                              "%s: log: a connection carries no proof from a log", place);
    troth_problem_hint(problem, "leave it out here, and name the 'images'; 'troth verify "
                                "--log-proof FILE' holds evidence against it");
    return false;
}
