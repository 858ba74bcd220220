/* SPDX-License-Identifier: Apache-2.0 */
#include "os/crc32_fold.h"

#include <stdlib.h>

#include <zlib.h>

#include "test/harness.h"

#define MOST ((size_t)4096)

static uint32_t crc_of(uint32_t crc, struct troth_span bytes, size_t *out_folded)
{
    uint8_t rest[TROTH_CRC32_FOLDED];
    const size_t folded = troth_crc32_fold(rest, crc, bytes);

    *out_folded = folded;
    if (folded > 0)
        crc = (uint32_t)crc32_z(UINT32_MAX, rest, sizeof rest);
    return (uint32_t)crc32_z(crc, bytes.ptr + folded, bytes.len - folded);
}

/* In memory of its own, so that a sanitizer sees a byte too far. */
static void check_at(const uint8_t *bytes, size_t len, size_t shift)
{
    uint8_t *copy = malloc(len + shift + 1);
    const struct troth_span span = {copy + shift + 1, len};
    static const uint32_t before[] = {0, 1, 0x12345678, UINT32_MAX};
    size_t folded;

    for (size_t i = 0; i < len; i++)
        copy[shift + 1 + i] = bytes[i];
    for (size_t i = 0; i < COUNT(before); i++) {
        CHECK_INT(crc_of(before[i], span, &folded), crc32_z(before[i], span.ptr, len));
        CHECK(folded <= len);
    }
    free(copy);
}

int main(void)
{
    static uint8_t bytes[MOST];
    static const uint8_t zeros[MOST];
    size_t folded;

    for (size_t i = 0; i < MOST; i++)
        bytes[i] = (uint8_t)(i * 2654435761U >> 13);

    test_case("every length");
    for (size_t len = 0; len <= 600; len++)
        check_at(bytes, len, 0);
    check_at(bytes, MOST, 0);

    test_case("every alignment");
    for (size_t shift = 0; shift < 64; shift++)
        check_at(bytes, 333, shift);

    test_case("zeros, which a wrong start would not change");
    for (size_t len = 0; len <= MOST; len += 61)
        check_at(zeros, len, 0);

    test_case("each bit counts");
    for (size_t bit = 0; bit < 8 * (size_t)256; bit++) {
        bytes[bit / 8] ^= (uint8_t)(1U << bit % 8);
        check_at(bytes, 256, 0);
        bytes[bit / 8] ^= (uint8_t)(1U << bit % 8);
    }

    test_case("less than four registers is not worth it");
    (void)crc_of(0, (struct troth_span){bytes, 63}, &folded);
    CHECK_INT(folded, 0);
    return test_finish();
}
