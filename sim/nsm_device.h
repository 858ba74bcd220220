/*
 * nsm_device.h - the Nitro secure module of a simulated machine.
 *
 * Requests, answers and errors are those of aws-nitro-enclaves-nsm-api; the ioctl is the
 * kernel's. A document lists the PCRs that are locked: 0 to 15 from the start.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_SIM_NSM_DEVICE_H
#define TROTH_SIM_NSM_DEVICE_H

#include "sim/nitro.h"
#include "sim/user.h"

#define SIM_NSM_PCRS 32

struct sim_nsm {
    struct sim_nitro *doc; /* what it signs, but for PCRs, user's data and time */
    uint8_t values[SIM_NSM_PCRS][48];
    bool is_locked[SIM_NSM_PCRS];
    int64_t began_ms; /* CLOCK_MONOTONIC when `doc` was made: its time goes on */
    uint64_t first_ms;
};

void sim_nsm_init(struct sim_nsm *nsm, struct sim_nitro *doc);

/* The answer to a request, both as the device sees them; the caller frees it. */
struct sim_bytes sim_nsm_answer(struct sim_nsm *nsm, struct troth_span request);

/* /dev/nsm's; `state` is a struct sim_nsm. */
sim_ioctl sim_nsm_ioctl;

#endif
