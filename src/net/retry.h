/* retry.h - when to ask a service again, and after how long. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_NET_RETRY_H
#define TROTH_NET_RETRY_H

#include <stdbool.h>

#include "net/http.h"

struct troth_retry {
    unsigned tries;        /* at most, the first one included */
    int64_t first_wait_ms; /* doubled for each further try */
    int64_t longest_ms;    /* a service that asks for more is not asked again */
};

/*
 * troth_retry_again - is it worth asking once more?
 *
 *   out_wait_ms  how long to wait before: what the service asks for (Retry-After), but
 *                never less than the rule says
 *   asked        how often it was asked so far, at least once
 *
 * Shape    yes for 429, for 5xx, and where the connection failed; no for what time-outs
 *          ended: they have used up their time
 */
bool troth_retry_again(int64_t *out_wait_ms, const struct troth_retry *rule,
                       unsigned asked, const struct troth_http_answer *answer);

#endif
