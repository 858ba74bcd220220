/* settings.h - the kernel's own files: one that is read, those that are set for good. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_INIT_SETTINGS_H
#define TROTH_INIT_SETTINGS_H

#include "init/cmdline.h"

/* What the command line says, by /proc. */
bool troth_init_read_cmdline(struct troth_init_heartbeat *out,
                             struct troth_init_fault *fault);

/*
 * troth_init_shut_doors - from now on no kernel module can be loaded and no other kernel
 * started; the kernel starts no program to look for a module, which it would do as root
 * and outside of any sandbox; and the console's keys command nothing. The first two
 * cannot be undone before the machine's end.
 *
 * Errors   false: a door that this kernel has stays open
 */
bool troth_init_shut_doors(struct troth_init_fault *fault);

#endif
