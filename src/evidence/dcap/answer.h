/* answer.h - what Intel's services answer, by the names of needs (evidence/answer.h). */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_EVIDENCE_DCAP_ANSWER_H
#define TROTH_EVIDENCE_DCAP_ANSWER_H

#include "evidence/answer.h"
#include "evidence/need_list.h"
#include "evidence/shelf.h"

/* Judge an answer to a need of Intel's kinds; `out` is zeroed, its row failed before. */
TROTH_MUST_USE enum troth_err
troth_dcap_answer_judge(struct troth_answer_report *out,
                        const struct troth_answer_question *question,
                        const struct troth_shelf *shelf);

/* What needs are called: an answer has to be the one that was asked for. */
const char *troth_dcap_tcb_info_name(struct troth_need_list *list, bool is_tdx,
                                     struct troth_span fmspc);
const char *troth_dcap_qe_identity_name(bool is_tdx);
const char *troth_dcap_pck_crl_name(bool is_platform);

#endif
