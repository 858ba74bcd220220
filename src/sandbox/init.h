/* init.h - the first process of the program's world. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_SANDBOX_INIT_H
#define TROTH_SANDBOX_INIT_H

#include "sandbox/places.h"

/*
 * troth_sandbox_init_run - be it: make the world, start the program, hand signals on to
 * it, take leave of what ends, and end as the program ends.
 *
 *   caller   a descriptor of the process that it must not outlive
 *   report   where it says how the beginning went
 *
 * Shape    with every signal blocked, as the first process of a process namespace; what
 * is not changes nothing Effects  never returns; keeps of all descriptors the standard
 * ones only
 */
_Noreturn void troth_sandbox_init_run(const struct troth_sandbox *sandbox,
                                      struct troth_sandbox_places *places, int caller,
                                      int report);

#endif
