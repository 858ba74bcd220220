/* start.h - the life of an image's machine. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_INIT_START_H
#define TROTH_INIT_START_H

/*
 * troth_init_start - from the kernel to troth run, step by step, and to the machine's
 * end.
 *
 * Shape    says on the console which step comes, and which one failed and why:
 *          "troth-init: error: STEP: REASON"; then the machine is switched off, as it is
 *          when the program has ended
 * Effects  never returns; only for the first process
 */
_Noreturn void troth_init_start(void);

#endif
