/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/commands.h"

#include <stdio.h>

#include "base/nearest.h"
#include "base/span.h"
#include "cli/help.h"
#include "cli/status.h"
#include "os/standard.h"
#include "troth/version.h"

/* clang-format off */
static const struct troth_command commands[] = {
#define X(name, usage, does)                                                             \
    {#name, usage, does, troth_##name##_options, troth_##name##_example,                 \
     troth_##name##_notes, troth_cmd_##name, troth_##name##_operands},
    TROTH_COMMANDS(X)
#undef X
    {NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL},
};
/* clang-format on */

const struct troth_command *troth_commands(void)
{
    return commands;
}

static bool is_word(const char *word, const char *wanted)
{
    return troth_span_equal(troth_span_of_text(word), troth_span_of_text(wanted));
}

static int refuse(const char *const *words)
{
    struct troth_problem problem;
    struct troth_nearest near = {NULL, 0};

    for (const struct troth_command *c = commands; c->name; c++)
        troth_nearest_offer(&near, troth_span_of_text(*words), c->name);
    (void)troth_problem_usage(&problem, "no such %s '%s'",
                              **words == '-' ? "option" : "command", *words);
    if (near.word)
        troth_problem_hint(&problem, "did you mean 'troth %s'?", near.word);
    else
        troth_problem_hint(&problem, "'troth --help' lists the commands");
    return troth_problem_print(&problem, NULL);
}

static int run(const char *const *words)
{
    if (is_word(*words, "--help")) {
        troth_help_print(stdout);
        return TROTH_STATUS_YES;
    }
    if (is_word(*words, "--version")) {
        (void)printf("troth %s\n", troth_version());
        return TROTH_STATUS_YES;
    }
    for (const struct troth_command *c = commands; c->name; c++)
        if (is_word(*words, c->name))
            return c->run(c, words + 1);
    return refuse(words);
}

int troth_main(const char *const *argv)
{
    if (troth_standard_hold() != 0)
        return TROTH_STATUS_UNDETERMINED;
    if (!argv[0] || !argv[1]) {
        troth_help_print(stderr);
        return TROTH_STATUS_UNDETERMINED;
    }
    return troth_status_after_output(run(argv + 1));
}
