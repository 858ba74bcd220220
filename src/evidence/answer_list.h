/* answer_list.h - is a revocation list that a service answered genuine and current? */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_EVIDENCE_ANSWER_LIST_H
#define TROTH_EVIDENCE_ANSWER_LIST_H

#include "evidence/answer.h"
#include "evidence/shelf.h"
#include "pki/chain.h"

/* The part of a question that says whose list it is, for an issuer that is an anchor. */
struct troth_revocation troth_answer_list_of(const struct troth_anchor *anchor);

/*
 * troth_answer_judge_list - the first list of the shelf, and no certificate's standing.
 *
 *   out      its row; and where that passed, dates and number
 *   issuer   whose list it is, and how such a list is signed; the rest is filled in here
 *
 * Errors   TROTH_ERR_CRYPTO
 */
TROTH_MUST_USE enum troth_err troth_answer_judge_list(
    struct troth_answer_report *out, const struct troth_answer_question *question,
    const struct troth_shelf *shelf, const struct troth_revocation *issuer);

#endif
