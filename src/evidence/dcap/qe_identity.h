/* qe_identity.h - Intel's identity of a quoting enclave (QE, TD_QE). */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_EVIDENCE_DCAP_QE_IDENTITY_H
#define TROTH_EVIDENCE_DCAP_QE_IDENTITY_H

#include "evidence/dcap/tcb.h"
#include "troth/arena.h"

/* Which enclave; QvE's identity has the same shape and never fits a quote. */
enum troth_qe_id { TROTH_QE_SGX = 1, TROTH_QE_TD, TROTH_QE_VERIFIER };

/* "QE", "TD_QE", "QVE". */
const char *troth_qe_id_text(enum troth_qe_id id);

/* Lives in the arena of the parse and borrows the JSON. */
struct troth_qe_identity {
    enum troth_qe_id id;
    int64_t issue_date_s, next_update_s;
    uint64_t evaluation_number;
    /* In the order of the report's bytes, as Intel writes them: its library reads the hex
     * as a little-endian number, and in its samples, the only ones where MISCSELECT is
     * not zero, "D182B18C" stands beside a report with the bytes d1 82 b1 8c. */
    uint8_t misc_select[4], misc_select_mask[4];
    uint8_t attributes[16], attributes_mask[16];
    uint8_t mr_signer[32];
    uint16_t isv_prod_id;
    const struct troth_isv_level *levels; /* sorted, the highest first */
    size_t level_count;
};

/*
 * troth_qe_identity_parse - read the value of "enclaveIdentity", the bytes that are
 * signed.
 *
 *   out     filled on success, zeroed on failure
 *
 * Shape    version 2; members without a meaning are skipped; no level twice
 * Errors   as troth_tcb_info_parse()
 * Effects  writes the arena
 * Spec     [PCS] v4 "Get Quoting Enclave Identity"
 */
TROTH_MUST_USE enum troth_err troth_qe_identity_parse(struct troth_qe_identity *out,
                                                      struct troth_fault *fault,
                                                      struct troth_span json,
                                                      struct troth_arena *arena);

#endif
