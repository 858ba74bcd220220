/* command.h - what the commands of troth-sim share: their table, options, complaints. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_SIM_COMMAND_H
#define TROTH_SIM_COMMAND_H

#include "sim/mint.h"

struct sim_command {
    const char *name;
    const char *help; /* from "usage:" to the example */
    /* What stands behind the name, up to NULL. The exit status. */
    int (*run)(char **arguments);
};

/* sim_main.c has the list. */
extern const struct sim_command sim_command_root;
extern const struct sim_command sim_command_collateral;
extern const struct sim_command sim_command_run;
extern const struct sim_command sim_command_boot;
extern const struct sim_command sim_command_middle;
extern const struct sim_command sim_command_tsm;
extern const struct sim_command sim_command_nsm;
extern const struct sim_command sim_command_sev;
extern const struct sim_command sim_command_tdx;
extern const struct sim_command sim_command_disk;

/* The machine that is asked for: --kind, --seed, --machine, --time, --set. */
struct sim_order {
    struct mint_order mint; /* kind, seed, time_s, wishes; directory: the last argument */
    unsigned machine;       /* which one of this seed's */
};

struct sim_order sim_order_default(void); /* tdx, seed 0, machine 0, now */

/* Takes an option at **argv and its value, if it is one of these. */
bool sim_order_option(struct sim_order *order, char ***argv);

/* Options and one argument, which becomes `directory`. */
struct sim_order sim_order_parse(const struct sim_command *command, char **arguments);

/* The wrong word, and how it goes; exit status 2. */
_Noreturn void sim_refuse(const char *what, const char *subject);

/* What could not be done, and why (an errno, or 0); exit status `status`. */
_Noreturn void sim_fail(int status, const char *what, const char *subject, int error);

uint64_t sim_parse_number(const char *option, const char *text, uint64_t most);

#endif
