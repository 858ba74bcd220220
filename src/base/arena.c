/* SPDX-License-Identifier: Apache-2.0 */
#include "base/arena.h"

#include "base/memory.h"

/* `base` may lie anywhere, so it is the address that is aligned, not the offset. */
static uint8_t *take(struct troth_arena *arena, size_t len, size_t alignment)
{
    if (!arena->base || arena->used > arena->size)
        return NULL;

    size_t left = arena->size - arena->used;
    size_t padding = (size_t)(0 - ((uintptr_t)arena->base + arena->used)) % alignment;

    if (padding > left || len > left - padding)
        return NULL;

    uint8_t *taken = arena->base + arena->used + padding;

    arena->used += padding + len;
    return taken;
}

void *troth_arena_take(struct troth_arena *arena, size_t len)
{
    uint8_t *taken = take(arena, len, _Alignof(max_align_t));

    return taken ? memset(taken, 0, len) : NULL;
}

void *troth_arena_take_array(struct troth_arena *arena, size_t count, size_t size)
{
    if (size && count > SIZE_MAX / size)
        return NULL;
    return troth_arena_take(arena, count * size);
}

void *troth_arena_take_unset(struct troth_arena *arena, size_t count, size_t size)
{
    if (size && count > SIZE_MAX / size)
        return NULL;
    return take(arena, count * size, _Alignof(max_align_t));
}

struct troth_span troth_arena_copy(struct troth_arena *arena, struct troth_span bytes)
{
    uint8_t *copy = bytes.len < SIZE_MAX ? take(arena, bytes.len + 1, 1) : NULL;

    if (!copy)
        return (struct troth_span){NULL, 0};
    if (bytes.len)
        memcpy(copy, bytes.ptr, bytes.len);
    copy[bytes.len] = 0;
    return (struct troth_span){copy, bytes.len};
}
