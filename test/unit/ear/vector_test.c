/* SPDX-License-Identifier: Apache-2.0 */
#include "ear/vector.h"

#include <stdio.h>
#include <string.h>

#include "test/harness.h"

#define PASSED(check)                                                                    \
    {                                                                                    \
        .id = TROTH_CHECK_##check, .outcome = TROTH_PASSED                               \
    }
#define FAILED(check)                                                                    \
    {                                                                                    \
        .id = TROTH_CHECK_##check, .outcome = TROTH_FAILED                               \
    }
#define UNMADE(check)                                                                    \
    {                                                                                    \
        .id = TROTH_CHECK_##check, .outcome = TROTH_NOT_MADE                             \
    }
#define SKIPPED(check)                                                                   \
    {                                                                                    \
        .id = TROTH_CHECK_##check, .outcome = TROTH_NOT_APPLICABLE                       \
    }
#define ALLOWED(check)                                                                   \
    {                                                                                    \
        .id = TROTH_CHECK_##check, .outcome = TROTH_PASSED, .flag = "--allow"            \
    }

#define SIGNED PASSED(SIGNATURE), PASSED(ANCHOR)
/* Good evidence, but for one more row. */
#define GOOD   SIGNED, PASSED(DEBUG), PASSED(MEASUREMENT)

static const struct {
    const char *why, *kind, *wanted;
    bool simulated;
    struct troth_check rows[6];
} cases[] = {
    {"all is well",
     "tdx",
     "affirming: configuration 2, executables 3, hardware 2, runtime-opaque 2",
     false,
     {GOOD}},
    {"Nitro claims no encrypted memory",
     "nitro",
     "affirming: configuration 2, executables 3, hardware 2",
     false,
     {GOOD}},
    {"a machine that is listed",
     "tdx",
     "affirming: instance-identity 2, configuration 2, executables 3, hardware 2, "
     "runtime-opaque 2",
     false,
     {GOOD, PASSED(MACHINE)}},
    {"another machine",
     "tdx",
     "contraindicated: instance-identity 97, configuration 2, executables 3, hardware 2, "
     "runtime-opaque 2",
     false,
     {GOOD, FAILED(MACHINE)}},
    {"any code will do",
     "snp",
     "warning: configuration 2, executables 33, hardware 2, runtime-opaque 2",
     false,
     {SIGNED, PASSED(DEBUG), SKIPPED(MEASUREMENT)}},
    {"one register named, any for another",
     "tdx",
     "warning: configuration 2, executables 33, hardware 2, runtime-opaque 2",
     false,
     {GOOD, SKIPPED(MEASUREMENT)}},
    {"other code",
     "snp",
     "contraindicated: configuration 2, executables 33, hardware 2, runtime-opaque 2",
     false,
     {SIGNED, PASSED(DEBUG), FAILED(MEASUREMENT)}},
    {"firmware out of date, and allowed",
     "tdx",
     "warning: configuration 2, executables 3, hardware 32, runtime-opaque 2",
     false,
     {GOOD, ALLOWED(TCB_STATUS)}},
    {"firmware out of date",
     "tdx",
     "contraindicated: configuration 2, executables 3, hardware 32, runtime-opaque 2",
     false,
     {GOOD, FAILED(TCB_STATUS)}},
    {"debug, and allowed",
     "snp",
     "contraindicated: configuration 32, executables 3, hardware 2, runtime-opaque 96",
     false,
     {SIGNED, PASSED(MEASUREMENT), ALLOWED(DEBUG)}},
    {"debug",
     "nitro",
     "contraindicated: configuration 96, executables 3, hardware 2, runtime-opaque 96",
     false,
     {SIGNED, PASSED(MEASUREMENT), FAILED(DEBUG)}},
    {"a rule",
     "tdx",
     "contraindicated: configuration 32, executables 3, hardware 2, runtime-opaque 2",
     false,
     {GOOD, FAILED(RULE)}},
    {"a revoked chip",
     "snp",
     "contraindicated: instance-identity 96, configuration 2, executables 3, hardware 2, "
     "runtime-opaque 2",
     false,
     {GOOD, FAILED(REVOCATION)}},
    {"simulated",
     "snp",
     "warning: configuration 2, executables 3, hardware 32, runtime-opaque 2",
     true,
     {GOOD}},
    {"badly signed: nothing that it says is repeated",
     "tdx",
     "contraindicated: hardware 99",
     false,
     {FAILED(SIGNATURE), PASSED(DEBUG), PASSED(MEASUREMENT), PASSED(MACHINE)}},
    {"collateral is missing",
     "tdx",
     "none: configuration 2, executables 3, hardware 0, runtime-opaque 2",
     false,
     {GOOD, UNMADE(TCB_STATUS)}},
    {"well signed, by whoever likes to: nothing that it says is repeated",
     "tdx",
     "contraindicated: hardware 97",
     false,
     {PASSED(SIGNATURE), FAILED(ANCHOR), PASSED(DEBUG), PASSED(MEASUREMENT)}},
    {"by a certificate that nobody issued",
     "snp",
     "contraindicated: hardware 99",
     false,
     {GOOD, FAILED(CHAIN)}},
    {"by another kind of key",
     "snp",
     "contraindicated: hardware 97",
     false,
     {GOOD, FAILED(SIGNING_KEY)}},
    {"by an enclave of which nothing is known",
     "sgx",
     "none: hardware 0",
     false,
     {GOOD, UNMADE(QUOTING_ENCLAVE)}},
    {"by a chain that starts nowhere",
     "snp",
     "affirming: hardware 2",
     false,
     {PASSED(SIGNATURE), PASSED(DEBUG), PASSED(MEASUREMENT)}},
    {"the signature was not checked",
     "tdx",
     "none: hardware 0",
     false,
     {UNMADE(SIGNATURE)}},
};

static void describe(char *out, size_t size, const struct troth_result *result)
{
    const struct troth_ear_vector v = troth_ear_vector_of(result);
    const char *between = ":";
    int at = snprintf(out, size, "%s",
                      troth_ear_tier_name(troth_ear_status_of(result, &v)));

    for (int i = 0; i < TROTH_EAR_CLAIM_COUNT; i++)
        if (v.has[i]) {
            at += snprintf(out + at, size - (size_t)at, "%s %s %d", between,
                           troth_ear_claim_names[i], v.values[i]);
            between = ",";
        }
}

static void test_the_vector(void)
{
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct troth_check rows[6];
        struct troth_result result = {.kind = cases[i].kind,
                                      .simulated = cases[i].simulated};
        char seen[512];

        memcpy(rows, cases[i].rows, sizeof rows);
        result.verdict = (struct troth_verdict){rows, 0, 6};
        while (result.verdict.count < 6 && (rows[result.verdict.count].id != 0 ||
                                            rows[result.verdict.count].outcome != 0))
            result.verdict.count++;
        result.answer = troth_verdict_answer(&result.verdict);
        test_case("%s", cases[i].why);
        describe(seen, sizeof seen, &result);
        CHECK_TEXT(seen, cases[i].wanted);
    }
}

/* An image that leaves a register open passes, and what runs is not approved. */
static void test_open_code(void)
{
    static const struct troth_limit code = {"code", ""}, other = {"machine", ""};
    const struct troth_limit *const limits[] = {&other, &code};
    struct troth_check rows[] = {GOOD};
    struct troth_result result = {.kind = "tdx",
                                  .answer = TROTH_ACCEPTED,
                                  .verdict = {rows, COUNT(rows), COUNT(rows)},
                                  .not_proven = limits,
                                  .not_proven_count = COUNT(limits)};
    char seen[512];

    test_case("an image that leaves a part of the code open");
    describe(seen, sizeof seen, &result);
    CHECK_TEXT(seen, "warning: configuration 2, executables 33, hardware 2, "
                     "runtime-opaque 2");
    test_case("something else is left open");
    result.not_proven_count = 1;
    describe(seen, sizeof seen, &result);
    CHECK_TEXT(seen, "affirming: configuration 2, executables 3, hardware 2, "
                     "runtime-opaque 2");
}

/* [AR4SI] 2.3.2 */
static void test_tiers(void)
{
    static const struct {
        int value;
        enum troth_ear_tier tier;
    } rows[] = {
        {-1, TROTH_EAR_NONE},
        {0, TROTH_EAR_NONE},
        {1, TROTH_EAR_NONE},
        {2, TROTH_EAR_AFFIRMING},
        {31, TROTH_EAR_AFFIRMING},
        {-32, TROTH_EAR_AFFIRMING},
        {-2, TROTH_EAR_AFFIRMING},
        {32, TROTH_EAR_WARNING},
        {95, TROTH_EAR_WARNING},
        {-33, TROTH_EAR_WARNING},
        {-96, TROTH_EAR_WARNING},
        {96, TROTH_EAR_CONTRAINDICATED},
        {127, TROTH_EAR_CONTRAINDICATED},
        {-97, TROTH_EAR_CONTRAINDICATED},
        {-128, TROTH_EAR_CONTRAINDICATED},
    };

    for (size_t i = 0; i < COUNT(rows); i++) {
        test_case("the tier of %d", rows[i].value);
        CHECK_INT(troth_ear_tier_of(rows[i].value), rows[i].tier);
    }
}

int main(void)
{
    test_the_vector();
    test_open_code();
    test_tiers();
    return test_finish();
}
