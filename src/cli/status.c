/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/status.h"

#include <errno.h>
#include <stdio.h>

#include "base/span.h"
#include "cli/escape.h"
#include "cli/problem.h"

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
    uint8_t safe[4096];
    struct troth_writer w = troth_writer_over(safe, sizeof safe);

    troth_escape_write(&w, troth_span_of_text(text));
    (void)fprintf(stderr, "troth: %s: %.*s\n", kind, (int)w.len, (const char *)safe);
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
