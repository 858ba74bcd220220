/*
 * intel_quote.h - an SGX or TDX quote by the names of Intel's DCAP library.
 *
 * Reserved fields have names too, by their offset: to set them is a way to be refused.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_SIM_INTEL_QUOTE_H
#define TROTH_SIM_INTEL_QUOTE_H

#include <stdbool.h>

#include "sim/key.h"

/* Little-endian numbers and plain bytes, in order, with their sizes. */
/* clang-format off */
#define SIM_QUOTE_HEADER(NUMBER, BYTES) \
    NUMBER(version,               2)    \
    NUMBER(attestation_key_type,  2)    \
    NUMBER(tee_type,              4)    \
    NUMBER(word_8,                2)    \
    NUMBER(word_10,               2)    \
    BYTES (qe_vendor_id,         16)    \
    BYTES (user_data,            20)

#define SIM_SGX_REPORT(NUMBER, BYTES)   \
    BYTES (cpu_svn,              16)    \
    NUMBER(misc_select,           4)    \
    BYTES (reserved_20,          12)    \
    BYTES (isv_ext_prod_id,      16)    \
    NUMBER(flags,                 8)    \
    NUMBER(xfrm,                  8)    \
    BYTES (mr_enclave,           32)    \
    BYTES (reserved_96,          32)    \
    BYTES (mr_signer,            32)    \
    BYTES (reserved_160,         32)    \
    BYTES (config_id,            64)    \
    NUMBER(isv_prod_id,           2)    \
    NUMBER(isv_svn,               2)    \
    NUMBER(config_svn,            2)    \
    BYTES (reserved_262,         42)    \
    BYTES (isv_family_id,        16)    \
    BYTES (report_data,          64)

#define SIM_TD10_REPORT(NUMBER, BYTES)  \
    BYTES (tee_tcb_svn,          16)    \
    BYTES (mr_seam,              48)    \
    BYTES (mr_signer_seam,       48)    \
    NUMBER(seam_attributes,       8)    \
    NUMBER(td_attributes,         8)    \
    NUMBER(xfam,                  8)    \
    BYTES (mr_td,                48)    \
    BYTES (mr_config_id,         48)    \
    BYTES (mr_owner,             48)    \
    BYTES (mr_owner_config,      48)    \
    BYTES (rtmr0,                48)    \
    BYTES (rtmr1,                48)    \
    BYTES (rtmr2,                48)    \
    BYTES (rtmr3,                48)    \
    BYTES (report_data,          64)

#define SIM_TD15_REPORT(NUMBER, BYTES)  \
    BYTES (tee_tcb_svn2,         16)    \
    BYTES (mr_servicetd,         48)

#define SIM_TD15_EX_REPORT(NUMBER, BYTES)      \
    NUMBER(vm_id,                        1)    \
    BYTES (td_id,                       32)    \
    BYTES (device_info,                 48)    \
    BYTES (init_servicetd_hash,         48)    \
    NUMBER(init_servicetd_attributes,    8)    \
    BYTES (init_cpu_svn,                16)    \
    BYTES (init_tee_tcb_svn,            16)    \
    BYTES (init_tee_fmspc,              12)    \
    BYTES (current_servicetd_hash,      48)    \
    NUMBER(current_servicetd_attributes, 8)
/* clang-format on */

#define SIM_NUMBER(name, size) uint64_t name;
#define SIM_BYTES(name, size)  uint8_t name[size];
struct sim_quote_header {
    SIM_QUOTE_HEADER(SIM_NUMBER, SIM_BYTES)
};
struct sim_sgx_report {
    SIM_SGX_REPORT(SIM_NUMBER, SIM_BYTES)
};
struct sim_td_report {
    SIM_TD10_REPORT(SIM_NUMBER, SIM_BYTES)
    SIM_TD15_REPORT(SIM_NUMBER, SIM_BYTES)
    SIM_TD15_EX_REPORT(SIM_NUMBER, SIM_BYTES)
};
#undef SIM_NUMBER
#undef SIM_BYTES

/* What is quoted; the numbers are version 5's. */
enum sim_quote_body {
    SIM_BODY_SGX = 1,
    SIM_BODY_TD10 = 2,
    SIM_BODY_TD15 = 3,
    SIM_BODY_TD15_EX = 4
};

/* What is added to a true length where it is declared. */
struct sim_quote_lies {
    int body, signature_data, qe_certification, auth_data, certification;
};

#define SIM_QUOTE_AUTH_MAX 1024

struct sim_intel_quote {
    struct sim_quote_header header;
    unsigned layout; /* 3, 4 or 5, whatever the header says of itself */
    enum sim_quote_body body;
    uint16_t body_type; /* as layout 5 writes it */
    struct sim_sgx_report enclave;
    struct sim_td_report td;
    const struct sim_key *key; /* the attestation key, P-256 */

    struct sim_sgx_report qe;
    bool keeps_report_data; /* else the QE's becomes the hash of key and auth_data */
    uint8_t auth_data[SIM_QUOTE_AUTH_MAX];
    size_t auth_data_len;
    const struct sim_key *qe_key; /* signs the QE's report: the PCK's */
    uint16_t
        qe_certification_type; /* 6: stands around all that layouts 4 and 5 certify */
    uint16_t certification_type;

    struct sim_quote_lies lies;
    size_t trailing_zeros; /* behind the declared end */

    struct sim_edit edit_signed;         /* header, descriptor and body */
    struct sim_edit edit_signature;      /* r ‖ s, 64 bytes */
    struct sim_edit edit_key;            /* X ‖ Y, 64 bytes, before it is hashed */
    struct sim_edit edit_qe_report;      /* 384 bytes, before they are signed */
    struct sim_edit edit_qe_signature;   /* r ‖ s, 64 bytes */
    struct sim_edit edit_certification;  /* the data alone */
    struct sim_edit edit_signature_data; /* all behind its declared length */
    struct sim_edit edit_whole;
};

/* The quote; the caller frees it. Takes the certification data. */
struct sim_bytes sim_intel_quote_mint(const struct sim_intel_quote *quote,
                                      struct sim_bytes certification);

#endif
