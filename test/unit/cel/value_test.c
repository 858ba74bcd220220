/* SPDX-License-Identifier: Apache-2.0 */
#include "cel/value.h"

#include <math.h>
#include <string.h>

#include "base/span.h"
#include "test/support/cel_rows.h"
#include "troth/cel.h"

#define MAX_INT  INT64_MAX
#define INFINITE (1e308 * 10)

struct row {
    const char *why;
    struct troth_cel_value a, b;
    bool is_equal;
    enum troth_cel_order order;
};

static const struct row rows[] = {
    {"int", I(1), I(1), true, TROTH_CEL_SAME},
    {"int less", I(-1), I(1), false, TROTH_CEL_LESS},
    {"int and uint", I(1), U(1), true, TROTH_CEL_SAME},
    {"negative int and uint of its bits", I(-1), U(UINT64_MAX), false, TROTH_CEL_LESS},
    {"uint and int", U(UINT64_MAX), I(-1), false, TROTH_CEL_GREATER},
    {"int and double", I(1), D(1.0), true, TROTH_CEL_SAME},
    {"a fraction", I(1), D(1.5), false, TROTH_CEL_LESS},
    {"double and uint", D(2.5), U(2), false, TROTH_CEL_GREATER},
    {"largest int and 2^63: ordered as doubles", I(MAX_INT), D(0x1p63), false,
     TROTH_CEL_SAME},
    {"2^53 + 1 is no double", I(9007199254740993), D(9007199254740992.0), false,
     TROTH_CEL_SAME},
    {"smallest int", I(INT64_MIN), D(-0x1p63), true, TROTH_CEL_SAME},
    {"largest uint", U(UINT64_MAX), D(0x1p64), false, TROTH_CEL_SAME},
    {"minus zero", D(-0.0), I(0), true, TROTH_CEL_SAME},
    {"nan", D(NAN), D(NAN), false, TROTH_CEL_UNORDERED},
    {"nan and int", I(0), D(NAN), false, TROTH_CEL_UNORDERED},
    {"infinity", I(MAX_INT), D(INFINITE), false, TROTH_CEL_LESS},
    {"bool", B(false), B(true), false, TROTH_CEL_LESS},
    {"bool is no number", B(true), I(1), false, TROTH_CEL_NOT_COMPARABLE},
    {"string", S("a"), S("b"), false, TROTH_CEL_LESS},
    {"a prefix", S("ab"), S("a"), false, TROTH_CEL_GREATER},
    {"empty", S(""), S(""), true, TROTH_CEL_SAME},
    {"bytes are no string", S("a"), Y("a"), false, TROTH_CEL_NOT_COMPARABLE},
    {"timestamp", TIME(5, 1), TIME(5, 2), false, TROTH_CEL_LESS},
    {"timestamp is no int", TIME(5, 0), I(5), false, TROTH_CEL_NOT_COMPARABLE},
    {"duration below zero", SPAN(-1, -5), SPAN(-1, -2), false, TROTH_CEL_LESS},
    {"duration", SPAN(3, 0), SPAN(3, 0), true, TROTH_CEL_SAME},
    {"null", N, N, true, TROTH_CEL_NOT_COMPARABLE},
    {"null and false", N, B(false), false, TROTH_CEL_NOT_COMPARABLE},
    {"types", T(INT), T(INT), true, TROTH_CEL_NOT_COMPARABLE},
    {"other types", T(INT), T(UINT), false, TROTH_CEL_NOT_COMPARABLE},
    {"lists", L(I(1), U(2)), L(D(1.0), I(2)), true, TROTH_CEL_NOT_COMPARABLE},
    {"a longer list", L(I(1), I(2)), L(I(1)), false, TROTH_CEL_NOT_COMPARABLE},
    {"lists of lists", L(L(S("a")), EMPTY), L(L(S("a")), EMPTY), true,
     TROTH_CEL_NOT_COMPARABLE},
    {"a difference after a list", L(L(I(1)), I(2)), L(L(I(1)), I(3)), false,
     TROTH_CEL_NOT_COMPARABLE},
    {"a nan inside", L(D(NAN)), L(D(NAN)), false, TROTH_CEL_NOT_COMPARABLE},
    {"maps in another order", M({I(1), S("a")}, {S("k"), N}),
     M({S("k"), N}, {D(1.0), S("a")}), true, TROTH_CEL_NOT_COMPARABLE},
    {"another value", M({I(1), L(I(1))}), M({I(1), L(I(2))}), false,
     TROTH_CEL_NOT_COMPARABLE},
    {"another key", M({I(1), N}), M({I(2), N}), false, TROTH_CEL_NOT_COMPARABLE},
    {"optionals", SOME(I(1)), SOME(U(1)), true, TROTH_CEL_NOT_COMPARABLE},
    {"none and none", NOTHING, NOTHING, true, TROTH_CEL_NOT_COMPARABLE},
    {"none and some", NOTHING, SOME(N), false, TROTH_CEL_NOT_COMPARABLE},
};

static enum troth_cel_order turned(enum troth_cel_order order)
{
    return order == TROTH_CEL_LESS      ? TROTH_CEL_GREATER
           : order == TROTH_CEL_GREATER ? TROTH_CEL_LESS
                                        : order;
}

static void check_rows(void)
{
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct troth_cel_call call = {.steps = 1000};
        const struct row *row = &rows[i];

        test_case("%s", row->why);
        CHECK_INT(troth_cel_equal(&call, &row->a, &row->b), row->is_equal);
        CHECK_INT(troth_cel_equal(&call, &row->b, &row->a), row->is_equal);
        CHECK_INT(troth_cel_compare(&row->a, &row->b), row->order);
        CHECK_INT(troth_cel_compare(&row->b, &row->a), turned(row->order));
        CHECK(!call.out_of_steps);
    }
}

static void check_addresses(void)
{
    const struct troth_cel_address host = {false, {10, 0, 0, 1}, 32};
    const struct troth_cel_address other = {false, {10, 0, 0, 2}, 32};
    const struct troth_cel_address net = {false, {10, 0, 0, 1}, 8};
    const struct troth_cel_value a = {.kind = TROTH_CEL_ADDRESS, .as.address = &host};
    const struct troth_cel_value b = {.kind = TROTH_CEL_ADDRESS, .as.address = &other};
    const struct troth_cel_value c = {.kind = TROTH_CEL_NETWORK, .as.address = &host};
    const struct troth_cel_value d = {.kind = TROTH_CEL_NETWORK, .as.address = &net};
    struct troth_cel_call call = {.steps = 10};

    test_case("addresses and networks");
    CHECK(troth_cel_equal(&call, &a, &a));
    CHECK(!troth_cel_equal(&call, &a, &b));
    CHECK(!troth_cel_equal(&call, &a, &c));
    CHECK(!troth_cel_equal(&call, &c, &d));
}

/* Lists in lists, `depth` of them; two of them are equal and share nothing. */
static struct troth_cel_value nested(struct troth_cel_value *values,
                                     struct troth_cel_list *lists, unsigned depth)
{
    values[0] = TROTH_CEL_INT_VALUE(1);
    for (unsigned i = 0; i < depth; i++) {
        lists[i] = (struct troth_cel_list){&values[i], 1};
        values[i + 1] = TROTH_CEL_LIST_VALUE(&lists[i]);
    }
    return values[depth];
}

static const struct row pair = {.a = L(I(1), I(2), I(3)), .b = L(I(1), I(2), I(3))};

static void check_limits(void)
{
    static struct troth_cel_value values[2][TROTH_CEL_VALUE_NESTING + 2];
    static struct troth_cel_list lists[2][TROTH_CEL_VALUE_NESTING + 1];
    struct troth_cel_value a = nested(values[0], lists[0], TROTH_CEL_VALUE_NESTING);
    struct troth_cel_value b = nested(values[1], lists[1], TROTH_CEL_VALUE_NESTING);
    struct troth_cel_call call = {.steps = 1000};

    test_case("as deep as may be");
    CHECK(troth_cel_equal(&call, &a, &b));
    CHECK(!call.out_of_steps);

    test_case("deeper ends the evaluation");
    a = nested(values[0], lists[0], TROTH_CEL_VALUE_NESTING + 1);
    b = nested(values[1], lists[1], TROTH_CEL_VALUE_NESTING + 1);
    CHECK(!troth_cel_equal(&call, &a, &b));
    CHECK(call.out_of_steps);

    test_case("what is looked at is charged");
    call = (struct troth_cel_call){.steps = 3};
    CHECK(troth_cel_equal(&call, &pair.a, &pair.b));
    CHECK_INT(call.steps, 0);
    call = (struct troth_cel_call){.steps = 2};
    CHECK(!troth_cel_equal(&call, &pair.a, &pair.b));
    CHECK(call.out_of_steps);
}

static const struct troth_cel_value a_map = M({S("a"), I(1)}, {I(7), I(2)},
                                              {U(UINT64_MAX), I(3)}, {B(true), I(4)});

static void check_find(void)
{
    static const struct {
        const char *why;
        struct troth_cel_value key;
        int64_t wanted; /* 0: not there */
    } finds[] = {
        {"string", S("a"), 1},
        {"another string", S("b"), 0},
        {"bytes are no string", Y("a"), 0},
        {"int", I(7), 2},
        {"uint for int", U(7), 2},
        {"double for int", D(7.0), 2},
        {"a fraction", D(7.5), 0},
        {"largest uint", U(UINT64_MAX), 3},
        {"no int is as large", I(-1), 0},
        {"the double next to it", D(0x1p64), 0},
        {"bool", B(true), 4},
        {"the other bool", B(false), 0},
        {"null", N, 0},
    };

    for (size_t i = 0; i < COUNT(finds); i++) {
        struct troth_cel_call call = {.steps = 4};
        const struct troth_cel_value *found = troth_cel_map_find(&call, a_map.as.map,
                                                                 &finds[i].key);

        test_case("find: %s", finds[i].why);
        CHECK_INT(found ? found->as.integer : 0, finds[i].wanted);
    }
}

static void check_made(void)
{
    static uint8_t room[256];
    struct troth_arena arena = TROTH_ARENA_OVER(room);
    struct troth_cel_call call = {.arena = &arena, .steps = 5};
    struct troth_cel_value one = TROTH_CEL_INT_VALUE(1);

    test_case("values are made in the arena");
    struct troth_cel_value made = troth_cel_new_text(&call, TROTH_CEL_BYTES,
                                                     TROTH_LITERAL("abc"));
    CHECK_INT(made.kind, TROTH_CEL_BYTES);
    CHECK_SPAN(made.as.text, TROTH_LITERAL("abc"));
    made = troth_cel_new_list(&call, &one, 1);
    CHECK_INT(made.as.list->items[0].as.integer, 1);
    made = troth_cel_new_optional(&call, &one);
    one.as.integer = 2;
    CHECK_INT(made.as.optional->as.integer, 1);
    CHECK(!call.out_of_memory);

    test_case("and when there is no room, the evaluation ends");
    CHECK(!troth_cel_take(&call, 1000, 1));
    CHECK(call.out_of_memory);
    CHECK(!troth_cel_take(&call, SIZE_MAX, 16));
    call.out_of_memory = false;
    arena.used = arena.size;
    CHECK_INT(troth_cel_new_list(&call, &one, 1).kind, TROTH_CEL_ERROR);
    CHECK_INT(troth_cel_new_optional(&call, &one).kind, TROTH_CEL_ERROR);
    CHECK_INT(troth_cel_new_text(&call, TROTH_CEL_STRING, TROTH_LITERAL("a")).kind,
              TROTH_CEL_ERROR);
    CHECK(call.out_of_memory);

    test_case("steps");
    CHECK(troth_cel_spend(&call, 5));
    CHECK(!call.out_of_steps);
    CHECK(!troth_cel_spend(&call, 1));
    CHECK(call.out_of_steps);
}

static void check_kinds(void)
{
    const struct troth_cel_value one = TROTH_CEL_INT_VALUE(1);
    const struct troth_cel_type parameter = {TROTH_CEL_PARAMETER, "A", {NULL}};

    test_case("types of values, and whether they fit");
    CHECK(troth_cel_type_of(&one) == &troth_cel_types[TROTH_CEL_INT]);
    CHECK(troth_cel_value_fits(&one, &troth_cel_types[TROTH_CEL_INT]));
    CHECK(troth_cel_value_fits(&one, &troth_cel_types[TROTH_CEL_DYN]));
    CHECK(troth_cel_value_fits(&one, &parameter));
    CHECK(troth_cel_value_fits(&one, NULL));
    CHECK(!troth_cel_value_fits(&one, &troth_cel_types[TROTH_CEL_UINT]));

    test_case("every error has a text");
    for (int i = TROTH_CEL_ERROR_OVERLOAD; i <= TROTH_CEL_ERROR_HOST; i++)
        CHECK(strlen(troth_cel_error_text((enum troth_cel_error)i)) > 5);
    CHECK_TEXT(troth_cel_error_text(TROTH_CEL_ERROR_DIVIDE), "division by zero");
    CHECK_TEXT(troth_cel_error_text(TROTH_CEL_NO_ERROR), "no error");
}

int main(void)
{
    check_rows();
    check_addresses();
    check_limits();
    check_find();
    check_made();
    check_kinds();
    return test_finish();
}
