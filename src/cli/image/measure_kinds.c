/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/image/measure.h"

#define BIT(option) (1U << TROTH_MACHINE_##option)
#define BOOT        (BIT(KERNEL) | BIT(INITRD) | BIT(CMDLINE) | BIT(EIF))

static const struct troth_measure_kind kinds[] = {
    {"nitro", 0, troth_measure_eif},
    {"snp", BIT(VCPUS) | BIT(VCPU) | BIT(VMM) | BIT(FEATURES) | BOOT, troth_measure_snp},
    {"tdx", BIT(MEMORY) | BIT(ORDER) | BIT(KERNEL_HEADER) | BIT(INITRD_OPTION) | BOOT,
     troth_measure_tdx},
    {NULL, 0, NULL},
};

const struct troth_measure_kind *troth_measure_kinds(void)
{
    return kinds;
}
