/* SPDX-License-Identifier: Apache-2.0 */
#include "cel/library_types.h"

/* clang-format off */
#define TYPES(X)                                                                        \
    /* name              kind       of                                               */ \
    X(list_a,            LIST,      &troth_cel_type_a)                                  \
    X(map_ab,            MAP,       &troth_cel_type_a, &troth_cel_type_b)               \
    X(optional_a,        OPTIONAL,  &troth_cel_type_a)                                  \
    X(optional_b,        OPTIONAL,  &troth_cel_type_b)                                  \
    X(optional_list_a,   OPTIONAL,  &troth_cel_type_list_a)                             \
    X(optional_map_ab,   OPTIONAL,  &troth_cel_type_map_ab)                             \
    X(list_optional_a,   LIST,      &troth_cel_type_optional_a)                         \
    X(type_a,            TYPE,      &troth_cel_type_a)                                  \
    X(list_int,          LIST,      TROTH_CEL_OF(INT))                                  \
    X(list_uint,         LIST,      TROTH_CEL_OF(UINT))                                 \
    X(list_double,       LIST,      TROTH_CEL_OF(DOUBLE))                               \
    X(list_string,       LIST,      TROTH_CEL_OF(STRING))
/* clang-format on */

const struct troth_cel_type troth_cel_type_a = {TROTH_CEL_PARAMETER, "A", {NULL}};
const struct troth_cel_type troth_cel_type_b = {TROTH_CEL_PARAMETER, "B", {NULL}};

#define X(name_, kind_, ...)                                                             \
    const struct troth_cel_type troth_cel_type_##name_ = {                               \
        TROTH_CEL_##kind_, NULL, {__VA_ARGS__}};
TYPES(X)
#undef X
