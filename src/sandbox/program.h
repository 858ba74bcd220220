/* program.h - from a process of ours to the program. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_SANDBOX_PROGRAM_H
#define TROTH_SANDBOX_PROGRAM_H

#include "sandbox/places.h"

/*
 * troth_sandbox_program_execute - give up everything, and be the program.
 *
 *   places   what it sees; this process does so already
 *   memfd    may it make files in memory?
 *
 * Returns  only if it could not, with the fault: step "exec" where all is done but the
 *          program cannot be executed, ENOENT where there is none
 */
void troth_sandbox_program_execute(const struct troth_sandbox *sandbox,
                                   const struct troth_sandbox_places *places, bool memfd,
                                   struct troth_sandbox_fault *fault);

#endif
