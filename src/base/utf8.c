/* SPDX-License-Identifier: Apache-2.0 */
#include "base/utf8.h"

#include "base/memory.h"

/*
 * What may follow a lead byte: the second byte is where overlong forms, surrogates and
 * numbers above U+10FFFF show; the bytes after it are always 80 to bf. [RFC3629] 4
 */
static const struct lead {
    uint8_t first, last; /* lead bytes this row is for */
    uint8_t second_min, second_max;
    uint8_t len;
} leads[] = {
    {0xc2, 0xdf, 0x80, 0xbf, 2}, {0xe0, 0xe0, 0xa0, 0xbf, 3}, {0xe1, 0xec, 0x80, 0xbf, 3},
    {0xed, 0xed, 0x80, 0x9f, 3}, {0xee, 0xef, 0x80, 0xbf, 3}, {0xf0, 0xf0, 0x90, 0xbf, 4},
    {0xf1, 0xf3, 0x80, 0xbf, 4}, {0xf4, 0xf4, 0x80, 0x8f, 4},
};

static const struct lead *find_lead(uint8_t byte)
{
    for (size_t i = 0; i < sizeof leads / sizeof leads[0]; i++)
        if (byte >= leads[i].first && byte <= leads[i].last)
            return &leads[i];
    return NULL;
}

/* Bytes in the character at `p`, which begins with no ASCII byte; 0 if it is none. */
static size_t character(const uint8_t *p, size_t left)
{
    const struct lead *lead = find_lead(p[0]);

    if (!lead || left < lead->len || p[1] < lead->second_min || p[1] > lead->second_max)
        return 0;
    for (size_t i = 2; i < lead->len; i++)
        if ((p[i] & 0xc0) != 0x80)
            return 0;
    return lead->len;
}

/* Are the next eight bytes there, and all ASCII? Nearly all text is, so most of it is
 * passed over a word at a time. */
static inline bool is_ascii_word(struct troth_span text, size_t at)
{
    uint64_t word;

    if (text.len - at < sizeof word)
        return false;
    memcpy(&word, text.ptr + at, sizeof word);
    return (word & UINT64_C(0x8080808080808080)) == 0;
}

bool troth_utf8_is_valid(struct troth_span text)
{
    for (size_t i = 0; i < text.len;) {
        if (is_ascii_word(text, i)) {
            i += sizeof(uint64_t);
            continue;
        }

        size_t len = text.ptr[i] < 0x80 ? 1 : character(text.ptr + i, text.len - i);

        if (len == 0)
            return false;
        i += len;
    }
    return true;
}

size_t troth_utf8_encode(uint8_t out[static 4], uint32_t code_point)
{
    static const uint8_t lead_bits[] = {0, 0, 0xc0, 0xe0, 0xf0};

    if (code_point > 0x10ffff || (code_point >= 0xd800 && code_point <= 0xdfff))
        return 0;
    if (code_point < 0x80) {
        out[0] = (uint8_t)code_point;
        return 1;
    }

    size_t len = code_point < 0x800 ? 2 : code_point < 0x10000 ? 3 : 4;

    for (size_t i = len - 1; i > 0; i--) {
        out[i] = (uint8_t)(0x80 | (code_point & 0x3f));
        code_point >>= 6;
    }
    out[0] = (uint8_t)(lead_bits[len] | code_point);
    return len;
}
