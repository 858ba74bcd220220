/* processes.h - a /proc of only its own processes. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_SANDBOX_PROCESSES_H
#define TROTH_SANDBOX_PROCESSES_H

#include "sandbox/sandbox.h"

/*
 * troth_sandbox_processes_mount - mount /proc of the present process namespace, without
 * other users' processes, and of the machine only what programs need to know.
 *
 *   out_memfd   does memfd_create() make only files that are not executed, unless it is
 *               asked to? It does so now, where the kernel knows how
 *
 * The current folder is the new root; its dev is there.
 */
TROTH_MUST_USE bool troth_sandbox_processes_mount(bool *out_memfd,
                                                  struct troth_sandbox_fault *fault);

#endif
