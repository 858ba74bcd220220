/*
 * cel_value.h - types and values of the Common Expression Language.
 *
 * A value borrows whatever it points at: the host's data, the program's literals, or the
 * arena of the evaluation that made it.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_CEL_VALUE_H
#define TROTH_CEL_VALUE_H

#include <stdbool.h>

#include "troth/span.h"

/* What a value is, and what a type is of; the last group has types only. */
/* clang-format off */
#define TROTH_CEL_KINDS(X)                                                              \
    /* kind      name in CEL                                                         */ \
    X(NONE,      "")        /* a variable that has no value: to use it is an error   */ \
    X(ERROR,     "error")                                                               \
    X(UNKNOWN,   "unknown") /* a value that is not known yet: partial evaluation     */ \
    X(NULL,      "null_type")                                                           \
    X(BOOL,      "bool")                                                                \
    X(INT,       "int")                                                                 \
    X(UINT,      "uint")                                                                \
    X(DOUBLE,    "double")                                                              \
    X(STRING,    "string")                                                              \
    X(BYTES,     "bytes")                                                               \
    X(TIMESTAMP, "google.protobuf.Timestamp")                                           \
    X(DURATION,  "google.protobuf.Duration")                                            \
    X(LIST,      "list")                                                                \
    X(MAP,       "map")                                                                 \
    X(TYPE,      "type")                                                                \
    X(OPTIONAL,  "optional_type")                                                       \
    X(ADDRESS,   "net.IP")                                                              \
    X(NETWORK,   "net.CIDR")                                                            \
    X(DYN,       "dyn")                                                                 \
    X(PARAMETER, "")        /* T in list(T)                                          */ \
    X(ABSTRACT,  "")        /* a host's own, by name, with up to three arguments     */
/* clang-format on */

enum troth_cel_kind {
#define X(kind, name) TROTH_CEL_##kind,
    TROTH_CEL_KINDS(X)
#undef X
        TROTH_CEL_KIND_COUNT
};

/* Arguments: LIST and OPTIONAL and TYPE have one, MAP two. NULL stands for dyn. */
struct troth_cel_type {
    enum troth_cel_kind kind;
    const char *name; /* PARAMETER and ABSTRACT */
    const struct troth_cel_type *arguments[3];
};

/* The type of each kind without arguments; list is list(dyn), map is map(dyn, dyn). */
extern const struct troth_cel_type troth_cel_types[TROTH_CEL_KIND_COUNT];

/* Why an expression has no value. "&&", "||", "?:" and the macros may absorb it. */
/* clang-format off */
#define TROTH_CEL_ERRORS(X)                                                             \
    X(OVERLOAD,  "no such overload: the function does not take values of these types")  \
    X(VARIABLE,  "the variable has no value here")                                      \
    X(FUNCTION,  "no such function")                                                    \
    X(KEY,       "no such key")                                                         \
    X(KEY_TYPE,  "a key must be a bool, int, uint or string")                           \
    X(KEY_TWICE, "the key is there twice")                                              \
    X(FIELD,     "values of this type have no fields")                                  \
    X(INDEX,     "index out of range")                                                  \
    X(DIVIDE,    "division by zero")                                                    \
    X(MODULUS,   "modulus by zero")                                                     \
    X(OVERFLOW,  "the result does not fit its type")                                    \
    X(RANGE,     "the value is outside the range of the type")                          \
    X(CONVERT,   "the text cannot be understood as the type")                           \
    X(ARGUMENT,  "the function does not take this value")                               \
    X(TEXT,      "not valid UTF-8")                                                     \
    X(PATTERN,   "not a pattern this regular expression engine takes")                  \
    X(EMPTY,     "the optional has no value")                                           \
    X(HOST,      "the host's function failed")
/* clang-format on */

enum troth_cel_error {
    TROTH_CEL_NO_ERROR = 0,
#define X(name, text) TROTH_CEL_ERROR_##name,
    TROTH_CEL_ERRORS(X)
#undef X
};
const char *troth_cel_error_text(enum troth_cel_error error);

struct troth_cel_value {
    enum troth_cel_kind kind;
    int32_t nanos; /* TIMESTAMP: 0 to 999999999; DURATION: of the sign of its seconds */
    union {
        bool boolean;
        int64_t integer; /* INT; seconds of TIMESTAMP (since 1970, UTC) and DURATION */
        uint64_t number; /* UINT */
        double real;
        struct troth_span text; /* STRING (UTF-8), BYTES */
        const struct troth_cel_list *list;
        const struct troth_cel_map *map;
        const struct troth_cel_type *type;
        const struct troth_cel_value *optional;  /* NULL: none */
        const struct troth_cel_address *address; /* ADDRESS and NETWORK */
        struct {
            enum troth_cel_error code;
            uint32_t start, end; /* the sub-expression, in bytes of the source */
        } error;
    } as;
};

struct troth_cel_list {
    const struct troth_cel_value *items;
    size_t count;
};

/* No key twice; int, uint and double keys of equal number are the same key. */
struct troth_cel_map {
    const struct troth_cel_entry *entries;
    size_t count;
};
struct troth_cel_entry {
    struct troth_cel_value key, value;
};

struct troth_cel_address {
    bool is_v6;
    uint8_t bytes[16];  /* the first four for version 4 */
    uint8_t prefix_len; /* NETWORK: bits; 32 or 128 for an ADDRESS */
};

/* clang-format off */
#define TROTH_CEL_NULL_VALUE        ((struct troth_cel_value){.kind = TROTH_CEL_NULL})
#define TROTH_CEL_BOOL_VALUE(x)     ((struct troth_cel_value){.kind = TROTH_CEL_BOOL, .as.boolean = (x)})
#define TROTH_CEL_INT_VALUE(x)      ((struct troth_cel_value){.kind = TROTH_CEL_INT, .as.integer = (x)})
#define TROTH_CEL_UINT_VALUE(x)     ((struct troth_cel_value){.kind = TROTH_CEL_UINT, .as.number = (x)})
#define TROTH_CEL_DOUBLE_VALUE(x)   ((struct troth_cel_value){.kind = TROTH_CEL_DOUBLE, .as.real = (x)})
#define TROTH_CEL_STRING_VALUE(x)   ((struct troth_cel_value){.kind = TROTH_CEL_STRING, .as.text = (x)})
#define TROTH_CEL_BYTES_VALUE(x)    ((struct troth_cel_value){.kind = TROTH_CEL_BYTES, .as.text = (x)})
#define TROTH_CEL_LIST_VALUE(x)     ((struct troth_cel_value){.kind = TROTH_CEL_LIST, .as.list = (x)})
#define TROTH_CEL_MAP_VALUE(x)      ((struct troth_cel_value){.kind = TROTH_CEL_MAP, .as.map = (x)})
#define TROTH_CEL_TYPE_VALUE(x)     ((struct troth_cel_value){.kind = TROTH_CEL_TYPE, .as.type = (x)})
#define TROTH_CEL_OPTIONAL_VALUE(x) ((struct troth_cel_value){.kind = TROTH_CEL_OPTIONAL, .as.optional = (x)})
#define TROTH_CEL_ERROR_VALUE(x)    ((struct troth_cel_value){.kind = TROTH_CEL_ERROR, .as.error.code = (x)})
/* clang-format on */
/* nanos_ is of the sign of seconds_, or either where that is zero. */
#define TROTH_CEL_DURATION_VALUE(seconds_, nanos_)                                       \
    ((struct troth_cel_value){                                                           \
        .kind = TROTH_CEL_DURATION, .nanos = (nanos_), .as.integer = (seconds_)})
#define TROTH_CEL_TIMESTAMP_VALUE(seconds_, nanos_)                                      \
    ((struct troth_cel_value){                                                           \
        .kind = TROTH_CEL_TIMESTAMP, .nanos = (nanos_), .as.integer = (seconds_)})

#endif
