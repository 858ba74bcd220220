/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/completion.h"

#include "cli/verbs.h"

static const char head[] =
    "# Finishes command lines of troth. Made of the program's own tables by\n"
    "# 'troth completion bash'.\n"
    "\n"
    "# _troth_rows COMMAND OPTION: which words can come ($words), what the option's "
    "value\n"
    "# is ($value, empty: it has none), and what stands behind the options ($operand).\n"
    "_troth_rows() {\n"
    "    words='' value='' operand=''\n"
    "    case $1 in\n";

static const char body[] =
    "    esac\n"
    "}\n"
    "\n"
    "# _troth_reply KIND: what a word of that kind can be.\n"
    "_troth_reply() {\n"
    "    case $1 in\n"
    "    FILE)\n"
    "        mapfile -t COMPREPLY < <(compgen -f -- \"$current\")\n"
    "        # Where that finds nothing, bash may: it knows quotes.\n"
    "        compopt -o filenames -o default 2> /dev/null\n"
    "        ;;\n"
    "    FOLDER)\n"
    "        mapfile -t COMPREPLY < <(compgen -d -- \"$current\")\n"
    "        compopt -o filenames -o dirnames 2> /dev/null\n"
    "        ;;\n"
    "    'LISTED '*) mapfile -t COMPREPLY < <(compgen -W \"${1#LISTED }\" -- "
    "\"$current\") ;;\n"
    "    esac\n"
    "}\n"
    "\n"
    "# _troth_program INDEX: another program's command line begins there.\n"
    "_troth_program() {\n"
    "    if declare -F _command_offset > /dev/null; then\n"
    "        _command_offset \"$1\"\n"
    "    elif [ \"$COMP_CWORD\" = \"$1\" ]; then\n"
    "        mapfile -t COMPREPLY < <(compgen -c -- \"$current\")\n"
    "    else\n"
    "        _troth_reply FILE\n"
    "    fi\n"
    "}\n"
    "\n"
    "_troth() {\n"
    "    local current=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]}\n"
    "    local command='' first=1 at words value operand\n"
    "\n"
    "    COMPREPLY=()\n"
    "    # The \"=\" of --option=value is a word of its own.\n"
    "    if [ \"$current\" = = ]; then\n"
    "        current=''\n"
    "    elif [ \"$before\" = = ]; then\n"
    "        before=${COMP_WORDS[COMP_CWORD - 2]}\n"
    "    fi\n"
    "    case ${COMP_WORDS[0]##*/} in troth-*) command=${COMP_WORDS[0]##*troth-} ;; "
    "esac\n"
    "    # A command, and its verb if it has some.\n"
    "    while _troth_rows \"$command\" \"$before\"; [ \"$operand\" = VERB ] && [ $first "
    "-lt "
    "\"$COMP_CWORD\" ]; do\n"
    "        command=\"${command:+$command }${COMP_WORDS[first]}\"\n"
    "        first=$((first + 1))\n"
    "    done\n"
    "    for ((at = first; at < COMP_CWORD; at++)); do\n"
    "        [ \"${COMP_WORDS[at]}\" = -- ] || continue\n"
    "        case $operand in\n"
    "        PROGRAM) _troth_program $((at + 1)) ;;\n"
    "        *) _troth_reply \"$operand\" ;;\n"
    "        esac\n"
    "        return\n"
    "    done\n"
    "    if [ -n \"$value\" ]; then\n"
    "        _troth_reply \"$value\"\n"
    "    elif [[ $current == -* ]]; then\n"
    "        _troth_reply \"LISTED $words\"\n"
    "    else\n"
    "        case $operand in\n"
    "        '' | VERB | PROGRAM) _troth_reply \"LISTED $words\" ;;\n"
    "        *) _troth_reply \"$operand\" ;;\n"
    "        esac\n"
    "    fi\n"
    "}\n"
    "\n"
    "complete -F _troth troth troth-" TROTH_COMPLETION_ALSO "\n";

static void write_kind(FILE *to, const char *name, enum troth_expected expected)
{
    static const char *const kinds[] = {
        [TROTH_EXPECTED_ANY] = "ANY",         [TROTH_EXPECTED_FILE] = "FILE",
        [TROTH_EXPECTED_FOLDER] = "FOLDER",   [TROTH_EXPECTED_LISTED] = "LISTED ",
        [TROTH_EXPECTED_PROGRAM] = "PROGRAM",
    };

    (void)fprintf(to, "'%s", kinds[expected]);
    if (expected == TROTH_EXPECTED_LISTED)
        troth_expected_list(to, name);
    (void)fputc('\'', to);
}

/* Of several operands the last one: the rest of a command line is made of it. Another
 * program's words are that program's. */
static void write_operand(FILE *to, const char *operands)
{
    struct troth_operand last = {.repeats = false}, next;

    while (last.expected != TROTH_EXPECTED_PROGRAM) {
        operands = troth_operand_next(&next, operands);
        if (!operands)
            break;
        last = next;
    }
    if (!last.name[0])
        return;
    (void)fputs(" operand=", to);
    write_kind(to, last.name, last.expected);
}

static void write_options(FILE *to, const struct troth_option *options)
{
    for (const struct troth_option *o = options; o->name; o++)
        (void)fprintf(to, "%s%s%s", o == options ? "" : " ", troth_option_dashes(o),
                      o->name);
}

static void write_values(FILE *to, const struct troth_option *options)
{
    (void)fputs("        case $2 in\n", to);
    for (const struct troth_option *o = options; o->name; o++) {
        if (!o->argument)
            continue;
        (void)fprintf(to, "        %s%s) value=", troth_option_dashes(o), o->name);
        write_kind(to, o->argument, troth_expected_of(o->argument));
        (void)fputs(" ;;\n", to);
    }
    (void)fputs("        esac\n        ;;\n", to);
}

/* A command that is only a choice of others. */
static void write_choice(FILE *to, const char *name, const struct troth_command *choice,
                         const char *options)
{
    (void)fprintf(to, "    '%s') operand=VERB words='", name);
    for (; choice->name; choice++)
        (void)fprintf(to, "%s ", troth_verb_word(choice));
    (void)fprintf(to, "%s' ;;\n", options);
}

void troth_completion_bash(FILE *to)
{
    struct troth_completion_walk walk = {NULL, NULL};
    const struct troth_command *command;

    (void)fputs(head, to);
    write_choice(to, "", troth_commands(), "--help --version");
    for (command = troth_commands(); command->name; command++)
        if (troth_verbs_of(command))
            write_choice(to, command->name, troth_verbs_of(command), "--help");
    while ((command = troth_completion_next(&walk)) != NULL) {
        (void)fprintf(to, "    '%s')\n        words='", command->name);
        write_options(to, command->options);
        (void)fputc('\'', to);
        write_operand(to, command->operands);
        (void)fputc('\n', to);
        write_values(to, command->options);
    }
    (void)fputs(body, to);
}
