/* machine_boot.h - what a machine is started with, read: its kernel whole, its initrd as
 * a digest. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_CLI_IMAGE_MACHINE_BOOT_H
#define TROTH_CLI_IMAGE_MACHINE_BOOT_H

#include "cli/image/measure.h"
#include "os/file.h"

/* No kernel is a tenth of it. */
#define TROTH_MACHINE_KERNEL_MAX ((size_t)256 * 1024 * 1024)

/* Zeroed, it holds nothing and may be released. */
struct troth_machine_boot {
    bool has_kernel;
    struct troth_file kernel;
    struct troth_file cmdline; /* with a zero behind it that `len` does not count */
    uint64_t initrd_size;      /* 0: there is none */
    uint8_t initrd[48];        /* its digest; of nothing at all where there is none */
};

/* From --kernel and its kin or from --eif; the initrd's digest is `hash`'s, SHA-256 or
 * SHA-384. */
bool troth_machine_boot_read(struct troth_machine_boot *out,
                             struct troth_problem *problem,
                             const struct troth_machine_order *order,
                             enum troth_hash hash);

void troth_machine_boot_release(struct troth_machine_boot *boot);

#endif
