/* SPDX-License-Identifier: Apache-2.0 */
#include "evidence/bits.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "test/harness.h"

static const char *const names[64] = {TROTH_BIT_NAMES("word.bit")};
static const char *const whys[64] = {[5] = "five is set"};

static const struct troth_bit_rules rules = {
    .names = names,
    .fixed = 0x1,
    .set = 0x2,
    .clear = UINT64_C(0x80000000000000f0),
    .why_clear = "one is clear",
    .whys = whys,
};

static uint8_t memory[64 * 1024];
static struct troth_judgement j;

static bool judge(uint64_t word, const struct troth_bit_rules *by, const char *allowed)
{
    static const enum troth_check_id plan[] = {TROTH_CHECK_ATTRIBUTES, TROTH_CHECK_COUNT};
    static struct troth_span allow[1];
    static struct troth_requirements wanted;
    static struct troth_arena arena;
    static struct troth_verify_input input;

    allow[0] = test_text(allowed);
    wanted = (struct troth_requirements){.allow = {allow, 1}};
    arena = (struct troth_arena){memory, sizeof memory, 0};
    input = (struct troth_verify_input){.arena = &arena, .requirements = &wanted};
    CHECK_ERR(troth_judgement_begin(&j, &input, 0, plan), TROTH_OK);
    j.verdict.count = 1; /* without what the relying party owes */
    return troth_judge_bits(&j, TROTH_CHECK_ATTRIBUTES, word, by);
}

static void check_names(void)
{
    char name[32];

    test_case("64 names in order");
    for (unsigned i = 0; i < 64; i++) {
        (void)snprintf(name, sizeof name, "word.bit%u", i);
        CHECK_TEXT(names[i], name);
    }
}

static const struct {
    const char *why;
    uint64_t word;
    const char *allowed;
    const char *subjects[3];
    enum troth_outcome outcome;
    const char *because;
} words[] = {
    {"as wanted", 0x3, "-", {NULL}, TROTH_NOT_MADE, NULL},
    {"bits that may be either", 0xff0f, "-", {NULL}, TROTH_NOT_MADE, NULL},
    {"one that is always set is not",
     0x2,
     "-",
     {"word.bit0"},
     TROTH_FAILED,
     "a bit that is always set is not"},
    {"and nothing allows that",
     0x2,
     "word.bit0",
     {"word.bit0"},
     TROTH_FAILED,
     "a bit that is always set is not"},
    {"one that should be set is not",
     0x1,
     "-",
     {"word.bit1"},
     TROTH_FAILED,
     "one is clear"},
    {"the same, allowed", 0x1, "word.bit1", {"word.bit1"}, TROTH_PASSED, "one is clear"},
    {"one without a meaning",
     0x13,
     "-",
     {"word.bit4"},
     TROTH_FAILED,
     "a bit without a known meaning is set"},
    {"one with a meaning", 0x23, "-", {"word.bit5"}, TROTH_FAILED, "five is set"},
    {"the last",
     UINT64_C(1) << 63 | 3,
     "-",
     {"word.bit63"},
     TROTH_FAILED,
     "a bit without a known meaning is set"},
    {"another is allowed",
     0x43,
     "word.bit7",
     {"word.bit6"},
     TROTH_FAILED,
     "a bit without a known meaning is set"},
    {"three",
     0x20,
     "-",
     {"word.bit0", "word.bit1", "word.bit5"},
     TROTH_FAILED,
     "a bit that is always set is not"},
};

static unsigned number_of(const char *name)
{
    return (unsigned)strtoul(name + strlen("word.bit"), NULL, 10);
}

static void judge_words(void)
{
    for (size_t i = 0; i < COUNT(words); i++) {
        const struct troth_check *row;
        size_t count = 0;

        test_case("%s", words[i].why);
        CHECK(judge(words[i].word, &rules, words[i].allowed) == !words[i].subjects[0]);
        row = j.verdict.checks;
        CHECK_INT(row->outcome, words[i].outcome);
        CHECK_TEXT(row->why, words[i].because);
        for (; count < 3 && words[i].subjects[count]; count++) {
            unsigned bit = number_of(words[i].subjects[count]);
            bool is_set = words[i].word >> bit & 1;

            CHECK_TEXT(row[count].subject, words[i].subjects[count]);
            CHECK(row[count].seen.type == TROTH_VALUE_BOOL);
            CHECK(row[count].seen.boolean == is_set);
            CHECK(row[count].wanted.boolean == !is_set);
            CHECK((row[count].flag != NULL) == (bit != 0)); /* the one that is fixed */
        }
        CHECK_INT(j.verdict.count, count ? count : 1);
    }
}

static void judge_without_words(void)
{
    static const struct troth_bit_rules plain = {.names = names, .clear = UINT64_MAX};

    test_case("all 64, none with a meaning");
    CHECK(!judge(UINT64_MAX, &plain, "-"));
    CHECK_INT(j.verdict.count, 64);
    CHECK_ERR(j.err, TROTH_OK);
    for (size_t i = 0; i < 64; i++)
        CHECK_TEXT(j.verdict.checks[i].why, "a bit without a known meaning is set");
}

int main(void)
{
    check_names();
    judge_words();
    judge_without_words();
    return test_finish();
}
