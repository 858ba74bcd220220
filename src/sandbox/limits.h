/* limits.h - how much a process, and its user, may have. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_SANDBOX_LIMITS_H
#define TROTH_SANDBOX_LIMITS_H

#include "sandbox/sandbox.h"

/* For this process and all that it starts. Core dumps there are none. Where this process
 * may not have as much as a limit says, what it may have stays the limit. */
TROTH_MUST_USE bool troth_sandbox_limits_set(const struct troth_sandbox_limits *limits,
                                             struct troth_sandbox_fault *fault);

#endif
