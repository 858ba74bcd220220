/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/commands.h"

#include "cli/log/log_verbs.h"
#include "cli/verbs.h"

/* clang-format off */
const struct troth_command troth_log_verbs[] = {
#define X(verb, usage, does)                                                             \
    {"log " #verb, usage, does, troth_log_##verb##_options, troth_log_##verb##_example,  \
     troth_log_##verb##_notes, troth_log_##verb##_verb, " " usage},
    TROTH_LOG_VERBS(X)
#undef X
    {.name = NULL},
};
/* clang-format on */

const struct troth_option troth_log_options[] = {
    {"help", NULL, "print this", false, NULL}, {NULL, NULL, NULL, false, NULL}};

const char troth_log_operands[] =
    " init|append|serve|prove|verify|show|disclose|monitor|witness ...";

const char troth_log_example[] = "troth log init --origin example.com/log log";

#define X(verb, usage, does) #verb " " usage "\n    " does "\n"
const char troth_log_notes[] = TROTH_LOG_VERBS(
    X) "\n'troth log VERB --help' lists the options of each.\n\n";
#undef X

int troth_cmd_log(const struct troth_command *command, const char *const *words)
{
    return troth_verbs_run(command, words);
}
