/*
 * dcap.h - judge what SGX and TDX quotes share: platform, quoting enclave, collateral.
 *
 * A family parses its quote and body, says what is its own in a struct troth_dcap_tee,
 * and lets this part make the checks of TROTH_DCAP_PLAN and its rest.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_EVIDENCE_DCAP_DCAP_H
#define TROTH_EVIDENCE_DCAP_DCAP_H

#include "evidence/claim_list.h"
#include "evidence/dcap/qe_identity.h"
#include "evidence/dcap/quote.h"
#include "evidence/dcap/tcb_info.h"
#include "evidence/format.h"

/* clang-format off */
/* The checks that troth_dcap_verify() makes of every quote; in a family's plan, which is
 * in the order of results, others stand between these two groups. */
#define TROTH_DCAP_PLAN                                                       \
    TROTH_CHECK_ANCHOR, TROTH_CHECK_CHAIN, TROTH_CHECK_VALIDITY,              \
    TROTH_CHECK_REVOCATION, TROTH_CHECK_COLLATERAL,                           \
    TROTH_CHECK_QUOTING_ENCLAVE, TROTH_CHECK_SIGNATURE
#define TROTH_DCAP_PLAN_REST TROTH_CHECK_TRAILING, TROTH_CHECK_TCB_STATUS

/* Findings of the same: the statuses a caller may allow by Intel's own word for them.
 * "Revoked" is not among them. */
#define TROTH_DCAP_FINDINGS                                                   \
    "SWHardeningNeeded", "ConfigurationNeeded",                               \
    "ConfigurationAndSWHardeningNeeded", "OutOfDate",                         \
    "OutOfDateConfigurationNeeded", "TDRelaunchAdvised",                      \
    "TDRelaunchAdvisedConfigurationNeeded"
/* clang-format on */

/* What is a family's own. */
struct troth_dcap_tee {
    bool is_tdx;             /* which TCB info ("SGX", "TDX") and QE ("QE", "TD_QE") */
    const uint8_t *tcb_svn;  /* TEE_TCB_SVN, 16 bytes; NULL for SGX */
    const uint8_t *tcb_svn2; /* TEE_TCB_SVN2 of TD 1.5; NULL where there is none */
    struct troth_span mr_signer_seam, seam_attributes; /* 48 and 8 bytes; empty for SGX */
};

/* A quote, and what verification learned of the platform behind it. */
struct troth_dcap {
    struct troth_quote quote;

    const struct troth_embedded *embedded; /* the certificates in it (embedded.h); NULL
                                              until somebody asked for them */
    bool has_pck; /* the rest of these two: from the PCK certificate, verified or not */
    struct troth_pck pck;
    const char *pck_ca; /* "platform" or "processor"; NULL if its issuer is neither */

    /* Status NONE where nothing says, all of it before verification. */
    struct troth_tcb_standing platform; /* at launch, for a TD */
    struct troth_tcb_standing current;  /* TD 1.5: by TEE_TCB_SVN2, all parts converged */
    struct troth_tcb_standing qe, module;
    enum troth_tcb_status status; /* all converged: the claim tcb.status */
    int64_t date_s;               /* the earliest of the contributing levels */
    struct troth_span advisories; /* their union, comma-separated, each once */

    const struct troth_tcb_info *tcb_info;       /* chosen; NULL if there is none */
    const struct troth_qe_identity *qe_identity; /* chosen; NULL if there is none */
    bool has_collateral_dates;
    int64_t earliest_expiry_s, latest_issue_s; /* of all collateral that was used */
};

/*
 * troth_dcap_verify - make the checks of both plans above, and for TDX
 * TROTH_CHECK_MODULE.
 *
 *   d       its quote is parsed; the rest is filled in as far as collateral tells
 *
 * Shape    bytes behind the declared end are reported and tolerated. A chain may come
 *          embedded in any order, or as collateral; if both are there the leaves must be
 *          the same. Collateral that is missing, or all of it for other platforms, leaves
 *          its check not made; what is there and wrong fails it.
 * Errors   TROTH_ERR_CRYPTO, TROTH_ERR_MEMORY; a parser's fault in the embedded chain
 */
TROTH_MUST_USE enum troth_err troth_dcap_verify(struct troth_judgement *j,
                                                struct troth_fault *fault,
                                                struct troth_dcap *d,
                                                const struct troth_dcap_tee *tee);

/*
 * troth_dcap_read_pck - read the certificates that the quote embeds.
 *
 *   collateral   prepared; those that are there too are not parsed again; may be NULL
 *
 * Shape    a chain that cannot be read leaves has_pck false, and its fault in `embedded`
 * Errors   TROTH_ERR_MEMORY
 */
TROTH_MUST_USE enum troth_err
troth_dcap_read_pck(struct troth_dcap *d, const struct troth_collateral *collateral,
                    struct troth_arena *arena);

/* `d` itself where they were read, else a copy with them in the arena, so that `show` can
 * tell the platform. NULL: no room. */
const struct troth_dcap *troth_dcap_with_pck(const struct troth_dcap *d,
                                             struct troth_arena *arena);

/* Append the claims "hardware_id", "tcb.…" and "dcap.…"; at most TROTH_DCAP_CLAIMS. */
void troth_dcap_claims(struct troth_claim_list *list, const struct troth_dcap *d);
#define TROTH_DCAP_CLAIMS 64

/* What a quote needs: see troth/needs.h. */
void troth_dcap_needs(struct troth_need_list *list, const struct troth_dcap *d,
                      const struct troth_collateral *collateral);

#endif
