/* state.h - the states that a pattern becomes, and the characters they read. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_REGEX_STATE_H
#define TROTH_REGEX_STATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define TROTH_REGEX_CODE_POINT_MAX 0x10ffffU

enum troth_regex_op {
    /* Reads one code point, of a range; one that is not may be in the state behind this
     * one. A class is a run of these in ascending order, its last being a LAST_RANGE. */
    TROTH_REGEX_RANGE,
    TROTH_REGEX_LAST_RANGE,
    /* These read nothing. */
    TROTH_REGEX_SPLIT, /* to `next` and to `other` */
    TROTH_REGEX_JUMP,
    TROTH_REGEX_MATCH,
    /* Onwards only at such a place. */
    TROTH_REGEX_BEGIN_TEXT,
    TROTH_REGEX_END_TEXT,
    TROTH_REGEX_BEGIN_LINE,
    TROTH_REGEX_END_LINE,
    TROTH_REGEX_WORD_EDGE,
    TROTH_REGEX_NO_WORD_EDGE,
};

/* Sixteen bytes, so that states which are taken from an arena one after the other are
 * one array. */
struct troth_regex_state {
    enum troth_regex_op op;
    uint32_t next;
    union {
        uint32_t first; /* of a range */
        uint32_t other; /* of a split */
    };
    uint32_t last;
};

/* Bytes of the character at `p`, of which `left` (at least 1) are there. Text that is not
 * UTF-8 gives some code point, and nothing behind `left` is read. */
static inline size_t troth_regex_decode(uint32_t *out, const uint8_t *p, size_t left)
{
    const size_t len = p[0] < 0xc0 ? 1 : p[0] < 0xe0 ? 2 : p[0] < 0xf0 ? 3 : 4;

    if (len == 1 || len > left) {
        *out = p[0];
        return 1;
    }
    *out = p[0] & (0x7fU >> len);
    for (size_t i = 1; i < len; i++)
        *out = *out << 6 | (p[i] & 0x3fU);
    return len;
}

#endif
