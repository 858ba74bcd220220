/*
 * cel_json.h - types and values of the CEL conformance cases, from protobuf's JSON.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_TEST_VECTORS_CEL_JSON_H
#define TROTH_TEST_VECTORS_CEL_JSON_H

#include <jansson.h>

#include "troth/cel.h"

/* Memory for what is read; ends the program when there is no more. */
void *cel_json_take(struct troth_arena *arena, size_t count, size_t size);

/* False, and `*why` says what, where it needs protobuf. */
bool cel_json_type(const struct troth_cel_type **out, const char **why,
                   const json_t *json, struct troth_arena *arena);
bool cel_json_value(struct troth_cel_value *out, const char **why, const json_t *json,
                    struct troth_arena *arena);

/* A string, which may have zeros in it. */
struct troth_span cel_json_text(const json_t *json);

/* Write out \u, \U and \? in a STRING or BYTES. */
void cel_json_unescape(struct troth_cel_value *value, struct troth_arena *arena);

/* The same value to the last bit: kinds, signs of zeros; NaN is NaN. Maps in any order.
 */
bool cel_json_same(const struct troth_cel_value *a, const struct troth_cel_value *b);

#endif
