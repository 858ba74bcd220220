/* SPDX-License-Identifier: Apache-2.0 */
#include "evidence/answer_list.h"

struct troth_revocation troth_answer_list_of(const struct troth_anchor *anchor)
{
    return (struct troth_revocation){
        .subject = anchor->name,
        .issuer = anchor->subject,
        .issuer_key = &anchor->key,
        .issuer_key_id = anchor->key_id,
        .issuer_may_not_sign_lists = anchor->may_not_sign_lists,
        .anchor = anchor,
    };
}

enum troth_err troth_answer_judge_list(struct troth_answer_report *out,
                                       const struct troth_answer_question *question,
                                       const struct troth_shelf *shelf,
                                       const struct troth_revocation *issuer)
{
    /* No certificate has this empty number, so that what is judged is the list alone. */
    struct troth_revocation asked = *issuer;
    struct troth_check row;
    int64_t until_s;

    asked.crls = shelf->crls;
    asked.crl_count = 1;
    asked.at_s = question->at_s;
    asked.crypto = question->crypto;
    enum troth_err err = troth_revocation_check(&row, &until_s, &asked);

    if (err)
        return err;
    if (row.outcome != TROTH_PASSED) {
        row.outcome = TROTH_FAILED;
        out->row = row;
        return TROTH_OK;
    }
    if (until_s < out->expires_s)
        out->expires_s = until_s;
    out->issued_s = shelf->crls[0].this_update_s;
    out->crl_number = shelf->crls[0].number;
    out->row.outcome = TROTH_PASSED;
    return TROTH_OK;
}
