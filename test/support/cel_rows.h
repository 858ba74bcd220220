/*
 * cel_rows.h - call functions of CEL's libraries, and compare what they answer.
 *
 * By their rows: {why, name, {arguments}, wanted}; a name that begins with '.' is a
 * method's. Or in expressions, which are true unless they say otherwise.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_TEST_CEL_ROWS_H
#define TROTH_TEST_CEL_ROWS_H

#include "test/harness.h"
#include "troth/cel_function.h"

struct cel_row {
    const char *why, *name;
    struct troth_cel_value arguments[TROTH_CEL_ARGUMENTS_MAX]; /* NONE: no more */
    struct troth_cel_value wanted;
};

/* An outcome in tables. */
#define FAILS(code) IS_ERROR, TROTH_CEL_ERROR_##code

/* Values in tables, which must be constants. */
/* clang-format off */
#define S(literal) {.kind = TROTH_CEL_STRING, .as.text = {(const uint8_t *)("" literal), sizeof(literal) - 1}}
#define Y(literal) {.kind = TROTH_CEL_BYTES, .as.text = {(const uint8_t *)("" literal), sizeof(literal) - 1}}
#define I(x)       {.kind = TROTH_CEL_INT, .as.integer = (x)}
#define U(x)       {.kind = TROTH_CEL_UINT, .as.number = (x)}
#define D(x)       {.kind = TROTH_CEL_DOUBLE, .as.real = (x)}
#define B(x)       {.kind = TROTH_CEL_BOOL, .as.boolean = (x)}
#define N          {.kind = TROTH_CEL_NULL}
#define E(code_)   {.kind = TROTH_CEL_ERROR, .as.error.code = TROTH_CEL_ERROR_##code_}
#define L(...)                                                                          \
    {.kind = TROTH_CEL_LIST, .as.list = &(const struct troth_cel_list){                 \
        (const struct troth_cel_value[]){__VA_ARGS__},                                  \
        sizeof((const struct troth_cel_value[]){__VA_ARGS__}) / sizeof(struct troth_cel_value)}}
#define EMPTY      {.kind = TROTH_CEL_LIST, .as.list = &(const struct troth_cel_list){NULL, 0}}
#define M(...)                                                                          \
    {.kind = TROTH_CEL_MAP, .as.map = &(const struct troth_cel_map){                    \
        (const struct troth_cel_entry[]){__VA_ARGS__},                                  \
        sizeof((const struct troth_cel_entry[]){__VA_ARGS__}) / sizeof(struct troth_cel_entry)}}
#define TIME(seconds, nanos_) {.kind = TROTH_CEL_TIMESTAMP, .nanos = (nanos_), .as.integer = (seconds)}
#define SPAN(seconds, nanos_) {.kind = TROTH_CEL_DURATION, .nanos = (nanos_), .as.integer = (seconds)}
#define SOME(...)  {.kind = TROTH_CEL_OPTIONAL, .as.optional = &(const struct troth_cel_value)__VA_ARGS__}
#define NOTHING    {.kind = TROTH_CEL_OPTIONAL}
#define T(kind_)   {.kind = TROTH_CEL_TYPE, .as.type = &troth_cel_types[TROTH_CEL_##kind_]}
/* clang-format on */

/* Call the first row that fits the arguments, with plenty of steps and memory; then with
 * ever less of both, which must end the evaluation or change nothing. */
void cel_rows_check(const struct troth_cel_library *library, const struct cel_row *rows,
                    size_t count);

/* One call; the value is NONE where no row fits, or the evaluation ends. */
struct troth_cel_value cel_rows_call(const struct troth_cel_library *library,
                                     struct troth_cel_call *call, const char *name,
                                     const struct troth_cel_value *arguments);

/* The same value: of the same kind as well, NaN the same as itself. */
bool cel_rows_same(const struct troth_cel_value *a, const struct troth_cel_value *b);

enum cel_outcome { IS_TRUE = 0, IS_REFUSED, IS_ERROR };

struct cel_expression {
    const char *text;
    enum cel_outcome outcome;   /* IS_REFUSED: does not compile */
    enum troth_cel_error error; /* IS_ERROR */
};

/* Compile, with all libraries, and evaluate. */
void cel_expressions_check(const struct cel_expression *expressions, size_t count);

#endif
