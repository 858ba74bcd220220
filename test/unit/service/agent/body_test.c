/* SPDX-License-Identifier: Apache-2.0 */
#include "service/agent/body.h"

#include <stdio.h>
#include <string.h>

#include "test/harness.h"

/* clang-format off */
static const struct troth_member table[] = {
    {"nonce",   TROTH_MEMBER_HEX, 4, true},
    {"message", TROTH_MEMBER_BASE64, 4, false},
    {"name",    TROTH_MEMBER_TEXT, 4, false},
    {"bytes",   TROTH_MEMBER_UINT, 10, false},
};

static const struct {
    const char *why, *text;
    enum troth_err err;
    const char *field;
} rows[] = {
    {"one member", "{\"nonce\":\"00ff\"}", TROTH_OK, NULL},
    {"an empty value", "{\"nonce\":\"\"}", TROTH_OK, NULL},
    {"all of them", " { \"bytes\" : 1 , \"nonce\":\"00FF\", \"message\":\"AAE=\", \"name\":\"a\\u0062\" } ", TROTH_OK, NULL},
    {"a slash escaped, as some write base64", "{\"nonce\":\"\",\"message\":\"\\/\\/\\/\\/\"}", TROTH_OK, NULL},
    {"the required one missing", "{\"name\":\"a\"}", TROTH_ERR_MISSING, "nonce"},
    {"an empty object", "{}", TROTH_ERR_MISSING, "nonce"},
    {"nothing", "", TROTH_ERR_SHORT, "body"},
    {"no object", "[]", TROTH_ERR_TYPE, "body"},
    {"a text", "\"nonce\"", TROTH_ERR_TYPE, "body"},
    {"something behind it", "{\"nonce\":\"\"}{}", TROTH_ERR_TRAILING, NULL},
    {"a member twice", "{\"nonce\":\"\",\"nonce\":\"\"}", TROTH_ERR_DUPLICATE, NULL},
    {"twice in two spellings", "{\"nonce\":\"\",\"\\u006eonce\":\"\"}", TROTH_ERR_DUPLICATE, NULL},
    {"an unknown member", "{\"nonce\":\"\",\"domain\":\"strict\"}", TROTH_ERR_UNSUPPORTED, "body"},
    {"an unknown one of great depth", "{\"x\":[[[[{}]]]]}", TROTH_ERR_UNSUPPORTED, "body"},
    {"a name in capitals", "{\"Nonce\":\"\"}", TROTH_ERR_UNSUPPORTED, "body"},
    {"a number for hex", "{\"nonce\":1}", TROTH_ERR_TYPE, "nonce"},
    {"null", "{\"nonce\":null}", TROTH_ERR_TYPE, "nonce"},
    {"half a byte", "{\"nonce\":\"0\"}", TROTH_ERR_VALUE, "nonce"},
    {"no hex", "{\"nonce\":\"0x\"}", TROTH_ERR_VALUE, "nonce"},
    {"the longest", "{\"nonce\":\"01020304\"}", TROTH_OK, NULL},
    {"longer", "{\"nonce\":\"0102030405\"}", TROTH_ERR_LIMIT, "nonce"},
    {"base64 without padding", "{\"nonce\":\"\",\"message\":\"AAE\"}", TROTH_ERR_ENCODING, "message"},
    {"base64url", "{\"nonce\":\"\",\"message\":\"__8=\"}", TROTH_ERR_VALUE, "message"},
    {"base64, too long", "{\"nonce\":\"\",\"message\":\"AAAAAAA=\"}", TROTH_ERR_LIMIT, "message"},
    {"a long text", "{\"nonce\":\"\",\"name\":\"abcde\"}", TROTH_ERR_LIMIT, "name"},
    {"a text of another encoding", "{\"nonce\":\"\",\"name\":\"\xff\"}", TROTH_ERR_TEXT, "name"},
    {"zero", "{\"nonce\":\"\",\"bytes\":0}", TROTH_ERR_VALUE, "bytes"},
    {"the most", "{\"nonce\":\"\",\"bytes\":10}", TROTH_OK, NULL},
    {"more", "{\"nonce\":\"\",\"bytes\":11}", TROTH_ERR_LIMIT, "bytes"},
    {"a negative number", "{\"nonce\":\"\",\"bytes\":-1}", TROTH_ERR_VALUE, "bytes"},
    {"a fraction", "{\"nonce\":\"\",\"bytes\":1.0}", TROTH_ERR_VALUE, "bytes"},
    {"a number as text", "{\"nonce\":\"\",\"bytes\":\"1\"}", TROTH_ERR_TYPE, "bytes"},
    {"not JSON: a comma", "{\"nonce\":\"\",}", TROTH_ERR_VALUE, NULL},
    {"not JSON: no quotes", "{nonce:\"\"}", TROTH_ERR_VALUE, NULL},
    {"cut short", "{\"nonce\":\"", TROTH_ERR_SHORT, NULL},
};
/* clang-format on */

static uint8_t memory[1024];

int main(void)
{
    struct troth_member_value values[TROTH_BODY_MEMBERS_MAX];
    const struct troth_member flag = {"key", TROTH_MEMBER_BOOL, 0, false};
    struct troth_arena arena;
    struct troth_fault fault;

    for (size_t i = 0; i < COUNT(rows); i++) {
        test_case("%s", rows[i].why);
        arena = TROTH_ARENA_OVER(memory);
        CHECK_ERR(troth_body_read(values, &fault, table, COUNT(table),
                                  test_text(rows[i].text), &arena),
                  rows[i].err);
        if (rows[i].field)
            CHECK_TEXT(fault.field, rows[i].field);
        for (size_t k = 0; rows[i].err && k < COUNT(values); k++)
            CHECK(!values[k].is_given && !values[k].bytes.len);
    }
    test_case("the values of all of them");
    arena = TROTH_ARENA_OVER(memory);
    CHECK_ERR(troth_body_read(values, &fault, table, COUNT(table),
                              test_text(rows[2].text), &arena),
              TROTH_OK);
    CHECK_SPAN(values[0].bytes, test_hex("00ff"));
    CHECK_SPAN(values[1].bytes, test_hex("0001"));
    CHECK_SPAN(values[2].bytes, TROTH_LITERAL("ab"));
    CHECK_INT(values[3].number, 1);
    test_case("yes and no, and nothing else");
    arena = TROTH_ARENA_OVER(memory);
    CHECK_ERR(
        troth_body_read(values, &fault, &flag, 1, test_text("{\"key\":true}"), &arena),
        TROTH_OK);
    CHECK(values[0].is_given && values[0].flag);
    CHECK_ERR(
        troth_body_read(values, &fault, &flag, 1, test_text("{\"key\":false}"), &arena),
        TROTH_OK);
    CHECK(values[0].is_given && !values[0].flag);
    CHECK_ERR(troth_body_read(values, &fault, &flag, 1, test_text("{\"key\":1}"), &arena),
              TROTH_ERR_TYPE);
    test_case("no room");
    arena = (struct troth_arena){memory, 16, 0};
    CHECK_ERR(troth_body_read(values, &fault, table, COUNT(table),
                              test_text(rows[2].text), &arena),
              TROTH_ERR_MEMORY);
    return test_finish();
}
