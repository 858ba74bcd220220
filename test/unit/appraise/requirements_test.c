/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <string.h>

#include "appraise/appraise.h"
#include "evidence/claim_list.h"
#include "test/harness.h"

enum { NAMES = 70 };

static struct troth_span any[NAMES], allow[NAMES];
static struct troth_expectation expect[NAMES];

static const struct troth_claim claim_rows[] = {
    {"kind", "", {0}}, {"measurement", "", {0}}, {"x.one", "", {0}}};
static const struct troth_claims claims = {claim_rows, COUNT(claim_rows)};

static const struct {
    const char *why;
    const char *any, *allow, *expect; /* one name each, or NULL */
    enum troth_err err;
    const char *field;
} rows[] = {
    {"nothing", NULL, NULL, NULL, TROTH_OK, NULL},
    {"a claim", "x.one", NULL, NULL, TROTH_OK, NULL},
    {"measurement is a claim", "measurement", NULL, NULL, TROTH_OK, NULL},
    {"nonce, whether the evidence has one or not", "nonce", NULL, NULL, TROTH_OK, NULL},
    {"an unknown claim", "x.two", NULL, NULL, TROTH_ERR_CLAIM, "requirements.any"},
    {"a prefix of one", "x.on", NULL, NULL, TROTH_ERR_CLAIM, "requirements.any"},
    {"in capitals", "KIND", NULL, NULL, TROTH_ERR_CLAIM, "requirements.any"},
    {"no name", "", NULL, NULL, TROTH_ERR_CLAIM, "requirements.any"},
    {"a star", "*", NULL, NULL, TROTH_ERR_CLAIM, "requirements.any"},
    {"Nitro's finding", NULL, "debug", NULL, TROTH_OK, NULL},
    {"SNP's finding", NULL, "alias_check", NULL, TROTH_OK, NULL},
    {"a bit", NULL, "snp.platform.bit63", NULL, TROTH_OK, NULL},
    {"no such bit", NULL, "snp.platform.bit64", NULL, TROTH_ERR_CLAIM,
     "requirements.allow"},
    {"a claim is no finding", NULL, "x.one", NULL, TROTH_ERR_CLAIM, "requirements.allow"},
    {"a check is no finding", NULL, "tcb", NULL, TROTH_ERR_CLAIM, "requirements.allow"},
    {"no name to allow", NULL, "", NULL, TROTH_ERR_CLAIM, "requirements.allow"},
    {"an expected claim may be unknown: it will fail", NULL, NULL, "x.two", TROTH_OK,
     NULL},
};

static struct troth_names one_name(struct troth_span *names, const char *name)
{
    names[0] = test_text(name ? name : "");
    return (struct troth_names){names, name != NULL};
}

static void check_rows(void)
{
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct troth_requirements r = {.any = one_name(any, rows[i].any),
                                       .allow = one_name(allow, rows[i].allow)};
        struct troth_fault fault = {TROTH_OK, NULL, 0};

        if (rows[i].expect) {
            expect[0].claim = test_text(rows[i].expect);
            r.expect = expect;
            r.expect_count = 1;
        }
        test_case("%s", rows[i].why);
        CHECK_ERR(troth_requirements_check(&fault, &r, &claims), rows[i].err);
        CHECK_ERR(fault.err, rows[i].err);
        CHECK_TEXT(fault.field, rows[i].field);
        CHECK_ERR(troth_requirements_check(NULL, &r, &claims), rows[i].err);
    }
}

static void count_expectations(void)
{
    static char names[NAMES][16];
    struct troth_fault fault;

    for (size_t i = 0; i < NAMES; i++) {
        (void)snprintf(names[i], sizeof names[i], "claim%zu", i);
        expect[i].claim = test_text(names[i]);
    }
    for (size_t count = 63; count < 67; count++) {
        struct troth_requirements r = {.expect = expect, .expect_count = count};

        test_case("%zu expectations", count);
        CHECK_ERR(troth_requirements_check(&fault, &r, &claims),
                  count <= TROTH_EXPECTATIONS_MAX ? TROTH_OK : TROTH_ERR_LIMIT);
    }
    test_case("first and last of 64 are the same");
    struct troth_requirements r = {.expect = expect, .expect_count = 64};
    expect[63].claim = test_text("claim0");
    CHECK_ERR(troth_requirements_check(&fault, &r, &claims), TROTH_ERR_DUPLICATE);
    CHECK_TEXT(fault.field, "requirements.expect");
}

/* The last of several names is looked at as the first is. */
static void check_every_name(void)
{
    struct troth_requirements r = {.any = {any, 3}, .allow = {allow, 3}};
    struct troth_fault fault;

    test_case("the last name of several is wrong");
    for (size_t i = 0; i < 3; i++) {
        any[i] = test_text("kind");
        allow[i] = test_text("debug");
    }
    CHECK_ERR(troth_requirements_check(&fault, &r, &claims), TROTH_OK);
    any[2] = test_text("kinds");
    CHECK_ERR(troth_requirements_check(&fault, &r, &claims), TROTH_ERR_CLAIM);
    allow[2] = test_text("bug");
    CHECK_ERR(troth_requirements_check(&fault, &r, &claims), TROTH_ERR_CLAIM);
    CHECK_TEXT(fault.field, "requirements.allow");
}

int main(void)
{
    check_rows();
    count_expectations();
    check_every_name();
    return test_finish();
}
