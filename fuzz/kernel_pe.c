/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes as a kernel, or as changes to one: what is hashed lies in it, and its first
 * bytes count once. */
#include "image/kernel_pe.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "image/tdx.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool holds)
{
    if (!holds)
        abort();
}

/* No digest: a sum in which the order counts. */
static enum troth_err sum(void *state, uint8_t *out, enum troth_hash hash,
                          struct troth_parts message)
{
    uint32_t value = 1;

    (void)state;
    for (size_t i = 0; i < message.count; i++)
        for (size_t k = 0; k < message.spans[i].len; k++)
            value = value * 31 + message.spans[i].ptr[k];
    memset(out, 0, troth_hash_size(hash));
    memcpy(out, &value, sizeof(value));
    return TROTH_OK;
}

static void start(const struct troth_crypto *crypto, struct troth_span kernel)
{
    const uint8_t initrd[48] = {0};
    struct troth_tdx_boot boot = {.kernel = kernel, .memory = UINT64_C(1) << 30};
    struct troth_fault fault;
    uint8_t digest[48];

    for (unsigned i = 0; i < 4; i++) {
        boot.plain_kernel = i & 1;
        boot.initrd_digest = i & 2 ? initrd : NULL;
        boot.initrd_size = i & 2 ? 12345 : 0;
        const enum troth_err err = troth_tdx_rtmr1(digest, &fault, crypto, &boot);

        require(err == fault.err);
    }
}

/* One section after headers of 0x400 bytes, and a setup header. */
static void put_usual(uint8_t *kernel)
{
    static const struct {
        uint16_t at, value;
    } fields[] = {
        {0, 0x5a4d},     {0x3c, 0x40},    {0x40, 0x4550}, {0x44, 0x8664}, {0x46, 2},
        {0x54, 160},     {0x58, 0x20b},   {0x94, 0x400},  {0xc4, 6},      {0xe8, 0x7f0},
        {0xec, 0x10},    {0x108, 0x200},  {0x10c, 0x400}, {0x130, 0x100}, {0x134, 0x600},
        {0x202, 0x6448}, {0x204, 0x5372}, {0x206, 0x20f}, {0x210, 0x100}, {0x236, 0x7f},
        {0x1f0, 0x300},
    };

    for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++) {
        kernel[fields[i].at] = (uint8_t)fields[i].value;
        kernel[fields[i].at + 1] = (uint8_t)(fields[i].value >> 8);
    }
}

static void measure(struct troth_span kernel)
{
    static const struct troth_crypto_ops ops = {.name = "sum", .digest = sum};
    const struct troth_crypto crypto = {&ops, NULL};
    struct troth_kernel_image image = {.file = kernel};
    uint8_t digest[48], again[48];
    struct troth_fault fault;
    const enum troth_err err = troth_kernel_pe_digest(digest, &fault, &crypto, &image);

    require(err == fault.err);
    start(&crypto, kernel);
    if (err)
        return;
    image.head = (struct troth_span){kernel.ptr, kernel.len / 2};
    require(!troth_kernel_pe_digest(again, NULL, &crypto, &image));
    require(memcmp(digest, again, sizeof(digest)) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static uint8_t kernel[0x800];

    measure((struct troth_span){data, size});
    memset(kernel, 0, sizeof(kernel));
    put_usual(kernel);
    for (size_t i = 0; i + 3 <= size; i += 3)
        kernel[(data[i] | (size_t)data[i + 1] << 8) % sizeof(kernel)] = data[i + 2];
    measure((struct troth_span)TROTH_ARRAY_SPAN(kernel));
    return 0;
}
