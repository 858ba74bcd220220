/* program.h - what an image is for: troth run with the image's own run file. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_INIT_PROGRAM_H
#define TROTH_INIT_PROGRAM_H

#include "init/fault.h"

/*
 * troth_init_program - run it to its end, and take leave of whatever else ends.
 *
 *   out_status   its exit status; 128 and the signal that ended it
 *
 * Errors   false: it cannot be started
 * Effects  blocks; standard input is /dev/null: the console is the host's
 */
bool troth_init_program(int *out_status, struct troth_init_fault *fault);

#endif
