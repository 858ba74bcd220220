/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "appraise/appraise.h"
#include "base/arena.h"
#include "evidence/claim_list.h"
#include "test/harness.h"

static const struct troth_identity_row one[] = {{"x.only", ""}, {NULL, NULL}};
static const struct troth_identity_row two[] = {
    {"x.first", "first"}, {"x.second", "second"}, {NULL, NULL}};

static struct troth_claim claims_of[4];

/* The family's claims, its table's among them. */
static struct troth_claims make_claims(const char *only, const char *first,
                                       const char *second)
{
    const char *const hex[] = {only, first, second};
    static const char *const names[] = {"x.only", "x.first", "x.second"};
    struct troth_claims claims = {claims_of, 0};

    for (size_t i = 0; i < 3; i++)
        if (hex[i])
            claims_of[claims.count++] = (struct troth_claim){
                names[i], "about", troth_value_bytes(test_hex(hex[i]))};
    return claims;
}

static const struct {
    const char *why;
    const struct troth_identity_row *identity;
    const char *only, *first, *second;
    const char *text; /* NULL: the evidence does not say */
} rows[] = {
    {"a table of one row", one, "00ff", NULL, NULL, "00ff"},
    {"without that claim", one, NULL, "00", "00", NULL},
    {"a table of two", two, NULL, "0102", "aa", "first=0102,second=aa"},
    {"the claims in another order do not matter", two, "99", "01", "02",
     "first=01,second=02"},
    {"without the first", two, NULL, NULL, "aa", NULL},
    {"without the second", two, NULL, "0102", NULL, NULL},
    {"an empty one is a value", two, NULL, "", "aa", "first=,second=aa"},
};

static void write_rows(void)
{
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct troth_claims claims = make_claims(rows[i].only, rows[i].first,
                                                 rows[i].second);
        const struct troth_format format = {.identity = rows[i].identity};
        uint8_t memory[64];
        struct troth_arena arena = TROTH_ARENA_OVER(memory);
        struct troth_claim claim;

        test_case("%s", rows[i].why);
        CHECK_ERR(troth_measurement_claim(&claim, &format, &claims, &arena), TROTH_OK);
        CHECK_TEXT(claim.name, "measurement");
        CHECK_INT(claim.value.type, rows[i].text ? TROTH_VALUE_TEXT : TROTH_VALUE_NONE);
        if (!rows[i].text)
            continue;
        CHECK_SPAN(claim.value.bytes, test_text(rows[i].text));

        size_t needed = arena.used;
        for (size_t size = 0; size < needed; size++) {
            struct troth_arena small = {memory, size, 0};

            CHECK_ERR(troth_measurement_claim(&claim, &format, &claims, &small),
                      TROTH_ERR_MEMORY);
            CHECK_INT(claim.value.type, TROTH_VALUE_NONE);
        }
    }
}

static void refuse_other_types(void)
{
    const struct troth_format format = {.identity = one};
    struct troth_claim row = {"x.only", "about", troth_value_text("00")}, claim;
    const struct troth_claims claims = {&row, 1};
    uint8_t memory[64];
    struct troth_arena arena = TROTH_ARENA_OVER(memory);

    test_case("a claim that is not bytes names no code");
    CHECK_ERR(troth_measurement_claim(&claim, &format, &claims, &arena), TROTH_OK);
    CHECK_INT(claim.value.type, TROTH_VALUE_NONE);
}

/* The longest table there may be, of the longest digests. */
static void write_the_longest(void)
{
    static const char *const names[TROTH_IDENTITY_ROWS_MAX] = {
        "pcr0", "pcr1", "pcr2", "pcr3", "pcr4", "pcr5", "pcr6", "pcr7"};
    struct troth_identity_row identity[TROTH_IDENTITY_ROWS_MAX + 1];
    struct troth_claim list[TROTH_IDENTITY_ROWS_MAX];
    static const uint8_t digest[64] = {0};
    const struct troth_format format = {.identity = identity};
    const struct troth_claims claims = {list, TROTH_IDENTITY_ROWS_MAX};
    uint8_t memory[2048];
    struct troth_arena arena = TROTH_ARENA_OVER(memory);
    struct troth_claim claim;

    test_case("eight rows of 64 bytes");
    for (size_t i = 0; i < TROTH_IDENTITY_ROWS_MAX; i++) {
        identity[i] = (struct troth_identity_row){names[i], names[i]};
        list[i] = (struct troth_claim){
            names[i], "", troth_value_bytes((struct troth_span)TROTH_ARRAY_SPAN(digest))};
    }
    identity[TROTH_IDENTITY_ROWS_MAX] = (struct troth_identity_row){NULL, NULL};
    CHECK_ERR(troth_measurement_claim(&claim, &format, &claims, &arena), TROTH_OK);
    CHECK_INT(claim.value.bytes.len, 8 * (4 + 1 + 128) + 7);
}

/* Hex in either case, in this claim alone; all else as troth_value_is() has it. */
static void compare_cases(void)
{
    static const struct {
        const char *name, *value, *text;
        bool same;
    } cases[] = {
        {"measurement", "pcr0=ab,pcr1=cd", "pcr0=AB,pcr1=Cd", true},
        {"measurement", "ab", "AB", true},
        {"measurement", "ab", "ab", true},
        {"measurement", "az", "AZ", true},
        {"measurement", "ab", "ac", false},
        {"measurement", "ab", "abab", false},
        {"measurement", "ab", "", false},
        {"measurement", "a@[`{", "A@[`{", true},
        {"measurement", "@", "`", false},
        {"kind", "nitro", "NITRO", false},
        {"kind", "nitro", "nitro", true},
    };

    for (size_t i = 0; i < COUNT(cases); i++) {
        struct troth_claim claim = {cases[i].name, "", troth_value_text(cases[i].value)};
        bool same = !cases[i].same;

        test_case("%s '%s', asked for '%s'", cases[i].name, cases[i].value,
                  cases[i].text);
        CHECK_ERR(troth_claim_is(&same, &claim, test_text(cases[i].text)), TROTH_OK);
        CHECK(same == cases[i].same);
    }
    test_case("a measurement that the evidence does not have");
    struct troth_claim none = {"measurement", "", troth_value_none()};
    bool same = true;

    CHECK_ERR(troth_claim_is(&same, &none, test_text("")), TROTH_OK);
    CHECK(!same);
}

int main(void)
{
    compare_cases();
    write_rows();
    refuse_other_types();
    write_the_longest();
    return test_finish();
}
