/* entropy.h - random numbers for a machine that has just begun and has seen nothing. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_INIT_ENTROPY_H
#define TROTH_INIT_ENTROPY_H

#include "init/fault.h"

/*
 * troth_init_entropy - bytes of /dev/nsm into the kernel, counted as what they are.
 *
 * Shape    without that device the kernel has the processor's instructions and its own
 *          interrupts; it is said whether that was enough so far
 * Errors   false: a device that is there and does not answer, or a kernel that does not
 *          take it
 */
bool troth_init_entropy(struct troth_init_fault *fault);

#endif
