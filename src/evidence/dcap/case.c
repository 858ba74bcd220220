/* SPDX-License-Identifier: Apache-2.0 */
#include "evidence/dcap/case.h"

#include "base/arena.h"

void troth_dcap_judge_field(struct troth_dcap_case *c, enum troth_check_id id,
                            const char *field, const char *why, struct troth_value seen,
                            struct troth_value wanted)
{
    troth_judge(c->j, (struct troth_check){.id = id,
                                           .outcome = TROTH_FAILED,
                                           .subject = field,
                                           .why = why,
                                           .seen = seen,
                                           .wanted = wanted});
}

void troth_dcap_judge_missing(struct troth_dcap_case *c, enum troth_check_id id,
                              const char *subject, const char *why,
                              const char *collateral)
{
    troth_judge(c->j, (struct troth_check){.id = id,
                                           .outcome = TROTH_NOT_MADE,
                                           .subject = subject,
                                           .why = why,
                                           .flag = collateral ? "--collateral" : NULL,
                                           .flag_argument = collateral});
}

struct troth_span troth_dcap_masked(struct troth_dcap_case *c, const uint8_t *a,
                                    const uint8_t *mask, size_t len)
{
    uint8_t *out = troth_arena_take(c->j->input->arena, len);

    if (!out) {
        c->j->err = TROTH_ERR_MEMORY;
        return (struct troth_span){NULL, 0};
    }
    for (size_t i = 0; i < len; i++)
        out[i] = a[i] & mask[i];
    return (struct troth_span){out, len};
}

void troth_dcap_note_dates(struct troth_dcap *d, int64_t issue_s, int64_t expiry_s)
{
    if (!d->has_collateral_dates || issue_s > d->latest_issue_s)
        d->latest_issue_s = issue_s;
    if (!d->has_collateral_dates || expiry_s < d->earliest_expiry_s)
        d->earliest_expiry_s = expiry_s;
    d->has_collateral_dates = true;
}
