/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/options.h"

#include <stdio.h>
#include <string.h>

#include "test/harness.h"

/* Takers write down what they are handed. */
static bool take(void *order, const char *name, const char *value)
{
    char *log = order;
    size_t len = strlen(log);

    (void)snprintf(log + len, 256 - len, "%s%s=%s", len ? " " : "", name,
                   value ? value : "(none)");
    return true;
}

static bool take_one(void *order, struct troth_problem *problem, const char *value)
{
    (void)problem;
    return take(order, "one", value);
}

static bool take_many(void *order, struct troth_problem *problem, const char *value)
{
    if (strcmp(value, "bad") == 0)
        return troth_problem_usage(problem, "no good");
    return take(order, "many", value);
}

static bool take_flag(void *order, struct troth_problem *problem, const char *value)
{
    (void)problem;
    return take(order, "flag", value);
}

static bool take_letter(void *order, struct troth_problem *problem, const char *value)
{
    (void)problem;
    return take(order, "o", value);
}

static const struct troth_option options[] = {
    {"one", "VALUE", "", false, take_one}, {"many", "VALUE", "", true, take_many},
    {"flag", NULL, "", false, take_flag},  {"help", NULL, "", false, NULL},
    {"o", "OUT", "", false, take_letter},  {NULL, NULL, NULL, false, NULL},
};

static const struct {
    const char *why;
    const char *words[8];
    enum troth_parsed parsed;
    const char *file;
    const char *log;  /* what was taken */
    const char *text; /* of the problem */
    const char *hint;
} cases[] = {
    {"a file", {"f"}, TROTH_PARSED, "f", "", "", ""},
    {"options before it",
     {"--one", "1", "--flag", "f"},
     TROTH_PARSED,
     "f",
     "one=1 flag=(none)",
     "",
     ""},
    {"options behind it",
     {"f", "--flag", "--one=1"},
     TROTH_PARSED,
     "f",
     "flag=(none) one=1",
     "",
     ""},
    {"an option with many values",
     {"--many", "a", "f", "--many=b"},
     TROTH_PARSED,
     "f",
     "many=a many=b",
     "",
     ""},
    {"a value with = in it", {"--one=a=b", "f"}, TROTH_PARSED, "f", "one=a=b", "", ""},
    {"an empty value",
     {"--one=", "--many", "", "f"},
     TROTH_PARSED,
     "f",
     "one= many=",
     "",
     ""},
    {"a value that looks like an option",
     {"--one", "--flag", "f"},
     TROTH_PARSED,
     "f",
     "one=--flag",
     "",
     ""},
    {"standard input", {"-"}, TROTH_PARSED, "-", "", "", ""},
    {"the end of options",
     {"--flag", "--", "--one"},
     TROTH_PARSED,
     "--one",
     "flag=(none)",
     "",
     ""},
    {"help", {"--help", "--nonsense"}, TROTH_PARSED_HELP, NULL, "", "", ""},
    {"an unknown option",
     {"--xyzzy", "f"},
     TROTH_PARSED_NOT,
     NULL,
     "",
     "no such option '--xyzzy'",
     "--help lists the options"},
    {"a mistyped option",
     {"--mny", "x", "f"},
     TROTH_PARSED_NOT,
     NULL,
     "",
     "no such option '--mny'",
     "did you mean --many?"},
    {"a shortened option",
     {"--man", "x", "f"},
     TROTH_PARSED_NOT,
     NULL,
     "",
     "no such option '--man'",
     "did you mean --many?"},
    {"one dash",
     {"-one", "x", "f"},
     TROTH_PARSED_NOT,
     NULL,
     "",
     "no such option '-one'",
     "did you mean --one?"},
    {"an option of one letter", {"-o", "x", "f"}, TROTH_PARSED, "f", "o=x", "", ""},
    {"one letter with =", {"-o=x", "f"}, TROTH_PARSED, "f", "o=x", "", ""},
    {"one letter with a dash too many",
     {"--o", "x", "f"},
     TROTH_PARSED_NOT,
     NULL,
     "",
     "no such option '--o'",
     "did you mean -o?"},
    {"one letter without its value",
     {"-o"},
     TROTH_PARSED_NOT,
     NULL,
     "",
     "-o needs a value: OUT",
     ""},
    {"no value",
     {"f", "--one"},
     TROTH_PARSED_NOT,
     "f",
     "",
     "--one needs a value: VALUE",
     ""},
    {"a value for a flag",
     {"--flag=x", "f"},
     TROTH_PARSED_NOT,
     NULL,
     "",
     "--flag takes no value",
     ""},
    {"once only",
     {"--one", "1", "--one", "2", "f"},
     TROTH_PARSED_NOT,
     NULL,
     "one=1",
     "--one is given twice",
     ""},
    {"a value the option refuses",
     {"--many", "bad", "f"},
     TROTH_PARSED_NOT,
     NULL,
     "",
     "no good",
     ""},
    {"two files",
     {"f", "g"},
     TROTH_PARSED_NOT,
     "f",
     "",
     "one FILE is enough, 'g' is another",
     ""},
    {"no file",
     {"--flag"},
     TROTH_PARSED_NOT,
     NULL,
     "flag=(none)",
     "FILE is missing",
     "'-' is standard input; --help says the rest"},
};

static const struct {
    const char *why;
    const char *words[4];
    bool wanted;
} json_cases[] = {
    {"asked for", {"f", "--json"}, true},
    {"asked for before a mistake", {"--json", "--xyzzy"}, true},
    {"not asked for", {"f"}, false},
    {"a file of that name", {"--", "--json"}, false},
};

/* Each file is taken like an option's value. */
static void test_files(void)
{
    static const struct {
        const char *why;
        const char *words[6];
        enum troth_parsed parsed;
        const char *log;
    } files[] = {
        {"no file", {"--flag"}, TROTH_PARSED, "flag=(none)"},
        {"several files",
         {"a", "--flag", "-", "--", "--one"},
         TROTH_PARSED,
         "many=a flag=(none) many=- many=--one"},
        {"a file that is refused", {"a", "bad", "b"}, TROTH_PARSED_NOT, "many=a"},
    };

    for (size_t i = 0; i < COUNT(files); i++) {
        struct troth_problem problem;
        char log[256] = "";
        struct troth_parsing parsing;

        test_case("%s", files[i].why);
        parsing = troth_options_parse_files(log, &problem, options, files[i].words,
                                            take_many);
        CHECK_INT(parsing.parsed, files[i].parsed);
        CHECK(!parsing.file);
        CHECK_TEXT(log, files[i].log);
    }
}

int main(void)
{
    test_files();

    for (size_t i = 0; i < COUNT(cases); i++) {
        char log[256] = "";
        struct troth_problem problem = {.name = "left over"};
        struct troth_parsing parsing = troth_options_parse(log, &problem, options,
                                                           cases[i].words);

        test_case("%s", cases[i].why);
        CHECK_INT(parsing.parsed, cases[i].parsed);
        CHECK_TEXT(parsing.file ? parsing.file : "", cases[i].file ? cases[i].file : "");
        CHECK_TEXT(log, cases[i].log);
        CHECK_TEXT(problem.text, cases[i].text);
        CHECK_TEXT(problem.hint, cases[i].hint);
        CHECK_TEXT(problem.name ? problem.name : "", cases[i].text[0] ? "USAGE" : "");
    }
    for (size_t i = 0; i < COUNT(json_cases); i++) {
        test_case("JSON: %s", json_cases[i].why);
        CHECK_INT(troth_options_want_json(json_cases[i].words), json_cases[i].wanted);
    }
    return test_finish();
}
