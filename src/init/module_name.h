/* module_name.h - what the name of a kernel module's file says of it. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_INIT_MODULE_NAME_H
#define TROTH_INIT_MODULE_NAME_H

#include <stdbool.h>

/* Is it a module's: "00-vsock.ko", or compressed, as the kernel itself can unpack it:
 * ".ko.xz", ".ko.zst", ".ko.gz"? */
bool troth_init_module_name(bool *out_is_compressed, const char *name);

#endif
