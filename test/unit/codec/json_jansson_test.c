/* SPDX-License-Identifier: Apache-2.0 */
/* Our JSON reader and jansson, on thousands of spoilt inputs: what we read, it reads the
 * same; where one refuses what the other reads, the reason is one of those listed. */
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "codec/json.h"
#include "test/harness.h"
#include "test/support/mutate.h"

static const char *const seeds[] = {
    "[1,2.5,-3e10,\"a\",true,false,null,{},[]]",
    "{\"a\":1,\"b\":{\"a\":[1,{\"c\":\"d\"}]},\"c\":\"\\u0041\\n\"}",
    " { \"tcbInfo\" : { \"id\" : \"TDX\", \"version\" : 3 , \"list\" : [ ] } } ",
    "\"\\ud83d\\ude00\\\\\\/\\b\\f\\n\\r\\t\\\"\"",
    "[\"\xc3\xa9\",\"\xe2\x82\xac\",\"\xf0\x9f\x98\x80\"]",
    "{\"a\":1,\"\\u0061b\":2,\"\\u00e9\":3,\"\xc3\xa8\":4}",
    "[0,-0,10,-10.05E+07,1e-2,123456789012345678]",
    "[[[[[[[[[[[[1]]]]]]]]]]]]",
    "{\"\":{\"\":{\"\":{\"\":null}}}}",
    "18446744073709551615",
    "true",
};

/* clang-format off */
/* Where we are stricter than jansson. */
static const struct {
    enum troth_err err;
    const char *why;
} stricter[] = {
    {TROTH_ERR_DEPTH, "jansson's limit is 2048"},
    {TROTH_ERR_LIMIT, "jansson takes any number of keys"},
};

/* Where jansson is stricter than we are, by the beginning of what it says. */
static const struct {
    const char *says;
    const char *why;
} looser[] = {
    {"real number overflow", "our numbers are text"},
    {"NUL byte in object key not supported", "a zero is a character like any other"},
};
/* clang-format on */

enum { ROUNDS = 30000, ROOM = 400 };

static bool same(struct troth_json *r, const json_t *value, struct troth_arena *arena);

static bool same_text(struct troth_span raw, const char *text, size_t len,
                      struct troth_arena *arena)
{
    struct troth_span decoded;

    if (troth_json_unescape(&decoded, arena, raw))
        return false;
    return decoded.len == len && (len == 0 || memcmp(decoded.ptr, text, len) == 0);
}

static bool same_object(struct troth_json *r, const json_t *value,
                        struct troth_arena *arena)
{
    size_t count = 0;

    if (!json_is_object(value))
        return false;
    troth_json_enter_object(r, "object");
    for (; troth_json_more(r); count++) {
        struct troth_span key;
        if (troth_json_unescape(&key, arena, troth_json_key(r, "key")))
            return false;
        const json_t *member = json_object_getn(
            value, key.ptr ? (const char *)key.ptr : "", key.len);
        if (!member || !same(r, member, arena))
            return false;
    }
    troth_json_leave(r, "object");
    return count == json_object_size(value);
}

static bool same_array(struct troth_json *r, const json_t *value,
                       struct troth_arena *arena)
{
    size_t count = 0;

    if (!json_is_array(value))
        return false;
    troth_json_enter_array(r, "array");
    for (; troth_json_more(r); count++)
        if (count >= json_array_size(value) ||
            !same(r, json_array_get(value, count), arena))
            return false;
    troth_json_leave(r, "array");
    return count == json_array_size(value);
}

static bool same_number(struct troth_json *r, const json_t *value)
{
    char text[ROOM + 1];
    const struct troth_span raw = troth_json_number(r, "number");

    memcpy(text, raw.ptr, raw.len);
    text[raw.len] = 0;
    return json_is_real(value) && strtod(text, NULL) == json_real_value(value);
}

/* Recursive, because the depth of what we accept is at most 32. */
static bool same(struct troth_json *r, const json_t *value, struct troth_arena *arena)
{
    switch (troth_json_peek(r)) {
    case TROTH_JSON_OBJECT:
        return same_object(r, value, arena);
    case TROTH_JSON_ARRAY:
        return same_array(r, value, arena);
    case TROTH_JSON_STRING:
        return json_is_string(value) &&
               same_text(troth_json_string(r, "string"), json_string_value(value),
                         json_string_length(value), arena);
    case TROTH_JSON_NUMBER:
        return same_number(r, value);
    case TROTH_JSON_BOOL:
        return json_is_boolean(value) &&
               troth_json_bool(r, "bool") == json_is_true(value);
    case TROTH_JSON_NULL:
        troth_json_null(r, "null");
        return json_is_null(value);
    case TROTH_JSON_END:
        break;
    }
    return false;
}

static bool is_stricter(enum troth_err err)
{
    for (size_t i = 0; i < COUNT(stricter); i++)
        if (stricter[i].err == err)
            return true;
    return false;
}

/* jansson passes over a zero byte that follows a number. */
static bool has_zero_after_digit(struct troth_span raw)
{
    for (size_t i = 1; i < raw.len; i++)
        if (raw.ptr[i] == 0 && raw.ptr[i - 1] >= '0' && raw.ptr[i - 1] <= '9')
            return true;
    return false;
}

static bool is_looser(const char *says)
{
    for (size_t i = 0; i < COUNT(looser); i++)
        if (strncmp(says, looser[i].says, strlen(looser[i].says)) == 0)
            return true;
    return false;
}

/* Which way this input went: 0 both read it, 1 both refuse it, 2 only one does. */
static unsigned compare(struct troth_span raw)
{
    static uint8_t room[16 * ROOM];
    struct troth_arena arena = TROTH_ARENA_OVER(room);
    struct troth_json r;
    json_error_t says;
    unsigned way;

    troth_json_init(&r, raw);
    troth_json_skip(&r, "test");
    const enum troth_err err = troth_json_finish(&r, NULL);
    json_t *value = json_loadb((const char *)raw.ptr, raw.len,
                               JSON_REJECT_DUPLICATES | JSON_DECODE_ANY | JSON_ALLOW_NUL |
                                   JSON_DECODE_INT_AS_REAL,
                               &says);
    if (!err) {
        CHECK(value || is_looser(says.text));
        troth_json_init(&r, raw);
        CHECK(!value || same(&r, value, &arena));
        CHECK(!value || troth_json_finish(&r, NULL) == TROTH_OK);
        way = value ? 0 : 2;
    } else {
        CHECK(!value || is_stricter(err) || has_zero_after_digit(raw));
        way = value ? 2 : 1;
    }
    json_decref(value);
    return way;
}

static void test_spoilt(void)
{
    const struct troth_span alphabet = test_text(
        "[]{}:,\"\"\\\\/bfnrtu0123456789abcdefABD"
        "+-.eE \n\t\xc3\xa9\xed\xa0\x80");
    struct test_random random = {20260501};
    unsigned ways[3] = {0};
    uint8_t room[ROOM];

    test_case("%u spoilt inputs", ROUNDS);
    for (unsigned round = 0; round < ROUNDS; round++) {
        const struct troth_span seed = test_text(seeds[round % COUNT(seeds)]);
        ways[compare(test_mutate(&random, room, sizeof room, seed, alphabet))]++;
    }
    printf("# both read %u, both refuse %u, one alone refuses %u\n", ways[0], ways[1],
           ways[2]);
    CHECK(ways[0] > ROUNDS / 20 && ways[1] > ROUNDS / 20);
}

int main(void)
{
    test_case("the seeds themselves");
    for (size_t i = 0; i < COUNT(seeds); i++)
        CHECK_INT(compare(test_text(seeds[i])), 0);
    test_case("where one is stricter");
    CHECK_INT(compare(test_text("1e999")), 2);
    CHECK_INT(compare(test_text("{\"a\\u0000\":1}")), 2);
    CHECK_INT(
        compare(test_text("[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]]]]]"
                          "]]]]]]]]")),
        2);
    CHECK_INT(compare((struct troth_span){(const uint8_t *)"[0\0,1]", 6}), 2);
    test_spoilt();
    return test_finish();
}
