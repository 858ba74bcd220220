/* machine_policy.h - a policy that one machine meets, and no other. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_SIM_MACHINE_POLICY_H
#define TROTH_SIM_MACHINE_POLICY_H

#include "sim/machine.h"

/*
 * sim_machine_policy - YAML that names the machine's image, completely, and its identity
 * where its evidence has one.
 *
 *   rtmr3    TDX: what RTMR3 will be, 48 bytes; else NULL
 *
 * Shape    the caller frees it; what a verifier refuses unless it is allowed (firmware
 *          that is out of date, debug mode) is not allowed, whatever the machine is like
 */
struct sim_bytes sim_machine_policy(const struct sim_machine *machine,
                                    const uint8_t *rtmr3);

#endif
