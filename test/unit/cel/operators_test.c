/* SPDX-License-Identifier: Apache-2.0 */
/* What operators do with values: those of operators.c, arithmetic.c and access.c. */
#include "cel/operators.h"

#include "test/support/cel_rows.h"
#include "troth/cel.h"

#define MAX_INT  INT64_MAX
#define MIN_INT  INT64_MIN
#define MAX_UINT UINT64_MAX
#define INFINITE (1e308 * 10)
#define UNKNOWN_                                                                         \
    {                                                                                    \
        .kind = TROTH_CEL_UNKNOWN                                                        \
    }
#define LAST_S   253402300799
#define SPAN_MAX 315576000000

struct row {
    const char *why, *name;
    struct troth_cel_value arguments[2];
    struct troth_cel_value wanted;
};

static const struct row rows[] = {
    {"int", "_+_", {I(40), I(2)}, I(42)},
    {"int, over the end", "_+_", {I(MAX_INT), I(1)}, E(OVERFLOW)},
    {"int, to the end", "_+_", {I(MAX_INT - 1), I(1)}, I(MAX_INT)},
    {"int, below the end", "_+_", {I(MIN_INT), I(-1)}, E(OVERFLOW)},
    {"uint", "_+_", {U(1), U(2)}, U(3)},
    {"uint, over the end", "_+_", {U(MAX_UINT), U(1)}, E(OVERFLOW)},
    {"double", "_+_", {D(0.5), D(0.25)}, D(0.75)},
    {"kinds are not mixed", "_+_", {I(1), U(1)}, E(OVERLOAD)},
    {"string", "_+_", {S("ab"), S("c")}, S("abc")},
    {"nothing to a string", "_+_", {S("ab"), S("")}, S("ab")},
    {"a string to nothing", "_+_", {S(""), S("ab")}, S("ab")},
    {"bytes", "_+_", {Y("\xff"), Y("\x00")}, Y("\xff\x00")},
    {"bytes and string", "_+_", {Y("a"), S("a")}, E(OVERLOAD)},
    {"list", "_+_", {L(I(1)), L(S("a"), I(2))}, L(I(1), S("a"), I(2))},
    {"an empty list", "_+_", {EMPTY, L(I(1))}, L(I(1))},
    {"timestamp and duration", "_+_", {TIME(10, 0), SPAN(5, 1)}, TIME(15, 1)},
    {"duration and timestamp", "_+_", {SPAN(5, 1), TIME(10, 0)}, TIME(15, 1)},
    {"durations", "_+_", {SPAN(5, 0), SPAN(-6, 0)}, SPAN(-1, 0)},
    {"two timestamps", "_+_", {TIME(1, 0), TIME(1, 0)}, E(OVERLOAD)},
    {"after the last second", "_+_", {TIME(LAST_S, 0), SPAN(1, 0)}, E(OVERFLOW)},
    {"maps", "_+_", {M({I(1), I(1)}), M({I(2), I(2)})}, E(OVERLOAD)},

    {"int", "_-_", {I(1), I(2)}, I(-1)},
    {"int, below the end", "_-_", {I(MIN_INT), I(1)}, E(OVERFLOW)},
    {"int, over the end", "_-_", {I(0), I(MIN_INT)}, E(OVERFLOW)},
    {"int, to the end", "_-_", {I(-1), I(MIN_INT)}, I(MAX_INT)},
    {"uint", "_-_", {U(3), U(3)}, U(0)},
    {"uint, below zero", "_-_", {U(3), U(4)}, E(OVERFLOW)},
    {"double", "_-_", {D(1), D(0.5)}, D(0.5)},
    {"timestamps", "_-_", {TIME(10, 0), TIME(4, 0)}, SPAN(6, 0)},
    {"timestamp and duration", "_-_", {TIME(10, 0), SPAN(4, 0)}, TIME(6, 0)},
    {"durations", "_-_", {SPAN(1, 0), SPAN(2, 0)}, SPAN(-1, 0)},
    {"duration and timestamp", "_-_", {SPAN(1, 0), TIME(2, 0)}, E(OVERLOAD)},
    {"strings", "_-_", {S("a"), S("a")}, E(OVERLOAD)},

    {"int", "_*_", {I(-6), I(7)}, I(-42)},
    {"int, the lowest", "_*_", {I(MIN_INT / 2), I(2)}, I(MIN_INT)},
    {"int, over the end", "_*_", {I(MIN_INT), I(-1)}, E(OVERFLOW)},
    {"int, far over the end", "_*_", {I(MAX_INT), I(MAX_INT)}, E(OVERFLOW)},
    {"int, by zero", "_*_", {I(MIN_INT), I(0)}, I(0)},
    {"uint", "_*_", {U(MAX_UINT), U(1)}, U(MAX_UINT)},
    {"uint, over the end", "_*_", {U(MAX_UINT / 2 + 1), U(2)}, E(OVERFLOW)},
    {"double", "_*_", {D(1e308), D(10)}, D(INFINITE)},
    {"strings", "_*_", {S("a"), I(2)}, E(OVERLOAD)},

    {"int is cut towards zero", "_/_", {I(-7), I(2)}, I(-3)},
    {"int, by zero", "_/_", {I(1), I(0)}, E(DIVIDE)},
    {"int, over the end", "_/_", {I(MIN_INT), I(-1)}, E(OVERFLOW)},
    {"uint", "_/_", {U(MAX_UINT), U(2)}, U(MAX_UINT / 2)},
    {"uint, by zero", "_/_", {U(1), U(0)}, E(DIVIDE)},
    {"double, by zero", "_/_", {D(1), D(0)}, D(INFINITE)},
    {"mixed", "_/_", {D(1), I(1)}, E(OVERLOAD)},
    {"int has the sign of the first", "_%_", {I(-7), I(3)}, I(-1)},
    {"int, by zero", "_%_", {I(1), I(0)}, E(MODULUS)},
    {"int, over the end", "_%_", {I(MIN_INT), I(-1)}, E(OVERFLOW)},
    {"uint", "_%_", {U(7), U(4)}, U(3)},
    {"uint, by zero", "_%_", {U(7), U(0)}, E(MODULUS)},
    {"double has none", "_%_", {D(7), D(4)}, E(OVERLOAD)},
    {"int", "-_", {I(5)}, I(-5)},
    {"the lowest int", "-_", {I(MIN_INT)}, E(OVERFLOW)},
    {"double", "-_", {D(0.0)}, D(-0.0)},
    {"uint", "-_", {U(1)}, E(OVERLOAD)},

    {"not", "!_", {B(true)}, B(false)},
    {"not a number", "!_", {I(0)}, E(OVERLOAD)},
    {"equal", "_==_", {I(1), D(1)}, B(true)},
    {"not equal", "_!=_", {I(1), S("1")}, B(true)},
    {"less", "_<_", {I(1), D(1.5)}, B(true)},
    {"not less", "_<_", {I(1), I(1)}, B(false)},
    {"at most", "_<=_", {S("a"), S("a")}, B(true)},
    {"greater", "_>_", {Y("b"), Y("a")}, B(true)},
    {"at least", "_>=_", {TIME(1, 0), TIME(2, 0)}, B(false)},
    {"nan is not less", "_<_", {D(INFINITE - INFINITE), D(1)}, B(false)},
    {"nan is not at least", "_>=_", {D(INFINITE - INFINITE), D(1)}, B(false)},
    {"lists have no order", "_<_", {L(I(1)), L(I(2))}, E(OVERLOAD)},
    {"strings and numbers have no order", "_<_", {S("a"), I(2)}, E(OVERLOAD)},

    {"in a list", "@in", {U(2), L(I(1), I(2))}, B(true)},
    {"not in a list", "@in", {S("a"), L(I(1), I(2))}, B(false)},
    {"in a map", "@in", {D(1), M({I(1), N})}, B(true)},
    {"not in a map", "@in", {L(I(1)), M({I(1), N})}, B(false)},
    {"in a string", "@in", {S("a"), S("a")}, E(OVERLOAD)},

    {"list", "_[_]", {L(I(7), I(8)), I(1)}, I(8)},
    {"list by uint", "_[_]", {L(I(7), I(8)), U(1)}, I(8)},
    {"list by double", "_[_]", {L(I(7), I(8)), D(1)}, I(8)},
    {"list by a fraction", "_[_]", {L(I(7), I(8)), D(0.5)}, E(INDEX)},
    {"after the last", "_[_]", {L(I(7)), I(1)}, E(INDEX)},
    {"before the first", "_[_]", {L(I(7)), I(-1)}, E(INDEX)},
    {"far after the last", "_[_]", {L(I(7)), U(MAX_UINT)}, E(INDEX)},
    {"list by text", "_[_]", {L(I(7)), S("0")}, E(OVERLOAD)},
    {"map", "_[_]", {M({S("k"), I(1)}), S("k")}, I(1)},
    {"map without it", "_[_]", {M({S("k"), I(1)}), S("l")}, E(KEY)},
    {"map by what is no key", "_[_]", {M({S("k"), I(1)}), Y("k")}, E(KEY_TYPE)},
    {"a number", "_[_]", {I(1), I(1)}, E(OVERLOAD)},
    {"an optional list", "_[_]", {SOME(L(I(7))), I(0)}, SOME(I(7))},
    {"an optional list's end", "_[_]", {SOME(L(I(7))), I(1)}, NOTHING},
    {"no list", "_[_]", {NOTHING, I(1)}, NOTHING},
    {"there", "_[?_]", {L(I(7)), I(0)}, SOME(I(7))},
    {"not there", "_[?_]", {L(I(7)), I(1)}, NOTHING},
    {"wrong all the same", "_[?_]", {L(I(7)), S("0")}, E(OVERLOAD)},
    {"a map's", "_[?_]", {M({I(1), I(2)}), I(1)}, SOME(I(2))},
    {"an optional map's", "_[?_]", {SOME(M({I(1), I(2)})), I(3)}, NOTHING},
    {"a field", "_?._", {M({S("k"), I(2)}), S("k")}, SOME(I(2))},
    {"no field", "_?._", {M({S("k"), I(2)}), S("l")}, NOTHING},
    {"of none", "_?._", {NOTHING, S("l")}, NOTHING},
    {"lists have no fields", "_?._", {L(I(1)), S("l")}, E(FIELD)},

    {"false", "@not_strictly_false", {B(false)}, B(false)},
    {"true", "@not_strictly_false", {B(true)}, B(true)},
    {"an error", "@not_strictly_false", {E(KEY)}, B(true)},
    {"unknown", "@not_strictly_false", {UNKNOWN_}, B(true)},
};

static bool is_same(const struct troth_cel_value *a, const struct troth_cel_value *b)
{
    return (a->kind == TROTH_CEL_UNKNOWN && b->kind == TROTH_CEL_UNKNOWN) ||
           cel_rows_same(a, b);
}

static void check_rows(void)
{
    static uint8_t room[1024];

    for (size_t i = 0; i < COUNT(rows); i++) {
        struct troth_arena arena = TROTH_ARENA_OVER(room);
        struct troth_cel_call call = {.arena = &arena, .steps = 1000};
        const struct troth_cel_operator *known = troth_cel_operator_named(
            test_text(rows[i].name));

        test_case("%s: %s", rows[i].name, rows[i].why);
        if (!CHECK(known))
            continue;
        const struct troth_cel_value seen = known->call(&call, rows[i].arguments);
        CHECK(is_same(&seen, &rows[i].wanted));
        CHECK(!call.out_of_memory && !call.out_of_steps);
    }
}

/* Every strict operator passes on errors first, then what is unknown. */
static void check_refusals(void)
{
    static const struct troth_cel_value error = E(KEY);
    static const struct troth_cel_value unknown = UNKNOWN_;
    static const char *const strict[] = {"_+_",  "_-_",  "_*_",  "_/_",   "_%_",
                                         "_==_", "_!=_", "_<_",  "_<=_",  "_>_",
                                         "_>=_", "@in",  "_[_]", "_[?_]", "_?._"};
    const struct troth_cel_value one = TROTH_CEL_INT_VALUE(1);

    for (size_t i = 0; i < COUNT(strict); i++) {
        const struct troth_cel_operator *known = troth_cel_operator_named(
            test_text(strict[i]));
        const struct troth_cel_value errors[2] = {one, error};
        const struct troth_cel_value first[2] = {error, one};
        const struct troth_cel_value both[2] = {unknown, error};
        const struct troth_cel_value unknowns[2] = {unknown, one};
        struct troth_cel_call call = {.steps = 1};

        test_case("%s: errors and unknowns", strict[i]);
        CHECK_INT(known->argument_count, 2);
        CHECK_INT(known->call(&call, errors).as.error.code, TROTH_CEL_ERROR_KEY);
        CHECK_INT(known->call(&call, first).as.error.code, TROTH_CEL_ERROR_KEY);
        CHECK_INT(known->call(&call, both).as.error.code, TROTH_CEL_ERROR_KEY);
        CHECK_INT(known->call(&call, unknowns).kind, TROTH_CEL_UNKNOWN);
    }
    test_case("what is no operator");
    CHECK(!troth_cel_operator_named(TROTH_LITERAL("size")));
    CHECK(!troth_cel_operator_named(TROTH_LITERAL("_&&_")));
}

static void check_logic(void)
{
    /* The second operand where the first does not decide. */
    static const struct {
        struct troth_cel_value operands[2], both, either;
    } logic[] = {
        {{B(true), B(true)}, B(true), B(true)},
        {{B(true), B(false)}, B(false), E(OVERLOAD)},
        {{B(false), B(true)}, E(OVERLOAD), B(true)},
        {{B(false), B(false)}, B(false), B(false)},
        {{E(KEY), B(true)}, E(KEY), B(true)},
        {{E(KEY), B(false)}, B(false), E(KEY)},
        {{UNKNOWN_, B(false)}, B(false), UNKNOWN_},
        {{UNKNOWN_, B(true)}, UNKNOWN_, B(true)},
        {{E(KEY), UNKNOWN_}, UNKNOWN_, UNKNOWN_},
        {{UNKNOWN_, E(KEY)}, UNKNOWN_, UNKNOWN_},
        {{E(KEY), E(INDEX)}, E(KEY), E(KEY)},
        {{I(1), E(INDEX)}, E(INDEX), E(INDEX)},
        {{I(1), B(true)}, E(OVERLOAD), B(true)},
        {{I(1), B(false)}, B(false), E(OVERLOAD)},
    };

    for (size_t i = 0; i < COUNT(logic); i++) {
        const struct troth_cel_value both = troth_cel_and(logic[i].operands);
        const struct troth_cel_value either = troth_cel_or(logic[i].operands);

        test_case("logic %zu", i);
        CHECK(is_same(&both, &logic[i].both));
        CHECK(is_same(&either, &logic[i].either));
    }
}

static const struct {
    const char *why;
    struct troth_cel_value arguments[2], field, has;
} fields[] = {
    {"there", {M({S("k"), I(1)}), S("k")}, I(1), B(true)},
    {"not there", {M({S("k"), I(1)}), S("l")}, E(KEY), B(false)},
    {"an optional's", {SOME(M({S("k"), I(1)})), S("k")}, SOME(I(1)), B(true)},
    {"not an optional's", {SOME(M({S("k"), I(1)})), S("l")}, NOTHING, B(false)},
    {"of none", {NOTHING, S("k")}, NOTHING, B(false)},
    {"of a number", {I(1), S("k")}, E(FIELD), E(FIELD)},
    {"of an optional number", {SOME(I(1)), S("k")}, E(FIELD), E(FIELD)},
    {"of an error", {E(INDEX), S("k")}, E(INDEX), E(INDEX)},
    {"of what is unknown", {UNKNOWN_, S("k")}, UNKNOWN_, UNKNOWN_},
};

static void check_fields(void)
{
    for (size_t i = 0; i < COUNT(fields); i++) {
        struct troth_cel_call call = {.steps = 10};
        const struct troth_cel_value field = troth_cel_select(&call, fields[i].arguments);
        const struct troth_cel_value has = troth_cel_has(&call, fields[i].arguments);

        test_case("fields: %s", fields[i].why);
        CHECK(is_same(&field, &fields[i].field));
        CHECK(is_same(&has, &fields[i].has));
    }
}

int main(void)
{
    check_rows();
    check_refusals();
    check_logic();
    check_fields();
    return test_finish();
}
