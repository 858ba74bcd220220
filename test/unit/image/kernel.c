/* SPDX-License-Identifier: Apache-2.0 */
#include "test/unit/image/kernel.h"

#include <string.h>

#include "test/harness.h"
#include "test/unit/image/firmware.h"

/* clang-format off */
static const struct {
    size_t at;
    uint64_t value;
    size_t width;
} fields[] = {
    {0, 0x5a4d, 2},
    {0x3c, KERNEL_PE, 4},
    {KERNEL_PE, 0x4550, 4},
    {KERNEL_PE + 4, 0x8664, 2},
    {KERNEL_PE + 6, 4, 2},
    {KERNEL_PE + 20, 160, 2},
    {KERNEL_OPTIONAL, 0x20b, 2},
    {KERNEL_OPTIONAL + 60, 0x1000, 4},
    {KERNEL_CHECKSUM, 0x12345678, 4},
    {KERNEL_DIRECTORIES, 6, 4},
    {KERNEL_SIGNATURES, KERNEL_SIZE - KERNEL_SIGNATURE, 4},
    {KERNEL_SIGNATURES + 4, KERNEL_SIGNATURE, 4},
    /* Size, and where: the third in the file comes first, one has none. */
    {KERNEL_ROWS + 16, 0x1000, 4}, {KERNEL_ROWS + 20, 0x3000, 4},
    {KERNEL_ROWS + 56, 0x2000, 4}, {KERNEL_ROWS + 60, 0x1000, 4},
    {KERNEL_ROWS + 96, 0, 4}, {KERNEL_ROWS + 100, 0xffffffff, 4},
    {KERNEL_ROWS + 136, 0x2000, 4}, {KERNEL_ROWS + 140, 0x4000, 4},
    /* Linux's setup header. */
    {0x1f1, 7, 1},
    {0x206, 0x20f, 2},
    {0x210, 0, 1},
    {0x211, 1, 1},
    {0x22c, 0x7fffffff, 4},
    {0x236, 0x7f, 2},
};
/* clang-format on */

struct troth_span kernel_make(uint8_t *out)
{
    for (size_t i = 0; i < KERNEL_SIZE; i++)
        out[i] = (uint8_t)(i * 11 + i / 241);
    memcpy(out + 0x202, "HdrS", 4);
    for (size_t i = 0; i < COUNT(fields); i++)
        firmware_put(out + fields[i].at, fields[i].value, fields[i].width);
    return (struct troth_span){out, KERNEL_SIZE};
}
