/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/machine_file.h"

void sim_machine_write_collateral(const struct mint_order *order,
                                  const struct sim_machine *machine)
{
    switch (machine->kind) {
    case SIM_MACHINE_TDX:
        mint_make_directory(order->directory);
        mint_write_intel_shared(order, &machine->intel);
        mint_write_intel_group(order, 0, &machine->intel);
        break;
    case SIM_MACHINE_SNP:
        mint_make_directory(order->directory);
        mint_write_snp_shared(order, &machine->snp);
        mint_write_cert(order, "vek", 0, &machine->snp.certs[SIM_SNP_VEK]);
        break;
    case SIM_MACHINE_NITRO:
        sim_refuse("evidence holds all it takes to verify it:", order->kind);
    }
}
