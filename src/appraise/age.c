/* SPDX-License-Identifier: Apache-2.0 */
#include "appraise/policy.h"
#include "base/value.h"

/* As much as the check of the signed time itself allows it to be ahead of the clock. The
 * caller's own time of a nonce has no such excuse. */
#define SIGNED_AHEAD_S 60

/* Where the age counts from; false where nothing says. */
static bool find_start(int64_t *out_s, struct troth_check *row,
                       const struct troth_policy_case *c, bool is_asked)
{
    const int64_t nonce_made_s = c->j->input->nonce_made_s;

    if (c->format->signed_time) {
        row->subject = "time";
        *out_s = c->format->signed_time(c->fields);
        return true;
    }
    row->subject = "nonce";
    *out_s = nonce_made_s;
    if (is_asked && nonce_made_s != TROTH_INSTANT_UNSAID)
        return true;
    row->why = is_asked ? "the evidence signs no time, and nobody says when its nonce "
                          "was made"
                        : "the evidence signs no time and answers no nonce";
    row->flag = is_asked ? "--nonce-made" : "--nonce";
    row->flag_argument = is_asked ? "TIME" : "HEX";
    return false;
}

static int64_t add(int64_t instant_s, int64_t more_s)
{
    return instant_s > INT64_MAX - more_s ? INT64_MAX : instant_s + more_s;
}

void troth_policy_judge_age(const struct troth_policy_case *c, bool is_asked)
{
    const int64_t at_s = c->j->at_s;
    struct troth_check row = {.id = TROTH_CHECK_AGE,
                              .policy_line = c->policy->max_age_line};
    int64_t start_s, end_s;

    if (!c->policy->has_max_age)
        return;
    if (!find_start(&start_s, &row, c, is_asked)) {
        troth_judge(c->j, row);
        return;
    }
    end_s = add(start_s, c->policy->max_age_s);
    row.outcome = TROTH_FAILED;
    row.seen = troth_value_instant(start_s);
    row.wanted = troth_value_instant(at_s);
    if (start_s > add(at_s, c->format->signed_time ? SIGNED_AHEAD_S : 0))
        row.why = "from the future, by the clock of this verification";
    else if (at_s > end_s)
        row.why = "older than the policy allows";
    else
        row.outcome = TROTH_PASSED;
    troth_judge_valid_until(c->j, end_s, "age that the policy allows");
    troth_judge(c->j, row);
}
