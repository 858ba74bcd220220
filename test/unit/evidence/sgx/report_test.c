/* SPDX-License-Identifier: Apache-2.0 */
/* What an enclave's report says of itself, bit by bit; nothing is signed here. */
#include <stdio.h>
#include <string.h>

#include "evidence/sgx/sgx.h"
#include "test/harness.h"
#include "test/support/handmade.h"
#include "test/support/trial.h"

enum { FLAGS = 48, XFRM = 56 };

static struct trial t;
static struct handmade made;
static uint8_t memory[64 * 1024];

static const enum troth_check_id plan[] = {
    TROTH_CHECK_RESERVED,
    TROTH_CHECK_DEBUG,
    TROTH_CHECK_ATTRIBUTES,
    TROTH_CHECK_COUNT,
};

/* The line of the report's own checks; what the relying party owes is left out. */
static const char *judge(const char *options)
{
    static struct troth_judgement j;
    struct troth_arena arena = TROTH_ARENA_OVER(memory);
    const struct troth_verify_input input = {.arena = &arena,
                                             .requirements = &t.requirements};
    struct troth_sgx sgx;

    trial_reset(&t);
    trial_require(&t, options);
    CHECK_ERR(troth_sgx_parse(&sgx, NULL, handmade_span(&made)), TROTH_OK);
    CHECK_ERR(troth_judgement_begin(&j, &input, 0, plan), TROTH_OK);
    j.verdict.count -= 2; /* measurement and nonce */
    troth_sgx_judge_report(&j, &sgx);
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
    {"good", FLAGS, 0x05, "", "accepted"},
    {"every flag that is known but debug", FLAGS, 0x4f5, "", "accepted"},
    {"32-bit mode", FLAGS, 0x01, "", "accepted"},
    {"debug", FLAGS, 0x07, "", "refused: debug"},
    {"debug, allowed", FLAGS, 0x07, "--allow debug", "accepted"},
    {"debug, and the bit's number allowed", FLAGS, 0x07, "--allow sgx.attributes.bit1", "refused: debug"},
    {"not initialised", FLAGS, 0x04, "", "refused: attributes"},
    {"not initialised, and nothing allows that", FLAGS, 0x04, "--allow sgx.attributes.bit0", "refused: attributes"},
    {"flag 3 is reserved", FLAGS, 0x0d, "", "refused: attributes"},
    {"flag 3, allowed", FLAGS, 0x0d, "--allow sgx.attributes.bit3", "accepted"},
    {"flag 3, the feature allowed", FLAGS, 0x0d, "--allow sgx.xfrm.bit3", "refused: attributes"},
    {"flag 8", FLAGS, 0x105, "", "refused: attributes"},
    {"flag 9", FLAGS, 0x205, "", "refused: attributes"},
    {"flag 63", FLAGS, UINT64_C(0x8000000000000005), "", "refused: attributes"},
    {"debug and flag 63", FLAGS, UINT64_C(0x8000000000000007), "", "refused: debug attributes"},

    {"every feature that is known, MPX among them", XFRM, 0x6dbff, "", "accepted"},
    {"none but the two that are always on", XFRM, 3, "", "accepted"},
    {"x87 is off", XFRM, 2, "--allow sgx.xfrm.bit0", "refused: attributes"},
    {"SSE is off", XFRM, 1, "--allow sgx.xfrm.bit1", "refused: attributes"},
    {"feature 10", XFRM, 0x403, "", "refused: attributes"},
    {"feature 19, allowed", XFRM, 0x80003, "--allow sgx.xfrm.bit19", "accepted"},
    {"feature 63", XFRM, UINT64_C(0x8000000000000003), "", "refused: attributes"},
};
/* clang-format on */

static void judge_rows(void)
{
    for (size_t i = 0; i < COUNT(rows); i++) {
        test_case("%s", rows[i].why);
        handmade_quote(&made, 3, TROTH_QUOTE_BODY_SGX);
        put(rows[i].at, rows[i].value);
        CHECK_TEXT(judge(rows[i].options), rows[i].line);
    }
}

/* Every bit of both words, alone over a good report. */
static void judge_every_bit(void)
{
    static const uint64_t flags_either = 0x4f4;
    static const uint64_t xfrm_either = 0x6dbfc;

    for (unsigned bit = 0; bit < 64; bit++) {
        uint64_t one = UINT64_C(1) << bit;
        const struct troth_check *row;
        char name[40];

        test_case("flag %u turned over", bit);
        handmade_quote(&made, 4, TROTH_QUOTE_BODY_SGX);
        put(FLAGS, 1 ^ one);
        (void)judge("");
        (void)snprintf(name, sizeof name, "sgx.attributes.bit%u", bit);
        row = bit == 1 ? trial_find(&t, TROTH_CHECK_DEBUG, "debug")
                       : trial_find(&t, TROTH_CHECK_ATTRIBUTES, name);
        CHECK((row != NULL) == !(flags_either & one));
        if (row) {
            CHECK(row->seen.boolean == (bit != 0) && row->wanted.boolean == (bit == 0));
            CHECK((row->flag == NULL) == (bit == 0));
        }

        test_case("feature %u turned over", bit);
        handmade_quote(&made, 5, TROTH_QUOTE_BODY_SGX);
        put(XFRM, 3 ^ one);
        (void)judge("");
        (void)snprintf(name, sizeof name, "sgx.xfrm.bit%u", bit);
        row = trial_find(&t, TROTH_CHECK_ATTRIBUTES, name);
        CHECK((row != NULL) == !(xfrm_either & one));
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
    handmade_quote(&made, 3, TROTH_QUOTE_BODY_SGX);
    put(FLAGS, ~UINT64_C(1));
    put(XFRM, ~UINT64_C(3));
    made.bytes[made.at[AT_BODY] + 96] = 1;
    CHECK_TEXT(judge(""), "refused: reserved debug attributes");
    for (size_t i = 0; i < t.result.verdict.count; i++)
        failed += t.result.verdict.checks[i].outcome == TROTH_FAILED;
    /* All flags but six, with debug; all features but those known and not fixed; the
     * reserved field. */
    CHECK_INT(failed, 64 - 6 + 64 - 14 + 1);
}

/* Every byte of the body, one bit of it set. */
static void judge_every_byte(void)
{
    static const struct {
        size_t from, to;
        const char *field;
    } zeros[] = {
        {20, 32, "sgx.reserved_20"},
        {96, 128, "sgx.reserved_96"},
        {160, 192, "sgx.reserved_160"},
        {262, 304, "sgx.reserved_262"},
    };

    test_case("reserved bytes");
    for (size_t at = 0; at < 384; at++) {
        const char *field = NULL;
        const struct troth_check *row;

        for (size_t i = 0; i < COUNT(zeros); i++)
            if (at >= zeros[i].from && at < zeros[i].to)
                field = zeros[i].field;
        handmade_quote(&made, 3, TROTH_QUOTE_BODY_SGX);
        made.bytes[made.at[AT_BODY] + at] |= 0x80;
        (void)judge("");
        row = trial_find(&t, TROTH_CHECK_RESERVED, NULL);
        CHECK_TEXT(row->subject, field);
        CHECK_INT(row->outcome, field ? TROTH_FAILED : TROTH_PASSED);
        CHECK(!row->flag);
        if (field)
            CHECK_INT(row->seen.bytes.len, row->wanted.bytes.len);
    }

    test_case("a reserved word of the header comes first");
    handmade_quote(&made, 4, TROTH_QUOTE_BODY_SGX);
    made.bytes[8] = 1;
    made.bytes[made.at[AT_BODY] + 20] = 1;
    CHECK_TEXT(judge(""), "refused: reserved");
    CHECK(trial_find(&t, TROTH_CHECK_RESERVED, "dcap.quote.word_8") != NULL);
}

/* Each finding can be allowed by the name it goes by, and the list ends. */
static void list_findings(void)
{
    char name[40];

    test_case("names of findings");
    CHECK_TEXT(troth_sgx_findings[0], "debug");
    CHECK_TEXT(troth_sgx_findings[1], "SWHardeningNeeded");
    for (size_t i = 0; i < 64; i++) {
        (void)snprintf(name, sizeof name, "sgx.attributes.bit%zu", i);
        CHECK_TEXT(troth_sgx_findings[8 + i], name);
        (void)snprintf(name, sizeof name, "sgx.xfrm.bit%zu", i);
        CHECK_TEXT(troth_sgx_findings[72 + i], name);
    }
    CHECK(troth_sgx_findings[136] == NULL);
}

int main(void)
{
    trial_begin(&t);
    judge_rows();
    judge_every_bit();
    judge_all_bits();
    judge_every_byte();
    list_findings();
    trial_end(&t);
    return test_finish();
}
