/* help.h - what --help prints, made of the tables. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_CLI_HELP_H
#define TROTH_CLI_HELP_H

#include <stdio.h>

#include "cli/commands.h"

/* The program: its commands and what its exit status means. */
void troth_help_print(FILE *to);

/* One command: usage, options, notes and an example. */
void troth_help_print_command(FILE *to, const struct troth_command *command);

#endif
