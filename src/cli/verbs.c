/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/verbs.h"

#include <stdio.h>
#include <string.h>

#include "base/nearest.h"
#include "base/span.h"
#include "cli/help.h"
#include "cli/status.h"

static const struct {
    const char *command;
    const struct troth_command *verbs;
} rows[] = {
    {"collateral", troth_collateral_verbs},
    {"image", troth_image_verbs},
    {"log", troth_log_verbs},
    {"policy", troth_policy_verbs},
    {"result", troth_result_verbs},
};

const struct troth_command *troth_verbs_of(const struct troth_command *command)
{
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (strcmp(rows[i].command, command->name) == 0)
            return rows[i].verbs;
    return NULL;
}

const char *troth_verb_word(const struct troth_command *verb)
{
    const char *blank = strchr(verb->name, ' ');

    return blank ? blank + 1 : verb->name;
}

static void list(char *out, size_t size, const struct troth_command *verbs)
{
    size_t len = 0;

    for (size_t i = 0; verbs[i].name && len < size; i++) {
        const char *between = i == 0 ? "" : verbs[i + 1].name ? ", " : " or ";

        len += (size_t)snprintf(out + len, size - len, "%s%s", between,
                                troth_verb_word(&verbs[i]));
    }
}

int troth_verbs_run(const struct troth_command *command, const char *const *words)
{
    const struct troth_command *verbs = troth_verbs_of(command);
    struct troth_nearest near = {NULL, 0};
    struct troth_problem problem;
    char all[160];

    if (*words && strcmp(*words, "--help") == 0) {
        troth_help_print_command(stdout, command);
        return TROTH_STATUS_YES;
    }
    for (size_t i = 0; *words && verbs[i].name; i++) {
        const char *word = troth_verb_word(&verbs[i]);

        if (strcmp(*words, word) == 0)
            return verbs[i].run(&verbs[i], words + 1);
        troth_nearest_offer(&near, troth_span_of_text(*words), word);
    }
    if (!*words)
        (void)troth_problem_usage(&problem, "what to do is missing");
    else
        (void)troth_problem_usage(&problem, "no such verb '%s'", *words);
    list(all, sizeof all, verbs);
    if (near.word)
        troth_problem_hint(&problem, "did you mean 'troth %s %s'?", command->name,
                           near.word);
    else
        troth_problem_hint(&problem, "%s; --help says more", all);
    return troth_problem_print(&problem, NULL);
}
