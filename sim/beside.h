/* beside.h - a program of the same build, asked or run; never one that PATH finds. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_SIM_BESIDE_H
#define TROTH_SIM_BESIDE_H

#include "sim/bytes.h"

/* Where the program of this name is: in our own folder, or in the one that holds it,
 * where ours is called "sim", or in ../lib/troth/sim. The caller frees it; none ends the
 * program. */
char *sim_beside_find(const char *name);

/*
 * sim_beside_ask - run it, and take down what it prints.
 *
 *   words  its path and arguments, ending with NULL
 *
 * Effects  a program that fails has said why, and ends ours with its own status
 */
struct sim_bytes sim_beside_ask(char **words);

#endif
