/* SPDX-License-Identifier: Apache-2.0 */
#include "attester/devices.h"

const struct troth_device_ops *const troth_devices[] = {
    &troth_device_nsm, &troth_device_tsm, &troth_device_snp, &troth_device_tdx, NULL,
};
