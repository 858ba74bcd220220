/*
 * answer.h - is what a service answered the collateral that was needed, genuine, current?
 *
 * Asked before anything fetched is kept. It is not a verdict over evidence: that judges
 * the same collateral again, at its own clock.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_EVIDENCE_ANSWER_H
#define TROTH_EVIDENCE_ANSWER_H

#include "troth/needs.h"
#include "troth/verify.h"

struct troth_answer_question {
    const struct troth_need *need;
    const struct troth_collateral_item *items; /* what the answer holds, prepared */
    size_t count;
    const struct troth_anchors *anchors; /* NULL: the built-in ones */
    const struct troth_crypto *crypto;
    int64_t at_s;
    struct troth_arena *arena; /* TROTH_VERIFY_ARENA_SIZE bytes always suffice */
};

struct troth_answer_report {
    struct troth_check row; /* PASSED, or FAILED with field, why, seen and wanted */
    int64_t issued_s;       /* issueDate, thisUpdate, or notBefore */
    int64_t expires_s;      /* the earliest end of what is in it, signers included */
    bool has_evaluation_number;
    uint64_t evaluation_number;   /* of Intel's JSON */
    struct troth_span crl_number; /* big-endian; empty where it has none */
};

/*
 * troth_answer_judge - signatures up to an anchor, roles, names, dates.
 *
 * Errors   TROTH_ERR_CRYPTO, TROTH_ERR_MEMORY: everything else is the row
 */
TROTH_MUST_USE enum troth_err
troth_answer_judge(struct troth_answer_report *out, struct troth_fault *fault,
                   const struct troth_answer_question *question);

#endif
