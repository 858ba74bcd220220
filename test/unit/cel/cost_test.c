/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "test/harness.h"
#include "troth/cel.h"

#define OF(name) (&troth_cel_types[TROTH_CEL_##name])

static const struct troth_cel_type texts_type = {TROTH_CEL_LIST, NULL, {OF(STRING)}};
static const struct troth_cel_type numbers_type = {TROTH_CEL_LIST, NULL, {OF(INT)}};
static const struct troth_cel_type map_type = {
    TROTH_CEL_MAP, NULL, {OF(STRING), OF(STRING)}};
static const struct troth_cel_type lists_type = {TROTH_CEL_LIST, NULL, {&texts_type}};

static const struct troth_cel_variable variables[] = {
    {"n", OF(INT)},         {"s", OF(STRING)}, {"other", OF(STRING)},
    {"texts", &texts_type}, {"m", &map_type},  {"numbers", &numbers_type},
    {"lists", &lists_type}, {"d", OF(DYN)},    {"same", &lists_type},
};

static const struct troth_cel_env env = {
    .variables = variables,
    .variable_count = COUNT(variables),
    .libraries = troth_cel_all_libraries,
    .library_count = TROTH_CEL_LIBRARIES,
};

static uint8_t memory[1 << 20];

/* How it grows is what matters: one for most nodes, and what is written here. */
static const struct {
    const char *why, *source;
    uint64_t at_16, at_160;
} rows[] = {
    {"a literal, and the end", "true", 2, 2},
    {"a node each", "n + n", 4, 4},
    {"numbers are compared at once", "n == 1", 4, 4},
    {"texts by 16 bytes", "s == other", 5, 14},
    {"a literal is as long as it is", "s == 'release'", 4, 4},
    {"the shorter decides", "s == '0123456789abcdef0123456789abcdef'", 5, 6},
    {"the dearer branch", "n == 1 ? s == other : n == 2", 3 + 3 + 4 + 1, 3 + 3 + 13 + 1},
    {"whichever it is", "n == 1 ? n == 2 : s == other", 3 + 3 + 4 + 1, 3 + 3 + 13 + 1},
    {"every element", "n in numbers", 4 + 16, 4 + 160},
    {"every element's bytes", "s in texts", 4 + 16 * 2, 4 + 160 * 11},
    {"a list that is there has its length", "s in ['a', 'b']", 6 + 2, 6 + 2},
    {"every key", "m['a'] == 'b'", 6 + 16, 6 + 160},
    {"the same by its field", "m.a == 'b'", 5 + 16, 5 + 160},
    {"a list's element is at hand", "numbers[1] == 1", 6, 6},
    {"loops go round", "numbers.all(x, x == 1)", 9 + 16 * (4 + 2 + 7), 9 + 160 * 13},
};

static uint64_t cost_of(const char *source, uint64_t size)
{
    struct troth_arena arena = TROTH_ARENA_OVER(memory);
    struct troth_cel_issue issue;
    struct troth_cel_program program;

    if (CHECK_ERR(troth_cel_compile(&program, &issue, &env, test_text(source), &arena),
                  TROTH_OK))
        return troth_cel_cost(&program, size);
    CHECK_TEXT(issue.text, "");
    return 0;
}

static void test_rows(void)
{
    for (size_t i = 0; i < COUNT(rows); i++) {
        test_case("%s: %s", rows[i].why, rows[i].source);
        CHECK_INT(cost_of(rows[i].source, 16), rows[i].at_16);
        CHECK_INT(cost_of(rows[i].source, 160), rows[i].at_160);
    }
}

/* What has to be enough for values as large as is said. */
static const char *const sources[] = {
    "n == 1",
    "s == other",
    "d == d",
    "same == lists",
    "m == m",
    "s in texts",
    "s + 'x' in m",
    "s in m ? m[s] : other",
    "m.x == s",
    "has(m.x)",
    "texts.all(t, t == s)",
    "texts.exists(t, t == 'no such')",
    "texts.exists_one(t, t == s)",
    "texts.map(t, t + 'x')",
    "texts.filter(t, t != s)",
    "texts.map(t, t == s, size(t))",
    "lists.all(l, l.all(t, t == s))",
    "lists.map(l, l.map(t, t))",
    "numbers.transformMap(i, v, v)",
    "m.transformMap(k, v, v + k)",
    "m.transformList(k, v, v)",
    "numbers.transformMapEntry(i, v, {v: i})",
    "numbers.all(i, v, i == v || v == n)",
    "s.split('')",
    "s.split('a')",
    "s.replace('a', 'bc')",
    "s.replace('', 'b')",
    "texts.join(s)",
    "texts.join()",
    "'%s %d %s'.format([s, n, texts])",
    "'%.1000f%.1000f'.format([1.5, 2.5])",
    "'%s'.format([m])",
    "s.matches('a*b')",
    "s.matches('(a|b|ab){3,40}c')",
    "s.contains(other)",
    "s.indexOf(other) + s.lastIndexOf(other)",
    "s.upperAscii().lowerAscii().reverse().trim()",
    "strings.quote(s)",
    "s.substring(2).charAt(1)",
    "s.startsWith(other) || s.endsWith(other)",
    "size(s) + s.size() + size(texts) + size(m)",
    "bytes(s) == b'x' || string(bytes(s)) == s",
    "base64.encode(bytes(s)) == s",
    "hex.encode(bytes(s)) == s",
    "math.greatest(numbers) > math.least(numbers)",
    "numbers + numbers == numbers",
    "s + other == s",
    "string(n) + string(1.5) + string(timestamp('2026-01-01T00:00:00Z')) != s",
    "{s: 1, other: 2, 'x': 3}",
    "[s, other, s].all(x, x != '')",
    "[1, 2, 3, 4, 5, 6, 7, 8, 9, 10].all(x, x > n)",
    "cel.bind(x, texts, x.all(t, t != s) && x == texts)",
    "texts[?3].orValue(s) == m[?s].orValue(s)",
    "m.?x.optMap(x, x + s).orValue('')",
    "n > 1 && n < 5 || s == other && (n == 3 ? true : false)",
    "[1, 'a', s, texts].exists(x, x == s)",
    "type(n) == int && dyn(s) == s",
    "ip('10.0.0.1') == ip('10.0.0.2')",
    "texts.map(t, lists.map(l, t in l))",
};

enum { SIZE = 40 };

static struct troth_cel_value list_of_texts(uint8_t texts[SIZE][SIZE])
{
    static struct troth_cel_value items[SIZE];
    static const struct troth_cel_list list = {items, SIZE};

    for (size_t i = 0; i < SIZE; i++) {
        memset(texts[i], 'a', SIZE);
        texts[i][SIZE - 1] = (uint8_t)('0' + i);
        items[i] = TROTH_CEL_STRING_VALUE(((struct troth_span){texts[i], SIZE}));
    }
    return TROTH_CEL_LIST_VALUE(&list);
}

static void fill(struct troth_cel_value values[COUNT(variables)])
{
    static uint8_t bytes[SIZE][SIZE];
    static struct troth_cel_value lists[SIZE], numbers[SIZE];
    static struct troth_cel_entry entries[SIZE];
    static const struct troth_cel_list of_lists = {lists, SIZE};
    static const struct troth_cel_list of_numbers = {numbers, SIZE};
    static const struct troth_cel_map map = {entries, SIZE};
    const struct troth_cel_value texts = list_of_texts(bytes);

    for (size_t i = 0; i < SIZE; i++) {
        lists[i] = texts;
        numbers[i] = TROTH_CEL_INT_VALUE((int64_t)i);
        entries[i] = (struct troth_cel_entry){texts.as.list->items[i],
                                              texts.as.list->items[i]};
    }
    values[0] = TROTH_CEL_INT_VALUE(3);
    values[1] = values[2] = texts.as.list->items[SIZE - 1];
    values[3] = texts;
    values[4] = TROTH_CEL_MAP_VALUE(&map);
    values[5] = TROTH_CEL_LIST_VALUE(&of_numbers);
    values[6] = values[8] = TROTH_CEL_LIST_VALUE(&of_lists);
    values[7] = texts;
}

static void test_bound(void)
{
    struct troth_cel_value values[COUNT(variables)];
    struct troth_cel_value value;

    fill(values);
    for (size_t i = 0; i < COUNT(sources); i++) {
        struct troth_arena arena = TROTH_ARENA_OVER(memory);
        struct troth_cel_program program;
        struct troth_cel_issue issue;

        test_case("the cost is enough for %s", sources[i]);
        if (!CHECK_ERR(
                troth_cel_compile(&program, &issue, &env, test_text(sources[i]), &arena),
                TROTH_OK))
            continue;
        /* Texts that are made of two are twice as long, and then some. */
        const struct troth_cel_run run = {
            values, troth_cel_cost(&program, (uint64_t)SIZE * 2 + 1), &arena, NULL};
        CHECK_ERR(troth_cel_evaluate(&value, &program, &run), TROTH_OK);
    }
}

static void test_end(void)
{
    static const char *const huge[] = {
        "lists.all(a, lists.all(b, lists.all(c, lists.all(d, a == b && c == d))))",
        "texts.join() in texts.map(t, t + s)",
    };

    test_case("more than can be counted");
    CHECK(cost_of(huge[0], UINT64_C(1) << 32) == UINT64_MAX);
    CHECK(cost_of(huge[1], UINT64_C(1) << 62) == UINT64_MAX);
    CHECK(cost_of(huge[0], UINT64_MAX) == UINT64_MAX);
    CHECK(cost_of("n == 1", UINT64_MAX) == 4);

    test_case("nothing is larger than none");
    CHECK(cost_of(huge[0], 0) < 100);
}

int main(void)
{
    test_rows();
    test_bound();
    test_end();
    return test_finish();
}
