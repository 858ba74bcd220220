/* schema.h - what the six kinds of records consist of, and what their parts may be. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_RECORD_SCHEMA_H
#define TROTH_RECORD_SCHEMA_H

#include "troth/record.h"

/* 2^53 - 1: every reader of JSON has such a number exactly. spec: [RFC8259] 6 */
#define TROTH_RECORD_UINT_MAX UINT64_C(9007199254740991)

/* What each entry's first member says. */
#define TROTH_RECORD_VERSION "troth/v1"

/* TROTH_RECORD_NONE: no kind is called that. */
enum troth_record_kind troth_record_kind_of(struct troth_span name);

/* The row of that name; NULL: the kind has none. */
const struct troth_record_field *troth_record_find_field(enum troth_record_kind kind,
                                                         struct troth_span name);

/* A private field's name: 1 to TROTH_RECORD_NAME_MAX of a-z 0-9 _ */
bool troth_record_name_is_valid(struct troth_span name);

/* An even number of digits 0-9 a-f. */
bool troth_record_is_lower_hex(struct troth_span text);

#endif
