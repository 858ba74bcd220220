/*
 * eif.h - the Enclave Image Format, version 4: what AWS Nitro's hypervisor boots.
 *
 * A header, then sections back to back, each a header of 12 bytes and its data. Readers
 * disagree about gaps between sections, and so about what is measured: here a file with a
 * gap, an overlap, bytes behind the end or sections in an order that somebody might read
 * otherwise is refused. All integers are big-endian.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_IMAGE_EIF_H
#define TROTH_IMAGE_EIF_H

#include <stdbool.h>

#include "troth/error.h"
#include "troth/span.h"

#define TROTH_EIF_HEADER_SIZE         548
#define TROTH_EIF_SECTION_HEADER_SIZE 12
#define TROTH_EIF_SECTIONS_MAX        32
#define TROTH_EIF_CRC_OFFSET          0x220
#define TROTH_EIF_SIGNATURE_MAX       32768 /* bytes of a signature section */
#define TROTH_EIF_CMDLINE_MAX         4096  /* ours: no kernel takes more */
#define TROTH_EIF_METADATA_MAX        ((uint64_t)1024 * 1024) /* ours */

enum troth_eif_kind {
    TROTH_EIF_NONE = 0,
    TROTH_EIF_KERNEL,
    TROTH_EIF_CMDLINE,
    TROTH_EIF_RAMDISK,
    TROTH_EIF_SIGNATURE,
    TROTH_EIF_METADATA
};

/* "kernel", "command line", "ramdisk", "signature", "metadata". */
const char *troth_eif_kind_name(enum troth_eif_kind kind);

struct troth_eif_section {
    enum troth_eif_kind kind;
    uint64_t offset; /* of its data in the file */
    uint64_t size;   /* of its data */
};

struct troth_eif {
    uint16_t version;
    bool aarch64;
    uint64_t default_memory, default_cpus; /* not measured, and nobody obeys them */
    uint32_t crc;                          /* as the header has it */
    struct troth_eif_section sections[TROTH_EIF_SECTIONS_MAX]; /* in the file's order */
    size_t count;
    uint64_t size; /* of the whole file */
};

/*
 * troth_eif_read_header - what the header says of a file of this size. The kinds of the
 * sections are not known yet.
 *
 *   out     zeroed on failure
 *   fault   field "eif.magic", "eif.version", "eif.flags", "eif.section_count",
 *           "eif.section_offset", "eif.section_size" …; the offset is that of the field
 *
 * Errors   TROTH_ERR_SHORT, TROTH_ERR_VALUE, TROTH_ERR_UNSUPPORTED (a version but 4, 3
 *          and 2), TROTH_ERR_LIMIT, TROTH_ERR_TRAILING
 */
TROTH_MUST_USE enum troth_err troth_eif_read_header(struct troth_eif *out,
                                                    struct troth_fault *fault,
                                                    struct troth_span header,
                                                    uint64_t file_size);

/*
 * troth_eif_read_section - the header of section `index`, which stands
 * TROTH_EIF_SECTION_HEADER_SIZE bytes before its data. Called for each, in order.
 *
 *   eif     zeroed on failure
 *   fault   field "eif.section.type", "eif.section.flags", "eif.section.size"
 *
 * Errors   TROTH_ERR_SHORT, TROTH_ERR_VALUE, TROTH_ERR_UNSUPPORTED (an unknown kind),
 *          TROTH_ERR_DUPLICATE, TROTH_ERR_LIMIT; a command line before the kernel, a
 *          ramdisk before either, anything behind a signature: TROTH_ERR_VALUE
 */
TROTH_MUST_USE enum troth_err troth_eif_read_section(struct troth_eif *eif,
                                                     struct troth_fault *fault,
                                                     size_t index,
                                                     struct troth_span header);

/* Behind the last: is there all that there has to be? TROTH_ERR_MISSING names what, as
 * "eif.kernel", "eif.command_line", "eif.ramdisk", "eif.metadata", "eif.section". */
TROTH_MUST_USE enum troth_err troth_eif_check_complete(const struct troth_eif *eif,
                                                       struct troth_fault *fault);

/* All of that, and the CRC, over a file in memory. TROTH_ERR_MISMATCH: the CRC. */
TROTH_MUST_USE enum troth_err
troth_eif_read(struct troth_eif *out, struct troth_fault *fault, struct troth_span file);

/* The first section of a kind that was read, or NULL. */
const struct troth_eif_section *troth_eif_find(const struct troth_eif *eif,
                                               enum troth_eif_kind kind);

/* The data of a section of a file in memory. */
struct troth_span troth_eif_data(const struct troth_eif *eif, struct troth_span file,
                                 size_t index);

/*
 * troth_eif_lay_out - from kinds and sizes to offsets and the size of the file.
 *
 *   eif     zeroed on failure
 *
 * Errors   as the reader would refuse the result
 */
TROTH_MUST_USE enum troth_err troth_eif_lay_out(struct troth_eif *eif,
                                                struct troth_fault *fault);

/* The header of what was laid out, with `eif->crc`. */
void troth_eif_write_header(uint8_t out[static TROTH_EIF_HEADER_SIZE],
                            const struct troth_eif *eif);
void troth_eif_write_section(uint8_t out[static TROTH_EIF_SECTION_HEADER_SIZE],
                             const struct troth_eif_section *section);

#endif
