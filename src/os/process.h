/* process.h - what a program does to itself before it holds secrets. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_OS_PROCESS_H
#define TROTH_OS_PROCESS_H

#include <stdint.h>

#include "troth/error.h"

/*
 * troth_process_harden - no core dump, no tracing by this user's other processes, and no
 * privileges that a program it starts could gain.
 *
 * Errors   returns 0 or an errno
 */
TROTH_MUST_USE int troth_process_harden(void);

/*
 * troth_process_find_user - the user of this name or number, as /etc/passwd has it; no
 * other source of users is asked.
 *
 *   out_group   the user's own; of a number that no user is known by, the same number
 *
 * Errors   returns 0 or an errno; ENOENT: there is none of this name
 */
TROTH_MUST_USE int troth_process_find_user(uint32_t *out_user, uint32_t *out_group,
                                           const char *name);

/*
 * troth_process_become - be this user from now on, in this one group, for good.
 *
 * Errors   returns 0 or an errno; EPERM also where the way back is still open
 * Effects  hardens again, for the system forgets that when the user changes
 */
TROTH_MUST_USE int troth_process_become(uint32_t user, uint32_t group);

#endif
