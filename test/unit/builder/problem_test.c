/* SPDX-License-Identifier: Apache-2.0 */
#include "builder/problem.h"

#include <errno.h>
#include <string.h>

#include "test/harness.h"

int main(void)
{
    struct troth_build_problem problem;

    test_case("a problem has a subject and a text, and is always false");
    CHECK(!troth_build_fail(&problem, "src/hello.c", "has %d bytes", 3));
    CHECK_TEXT(problem.subject, "src/hello.c");
    CHECK_TEXT(problem.text, "has 3 bytes");
    CHECK_TEXT(problem.hint, "");

    test_case("a hint stands beside it until the next problem");
    troth_build_hint(&problem, "try %s", "again");
    CHECK_TEXT(problem.hint, "try again");
    CHECK(!troth_build_fail_errno(&problem, NULL, "cannot be opened", ENOENT));
    CHECK_TEXT(problem.subject, "");
    CHECK_TEXT(problem.text, "cannot be opened: No such file or directory");
    CHECK_TEXT(problem.hint, "");

    test_case("names that would steer a terminal are shown harmless");
    CHECK(!troth_build_fail(&problem, "a\033[2Jb\n", "is bad"));
    CHECK_TEXT(problem.subject, "a?[2Jb?");

    test_case("a path that no text could hold is cut short");
    {
        static uint8_t path[1000];

        memset(path, 'a', sizeof path);
        CHECK(!troth_build_fail_at(&problem, (struct troth_span)TROTH_ARRAY_SPAN(path),
                                   "is %s", "long"));
        CHECK_INT(strlen(problem.subject), sizeof(problem.subject) - 1);
        CHECK_TEXT(problem.text, "is long");
        CHECK(!troth_build_fail_at(&problem, (struct troth_span){NULL, 0}, "is none"));
        CHECK_TEXT(problem.subject, "");
    }

    test_case("nobody has to ask");
    CHECK(!troth_build_fail(NULL, "a", "b"));
    troth_build_hint(NULL, "c");
    return test_finish();
}
