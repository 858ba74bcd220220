/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/run_order.h"

#include "harness.h"

enum { WORDS = 24 };

static const struct {
    const char *why;
    const char *words[WORDS];
    const char *said; /* NULL: it is fine */
    const char *hint;
    const char *program; /* its first word */
} rows[] = {
    {"everything",
     {"--listen",
      "0.0.0.0:1",
      "--upstream=127.0.0.1:2",
      "--run-file",
      "r.yaml",
      "--state",
      "s",
      "--ask",
      "epoch",
      "--policy",
      "p.json",
      "--root",
      "a",
      "--root",
      "b",
      "--collateral",
      "c",
      "--image-holds-run-file",
      "--",
      "prog",
      "--listen"},
     NULL,
     NULL,
     "prog"},
    {"no program: the run file may have one", {"--run-file", "r.yaml"}, NULL, NULL, NULL},
    {"a second -- is the program's", {"--", "prog", "--", "x"}, NULL, NULL, "prog"},
    {"measured as JSON", {"--measure", "--json", "--", "prog"}, NULL, NULL, "prog"},
    {"a program without --",
     {"prog"},
     "'prog' is no option",
     "the program and its arguments stand behind --",
     NULL},
    {"a word before --",
     {"x", "--", "prog"},
     "'x' is no option",
     "the program and its arguments stand behind --",
     "prog"},
    {"nothing behind --", {"--"}, "there is no program behind --", "", NULL},
    {"JSON of nothing",
     {"--json", "--", "prog"},
     "--json means nothing without --measure",
     "",
     "prog"},
    {"a word about a file that is not there",
     {"--image-holds-run-file", "--", "prog"},
     "--image-holds-run-file means nothing without --run-file",
     "",
     "prog"},
    {"an option twice",
     {"--listen", "a", "--listen", "b"},
     "--listen is given twice",
     "",
     NULL},
    {"a wrong option",
     {"--lisen", "a"},
     "no such option '--lisen'",
     "did you mean --listen?",
     NULL},
};

static void table(void)
{
    struct troth_run_order order;
    struct troth_problem problem;
    bool wants_help, is_fine;

    for (size_t i = 0; i < COUNT(rows); i++) {
        test_case("%s", rows[i].why);
        is_fine = troth_run_order_parse(&order, &problem, &wants_help, rows[i].words);
        CHECK_INT(is_fine, !rows[i].said);
        CHECK(!wants_help);
        if (rows[i].said) {
            CHECK_TEXT(problem.text, rows[i].said);
            CHECK_TEXT(problem.hint, rows[i].hint);
        }
        CHECK(!rows[i].program == !(order.program && order.program[0]));
        if (rows[i].program)
            CHECK_TEXT(order.program[0], rows[i].program);
    }
}

static void values(void)
{
    struct troth_run_order order;
    struct troth_problem problem;
    bool wants_help;

    test_case("where each value goes");
    CHECK(troth_run_order_parse(&order, &problem, &wants_help, rows[0].words));
    CHECK_TEXT(order.listen, "0.0.0.0:1");
    CHECK_TEXT(order.upstream, "127.0.0.1:2");
    CHECK_TEXT(order.run_file, "r.yaml");
    CHECK_TEXT(order.state, "s");
    CHECK_TEXT(order.ask, "epoch");
    CHECK_TEXT(order.policy, "p.json");
    CHECK_INT(order.root_count, 2);
    CHECK_TEXT(order.roots[1], "b");
    CHECK_INT(order.collateral_count, 1);
    CHECK(order.image_holds_run_file && !order.measure);
    CHECK_INT(order.taken, 2);

    test_case("help, whatever else there is");
    CHECK(troth_run_order_parse(&order, &problem, &wants_help,
                                (const char *const[]){"--help", "x", NULL}));
    CHECK(wants_help);
}

int main(void)
{
    table();
    values();
    return test_finish();
}
