/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>
#include <time.h>

#include "test/harness.h"
#include "test/support/cel_trial.h"
#include "troth/cel.h"

static void check_used(void)
{
    static const struct {
        const char *text;
        uint32_t used[4];
        size_t count;
    } rows[] = {
        {"true", {0}, 0},
        {"i < 2", {0}, 1},
        {"p.q && s == 'a' && i + i > 2 && s == 'b'", {0, 3, 8}, 3},
        {"has(p.q) ? xs[0] : 1", {5, 8}, 2},
        {"[1].all(i, i > 0)", {0}, 0},
        {"[1].map(x, n)", {1}, 1},
    };

    for (size_t i = 0; i < COUNT(rows); i++) {
        struct cel_trial trial;

        cel_trial_begin(&trial, false);
        test_case("the variables of %s", rows[i].text);
        CHECK_ERR(cel_trial_compile(&trial, rows[i].text), TROTH_OK);
        CHECK_INT(trial.program.used_count, rows[i].count);
        CHECK_INT(trial.program.variable_count, trial.env.variable_count);
        for (size_t n = 0; n < rows[i].count; n++)
            CHECK_INT(trial.program.used[n], rows[i].used[n]);
    }
}

static void check_issues(void)
{
    static const char *const texts[] = {"i <", "i + s", "nobody", "Foo{}", "i &"};
    static const struct troth_cel_program none;
    struct cel_trial trial;

    for (size_t i = 0; i < COUNT(texts); i++) {
        cel_trial_begin(&trial, false);
        test_case("not an expression: %s", texts[i]);
        memset(&trial.program, 1, sizeof trial.program);
        CHECK_ERR(cel_trial_compile(&trial, texts[i]), TROTH_ERR_VALUE);
        CHECK(trial.issue.text[0] && trial.issue.line == 1 && trial.issue.column > 0);
        CHECK(trial.issue.start <= trial.issue.end &&
              trial.issue.end <= strlen(texts[i]));
        CHECK(memcmp(&trial.program, &none, sizeof none) == 0);
    }

    test_case("nobody wants to know why");
    cel_trial_begin(&trial, false);
    CHECK_ERR(troth_cel_compile(&trial.program, NULL, &trial.env, TROTH_LITERAL("i <"),
                                &trial.arena),
              TROTH_ERR_VALUE);

    test_case("what it must yield");
    trial.env.result = &troth_cel_types[TROTH_CEL_BOOL];
    CHECK_ERR(cel_trial_compile(&trial, "i"), TROTH_ERR_VALUE);
    CHECK_ERR(cel_trial_compile(&trial, "i == 1"), TROTH_OK);
    CHECK_INT(trial.program.type->kind, TROTH_CEL_BOOL);
}

/* An arena of each size is enough, or MEMORY. */
static void check_memory(void)
{
    static uint8_t room[1 << 17];
    static const char text[] = "xs.map(x, x + 1).size() == 3 && s.matches('a+b') && "
                               "m == {'a': 1 + 2, 'b': hex.decode('00').size()}";
    enum troth_err err = TROTH_ERR_MEMORY;
    struct cel_trial trial;

    cel_trial_begin(&trial, false);
    test_case("every size of an arena");
    for (size_t size = 0; err && size < sizeof room; size += 16) {
        trial.arena = (struct troth_arena){room, size, 0};
        err = cel_trial_compile(&trial, text);
        CHECK(err == TROTH_OK || (err == TROTH_ERR_MEMORY && !trial.program.code));
    }
    CHECK_ERR(err, TROTH_OK);
}

/* As large as an expression may be. */
static void check_size(void)
{
    static char text[TROTH_CEL_SOURCE_MAX];
    struct cel_trial trial;
    size_t len = 0;

    test_case("a long list");
    cel_trial_begin(&trial, false);
    text[len++] = '[';
    for (unsigned i = 0; i < 4000; i++) {
        text[len++] = i % 2 ? '1' : 'i';
        text[len++] = ',';
    }
    text[len - 1] = ']';
    const struct troth_cel_value value = cel_trial_value(&trial, text);
    CHECK_INT(value.kind, TROTH_CEL_LIST);
    CHECK_INT(value.as.list->count, 4000);
    CHECK_INT(value.as.list->items[3998].as.integer, 5);
}

/* A text that is put together. */
struct draft {
    char text[TROTH_CEL_SOURCE_MAX + 1];
    size_t len;
};

static void add(struct draft *draft, const char *more)
{
    const size_t len = strlen(more);

    if (len < sizeof draft->text - draft->len) {
        memcpy(draft->text + draft->len, more, len + 1);
        draft->len += len;
    }
}

/* `count` times `unit`, between two other texts; where it has "0000", they are numbered.
 */
static struct troth_span repeated(const char *before, const char *unit, unsigned count,
                                  const char *after)
{
    static struct draft draft;

    draft.len = 0;
    add(&draft, before);
    for (; count; count--) {
        const size_t start = draft.len;
        unsigned rest = count;

        add(&draft, unit);
        char *number = strstr(draft.text + start, "0000");
        for (size_t i = number ? 4 : 0; i > 0; i--, rest /= 10)
            number[i - 1] = (char)('0' + rest % 10);
    }
    add(&draft, after);
    return (struct troth_span){(const uint8_t *)draft.text, draft.len};
}

/* As many operators in a row as there may be. */
static void check_row(void)
{
    static struct troth_cel_value trace[TROTH_CEL_NODES_MAX];
    struct troth_cel_reason reasons[4];
    struct troth_cel_value value;
    struct cel_trial trial;
    size_t count;

    test_case("a long row");
    cel_trial_begin(&trial, false);
    trial.trace = trace;
    CHECK_ERR(troth_cel_compile(&trial.program, &trial.issue, &trial.env,
                                repeated("i", " + i", TROTH_CEL_DEPTH_MAX - 2, " < 0"),
                                &trial.arena),
              TROTH_OK);
    CHECK_ERR(cel_trial_run(&trial, &value), TROTH_OK);
    CHECK(value.kind == TROTH_CEL_BOOL && !value.as.boolean);
    troth_cel_explain(reasons, &count, COUNT(reasons), &trial.program, trace);
    CHECK_INT(count, COUNT(reasons));
    CHECK_INT(reasons[1].value.as.integer, 5 * (TROTH_CEL_DEPTH_MAX - 1));
    trial.steps = troth_cel_cost(&trial.program, 1);
    CHECK_ERR(cel_trial_run(&trial, &value), TROTH_OK);
}

/* Lets whose types are each twice as large as the one before. */
#define TWICE(a, b) "cel.bind(" #b ", {" #a ": " #a "}, "
#define LARGE_TYPE                                                                       \
    "cel.bind(a, {[]: []}, " TWICE(a, b) TWICE(b, c) TWICE(c, d) TWICE(d, e) TWICE(e, f) \
        TWICE(f, g) TWICE(g, h) TWICE(h, i) TWICE(i, j) TWICE(j, k) TWICE(k, l)          \
            TWICE(l, m) TWICE(m, n) TWICE(n, o) TWICE(o, p) TWICE(p, q) TWICE(q, r) "["
#define END_OF_LARGE_TYPE "r]))))))))))))))))))"

/* What is as long as it may be takes no time to compile that anybody would notice. */
static void check_time(void)
{
    static const struct {
        const char *why, *before, *unit;
        unsigned count;
        const char *after;
    } rows[] = {
        {"an extreme of many", "math.greatest(", "d,", 8000, "d) == 1"},
        {"large types", LARGE_TYPE, "r,", 6000, END_OF_LARGE_TYPE},
        {"large types, each another", LARGE_TYPE, "[r],", 3000, END_OF_LARGE_TYPE},
        {"patterns worked out", "[", "'a'.matches('(a{1000}){16}'),", 2000, "true]"},
        {"texts worked out", "[", "'%.999f'.format([1]),", 1500, "'']"},
        {"a map worked out", "{", "0000:1,", 4000, "-1:1}"},
    };
    static uint8_t room[1 << 26];
    const clock_t most = (clock_t)CLOCKS_PER_SEC / 4;

    for (size_t i = 0; i < COUNT(rows); i++) {
        struct cel_trial trial;

        cel_trial_begin(&trial, false);
        test_case("in time: %s", rows[i].why);
        trial.arena = (struct troth_arena){room, sizeof room, 0};
        const struct troth_span text = repeated(rows[i].before, rows[i].unit,
                                                rows[i].count, rows[i].after);
        const clock_t start = clock();
        const enum troth_err err = troth_cel_compile(&trial.program, &trial.issue,
                                                     &trial.env, text, &trial.arena);
        const clock_t taken = clock() - start;
        CHECK(err == TROTH_OK || err == TROTH_ERR_MEMORY);
        CHECK_TEXT(trial.issue.text, "");
        CHECK(taken < most);
    }
}

int main(void)
{
    check_used();
    check_issues();
    check_memory();
    check_size();
    check_row();
    check_time();
    return test_finish();
}
