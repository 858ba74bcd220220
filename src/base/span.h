/* span.h - compare and cut public byte runs. Secrets are compared by base/ct.h. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_BASE_SPAN_H
#define TROTH_BASE_SPAN_H

#include <stdbool.h>

#include "troth/span.h"

/* Do two spans of one length hold the same bytes? For the function below. */
bool troth_span_same_bytes(struct troth_span a, struct troth_span b);

/* Here, because nearly all spans that are compared differ in length. */
static inline bool troth_span_equal(struct troth_span a, struct troth_span b)
{
    return a.len == b.len && troth_span_same_bytes(a, b);
}

/* Is it this zero-terminated text? */
bool troth_span_is_text(struct troth_span span, const char *text);

/* The same, where ASCII letters of either case are one. */
bool troth_span_equal_ignoring_case(struct troth_span a, struct troth_span b);

/* Less than, equal to or greater than zero; a prefix sorts before what it begins. */
int troth_span_compare(struct troth_span a, struct troth_span b);

bool troth_span_is_zero(struct troth_span span); /* true for an empty one */
bool troth_span_starts_with(struct troth_span span, struct troth_span prefix);

/* The span over a zero-terminated text, without its zero. */
struct troth_span troth_span_of_text(const char *text);

/* What stands before the first `separator`, or all; `list` moves behind it. */
struct troth_span troth_span_next_item(struct troth_span *list, uint8_t separator);

/* Bytes from `start` up to `end`; empty if they are out of order or out of bounds. */
struct troth_span troth_span_slice(struct troth_span span, size_t start, size_t end);

#endif
