/* child.h - the command that runs while connections are there for it. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_CLI_CONNECT_CHILD_H
#define TROTH_CLI_CONNECT_CHILD_H

#include <stdbool.h>
#include <sys/types.h>

#include "cli/inputs.h"

/*
 * troth_child_start - run it, with {} in its words replaced by 127.0.0.1:PORT and {port}
 * by the port; its signals are as they were. It is killed when this process has ended.
 *
 *   inputs   own the words' memory
 *
 * Returns  0, or the exit status that says why it cannot be run, with a problem: 126,
 *          127 (there is no such command), 2
 */
int troth_child_start(pid_t *out, struct troth_inputs *inputs,
                      struct troth_problem *problem, const char *const *words,
                      unsigned port);

/* Has it ended? Then its exit status, or 128 and the signal that ended it. */
bool troth_child_has_ended(int *out_status, pid_t child);

/* Pass a signal on, unless the terminal has done so already. */
void troth_child_signal(pid_t child, int number);

#endif
