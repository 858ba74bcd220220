/* mounts.h - the kernel's own file systems, below the root that the program will see. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_INIT_MOUNTS_H
#define TROTH_INIT_MOUNTS_H

#include "init/fault.h"

/*
 * troth_init_mounts - /rootfs becomes a mount, and below it /dev, /proc, /sys, /run, /tmp
 * and /troth do; standard streams that are not open become /dev/console.
 *
 * Errors   false: what cannot be mounted; a place that is not a folder, or a link; a
 *          /troth that the application brought along
 */
bool troth_init_mounts(struct troth_init_fault *fault);

#endif
