/* fault.h - fill in what could not be done. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_SANDBOX_FAULT_H
#define TROTH_SANDBOX_FAULT_H

#include "sandbox/sandbox.h"

/*
 * troth_sandbox_fail - fill `fault` with the errno there is now; always returns false,
 * for the caller to return.
 *
 *   step    static
 *   path    cut to the room there is
 */
bool troth_sandbox_fail(struct troth_sandbox_fault *fault, const char *step,
                        const char *path);

/* The same with an errno of one's own. */
bool troth_sandbox_fail_with(struct troth_sandbox_fault *fault, int error,
                             const char *step, const char *path);

#endif
