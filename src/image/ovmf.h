/*
 * ovmf.h - what virtual firmware says of itself in the table of GUIDs at its end.
 *
 * The same table carries the sections that an SEV-SNP machine is started with, and the
 * descriptor of TDX.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_IMAGE_OVMF_H
#define TROTH_IMAGE_OVMF_H

#include <stdbool.h>

#include "troth/error.h"
#include "troth/span.h"

#define TROTH_OVMF_SIZE_MAX      ((size_t)64 * 1024 * 1024)
#define TROTH_OVMF_SECTIONS_MAX  64
/* Of all sections together; each page of them is one step of the launch digest. */
#define TROTH_OVMF_SECTIONS_SIZE UINT32_C(0x4000000) /* 64 MiB */
#define TROTH_OVMF_PAGE          4096

enum troth_snp_section_kind {
    TROTH_SNP_SECTION_MEMORY = 1, /* to be validated, not measured: zero pages */
    TROTH_SNP_SECTION_SECRETS = 2,
    TROTH_SNP_SECTION_CPUID = 3,
    TROTH_SNP_SECTION_SVSM_CAA = 4,
    TROTH_SNP_SECTION_KERNEL_HASHES = 0x10
};

struct troth_snp_section {
    uint32_t address, size;
    enum troth_snp_section_kind kind;
};

struct troth_ovmf {
    struct troth_span image;
    uint64_t base;          /* where its first byte lies in the machine: 4 GiB - size */
    uint32_t reset_address; /* of application processors (SEV-ES) */
    bool has_reset_address;
    struct troth_snp_section sections[TROTH_OVMF_SECTIONS_MAX];
    size_t count;
    uint32_t hashes_table; /* where the table of kernel hashes lies; 0: there is none */
    bool has_tdx;
    size_t tdx_descriptor; /* offset of "TDVF" in the image */
};

/*
 * troth_ovmf_read - the table, strictly bounded.
 *
 *   out     borrows `image`; zeroed on failure
 *   fault   field "ovmf.table", "ovmf.reset_address", "ovmf.snp.section" …
 *
 * Errors   TROTH_ERR_MISSING: no table, or no descriptor where it says one is;
 *          TROTH_ERR_SHORT; TROTH_ERR_VALUE: a section is not of whole pages, overlaps
 *          another or reaches into the firmware; TROTH_ERR_DUPLICATE; TROTH_ERR_VERSION;
 *          TROTH_ERR_UNSUPPORTED: an unknown kind of section; TROTH_ERR_LIMIT
 * Spec     [EDK2] OvmfPkg/ResetVector
 */
TROTH_MUST_USE enum troth_err troth_ovmf_read(struct troth_ovmf *out,
                                              struct troth_fault *fault,
                                              struct troth_span image);

#endif
