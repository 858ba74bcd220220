/* firmware.h - virtual firmware that a test makes: all pages alike, and a table at its
 * end whose every field has a place that tests can name. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_TEST_FIRMWARE_H
#define TROTH_TEST_FIRMWARE_H

#include <stddef.h>
#include <stdint.h>

#include "troth/span.h"

/* How far from the image's end each thing is. */
enum firmware_place {
    FIRMWARE_FOOTER = 50, /* length, then GUID */
    FIRMWARE_RESET = 72,  /* data, length, GUID */
    FIRMWARE_HASHES = 98,
    FIRMWARE_SNP_ENTRY = 120,
    FIRMWARE_TDX_ENTRY = 142,
    FIRMWARE_SNP = 1024, /* magic, size, version, count, then 12 bytes a section */
    FIRMWARE_TDX = 2048  /* magic, size, version, count, then 32 bytes a section */
};

struct firmware_snp {
    uint32_t address, size, kind;
};

struct firmware_tdx {
    uint32_t raw_offset, raw_size;
    uint64_t address, size;
    uint32_t kind, attributes;
};

struct firmware_plan {
    size_t size;
    uint32_t reset_address, hashes_table;
    const struct firmware_snp *snp;
    size_t snp_count;
    const struct firmware_tdx *tdx;
    size_t tdx_count;
};

/* Sections as OVMF for SEV has them, with a page for hashes; and as a TDVF has them. */
extern const struct firmware_plan firmware_usual;

/* Into `out`, which has room for `plan->size`. */
struct troth_span firmware_make(uint8_t *out, const struct firmware_plan *plan);

/* `width` bytes, little-endian. */
void firmware_put(uint8_t *at, uint64_t value, size_t width);

#endif
