/*
 * tdx_device.h - the TDX guest device of a simulated machine, and the service on its host
 * that turns reports into quotes.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_SIM_TDX_DEVICE_H
#define TROTH_SIM_TDX_DEVICE_H

#include "sim/intel.h"
#include "sim/user.h"

#define SIM_TDREPORT_SIZE 1024

/*
 * sim_tdreport_mint - TDREPORT_STRUCT for these 64 bytes; the caller frees it.
 *
 * Shape    [TDX-ABI]: REPORTMACSTRUCT, TEE_TCB_INFO, TDINFO; the MAC is a hash that
 *          everybody can make
 */
struct sim_bytes sim_tdreport_mint(const struct sim_td_report *td,
                                   const uint8_t report_data[static 64]);

/* /dev/tdx_guest's; `state` is a struct sim_intel. */
sim_ioctl sim_tdx_ioctl;

/* The service's answer to a message, both without their lengths in front: the quote says
 * what the report in it does. The caller frees it. */
struct sim_bytes sim_qgs_answer(struct sim_intel *doc, struct troth_span message);

#endif
