/* library_types.h - what rows of overloads are written with: types, and three words. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_CEL_LIBRARY_TYPES_H
#define TROTH_CEL_LIBRARY_TYPES_H

#include "troth/cel_function.h"

/* The type of a kind without arguments: TROTH_CEL_OF(INT). */
#define TROTH_CEL_OF(kind) (&troth_cel_types[TROTH_CEL_##kind])

/* Parameters, and types made with them: A, B, list(A), map(A, B), … */
extern const struct troth_cel_type troth_cel_type_a;
extern const struct troth_cel_type troth_cel_type_b;
extern const struct troth_cel_type troth_cel_type_list_a;
extern const struct troth_cel_type troth_cel_type_map_ab;
extern const struct troth_cel_type troth_cel_type_optional_a;
extern const struct troth_cel_type troth_cel_type_optional_list_a;
extern const struct troth_cel_type troth_cel_type_optional_map_ab;
extern const struct troth_cel_type troth_cel_type_optional_b;
extern const struct troth_cel_type troth_cel_type_list_optional_a;
extern const struct troth_cel_type troth_cel_type_type_a; /* type(A) */

extern const struct troth_cel_type troth_cel_type_list_int;
extern const struct troth_cel_type troth_cel_type_list_uint;
extern const struct troth_cel_type troth_cel_type_list_double;
extern const struct troth_cel_type troth_cel_type_list_string;

/*
 * A row of a table of overloads, with a comma at its end: the name, the function, the
 * result, then the arguments; a method's receiver is the first of them, and counts.
 */
#define TROTH_CEL_FUNCTION(name, call, result, ...)                                      \
    {name, false, TROTH_CEL_TYPES_IN(__VA_ARGS__), result, {__VA_ARGS__}, call, NULL},
#define TROTH_CEL_METHOD(name, call, result, ...)                                        \
    {name, true, TROTH_CEL_TYPES_IN(__VA_ARGS__), result, {__VA_ARGS__}, call, NULL},
/* A method with a constant of its own. */
#define TROTH_CEL_METHOD_OF(host, name, call, result, ...)                               \
    {name, true, TROTH_CEL_TYPES_IN(__VA_ARGS__), result, {__VA_ARGS__}, call, host},
#define TROTH_CEL_TYPES_IN(...)                                                          \
    (sizeof((const struct troth_cel_type *const[]){__VA_ARGS__}) /                       \
     sizeof(const struct troth_cel_type *))

#endif
