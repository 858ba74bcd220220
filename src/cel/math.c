/* SPDX-License-Identifier: Apache-2.0 */
#include "cel/library_types.h"

#include "base/memory.h"
#include "base/number.h"
#include "cel/macro.h"
#include "cel/value.h"

static bool is_number(const struct troth_cel_value *value)
{
    return value->kind == TROTH_CEL_INT || value->kind == TROTH_CEL_UINT ||
           value->kind == TROTH_CEL_DOUBLE;
}

/* The first of the values that none is beyond, in that direction; whatever has no order,
 * as NaN, has no extreme. */
static struct troth_cel_value extreme(struct troth_cel_call *call,
                                      const struct troth_cel_value *values, size_t count,
                                      enum troth_cel_order beyond)
{
    if (count == 0)
        return TROTH_CEL_ERROR_VALUE(TROTH_CEL_ERROR_ARGUMENT);

    struct troth_cel_value best = values[0];

    for (size_t i = 0; i < count && troth_cel_spend(call, 1); i++) {
        /* list(dyn) may be given where a list of numbers is wanted. */
        if (!is_number(&values[i]))
            return TROTH_CEL_ERROR_VALUE(TROTH_CEL_ERROR_OVERLOAD);

        const enum troth_cel_order order = troth_cel_compare(&values[i], &best);

        if (order == TROTH_CEL_UNORDERED)
            return TROTH_CEL_ERROR_VALUE(TROTH_CEL_ERROR_ARGUMENT);
        if (order == beyond)
            best = values[i];
    }
    return best;
}

static struct troth_cel_value itself(struct troth_cel_call *call,
                                     const struct troth_cel_value *arguments)
{
    (void)call;
    return arguments[0];
}

static struct troth_cel_value max_of_two(struct troth_cel_call *call,
                                         const struct troth_cel_value *arguments)
{
    return extreme(call, arguments, 2, TROTH_CEL_GREATER);
}

static struct troth_cel_value min_of_two(struct troth_cel_call *call,
                                         const struct troth_cel_value *arguments)
{
    return extreme(call, arguments, 2, TROTH_CEL_LESS);
}

static struct troth_cel_value max_of_list(struct troth_cel_call *call,
                                          const struct troth_cel_value *arguments)
{
    const struct troth_cel_list *list = arguments[0].as.list;

    return extreme(call, list->items, list->count, TROTH_CEL_GREATER);
}

static struct troth_cel_value min_of_list(struct troth_cel_call *call,
                                          const struct troth_cel_value *arguments)
{
    const struct troth_cel_list *list = arguments[0].as.list;

    return extreme(call, list->items, list->count, TROTH_CEL_LESS);
}

/* Functions of one double: to another, or to whether something holds. */
#define TO_DOUBLE(name, expression)                                                      \
    static struct troth_cel_value name(struct troth_cel_call *call,                      \
                                       const struct troth_cel_value *arguments)          \
    {                                                                                    \
        const double x = arguments[0].as.real;                                           \
                                                                                         \
        (void)call;                                                                      \
        return TROTH_CEL_DOUBLE_VALUE(expression);                                       \
    }
#define TO_BOOL(name, expression)                                                        \
    static struct troth_cel_value name(struct troth_cel_call *call,                      \
                                       const struct troth_cel_value *arguments)          \
    {                                                                                    \
        const double x = arguments[0].as.real;                                           \
                                                                                         \
        (void)call;                                                                      \
        return TROTH_CEL_BOOL_VALUE(expression);                                         \
    }
TO_DOUBLE(ceil_of, troth_double_ceil(x))
TO_DOUBLE(floor_of, troth_double_floor(x))
TO_DOUBLE(round_of, troth_double_round(x))
TO_DOUBLE(trunc_of, troth_double_trunc(x))
TO_DOUBLE(sqrt_of, troth_double_sqrt(x))
/* Minus zero becomes zero; NaN stays. */
TO_DOUBLE(abs_of_double, x < 0 ? -x : x + 0.0)
TO_DOUBLE(sign_of_double, x > 0 ? 1.0 : x < 0 ? -1.0 : x + 0.0)
TO_BOOL(is_nan, troth_double_is_nan(x))
TO_BOOL(is_inf, !troth_double_is_nan(x) && !troth_double_is_finite(x))
TO_BOOL(is_finite, troth_double_is_finite(x))

static struct troth_cel_value sqrt_of_int(struct troth_cel_call *call,
                                          const struct troth_cel_value *arguments)
{
    (void)call;
    return TROTH_CEL_DOUBLE_VALUE(troth_double_sqrt((double)arguments[0].as.integer));
}

static struct troth_cel_value sqrt_of_uint(struct troth_cel_call *call,
                                           const struct troth_cel_value *arguments)
{
    (void)call;
    return TROTH_CEL_DOUBLE_VALUE(troth_double_sqrt((double)arguments[0].as.number));
}

static struct troth_cel_value abs_of_int(struct troth_cel_call *call,
                                         const struct troth_cel_value *arguments)
{
    const int64_t x = arguments[0].as.integer;

    (void)call;
    if (x == INT64_MIN)
        return TROTH_CEL_ERROR_VALUE(TROTH_CEL_ERROR_OVERFLOW);
    return TROTH_CEL_INT_VALUE(x < 0 ? -x : x);
}

static struct troth_cel_value sign_of_int(struct troth_cel_call *call,
                                          const struct troth_cel_value *arguments)
{
    const int64_t x = arguments[0].as.integer;

    (void)call;
    return TROTH_CEL_INT_VALUE((x > 0) - (x < 0));
}

static struct troth_cel_value sign_of_uint(struct troth_cel_call *call,
                                           const struct troth_cel_value *arguments)
{
    (void)call;
    return TROTH_CEL_UINT_VALUE(arguments[0].as.number > 0);
}

/* Bits are moved and combined as those of a uint, and are of the first argument's kind.
 */
static uint64_t bits_of(const struct troth_cel_value *value)
{
    return value->kind == TROTH_CEL_INT ? (uint64_t)value->as.integer : value->as.number;
}

static struct troth_cel_value of_kind(const struct troth_cel_value *like, uint64_t bits)
{
    int64_t integer;

    if (like->kind == TROTH_CEL_UINT)
        return TROTH_CEL_UINT_VALUE(bits);
    memcpy(&integer, &bits, sizeof integer);
    return TROTH_CEL_INT_VALUE(integer);
}

static struct troth_cel_value bit_and(struct troth_cel_call *call,
                                      const struct troth_cel_value *arguments)
{
    (void)call;
    return of_kind(arguments, bits_of(&arguments[0]) & bits_of(&arguments[1]));
}

static struct troth_cel_value bit_or(struct troth_cel_call *call,
                                     const struct troth_cel_value *arguments)
{
    (void)call;
    return of_kind(arguments, bits_of(&arguments[0]) | bits_of(&arguments[1]));
}

static struct troth_cel_value bit_xor(struct troth_cel_call *call,
                                      const struct troth_cel_value *arguments)
{
    (void)call;
    return of_kind(arguments, bits_of(&arguments[0]) ^ bits_of(&arguments[1]));
}

static struct troth_cel_value bit_not(struct troth_cel_call *call,
                                      const struct troth_cel_value *arguments)
{
    (void)call;
    return of_kind(arguments, ~bits_of(&arguments[0]));
}

static struct troth_cel_value shift_left(struct troth_cel_call *call,
                                         const struct troth_cel_value *arguments)
{
    const int64_t by = arguments[1].as.integer;

    (void)call;
    if (by < 0)
        return TROTH_CEL_ERROR_VALUE(TROTH_CEL_ERROR_ARGUMENT);
    return of_kind(arguments, by > 63 ? 0 : bits_of(arguments) << by);
}

/* Zeros come in from the left, whatever the sign. */
static struct troth_cel_value shift_right(struct troth_cel_call *call,
                                          const struct troth_cel_value *arguments)
{
    const int64_t by = arguments[1].as.integer;

    (void)call;
    if (by < 0)
        return TROTH_CEL_ERROR_VALUE(TROTH_CEL_ERROR_ARGUMENT);
    return of_kind(arguments, by > 63 ? 0 : bits_of(arguments) >> by);
}

#define BOOL   TROTH_CEL_OF(BOOL)
#define INT    TROTH_CEL_OF(INT)
#define UINT   TROTH_CEL_OF(UINT)
#define DOUBLE TROTH_CEL_OF(DOUBLE)
#define DYN    TROTH_CEL_OF(DYN)

/* clang-format off */
#define EXTREME(name, of_two, of_list)                                                  \
    TROTH_CEL_FUNCTION(name, itself,  INT,    INT)                                      \
    TROTH_CEL_FUNCTION(name, itself,  UINT,   UINT)                                     \
    TROTH_CEL_FUNCTION(name, itself,  DOUBLE, DOUBLE)                                   \
    TROTH_CEL_FUNCTION(name, of_two,  INT,    INT,    INT)                              \
    TROTH_CEL_FUNCTION(name, of_two,  UINT,   UINT,   UINT)                             \
    TROTH_CEL_FUNCTION(name, of_two,  DOUBLE, DOUBLE, DOUBLE)                           \
    TROTH_CEL_FUNCTION(name, of_two,  DYN,    INT,    UINT)                             \
    TROTH_CEL_FUNCTION(name, of_two,  DYN,    INT,    DOUBLE)                           \
    TROTH_CEL_FUNCTION(name, of_two,  DYN,    UINT,   INT)                              \
    TROTH_CEL_FUNCTION(name, of_two,  DYN,    UINT,   DOUBLE)                           \
    TROTH_CEL_FUNCTION(name, of_two,  DYN,    DOUBLE, INT)                              \
    TROTH_CEL_FUNCTION(name, of_two,  DYN,    DOUBLE, UINT)                             \
    TROTH_CEL_FUNCTION(name, of_list, INT,    &troth_cel_type_list_int)                 \
    TROTH_CEL_FUNCTION(name, of_list, UINT,   &troth_cel_type_list_uint)                \
    TROTH_CEL_FUNCTION(name, of_list, DOUBLE, &troth_cel_type_list_double)

static const struct troth_cel_overload overloads[] = {
    /* What the macros math.greatest() and math.least() become. */
    EXTREME("math.@max", max_of_two, max_of_list)
    EXTREME("math.@min", min_of_two, min_of_list)
    /*                 name                  call            result  arguments        */
    TROTH_CEL_FUNCTION("math.ceil",          ceil_of,        DOUBLE, DOUBLE)
    TROTH_CEL_FUNCTION("math.floor",         floor_of,       DOUBLE, DOUBLE)
    TROTH_CEL_FUNCTION("math.round",         round_of,       DOUBLE, DOUBLE)
    TROTH_CEL_FUNCTION("math.trunc",         trunc_of,       DOUBLE, DOUBLE)
    TROTH_CEL_FUNCTION("math.sqrt",          sqrt_of,        DOUBLE, DOUBLE)
    TROTH_CEL_FUNCTION("math.sqrt",          sqrt_of_int,    DOUBLE, INT)
    TROTH_CEL_FUNCTION("math.sqrt",          sqrt_of_uint,   DOUBLE, UINT)
    TROTH_CEL_FUNCTION("math.abs",           abs_of_int,     INT,    INT)
    TROTH_CEL_FUNCTION("math.abs",           itself,         UINT,   UINT)
    TROTH_CEL_FUNCTION("math.abs",           abs_of_double,  DOUBLE, DOUBLE)
    TROTH_CEL_FUNCTION("math.sign",          sign_of_int,    INT,    INT)
    TROTH_CEL_FUNCTION("math.sign",          sign_of_uint,   UINT,   UINT)
    TROTH_CEL_FUNCTION("math.sign",          sign_of_double, DOUBLE, DOUBLE)
    TROTH_CEL_FUNCTION("math.isNaN",         is_nan,         BOOL,   DOUBLE)
    TROTH_CEL_FUNCTION("math.isInf",         is_inf,         BOOL,   DOUBLE)
    TROTH_CEL_FUNCTION("math.isFinite",      is_finite,      BOOL,   DOUBLE)
    TROTH_CEL_FUNCTION("math.bitAnd",        bit_and,        INT,    INT, INT)
    TROTH_CEL_FUNCTION("math.bitAnd",        bit_and,        UINT,   UINT, UINT)
    TROTH_CEL_FUNCTION("math.bitOr",         bit_or,         INT,    INT, INT)
    TROTH_CEL_FUNCTION("math.bitOr",         bit_or,         UINT,   UINT, UINT)
    TROTH_CEL_FUNCTION("math.bitXor",        bit_xor,        INT,    INT, INT)
    TROTH_CEL_FUNCTION("math.bitXor",        bit_xor,        UINT,   UINT, UINT)
    TROTH_CEL_FUNCTION("math.bitNot",        bit_not,        INT,    INT)
    TROTH_CEL_FUNCTION("math.bitNot",        bit_not,        UINT,   UINT)
    TROTH_CEL_FUNCTION("math.bitShiftLeft",  shift_left,     INT,    INT, INT)
    TROTH_CEL_FUNCTION("math.bitShiftLeft",  shift_left,     UINT,   UINT, INT)
    TROTH_CEL_FUNCTION("math.bitShiftRight", shift_right,    INT,    INT, INT)
    TROTH_CEL_FUNCTION("math.bitShiftRight", shift_right,    UINT,   UINT, INT)
};
/* clang-format on */

const struct troth_cel_library troth_cel_math = {
    .name = "math",
    .overloads = overloads,
    .overload_count = sizeof overloads / sizeof overloads[0],
    .macros = troth_cel_math_macros,
    .macro_count = TROTH_CEL_MATH_MACROS,
};
