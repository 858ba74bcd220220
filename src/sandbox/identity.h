/* identity.h - who a process is, and what it may do because of it. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_SANDBOX_IDENTITY_H
#define TROTH_SANDBOX_IDENTITY_H

#include "sandbox/sandbox.h"

/*
 * troth_sandbox_identity_keep - give up all privileges but one capability, for good, and
 * all that a program could bring along.
 *
 *   capability   CAP_KILL; -1: none
 */
TROTH_MUST_USE bool troth_sandbox_identity_keep(int capability,
                                                struct troth_sandbox_fault *fault);

/*
 * troth_sandbox_identity_become - be this user, in this one group, without privileges.
 *
 * Errors   false also for user or group 0, and where the way back is still open
 */
TROTH_MUST_USE bool troth_sandbox_identity_become(uint32_t user, uint32_t group,
                                                  struct troth_sandbox_fault *fault);

#endif
