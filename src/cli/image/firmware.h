/* firmware.h - FILE as the firmware of a machine. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_CLI_IMAGE_FIRMWARE_H
#define TROTH_CLI_IMAGE_FIRMWARE_H

#include "cli/inputs.h"
#include "image/ovmf.h"

/* "-" is standard input; `out` borrows from `inputs`. */
bool troth_firmware_read(struct troth_ovmf *out, struct troth_inputs *inputs,
                         struct troth_problem *problem, const char *path);

/* What cannot be measured of it, and what would help. Always false. */
bool troth_firmware_fail(struct troth_problem *problem, const char *path,
                         const struct troth_fault *fault);

#endif
