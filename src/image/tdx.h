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

#include "image/measurements.h"
#include "image/ovmf.h"
#include "troth/arena.h"
#include "troth/crypto.h"

#define TROTH_TDX_ARENA_SIZE ((size_t)16 * 1024 * 1024) /* for troth_tdx_mrtd() */

/* In which order pages are added and measured: one by one (QEMU since 9.0), or all added,
 * then all measured. */
enum troth_tdx_order { TROTH_TDX_SINGLE_PASS = 0, TROTH_TDX_TWO_PASS };

/*
 * troth_tdx_mrtd - MRTD of this firmware.
 *
 *   arena   room for the blocks that are hashed
 *
 * Errors   TROTH_ERR_MISSING: no TDX descriptor; TROTH_ERR_VALUE, TROTH_ERR_LIMIT,
 *          TROTH_ERR_MEMORY, TROTH_ERR_CRYPTO
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
};

/*
 * troth_tdx_rtmr1 - of a kernel that QEMU started directly, its setup header patched; and
 * troth_tdx_rtmr2.
 *
 * Errors   TROTH_ERR_VALUE, TROTH_ERR_SHORT: it is no such kernel; TROTH_ERR_LIMIT,
 *          TROTH_ERR_CRYPTO
 */
TROTH_MUST_USE enum troth_err troth_tdx_rtmr1(uint8_t out[static 48],
                                              struct troth_fault *fault,
                                              const struct troth_crypto *crypto,
                                              const struct troth_tdx_boot *boot);
TROTH_MUST_USE enum troth_err troth_tdx_rtmr2(uint8_t out[static 48],
                                              struct troth_fault *fault,
                                              const struct troth_crypto *crypto,
                                              const struct troth_tdx_boot *boot);

/* All as rows, mr_config_id among them as zeros, with why RTMR0 is not there; `boot` may
 * be NULL: then RTMR1 and RTMR2 are not, either. */
TROTH_MUST_USE enum troth_err
troth_tdx_measure(struct troth_measurements *out, struct troth_fault *fault,
                  const struct troth_crypto *crypto, const struct troth_ovmf *firmware,
                  const struct troth_tdx_boot *boot, enum troth_tdx_order order,
                  struct troth_arena *arena);

#endif
