/* boot_disk.h - the ramdisk that troth-sim boot puts before an image's own. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_SIM_BOOT_DISK_H
#define TROTH_SIM_BOOT_DISK_H

#include "sim/bytes.h"

/* The whole archive; the caller frees it. What is missing ends the program.
 *
 *   modules   a folder with the modules of this kernel, in whatever folders below it
 *   release   which kernel: a folder of that name in `modules` is looked into alone
 *   words     options of the machine that is simulated, each ended by a zero
 */
struct sim_bytes sim_boot_disk(const char *modules, const char *release,
                               struct troth_span words);

#endif
