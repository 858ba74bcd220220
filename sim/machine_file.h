/* machine_file.h - what verifiers of a machine take, as files; one that cannot be written
 * ends the program. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_SIM_MACHINE_FILE_H
#define TROTH_SIM_MACHINE_FILE_H

#include "sim/machine.h"
#include "sim/mint_file.h"

/* What the vendor says of it, in the folder order->directory, which is made. */
void sim_machine_write_collateral(const struct mint_order *order,
                                  const struct sim_machine *machine);

#endif
