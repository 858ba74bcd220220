/* lock_fields.h - what a lock says of each kind of input. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_BUILDER_LOCK_FIELDS_H
#define TROTH_BUILDER_LOCK_FIELDS_H

#include "builder/lock.h"

#define TROTH_LOCK_FORMAT 1

/* In the order in which they are written. */
/* clang-format off */
#define TROTH_LOCK_FIELDS(X)      \
    X(KIND,         "kind")         \
    X(NAME,         "name")         \
    X(TARGET,       "target")       \
    X(VERSION,      "version")      \
    X(ARCHITECTURE, "architecture") \
    X(USE,          "use")          \
    X(MODE,         "mode")         \
    X(DIGEST,       "digest")       \
    X(SHA256,       "sha256")       \
    X(SIZE,         "size")
/* clang-format on */

enum troth_lock_field {
#define X(name, text) TROTH_LOCK_FIELD_##name,
    TROTH_LOCK_FIELDS(X)
#undef X
        TROTH_LOCK_FIELD_COUNT
};

#define TROTH_LOCK_BIT(field) (1U << TROTH_LOCK_FIELD_##field)

const char *troth_lock_field_name(enum troth_lock_field field);
const char *troth_lock_kind_name(enum troth_input_kind kind);

/* The bits of the fields that this kind has, no more and no fewer. */
unsigned troth_lock_fields_of(enum troth_input_kind kind);

/* The member that a field of text is; NULL: it is none. */
const char **troth_lock_text_of(struct troth_input *input, enum troth_lock_field field);

/*
 * troth_lock_order - by kind, then name, then use: what comes first is less than zero.
 * Zero: the same input.
 */
int troth_lock_order(const struct troth_input *a, const struct troth_input *b);

/* Are these things that a lock can say of an input of this kind? What cannot be is named
 * in `problem`. */
TROTH_MUST_USE bool troth_lock_check(const struct troth_input *input,
                                     struct troth_build_problem *problem);

#endif
