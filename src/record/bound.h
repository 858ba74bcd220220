/*
 * bound.h - texts bound together so that no two lists of them are the same bytes: each
 * behind its length, LP() of troth/binding.h.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_RECORD_BOUND_H
#define TROTH_RECORD_BOUND_H

#include "troth/record.h"

#define TROTH_BOUND_MAX 6

/* Borrows what was added; not to be copied, because it points into itself. */
struct troth_bound {
    uint8_t lengths[TROTH_BOUND_MAX][8]; /* big-endian */
    struct troth_span spans[2 * TROTH_BOUND_MAX];
    size_t count; /* of spans */
};

/* The label says what they are for. */
void troth_bound_begin(struct troth_bound *bound, const char *label);
/* No more than TROTH_BOUND_MAX with the label. */
void troth_bound_add(struct troth_bound *bound, struct troth_span text);
struct troth_parts troth_bound_parts(const struct troth_bound *bound);

#endif
