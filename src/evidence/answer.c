/* SPDX-License-Identifier: Apache-2.0 */
#include "evidence/answer.h"

#include "base/fault.h"
#include "base/instant.h"
#include "evidence/dcap/answer.h"
#include "evidence/snp/answer.h"

enum troth_err troth_answer_judge(struct troth_answer_report *out,
                                  struct troth_fault *fault,
                                  const struct troth_answer_question *question)
{
    const struct troth_anchors built_in = troth_anchors_built_in();
    const struct troth_collateral given = {question->items, question->count};
    struct troth_answer_question whole = *question;
    struct troth_answer_report report = {
        .row = {.id = TROTH_CHECK_COLLATERAL,
                .outcome = TROTH_FAILED,
                .subject = question->need->about},
        .expires_s = TROTH_INSTANT_NEVER,
    };
    struct troth_shelf shelf;
    enum troth_err err = troth_shelf_fill(&shelf, &given, question->arena);

    if (!whole.anchors)
        whole.anchors = &built_in;
    *out = (struct troth_answer_report){.issued_s = 0};
    if (!err && question->need->service == TROTH_SERVICE_AMD_KDS)
        err = troth_snp_answer_judge(&report, &whole, &shelf);
    else if (!err)
        err = troth_dcap_answer_judge(&report, &whole, &shelf);
    if (!err)
        *out = report;
    return troth_fault_set(fault, err, err ? "collateral" : NULL);
}
