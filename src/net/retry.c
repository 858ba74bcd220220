/* SPDX-License-Identifier: Apache-2.0 */
#include "net/retry.h"

/* spec: [RFC9110] 15.6, [RFC6585] 4. */
static bool may_pass(const struct troth_http_answer *answer)
{
    if (answer->result == TROTH_HTTP_ANSWERED)
        return answer->status == 429 || (answer->status >= 500 && answer->status <= 599);
    return answer->result == TROTH_HTTP_UNREACHABLE || answer->result == TROTH_HTTP_CUT;
}

bool troth_retry_again(int64_t *out_wait_ms, const struct troth_retry *rule,
                       unsigned asked, const struct troth_http_answer *answer)
{
    int64_t wait_ms = rule->first_wait_ms;

    *out_wait_ms = 0;
    if (!may_pass(answer) || asked >= rule->tries)
        return false;
    for (unsigned i = 1; i < asked && wait_ms < rule->longest_ms; i++)
        wait_ms *= 2;
    if (answer->retry_after_s > rule->longest_ms / 1000)
        return false;
    if (answer->retry_after_s * 1000 > wait_ms)
        wait_ms = answer->retry_after_s * 1000;
    *out_wait_ms = wait_ms < rule->longest_ms ? wait_ms : rule->longest_ms;
    return true;
}
