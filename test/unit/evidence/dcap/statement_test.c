/* SPDX-License-Identifier: Apache-2.0 */
#include "evidence/dcap/statement.h"

#include "test/harness.h"

static const struct troth_member members[] = {
    TROTH_MEMBER("test", "a", true),
    TROTH_MEMBER("test", "bb", false),
    TROTH_MEMBER("test", "c", true),
};

/* clang-format off */
static const struct {
    const char *why, *json;
    const char *seen; /* rows, a digit each, in the order in which they come */
    enum troth_err err;
    const char *field;
} objects[] = {
    {"all in order", "{\"a\":1,\"bb\":1,\"c\":1}", "012", TROTH_OK, NULL},
    {"in another order", "{\"c\":1,\"bb\":1,\"a\":1}", "210", TROTH_OK, NULL},
    {"the one that may be missing", "{\"c\":1,\"a\":1}", "20", TROTH_OK, NULL},
    {"one that may not", "{\"bb\":1,\"a\":1}", "10", TROTH_ERR_MISSING, "test.c"},
    {"none", "{}", "", TROTH_ERR_MISSING, "test.a"},
    {"others between", "{\"x\":[],\"a\":1,\"b\":{},\"c\":1,\"bbb\":null}", "02", TROTH_OK, NULL},
    {"one twice", "{\"a\":1,\"c\":1,\"a\":1}", "02", TROTH_ERR_DUPLICATE, "test"},
    {"another twice", "{\"a\":1,\"x\":1,\"c\":1,\"x\":1}", "02", TROTH_ERR_DUPLICATE, "test"},
    {"a name in capitals", "{\"A\":1,\"c\":1}", "2", TROTH_ERR_MISSING, "test.a"},
    {"a name under an escape", "{\"\\u0061\":1,\"c\":1}", "2", TROTH_ERR_MISSING, "test.a"},
    {"cut off", "{\"a\":1,\"c\":1", "02", TROTH_ERR_SHORT, "test"},
    {"no object", "[]", "", TROTH_ERR_TYPE, "test"},
};
/* clang-format on */

static void test_members(void)
{
    for (size_t i = 0; i < COUNT(objects); i++) {
        struct troth_json json;
        struct troth_fault fault;
        char seen[16] = "";
        size_t count = 0;

        test_case("members: %s", objects[i].why);
        troth_json_init(&json, test_text(objects[i].json));

        struct troth_members m = troth_members_enter(&json, members, COUNT(members),
                                                     "test");

        while (troth_members_next(&m)) {
            seen[count++] = (char)('0' + m.at);
            CHECK_INT(troth_statement_uint(&json, 1, troth_members_field(&m)), 1);
        }
        CHECK_ERR(troth_json_finish(&json, &fault), objects[i].err);
        CHECK_TEXT(seen, objects[i].seen);
        /* A document that is cut off fails where nothing has a name. */
        if (fault.field)
            CHECK_TEXT(fault.field, objects[i].field);
    }
}

/* clang-format off */
static const struct {
    const char *why, *json;
    char kind; /* u: up to 255, x: two bytes of hex, i: instant, s: status, a: advisories */
    enum troth_err err;
    long long value;
} values[] = {
    {"zero", "0", 'u', TROTH_OK, 0},
    {"the most", "255", 'u', TROTH_OK, 255},
    {"one more", "256", 'u', TROTH_ERR_VALUE, 0},
    {"2^32, which is zero in 32 bits", "4294967296", 'u', TROTH_ERR_VALUE, 0},
    {"a fraction", "1.0", 'u', TROTH_ERR_VALUE, 0},
    {"a string", "\"1\"", 'u', TROTH_ERR_TYPE, 0},
    {"hex in both cases", "\"aB0f\"", 'x', TROTH_OK, 0xab0f},
    {"hex too short", "\"aB\"", 'x', TROTH_ERR_VALUE, 0},
    {"hex too long", "\"aB0f00\"", 'x', TROTH_ERR_VALUE, 0},
    {"an odd digit", "\"aB0\"", 'x', TROTH_ERR_VALUE, 0},
    {"not hex", "\"aB0g\"", 'x', TROTH_ERR_VALUE, 0},
    {"the same in other characters", "\"aB0/\"", 'x', TROTH_ERR_VALUE, 0},
    {"hex under an escape", "\"\\u0061\"", 'x', TROTH_ERR_VALUE, 0},
    {"a date", "\"2025-07-07T09:06:43Z\"", 'i', TROTH_OK, 1751879203},
    {"the first day", "\"1970-01-01T00:00:00Z\"", 'i', TROTH_OK, 0},
    {"before it", "\"1969-12-31T23:59:59Z\"", 'i', TROTH_OK, -1},
    {"a leap day", "\"2024-02-29T00:00:00Z\"", 'i', TROTH_OK, 1709164800},
    {"a leap day that is none", "\"2023-02-29T00:00:00Z\"", 'i', TROTH_ERR_VALUE, 0},
    {"a leap second", "\"2016-12-31T23:59:60Z\"", 'i', TROTH_ERR_VALUE, 0},
    {"hour 24", "\"2025-07-07T24:00:00Z\"", 'i', TROTH_ERR_VALUE, 0},
    {"year 0", "\"0000-07-07T00:00:00Z\"", 'i', TROTH_ERR_VALUE, 0},
    {"a fraction of a second", "\"2025-07-07T09:06:43.0Z\"", 'i', TROTH_ERR_VALUE, 0},
    {"an offset", "\"2025-07-07T09:06:43+00:00\"", 'i', TROTH_ERR_VALUE, 0},
    {"a short one with an offset", "\"2025-07-07T09:+06:3Z\"", 'i', TROTH_ERR_VALUE, 0},
    {"a date with other marks", "\"2025/07/07T09:06:43Z\"", 'i', TROTH_ERR_VALUE, 0},
    {"a time with other marks", "\"2025-07-07T09.06.43Z\"", 'i', TROTH_ERR_VALUE, 0},
    {"a space for the T", "\"2025-07-07 09:06:43Z\"", 'i', TROTH_ERR_VALUE, 0},
    {"a date alone", "\"2025-07-07\"", 'i', TROTH_ERR_VALUE, 0},
    {"an empty date", "\"\"", 'i', TROTH_ERR_VALUE, 0},
    {"a status", "\"OutOfDate\"", 's', TROTH_OK, TROTH_TCB_OUT_OF_DATE},
    {"an unknown one", "\"Outdated\"", 's', TROTH_ERR_VALUE, 0},
    {"no advisories", "[]", 'a', TROTH_OK, 0},
    {"one", "[\"INTEL-SA-1\"]", 'a', TROTH_OK, 12},
    {"two and white space", "[ \"A\" , \"B\" ]", 'a', TROTH_OK, 9},
    {"an array within", "[[\"A\"]]", 'a', TROTH_ERR_TYPE, 0},
    {"an underscore", "[\"A_1\"]", 'a', TROTH_ERR_VALUE, 0},
};
/* clang-format on */

static long long read_value(struct troth_json *json, char kind)
{
    uint8_t bytes[2] = {0, 0};

    switch (kind) {
    case 'u':
        return troth_statement_uint(json, 255, "test");
    case 'x':
        troth_statement_hex(json, bytes, sizeof bytes, "test");
        return bytes[0] << 8 | bytes[1];
    case 'i':
        return troth_statement_instant(json, "test");
    case 's':
        return troth_statement_status(json, "test");
    default:
        return (long long)troth_statement_advisories(json, "test").len;
    }
}

static void test_values(void)
{
    for (size_t i = 0; i < COUNT(values); i++) {
        struct troth_json json;

        test_case("values: %s", values[i].why);
        troth_json_init(&json, test_text(values[i].json));

        const long long value = read_value(&json, values[i].kind);

        CHECK_ERR(troth_json_finish(&json, NULL), values[i].err);
        if (!values[i].err)
            CHECK_INT(value, values[i].value);
    }
}

int main(void)
{
    test_members();
    test_values();
    return test_finish();
}
