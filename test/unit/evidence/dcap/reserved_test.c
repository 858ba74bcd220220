/* SPDX-License-Identifier: Apache-2.0 */
#include "evidence/dcap/reserved.h"

#include <string.h>

#include "test/harness.h"
#include "test/support/handmade.h"

static void find_in_headers(void)
{
    static const struct {
        unsigned version;
        size_t at;
        const char *field;
    } words[] = {
        {3, 8, NULL},
        {3, 11, NULL},
        {4, 0, NULL}, /* version, as it is */
        {4, 8, "dcap.quote.word_8"},
        {4, 9, "dcap.quote.word_8"},
        {4, 10, "dcap.quote.word_10"},
        {4, 11, "dcap.quote.word_10"},
        {5, 9, "dcap.quote.word_8"},
        {5, 10, "dcap.quote.word_10"},
        {4, 28, NULL},
        {5, 47, NULL},
    };
    static struct handmade made;

    for (size_t i = 0; i < COUNT(words); i++) {
        struct troth_reserved found;
        struct troth_quote q;

        test_case("version %u, byte %zu", words[i].version, words[i].at);
        handmade_quote(&made, words[i].version, TROTH_QUOTE_BODY_SGX);
        if (words[i].at)
            made.bytes[words[i].at] = 0x80;
        CHECK_ERR(troth_quote_parse(&q, NULL, handmade_span(&made)), TROTH_OK);
        found = troth_quote_reserved(&q);
        CHECK_TEXT(found.field, words[i].field);
        CHECK(found.field ? found.seen.ptr == made.bytes + (words[i].at & ~(size_t)1)
                          : !found.seen.ptr);
    }
}

static void judge_found(void)
{
    static const struct troth_requirements nothing;
    static const enum troth_check_id plan[] = {TROTH_CHECK_RESERVED, TROTH_CHECK_COUNT};
    static uint8_t memory[64 * 1024];
    struct troth_arena arena = TROTH_ARENA_OVER(memory);
    const struct troth_verify_input input = {.arena = &arena, .requirements = &nothing};
    const struct troth_check *row;
    struct troth_judgement j;

    test_case("all zero");
    CHECK_ERR(troth_judgement_begin(&j, &input, 0, plan), TROTH_OK);
    troth_judge_reserved(&j, (struct troth_reserved){0});
    row = troth_verdict_find(&j.verdict, TROTH_CHECK_RESERVED);
    CHECK_INT(row->outcome, TROTH_PASSED);
    CHECK(!row->subject && !row->why);

    test_case("not zero");
    CHECK_ERR(troth_judgement_begin(&j, &input, 0, plan), TROTH_OK);
    troth_judge_reserved(&j, (struct troth_reserved){"here", test_hex("000100")});
    row = troth_verdict_find(&j.verdict, TROTH_CHECK_RESERVED);
    CHECK_INT(row->outcome, TROTH_FAILED);
    CHECK_TEXT(row->subject, "here");
    CHECK(row->why != NULL && !row->flag);
    CHECK_SPAN(row->seen.bytes, test_hex("000100"));
    CHECK_SPAN(row->wanted.bytes, test_hex("000000"));
}

int main(void)
{
    find_in_headers();
    judge_found();
    return test_finish();
}
