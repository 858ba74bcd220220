/*
 * snp_report.h - an SEV-SNP attestation report by the names of AMD's SNP ABI (56860).
 *
 * Reserved fields have names too, by their offset: to set them is a way to be refused.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_SIM_SNP_REPORT_H
#define TROTH_SIM_SNP_REPORT_H

#include "sim/key.h"

#define SIM_SNP_REPORT_SIZE 0x4a0
#define SIM_SNP_SIGNED_SIZE 0x2a0 /* what the signature covers */

/* Little-endian numbers and plain bytes, in order, with their sizes. */
/* clang-format off */
#define SIM_SNP_REPORT(NUMBER, BYTES)  \
    NUMBER(version,             4)     \
    NUMBER(guest_svn,           4)     \
    NUMBER(policy,              8)     \
    BYTES (family_id,          16)     \
    BYTES (image_id,           16)     \
    NUMBER(vmpl,                4)     \
    NUMBER(signature_algo,      4)     \
    BYTES (current_tcb,         8)     \
    NUMBER(platform_info,       8)     \
    NUMBER(signer_info,         4)     \
    NUMBER(reserved_04c,        4)     \
    BYTES (report_data,        64)     \
    BYTES (measurement,        48)     \
    BYTES (host_data,          32)     \
    BYTES (id_key_digest,      48)     \
    BYTES (author_key_digest,  48)     \
    BYTES (report_id,          32)     \
    BYTES (report_id_ma,       32)     \
    BYTES (reported_tcb,        8)     \
    NUMBER(cpuid_family,        1)     \
    NUMBER(cpuid_model,         1)     \
    NUMBER(cpuid_stepping,      1)     \
    BYTES (reserved_18b,       21)     \
    BYTES (chip_id,            64)     \
    BYTES (committed_tcb,       8)     \
    NUMBER(current_build,       1)     \
    NUMBER(current_minor,       1)     \
    NUMBER(current_major,       1)     \
    NUMBER(reserved_1eb,        1)     \
    NUMBER(committed_build,     1)     \
    NUMBER(committed_minor,     1)     \
    NUMBER(committed_major,     1)     \
    NUMBER(reserved_1ef,        1)     \
    BYTES (launch_tcb,          8)     \
    NUMBER(launch_mit_vector,   8)     \
    NUMBER(current_mit_vector,  8)     \
    BYTES (reserved_208,      152)
/* clang-format on */

struct sim_snp_report {
#define SIM_NUMBER(name, size) uint64_t name;
#define SIM_BYTES(name, size)  uint8_t name[size];
    SIM_SNP_REPORT(SIM_NUMBER, SIM_BYTES)
#undef SIM_NUMBER
#undef SIM_BYTES
};

/*
 * sim_snp_report_mint - encode and sign; the caller frees it.
 *
 *   edit_report     may change the SIM_SNP_SIGNED_SIZE bytes before they are signed
 *   edit_signature  may change the 512 bytes of the signature field: r and s, each 72
 *                   bytes little-endian, then 368 zeros
 */
struct sim_bytes sim_snp_report_mint(const struct sim_snp_report *report,
                                     const struct sim_key *key,
                                     struct sim_edit edit_report,
                                     struct sim_edit edit_signature);

#endif
