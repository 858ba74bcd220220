/*
 * value.h - compare values, order them, and look into collections.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_CEL_VALUES_H
#define TROTH_CEL_VALUES_H

#include "troth/cel_function.h"

/*
 * a == b. Numbers compare by number whatever their kinds, and without loss; values of
 * different kinds are not equal; NaN equals nothing. Charges `call` for what it looks at.
 * Collections are compared without recursion, TROTH_CEL_VALUE_NESTING deep; deeper ones
 * end the evaluation as if out of steps.
 */
#define TROTH_CEL_VALUE_NESTING 64
bool troth_cel_equal(struct troth_cel_call *call, const struct troth_cel_value *a,
                     const struct troth_cel_value *b);

/* Less than, equal to, greater than, or neither (NaN). An integer is compared with a
 * double as the double next to it. */
enum troth_cel_order {
    TROTH_CEL_LESS = -1,
    TROTH_CEL_SAME = 0,
    TROTH_CEL_GREATER = 1,
    TROTH_CEL_UNORDERED = 2,
    TROTH_CEL_NOT_COMPARABLE = 3 /* kinds that have no order */
};
/* bool, numbers (of any two kinds), string, bytes, timestamp, duration. */
enum troth_cel_order troth_cel_compare(const struct troth_cel_value *a,
                                       const struct troth_cel_value *b);

/* The value of a key, or NULL. Numbers of one value are one key. */
const struct troth_cel_value *troth_cel_map_find(struct troth_cel_call *call,
                                                 const struct troth_cel_map *map,
                                                 const struct troth_cel_value *key);

/* A value of that type, as its run-time kind tells: type(x). */
const struct troth_cel_type *troth_cel_type_of(const struct troth_cel_value *value);

/* May the value be given where this type is wanted? Only kinds are compared. */
bool troth_cel_value_fits(const struct troth_cel_value *value,
                          const struct troth_cel_type *type);

/* Values for results of functions. On failure: an ERROR value, which is ignored, as
 * `call` says that the evaluation ends. */
struct troth_cel_value troth_cel_new_list(struct troth_cel_call *call,
                                          struct troth_cel_value *items, size_t count);
struct troth_cel_value troth_cel_new_optional(struct troth_cel_call *call,
                                              const struct troth_cel_value *value);
/* A STRING or BYTES of `len` bytes of `from`, copied. */
struct troth_cel_value troth_cel_new_text(struct troth_cel_call *call,
                                          enum troth_cel_kind kind,
                                          struct troth_span from);

#endif
