/* SPDX-License-Identifier: Apache-2.0 */
#include "image/crc32.h"

#include "base/word.h"

/*
 * Eight bytes a step: tables[k][n] is what byte n does to the CRC when k more bytes
 * follow it. A CRC is linear, so a table is the sums of what the eight bits of n do, and
 * those are the powers of x from x^32 on, modulo the polynomial (reflected: 0xedb88320).
 */
/* clang-format off */
#define BIT(n, i, power) ((n) >> (i) & 1 ? UINT32_C(power) : 0)
#define ONE(n, a, b, c, d, e, f, g, h)                                                   \
    BIT(n, 0, a) ^ BIT(n, 1, b) ^ BIT(n, 2, c) ^ BIT(n, 3, d) ^                          \
    BIT(n, 4, e) ^ BIT(n, 5, f) ^ BIT(n, 6, g) ^ BIT(n, 7, h)
#define FOUR(n, ...)                                                                     \
    ONE(n, __VA_ARGS__), ONE((n) + 1, __VA_ARGS__), ONE((n) + 2, __VA_ARGS__),           \
    ONE((n) + 3, __VA_ARGS__)
#define SIXTEEN(n, ...)                                                                  \
    FOUR(n, __VA_ARGS__), FOUR((n) + 4, __VA_ARGS__), FOUR((n) + 8, __VA_ARGS__),        \
    FOUR((n) + 12, __VA_ARGS__)
#define SIXTY_FOUR(n, ...)                                                               \
    SIXTEEN(n, __VA_ARGS__), SIXTEEN((n) + 16, __VA_ARGS__),                             \
    SIXTEEN((n) + 32, __VA_ARGS__), SIXTEEN((n) + 48, __VA_ARGS__)
#define TABLE(...)                                                                       \
    {SIXTY_FOUR(0, __VA_ARGS__), SIXTY_FOUR(64, __VA_ARGS__),                            \
     SIXTY_FOUR(128, __VA_ARGS__), SIXTY_FOUR(192, __VA_ARGS__)}

static const uint32_t tables[TROTH_WORD_SIZE][256] = {
    TABLE(0x77073096, 0xee0e612c, 0x076dc419, 0x0edb8832,
          0x1db71064, 0x3b6e20c8, 0x76dc4190, 0xedb88320),
    TABLE(0x191b3141, 0x32366282, 0x646cc504, 0xc8d98a08,
          0x4ac21251, 0x958424a2, 0xf0794f05, 0x3b83984b),
    TABLE(0x01c26a37, 0x0384d46e, 0x0709a8dc, 0x0e1351b8,
          0x1c26a370, 0x384d46e0, 0x709a8dc0, 0xe1351b80),
    TABLE(0xb8bc6765, 0xaa09c88b, 0x8f629757, 0xc5b428ef,
          0x5019579f, 0xa032af3e, 0x9b14583d, 0xed59b63b),
    TABLE(0x3d6029b0, 0x7ac05360, 0xf580a6c0, 0x30704bc1,
          0x60e09782, 0xc1c12f04, 0x58f35849, 0xb1e6b092),
    TABLE(0xcb5cd3a5, 0x4dc8a10b, 0x9b914216, 0xec53826d,
          0x03d6029b, 0x07ac0536, 0x0f580a6c, 0x1eb014d8),
    TABLE(0xa6770bb4, 0x979f1129, 0xf44f2413, 0x33ef4e67,
          0x67de9cce, 0xcfbd399c, 0x440b7579, 0x8816eaf2),
    TABLE(0xccaa009e, 0x4225077d, 0x844a0efa, 0xd3e51bb5,
          0x7cbb312b, 0xf9766256, 0x299dc2ed, 0x533b85da),
};
/* clang-format on */

static uint32_t step(uint32_t crc, uint8_t byte)
{
    return crc >> 8 ^ tables[0][(crc ^ byte) & 0xff];
}

static uint32_t step_word(uint32_t crc, uint64_t word)
{
    const uint64_t mixed = word ^ crc;

    return tables[7][mixed & 0xff] ^ tables[6][mixed >> 8 & 0xff] ^
           tables[5][mixed >> 16 & 0xff] ^ tables[4][mixed >> 24 & 0xff] ^
           tables[3][mixed >> 32 & 0xff] ^ tables[2][mixed >> 40 & 0xff] ^
           tables[1][mixed >> 48 & 0xff] ^ tables[0][mixed >> 56];
}

uint32_t troth_crc32(uint32_t crc, struct troth_span bytes)
{
    size_t i = 0;

    crc = ~crc;
    for (; bytes.len - i >= TROTH_WORD_SIZE; i += TROTH_WORD_SIZE)
        crc = step_word(crc, troth_word_at(bytes.ptr + i));
    for (; i < bytes.len; i++)
        crc = step(crc, bytes.ptr[i]);
    return ~crc;
}
