/*
 * operators.h - what the operators do with values, and the rows that say their types.
 *
 * The checker reads the rows. The evaluator does not choose between them: each operator
 * is one function of all kinds, which says ERROR_OVERLOAD to those it does not take. A
 * host's library cannot add to them.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_CEL_OPERATORS_H
#define TROTH_CEL_OPERATORS_H

#include "cel/convert.h"
#include "cel/library_types.h"

/* Arguments of any kind, also ERROR and UNKNOWN; see troth_cel_refuse(). */
troth_cel_function troth_cel_add;
troth_cel_function troth_cel_subtract;
troth_cel_function troth_cel_multiply;
troth_cel_function troth_cel_divide;
troth_cel_function troth_cel_modulus;
troth_cel_function troth_cel_negate;
troth_cel_function troth_cel_not;
troth_cel_function troth_cel_is_equal;
troth_cel_function troth_cel_is_different;
troth_cel_function troth_cel_is_less;
troth_cel_function troth_cel_is_at_most;
troth_cel_function troth_cel_is_greater;
troth_cel_function troth_cel_is_at_least;
troth_cel_function troth_cel_in;
troth_cel_function troth_cel_index;
troth_cel_function troth_cel_index_optional;
troth_cel_function troth_cel_select_optional;
troth_cel_function troth_cel_not_strictly_false;

/* a.b and has(a.b): the second argument is the field. */
troth_cel_function troth_cel_select;
troth_cel_function troth_cel_has;

/* What a strict function answers to arguments that it does not take: the first ERROR, as
 * it fails whatever the others turn out to be, else the first UNKNOWN, else
 * ERROR_OVERLOAD. */
struct troth_cel_value troth_cel_refuse(const struct troth_cel_value *arguments,
                                        unsigned count);

/* "a && b" where a is not false, "a || b" where a is not true. */
struct troth_cel_value troth_cel_and(const struct troth_cel_value *arguments);
struct troth_cel_value troth_cel_or(const struct troth_cel_value *arguments);

/* The function of an operator that evaluates all of its operands first, or NULL. */
struct troth_cel_operator {
    const char *name;
    troth_cel_function *call;
    uint8_t argument_count;
};
const struct troth_cel_operator *troth_cel_operator_named(struct troth_span name);

/* clang-format off */
#define TROTH_CEL_OPERATOR_ROW(name, result, ...)                                        \
    TROTH_CEL_FUNCTION(name, NULL, result, __VA_ARGS__)

#define TROTH_CEL_BOTH_ROW(name, kind)                                                   \
    TROTH_CEL_OPERATOR_ROW(name, TROTH_CEL_OF(kind), TROTH_CEL_OF(kind), TROTH_CEL_OF(kind))

#define TROTH_CEL_ORDER_ROW(name, a, b)                                                  \
    TROTH_CEL_OPERATOR_ROW(name, TROTH_CEL_OF(BOOL), TROTH_CEL_OF(a), TROTH_CEL_OF(b))

#define TROTH_CEL_ORDER_ROWS(name)                                                       \
    TROTH_CEL_ORDER_ROW(name, BOOL, BOOL)                                                \
    TROTH_CEL_ORDER_ROW(name, INT, INT)                                                  \
    TROTH_CEL_ORDER_ROW(name, INT, UINT)                                                 \
    TROTH_CEL_ORDER_ROW(name, INT, DOUBLE)                                               \
    TROTH_CEL_ORDER_ROW(name, UINT, UINT)                                                \
    TROTH_CEL_ORDER_ROW(name, UINT, INT)                                                 \
    TROTH_CEL_ORDER_ROW(name, UINT, DOUBLE)                                              \
    TROTH_CEL_ORDER_ROW(name, DOUBLE, DOUBLE)                                            \
    TROTH_CEL_ORDER_ROW(name, DOUBLE, INT)                                               \
    TROTH_CEL_ORDER_ROW(name, DOUBLE, UINT)                                              \
    TROTH_CEL_ORDER_ROW(name, STRING, STRING)                                            \
    TROTH_CEL_ORDER_ROW(name, BYTES, BYTES)                                              \
    TROTH_CEL_ORDER_ROW(name, TIMESTAMP, TIMESTAMP)                                      \
    TROTH_CEL_ORDER_ROW(name, DURATION, DURATION)

#define TROTH_CEL_ARITHMETIC_ROWS                                                        \
    TROTH_CEL_BOTH_ROW("_+_", INT)                                                       \
    TROTH_CEL_BOTH_ROW("_+_", UINT)                                                      \
    TROTH_CEL_BOTH_ROW("_+_", DOUBLE)                                                    \
    TROTH_CEL_BOTH_ROW("_+_", STRING)                                                    \
    TROTH_CEL_BOTH_ROW("_+_", BYTES)                                                     \
    TROTH_CEL_BOTH_ROW("_+_", DURATION)                                                  \
    TROTH_CEL_OPERATOR_ROW("_+_", TROTH_CEL_OF(TIMESTAMP), TROTH_CEL_OF(TIMESTAMP),      \
                           TROTH_CEL_OF(DURATION))                                       \
    TROTH_CEL_OPERATOR_ROW("_+_", TROTH_CEL_OF(TIMESTAMP), TROTH_CEL_OF(DURATION),       \
                           TROTH_CEL_OF(TIMESTAMP))                                      \
    TROTH_CEL_OPERATOR_ROW("_+_", &troth_cel_type_list_a, &troth_cel_type_list_a,        \
                           &troth_cel_type_list_a)                                       \
    TROTH_CEL_BOTH_ROW("_-_", INT)                                                       \
    TROTH_CEL_BOTH_ROW("_-_", UINT)                                                      \
    TROTH_CEL_BOTH_ROW("_-_", DOUBLE)                                                    \
    TROTH_CEL_BOTH_ROW("_-_", DURATION)                                                  \
    TROTH_CEL_OPERATOR_ROW("_-_", TROTH_CEL_OF(TIMESTAMP), TROTH_CEL_OF(TIMESTAMP),      \
                           TROTH_CEL_OF(DURATION))                                       \
    TROTH_CEL_OPERATOR_ROW("_-_", TROTH_CEL_OF(DURATION), TROTH_CEL_OF(TIMESTAMP),       \
                           TROTH_CEL_OF(TIMESTAMP))                                      \
    TROTH_CEL_BOTH_ROW("_*_", INT)                                                       \
    TROTH_CEL_BOTH_ROW("_*_", UINT)                                                      \
    TROTH_CEL_BOTH_ROW("_*_", DOUBLE)                                                    \
    TROTH_CEL_BOTH_ROW("_/_", INT)                                                       \
    TROTH_CEL_BOTH_ROW("_/_", UINT)                                                      \
    TROTH_CEL_BOTH_ROW("_/_", DOUBLE)                                                    \
    TROTH_CEL_BOTH_ROW("_%_", INT)                                                       \
    TROTH_CEL_BOTH_ROW("_%_", UINT)                                                      \
    TROTH_CEL_OPERATOR_ROW("-_", TROTH_CEL_OF(INT), TROTH_CEL_OF(INT))                   \
    TROTH_CEL_OPERATOR_ROW("-_", TROTH_CEL_OF(DOUBLE), TROTH_CEL_OF(DOUBLE))

#define TROTH_CEL_LOGIC_ROWS                                                             \
    TROTH_CEL_BOTH_ROW("_&&_", BOOL)                                                     \
    TROTH_CEL_BOTH_ROW("_||_", BOOL)                                                     \
    TROTH_CEL_OPERATOR_ROW("!_", TROTH_CEL_OF(BOOL), TROTH_CEL_OF(BOOL))                 \
    TROTH_CEL_OPERATOR_ROW("_?_:_", &troth_cel_type_a, TROTH_CEL_OF(BOOL),               \
                           &troth_cel_type_a, &troth_cel_type_a)                         \
    TROTH_CEL_OPERATOR_ROW("@not_strictly_false", TROTH_CEL_OF(BOOL), TROTH_CEL_OF(BOOL)) \
    TROTH_CEL_OPERATOR_ROW("_==_", TROTH_CEL_OF(BOOL), &troth_cel_type_a, &troth_cel_type_a) \
    TROTH_CEL_OPERATOR_ROW("_!=_", TROTH_CEL_OF(BOOL), &troth_cel_type_a, &troth_cel_type_a) \
    TROTH_CEL_ORDER_ROWS("_<_")                                                          \
    TROTH_CEL_ORDER_ROWS("_<=_")                                                         \
    TROTH_CEL_ORDER_ROWS("_>_")                                                          \
    TROTH_CEL_ORDER_ROWS("_>=_")

#define TROTH_CEL_ACCESS_ROWS                                                            \
    TROTH_CEL_OPERATOR_ROW("@in", TROTH_CEL_OF(BOOL), &troth_cel_type_a,                 \
                           &troth_cel_type_list_a)                                       \
    TROTH_CEL_OPERATOR_ROW("@in", TROTH_CEL_OF(BOOL), &troth_cel_type_a,                 \
                           &troth_cel_type_map_ab)                                       \
    TROTH_CEL_OPERATOR_ROW("_[_]", &troth_cel_type_a, &troth_cel_type_list_a,            \
                           TROTH_CEL_OF(INT))                                            \
    TROTH_CEL_OPERATOR_ROW("_[_]", &troth_cel_type_b, &troth_cel_type_map_ab,            \
                           &troth_cel_type_a)                                            \
    TROTH_CEL_OPERATOR_ROW("_[_]", &troth_cel_type_optional_a,                           \
                           &troth_cel_type_optional_list_a, TROTH_CEL_OF(INT))           \
    TROTH_CEL_OPERATOR_ROW("_[_]", &troth_cel_type_optional_b,                           \
                           &troth_cel_type_optional_map_ab, &troth_cel_type_a)           \
    TROTH_CEL_OPERATOR_ROW("_[?_]", &troth_cel_type_optional_a, &troth_cel_type_list_a,  \
                           TROTH_CEL_OF(INT))                                            \
    TROTH_CEL_OPERATOR_ROW("_[?_]", &troth_cel_type_optional_b, &troth_cel_type_map_ab,  \
                           &troth_cel_type_a)                                            \
    TROTH_CEL_OPERATOR_ROW("_[?_]", &troth_cel_type_optional_a,                          \
                           &troth_cel_type_optional_list_a, TROTH_CEL_OF(INT))           \
    TROTH_CEL_OPERATOR_ROW("_[?_]", &troth_cel_type_optional_b,                          \
                           &troth_cel_type_optional_map_ab, &troth_cel_type_a)           \
    TROTH_CEL_OPERATOR_ROW("_?._", &troth_cel_type_optional_b, &troth_cel_type_map_ab,   \
                           &troth_cel_type_a)                                            \
    TROTH_CEL_OPERATOR_ROW("_?._", &troth_cel_type_optional_b,                           \
                           &troth_cel_type_optional_map_ab, &troth_cel_type_a)           \
    TROTH_CEL_OPERATOR_ROW("@append", &troth_cel_type_list_a, &troth_cel_type_list_a,    \
                           &troth_cel_type_a)                                            \
    TROTH_CEL_OPERATOR_ROW("@insert", &troth_cel_type_map_ab, &troth_cel_type_map_ab,    \
                           &troth_cel_type_a, &troth_cel_type_b)                         \
    TROTH_CEL_OPERATOR_ROW("@insert_all", &troth_cel_type_map_ab, &troth_cel_type_map_ab, \
                           &troth_cel_type_map_ab)

/* Rows for the array of troth_cel_standard in library.c. */
#define TROTH_CEL_OPERATOR_ROWS                                                          \
    TROTH_CEL_ARITHMETIC_ROWS                                                            \
    TROTH_CEL_LOGIC_ROWS                                                                 \
    TROTH_CEL_ACCESS_ROWS                                                                \
    TROTH_CEL_CONVERSION_ROWS
/* clang-format on */

#endif
