/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/verbs.h"

#include <stdio.h>
#include <string.h>

#include "base/nearest.h"
#include "base/span.h"
#include "cli/help.h"
#include "cli/status.h"

/* "get" of "collateral get". */
static const char *word_of(const struct troth_command *command,
                           const struct troth_command *verb)
{
    return verb->name + strlen(command->name) + 1;
}

static void list(char *out, size_t size, const struct troth_command *command,
                 const struct troth_command *verbs)
{
    size_t len = 0;

    for (size_t i = 0; verbs[i].name && len < size; i++) {
        const char *between = i == 0 ? "" : verbs[i + 1].name ? ", " : " or ";

        len += (size_t)snprintf(out + len, size - len, "%s%s", between,
                                word_of(command, &verbs[i]));
    }
}

int troth_verbs_run(const struct troth_command *command,
                    const struct troth_command *verbs, const char *const *words)
{
    struct troth_nearest near = {NULL, 0};
    struct troth_problem problem;
    char all[160];

    if (*words && strcmp(*words, "--help") == 0) {
        troth_help_print_command(stdout, command);
        return TROTH_STATUS_YES;
    }
    for (size_t i = 0; *words && verbs[i].name; i++) {
        const char *word = word_of(command, &verbs[i]);

        if (strcmp(*words, word) == 0)
            return verbs[i].run(&verbs[i], words + 1);
        troth_nearest_offer(&near, troth_span_of_text(*words), word);
    }
    if (!*words)
        (void)troth_problem_usage(&problem, "what to do is missing");
    else
        (void)troth_problem_usage(&problem, "no such verb '%s'", *words);
    list(all, sizeof all, command, verbs);
    if (near.word)
        troth_problem_hint(&problem, "did you mean 'troth %s %s'?", command->name,
                           near.word);
    else
        troth_problem_hint(&problem, "%s; --help says more", all);
    return troth_problem_print(&problem, NULL);
}
