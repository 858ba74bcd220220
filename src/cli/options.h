/* options.h - command lines, read by table. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_CLI_OPTIONS_H
#define TROTH_CLI_OPTIONS_H

#include "cli/problem.h"

/* One row an option: reading and --help know no others. A table ends with a NULL name. */
struct troth_option {
    const char *name;     /* without its dashes: "nonce"; one letter has one dash: "o" */
    const char *argument; /* what its value is called: "HEX"; NULL: it has none */
    const char *does;     /* a clause for --help */
    bool repeats;         /* may be given more than once */
    /* Keep the value, which is NULL where there is none; false with a problem if it is no
     * good. NULL here makes the option one that asks for help. */
    bool (*take)(void *order, struct troth_problem *problem, const char *value);
};

/* What stands before its name. */
const char *troth_option_dashes(const struct troth_option *option);

enum troth_parsed { TROTH_PARSED = 0, TROTH_PARSED_HELP, TROTH_PARSED_NOT };

/* What came of a command line; HELP as soon as it is asked for. */
struct troth_parsing {
    enum troth_parsed parsed;
    const char *file; /* the one word that is no option; borrows */
};

/*
 * troth_options_parse - hand each option's value to its row, in the order given.
 *
 *   order    passed on to the rows
 *   problem  filled when the answer is TROTH_PARSED_NOT
 *   words    the words behind the command's name, ending with NULL
 *
 * Shape    --name VALUE, --name=VALUE, --name; before or after FILE; "--" ends options,
 * and
 *          "-" is a file; names are not shortened
 */
struct troth_parsing troth_options_parse(void *order, struct troth_problem *problem,
                                         const struct troth_option *options,
                                         const char *const *words);

/* The same for commands that take several files or none: each word that is no option is
 * handed to `take_file`, and none is missed. */
struct troth_parsing troth_options_parse_files(
    void *order, struct troth_problem *problem, const struct troth_option *options,
    const char *const *words,
    bool (*take_file)(void *order, struct troth_problem *problem, const char *value));

/* Such a `take_file` for programs that take none. */
bool troth_options_refuse_word(void *order, struct troth_problem *problem,
                               const char *word);

/* Does a command line ask for JSON? For problems that come before it could be read. */
bool troth_options_want_json(const char *const *words);

#endif
