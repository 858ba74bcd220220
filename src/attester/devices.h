/* devices.h - every device there may be, in the order in which they are looked for. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_ATTESTER_DEVICES_H
#define TROTH_ATTESTER_DEVICES_H

#include "attester/device.h"

/* Ends with NULL. */
extern const struct troth_device_ops *const troth_devices[];

#endif
