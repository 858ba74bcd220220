/* SPDX-License-Identifier: Apache-2.0 */
#include "codec/cbor.h"

#include <stdint.h>
#include <string.h>

#include "test/harness.h"

#define SHORTEST TROTH_CBOR_SHORTEST
#define ANY      TROTH_CBOR_ANY_LENGTH

/*
 * What a row asks for, a letter a call: u uint, i int, b bytes, t text, o bool, n null,
 * g tag, s skip, [ ] and { } containers.
 */
static void perform(struct troth_cbor *r, char call)
{
    switch (call) {
    case 'u':
        troth_cbor_uint(r, "test");
        break;
    case 'i':
        troth_cbor_int(r, "test");
        break;
    case 'b':
        troth_cbor_bytes(r, "test");
        break;
    case 't':
        troth_cbor_text(r, "test");
        break;
    case 'o':
        troth_cbor_bool(r, "test");
        break;
    case 'n':
        troth_cbor_null(r, "test");
        break;
    case 'g':
        troth_cbor_tag(r, "test");
        break;
    case 's':
        troth_cbor_skip(r, "test");
        break;
    case '[':
        troth_cbor_enter_array(r, "test");
        break;
    case '{':
        troth_cbor_enter_map(r, "test");
        break;
    default:
        troth_cbor_leave(r, "test");
    }
}

/* clang-format off */
static const struct {
    const char *why;
    const char *calls;
    const char *hex;
    enum troth_cbor_strictness strictness;
    enum troth_err err;
    size_t offset;
} reads[] = {
    {"a number in its head",              "u",     "17",               SHORTEST, TROTH_OK, 0},
    {"a number in one byte",              "u",     "1818",             SHORTEST, TROTH_OK, 0},
    {"the last byte that needs a look",   "u",     "181f",             SHORTEST, TROTH_OK, 0},
    {"the first that needs none",         "u",     "1820",             SHORTEST, TROTH_OK, 0},
    {"a number in eight bytes",           "u",     "1bffffffffffffffff", SHORTEST, TROTH_OK, 0},
    {"nothing at all",                    "u",     "",                 SHORTEST, TROTH_ERR_SHORT, 0},
    {"nothing read",                      "",      "",                 SHORTEST, TROTH_ERR_SHORT, 0},
    {"an item not read",                  "",      "00",               SHORTEST, TROTH_ERR_TRAILING, 0},
    {"a head without its argument",       "u",     "18",               SHORTEST, TROTH_ERR_SHORT, 0},
    {"a head with half its argument",     "u",     "1a000001",         SHORTEST, TROTH_ERR_SHORT, 0},
    {"bytes after the item",              "u",     "0000",             SHORTEST, TROTH_ERR_TRAILING, 1},
    {"a second item where one may stand", "uu",    "0000",             SHORTEST, TROTH_ERR_MISSING, 1},
    {"reserved information 28",           "u",     "1c",               SHORTEST, TROTH_ERR_VALUE, 0},
    {"reserved information 29",           "[u]",   "811d",             SHORTEST, TROTH_ERR_VALUE, 1},
    {"reserved information 30",           "s",     "fe",               SHORTEST, TROTH_ERR_VALUE, 0},
    {"a number of indefinite length",     "s",     "1f",               SHORTEST, TROTH_ERR_VALUE, 0},
    {"a negative of indefinite length",   "s",     "3f",               SHORTEST, TROTH_ERR_VALUE, 0},
    {"a tag of indefinite length",        "s",     "df00",             SHORTEST, TROTH_ERR_VALUE, 0},
    {"a break alone",                     "s",     "ff",               SHORTEST, TROTH_ERR_VALUE, 0},
    {"a break in a definite array",       "[u]",   "81ff",             SHORTEST, TROTH_ERR_VALUE, 1},
    {"a break in an array to be left",    "[]",    "81ff",             SHORTEST, TROTH_ERR_VALUE, 1},

    {"text for a number",                 "u",     "6161",             SHORTEST, TROTH_ERR_TYPE, 0},
    {"a negative for a uint",             "u",     "20",               SHORTEST, TROTH_ERR_TYPE, 0},
    {"a number for text",                 "t",     "00",               SHORTEST, TROTH_ERR_TYPE, 0},
    {"bytes for text",                    "t",     "4161",             SHORTEST, TROTH_ERR_TYPE, 0},
    {"text for bytes",                    "b",     "6161",             SHORTEST, TROTH_ERR_TYPE, 0},
    {"an array for a map",                "{}",    "80",               SHORTEST, TROTH_ERR_TYPE, 0},
    {"a map for an array",                "[]",    "a0",               SHORTEST, TROTH_ERR_TYPE, 0},
    {"null for a bool",                   "o",     "f6",               SHORTEST, TROTH_ERR_TYPE, 0},
    {"undefined for null",                "n",     "f7",               SHORTEST, TROTH_ERR_TYPE, 0},
    {"a simple value for a bool",         "o",     "f3",               SHORTEST, TROTH_ERR_TYPE, 0},
    {"a long simple value for a bool",    "o",     "f8ff",             SHORTEST, TROTH_ERR_TYPE, 0},
    {"a float for a number",              "i",     "f93c00",           SHORTEST, TROTH_ERR_TYPE, 0},
    {"a number for a tag",                "g",     "00",               SHORTEST, TROTH_ERR_TYPE, 0},

    {"the greatest int64",                "i",     "1b7fffffffffffffff", SHORTEST, TROTH_OK, 0},
    {"one more than that",                "i",     "1b8000000000000000", SHORTEST, TROTH_ERR_LIMIT, 0},
    {"the least int64",                   "i",     "3b7fffffffffffffff", SHORTEST, TROTH_OK, 0},
    {"one less than that",                "i",     "3b8000000000000000", SHORTEST, TROTH_ERR_LIMIT, 0},

    {"23 in one byte",                    "u",     "1817",             SHORTEST, TROTH_ERR_ENCODING, 0},
    {"255 in two bytes",                  "u",     "1900ff",           SHORTEST, TROTH_ERR_ENCODING, 0},
    {"65535 in four bytes",               "u",     "1a0000ffff",       SHORTEST, TROTH_ERR_ENCODING, 0},
    {"2^32 - 1 in eight bytes",           "u",     "1b00000000ffffffff", SHORTEST, TROTH_ERR_ENCODING, 0},
    {"a length of 1 in one byte",         "b",     "580161",           SHORTEST, TROTH_ERR_ENCODING, 0},
    {"a count of 1 in two bytes",         "[u]",   "99000100",         SHORTEST, TROTH_ERR_ENCODING, 0},
    {"a tag of 1 in one byte",            "gu",    "d80100",           SHORTEST, TROTH_ERR_ENCODING, 0},
    {"all of them where they may be",     "[ubu[u]gu]", "85 1b0000000000000000 580161 1900ff 99000100 d80100",
                                                                       ANY,      TROTH_OK, 0},
    {"but not a long simple value",       "s",     "f81f",             ANY,      TROTH_ERR_VALUE, 0},
    {"nor a false one",                   "s",     "f814",             ANY,      TROTH_ERR_VALUE, 0},
    {"a simple value of 32",              "s",     "f820",             SHORTEST, TROTH_OK, 0},

    {"a string cut short",                "b",     "4361",             SHORTEST, TROTH_ERR_SHORT, 0},
    {"a string longer than memory",       "[b]",   "815bffffffffffffffff61", SHORTEST, TROTH_ERR_SHORT, 1},
    {"a string of 2^32 + 1 bytes",        "b",     "5b000000010000000161", SHORTEST, TROTH_ERR_SHORT, 0},
    {"text that is not UTF-8",            "[ut]",  "820061ff",         SHORTEST, TROTH_ERR_TEXT, 2},
    {"text with a surrogate",             "s",     "63eda080",         SHORTEST, TROTH_ERR_TEXT, 0},
    {"bytes in chunks",                   "b",     "5f4161ff",         SHORTEST, TROTH_ERR_UNSUPPORTED, 0},
    {"text in chunks",                    "t",     "7f6161ff",         SHORTEST, TROTH_ERR_UNSUPPORTED, 0},
    {"chunks skipped",                    "[ss]",  "825f41614161ff7f6161ff", SHORTEST, TROTH_OK, 0},
    {"no chunks skipped",                 "s",     "5fff",             SHORTEST, TROTH_OK, 0},
    {"chunks without a break",            "s",     "5f4161",           SHORTEST, TROTH_ERR_SHORT, 3},
    {"a chunk cut short",                 "s",     "5f4261",           SHORTEST, TROTH_ERR_SHORT, 1},
    {"a chunk of text among bytes",       "s",     "5f4161 6161ff",    SHORTEST, TROTH_ERR_VALUE, 3},
    {"a number among bytes",              "s",     "5f00ff",           SHORTEST, TROTH_ERR_VALUE, 1},
    {"chunks within chunks",              "s",     "5f5f4161ffff",     SHORTEST, TROTH_ERR_VALUE, 1},
    {"a character split between chunks",  "s",     "7f61c361a9ff",     SHORTEST, TROTH_ERR_TEXT, 1},
    {"a long chunk length",               "s",     "5f580161ff",       SHORTEST, TROTH_ERR_ENCODING, 1},

    {"an array",                          "[uu]",  "820102",           SHORTEST, TROTH_OK, 0},
    {"an array until a break",            "[uu]",  "9f0102ff",         SHORTEST, TROTH_OK, 0},
    {"an element more than was read",     "[u]",   "820102",           SHORTEST, TROTH_ERR_TRAILING, 2},
    {"the same before a break",           "[u]",   "9f0102ff",         SHORTEST, TROTH_ERR_TRAILING, 2},
    {"an element fewer than was read",    "[uu]",  "8101",             SHORTEST, TROTH_ERR_MISSING, 2},
    {"the same before a break",           "[uu]",  "9f01ff",           SHORTEST, TROTH_ERR_MISSING, 2},
    {"an array cut short",                "[uu]",  "8201",             SHORTEST, TROTH_ERR_SHORT, 0},
    {"an array without its break",        "[u]",   "9f01",             SHORTEST, TROTH_ERR_SHORT, 2},
    {"the same skipped",                  "s",     "9f01",             SHORTEST, TROTH_ERR_SHORT, 2},
    {"more elements than bytes",          "[",     "9bffffffffffffffff", SHORTEST, TROTH_ERR_SHORT, 0},
    {"an array never left",               "[u",    "8101",             SHORTEST, TROTH_ERR_SHORT, 2},

    {"a map",                             "{uuuu}", "a201020304",      SHORTEST, TROTH_OK, 0},
    {"a map until a break",               "{uuuu}", "bf01020304ff",    SHORTEST, TROTH_OK, 0},
    {"a key without a value",             "{uuu}", "bf010203ff",       SHORTEST, TROTH_ERR_VALUE, 4},
    {"the same skipped",                  "s",     "bf010203ff",       SHORTEST, TROTH_ERR_VALUE, 4},
    {"a value asked of a break",          "{uu}",  "bf01ff",           SHORTEST, TROTH_ERR_VALUE, 2},
    {"more pairs than 2^63",              "{",     "bb80000000000000000000", SHORTEST, TROTH_ERR_SHORT, 0},
    {"as many pairs as bytes",            "{",     "a20102",           SHORTEST, TROTH_ERR_SHORT, 0},
    {"a key twice",                       "{uuuu}", "a201020103",      SHORTEST, TROTH_ERR_DUPLICATE, 3},
    {"the same until a break",            "{uuuu}", "bf01020103ff",    SHORTEST, TROTH_ERR_DUPLICATE, 3},
    {"the same skipped",                  "s",     "bf01020103ff",     SHORTEST, TROTH_ERR_DUPLICATE, 3},
    {"a text key twice",                  "s",     "a26161006161 01",  SHORTEST, TROTH_ERR_DUPLICATE, 4},
    {"a null key twice",                  "s",     "a2f600f601",       SHORTEST, TROTH_ERR_DUPLICATE, 3},
    {"a simple key twice",                "s",     "a2f8ff00f8ff01",   SHORTEST, TROTH_ERR_DUPLICATE, 4},
    {"twice, with greater keys between",  "s",     "a4050009000700 0500", SHORTEST, TROTH_ERR_DUPLICATE, 7},
    {"twice, the first being greatest",   "s",     "a3090001000900",   SHORTEST, TROTH_ERR_DUPLICATE, 5},
    {"keys in no order",                  "s",     "a5050009000700 06000800", SHORTEST, TROTH_OK, 0},
    {"one number as key and as value",    "s",     "a201010202",       SHORTEST, TROTH_OK, 0},
    {"1, -2, h'01', \"1\", true as keys", "s",     "a50100210041010061310 0f500", SHORTEST, TROTH_OK, 0},
    {"one key in two maps",               "s",     "82a10100a10100",   SHORTEST, TROTH_OK, 0},
    {"one key in a map and the one within", "s",   "a101a10100",       SHORTEST, TROTH_OK, 0},
    {"a key again after a map within",    "s",     "a301a102000300 0100", SHORTEST, TROTH_ERR_DUPLICATE, 7},
    {"a lesser key that was in the map within", "s", "a205a102000200", SHORTEST, TROTH_OK, 0},
    {"a key that was in the map within",  "s",     "a201a102000200",   SHORTEST, TROTH_OK, 0},
    {"a key twice in two lengths",        "s",     "a20100180101",     ANY,      TROTH_ERR_DUPLICATE, 3},
    {"the longer one first",              "s",     "a21801010100",     ANY,      TROTH_ERR_DUPLICATE, 4},
    {"a text key in two lengths",         "s",     "a2616100780161 00", ANY,     TROTH_ERR_DUPLICATE, 4},
    {"in two lengths, others between",    "s",     "a40500190009 0007001b0000000000000009 00", ANY, TROTH_ERR_DUPLICATE, 9},
    {"long keys that differ",             "s",     "a3180100180200190003 00", ANY, TROTH_OK, 0},
    {"long keys that differ in one byte",  "s",    "a319010000190200001903 0000", ANY, TROTH_OK, 0},
    {"long text keys that differ",        "s",     "a278016100780162 00", ANY,   TROTH_OK, 0},
    {"an array as a key",                 "s",     "a18000",           SHORTEST, TROTH_ERR_UNSUPPORTED, 1},
    {"a map as a key",                    "{{}u}", "a1a000",           SHORTEST, TROTH_ERR_UNSUPPORTED, 1},
    {"a tag as a key",                    "{guu}", "a1c10000",         SHORTEST, TROTH_ERR_UNSUPPORTED, 1},
    {"a float as a key",                  "s",     "a1f93c0000",       SHORTEST, TROTH_ERR_UNSUPPORTED, 1},
    {"chunks as a key",                   "s",     "a17f6161ff00",     SHORTEST, TROTH_ERR_UNSUPPORTED, 1},

    {"a tagged number",                   "gu",    "c100",             SHORTEST, TROTH_OK, 0},
    {"a tag twice",                       "ggu",   "c1c100",           SHORTEST, TROTH_OK, 0},
    {"a tag on nothing",                  "g",     "c1",               SHORTEST, TROTH_ERR_SHORT, 1},
    {"a tag on nothing, skipped",         "s",     "c1",               SHORTEST, TROTH_ERR_SHORT, 1},
    {"a tag on a break",                  "[g]",   "9fc1ff",           SHORTEST, TROTH_ERR_VALUE, 2},
    {"a tag on a break, skipped",         "s",     "9fc1ff",           SHORTEST, TROTH_ERR_VALUE, 2},
    {"a tag whose item was not read",     "[g]",   "81c100",           SHORTEST, TROTH_ERR_TRAILING, 2},
    {"a tagged value in a map",           "{ugu}", "a101c100",         SHORTEST, TROTH_OK, 0},
    {"tagged elements",                   "[gugu]", "82c100c101",     SHORTEST, TROTH_OK, 0},

    {"eight arrays",                      "[[[[[[[[]]]]]]]]", "8181818181818180", SHORTEST, TROTH_OK, 0},
    {"nine arrays",                       "[[[[[[[[[",  "818181818181818180", SHORTEST, TROTH_ERR_DEPTH, 8},
    {"eight arrays skipped",              "s",     "8181818181818180", SHORTEST, TROTH_OK, 0},
    {"nine arrays skipped",               "s",     "818181818181818180", SHORTEST, TROTH_ERR_DEPTH, 8},
    {"nine, some maps, some until a break", "s",   "9fa1009f9f818181818180ffffff", SHORTEST, TROTH_ERR_DEPTH, 9},
    {"seven within one that was entered", "[s]",   "8181818181818180", SHORTEST, TROTH_OK, 0},
    {"eight within one that was entered", "[s]",   "818181818181818180", SHORTEST, TROTH_ERR_DEPTH, 8},
    {"tags do not nest",                  "s",     "c1c1c1c1c1c1c1c1c1c100", SHORTEST, TROTH_OK, 0},

    {"floats are skipped, whatever they hold", "[ssss]", "84f97e00f90001fa7f800001fb3ff0000000000000",
                                                                       SHORTEST, TROTH_OK, 0},
    {"a float cut short",                 "s",     "fb3ff00000000000", SHORTEST, TROTH_ERR_SHORT, 0},
    {"the first failure stays",           "[tuu]", "830061ff00",       SHORTEST, TROTH_ERR_TYPE, 1},
};
/* clang-format on */

static void test_reads(void)
{
    for (size_t i = 0; i < COUNT(reads); i++) {
        struct troth_cbor r;
        struct troth_fault fault;

        test_case("read: %s", reads[i].why);
        troth_cbor_init(&r, test_hex(reads[i].hex), reads[i].strictness);
        for (const char *call = reads[i].calls; *call; call++)
            perform(&r, *call);
        if (r.c.fault.err)
            CHECK_TEXT(r.c.fault.field, "test");
        CHECK_ERR(troth_cbor_finish(&r, &fault), reads[i].err);
        CHECK_ERR(fault.err, reads[i].err);
        CHECK_INT(fault.offset, reads[i].offset);
    }
}

static void test_values(void)
{
    struct troth_cbor r;

    test_case("values come out as they went in");
    troth_cbor_init(&r,
                    test_hex("8d 00 1818 19 0100 1b ffffffffffffffff 20 38ff"
                             "3b7fffffffffffffff 43010203 62c3a9 f5 f4 f6 c1 05"),
                    SHORTEST);
    troth_cbor_enter_array(&r, "a");
    CHECK(troth_cbor_uint(&r, "a") == 0);
    CHECK(troth_cbor_uint(&r, "a") == 24);
    CHECK(troth_cbor_uint(&r, "a") == 256);
    CHECK(troth_cbor_uint(&r, "a") == UINT64_MAX);
    CHECK(troth_cbor_int(&r, "a") == -1);
    CHECK(troth_cbor_int(&r, "a") == -256);
    CHECK(troth_cbor_int(&r, "a") == INT64_MIN);
    CHECK_SPAN(troth_cbor_bytes(&r, "a"), test_hex("010203"));
    CHECK_SPAN(troth_cbor_text(&r, "a"), test_text("\xc3\xa9"));
    CHECK(troth_cbor_bool(&r, "a"));
    CHECK(!troth_cbor_bool(&r, "a"));
    troth_cbor_null(&r, "a");
    CHECK(troth_cbor_tag(&r, "a") == 1);
    CHECK(troth_cbor_int(&r, "a") == 5);
    CHECK(!troth_cbor_more(&r));
    troth_cbor_leave(&r, "a");
    CHECK_ERR(troth_cbor_finish(&r, NULL), TROTH_OK);

    test_case("skip hands out the item's exact bytes");
    troth_cbor_init(&r, test_hex("83 00 c1a1019f0203ff 05"), SHORTEST);
    troth_cbor_enter_array(&r, "a");
    CHECK_SPAN(troth_cbor_skip(&r, "a"), test_hex("00"));
    CHECK_SPAN(troth_cbor_skip(&r, "a"), test_hex("c1a1019f0203ff"));
    CHECK(troth_cbor_more(&r));
    CHECK_SPAN(troth_cbor_skip(&r, "a"), test_hex("05"));
    CHECK(!troth_cbor_more(&r));
    troth_cbor_leave(&r, "a");
    CHECK_ERR(troth_cbor_finish(&r, NULL), TROTH_OK);

    test_case("after a failure everything read is empty");
    troth_cbor_init(&r, test_hex("83 00 00 00"), SHORTEST);
    troth_cbor_enter_array(&r, "a");
    CHECK_SPAN(troth_cbor_text(&r, "b"), test_text(""));
    CHECK(troth_cbor_uint(&r, "c") == 0);
    CHECK(troth_cbor_int(&r, "c") == 0);
    CHECK(troth_cbor_tag(&r, "c") == 0);
    CHECK(!troth_cbor_bool(&r, "c"));
    CHECK(troth_cbor_skip(&r, "c").ptr == NULL);
    CHECK(!troth_cbor_more(&r));
    CHECK_INT(troth_cbor_peek(&r), TROTH_CBOR_END);
}

static void test_peek(void)
{
    static const struct {
        const char *hex;
        enum troth_cbor_type type;
    } rows[] = {
        {"00", TROTH_CBOR_UINT},
        {"20", TROTH_CBOR_NEGATIVE},
        {"40", TROTH_CBOR_BYTES},
        {"5fff", TROTH_CBOR_BYTES},
        {"60", TROTH_CBOR_TEXT},
        {"7fff", TROTH_CBOR_TEXT},
        {"80", TROTH_CBOR_ARRAY},
        {"9fff", TROTH_CBOR_ARRAY},
        {"a0", TROTH_CBOR_MAP},
        {"bfff", TROTH_CBOR_MAP},
        {"c100", TROTH_CBOR_TAG},
        {"f4", TROTH_CBOR_BOOL},
        {"f5", TROTH_CBOR_BOOL},
        {"f6", TROTH_CBOR_NULL},
        {"f7", TROTH_CBOR_UNDEFINED},
        {"e0", TROTH_CBOR_SIMPLE},
        {"f820", TROTH_CBOR_SIMPLE},
        {"f93c00", TROTH_CBOR_FLOAT},
        {"fb3ff0000000000000", TROTH_CBOR_FLOAT},
        {"fc", TROTH_CBOR_END},
        {"ff", TROTH_CBOR_END},
        {"", TROTH_CBOR_END},
    };

    for (size_t i = 0; i < COUNT(rows); i++) {
        struct troth_cbor r;

        test_case("peek: %s", rows[i].hex);
        troth_cbor_init(&r, test_hex(rows[i].hex), SHORTEST);
        CHECK_INT(troth_cbor_peek(&r), rows[i].type);
        CHECK_ERR(r.c.fault.err, TROTH_OK);
        if (rows[i].type == TROTH_CBOR_END)
            continue;
        troth_cbor_skip(&r, "test");
        CHECK_ERR(troth_cbor_finish(&r, NULL), TROTH_OK);
    }
}

static void test_limits(void)
{
    uint8_t map[2 + 3 * (TROTH_CBOR_KEYS + 1)] = {0xb8};
    struct troth_cbor r;
    struct troth_fault fault;

    for (unsigned count = TROTH_CBOR_KEYS; count <= TROTH_CBOR_KEYS + 1; count++) {
        test_case("a map of %u keys", count);
        map[1] = (uint8_t)count;
        for (unsigned i = 0; i < count; i++)
            memcpy(map + 2 + 3 * i, (uint8_t[]){0x18, (uint8_t)(100 + i), 0}, 3);
        troth_cbor_init(&r, (struct troth_span){map, 2 + 3 * (size_t)count}, SHORTEST);
        troth_cbor_skip(&r, "test");
        CHECK_ERR(troth_cbor_finish(&r, &fault),
                  count > TROTH_CBOR_KEYS ? TROTH_ERR_LIMIT : TROTH_OK);
        CHECK_INT(fault.offset, count > TROTH_CBOR_KEYS ? 2 + 3 * TROTH_CBOR_KEYS : 0);
    }

    test_case("every key of a full map, in a bad order, is compared with all others");
    for (unsigned twin = 0; twin < TROTH_CBOR_KEYS - 1; twin++) {
        map[1] = TROTH_CBOR_KEYS;
        for (unsigned i = 0; i < TROTH_CBOR_KEYS; i++)
            map[2 + 3 * i + 1] = (uint8_t)(100 + i * 37 % TROTH_CBOR_KEYS);
        map[2 + 3 * (TROTH_CBOR_KEYS - 1) + 1] = map[2 + 3 * twin + 1];
        troth_cbor_init(&r, (struct troth_span){map, 2 + 3 * TROTH_CBOR_KEYS}, SHORTEST);
        troth_cbor_skip(&r, "test");
        CHECK_ERR(troth_cbor_finish(&r, &fault), TROTH_ERR_DUPLICATE);
        CHECK_INT(fault.offset, 2 + 3 * (TROTH_CBOR_KEYS - 1));
    }

    test_case("nothing after the end is looked at");
    troth_cbor_init(&r, (struct troth_span){(const uint8_t[]){0x18, 0x40}, 1}, SHORTEST);
    troth_cbor_uint(&r, "test");
    CHECK_ERR(troth_cbor_finish(&r, NULL), TROTH_ERR_SHORT);

    test_case("as many maps as one likes, one after another");
    uint8_t maps[2 + 3 * 200] = {0x98, 200};
    for (size_t i = 0; i < 200; i++)
        memcpy(maps + 2 + 3 * i, (uint8_t[]){0xa1, 0, 0}, 3);
    troth_cbor_init(&r, (struct troth_span){maps, sizeof maps}, SHORTEST);
    troth_cbor_skip(&r, "test");
    CHECK_ERR(troth_cbor_finish(&r, NULL), TROTH_OK);

    test_case("no input at all, by NULL");
    troth_cbor_init(&r, (struct troth_span){NULL, 0}, SHORTEST);
    troth_cbor_skip(&r, "test");
    CHECK_ERR(troth_cbor_finish(&r, NULL), TROTH_ERR_SHORT);
}

int main(void)
{
    test_reads();
    test_values();
    test_peek();
    test_limits();
    return test_finish();
}
