/* calls.h - what a program may ask the kernel for. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_SANDBOX_CALLS_H
#define TROTH_SANDBOX_CALLS_H

#include "sandbox/sandbox.h"

/*
 * troth_sandbox_calls_restrict - this process, and all that it starts, from now on.
 *
 * Two filters, of which the stricter answer holds: one knows the calls that may be made,
 * and says ENOSYS to all others, as a kernel would that has never heard of them; the
 * other knows the ones, and the arguments, that are refused, and says so.
 *
 *   memfd   may files be made in memory?
 *
 * Shape    by somebody privileged, or after new privileges were given up
 */
TROTH_MUST_USE bool troth_sandbox_calls_restrict(bool memfd,
                                                 struct troth_sandbox_fault *fault);

#endif
