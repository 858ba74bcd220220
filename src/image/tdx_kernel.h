/* tdx_kernel.h - the start of a kernel as QEMU hands it to firmware. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_IMAGE_TDX_KERNEL_H
#define TROTH_IMAGE_TDX_KERNEL_H

#include "image/tdx.h"

/* All that QEMU changes is before this. */
#define TROTH_TDX_KERNEL_HEAD 1024

/*
 * troth_tdx_kernel_head - a kernel's first bytes with what QEMU writes into them of the
 * loader, the command line's place and the initrd's.
 *
 * Errors   TROTH_ERR_SHORT, TROTH_ERR_VALUE; TROTH_ERR_UNSUPPORTED: no bzImage of boot
 *          protocol 2.02 or later, or a command line with "vga=", which QEMU writes, too;
 *          TROTH_ERR_LIMIT: the initrd does not fit
 */
TROTH_MUST_USE enum troth_err
troth_tdx_kernel_head(uint8_t out[static TROTH_TDX_KERNEL_HEAD],
                      struct troth_fault *fault, const struct troth_tdx_boot *boot);

#endif
