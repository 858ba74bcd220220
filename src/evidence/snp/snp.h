/* snp.h - AMD SEV-SNP attestation reports. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_EVIDENCE_SNP_SNP_H
#define TROTH_EVIDENCE_SNP_SNP_H

#include "evidence/format.h"
#include "evidence/snp/layout.h"
#include "evidence/snp/product.h"

/* A report and what came with it; borrows the input. */
struct troth_snp {
    struct troth_span report; /* TROTH_SNP_REPORT_SIZE bytes */
#define X(name, size, kind, about) struct troth_span name;
    TROTH_SNP_REPORT(X)
#undef X
    struct troth_span table;    /* certificate table of an extended report, or empty */
    struct troth_span trailing; /* what follows and is neither, or empty */
    bool in_response;           /* the device's response stood around it */

    /* What verification learns from the certificate. Before: by CPUID, or NULL. */
    const struct troth_snp_product *product;
    struct troth_span csp_id; /* of a VLEK: whom AMD issued it to */
};

/* The integer in a field of up to eight bytes. */
uint64_t troth_snp_uint(struct troth_span field);

/*
 * troth_snp_parse - split a report into its fields.
 *
 *   out     filled on success, zeroed on failure; borrows `raw`
 *   raw     a report, alone, inside the device's response, or followed by its certificate
 *           table; other bytes behind it are kept apart for a check to judge
 *
 * Shape    fixed fields that tile 1184 bytes, in the order of TROTH_SNP_REPORT
 * Errors   TROTH_ERR_SHORT; TROTH_ERR_VERSION unless the version is 2, 3 or 5
 * Effects  none: no allocation, no I/O, no clock
 * Spec     [SNP-ABI] 7.3 MSG_REPORT_REQ
 */
TROTH_MUST_USE enum troth_err
troth_snp_parse(struct troth_snp *out, struct troth_fault *fault, struct troth_span raw);

/* The other words of the family; see evidence/format.h. */
TROTH_MUST_USE enum troth_err troth_snp_verify(struct troth_judgement *j,
                                               struct troth_fault *fault, void *fields);
TROTH_MUST_USE enum troth_err
troth_snp_claims(struct troth_claims *out, const void *fields, struct troth_arena *arena);

void troth_snp_needs(struct troth_need_list *list, const void *fields,
                     const struct troth_collateral *collateral);

/* Judge what the report says of itself: no certificate is needed for it. */
void troth_snp_judge_report(struct troth_judgement *j, const struct troth_snp *snp);

/* Does the caller distrust this product, whatever it reports? */
bool troth_snp_is_distrusted(const struct troth_judgement *j,
                             const struct troth_snp_product *product);

/* FLOOR: each part of the reported TCB, where the caller gives minimums; a product that
 * he gives none for is refused. `is_endorsed`: a certificate has said which it is. */
void troth_snp_judge_floors(struct troth_judgement *j, const struct troth_snp *snp,
                            bool is_endorsed);

extern const char *const troth_snp_findings[];
extern const enum troth_check_id troth_snp_plan[];
extern const struct troth_format troth_snp_format;

#endif
