/* arena.h - take pieces of a caller's arena. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_BASE_ARENA_H
#define TROTH_BASE_ARENA_H

#include "troth/arena.h"
#include "troth/span.h"

/* Aligned for any type and zeroed; NULL when it does not fit, `arena` then unchanged. */
void *troth_arena_take(struct troth_arena *arena, size_t len);

/* `count` elements of `size` bytes, as above; NULL too when the product overflows. */
void *troth_arena_take_array(struct troth_arena *arena, size_t count, size_t size);

/* The same, not zeroed: for what is written before it is read. */
void *troth_arena_take_unset(struct troth_arena *arena, size_t count, size_t size);

/* A copy, and a zero byte after it that len does not count; {NULL, 0}: does not fit. */
struct troth_span troth_arena_copy(struct troth_arena *arena, struct troth_span bytes);

#endif
