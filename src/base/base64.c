/* SPDX-License-Identifier: Apache-2.0 */
#include "base/base64.h"

#include "base/memory.h"

#define SHARED "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
static const char *const alphabets[] = {SHARED "+/", SHARED "-_"};

enum { VALUE = 0x3f };

/* clang-format off */
#define LETTERS(X, c62, c63)                                                            \
    X('A', 0)  X('B', 1)  X('C', 2)  X('D', 3)  X('E', 4)  X('F', 5)  X('G', 6)         \
    X('H', 7)  X('I', 8)  X('J', 9)  X('K', 10) X('L', 11) X('M', 12) X('N', 13)        \
    X('O', 14) X('P', 15) X('Q', 16) X('R', 17) X('S', 18) X('T', 19) X('U', 20)        \
    X('V', 21) X('W', 22) X('X', 23) X('Y', 24) X('Z', 25)                              \
    X('a', 26) X('b', 27) X('c', 28) X('d', 29) X('e', 30) X('f', 31) X('g', 32)        \
    X('h', 33) X('i', 34) X('j', 35) X('k', 36) X('l', 37) X('m', 38) X('n', 39)        \
    X('o', 40) X('p', 41) X('q', 42) X('r', 43) X('s', 44) X('t', 45) X('u', 46)        \
    X('v', 47) X('w', 48) X('x', 49) X('y', 50) X('z', 51)                              \
    X('0', 52) X('1', 53) X('2', 54) X('3', 55) X('4', 56) X('5', 57) X('6', 58)        \
    X('7', 59) X('8', 60) X('9', 61) X(c62, 62) X(c63, 63)

/*
 * What a character adds to its group of four, by its place there: six of the upper 24 bits,
 * and among the lowest four a mark that it is in the alphabet.
 */
#define X0(c, value) [c] = (uint32_t)(value) << 26 | 1,
#define X1(c, value) [c] = (uint32_t)(value) << 20 | 2,
#define X2(c, value) [c] = (uint32_t)(value) << 14 | 4,
#define X3(c, value) [c] = (uint32_t)(value) << 8 | 8,
#define PLACES(c62, c63)                                                                \
    {{LETTERS(X0, c62, c63)}, {LETTERS(X1, c62, c63)},                                  \
     {LETTERS(X2, c62, c63)}, {LETTERS(X3, c62, c63)}}
static const uint32_t places[][4][256] = {PLACES('+', '/'), PLACES('-', '_')};
/* clang-format on */

/* How many characters carry bits. */
static size_t without_padding(struct troth_span text)
{
    size_t len = text.len;

    while (len > 0 && text.len - len < 2 && text.ptr[len - 1] == '=')
        len--;
    return len;
}

static uint32_t group(const uint32_t place[static 4][256], const uint8_t *text)
{
    return place[0][text[0]] | place[1][text[1]] | place[2][text[2]] | place[3][text[3]];
}

/* The first `count` of a group's three bytes, or all and a zero. */
static inline void put(uint8_t *out, uint32_t bits, size_t count)
{
    for (size_t i = 0; i < count; i++)
        out[i] = (uint8_t)(bits >> (24 - 8 * i));
}

/* Groups of four characters; are all in the alphabet? What is written beyond the third
 * byte of one is the next one's, so that compilers make one store of it. */
static bool parse_groups(uint8_t *out, struct troth_span text,
                         const uint32_t place[static 4][256])
{
    uint32_t known = 0xf;

    for (; text.len > 4; text.ptr += 4, text.len -= 4, out += 3) {
        uint32_t bits = group(place, text.ptr);

        known &= bits;
        put(out, bits, 4);
    }
    if (text.len == 4) {
        known &= group(place, text.ptr);
        put(out, group(place, text.ptr), 3);
    }
    return known == 0xf;
}

static enum troth_err parse(uint8_t *out, struct troth_span text,
                            const uint32_t place[static 4][256])
{
    size_t whole = text.len - text.len % 4;
    size_t tail = text.len % 4;
    uint32_t bits = 0;
    bool known = parse_groups(out, (struct troth_span){text.ptr, whole}, place);

    for (size_t i = 0; i < tail; i++)
        bits |= place[i][text.ptr[whole + i]];
    /* Two characters carry one byte and four unused bits, three carry two and two. */
    if (tail)
        put(out + whole / 4 * 3, bits, tail - 1);
    if (!known || (bits & 0xf) != (1U << tail) - 1)
        return TROTH_ERR_VALUE;
    bits &= ~UINT32_C(0xff);
    return tail && bits << (8 * (tail - 1)) ? TROTH_ERR_ENCODING : TROTH_OK;
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
        err = parse(out, (struct troth_span){text.ptr, carrying}, places[alphabet]);
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
