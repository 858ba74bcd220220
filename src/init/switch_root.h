/* switch_root.h - from the kernel's first file system to the application's. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_INIT_SWITCH_ROOT_H
#define TROTH_INIT_SWITCH_ROOT_H

#include "init/fault.h"

/* /rootfs, with all that is mounted below it, is / from now on; the first one is out of
 * reach for whoever starts from here. */
bool troth_init_switch_root(struct troth_init_fault *fault);

#endif
