/* SPDX-License-Identifier: Apache-2.0 */
#include "troth/verdict.h"

#include <string.h>

#include "test/harness.h"

#define N TROTH_NOT_MADE
#define P TROTH_PASSED
#define F TROTH_FAILED
#define A TROTH_NOT_APPLICABLE

static const struct {
    const char *why;
    enum troth_outcome outcomes[4];
    size_t count;
    enum troth_answer answer;
} rows[] = {
    {"nothing was checked", {N}, 0, TROTH_UNDETERMINED},
    {"passed", {P}, 1, TROTH_ACCEPTED},
    {"failed", {F}, 1, TROTH_REFUSED},
    {"not made", {N}, 1, TROTH_UNDETERMINED},
    {"not applicable alone", {A}, 1, TROTH_ACCEPTED},
    {"all passed", {P, P, P, P}, 4, TROTH_ACCEPTED},
    {"passed or not applicable", {P, A, P, A}, 4, TROTH_ACCEPTED},
    {"the last not made", {P, P, P, N}, 4, TROTH_UNDETERMINED},
    {"the first not made", {N, P, P, P}, 4, TROTH_UNDETERMINED},
    {"the last failed", {P, P, P, F}, 4, TROTH_REFUSED},
    {"failed after not made", {N, P, F, P}, 4, TROTH_REFUSED},
    {"not made after failed", {F, N, N, N}, 4, TROTH_REFUSED},
    {"no such outcome is no pass", {P, (enum troth_outcome)9}, 2, TROTH_UNDETERMINED},
};

static void answer_rows(void)
{
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct troth_check checks[4] = {{.id = TROTH_CHECK_KIND}};
        struct troth_verdict verdict = {checks, rows[i].count, COUNT(checks)};

        test_case("%s", rows[i].why);
        for (size_t k = 0; k < rows[i].count; k++)
            checks[k].outcome = rows[i].outcomes[k];
        CHECK_INT(troth_verdict_answer(&verdict), rows[i].answer);
    }
}

/* Forgotten memory refuses. */
static void read_zeros(void)
{
    enum troth_answer answer;
    enum troth_outcome outcome;

    test_case("zero is refused, and not made");
    memset(&answer, 0, sizeof answer);
    memset(&outcome, 0, sizeof outcome);
    CHECK_INT(answer, TROTH_REFUSED);
    CHECK_INT(outcome, TROTH_NOT_MADE);
}

static void find(void)
{
    struct troth_check checks[] = {{.id = TROTH_CHECK_CHAIN, .subject = "first"},
                                   {.id = TROTH_CHECK_CHAIN, .subject = "second"},
                                   {.id = TROTH_CHECK_CLAIM}};
    struct troth_verdict verdict = {checks, COUNT(checks), COUNT(checks)};

    test_case("find the first of a kind");
    CHECK(troth_verdict_find(&verdict, TROTH_CHECK_CHAIN) == &checks[0]);
    CHECK(troth_verdict_find(&verdict, TROTH_CHECK_CLAIM) == &checks[2]);
    CHECK(troth_verdict_find(&verdict, TROTH_CHECK_KIND) == NULL);
}

static void name_everything(void)
{
    test_case("names and meanings");
    for (int id = 0; id < TROTH_CHECK_COUNT; id++) {
        const char *name = troth_check_name((enum troth_check_id)id);

        CHECK(strcmp(name, "unknown") != 0);
        CHECK(strlen(troth_check_meaning((enum troth_check_id)id)) > 10);
        for (int k = 0; k < id; k++)
            CHECK(strcmp(name, troth_check_name((enum troth_check_id)k)) != 0);
    }
    CHECK_TEXT(troth_check_name(TROTH_CHECK_COUNT), "unknown");
    CHECK_TEXT(troth_check_meaning(TROTH_CHECK_COUNT), "unknown");
    CHECK_TEXT(troth_check_name(TROTH_CHECK_PLATFORM_BITS), "platform_bits");
    CHECK_TEXT(troth_outcome_name(N), "not made");
    CHECK_TEXT(troth_outcome_name(P), "passed");
    CHECK_TEXT(troth_outcome_name(F), "failed");
    CHECK_TEXT(troth_outcome_name(A), "not applicable");
    CHECK_TEXT(troth_outcome_name((enum troth_outcome)9), "unknown");
    CHECK_TEXT(troth_answer_name(TROTH_REFUSED), "refused");
    CHECK_TEXT(troth_answer_name(TROTH_ACCEPTED), "accepted");
    CHECK_TEXT(troth_answer_name(TROTH_UNDETERMINED), "undetermined");
    CHECK_TEXT(troth_answer_name((enum troth_answer)9), "unknown");
}

int main(void)
{
    answer_rows();
    read_zeros();
    find();
    name_everything();
    return test_finish();
}
