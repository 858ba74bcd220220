/* landlock.h - the rights that a process keeps in the file system, whatever is mounted.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_SANDBOX_LANDLOCK_H
#define TROTH_SANDBOX_LANDLOCK_H

#include "sandbox/places.h"

/* Which version of Landlock this kernel has; 0: none. */
int troth_sandbox_landlock_version(void);

/* What a version can hold: rights in the file system, and who can be reached. */
struct troth_sandbox_landlock_scope {
    uint64_t files;
    uint64_t others;
};

struct troth_sandbox_landlock_scope troth_sandbox_landlock_knows(int version);

/*
 * troth_sandbox_landlock_restrict - this process, and all that it starts, from now on: in
 * each place the rights of its kind, besides its own /tmp, /dev and /proc, and nothing
 * anywhere else. Neither signals nor abstract sockets reach out, where the kernel knows
 * how.
 *
 *   places   NULL: no file at all, but signals go where they went
 *
 * Shape    by somebody privileged, or after new privileges were given up
 */
TROTH_MUST_USE bool
troth_sandbox_landlock_restrict(const struct troth_sandbox_places *places,
                                struct troth_sandbox_fault *fault);

#endif
