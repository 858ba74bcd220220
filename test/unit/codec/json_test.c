/* SPDX-License-Identifier: Apache-2.0 */
#include "codec/json.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "base/span.h"
#include "test/harness.h"

/*
 * What a row asks for, a letter a call: u uint, d number, t string, o bool, n null,
 * k key, m member, a member_is "a", e leave_at_end, s skip, [ ] and { } containers.
 */
static void perform(struct troth_json *r, char call)
{
    switch (call) {
    case 'u':
        troth_json_uint(r, "test");
        break;
    case 'd':
        troth_json_number(r, "test");
        break;
    case 't':
        troth_json_string(r, "test");
        break;
    case 'o':
        troth_json_bool(r, "test");
        break;
    case 'n':
        troth_json_null(r, "test");
        break;
    case 'k':
        troth_json_key(r, "test");
        break;
    case 'm':
        (void)troth_json_member(r, &(struct troth_span){NULL, 0}, "test");
        break;
    case 'a':
        (void)troth_json_member_is(r, TROTH_LITERAL("\"a\":"));
        break;
    case 'e':
        (void)troth_json_leave_at_end(r);
        break;
    case 's':
        troth_json_skip(r, "test");
        break;
    case '[':
        troth_json_enter_array(r, "test");
        break;
    case '{':
        troth_json_enter_object(r, "test");
        break;
    default:
        troth_json_leave(r, "test");
    }
}

/* clang-format off */
static const struct {
    const char *why;
    const char *calls;
    const char *text;
    enum troth_err err;
    size_t offset;
} reads[] = {
    {"a number",                        "u",      "12",               TROTH_OK, 0},
    {"white space all around",          "[u]",    " \t\r\n[ 1\n ] \n", TROTH_OK, 0},
    {"nothing at all",                  "u",      "",                 TROTH_ERR_SHORT, 0},
    {"nothing but white space",         "s",      "  ",               TROTH_ERR_SHORT, 2},
    {"nothing read",                    "",       "",                 TROTH_ERR_SHORT, 0},
    {"a value not read",                "",       " 1",               TROTH_ERR_TRAILING, 1},
    {"bytes after the value",           "u",      "1 x",              TROTH_ERR_TRAILING, 2},
    {"a second value where one may stand", "uu",  "1 2",              TROTH_ERR_MISSING, 2},
    {"a zero byte after the value",     "s",      "[]\x01",           TROTH_ERR_TRAILING, 2},
    {"a form feed is no white space",   "s",      "\f1",              TROTH_ERR_VALUE, 0},
    {"a byte order mark",               "s",      "\xef\xbb\xbf[]",   TROTH_ERR_TEXT, 0},
    {"half of one",                     "s",      "\xef\xbb",         TROTH_ERR_VALUE, 0},
    {"one within",                      "s",      "[\xef\xbb\xbf]",   TROTH_ERR_VALUE, 1},

    {"a string for a number",           "u",      "\"1\"",            TROTH_ERR_TYPE, 0},
    {"a number for a string",           "t",      " 1",               TROTH_ERR_TYPE, 1},
    {"an array for an object",          "{}",     "[]",               TROTH_ERR_TYPE, 0},
    {"an object for an array",          "[]",     "{}",               TROTH_ERR_TYPE, 0},
    {"null for a bool",                 "o",      "null",             TROTH_ERR_TYPE, 0},
    {"a bool for null",                 "n",      "false",            TROTH_ERR_TYPE, 0},
    {"no value at all",                 "t",      "x",                TROTH_ERR_VALUE, 0},
    {"true in other letters",           "o",      "True",             TROTH_ERR_VALUE, 0},
    {"true but for a letter",           "o",      "trux",             TROTH_ERR_VALUE, 0},
    {"true cut short",                  "o",      "tru",              TROTH_ERR_SHORT, 0},
    {"true and more",                   "o",      "truee",            TROTH_ERR_TRAILING, 4},
    {"null but for a letter",           "n",      "nill",             TROTH_ERR_VALUE, 0},

    {"zero",                            "d",      "0",                TROTH_OK, 0},
    {"less than zero",                  "d",      "-0",               TROTH_OK, 0},
    {"all parts of a number",           "d",      "-10.05E+07",       TROTH_OK, 0},
    {"a minus alone",                   "d",      "-",                TROTH_ERR_SHORT, 1},
    {"a minus before a letter",         "d",      "-a",               TROTH_ERR_VALUE, 1},
    {"a plus in front",                 "d",      "+1",               TROTH_ERR_VALUE, 0},
    {"a zero in front",                 "d",      "01",               TROTH_ERR_TRAILING, 1},
    {"a zero in front, in an array",    "s",      "[01]",             TROTH_ERR_VALUE, 2},
    {"no digit before the point",       "d",      ".5",               TROTH_ERR_VALUE, 0},
    {"no digit after the point",        "s",      "[1.]",             TROTH_ERR_VALUE, 3},
    {"no digit in the exponent",        "s",      "[1e+]",            TROTH_ERR_VALUE, 4},
    {"a number cut short",              "d",      "1e",               TROTH_ERR_SHORT, 2},
    {"hexadecimal",                     "s",      "[0x1]",            TROTH_ERR_VALUE, 2},
    {"infinity",                        "s",      "[Infinity]",       TROTH_ERR_VALUE, 1},

    {"the greatest uint64",             "u",      "18446744073709551615", TROTH_OK, 0},
    {"one more",                        "u",      "18446744073709551616", TROTH_ERR_LIMIT, 0},
    {"ten times as much",               "[u]",    "[184467440737095516150]", TROTH_ERR_LIMIT, 1},
    {"a negative uint",                 "u",      "-1",               TROTH_ERR_VALUE, 0},
    {"minus zero as a uint",            "u",      "-0",               TROTH_ERR_VALUE, 0},
    {"a fraction as a uint",            "u",      "1.0",              TROTH_ERR_VALUE, 0},
    {"an exponent in a uint",           "u",      "1e2",              TROTH_ERR_VALUE, 0},

    {"uints in an array",               "[uuuu]", "[0, 7,10 ,255]", TROTH_OK, 0},
    {"19 digits in an array",           "[u]",    "[9999999999999999999]", TROTH_OK, 0},
    {"20 digits",                       "[u]",    "[18446744073709551615]", TROTH_OK, 0},
    {"20 that are too many",            "[u]",    "[18446744073709551616]", TROTH_ERR_LIMIT, 1},
    {"a zero in front of a uint",       "[u]",    "[01]",             TROTH_ERR_VALUE, 2},
    {"two zeros",                       "[u]",    "[00]",             TROTH_ERR_VALUE, 2},
    {"a negative uint in an array",     "[u]",    "[-1]",             TROTH_ERR_VALUE, 1},
    {"a fraction in an array",          "[u]",    "[1.0]",            TROTH_ERR_VALUE, 1},
    {"an exponent in an array",         "[u]",    "[1E2]",            TROTH_ERR_VALUE, 1},
    {"a letter behind a uint",          "[u]",    "[1a]",             TROTH_ERR_VALUE, 2},
    {"a uint cut short by the end",     "[u]",    "[1",               TROTH_ERR_SHORT, 2},
    {"no uint between commas",          "[u]",    "[,1]",             TROTH_ERR_VALUE, 1},

    {"a string",                        "t",      "\"a/\\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e9\"", TROTH_OK, 0},
    {"an empty string",                 "t",      "\"\"",             TROTH_OK, 0},
    {"a string cut short",              "t",      "\"a",              TROTH_ERR_SHORT, 2},
    {"a string cut short in an escape", "t",      "\"a\\",            TROTH_ERR_SHORT, 2},
    {"cut short in a long escape",      "t",      "\"\\u00e",         TROTH_ERR_SHORT, 1},
    {"an escape of no meaning",         "t",      "\"\\a\"",          TROTH_ERR_VALUE, 1},
    {"an escape in capitals",           "t",      "\"\\U0041\"",      TROTH_ERR_VALUE, 1},
    {"an escape that is not hex",       "t",      "\"\\u00g0\"",      TROTH_ERR_VALUE, 1},
    {"a line end in a string",          "t",      "\"a\nb\"",         TROTH_ERR_VALUE, 2},
    {"the last control character",      "t",      "\"\x1f\"",         TROTH_ERR_VALUE, 1},
    {"the first that is none",          "t",      "\"\x20\x7f\"",     TROTH_OK, 0},
    {"a pair of surrogates",            "t",      "\"\\ud83d\\uDE00\"", TROTH_OK, 0},
    {"a high surrogate alone",          "t",      "\"\\ud83d\"",      TROTH_ERR_TEXT, 1},
    {"a high surrogate and a letter",   "t",      "\"\\ud83da\"",     TROTH_ERR_TEXT, 1},
    {"a high surrogate and another escape", "t",  "\"\\ud83d\\n1234\"", TROTH_ERR_TEXT, 1},
    {"two low surrogates",              "t",      "\"\\ude00\\ude00\"", TROTH_ERR_TEXT, 1},
    {"a high surrogate and one too far", "t",     "\"\\ud83d\\ue000\"", TROTH_ERR_TEXT, 1},
    {"two high surrogates",             "t",      "\"\\ud83d\\ud83d\"", TROTH_ERR_TEXT, 1},
    {"a high surrogate and a letter's code", "t", "\"\\ud83d\\u0041\"", TROTH_ERR_TEXT, 1},
    {"a low surrogate alone",           "t",      "\"a\\ude00\"",     TROTH_ERR_TEXT, 2},
    {"surrogates in the wrong order",   "t",      "\"\\ude00\\ud83d\"", TROTH_ERR_TEXT, 1},
    {"UTF-8 of two, three, four bytes", "t",      "\"\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80\"", TROTH_OK, 0},
    {"a lead byte alone",               "t",      "\"\xc3\"",         TROTH_ERR_TEXT, 1},
    {"a character cut short by the end", "t",     "\"\xe2\x82",       TROTH_ERR_TEXT, 1},
    {"a continuation alone",            "t",      "\"\x80\"",         TROTH_ERR_TEXT, 1},
    {"an overlong slash",               "t",      "\"\xc0\xaf\"",     TROTH_ERR_TEXT, 1},
    {"a surrogate in UTF-8",            "t",      "\"\xed\xa0\x80\"", TROTH_ERR_TEXT, 1},
    {"above U+10FFFF",                  "t",      "\"\xf4\x90\x80\x80\"", TROTH_ERR_TEXT, 1},
    {"Latin-1",                         "s",      "[\"\xe9\"]",       TROTH_ERR_TEXT, 2},

    {"an array",                        "[uu]",   "[1,2]",            TROTH_OK, 0},
    {"an empty array",                  "[]",     "[ ]",              TROTH_OK, 0},
    {"an element more than was read",   "[u]",    "[1,2]",            TROTH_ERR_TRAILING, 2},
    {"the only element not read",       "[]",     "[1]",              TROTH_ERR_TRAILING, 1},
    {"an element fewer than was read",  "[uu]",   "[1]",              TROTH_ERR_MISSING, 2},
    {"the first element asked of none", "[u]",    "[]",               TROTH_ERR_MISSING, 1},
    {"an array cut short",              "[u]",    "[1",               TROTH_ERR_SHORT, 2},
    {"an array cut short after a comma", "[uu]",  "[1,",              TROTH_ERR_SHORT, 3},
    {"an array never left",             "[u",     "[1]",              TROTH_ERR_TRAILING, 2},
    {"an array never left nor closed",  "[u",     "[1",               TROTH_ERR_SHORT, 2},
    {"a comma at the end",              "s",      "[1,]",             TROTH_ERR_VALUE, 3},
    {"a comma at the start",            "s",      "[,1]",             TROTH_ERR_VALUE, 1},
    {"two commas",                      "s",      "[1,,2]",           TROTH_ERR_VALUE, 3},
    {"no comma",                        "s",      "[1 2]",            TROTH_ERR_VALUE, 3},
    {"no comma, read",                  "[uu]",   "[1 2]",            TROTH_ERR_VALUE, 3},
    {"no comma, left",                  "[u]",    "[1 2]",            TROTH_ERR_VALUE, 3},
    {"a colon for a comma",             "s",      "[1:2]",            TROTH_ERR_VALUE, 2},
    {"a brace for a bracket",           "[u]",    "[1}",              TROTH_ERR_VALUE, 2},
    {"the same skipped",                "s",      "[1}",              TROTH_ERR_VALUE, 2},
    {"a comment",                       "s",      "[1/**/]",          TROTH_ERR_VALUE, 2},

    {"an object",                       "{kuku}", "{\"a\":1, \"b\" : 2}", TROTH_OK, 0},
    {"an empty object",                 "{}",     "{ }",              TROTH_OK, 0},
    {"a key asked of none",             "{k}",    "{}",               TROTH_ERR_MISSING, 1},
    {"a key not in quotes",             "{ku}",   "{a:1}",            TROTH_ERR_VALUE, 1},
    {"a key that is a number",          "{ku}",   "{1:1}",            TROTH_ERR_VALUE, 1},
    {"no colon",                        "{ku}",   "{\"a\" 1}",        TROTH_ERR_VALUE, 5},
    {"an equals sign",                  "s",      "{\"a\"=1}",        TROTH_ERR_VALUE, 4},
    {"two colons",                      "s",      "{\"a\"::1}",       TROTH_ERR_VALUE, 5},
    {"no value",                        "s",      "{\"a\":}",         TROTH_ERR_VALUE, 5},
    {"no value and another key",        "s",      "{\"a\":,\"b\":1}", TROTH_ERR_VALUE, 5},
    {"a key alone",                     "s",      "{\"a\"}",          TROTH_ERR_VALUE, 4},
    {"a comma after the last member",   "s",      "{\"a\":1,}",       TROTH_ERR_VALUE, 7},
    {"a comma before the first",        "s",      "{,\"a\":1}",       TROTH_ERR_VALUE, 1},
    {"no comma between members",        "s",      "{\"a\":1 \"b\":2}", TROTH_ERR_VALUE, 7},
    {"cut short after a key",           "s",      "{\"a\"",           TROTH_ERR_SHORT, 4},
    {"cut short after a colon",         "s",      "{\"a\":",          TROTH_ERR_SHORT, 5},
    {"cut short after a value",         "s",      "{\"a\":1",         TROTH_ERR_SHORT, 6},
    {"a value not read",                "{k}",    "{\"a\":1}",        TROTH_ERR_TRAILING, 5},
    {"no value, and left",              "{k}",    "{\"a\":}",         TROTH_ERR_TRAILING, 5},
    {"a member not read",               "{ku}",   "{\"a\":1,\"b\":2}", TROTH_ERR_TRAILING, 6},
    {"a value read as if it had no key", "{u}",   "{\"a\":1}",        TROTH_ERR_TYPE, 1},
    {"a key read twice",                "{kk}",   "{\"a\":\"b\"}",    TROTH_ERR_TYPE, 5},
    {"a key read in an array",          "[k]",    "[\"a\"]",          TROTH_ERR_TYPE, 1},
    {"a bracket for a brace",           "s",      "{\"a\":1]",        TROTH_ERR_VALUE, 6},

    {"a key twice",                     "{kuku}", "{\"a\":1,\"a\":2}", TROTH_ERR_DUPLICATE, 7},
    {"the same skipped",                "s",      "{\"a\":1,\"a\":2}", TROTH_ERR_DUPLICATE, 7},
    {"a key again under an escape",     "s",      "{\"a\":1,\"\\u0061\":2}", TROTH_ERR_DUPLICATE, 7},
    {"the escape first",                "s",      "{\"\\u0061b\":1,\"ab\":2}", TROTH_ERR_DUPLICATE, 13},
    {"two escapes of one letter",       "s",      "{\"\\/\":1,\"\\u002F\":2}", TROTH_ERR_DUPLICATE, 8},
    {"hex in both cases",               "s",      "{\"\\u00e9\":1,\"\\u00E9\":2}", TROTH_ERR_DUPLICATE, 12},
    {"UTF-8 and its escape",            "s",      "{\"\xc3\xa9\":1,\"\\u00e9\":2}", TROTH_ERR_DUPLICATE, 8},
    {"UTF-8 and its pair of surrogates", "s",     "{\"\xf0\x9f\x98\x80\":1,\"\\ud83d\\ude00\":2}", TROTH_ERR_DUPLICATE, 10},
    {"an empty key twice",              "s",      "{\"\":1,\"\":2}",  TROTH_ERR_DUPLICATE, 6},
    {"a key and its beginning",         "s",      "{\"ab\":1,\"a\":2,\"\":3,\"abc\":4}", TROTH_OK, 0},
    {"keys that differ in case",        "s",      "{\"a\":1,\"A\":2}", TROTH_OK, 0},
    {"a zero within a key counts",      "s",      "{\"a\":1,\"a\\u0000\":2,\"a\\u0000b\":3}", TROTH_OK, 0},
    {"one key in two objects",          "s",      "[{\"a\":1},{\"a\":2}]", TROTH_OK, 0},
    {"one key in an object and the one within", "s", "{\"a\":{\"a\":1}}", TROTH_OK, 0},
    {"a key again after an object within", "s",   "{\"a\":{\"b\":1},\"a\":2}", TROTH_ERR_DUPLICATE, 13},
    {"a key that was in the object within", "s",  "{\"a\":{\"b\":1},\"b\":2}", TROTH_OK, 0},

    {"members, and the end",            "{mumum}", "{\"a\":1 , \"b\" :2 }", TROTH_OK, 0},
    {"members and white space",         "{mum}",  " {\n\t\"a\"\r: 1 }", TROTH_OK, 0},
    {"a member with escapes",           "{mu}",   "{\"\\u0061\":1}",   TROTH_OK, 0},
    {"a member twice",                  "{mumu}", "{\"a\":1,\"a\":2}", TROTH_ERR_DUPLICATE, 7},
    {"a member that is no key",         "{mu}",   "{1:1}",            TROTH_ERR_VALUE, 1},
    {"a member cut short",              "{mum",   "{\"a\":1,",        TROTH_ERR_SHORT, 7},
    {"a member asked for in an array",  "[m]",    "[\"a\"]",          TROTH_ERR_TYPE, 1},
    {"a member asked for twice",        "{mm}",   "{\"a\":\"b\"}",    TROTH_ERR_TYPE, 5},
    {"a member behind a comma alone",   "{mum}",  "{\"a\":1,}",       TROTH_ERR_VALUE, 7},
    {"a member asked for by name",      "{au}",   "{\"a\":1}",        TROTH_OK, 0},
    {"the same, but there is one only",  "{auau}", "{ \"a\":1}",       TROTH_ERR_MISSING, 7},
    {"another is not it",               "{amu}",  "{\"ab\":1}",       TROTH_OK, 0},
    {"nor with a space behind it",      "{amu}",  "{\"a\" :1}",       TROTH_OK, 0},
    {"nor with an escape",              "{amu}",  "{\"\\u0061\":1}",   TROTH_OK, 0},
    {"nor behind no comma",             "{auamu}", "{\"a\":1\"a\":2}", TROTH_ERR_VALUE, 6},
    {"nor the second time",             "{auamu}", "{\"a\":1,\"a\":2}", TROTH_ERR_DUPLICATE, 7},
    {"nor in an array",                 "[at]",   "[\"a\"]",          TROTH_OK, 0},
    {"nor cut short",                   "{amu}",  "{\"a\"",           TROTH_ERR_SHORT, 4},
    {"left at its end",                 "{aue",   "{\"a\":1 }",       TROTH_OK, 0},
    {"an array left at its end",        "[ue",    "[1]",              TROTH_OK, 0},
    {"not left before it",              "{eaue",  "{\"a\":1}",        TROTH_OK, 0},
    {"not left between key and value",  "{ae",    "{\"a\":}",         TROTH_ERR_TRAILING, 5},
    {"not left by another's bracket",   "[ue]",   "[1}",              TROTH_ERR_VALUE, 2},
    {"not left where nothing is open",  "eu",     "1",                TROTH_OK, 0},

    {"the first failure stays",         "[tuu]",  "[1,\"\xff\",x]",   TROTH_ERR_TYPE, 1},
};
/* clang-format on */

static void test_reads(void)
{
    for (size_t i = 0; i < COUNT(reads); i++) {
        struct troth_json r;
        struct troth_fault fault;

        test_case("read: %s", reads[i].why);
        troth_json_init(&r, test_text(reads[i].text));
        for (const char *call = reads[i].calls; *call; call++)
            perform(&r, *call);
        if (r.c.fault.err)
            CHECK_TEXT(r.c.fault.field, "test");
        CHECK_ERR(troth_json_finish(&r, &fault), reads[i].err);
        CHECK_ERR(fault.err, reads[i].err);
        CHECK_INT(fault.offset, reads[i].offset);
    }
}

static void test_values(void)
{
    struct troth_json r;

    test_case("values come out as they went in");
    troth_json_init(&r, test_text("{\"a\" : [ 0 , 18446744073709551615,-1.5e3, \"x\\n\" ,"
                                  "true,false,null, {\"\":[ ]} ] , \"b\":\"\"}"));
    troth_json_enter_object(&r, "f");
    CHECK_INT(troth_json_peek(&r), TROTH_JSON_STRING);
    CHECK_SPAN(troth_json_key(&r, "f"), test_text("a"));
    CHECK_INT(troth_json_peek(&r), TROTH_JSON_ARRAY);
    troth_json_enter_array(&r, "f");
    CHECK_INT(troth_json_peek(&r), TROTH_JSON_NUMBER);
    CHECK(troth_json_uint(&r, "f") == 0);
    CHECK(troth_json_uint(&r, "f") == UINT64_MAX);
    CHECK_INT(troth_json_peek(&r), TROTH_JSON_NUMBER);
    CHECK_SPAN(troth_json_number(&r, "f"), test_text("-1.5e3"));
    CHECK_INT(troth_json_peek(&r), TROTH_JSON_STRING);
    CHECK_SPAN(troth_json_string(&r, "f"), test_text("x\\n"));
    CHECK_INT(troth_json_peek(&r), TROTH_JSON_BOOL);
    CHECK(troth_json_bool(&r, "f"));
    CHECK(!troth_json_bool(&r, "f"));
    CHECK_INT(troth_json_peek(&r), TROTH_JSON_NULL);
    troth_json_null(&r, "f");
    CHECK(troth_json_more(&r));
    CHECK_INT(troth_json_peek(&r), TROTH_JSON_OBJECT);
    CHECK_SPAN(troth_json_skip(&r, "f"), test_text("{\"\":[ ]}"));
    CHECK(!troth_json_more(&r));
    CHECK_INT(troth_json_peek(&r), TROTH_JSON_END);
    troth_json_leave(&r, "f");
    CHECK(troth_json_more(&r));
    CHECK_SPAN(troth_json_key(&r, "f"), test_text("b"));
    CHECK_SPAN(troth_json_skip(&r, "f"), test_text("\"\""));
    CHECK(!troth_json_more(&r));
    troth_json_leave(&r, "f");
    CHECK_INT(troth_json_peek(&r), TROTH_JSON_END);
    CHECK_ERR(troth_json_finish(&r, NULL), TROTH_OK);

    test_case("after a failure everything read is empty");
    troth_json_init(&r, test_text("[1,2,3]"));
    troth_json_enter_array(&r, "a");
    CHECK(troth_json_string(&r, "b").ptr == NULL);
    CHECK(troth_json_uint(&r, "c") == 0);
    CHECK(!troth_json_bool(&r, "c"));
    CHECK(troth_json_skip(&r, "c").ptr == NULL);
    CHECK(troth_json_key(&r, "c").ptr == NULL);
    CHECK(!troth_json_more(&r));
    CHECK_INT(troth_json_peek(&r), TROTH_JSON_END);
    CHECK_TEXT(r.c.fault.field, "b");

    test_case("a value that fails at its end is not handed out");
    troth_json_init(&r, test_text("trux"));
    CHECK(!troth_json_bool(&r, "a"));
    troth_json_init(&r, test_text("1.x"));
    CHECK(troth_json_number(&r, "a").ptr == NULL);
    troth_json_init(&r, test_text("99999999999999999999"));
    CHECK(troth_json_uint(&r, "a") == 0);
}

static void test_text_of(void)
{
    /* clang-format off */
    static const struct {
        const char *raw, *decoded;
        bool in_place;
    } rows[] = {
        {"", "", true},
        {"plain \xc3\xa9", "plain \xc3\xa9", true},
        {"\\\"\\\\\\/\\b\\f\\n\\r\\t", "\"\\/\b\f\n\r\t", false},
        {"\\u0041\\u00e9\\u20AC\\ud83d\\ude00!", "A\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80!", false},
        {"\\uffff\\ud800\\udc00\\udbff\\udfff", "\xef\xbf\xbf\xf0\x90\x80\x80\xf4\x8f\xbf\xbf", false},
    };
    /* clang-format on */

    for (size_t i = 0; i < COUNT(rows); i++) {
        const struct troth_span raw = test_text(rows[i].raw);
        uint8_t room[40];
        struct troth_arena arena = TROTH_ARENA_OVER(room);
        struct troth_arena small = {room, strlen(rows[i].decoded) - !rows[i].in_place, 0};
        struct troth_span out;

        test_case("unescape %s", rows[i].raw);
        CHECK_ERR(troth_json_unescape(&out, &arena, raw), TROTH_OK);
        CHECK_SPAN(out, test_text(rows[i].decoded));
        CHECK((out.ptr == raw.ptr) == rows[i].in_place);
        CHECK(troth_json_text_is(raw, rows[i].decoded));
        CHECK(!troth_json_text_is(raw, "plain"));
        CHECK(!troth_json_text_is(raw, "plain \xc3\xa9!"));
        CHECK_ERR(troth_json_unescape(&out, &small, raw),
                  rows[i].in_place ? TROTH_OK : TROTH_ERR_MEMORY);
        CHECK(rows[i].in_place || out.ptr == NULL);
    }

    test_case("a zero within text is no end of it");
    uint8_t room[16];
    struct troth_arena arena = TROTH_ARENA_OVER(room);
    struct troth_span out;
    CHECK_ERR(troth_json_unescape(&out, &arena, test_text("a\\u0000b")), TROTH_OK);
    CHECK_SPAN(out, test_hex("610062"));
    CHECK(!troth_json_text_is(test_text("a\\u0000b"), "a"));
    CHECK(!troth_json_text_is(test_text("a\\u0000"), "a"));

    test_case("text that no reader has checked is refused, not read past");
    CHECK_ERR(troth_json_unescape(&out, &arena, test_text("\\")), TROTH_ERR_SHORT);
    CHECK_ERR(troth_json_unescape(&out, &arena, test_text("\\n\\u12")), TROTH_ERR_SHORT);
    CHECK_ERR(troth_json_unescape(&out, &arena, test_text("\\n\xc3")), TROTH_ERR_TEXT);
    CHECK(!troth_json_text_is(test_text("a\\"), "a"));
}

/* Strings are read by words of eight bytes: what ends one, at every place in a word. */
static void test_places(void)
{
    static const char many[] = "xxxxxxxxxxxxxxxxxxxxxxxx";
    static const char spaces[] = "            ", quotes[] = "\"\"\"\"\"\"\"\"\"\"\"\"";
    static const struct {
        const char *special;
        enum troth_err err;
    } rows[] = {
        {"\"", TROTH_OK},         {"\\n\"", TROTH_OK},       {"\xc3\xa9\"", TROTH_OK},
        {"!#[]\x7f\"", TROTH_OK}, {"\x1f", TROTH_ERR_VALUE}, {"\x01", TROTH_ERR_VALUE},
        {"\\x", TROTH_ERR_VALUE}, {"\x80", TROTH_ERR_TEXT},  {"\xff", TROTH_ERR_TEXT},
        {"", TROTH_ERR_SHORT},
    };

    for (size_t i = 0; i < COUNT(rows); i++) {
        test_case("at every place in a string: row %zu", i);
        for (size_t before = 0; before < 20; before++)
            for (size_t after = 0; after < 12; after++) {
                const bool is_whole = rows[i].err == TROTH_OK;
                char text[64];
                struct troth_json r;
                struct troth_fault fault;

                snprintf(text, sizeof text, "[\"%.*s%s%s%.*s", (int)before, many,
                         rows[i].special, is_whole ? "]" : "",
                         *rows[i].special ? (int)after : 0, is_whole ? spaces : quotes);
                troth_json_init(&r, test_text(text));
                troth_json_enter_array(&r, "test");
                troth_json_string(&r, "test");
                troth_json_leave(&r, "test");
                CHECK_ERR(troth_json_finish(&r, &fault), rows[i].err);
                if (rows[i].err)
                    CHECK_INT(fault.offset, 2 + before);
            }
    }
}

/* An object of `count` short keys, of which the last repeats the one at `repeated`; keys
 * at `odd` and behind it are written with an escape. */
static enum troth_err read_repeated(unsigned count, unsigned repeated, unsigned odd)
{
    char text[4096];
    size_t len = (size_t)snprintf(text, sizeof text, "{");
    struct troth_json r;

    for (unsigned i = 0; i < count; i++) {
        const unsigned name = i + 1 == count ? repeated : i;

        len += (size_t)snprintf(text + len, sizeof text - len, "%s\"%s%0*u\":0",
                                i ? "," : "", i >= odd ? "\\u006b" : "k",
                                (int)(name % 17), name);
    }
    snprintf(text + len, sizeof text - len, "}");
    troth_json_init(&r, test_text(text));
    troth_json_skip(&r, "test");
    return troth_json_finish(&r, NULL);
}

static void test_repeated_keys(void)
{
    test_case("a key repeated after any number of others");
    for (unsigned count = 1; count <= 40; count++)
        for (unsigned repeated = 0; repeated < count; repeated++)
            for (unsigned odd = 0; odd <= count; odd += 1 + odd / 4)
                CHECK_ERR(read_repeated(count, repeated, odd),
                          repeated + 1 < count ? TROTH_ERR_DUPLICATE : TROTH_OK);
}

static void test_limits(void)
{
    char text[16 * (TROTH_JSON_KEYS + 2)];
    struct troth_json r;
    struct troth_fault fault;

    for (size_t depth = TROTH_JSON_DEPTH; depth <= TROTH_JSON_DEPTH + 1; depth++) {
        test_case("%zu arrays deep", depth);
        memset(text, '[', depth);
        memset(text + depth, ']', depth);
        text[2 * depth] = 0;
        troth_json_init(&r, test_text(text));
        CHECK_INT(troth_json_skip(&r, "test").len,
                  depth > TROTH_JSON_DEPTH ? 0 : 2 * depth);
        CHECK_ERR(troth_json_finish(&r, &fault),
                  depth > TROTH_JSON_DEPTH ? TROTH_ERR_DEPTH : TROTH_OK);
        CHECK_INT(fault.offset, depth > TROTH_JSON_DEPTH ? TROTH_JSON_DEPTH : 0);
    }

    for (size_t depth = TROTH_JSON_DEPTH; depth <= TROTH_JSON_DEPTH + 1; depth++) {
        test_case("%zu arrays, entered one by one", depth);
        memset(text, '[', depth);
        memset(text + depth, ']', depth);
        text[2 * depth] = 0;
        troth_json_init(&r, test_text(text));
        for (size_t i = 0; i < depth; i++)
            troth_json_enter_array(&r, "test");
        for (size_t i = 0; i < depth; i++)
            troth_json_leave(&r, "test");
        CHECK_ERR(troth_json_finish(&r, &fault),
                  depth > TROTH_JSON_DEPTH ? TROTH_ERR_DEPTH : TROTH_OK);
        CHECK_INT(fault.offset, depth > TROTH_JSON_DEPTH ? TROTH_JSON_DEPTH : 0);
    }

    for (unsigned count = TROTH_JSON_KEYS; count <= TROTH_JSON_KEYS + 1; count++) {
        size_t len = 0;
        test_case("an object of %u keys", count);
        for (unsigned i = 0; i < count; i++)
            len += (size_t)snprintf(text + len, sizeof text - len, "%c\"key%u\":0",
                                    i ? ',' : '{', i);
        snprintf(text + len, sizeof text - len, "}");
        troth_json_init(&r, test_text(text));
        troth_json_skip(&r, "test");
        CHECK_ERR(troth_json_finish(&r, NULL),
                  count > TROTH_JSON_KEYS ? TROTH_ERR_LIMIT : TROTH_OK);
    }

    test_case("no input at all, by NULL");
    troth_json_init(&r, (struct troth_span){NULL, 0});
    troth_json_skip(&r, "test");
    CHECK_ERR(troth_json_finish(&r, NULL), TROTH_ERR_SHORT);
}

int main(void)
{
    test_reads();
    test_values();
    test_text_of();
    test_places();
    test_repeated_keys();
    test_limits();
    return test_finish();
}
