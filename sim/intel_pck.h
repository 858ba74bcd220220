/* intel_pck.h - the extension that says what platform a PCK certificate is about. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_SIM_INTEL_PCK_H
#define TROTH_SIM_INTEL_PCK_H

#include <stdbool.h>

#include "sim/bytes.h"

#define SIM_TCB_COMPONENTS 16

#define SIM_OID_INTEL_PCK "1.2.840.113741.1.13.1"

struct sim_intel_pck {
    uint8_t ppid[16];
    uint8_t components[SIM_TCB_COMPONENTS];
    uint16_t pce_svn;
    uint8_t cpu_svn[16];
    uint8_t pce_id[2];
    uint8_t fmspc[6];
    uint8_t sgx_type; /* 0 Standard, 1 Scalable, 2 Scalable with Integrity */

    bool has_instance, has_configuration; /* as the Platform CA certifies, and no other */
    uint8_t platform_instance_id[16];
    bool dynamic_platform, cached_keys, smt;

    /* Entries are SEQUENCEs of an OID and a value, one behind the other. */
    struct sim_edit edit_tcb;           /* the entries of TCB: arcs 1 to 18 */
    struct sim_edit edit_configuration; /* those of configuration: arcs 1 to 3 */
    struct sim_edit edit_entries;       /* those of the extension: arcs 1 to 7 */
    struct sim_edit edit_value;         /* the SEQUENCE around them */
};

/* The extension's value, DER; the caller frees it. */
struct sim_bytes sim_intel_pck_mint(const struct sim_intel_pck *pck);

/*
 * For sim_edit.apply, in the first three of these edits: what becomes of the entry whose
 * object identifier ends with the arc that `context`, a uint8_t, holds.
 */
void sim_intel_pck_remove(struct sim_bytes *entries, const void *context);
void sim_intel_pck_repeat(struct sim_bytes *entries,
                          const void *context); /* at the end */
void sim_intel_pck_rename(struct sim_bytes *entries, const void *context); /* arc + 64 */

/* For sim_edit.apply: the same entries in the other direction. */
void sim_intel_pck_reverse(struct sim_bytes *entries, const void *context);

#endif
