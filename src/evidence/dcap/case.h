/* case.h - one quote being judged, and the steps that judge it. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_EVIDENCE_DCAP_CASE_H
#define TROTH_EVIDENCE_DCAP_CASE_H

#include "evidence/dcap/endorsement.h"
#include "evidence/dcap/roles.h"

struct troth_dcap_case {
    struct troth_judgement *j;
    struct troth_dcap *d;
    const struct troth_dcap_tee *tee;
    struct troth_dcap_endorsement e;
    struct troth_cache *cache; /* of the chains: the caller's, or one for this quote */
    /* Each stands for: its signatures hold, up to the anchor. Nothing is concluded from
     * statements that nobody in the role for it signed. */
    bool signer_is_genuine, tcb_info_is_genuine, qe_identity_is_genuine;
};

/* Each step makes rows; errors are TROTH_ERR_CRYPTO and TROTH_ERR_MEMORY only. They are
 * taken in this order: a later one goes by what an earlier one found genuine. */

/* ANCHOR, CHAIN, VALIDITY and REVOCATION of the PCK certificate and the TCB signer's. */
TROTH_MUST_USE enum troth_err troth_dcap_judge_chains(struct troth_dcap_case *c);

/* COLLATERAL, and VALIDITY of the statements. */
TROTH_MUST_USE enum troth_err troth_dcap_judge_statements(struct troth_dcap_case *c);

/* QUOTING_ENCLAVE. */
TROTH_MUST_USE enum troth_err troth_dcap_judge_enclave(struct troth_dcap_case *c);

/* MODULE. */
TROTH_MUST_USE enum troth_err troth_dcap_judge_module(struct troth_dcap_case *c);

/* TCB_STATUS, and all that `d` says of it. */
TROTH_MUST_USE enum troth_err troth_dcap_judge_status(struct troth_dcap_case *c);

/* The row of a status that Intel states and that is not revoked: by what the caller
 * allows, and by his settings for Intel's platforms. */
TROTH_MUST_USE enum troth_err troth_dcap_judge_tolerated(struct troth_dcap_case *c,
                                                         struct troth_check row);

/* FLOOR: evaluation numbers, where the caller sets a floor to them. */
TROTH_MUST_USE enum troth_err troth_dcap_judge_floors(struct troth_dcap_case *c);

/* `a` with every bit cleared that `mask` has not, in the arena; {NULL, 0}: no room. All
 * are `len` bytes. */
struct troth_span troth_dcap_masked(struct troth_dcap_case *c, const uint8_t *a,
                                    const uint8_t *mask, size_t len);

/* A failed row for a field that is not what it has to be. */
void troth_dcap_judge_field(struct troth_dcap_case *c, enum troth_check_id id,
                            const char *field, const char *why, struct troth_value seen,
                            struct troth_value wanted);

/* Something that is not at hand. */
void troth_dcap_judge_missing(struct troth_dcap_case *c, enum troth_check_id id,
                              const char *subject, const char *why,
                              const char *collateral);

/* What was issued and ends when, for the two dates in `d`. */
void troth_dcap_note_dates(struct troth_dcap *d, int64_t issue_s, int64_t expiry_s);

#endif
