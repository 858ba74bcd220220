/*
 * endorsement.h - which certificates, lists and statements at hand endorse a quote.
 *
 * Choosing is not judging: one is chosen for each place by what it says, and the checks
 * then say whether it is right. Nothing is tried twice.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_EVIDENCE_DCAP_ENDORSEMENT_H
#define TROTH_EVIDENCE_DCAP_ENDORSEMENT_H

#include "evidence/dcap/dcap.h"
#include "evidence/shelf.h"

/* NULL: there is none. */
struct troth_dcap_endorsement {
    const struct troth_cert *pck;        /* embedded in the quote, or else collateral */
    const struct troth_cert *pck_ca;     /* its issuer's */
    const struct troth_cert *rival;      /* given beside an embedded PCK certificate, and
                                            none of those given is for its key */
    const struct troth_anchor *anchor;   /* of the name that issued pck_ca */
    const struct troth_cert *tcb_signer; /* of the role that states things */
    const struct troth_collateral_item *tcb_info, *qe_identity;
    struct troth_shelf shelf;
};

/* What a choice among several goes by. */
struct troth_dcap_choice {
    const struct troth_collateral *collateral; /* prepared */
    const struct troth_anchors *anchors;       /* NULL: no anchor is wanted */
    int64_t at_s;
    bool is_tdx;
};

/*
 * troth_dcap_endorsement_find - choose; and tell `d` what the PCK certificate says, where
 * the quote did not embed one.
 *
 *   out     zeroed on failure
 *
 * Shape    a PCK certificate by its name, its place in the quote before the collateral's,
 *          there by PPID where the quote has it in the clear, by PCEID, CPUSVN
 *          and PCESVN; of statements for this kind of platform the newest that is not
 *          ahead of the clock, then the highest evaluation number
 * Errors   TROTH_ERR_MEMORY
 */
TROTH_MUST_USE enum troth_err
troth_dcap_endorsement_find(struct troth_dcap_endorsement *out, struct troth_dcap *d,
                            const struct troth_dcap_choice *choice,
                            struct troth_arena *arena);

/* The parsed forms of chosen items; NULL for none. */
const struct troth_tcb_info *
troth_dcap_tcb_info(const struct troth_dcap_endorsement *endorsement);
const struct troth_qe_identity *
troth_dcap_qe_identity(const struct troth_dcap_endorsement *endorsement);

/* Intel's root that issued a certificate or a list: of this name, and where there are
 * several of this key. NULL: none. */
const struct troth_anchor *troth_dcap_anchor(const struct troth_anchors *anchors,
                                             struct troth_span issuer,
                                             struct troth_span key_id);

#endif
