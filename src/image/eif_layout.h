/* eif_layout.h - where an EIF's fields are, and which sections it may have; for the EIF
 * reader and writer alone. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_IMAGE_EIF_LAYOUT_H
#define TROTH_IMAGE_EIF_LAYOUT_H

#include "image/eif.h"

#define TROTH_EIF_MAGIC          0x2e656966 /* ".eif" */
#define TROTH_EIF_VERSION        4
#define TROTH_EIF_VERSION_OLDEST 2
#define TROTH_EIF_FLAG_AARCH64   1
#define TROTH_EIF_SECTIONS_MIN   2 /* the format's own; we ask for a ramdisk, too */

enum troth_eif_offset {
    TROTH_EIF_AT_MAGIC = 0,
    TROTH_EIF_AT_VERSION = 4,
    TROTH_EIF_AT_FLAGS = 6,
    TROTH_EIF_AT_MEMORY = 8,
    TROTH_EIF_AT_CPUS = 16,
    TROTH_EIF_AT_RESERVED = 24,
    TROTH_EIF_AT_COUNT = 26,
    TROTH_EIF_AT_OFFSETS = 28,
    TROTH_EIF_AT_SIZES = TROTH_EIF_AT_OFFSETS + 8 * TROTH_EIF_SECTIONS_MAX,
    TROTH_EIF_AT_UNUSED = TROTH_EIF_AT_SIZES + 8 * TROTH_EIF_SECTIONS_MAX,
    TROTH_EIF_AT_CRC = TROTH_EIF_AT_UNUSED + 4
};

_Static_assert(TROTH_EIF_AT_CRC == TROTH_EIF_CRC_OFFSET &&
                   TROTH_EIF_AT_CRC + 4 == TROTH_EIF_HEADER_SIZE,
               "fields must tile the header");

/* In a section's own header. */
enum troth_eif_section_offset {
    TROTH_EIF_AT_TYPE = 0,
    TROTH_EIF_AT_SECTION_FLAGS = 2,
    TROTH_EIF_AT_SIZE = 4
};

/* One of the 32 slots of a table of the header. */
static inline size_t troth_eif_slot(enum troth_eif_offset table, size_t index)
{
    return (size_t)table + 8 * index;
}

/* Where the header of a section begins. */
static inline uint64_t troth_eif_start(const struct troth_eif_section *section)
{
    return section->offset - TROTH_EIF_SECTION_HEADER_SIZE;
}

/* Say where and why, and return it. */
enum troth_err troth_eif_refuse(struct troth_fault *fault, enum troth_err err,
                                const char *field, uint64_t offset);
enum troth_err troth_eif_accept(struct troth_fault *fault);

/* May section `index` be what it is, behind those before it? */
TROTH_MUST_USE enum troth_err troth_eif_check_section(const struct troth_eif *eif,
                                                      struct troth_fault *fault,
                                                      size_t index);

#endif
