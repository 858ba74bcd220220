/* SPDX-License-Identifier: Apache-2.0 */
/* What a trust domain's report says of itself, bit by bit; nothing is signed here. */
#include <stdio.h>
#include <string.h>

#include "evidence/tdx/tdx.h"
#include "test/harness.h"
#include "test/support/handmade.h"
#include "test/support/trial.h"

enum {
    ATTRIBUTES = 0x78,
    XFAM = 0x80,
    SERVICE = 0x258,
    INIT_SERVICE = 729,
    SERVICE_NOW = 829
};

static struct trial t;
static struct handmade made;
static uint8_t memory[64 * 1024];

static const enum troth_check_id plan[] = {
    TROTH_CHECK_RESERVED,   TROTH_CHECK_DEBUG, TROTH_CHECK_MIGRATION,
    TROTH_CHECK_ATTRIBUTES, TROTH_CHECK_COUNT,
};

/* The line of the report's own checks; what the relying party owes is left out. */
static const char *judge(const char *options)
{
    static struct troth_judgement j;
    struct troth_arena arena = TROTH_ARENA_OVER(memory);
    const struct troth_verify_input input = {.arena = &arena,
                                             .requirements = &t.requirements};
    struct troth_tdx tdx;

    trial_reset(&t);
    trial_require(&t, options);
    CHECK_ERR(troth_tdx_parse(&tdx, NULL, handmade_span(&made)), TROTH_OK);
    CHECK_ERR(troth_judgement_begin(&j, &input, 0, plan), TROTH_OK);
    j.verdict.count -= 2; /* measurement and nonce */
    troth_tdx_judge_report(&j, &tdx);
    CHECK_ERR(j.err, TROTH_OK);
    t.result.verdict = j.verdict;
    trial_describe(t.line, &j.verdict);
    return t.line;
}

static void put(size_t at, uint64_t value)
{
    handmade_put(&made, made.at[AT_BODY] + at, 8, value);
}

/* clang-format off */
static const struct {
    const char *why;
    size_t at;
    uint64_t value;
    const char *options;
    const char *line;
} rows[] = {
    {"good", ATTRIBUTES, 0x10000000, "", "accepted"},
    {"every attribute that may be either", ATTRIBUTES, UINT64_C(0x80000000d8000000), "", "accepted"},

    {"debug", ATTRIBUTES, 0x10000001, "", "refused: debug"},
    {"debug, allowed", ATTRIBUTES, 0x10000001, "--allow debug", "accepted"},
    {"debug, and the bit's number allowed", ATTRIBUTES, 0x10000001, "--allow tdx.td_attributes.bit0", "refused: debug"},
    {"bit 1 of the group that opens it", ATTRIBUTES, 0x10000002, "", "refused: debug"},
    {"profiling by HGS+", ATTRIBUTES, 0x10000010, "", "refused: debug"},
    {"profiling, debug allowed", ATTRIBUTES, 0x10000010, "--allow debug", "refused: debug"},
    {"profiling, its number allowed", ATTRIBUTES, 0x10000010, "--allow tdx.td_attributes.bit4", "accepted"},
    {"profiling by performance counters", ATTRIBUTES, 0x10000020, "", "refused: debug"},
    {"profiling by telemetry", ATTRIBUTES, 0x10000040, "", "refused: debug"},
    {"bit 7", ATTRIBUTES, 0x10000080, "", "refused: debug"},
    {"debug and bit 7, one allowed", ATTRIBUTES, 0x10000081, "--allow debug", "refused: debug"},
    {"debug and bit 7, the other allowed", ATTRIBUTES, 0x10000081, "--allow tdx.td_attributes.bit7", "refused: debug"},
    {"debug and bit 7, both allowed", ATTRIBUTES, 0x10000081, "--allow debug --allow tdx.td_attributes.bit7", "accepted"},

    {"SEPT_VE_DISABLE is clear", ATTRIBUTES, 0, "", "refused: attributes"},
    {"SEPT_VE_DISABLE is clear, allowed", ATTRIBUTES, 0, "--allow tdx.td_attributes.bit28", "accepted"},
    {"may migrate", ATTRIBUTES, 0x30000000, "", "refused: migration"},
    {"may migrate, allowed", ATTRIBUTES, 0x30000000, "--allow tdx.td_attributes.bit29", "accepted"},
    {"may migrate, another finding allowed", ATTRIBUTES, 0x30000000, "--allow service_td", "refused: migration"},
    {"bit 8 has no meaning", ATTRIBUTES, 0x10000100, "", "refused: attributes"},
    {"bit 26 has none", ATTRIBUTES, 0x14000000, "", "refused: attributes"},
    {"bit 40, allowed", ATTRIBUTES, UINT64_C(0x10010000000), "--allow tdx.td_attributes.bit40", "accepted"},
    {"bit 40, that of the features allowed", ATTRIBUTES, UINT64_C(0x10010000000), "--allow tdx.xfam.bit40", "refused: attributes"},
    {"it provisions devices", ATTRIBUTES, UINT64_C(0x4000000010000000), "", "refused: attributes"},
    {"all at once", ATTRIBUTES, UINT64_C(0x4000000020000001), "", "refused: debug migration attributes"},

    {"every feature that is known", XFAM, 0x6dbe7, "", "accepted"},
    {"none but the two that are always on", XFAM, 3, "", "accepted"},
    {"x87 is off", XFAM, 2, "", "refused: attributes"},
    {"x87 is off, and nothing allows that", XFAM, 2, "--allow tdx.xfam.bit0", "refused: attributes"},
    {"SSE is off", XFAM, 1, "--allow tdx.xfam.bit1", "refused: attributes"},
    {"feature 3, which no trust domain has", XFAM, 0xb, "", "refused: attributes"},
    {"feature 10", XFAM, 0x403, "", "refused: attributes"},
    {"feature 13", XFAM, 0x2003, "", "refused: attributes"},
    {"feature 16", XFAM, 0x10003, "", "refused: attributes"},
    {"feature 19, allowed", XFAM, 0x80003, "--allow tdx.xfam.bit19", "accepted"},
    {"feature 63", XFAM, UINT64_C(0x8000000000000003), "", "refused: attributes"},

    {"a service trust domain", SERVICE, 1, "", "refused: migration"},
    {"a service trust domain, allowed", SERVICE, 1, "--allow service_td", "accepted"},
    {"a service trust domain, migration allowed", SERVICE, 1, "--allow tdx.td_attributes.bit29", "refused: migration"},
    {"one by its last byte", SERVICE + 40, UINT64_C(1) << 63, "", "refused: migration"},
    {"one when it was first launched", INIT_SERVICE, 1, "", "refused: migration"},
    {"one now", SERVICE_NOW + 40, UINT64_C(1) << 63, "", "refused: migration"},
    {"one now, allowed", SERVICE_NOW, 1, "--allow service_td", "accepted"},
};
/* clang-format on */

static void judge_rows(void)
{
    for (size_t i = 0; i < COUNT(rows); i++) {
        test_case("%s", rows[i].why);
        handmade_quote(&made, 5, TROTH_QUOTE_BODY_TD15_EX);
        put(rows[i].at, rows[i].value);
        CHECK_TEXT(judge(rows[i].options), rows[i].line);
    }
}

/* Every bit of both words, alone over a good report: which check, by which name. */
static void judge_every_bit(void)
{
    static const uint64_t attributes_either = UINT64_C(0x80000000d8000000) &
                                              ~0x10000000ULL;
    static const uint64_t xfam_either = 0x6dbe4;

    for (unsigned bit = 0; bit < 64; bit++) {
        uint64_t one = UINT64_C(1) << bit;
        enum troth_check_id id = bit < 8     ? TROTH_CHECK_DEBUG
                                 : bit == 29 ? TROTH_CHECK_MIGRATION
                                             : TROTH_CHECK_ATTRIBUTES;
        const struct troth_check *row;
        char name[40];

        test_case("attribute %u turned over", bit);
        handmade_quote(&made, 4, TROTH_QUOTE_BODY_TD10);
        put(ATTRIBUTES, 0x10000000 ^ one);
        (void)judge("");
        (void)snprintf(name, sizeof name, "tdx.td_attributes.bit%u", bit);
        row = trial_find(&t, id, bit ? name : "debug");
        CHECK((row != NULL) == !(attributes_either & one));
        if (row) {
            CHECK(row->seen.boolean == (bit != 28) && row->wanted.boolean == (bit == 28));
            CHECK_TEXT(row->flag, "--allow");
            CHECK_TEXT(row->flag_argument, bit ? name : "debug");
            CHECK(row->why != NULL);
        }

        test_case("feature %u turned over", bit);
        handmade_quote(&made, 4, TROTH_QUOTE_BODY_TD10);
        put(XFAM, 3 ^ one);
        (void)judge("");
        (void)snprintf(name, sizeof name, "tdx.xfam.bit%u", bit);
        row = trial_find(&t, TROTH_CHECK_ATTRIBUTES, name);
        CHECK((row != NULL) == !(xfam_either & one));
        if (row) {
            CHECK(row->seen.boolean == (bit > 1) && row->wanted.boolean == (bit < 2));
            CHECK((row->flag == NULL) == (bit < 2));
        }
    }
}

/* Everything wrong at once: there is a row for each. */
static void judge_all_bits(void)
{
    size_t failed = 0;

    test_case("every bit turned over, every finding made");
    handmade_quote(&made, 5, TROTH_QUOTE_BODY_TD15_EX);
    put(ATTRIBUTES, ~UINT64_C(0x10000000));
    put(XFAM, ~UINT64_C(3));
    put(SERVICE, 1);
    made.bytes[8] = 1;
    CHECK_TEXT(judge(""), "refused: reserved debug migration attributes");
    for (size_t i = 0; i < t.result.verdict.count; i++)
        failed += t.result.verdict.checks[i].outcome == TROTH_FAILED;
    /* All attributes but four; all features but those known and not fixed; the service
     * trust domain; the reserved word. */
    CHECK_INT(failed, 64 - 4 + 64 - 12 + 1 + 1);
}

static void show_service(void)
{
    const struct troth_check *row;

    test_case("which service trust domain");
    handmade_quote(&made, 5, TROTH_QUOTE_BODY_TD15);
    memset(made.bytes + made.at[AT_BODY] + SERVICE, 0x5a, 48);
    (void)judge("");
    row = trial_find(&t, TROTH_CHECK_MIGRATION, "service_td");
    CHECK(row != NULL);
    if (row) {
        CHECK(row->seen.bytes.ptr == made.bytes + made.at[AT_BODY] + SERVICE);
        CHECK_INT(row->wanted.bytes.len, 48);
    }
}

static void judge_reserved(void)
{
    const struct troth_check *row;

    test_case("a reserved word of the header");
    handmade_quote(&made, 4, TROTH_QUOTE_BODY_TD10);
    made.bytes[10] = 1;
    CHECK_TEXT(judge(""), "refused: reserved");
    row = trial_find(&t, TROTH_CHECK_RESERVED, "dcap.quote.word_10");
    CHECK(row != NULL && !row->flag);
}

/* Each finding can be allowed by the name it goes by, and the list ends. */
static void list_findings(void)
{
    static const char *const first[] = {
        "debug",
        "service_td",
        "SWHardeningNeeded",
        "ConfigurationNeeded",
        "ConfigurationAndSWHardeningNeeded",
        "OutOfDate",
        "OutOfDateConfigurationNeeded",
        "TDRelaunchAdvised",
        "TDRelaunchAdvisedConfigurationNeeded",
    };
    char name[40];

    test_case("names of findings");
    for (size_t i = 0; i < COUNT(first); i++)
        CHECK_TEXT(troth_tdx_findings[i], first[i]);
    for (size_t i = 0; i < 64; i++) {
        (void)snprintf(name, sizeof name, "tdx.td_attributes.bit%zu", i);
        CHECK_TEXT(troth_tdx_findings[COUNT(first) + i], name);
        (void)snprintf(name, sizeof name, "tdx.xfam.bit%zu", i);
        CHECK_TEXT(troth_tdx_findings[COUNT(first) + 64 + i], name);
    }
    CHECK(troth_tdx_findings[COUNT(first) + 128] == NULL);
}

int main(void)
{
    trial_begin(&t);
    judge_rows();
    judge_every_bit();
    judge_all_bits();
    show_service();
    judge_reserved();
    list_findings();
    trial_end(&t);
    return test_finish();
}
