/* tsm_guest.h - a program, and the machine it finds itself on. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_SIM_TSM_GUEST_H
#define TROTH_SIM_TSM_GUEST_H

#include "sim/machine.h"
#include "sim/tsm_fault.h"

/* Where Linux has its report interface, and a TDX guest its registers. */
#define SIM_TSM_CONFIG    "/sys/kernel/config"
#define SIM_TSM_TDX_GUEST "/sys/devices/virtual/misc/tdx_guest"

struct sim_tsm_guest {
    struct sim_tsm_fault fault;
    bool is_forced; /* although the machine has a device of its own */
};

/*
 * sim_tsm_guest_run - run a program where the interfaces are, and end as it does.
 *
 *   machine   TDX or SNP; given away
 *
 * Effects  never returns: the exit status is the program's, supervise.h says what else
 */
_Noreturn void sim_tsm_guest_run(struct sim_machine *machine, struct sim_tsm_guest guest,
                                 char **program);

#endif
