/* SPDX-License-Identifier: Apache-2.0 */
#include "net/retry.h"

#include "test/harness.h"

static const struct troth_retry rule = {3, 1000, 10000};

static const struct {
    const char *why;
    enum troth_http_result result;
    long status;
    int64_t retry_after_s;
    unsigned asked;
    bool again;
    int64_t wait_ms;
} cases[] = {
    {"an answer", TROTH_HTTP_ANSWERED, 200, 0, 1, false, 0},
    {"an answer that asks to come back", TROTH_HTTP_ANSWERED, 200, 5, 1, false, 0},
    {"not there", TROTH_HTTP_ANSWERED, 404, 0, 1, false, 0},
    {"elsewhere", TROTH_HTTP_ANSWERED, 302, 0, 1, false, 0},
    {"too often, first time", TROTH_HTTP_ANSWERED, 429, 0, 1, true, 1000},
    {"too often, second time", TROTH_HTTP_ANSWERED, 429, 0, 2, true, 2000},
    {"too often, last time", TROTH_HTTP_ANSWERED, 429, 0, 3, false, 0},
    {"too often, and it says how long", TROTH_HTTP_ANSWERED, 429, 7, 1, true, 7000},
    {"a shorter wait than the rule's", TROTH_HTTP_ANSWERED, 429, 1, 2, true, 2000},
    {"the longest wait", TROTH_HTTP_ANSWERED, 503, 10, 1, true, 10000},
    {"longer than the longest", TROTH_HTTP_ANSWERED, 503, 11, 1, false, 0},
    {"longer than a clock can say", TROTH_HTTP_ANSWERED, 503, INT64_MAX, 1, false, 0},
    {"a fault of the service", TROTH_HTTP_ANSWERED, 500, 0, 1, true, 1000},
    {"a gateway's fault", TROTH_HTTP_ANSWERED, 599, 0, 1, true, 1000},
    {"no status there is", TROTH_HTTP_ANSWERED, 600, 0, 1, false, 0},
    {"nobody there", TROTH_HTTP_UNREACHABLE, 0, 0, 1, true, 1000},
    {"cut off", TROTH_HTTP_CUT, 0, 0, 2, true, 2000},
    {"late", TROTH_HTTP_LATE, 0, 0, 1, false, 0},
    {"somebody else", TROTH_HTTP_UNTRUSTED, 0, 0, 1, false, 0},
    {"too much", TROTH_HTTP_LARGE, 0, 0, 1, false, 0},
    {"an address that must not be asked", TROTH_HTTP_FORBIDDEN, 0, 0, 1, false, 0},
    {"broken", TROTH_HTTP_BROKEN, 0, 0, 1, false, 0},
};

int main(void)
{
    const struct troth_retry patient = {40, 1000, 10000};
    const struct troth_http_answer fault = {.result = TROTH_HTTP_ANSWERED, .status = 500};
    int64_t wait_ms;

    for (size_t i = 0; i < COUNT(cases); i++) {
        const struct troth_http_answer answer = {.result = cases[i].result,
                                                 .status = cases[i].status,
                                                 .retry_after_s = cases[i].retry_after_s};

        test_case("%s", cases[i].why);
        wait_ms = 77;
        CHECK(troth_retry_again(&wait_ms, &rule, cases[i].asked, &answer) ==
              cases[i].again);
        CHECK_INT(wait_ms, cases[i].wait_ms);
    }
    test_case("waits grow up to the longest");
    CHECK(troth_retry_again(&wait_ms, &patient, 4, &fault));
    CHECK_INT(wait_ms, 8000);
    CHECK(troth_retry_again(&wait_ms, &patient, 5, &fault));
    CHECK_INT(wait_ms, 10000);
    CHECK(troth_retry_again(&wait_ms, &patient, 39, &fault));
    CHECK_INT(wait_ms, 10000);
    return test_finish();
}
