/* SPDX-License-Identifier: Apache-2.0 */
#include "tlog/witnesses.h"

#include <stdio.h>
#include <string.h>

#include "base/span.h"
#include "test/harness.h"
#include "test/support/note.h"
#include "troth/provider.h"

static uint8_t memory[8192];
static struct troth_crypto crypto;

/* A document out of a pattern: 'L' is the log's key, 'A' and 'B' are witnesses', 'C' is
 * B's key under another name, 'O' a witness's key of type 1; a single quote is a double
 * one. */
static struct troth_span document(const char *pattern)
{
    static char text[8192];
    size_t len = 0;

    text[0] = '\0';
    for (; *pattern; pattern++) {
        char one[2] = {*pattern == '\'' ? '"' : *pattern, '\0'};
        const char *piece = one;

        if (*pattern == 'L')
            piece = test_note_vkey("log.example", 1, 0x01);
        else if (*pattern == 'A' || *pattern == 'B')
            piece = test_note_vkey("w.example", (uint8_t)*pattern, 0x04);
        else if (*pattern == 'C')
            piece = test_note_vkey("c.example", 'B', 0x04);
        else if (*pattern == 'O')
            piece = test_note_vkey("o.example", 'O', 0x01);
        else if (*pattern == 'X')
            piece = test_note_vkey("log.example", 1, 0x04);
        len += (size_t)snprintf(text + len, sizeof text - len, "%s", piece);
    }
    return test_text(text);
}

/* clang-format off */
static const struct {
    const char *why, *pattern;
    enum troth_err err;
    const char *field;
} rows[] = {
    {"two of two", "{'origin':'go','log':'L','witnesses':['A','B'],'needed':2}", TROTH_OK, NULL},
    {"one of two, in another order", "{'needed':1,'witnesses':['A','B'],'log':'L','origin':'go'}", TROTH_OK, NULL},
    {"a witness whose key is published under type 1", "{'origin':'go','log':'L','witnesses':['A','O'],'needed':2}", TROTH_OK, NULL},

    {"nothing", "", TROTH_ERR_SHORT, "witnesses"},
    {"no object", "[]", TROTH_ERR_TYPE, "witnesses"},
    {"an empty one", "{}", TROTH_ERR_MISSING, "witnesses.log"},
    {"no witnesses", "{'log':'L','needed':1}", TROTH_ERR_MISSING, "witnesses.witnesses"},
    {"nobody says how many", "{'log':'L','witnesses':['A']}", TROTH_ERR_MISSING, "witnesses.needed"},
    {"none needed", "{'log':'L','witnesses':['A'],'needed':0}", TROTH_ERR_VALUE, "witnesses.needed"},
    {"none needed of none", "{'log':'L','witnesses':[],'needed':0}", TROTH_ERR_VALUE, "witnesses.needed"},
    {"more than there are", "{'log':'L','witnesses':['A'],'needed':2}", TROTH_ERR_VALUE, "witnesses.needed"},
    {"far more", "{'log':'L','witnesses':['A'],'needed':18446744073709551615}", TROTH_ERR_VALUE, "witnesses.needed"},
    {"fewer than none", "{'log':'L','witnesses':['A'],'needed':-1}", TROTH_ERR_VALUE, "witnesses.needed"},
    {"a number as text", "{'log':'L','witnesses':['A'],'needed':'1'}", TROTH_ERR_TYPE, "witnesses.needed"},
    {"an empty origin", "{'origin':'','log':'L','witnesses':['A'],'needed':1}", TROTH_ERR_VALUE, "witnesses.origin"},
    {"one witness twice", "{'log':'L','witnesses':['A','A'],'needed':1}", TROTH_ERR_DUPLICATE, "witnesses.witnesses"},
    {"one witness by two names", "{'log':'L','witnesses':['B','C'],'needed':1}", TROTH_ERR_DUPLICATE, "witnesses.witnesses"},
    {"the log's own key as a witness", "{'log':'L','witnesses':['A','X'],'needed':1}", TROTH_ERR_DUPLICATE, "witnesses.witnesses"},
    {"the same of type 1", "{'log':'L','witnesses':['L'],'needed':1}", TROTH_ERR_DUPLICATE, "witnesses.witnesses"},
    {"a log that only cosigns", "{'log':'X','witnesses':['A'],'needed':1}", TROTH_ERR_ALGORITHM, "witnesses.log"},
    {"a key that is none", "{'log':'L','witnesses':['w'],'needed':1}", TROTH_ERR_VALUE, "witnesses.witnesses"},
    {"a member twice", "{'log':'L','log':'L','witnesses':['A'],'needed':1}", TROTH_ERR_DUPLICATE, "witnesses"},
    {"a member that is none", "{'log':'L','witnesses':['A'],'needed':1,'quorum':1}", TROTH_ERR_UNSUPPORTED, "witnesses"},
    {"more behind it", "{'log':'L','witnesses':['A'],'needed':1}{}", TROTH_ERR_TRAILING, "witnesses"},
    {"seventeen", "{'log':'L','witnesses':['A','A','A','A','A','A','A','A','A','A','A','A','A','A','A','A','A'],'needed':1}",
     TROTH_ERR_LIMIT, "witnesses.witnesses"},
};
/* clang-format on */

static void test_rows(void)
{
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct troth_arena arena = TROTH_ARENA_OVER(memory);
        struct troth_fault fault;
        struct troth_witnesses found;

        test_case("%s", rows[i].why);
        CHECK_ERR(troth_witnesses_from_json(&found, &fault, document(rows[i].pattern),
                                            &crypto, &arena),
                  rows[i].err);
        CHECK_INT(found.count, rows[i].err ? 0 : 2);
        if (rows[i].field)
            CHECK_TEXT(fault.field, rows[i].field);
        if (rows[i].err)
            continue;
        CHECK(troth_span_is_text(found.origin, "go"));
        CHECK(troth_span_is_text(found.log_name, "log.example"));
        CHECK(troth_span_is_text(found.rows[0].name, "w.example"));
    }
}

static void test_defaults(void)
{
    struct troth_arena arena = TROTH_ARENA_OVER(memory);
    struct troth_witnesses found;
    uint8_t key[32];

    test_case("an origin that is the name of the log's key; escapes");
    CHECK_ERR(troth_witnesses_from_json(
                  &found, NULL,
                  document("{'log':'L','witne\\u0073ses':['A'],'needed':1}"), &crypto,
                  &arena),
              TROTH_OK);
    CHECK(troth_span_is_text(found.origin, "log.example"));
    CHECK_INT(found.needed, 1);
    test_note_key(key, 1);
    CHECK(memcmp(found.log_key, key, sizeof key) == 0);
    test_note_key(key, 'A');
    CHECK(memcmp(found.rows[0].key, key, sizeof key) == 0);
}

static void test_memory(void)
{
    const struct troth_span text = document(rows[0].pattern);
    struct troth_arena arena = {memory, 2048 + text.len, 0};
    struct troth_witnesses found;
    struct troth_fault fault;

    test_case("the memory that suffices, and too little");
    CHECK_ERR(troth_witnesses_from_json(&found, &fault, text, &crypto, &arena), TROTH_OK);
    for (size_t size = 0; size < 64; size++) {
        arena = (struct troth_arena){memory, size, 0};
        CHECK_ERR(troth_witnesses_from_json(&found, &fault, text, &crypto, &arena),
                  TROTH_ERR_MEMORY);
        CHECK_INT(found.count, 0);
    }
}

int main(void)
{
    CHECK_ERR(troth_provider_create(&crypto), TROTH_OK);
    test_rows();
    test_defaults();
    test_memory();
    troth_provider_destroy(&crypto);
    return test_finish();
}
