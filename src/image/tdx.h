/*
 * tdx.h - the registers of an Intel TDX machine: MRTD from its firmware, RTMR1 and RTMR2
 * from kernel, command line and initrd as QEMU starts them.
 *
 * RTMR0 holds what the firmware is told of the machine (memory, ACPI tables, variables)
 * and cannot be computed from these inputs.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_IMAGE_TDX_H
#define TROTH_IMAGE_TDX_H

#include <stdbool.h>

#include "image/measurements.h"
#include "image/ovmf.h"
#include "troth/arena.h"
#include "troth/crypto.h"

#define TROTH_TDX_ARENA_SIZE  ((size_t)16 * 1024 * 1024) /* for troth_tdx_mrtd() */
#define TROTH_TDX_PAGES_MAX   65536 /* that are added, of all sections */
#define TROTH_TDX_CMDLINE_MAX 4096  /* no kernel takes more */

/* In which order the pages of each section are added and measured: one by one (QEMU since
 * 9.0), or all added, then all measured. */
enum troth_tdx_order { TROTH_TDX_SINGLE_PASS = 0, TROTH_TDX_TWO_PASS };

/*
 * troth_tdx_mrtd - MRTD of this firmware.
 *
 *   arena   room for the blocks that are hashed
 *
 * Errors   TROTH_ERR_MISSING: no TDX descriptor; TROTH_ERR_SHORT: a section's bytes are
 *          not in the image; TROTH_ERR_VALUE: it is not of whole pages, or overlaps
 *          another; TROTH_ERR_VERSION, TROTH_ERR_UNSUPPORTED, TROTH_ERR_LIMIT,
 *          TROTH_ERR_MEMORY, TROTH_ERR_CRYPTO
 * Spec     [TDX-ABI] TDH.MEM.PAGE.ADD, TDH.MR.EXTEND; [EDK2] OvmfPkg, "TDVF"
 */
TROTH_MUST_USE enum troth_err
troth_tdx_mrtd(uint8_t out[static 48], struct troth_fault *fault,
               const struct troth_crypto *crypto, const struct troth_ovmf *firmware,
               enum troth_tdx_order order, struct troth_arena *arena);

struct troth_tdx_boot {
    struct troth_span kernel;     /* a bzImage with a PE header */
    struct troth_span cmdline;    /* without a terminating zero; ASCII */
    const uint8_t *initrd_digest; /* SHA-384; NULL: none */
    uint64_t initrd_size;
    uint64_t memory; /* bytes of the machine */

    /* QEMU writes into the kernel's setup header, and firmware measures that. From QEMU
     * 10.0 on it gives the kernel as it is, too, which newer firmware takes instead. */
    bool plain_kernel;
    /* Firmware puts "initrd=initrd" at the command line's end; newer at its start. */
    bool initrd_first;
};

/*
 * troth_tdx_rtmr1 - of a kernel that QEMU started directly, up to where it left the
 * firmware's services; and troth_tdx_rtmr2, of what the kernel's EFI stub measured.
 *
 * Errors   TROTH_ERR_VALUE, TROTH_ERR_SHORT, TROTH_ERR_UNSUPPORTED: it is no such kernel,
 *          or no such command line; TROTH_ERR_LIMIT: the initrd does not fit the machine;
 *          TROTH_ERR_CRYPTO
 * Spec     [QEMU] x86_load_linux, [EDK2] TdTcg2Dxe, GenericQemuLoadImageLib
 */
TROTH_MUST_USE enum troth_err troth_tdx_rtmr1(uint8_t out[static 48],
                                              struct troth_fault *fault,
                                              const struct troth_crypto *crypto,
                                              const struct troth_tdx_boot *boot);
TROTH_MUST_USE enum troth_err troth_tdx_rtmr2(uint8_t out[static 48],
                                              struct troth_fault *fault,
                                              const struct troth_crypto *crypto,
                                              const struct troth_tdx_boot *boot);

struct troth_tdx_launch {
    const struct troth_ovmf *firmware;
    const struct troth_tdx_boot *boot; /* NULL: then RTMR1 and RTMR2 are not known */
    enum troth_tdx_order order;
};

/* All as rows, mr_config_id and RTMR3 among them as zeros, with why RTMR0 is not there.
 */
TROTH_MUST_USE enum troth_err troth_tdx_measure(struct troth_measurements *out,
                                                struct troth_fault *fault,
                                                const struct troth_crypto *crypto,
                                                const struct troth_tdx_launch *launch,
                                                struct troth_arena *arena);

#endif
