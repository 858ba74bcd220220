/* sev_device.h - the SEV-SNP guest device of a simulated machine: the kernel's ioctls. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_SIM_SEV_DEVICE_H
#define TROTH_SIM_SEV_DEVICE_H

#include "sim/snp.h"
#include "sim/user.h"

struct sim_sev {
    struct sim_snp *doc; /* what it signs, but for report data and VMPL */
    /* Ways to be refused. */
    bool has_too_many_certs; /* more than any guest has room for */
    bool knows_no_extended;  /* a driver without SNP_GET_EXT_REPORT */
    uint32_t status;         /* the firmware's, in its answer */
};

/* /dev/sev-guest's; `state` is a struct sim_sev. */
sim_ioctl sim_sev_ioctl;

#endif
