/* intel_qe.h - Intel's identity of a quoting enclave. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_SIM_INTEL_QE_H
#define TROTH_SIM_INTEL_QE_H

#include "sim/intel_statement.h"

struct sim_intel_qe {
    const char *id; /* "QE", "TD_QE"; of the verifying enclave "QVE" */
    unsigned version;
    int64_t issue_date_s, next_update_s;
    uint64_t evaluation_number;
    uint8_t misc_select[4], misc_select_mask[4];
    uint8_t attributes[16], attributes_mask[16];
    uint8_t mr_signer[32];
    unsigned isv_prod_id;
    struct sim_intel_isv_levels levels;
};

/* The JSON, not yet edited nor signed; the caller frees it. */
struct sim_bytes sim_intel_qe_mint(const struct sim_intel_qe *identity);

#endif
