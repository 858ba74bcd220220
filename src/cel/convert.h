/* convert.h - int(), string(), timestamp() and the other conversions; dyn() and type().
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_CEL_CONVERT_H
#define TROTH_CEL_CONVERT_H

#include "cel/library_types.h"

/* Of any kind that a row below names. */
troth_cel_function troth_cel_to_itself;
troth_cel_function troth_cel_to_bool;
troth_cel_function troth_cel_to_int;
troth_cel_function troth_cel_to_uint;
troth_cel_function troth_cel_to_double;
troth_cel_function troth_cel_to_string;
troth_cel_function troth_cel_to_bytes;
troth_cel_function troth_cel_to_timestamp;
troth_cel_function troth_cel_to_duration;
troth_cel_function troth_cel_to_type;

/* clang-format off */
#define TROTH_CEL_CONVERSION_ROW(name, call, to, from)                                   \
    TROTH_CEL_FUNCTION(name, call, TROTH_CEL_OF(to), TROTH_CEL_OF(from))

#define TROTH_CEL_CONVERSION_ROWS                                                        \
    TROTH_CEL_CONVERSION_ROW("bool", troth_cel_to_itself, BOOL, BOOL)                    \
    TROTH_CEL_CONVERSION_ROW("bool", troth_cel_to_bool, BOOL, STRING)                    \
    TROTH_CEL_CONVERSION_ROW("int", troth_cel_to_itself, INT, INT)                       \
    TROTH_CEL_CONVERSION_ROW("int", troth_cel_to_int, INT, UINT)                         \
    TROTH_CEL_CONVERSION_ROW("int", troth_cel_to_int, INT, DOUBLE)                       \
    TROTH_CEL_CONVERSION_ROW("int", troth_cel_to_int, INT, STRING)                       \
    TROTH_CEL_CONVERSION_ROW("int", troth_cel_to_int, INT, TIMESTAMP)                    \
    TROTH_CEL_CONVERSION_ROW("uint", troth_cel_to_itself, UINT, UINT)                    \
    TROTH_CEL_CONVERSION_ROW("uint", troth_cel_to_uint, UINT, INT)                       \
    TROTH_CEL_CONVERSION_ROW("uint", troth_cel_to_uint, UINT, DOUBLE)                    \
    TROTH_CEL_CONVERSION_ROW("uint", troth_cel_to_uint, UINT, STRING)                    \
    TROTH_CEL_CONVERSION_ROW("double", troth_cel_to_itself, DOUBLE, DOUBLE)              \
    TROTH_CEL_CONVERSION_ROW("double", troth_cel_to_double, DOUBLE, INT)                 \
    TROTH_CEL_CONVERSION_ROW("double", troth_cel_to_double, DOUBLE, UINT)                \
    TROTH_CEL_CONVERSION_ROW("double", troth_cel_to_double, DOUBLE, STRING)              \
    TROTH_CEL_CONVERSION_ROW("string", troth_cel_to_itself, STRING, STRING)              \
    TROTH_CEL_CONVERSION_ROW("string", troth_cel_to_string, STRING, BOOL)                \
    TROTH_CEL_CONVERSION_ROW("string", troth_cel_to_string, STRING, INT)                 \
    TROTH_CEL_CONVERSION_ROW("string", troth_cel_to_string, STRING, UINT)                \
    TROTH_CEL_CONVERSION_ROW("string", troth_cel_to_string, STRING, DOUBLE)              \
    TROTH_CEL_CONVERSION_ROW("string", troth_cel_to_string, STRING, BYTES)               \
    TROTH_CEL_CONVERSION_ROW("string", troth_cel_to_string, STRING, TIMESTAMP)           \
    TROTH_CEL_CONVERSION_ROW("string", troth_cel_to_string, STRING, DURATION)            \
    TROTH_CEL_CONVERSION_ROW("bytes", troth_cel_to_itself, BYTES, BYTES)                 \
    TROTH_CEL_CONVERSION_ROW("bytes", troth_cel_to_bytes, BYTES, STRING)                 \
    TROTH_CEL_CONVERSION_ROW("timestamp", troth_cel_to_itself, TIMESTAMP, TIMESTAMP)     \
    TROTH_CEL_CONVERSION_ROW("timestamp", troth_cel_to_timestamp, TIMESTAMP, INT)        \
    TROTH_CEL_CONVERSION_ROW("timestamp", troth_cel_to_timestamp, TIMESTAMP, STRING)     \
    TROTH_CEL_CONVERSION_ROW("duration", troth_cel_to_itself, DURATION, DURATION)        \
    TROTH_CEL_CONVERSION_ROW("duration", troth_cel_to_duration, DURATION, STRING)        \
    TROTH_CEL_FUNCTION("dyn", troth_cel_to_itself, TROTH_CEL_OF(DYN), &troth_cel_type_a) \
    TROTH_CEL_FUNCTION("type", troth_cel_to_type, &troth_cel_type_type_a,                \
                       &troth_cel_type_a)
/* clang-format on */

#endif
