/* SPDX-License-Identifier: Apache-2.0 */
#include "log/problem.h"

#include <errno.h>
#include <string.h>

#include "test/harness.h"

int main(void)
{
    struct troth_log_problem problem;
    char number[TROTH_LOG_NUMBER_ROOM], longest[TROTH_LOG_PROBLEM_ROOM + 1];

    test_case("a clause, with its words, and what the system says");
    CHECK_INT(troth_log_problem_say(&problem, EBUSY, "it is in use"), EBUSY);
    CHECK_INT(problem.failed, EBUSY);
    CHECK_TEXT(problem.text, "it is in use");
    CHECK_INT(troth_log_problem_set(&problem, EINVAL, "% of %: %",
                                    (const char *const[3]){"a", "b\nc", NULL}),
              EINVAL);
    CHECK_TEXT(problem.text, "a of b c: ");
    CHECK_INT(troth_log_problem_disk(&problem, ENOSPC, "write", "/x"), ENOSPC);
    CHECK_TEXT(problem.text, "cannot write '/x': No space left on device");

    test_case("what does not fit is cut");
    memset(longest, 'x', sizeof longest - 1);
    longest[sizeof longest - 1] = '\0';
    CHECK_INT(troth_log_problem_say(&problem, EIO, longest), EIO);
    CHECK_INT(strlen(problem.text), TROTH_LOG_PROBLEM_ROOM - 1);
    CHECK_TEXT(problem.text + TROTH_LOG_PROBLEM_ROOM - 4, "...");

    test_case("a number as a word");
    CHECK_TEXT(troth_log_number(number, UINT64_MAX), "18446744073709551615");
    return test_finish();
}
