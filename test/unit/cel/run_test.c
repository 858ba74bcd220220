/* SPDX-License-Identifier: Apache-2.0 */
/* Evaluation: what the conformance cases leave to us. Steps, loops and collections too.
 */
#include "base/span.h"
#include "cel/machine.h"
#include "test/harness.h"
#include "test/support/cel_trial.h"

/* Of expressions over the variables of cel_trial.h. */
static const struct {
    const char *why, *text;
    enum troth_cel_kind kind; /* BOOL: true */
    enum troth_cel_error error;
} outcomes[] = {
    {"a value", "i == 5 && s == 'text' && p.q", TROTH_CEL_BOOL},
    {"no value", "n < 2", TROTH_CEL_ERROR, TROTH_CEL_ERROR_VARIABLE},
    {"no value, absorbed", "n < 2 || i == 5", TROTH_CEL_BOOL},
    {"no value, absorbed before", "i == 5 || n < 2", TROTH_CEL_BOOL},
    {"no value, not wanted", "i == 5 ? true : n < 2", TROTH_CEL_BOOL},
    {"no value decides", "n < 2 ? true : true", TROTH_CEL_ERROR,
     TROTH_CEL_ERROR_VARIABLE},
    {"has a value", "has(p.q) && i == 5", TROTH_CEL_BOOL},
    {"has no value", "!has(p.n)", TROTH_CEL_BOOL},
    {"has a value or not, unknown", "has(p.u)", TROTH_CEL_UNKNOWN},
    {"dyn is of another kind", "d + 1", TROTH_CEL_ERROR, TROTH_CEL_ERROR_OVERLOAD},
    {"dyn is compared by number", "d == 7 && d < 8 && d > 6.5", TROTH_CEL_BOOL},
    {"dyn is no text", "d != 'a' && d != b'a'", TROTH_CEL_BOOL},
    {"dyn has no fields", "d.f == 1", TROTH_CEL_ERROR, TROTH_CEL_ERROR_FIELD},
    {"dyn is no collection", "d.all(x, x)", TROTH_CEL_ERROR, TROTH_CEL_ERROR_OVERLOAD},
    {"dyn is no condition", "d ? 1 : 2", TROTH_CEL_ERROR, TROTH_CEL_ERROR_OVERLOAD},
    {"dyn to a function", "size(d) == 1", TROTH_CEL_ERROR, TROTH_CEL_ERROR_OVERLOAD},
    {"dyn to a pattern", "dyn(d).matches('a')", TROTH_CEL_ERROR,
     TROTH_CEL_ERROR_OVERLOAD},
    {"a pattern", "s.matches('^te') && !s.matches('^x')", TROTH_CEL_BOOL},
    {"no pattern", "s.matches('(')", TROTH_CEL_ERROR, TROTH_CEL_ERROR_PATTERN},
    {"unequal", "i != 4 && s != 'texts' && b != b'' && s != 'tExt'", TROTH_CEL_BOOL},
    {"optional that is none", "[?d]", TROTH_CEL_ERROR, TROTH_CEL_ERROR_OVERLOAD},
    {"optional key that is none", "{?'a': d}", TROTH_CEL_ERROR, TROTH_CEL_ERROR_OVERLOAD},
    {"a key twice", "{i: 1, 5: 2}", TROTH_CEL_ERROR, TROTH_CEL_ERROR_KEY_TWICE},
    {"what is no key", "{dyn(1.5): 1}", TROTH_CEL_ERROR, TROTH_CEL_ERROR_KEY_TYPE},
    {"error in a list", "[1, 1 / 0, u]", TROTH_CEL_ERROR, TROTH_CEL_ERROR_DIVIDE},
    {"error in a map", "{'a': 1 / 0}", TROTH_CEL_ERROR, TROTH_CEL_ERROR_DIVIDE},
    {"error in a loop", "xs.map(x, x / 0)", TROTH_CEL_ERROR, TROTH_CEL_ERROR_DIVIDE},
    {"error that a let does not want", "cel.bind(x, 1 / 0, i == 5)", TROTH_CEL_BOOL},
    {"error that a let wants", "cel.bind(x, 1 / 0, x == 5)", TROTH_CEL_ERROR,
     TROTH_CEL_ERROR_DIVIDE},

    {"unknown", "u < 2", TROTH_CEL_UNKNOWN},
    {"unknown, decided", "u < 2 && i == 4 || true", TROTH_CEL_BOOL},
    {"unknown and false", "!(u < 2 && i == 4)", TROTH_CEL_BOOL},
    {"unknown and true", "u < 2 && i == 5", TROTH_CEL_UNKNOWN},
    {"unknown or true", "u < 2 || i == 5", TROTH_CEL_BOOL},
    {"unknown and an error", "u < n", TROTH_CEL_ERROR, TROTH_CEL_ERROR_VARIABLE},
    {"unknown and an error, both", "n == 1 && u == 1", TROTH_CEL_UNKNOWN},
    {"unknown condition", "u == 1 ? true : true", TROTH_CEL_UNKNOWN},
    {"unknown branch, not wanted", "i == 5 ? true : u == 1", TROTH_CEL_BOOL},
    {"unknown range", "us.all(x, x > 0)", TROTH_CEL_UNKNOWN},
    {"unknown elements", "xs.all(x, x < u)", TROTH_CEL_UNKNOWN},
    {"an element decides", "!xs.all(x, x < u && x < 3)", TROTH_CEL_BOOL},
    {"unknown to a function", "size(us) == 0", TROTH_CEL_UNKNOWN},
    {"unknown to a host", "host.twice(u) == 1", TROTH_CEL_UNKNOWN},
    {"unknown in a condition of a map", "xs.filter(x, x == u)", TROTH_CEL_UNKNOWN},
    {"unknown key", "m['a'] == u", TROTH_CEL_UNKNOWN},
    {"unknown element of a map", "xs.transformMap(k, v, u)", TROTH_CEL_UNKNOWN},

    {"an alternative, not wanted", "optional.of(i).orValue(1 / 0) == 5", TROTH_CEL_BOOL},
    {"an optional alternative, not wanted",
     "optional.of(i).or(optional.of(1 / 0)).value() == 5", TROTH_CEL_BOOL},
    {"an alternative, wanted", "m[?'b'].orValue(1 / 0) == 5", TROTH_CEL_ERROR,
     TROTH_CEL_ERROR_DIVIDE},
    {"alternatives in a row", "m[?'b'].or(m[?'a']).orValue(1 / 0) == 1", TROTH_CEL_BOOL},
    {"unknown alternative, not wanted", "m[?'a'].orValue(u) == 1", TROTH_CEL_BOOL},
    {"unknown alternative, wanted", "m[?'b'].orValue(u) == 1", TROTH_CEL_UNKNOWN},
    {"an alternative to what is unknown", "optional.of(u).orValue(1 / 0) == 1",
     TROTH_CEL_UNKNOWN},
    {"an alternative to an error", "optional.of(1 / 0).orValue(1) == 1", TROTH_CEL_ERROR,
     TROTH_CEL_ERROR_DIVIDE},
    {"an alternative to no optional", "dyn(d).orValue(1) == 7", TROTH_CEL_ERROR,
     TROTH_CEL_ERROR_OVERLOAD},

    {"a host's function", "host.twice(i) == 10", TROTH_CEL_BOOL},
    {"a host's failure", "host.fail(i)", TROTH_CEL_ERROR, TROTH_CEL_ERROR_HOST},
    {"a host's failure, absorbed", "host.fail(i) || i == 5", TROTH_CEL_BOOL},
    {"a function without code", "host.nothing(i)", TROTH_CEL_ERROR,
     TROTH_CEL_ERROR_FUNCTION},
    {"a host's in our place", "timestamp(0).getHours('Z') == 42", TROTH_CEL_BOOL},
    {"ours beside it", "timestamp(0).getHours() == 0", TROTH_CEL_BOOL},
};

static void check_outcomes(void)
{
    for (size_t i = 0; i < COUNT(outcomes); i++) {
        struct cel_trial trial;

        cel_trial_begin(&trial, false);
        cel_trial_fill(&trial, 5);
        test_case("%s: %s", outcomes[i].why, outcomes[i].text);
        const struct troth_cel_value value = cel_trial_value(&trial, outcomes[i].text);
        CHECK_INT(value.kind, outcomes[i].kind);
        if (outcomes[i].kind == TROTH_CEL_BOOL)
            CHECK(value.as.boolean);
        if (outcomes[i].kind == TROTH_CEL_ERROR)
            CHECK_INT(value.as.error.code, outcomes[i].error);
    }
}

/* True of every list of 40, so that what loops collect grows a few times. */
static void check_loops(void)
{
    static const char *const texts[] = {
        "xs.map(x, x * 2).size() == 40 && xs.map(x, x * 2)[39] == 78",
        "xs.filter(x, x % 2 == 1).map(x, x / 2) == xs.filter(x, x < 20)",
        "xs.map(x, x > 37, [x]) == [[38], [39]]",
        "xs.map(x, xs.filter(y, y < x)).all(l, l.size() < 40)",
        "xs.map(x, xs.map(y, x + y))[39][39] == 78",
        "xs.transformList(i, x, i == x).all(b, b)",
        "xs.transformMap(i, x, x + 1).all(k, v, v == k + 1)",
        "xs.transformMap(i, x, i > 37, x) == {38: 38, 39: 39}",
        "xs.transformMapEntry(i, x, {string(x): i}).size() == 40",
        "xs.transformMapEntry(i, x, {x: i, x + 100: i}).size() == 80",
        "xs.exists_one(x, x == 39) && !xs.existsOne(i, x, i < 2)",
        "xs.exists(x, x == 39) && !xs.exists(x, x == 40)",
        "cel.bind(l, xs.map(x, x), l + l).size() == 80",
        "cel.bind(l, xs.map(x, x), [l, l.map(x, x + 1), l]) [2] == xs",
        "m.map(k, k) == ['a'] && m.exists(k, v, k == 'a' && v == 1)",
        "[1, 2].map(x, [3, 4].map(y, x * y)) == [[3, 4], [6, 8]]",
        "[[1], [2, 3]].map(l, l.map(x, x)).map(l, l.size()) == [1, 2]",
        "xs.all(x, cel.bind(y, x + 1, y > x)) && [0].all(x, xs.all(x, x >= 0) && x == 0)",
    };
    struct cel_trial trial;

    for (size_t i = 0; i < COUNT(texts); i++) {
        cel_trial_begin(&trial, false);
        cel_trial_fill(&trial, 40);
        test_case("%s", texts[i]);
        const struct troth_cel_value value = cel_trial_value(&trial, texts[i]);
        CHECK(value.kind == TROTH_CEL_BOOL && value.as.boolean);
    }
    test_case("a key that is made twice");
    cel_trial_begin(&trial, false);
    cel_trial_fill(&trial, 3);
    const struct troth_cel_value twice = cel_trial_value(
        &trial, "xs.transformMapEntry(i, x, {'same': i})");
    CHECK_INT(twice.as.error.code, TROTH_CEL_ERROR_KEY_TWICE);
}

static const char *const budgets[] = {
    "i < 2",
    "s + 'a rather long text that is put together' == s",
    "xs.map(x, x + 1).filter(x, x in xs).size() > 3",
    "xs.transformMapEntry(i, x, {string(x): [x, i]}).size() == 20 ? s : 'none'",
    "s.matches('[a-z]*x') || [i, i + 1] == xs || {s: i} == m",
    "cel.bind(l, [i, i], l.exists(x, x == 4) && has(m.a))",
    "optional.of(s).orValue('none').size() == 4",
    "host.spend(100)",
};

/* Enough steps, and one less: with each number of steps in between, nothing but LIMIT. */
static void check_steps(void)
{
    struct cel_trial trial;
    struct troth_cel_value value;

    for (size_t i = 0; i < COUNT(budgets); i++) {
        cel_trial_begin(&trial, false);
        cel_trial_fill(&trial, 20);
        test_case("steps: %s", budgets[i]);
        const enum troth_cel_kind kind = cel_trial_value(&trial, budgets[i]).kind;
        const uint64_t least = cel_trial_least_steps(&trial);
        for (trial.steps = 0; trial.steps < least; trial.steps++) {
            const size_t used = trial.arena.used;
            CHECK_ERR(cel_trial_run(&trial, &value), TROTH_ERR_LIMIT);
            CHECK_INT(value.kind, TROTH_CEL_NONE);
            trial.arena.used = used;
        }
        CHECK_ERR(cel_trial_run(&trial, &value), TROTH_OK);
        CHECK_INT(value.kind, kind);
    }

    test_case("nothing absorbs the limit");
    cel_trial_begin(&trial, false);
    CHECK_ERR(cel_trial_compile(&trial, "host.spend(2000000) || true"), TROTH_OK);
    CHECK_ERR(cel_trial_run(&trial, &value), TROTH_ERR_LIMIT);
}

/* The same with memory: each size of an arena gives the answer or MEMORY. */
static void check_memory(void)
{
    static uint8_t room[1 << 16];
    struct cel_trial trial;
    struct troth_cel_value value;

    for (size_t i = 0; i < COUNT(budgets); i++) {
        enum troth_err err = TROTH_ERR_MEMORY;

        cel_trial_begin(&trial, false);
        cel_trial_fill(&trial, 20);
        test_case("memory: %s", budgets[i]);
        const enum troth_cel_kind kind = cel_trial_value(&trial, budgets[i]).kind;
        for (size_t size = 0; err && size < sizeof room; size += 8) {
            trial.arena = (struct troth_arena){room, size, 0};
            err = cel_trial_run(&trial, &value);
            CHECK(err == TROTH_OK || (err == TROTH_ERR_MEMORY && !value.kind));
        }
        CHECK_ERR(err, TROTH_OK);
        CHECK_INT(value.kind, kind);
    }
}

/* Twice the elements cost no more than twice the steps and the memory, and some. */
static void check_linear(void)
{
    static const char *const texts[] = {
        "xs.map(x, x + 1)",
        "xs.filter(x, x > 0)",
        "xs.transformList(i, x, i + x)",
        "xs.transformMap(i, x, x)",
        "xs.map(x, x % 2 == 0, [x])",
    };

    for (size_t i = 0; i < COUNT(texts); i++) {
        uint64_t steps[2];
        size_t memory[2];

        test_case("linear: %s", texts[i]);
        for (unsigned twice = 0; twice < 2; twice++) {
            struct cel_trial trial;
            struct troth_cel_value value;
            cel_trial_begin(&trial, false);
            cel_trial_fill(&trial, twice ? 8000 : 4000);
            CHECK_ERR(cel_trial_compile(&trial, texts[i]), TROTH_OK);
            const size_t before = trial.arena.used;
            CHECK_ERR(cel_trial_run(&trial, &value), TROTH_OK);
            memory[twice] = trial.arena.used - before;
            trial.arena.used = before;
            steps[twice] = cel_trial_least_steps(&trial);
        }
        CHECK(steps[1] < steps[0] * 5 / 2);
        CHECK(memory[1] < memory[0] * 5 / 2);
    }
}

/* An error says of which part of the source it is. */
static void check_places(void)
{
    static const struct {
        const char *text, *part;
    } rows[] = {
        {"1 + 2 / (i - 5)", "2 / (i - 5)"},
        {"i == 5 && n == 1", "n"},
        {"[1, 2][i]", "[1, 2][i]"},
        {"xs.map(x, m[string(x)])", "m[string(x)]"},
        {"host.fail(i) ? 1 : 2", "host.fail(i)"},
        {"size(dyn(d + 1)) == 1", "d + 1"},
    };

    for (size_t i = 0; i < COUNT(rows); i++) {
        struct cel_trial trial;

        cel_trial_begin(&trial, false);
        cel_trial_fill(&trial, 2);
        test_case("the place of an error: %s", rows[i].text);
        const struct troth_cel_value value = cel_trial_value(&trial, rows[i].text);
        CHECK_INT(value.kind, TROTH_CEL_ERROR);
        const struct troth_span part = {(const uint8_t *)rows[i].text +
                                            value.as.error.start,
                                        value.as.error.end - value.as.error.start};
        CHECK_SPAN(part, test_text(rows[i].part));
    }
}

/* The node that the part of the source is: a user's own, or the loop of a macro. */
static uint32_t node_of(const struct cel_trial *trial, const char *text, const char *part)
{
    const struct troth_cel_tree *tree = trial->program.tree;
    struct troth_cel_walk walk = troth_cel_walk_over(tree, tree->root);
    const struct troth_span wanted = test_text(part);

    while (troth_cel_walk_next(&walk)) {
        const struct troth_cel_node *node = &tree->nodes[walk.node];
        const struct troth_span seen = {(const uint8_t *)text + node->start,
                                        node->end - node->start};
        if (troth_span_equal(seen, wanted) &&
            (!node->is_written || node->kind == TROTH_CEL_NODE_LOOP))
            return walk.node;
    }
    return 0;
}

static void check_trace(void)
{
    static struct troth_cel_value trace[200];
    /* NONE: never evaluated. */
    static const struct {
        const char *text, *part;
        enum troth_cel_kind kind;
        int64_t wanted;
    } rows[] = {
        {"i < 2", "i", TROTH_CEL_INT, 5},
        {"i < 2", "2", TROTH_CEL_INT, 2},
        {"i < 2", "i < 2", TROTH_CEL_BOOL, false},
        {"i < 2 && s == 'a'", "s", TROTH_CEL_NONE, 0},
        {"i < 2 && s == 'a'", "i < 2 && s == 'a'", TROTH_CEL_BOOL, false},
        {"i > 2 && d == 7", "d == 7", TROTH_CEL_BOOL, true},
        {"i > 2 ? i + 1 : i - 1", "i + 1", TROTH_CEL_INT, 6},
        {"i > 2 ? i + 1 : i - 1", "i - 1", TROTH_CEL_NONE, 0},
        {"i > 2 ? i + 1 : i - 1", "i > 2 ? i + 1 : i - 1", TROTH_CEL_INT, 6},
        {"xs.all(x, x + 1 < 2)", "x + 1", TROTH_CEL_INT, 2},
        {"xs.all(x, x + 1 < 2)", "xs", TROTH_CEL_LIST, 0},
        {"xs.all(x, x + 1 < 2)", "xs.all(x, x + 1 < 2)", TROTH_CEL_BOOL, false},
        {"i == 1 + 2", "1 + 2", TROTH_CEL_INT, 3},
        {"cel.bind(x, i + 1, x * 2)", "x * 2", TROTH_CEL_INT, 12},
        {"n + 1 == 2", "n", TROTH_CEL_ERROR, TROTH_CEL_ERROR_VARIABLE},
        {"p.q", "p.q", TROTH_CEL_BOOL, true},
        {"i in [4, 5]", "[4, 5]", TROTH_CEL_LIST, 0},
    };

    for (size_t i = 0; i < COUNT(rows); i++) {
        struct cel_trial trial;

        cel_trial_begin(&trial, false);
        cel_trial_fill(&trial, 5);
        trial.trace = trace;
        for (size_t n = 0; n < COUNT(trace); n++)
            trace[n] = TROTH_CEL_NULL_VALUE;
        test_case("trace of '%s': '%s'", rows[i].text, rows[i].part);
        cel_trial_value(&trial, rows[i].text);
        const uint32_t node = node_of(&trial, rows[i].text, rows[i].part);
        CHECK(node);
        CHECK(trial.program.tree->count < COUNT(trace));
        CHECK_INT(trace[node].kind, rows[i].kind);
        if (rows[i].kind == TROTH_CEL_INT)
            CHECK_INT(trace[node].as.integer, rows[i].wanted);
        if (rows[i].kind == TROTH_CEL_BOOL)
            CHECK_INT(trace[node].as.boolean, rows[i].wanted);
    }
}

static void check_unchecked(void)
{
    static const struct {
        const char *text;
        enum troth_cel_error error;
    } rows[] = {
        {"nobody", TROTH_CEL_ERROR_VARIABLE},
        {"nobody.knows.it", TROTH_CEL_ERROR_VARIABLE},
        {"nothing(i)", TROTH_CEL_ERROR_FUNCTION},
        {"i.nothing()", TROTH_CEL_ERROR_FUNCTION},
        {"i + s", TROTH_CEL_ERROR_OVERLOAD},
        {"s.startsWith(i)", TROTH_CEL_ERROR_OVERLOAD},
        {"!i", TROTH_CEL_ERROR_OVERLOAD},
        {"i && true", TROTH_CEL_ERROR_OVERLOAD},
        {"i.field", TROTH_CEL_ERROR_FIELD},
    };

    for (size_t i = 0; i < COUNT(rows); i++) {
        struct cel_trial trial;

        cel_trial_begin(&trial, true);
        test_case("unchecked: %s", rows[i].text);
        const struct troth_cel_value value = cel_trial_value(&trial, rows[i].text);
        CHECK_INT(value.kind, TROTH_CEL_ERROR);
        CHECK_INT(value.as.error.code, rows[i].error);
    }
}

int main(void)
{
    check_outcomes();
    check_loops();
    check_steps();
    check_memory();
    check_linear();
    check_places();
    check_trace();
    check_unchecked();
    return test_finish();
}
