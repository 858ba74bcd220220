/* devices.h - a /dev without devices of this machine. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_SANDBOX_DEVICES_H
#define TROTH_SANDBOX_DEVICES_H

#include "sandbox/sandbox.h"

#define TROTH_SANDBOX_DEVICE_COUNT 5

/* null, zero, full, random, urandom: mounts that are not anywhere yet. */
struct troth_sandbox_devices {
    int trees[TROTH_SANDBOX_DEVICE_COUNT];
};

/* Take hold of the machine's, before its /dev is out of sight. */
TROTH_MUST_USE bool troth_sandbox_devices_take(struct troth_sandbox_devices *out,
                                               struct troth_sandbox_fault *fault);

/* Make /dev of them, and of shm, fd, stdin, stdout, stderr. The current folder is the new
 * root. */
TROTH_MUST_USE bool
troth_sandbox_devices_mount(const struct troth_sandbox_devices *devices,
                            struct troth_sandbox_fault *fault);

#endif
