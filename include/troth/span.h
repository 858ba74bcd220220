/* span.h - a borrowed run of bytes, passed by value. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_SPAN_H
#define TROTH_SPAN_H

#include <stddef.h>
#include <stdint.h>

struct troth_span {
    const uint8_t *ptr; /* may be NULL only when len is 0 */
    size_t len;         /* bytes */
};

/* A span over a string literal, without its terminating zero. */
#define TROTH_LITERAL(text)                                                              \
    ((struct troth_span){(const uint8_t *)("" text), sizeof(text) - 1})

/* An initialiser: a span over a whole array object. */
/* clang-format off */
#define TROTH_ARRAY_SPAN(array) {(array), sizeof(array)}
/* clang-format on */

#endif
