/* kernel.h - a bzImage that a test makes: a setup header, and sections of an EFI program
 * out of their order, with bytes behind them and a signature. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_TEST_KERNEL_H
#define TROTH_TEST_KERNEL_H

#include <stddef.h>
#include <stdint.h>

#include "troth/span.h"

#define KERNEL_SIZE      0x6058
#define KERNEL_SIGNATURE 0x40

/* Where in it things are. */
enum kernel_place {
    KERNEL_PE = 0x40,
    KERNEL_OPTIONAL = KERNEL_PE + 24,
    KERNEL_CHECKSUM = KERNEL_OPTIONAL + 64,
    KERNEL_DIRECTORIES = KERNEL_OPTIONAL + 108,
    KERNEL_SIGNATURES = KERNEL_OPTIONAL + 112 + 32,
    KERNEL_ROWS = KERNEL_OPTIONAL + 160 /* four, 40 bytes each */
};

/* Into `out`, which has room for KERNEL_SIZE. */
struct troth_span kernel_make(uint8_t *out);

#endif
