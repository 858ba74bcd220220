/* SPDX-License-Identifier: Apache-2.0 */
#include "os/crc32_fold.h"

#if defined(__x86_64__)

#include <immintrin.h>

/* Four lanes, each of one register. */
enum { LANES = 4, LANE = 16, STRIDE = LANES * LANE };

#define WITH_CLMUL __attribute__((target("pclmul")))

/* x to the power of so many, modulo the polynomial, its bits in reverse and one to the
 * left: what moves the halves of a register on by four of them, or by one. */
#define X_544 0x154442bd4 /* 4 * 128 + 32 */
#define X_480 0x1c6e41596 /* 4 * 128 - 32 */
#define X_160 0x1751997d0 /* 128 + 32 */
#define X_96  0x0ccaa009e /* 128 - 32 */

WITH_CLMUL static __m128i load(const uint8_t *bytes)
{
    return _mm_loadu_si128((const __m128i *)(const void *)bytes);
}

/* The register moved on, with what is there. */
WITH_CLMUL static __m128i fold(__m128i lane, __m128i by, __m128i there)
{
    const __m128i low = _mm_clmulepi64_si128(lane, by, 0x00);
    const __m128i high = _mm_clmulepi64_si128(lane, by, 0x11);

    return _mm_xor_si128(_mm_xor_si128(low, high), there);
}

WITH_CLMUL static size_t fold_all(uint8_t *out_rest, uint32_t crc,
                                  struct troth_span bytes)
{
    const __m128i by_four = _mm_set_epi64x(X_480, X_544);
    const __m128i by_one = _mm_set_epi64x(X_96, X_160);
    __m128i lanes[LANES];
    size_t done = STRIDE;

    for (size_t i = 0; i < LANES; i++)
        lanes[i] = load(bytes.ptr + i * LANE);
    lanes[0] = _mm_xor_si128(lanes[0], _mm_cvtsi32_si128((int)~crc));
    for (; bytes.len - done >= STRIDE; done += STRIDE)
        for (size_t i = 0; i < LANES; i++)
            lanes[i] = fold(lanes[i], by_four, load(bytes.ptr + done + i * LANE));
    for (size_t i = 1; i < LANES; i++)
        lanes[0] = lanes[i] = fold(lanes[0], by_one, lanes[i]);
    _mm_storeu_si128((__m128i *)(void *)out_rest, lanes[0]);
    return done;
}

size_t troth_crc32_fold(uint8_t out_rest[static TROTH_CRC32_FOLDED], uint32_t crc,
                        struct troth_span bytes)
{
    if (bytes.len < STRIDE || !__builtin_cpu_supports("pclmul"))
        return 0;
    return fold_all(out_rest, crc, bytes);
}

#else

size_t troth_crc32_fold(uint8_t out_rest[static TROTH_CRC32_FOLDED], uint32_t crc,
                        struct troth_span bytes)
{
    (void)out_rest;
    (void)crc;
    (void)bytes;
    return 0;
}

#endif
