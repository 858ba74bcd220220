/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/commands.h"

#include <stdio.h>
#include <string.h>

#include "cli/completion.h"
#include "cli/help.h"
#include "cli/status.h"

static const struct {
    const char *name;
    void (*write)(FILE *to);
} shells[] = {
    {"bash", troth_completion_bash},
    {"zsh", troth_completion_zsh},
};

const struct troth_option troth_completion_options[] = {
    {"help", NULL, "print this", false, NULL}, {NULL, NULL, NULL, false, NULL}};

const char troth_completion_operands[] = " bash|zsh";

const char troth_completion_example[] = "source <(troth completion bash)";

const char troth_completion_notes[] =
    "Packages install it; otherwise a line in ~/.bashrc does, the example's, or in "
    "~/.zshrc\n"
    "below compinit: source <(troth completion zsh).\n\n";

static int write(struct troth_problem *problem, const char *shell)
{
    for (size_t i = 0; i < sizeof shells / sizeof *shells; i++) {
        if (strcmp(shells[i].name, shell) != 0)
            continue;
        shells[i].write(stdout);
        return TROTH_STATUS_YES;
    }
    (void)troth_problem_usage(problem, "no such shell '%s'", shell);
    troth_problem_hint(problem, "bash or zsh");
    return TROTH_STATUS_UNDETERMINED;
}

static bool take_shell(void *order, struct troth_problem *problem, const char *value)
{
    const char **shell = order;

    if (*shell)
        return troth_problem_usage(problem, "'%s': one shell at a time", value);
    *shell = value;
    return true;
}

int troth_cmd_completion(const struct troth_command *command, const char *const *words)
{
    struct troth_problem problem = {.name = NULL};
    const char *shell = NULL;
    const struct troth_parsing parsing = troth_options_parse_files(
        &shell, &problem, command->options, words, take_shell);
    int status = TROTH_STATUS_UNDETERMINED;

    if (parsing.parsed == TROTH_PARSED_HELP) {
        troth_help_print_command(stdout, command);
        return TROTH_STATUS_YES;
    }
    if (parsing.parsed == TROTH_PARSED && !shell) {
        (void)troth_problem_usage(&problem, "for which shell is missing");
        troth_problem_hint(&problem, "bash or zsh");
    } else if (parsing.parsed == TROTH_PARSED) {
        status = write(&problem, shell);
    }
    return problem.name ? troth_problem_print(&problem, NULL) : status;
}
