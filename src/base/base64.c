/* SPDX-License-Identifier: Apache-2.0 */
#include "base/base64.h"

#include "base/memory.h"

#define SHARED "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
static const char *const alphabets[] = {SHARED "+/", SHARED "-_"};

/* Above the six bits of a value: the alphabets that do not have the character. */
enum { NOT_BASE64 = 0x40, NOT_BASE64URL = 0x80, VALUE = 0x3f };
static const uint8_t missing[] = {NOT_BASE64, NOT_BASE64URL};

/* clang-format off */
#define NO (NOT_BASE64 | NOT_BASE64URL)
static const uint8_t values[128] = {
    NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO,
    NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO,
    NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, 62 | NOT_BASE64URL, NO, 62 | NOT_BASE64, NO,
    63 | NOT_BASE64URL,
    52, 53, 54, 55, 56, 57, 58, 59, 60, 61, NO, NO, NO, NO, NO, NO,
    NO,  0,  1,  2,  3,  4,  5,  6,  7,  8,  9, 10, 11, 12, 13, 14,
    15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, NO, NO, NO, NO, 63 | NOT_BASE64,
    NO, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 37, 38, 39, 40,
    41, 42, 43, 44, 45, 46, 47, 48, 49, 50, 51, NO, NO, NO, NO, NO,
};
/* clang-format on */

/* The next `count` characters as one number; `*seen` collects what was wrong with them.
 */
static uint32_t group(const uint8_t *text, size_t count, unsigned *seen)
{
    uint32_t bits = 0;

    for (size_t i = 0; i < count; i++) {
        unsigned value = text[i] < sizeof values ? values[text[i]] : NO;

        *seen |= value;
        bits = bits << 6 | (value & VALUE);
    }
    return bits;
}

/* How many characters carry bits. */
static size_t without_padding(struct troth_span text)
{
    size_t len = text.len;

    while (len > 0 && text.len - len < 2 && text.ptr[len - 1] == '=')
        len--;
    return len;
}

static enum troth_err parse(uint8_t *out, struct troth_span text, unsigned forbidden)
{
    unsigned seen = 0;
    size_t whole = text.len - text.len % 4;
    size_t tail = text.len % 4;

    for (size_t i = 0; i < whole; i += 4) {
        uint32_t bits = group(text.ptr + i, 4, &seen);

        *out++ = (uint8_t)(bits >> 16);
        *out++ = (uint8_t)(bits >> 8);
        *out++ = (uint8_t)bits;
    }

    /* Two characters carry one byte and four unused bits, three carry two and two. */
    uint32_t bits = tail ? group(text.ptr + whole, tail, &seen) << (24 - 6 * tail) : 0;

    for (size_t i = 1; i < tail; i++, bits <<= 8)
        *out++ = (uint8_t)(bits >> 16);
    if (seen & forbidden)
        return TROTH_ERR_VALUE;
    return bits & 0xffffff ? TROTH_ERR_ENCODING : TROTH_OK;
}

enum troth_err troth_base64_parse(uint8_t *out, size_t out_size, size_t *out_len,
                                  struct troth_span text,
                                  enum troth_base64_alphabet alphabet)
{
    size_t carrying = without_padding(text);
    size_t len = carrying / 4 * 3 + carrying % 4 * 3 / 4;
    bool whole = alphabet == TROTH_BASE64 ? text.len % 4 == 0
                                          : text.len == carrying && carrying % 4 != 1;
    enum troth_err err = TROTH_ERR_LIMIT;

    if (len <= out_size)
        err = parse(out, (struct troth_span){text.ptr, carrying}, missing[alphabet]);
    if (!err && !whole)
        err = TROTH_ERR_ENCODING;
    if (err && out_size)
        memset(out, 0, out_size);
    *out_len = err ? 0 : len;
    return err;
}

void troth_base64_write(struct troth_writer *w, struct troth_span bytes,
                        enum troth_base64_alphabet alphabet)
{
    const char *digits = alphabets[alphabet];

    for (size_t i = 0; i < bytes.len && !w->full; i += 3) {
        size_t count = bytes.len - i < 3 ? bytes.len - i : 3;
        uint32_t bits = 0;
        uint8_t text[4] = {'=', '=', '=', '='};

        for (size_t j = 0; j < 3; j++)
            bits = bits << 8 | (j < count ? bytes.ptr[i + j] : 0);
        for (size_t j = 0; j <= count; j++)
            text[j] = (uint8_t)digits[bits >> (18 - 6 * j) & VALUE];
        troth_write_bytes(
            w, (struct troth_span){text, alphabet == TROTH_BASE64 ? 4 : count + 1});
    }
}
