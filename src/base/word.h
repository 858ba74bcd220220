/*
 * word.h - eight bytes at a time, for loops that most of the time goes into.
 *
 * Words are little-endian on every machine; compilers make one load of what is written
 * out here.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_BASE_WORD_H
#define TROTH_BASE_WORD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define TROTH_WORD_SIZE 8

/* A word with `byte` in each of its bytes. */
#define TROTH_WORD_OF(byte) (UINT64_C(0x0101010101010101) * (byte))

static inline uint32_t troth_word_half(const uint8_t *p)
{
    return p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

static inline uint64_t troth_word_at(const uint8_t *p)
{
    return troth_word_half(p) | (uint64_t)troth_word_half(p + 4) << 32;
}

/*
 * Bit 7 of each byte that is below `limit` (1 to 128), exact up to the first such byte:
 * those above it may be marked wrongly, as a subtraction borrows from them.
 */
static inline uint64_t troth_word_below(uint64_t word, uint8_t limit)
{
    return (word - TROTH_WORD_OF(limit)) & ~word & TROTH_WORD_OF(0x80);
}

/* The same for each byte that equals `byte`. */
static inline uint64_t troth_word_equal(uint64_t word, uint8_t byte)
{
    return troth_word_below(word ^ TROTH_WORD_OF(byte), 1);
}

/* How many bytes come before the first that is marked, in marks as above; not all 0. */
static inline size_t troth_word_first(uint64_t marks)
{
    const uint64_t below = (marks & (0 - marks)) >> 7; /* 1 in the byte's lowest bit */

    return (size_t)(((below - 1) & TROTH_WORD_OF(1)) * TROTH_WORD_OF(1) >> 56);
}

/* Are these bytes the same? */
static inline bool troth_word_same(const uint8_t *a, const uint8_t *b, size_t len)
{
    if (len < 4) {
        for (size_t i = 0; i < len; i++)
            if (a[i] != b[i])
                return false;
        return true;
    }
    if (len < TROTH_WORD_SIZE)
        return troth_word_half(a) == troth_word_half(b) &&
               troth_word_half(a + len - 4) == troth_word_half(b + len - 4);
    for (size_t i = 0; i + TROTH_WORD_SIZE < len; i += TROTH_WORD_SIZE)
        if (troth_word_at(a + i) != troth_word_at(b + i))
            return false;
    return troth_word_at(a + len - TROTH_WORD_SIZE) ==
           troth_word_at(b + len - TROTH_WORD_SIZE);
}

#endif
