/* cuse.h - a device node in /dev whose ioctls this process answers. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_SIM_CUSE_H
#define TROTH_SIM_CUSE_H

#include "sim/user.h"

struct sim_cuse {
    const char *name; /* "nsm": /dev/nsm */
    sim_ioctl *ioctl;
    void *state;
};

/*
 * sim_cuse_serve - answer from now on, in a thread that ends with the process.
 *
 *   device   lives as long as the process
 *
 * Errors   returns 0 or an errno; ENOENT: no /dev/cuse, Linux's module is not loaded
 */
int sim_cuse_serve(const struct sim_cuse *device);

#endif
