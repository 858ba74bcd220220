/* completion.h - command lines that a shell finishes: its script, made of the tables. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_CLI_COMPLETION_H
#define TROTH_CLI_COMPLETION_H

#include <stdio.h>

#include "cli/commands.h"

/* What a word may be, told from what --help calls it. */
enum troth_expected {
    TROTH_EXPECTED_ANY = 0, /* HEX: a shell cannot know */
    TROTH_EXPECTED_FILE,
    TROTH_EXPECTED_FOLDER,
    TROTH_EXPECTED_LISTED, /* early|standard */
    TROTH_EXPECTED_PROGRAM /* behind "--": a command line of another program */
};

/* The word in front of `operands` and how it goes on: "FILE" of " [FILE]...". */
struct troth_operand {
    char name[48];
    enum troth_expected expected;
    bool repeats;
};

enum troth_expected troth_expected_of(const char *name);

/* The words of "now|document|UNIX" that can be typed as they stand there, blanks between.
 */
void troth_expected_list(FILE *to, const char *name);

/* What stands behind it; NULL where there is no word any more. */
const char *troth_operand_next(struct troth_operand *out, const char *operands);

/* The script of each shell. */
void troth_completion_bash(FILE *to);
void troth_completion_zsh(FILE *to);

/* A command that is a program of its own, too, and takes the same words: "troth-run". */
#define TROTH_COMPLETION_ALSO "run"

/* Every command that has options: those with verbs are their verbs. Nested loops, flat.
 */
struct troth_completion_walk {
    const struct troth_command *command, *verb;
};

/* NULL at the end; begin with a zeroed walk. */
const struct troth_command *troth_completion_next(struct troth_completion_walk *walk);

#endif
