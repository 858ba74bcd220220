/* SPDX-License-Identifier: Apache-2.0 */
#include "log/problem.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>

#include "base/clause.h"
#include "base/span.h"
#include "os/cause.h"

int troth_log_problem_set(struct troth_log_problem *problem, int failed,
                          const char *pattern, const char *const words[static 3])
{
    struct troth_span spans[TROTH_CLAUSE_WORDS] = {{NULL, 0}};

    static_assert(TROTH_CLAUSE_WORDS == 3, "a word for each");
    for (size_t i = 0; i < TROTH_CLAUSE_WORDS; i++)
        if (words[i])
            spans[i] = troth_span_of_text(words[i]);
    problem->failed = failed;
    troth_clause_write(problem->text, sizeof problem->text, pattern, spans);
    return failed;
}

int troth_log_problem_say(struct troth_log_problem *problem, int failed,
                          const char *clause)
{
    return troth_log_problem_set(problem, failed, clause,
                                 (const char *const[3]){NULL, NULL, NULL});
}

int troth_log_problem_disk(struct troth_log_problem *problem, int failed,
                           const char *doing, const char *path)
{
    char cause[TROTH_CAUSE_MAX];

    troth_cause_text(cause, failed);
    return troth_log_problem_set(problem, failed, "cannot % '%': %",
                                 (const char *const[3]){doing, path, cause});
}

const char *troth_log_number(char out[static TROTH_LOG_NUMBER_ROOM], uint64_t number)
{
    (void)snprintf(out, TROTH_LOG_NUMBER_ROOM, "%" PRIu64, number);
    return out;
}
