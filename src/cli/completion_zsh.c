/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/completion.h"

#include <string.h>

#include "cli/verbs.h"

static const char head[] =
    "#compdef troth troth-" TROTH_COMPLETION_ALSO "\n"
    "# Finishes command lines of troth. Made of the program's own tables by\n"
    "# 'troth completion zsh'.\n"
    "\n"
    "# _troth_choose PREFIX: the word, if it is the one being typed; else what its\n"
    "# function does with the rest. $choices holds them.\n"
    "_troth_choose() {\n"
    "    if ((CURRENT == 2)); then\n"
    "        _describe -t commands command choices\n"
    "        _describe -o -t options option flags\n"
    "        return\n"
    "    fi\n"
    "    local next=$1_${words[2]}\n"
    "    shift words\n"
    "    ((CURRENT--))\n"
    "    (($+functions[$next])) && $next\n"
    "}\n";

/* Loaded by compinit it is the body of _troth, called at once; or a file that is sourced.
 */
static const char tail[] = "\n"
                           "_troth() {\n"
                           "    case $service in\n"
                           "    troth-*) _troth_${service#troth-} ;;\n"
                           "    *) _troth_command ;;\n"
                           "    esac\n"
                           "}\n"
                           "\n"
                           "if [[ $funcstack[1] == _troth ]]; then\n"
                           "    _troth \"$@\"\n"
                           "else\n"
                           "    compdef _troth troth troth-" TROTH_COMPLETION_ALSO "\n"
                           "fi\n";

/* Between single quotes, with a backslash before each of `special`. */
static void write_quoted(FILE *to, const char *text, const char *special)
{
    for (; *text; text++) {
        if (*text == '\'') {
            (void)fputs("'\\''", to);
            continue;
        }
        if (*text == '\\' || strchr(special, *text))
            (void)fputc('\\', to);
        (void)fputc(*text, to);
    }
}

/* ":FILE:_files" */
static void write_word(FILE *to, const char *name, enum troth_expected expected)
{
    static const char *const actions[] = {
        [TROTH_EXPECTED_ANY] = " ",
        [TROTH_EXPECTED_FILE] = "_files",
        [TROTH_EXPECTED_FOLDER] = "_files -/",
        [TROTH_EXPECTED_LISTED] = "(",
        [TROTH_EXPECTED_PROGRAM] = "_normal",
    };

    (void)fputc(':', to);
    write_quoted(to, name, ":");
    (void)fprintf(to, ":%s", actions[expected]);
    if (expected == TROTH_EXPECTED_LISTED) {
        troth_expected_list(to, name);
        (void)fputc(')', to);
    }
}

static void write_option(FILE *to, const struct troth_option *option)
{
    const char *dashes = troth_option_dashes(option);

    (void)fprintf(to, " \\\n        '%s%s%s%s[",
                  !option->take     ? "(- : *)"
                  : option->repeats ? "*"
                                    : "",
                  dashes, option->name, option->argument && dashes[1] ? "=" : "");
    write_quoted(to, option->does, "[]");
    (void)fputc(']', to);
    if (option->argument)
        write_word(to, option->argument, troth_expected_of(option->argument));
    (void)fputc('\'', to);
}

static void write_operands(FILE *to, const char *operands)
{
    struct troth_operand operand;

    while ((operands = troth_operand_next(&operand, operands)) != NULL) {
        const bool is_program = operand.expected == TROTH_EXPECTED_PROGRAM;

        (void)fprintf(to, " \\\n        '%s",
                      is_program        ? "*::"
                      : operand.repeats ? "*"
                                        : "");
        write_word(to, operand.name, operand.expected);
        (void)fputc('\'', to);
        if (is_program || operand.repeats)
            return;
    }
}

/* The function of "collateral get" is _troth_collateral_get. */
static void write_name(FILE *to, const char *name)
{
    (void)fputs("\n_troth_", to);
    for (; *name; name++)
        (void)fputc(*name == ' ' ? '_' : *name, to);
    (void)fputs("() {\n", to);
}

static void write_choice(FILE *to, const struct troth_command *choice, const char *flags,
                         const char *prefix)
{
    (void)fputs("    local -a choices flags\n\n    choices=(\n", to);
    for (; choice->name; choice++) {
        (void)fprintf(to, "        '%s:", troth_verb_word(choice));
        write_quoted(to, choice->does, "");
        (void)fputs("'\n", to);
    }
    (void)fprintf(to, "    )\n    flags=(%s)\n    _troth_choose _troth%s%s\n}\n", flags,
                  *prefix ? "_" : "", prefix);
}

void troth_completion_zsh(FILE *to)
{
    struct troth_completion_walk walk = {NULL, NULL};
    const struct troth_command *command;

    (void)fputs(head, to);
    while ((command = troth_completion_next(&walk)) != NULL) {
        write_name(to, command->name);
        (void)fputs("    _arguments -S", to);
        for (const struct troth_option *o = command->options; o->name; o++)
            write_option(to, o);
        write_operands(to, command->operands);
        (void)fputs("\n}\n", to);
    }
    for (command = troth_commands(); command->name; command++)
        if (troth_verbs_of(command)) {
            write_name(to, command->name);
            write_choice(to, troth_verbs_of(command), "'--help:print the options'",
                         command->name);
        }
    write_name(to, "command");
    write_choice(to, troth_commands(),
                 "'--help:list the commands' '--version:print the version'", "");
    (void)fputs(tail, to);
}
