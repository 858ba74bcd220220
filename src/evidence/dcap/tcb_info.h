/* tcb_info.h - Intel's TCB info: which firmware versions of a platform are how good. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_EVIDENCE_DCAP_TCB_INFO_H
#define TROTH_EVIDENCE_DCAP_TCB_INFO_H

#include "evidence/dcap/tcb.h"
#include "troth/arena.h"

/* More is TROTH_ERR_LIMIT. Genuine ones have up to 30, 4 and 4. */
#define TROTH_TCB_LEVELS_MAX  96
#define TROTH_TCB_MODULES_MAX 16
#define TROTH_ISV_LEVELS_MAX  32

/* What a genuine TDX module must be. Widths in bytes: 48, 8, 8. */
struct troth_tdx_module {
    uint8_t mr_signer[48];
    uint8_t attributes[8], attributes_mask[8];
};

struct troth_tdx_module_identity {
    uint8_t version; /* the number in "TDX_03" */
    struct troth_tdx_module module;
    const struct troth_isv_level *levels; /* sorted, the highest first */
    size_t level_count;
};

/* The first version that says which security advisories apply. */
#define TROTH_TCB_INFO_STATES_ADVISORIES 3

/* Lives in the arena of the parse and borrows the JSON. */
struct troth_tcb_info {
    unsigned version; /* 2 or 3 */
    bool is_tdx;      /* id */
    int64_t issue_date_s, next_update_s;
    uint8_t fmspc[6];
    uint8_t pce_id[2];
    uint64_t evaluation_number;
    bool has_module;
    struct troth_tdx_module module;                     /* tdxModule */
    const struct troth_tdx_module_identity *identities; /* tdxModuleIdentities */
    size_t identity_count;
    const struct troth_tcb_level *levels; /* sorted, the highest first */
    size_t level_count;
};

/*
 * troth_tcb_info_parse - read the value of "tcbInfo", the very bytes that are signed.
 *
 *   out     filled on success, zeroed on failure
 *   json    one JSON object
 *   arena   keeps less than json.len bytes; while reading TROTH_TCB_INFO_ROOM more
 *
 * Shape    version 2 (SGX only, no id) or 3; tcbType 0; all sixteen components of every
 *          level; statuses Intel's table knows; for TDX tdxModule and tdxtcbcomponents;
 *          members without a meaning are skipped; no level twice, no module twice
 * Units    instants in seconds since 1970
 * Errors   the JSON reader's; TROTH_ERR_MISSING, TROTH_ERR_VALUE, TROTH_ERR_DUPLICATE,
 *          TROTH_ERR_VERSION, TROTH_ERR_LIMIT, TROTH_ERR_MEMORY
 * Effects  writes the arena
 * Spec     [PCS] v4 "Get TCB Info", v3 for version 2
 */
#define TROTH_TCB_INFO_ROOM (TROTH_TCB_LEVELS_MAX * sizeof(struct troth_tcb_level) + 64)
TROTH_MUST_USE enum troth_err troth_tcb_info_parse(struct troth_tcb_info *out,
                                                   struct troth_fault *fault,
                                                   struct troth_span json,
                                                   struct troth_arena *arena);

/* The identity for a module version, or NULL. */
const struct troth_tdx_module_identity *
troth_tcb_info_module(const struct troth_tcb_info *info, uint8_t version);

#endif
