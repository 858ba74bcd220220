/* SPDX-License-Identifier: Apache-2.0 */
#include "cel/value.h"
#include "test/harness.h"
#include "troth/cel.h"

#define OF(name) (&troth_cel_types[TROTH_CEL_##name])

/* An expression and the text of its value; NULL: the expression itself. The text means
 * the value: it evaluates to the same. */
static const struct {
    const char *source, *text;
} values[] = {
    {"null", NULL},
    {"true", NULL},
    {"false", NULL},
    {"0", NULL},
    {"-1", NULL},
    {"9223372036854775807", NULL},
    {"-9223372036854775808", NULL},
    {"18446744073709551615u", NULL},
    {"1.5", NULL},
    {"1.0", NULL},
    {"100.0", NULL},
    {"-0.0", NULL},
    {"1e+21", NULL},
    {"1e-7", NULL},
    {"1e20", "100000000000000000000.0"},
    {"1.7976931348623157e+308", NULL},
    {"double('Infinity')", NULL},
    {"double('-Infinity')", NULL},
    {"''", NULL},
    {"'text'", NULL},
    {"\"it's\"", "'it\\'s'"},
    {"'\\\\'", NULL},
    {"'\\n\\r\\t'", NULL},
    {"'\\u0000\\x1b\\x7f'", "'\\x00\\x1b\\x7f'"},
    {"'\xc3\xa9\xf0\x9f\x99\x82'", NULL},
    {"b''", NULL},
    {"b'abc'", "b'\\x61\\x62\\x63'"},
    {"b'abcd'", "b'\\x61\\x62\\x63\\x64'"},
    {"b'abcde'", "hex.decode('6162636465')"},
    {"timestamp('2026-05-01T00:00:00.5Z')", NULL},
    {"duration('-3723.5s')", NULL},
    {"duration('1h')", "duration('3600s')"},
    {"[]", NULL},
    {"[1, 2]", NULL},
    {"[[], [[1u]], {}]", NULL},
    {"{}", NULL},
    {"{'a': 1, true: [1.0, {2: 'x'}]}", NULL},
    {"int", NULL},
    {"google.protobuf.Timestamp", NULL},
    {"type([1])", "list"},
    {"type(type(1))", "type"},
    {"net.CIDR", NULL},
    {"optional.none()", NULL},
    {"optional.of(optional.of([optional.none()]))", NULL},
    {"ip('10.0.0.1')", NULL},
    {"ip('2001:db8::1')", NULL},
    {"cidr('192.168.0.0/24')", NULL},
};

static uint8_t memory[1 << 18];

/* The value of an expression, in `arena`. */
static bool evaluate(struct troth_cel_value *out, struct troth_arena *arena,
                     struct troth_span source)
{
    const struct troth_cel_env env = {.libraries = troth_cel_all_libraries,
                                      .library_count = TROTH_CEL_LIBRARIES};
    struct troth_cel_program program;
    const struct troth_cel_run run = {NULL, 10000, arena, NULL};

    return CHECK_ERR(troth_cel_compile(&program, NULL, &env, source, arena), TROTH_OK) &&
           CHECK_ERR(troth_cel_evaluate(out, &program, &run), TROTH_OK);
}

static bool are_equal(struct troth_arena *arena, const struct troth_cel_value *a,
                      const struct troth_cel_value *b)
{
    struct troth_cel_call call = {.arena = arena, .steps = 10000};

    return a->kind == b->kind && troth_cel_equal(&call, a, b);
}

static void test_values(void)
{
    for (size_t i = 0; i < COUNT(values); i++) {
        struct troth_arena arena = TROTH_ARENA_OVER(memory);
        struct troth_cel_value value;
        struct troth_cel_value again;
        uint8_t text[128];
        size_t len = 0;

        test_case("as text: %s", values[i].source);
        if (!evaluate(&value, &arena, test_text(values[i].source)) ||
            !CHECK_ERR(troth_cel_value_to_text(text, sizeof text, &len, &value),
                       TROTH_OK))
            continue;
        CHECK_SPAN(((struct troth_span){text, len}),
                   test_text(values[i].text ? values[i].text : values[i].source));
        if (evaluate(&again, &arena, (struct troth_span){text, len}))
            CHECK(are_equal(&arena, &value, &again));
    }
}

static const struct {
    struct troth_cel_value value;
    const char *text;
} others[] = {
    {{.kind = TROTH_CEL_NONE}, "no value"},
    {{.kind = TROTH_CEL_UNKNOWN}, "unknown"},
    {{.kind = TROTH_CEL_ERROR, .as.error.code = TROTH_CEL_ERROR_DIVIDE},
     "error: division by zero"},
};

static void test_others(void)
{
    for (size_t i = 0; i < COUNT(others); i++) {
        uint8_t text[128];
        size_t len = 0;

        test_case("what is no value: %s", others[i].text);
        CHECK_ERR(troth_cel_value_to_text(text, sizeof text, &len, &others[i].value),
                  TROTH_OK);
        CHECK_SPAN(((struct troth_span){text, len}), test_text(others[i].text));
    }
}

static void test_room(void)
{
    struct troth_arena arena = TROTH_ARENA_OVER(memory);
    const char *source = "{'key': [1, 2.5, b'abcdef', 'it\\'s'], 'b': optional.of(null)}";
    struct troth_cel_value value;
    uint8_t text[256];
    size_t needed = 0;

    test_case("no less room than is needed");
    if (!evaluate(&value, &arena, test_text(source)))
        return;
    CHECK_ERR(troth_cel_value_to_text(text, sizeof text, &needed, &value), TROTH_OK);
    for (size_t size = 0; size <= needed; size++) {
        size_t len = 99;

        CHECK_ERR(troth_cel_value_to_text(text, size, &len, &value),
                  size < needed ? TROTH_ERR_LIMIT : TROTH_OK);
        CHECK_INT(len, size < needed ? 0 : needed);
    }

    test_case("values nested deeper than any can be compared");
    struct troth_cel_value nested[TROTH_CEL_VALUE_NESTING + 1];
    struct troth_cel_list lists[TROTH_CEL_VALUE_NESTING + 1];
    for (size_t i = 0; i <= TROTH_CEL_VALUE_NESTING; i++) {
        lists[i] = (struct troth_cel_list){i ? &nested[i - 1] : NULL, i ? 1 : 0};
        nested[i] = TROTH_CEL_LIST_VALUE(&lists[i]);
    }
    CHECK_ERR(troth_cel_value_to_text(text, sizeof text, &needed,
                                      &nested[TROTH_CEL_VALUE_NESTING - 1]),
              TROTH_OK);
    CHECK_INT(needed, 2 * TROTH_CEL_VALUE_NESTING);
    CHECK_ERR(troth_cel_value_to_text(text, sizeof text, &needed,
                                      &nested[TROTH_CEL_VALUE_NESTING]),
              TROTH_ERR_LIMIT);
}

static void test_types(void)
{
    const struct troth_cel_type list = {TROTH_CEL_LIST, NULL, {NULL}};
    const struct troth_cel_type map = {TROTH_CEL_MAP, NULL, {OF(STRING), &list}};
    uint8_t text[64];
    size_t len = 0;

    test_case("types as text");
    CHECK_ERR(troth_cel_type_to_text(text, sizeof text, &len, &map), TROTH_OK);
    CHECK_SPAN(((struct troth_span){text, len}), test_text("map(string, list(dyn))"));
    CHECK_ERR(troth_cel_type_to_text(text, 21, &len, &map), TROTH_ERR_LIMIT);
    CHECK_INT(len, 0);
}

int main(void)
{
    test_values();
    test_others();
    test_room();
    test_types();
    return test_finish();
}
