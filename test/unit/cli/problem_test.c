/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/problem.h"

#include <errno.h>
#include <string.h>

#include "test/harness.h"

static void check(const char *why, const struct troth_problem *problem, const char *name,
                  const char *wanted)
{
    char line[1024];

    test_case("%s", why);
    troth_problem_line(line, sizeof line, problem);
    CHECK_TEXT(line, wanted);
    CHECK_TEXT(problem->name, name);
    CHECK_TEXT(problem->hint, "");
}

static void test_long_texts(void)
{
    static char name[5000];
    struct troth_problem problem;
    char line[1024];

    test_case("texts that do not fit are cut");
    memset(name, 'a', sizeof name - 1);
    CHECK(!troth_problem_io(&problem, "cannot open", name, ENOENT));
    CHECK(!troth_problem_usage(&problem, "no '%s'", name));
    troth_problem_hint(&problem, "try '%s'", name);
    CHECK_INT(strlen(problem.text), sizeof problem.text - 1);
    CHECK_INT(strlen(problem.hint), sizeof problem.hint - 1);
    CHECK(!troth_problem_fault(&problem, name,
                               &(struct troth_fault){TROTH_ERR_SHORT, "a.b", 7}));
    troth_problem_line(line, sizeof line, &problem);
    CHECK(strstr(line, ": a.b: input ends before the field (offset 7)"));
}

int main(void)
{
    struct troth_problem p;

    CHECK(!troth_problem_usage(&p, "no such option '%s'", "--x"));
    check("usage", &p, "USAGE", "no such option '--x'");
    CHECK(!troth_problem_io(&p, "cannot open", "q.bin", ENOENT));
    check("a file that is not there", &p, "IO",
          "cannot open 'q.bin': no such file or directory");
    CHECK_TEXT(p.subject, "q.bin");
    CHECK(!troth_problem_fault(
        &p, "q.bin", &(struct troth_fault){TROTH_ERR_VALUE, "nitro.pcrs.value", 123}));
    check("a fault, its field and its offset", &p, "VALUE",
          "q.bin: nitro.pcrs.value: field holds a value the format forbids (offset 123)");
    CHECK(!troth_problem_fault(&p, "q.bin",
                               &(struct troth_fault){TROTH_ERR_KIND, "evidence", 0}));
    check("a fault of the whole", &p, "KIND",
          "q.bin: not a kind of evidence this build can read");
    CHECK(!troth_problem_fault(&p, "", &(struct troth_fault){TROTH_ERR_MEMORY, NULL, 0}));
    check("a fault of nobody", &p, "MEMORY", "out of memory");
    test_long_texts();
    return test_finish();
}
