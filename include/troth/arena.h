/* arena.h - the caller's memory, handed out from the front and never given back. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_ARENA_H
#define TROTH_ARENA_H

#include <stddef.h>
#include <stdint.h>

struct troth_arena {
    uint8_t *base;
    size_t size; /* bytes at `base` */
    size_t used; /* set to an earlier value to give back everything taken since */
};

/* An arena over an array object. */
#define TROTH_ARENA_OVER(array) ((struct troth_arena){(array), sizeof(array), 0})

#endif
