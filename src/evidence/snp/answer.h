/* answer.h - what AMD's service answers, by the names of needs (evidence/answer.h). */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_EVIDENCE_SNP_ANSWER_H
#define TROTH_EVIDENCE_SNP_ANSWER_H

#include "evidence/answer.h"
#include "evidence/need_list.h"
#include "evidence/shelf.h"
#include "evidence/snp/product.h"

/* Judge an answer to a need of AMD's kinds; `out` is zeroed, its row failed before. */
TROTH_MUST_USE enum troth_err
troth_snp_answer_judge(struct troth_answer_report *out,
                       const struct troth_answer_question *question,
                       const struct troth_shelf *shelf);

/* What needs are called: an answer has to be the one that was asked for. */
const char *troth_snp_vcek_name(struct troth_need_list *list,
                                const struct troth_snp_product *product,
                                struct troth_span hwid, struct troth_span tcb);
const char *troth_snp_chain_name(struct troth_need_list *list, bool is_vlek,
                                 const struct troth_snp_product *product);
const char *troth_snp_crl_name(struct troth_need_list *list, bool is_vlek,
                               const struct troth_snp_product *product);

#endif
