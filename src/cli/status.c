/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/status.h"

#include <errno.h>
#include <stdio.h>

#include "cli/problem.h"
#include "cli/voice.h"

int troth_status_of(enum troth_answer answer)
{
    static const int statuses[] = {
        [TROTH_REFUSED] = TROTH_STATUS_NO,
        [TROTH_ACCEPTED] = TROTH_STATUS_YES,
        [TROTH_UNDETERMINED] = TROTH_STATUS_UNDETERMINED,
    };

    return statuses[answer];
}

void troth_say(const char *kind, const char *text)
{
    char prefix[64];

    (void)snprintf(prefix, sizeof prefix, "%s: ", kind);
    troth_voice_say("troth", prefix, text);
}

int troth_status_after_output(int status)
{
    struct troth_problem problem;

    errno = 0;
    if (fflush(stdout) == 0 && !ferror(stdout))
        return status;
    if (errno)
        (void)troth_problem_io(&problem, "cannot write to", "standard output", errno);
    else
        (void)troth_problem_usage(&problem, "cannot write to standard output");
    return troth_problem_print(&problem, NULL);
}
