/* intel_tcb.h - Intel's TCB info: which firmware versions of a platform are how good. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_SIM_INTEL_TCB_H
#define TROTH_SIM_INTEL_TCB_H

#include "sim/intel_pck.h"
#include "sim/intel_statement.h"

/* One more than any reader needs to take, so that too many can be written. */
#define SIM_INTEL_LEVELS_MAX  128
#define SIM_INTEL_MODULES_MAX 20

struct sim_intel_level {
    uint8_t sgx[SIM_TCB_COMPONENTS], tdx[SIM_TCB_COMPONENTS];
    uint16_t pce_svn;
    struct sim_intel_standing standing;
};

struct sim_intel_module {
    uint8_t mr_signer[48];
    uint8_t attributes[8], attributes_mask[8];
};

struct sim_intel_module_identity {
    const char *id; /* "TDX_01" */
    struct sim_intel_module module;
    struct sim_intel_isv_levels levels;
};

struct sim_intel_tcb {
    unsigned version; /* 3; 2 names the components otherwise and has no id, no TDX */
    const char *id;   /* "SGX", "TDX"; also decides whether TDX components are written */
    int64_t issue_date_s, next_update_s;
    uint8_t fmspc[6], pce_id[2];
    unsigned tcb_type;
    uint64_t evaluation_number;
    bool has_module;
    struct sim_intel_module module;
    struct sim_intel_module_identity identities[SIM_INTEL_MODULES_MAX];
    size_t identity_count; /* none: the whole member is left out */
    struct sim_intel_level levels[SIM_INTEL_LEVELS_MAX];
    size_t level_count;
};

/* The JSON, not yet edited nor signed; the caller frees it. */
struct sim_bytes sim_intel_tcb_mint(const struct sim_intel_tcb *info);

#endif
