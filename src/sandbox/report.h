/* report.h - how a process that is becoming something else says how it went. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_SANDBOX_REPORT_H
#define TROTH_SANDBOX_REPORT_H

#include "sandbox/sandbox.h"

/* A fault whole, or none: whoever reads it is the same program, so that its step is the
 * same text there. `step` is NULL where all went well. */
void troth_sandbox_report_write(int descriptor, const struct troth_sandbox_fault *fault);

/* Returns  false: the other side ended without a word, which exec does too */
TROTH_MUST_USE bool troth_sandbox_report_read(struct troth_sandbox_fault *out,
                                              int descriptor);

#endif
