/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <string.h>

#include "image/tdx.h"
#include "test/harness.h"
#include "test/unit/image/firmware.h"
#include "troth/provider.h"

static struct troth_crypto crypto;
static uint8_t image[0x10000];
static struct troth_arena arena;

/* Of the made firmware, by test/image/launch_oracle.py. */
static const char *const usual[] = {
    [TROTH_TDX_SINGLE_PASS] =
        "b4231c7bb3ee9ecc9dd35728aaf29a765405e0986793e23a1b02658ccef68695"
        "ec90e49c76b3880efb634c8abc3f5379",
    [TROTH_TDX_TWO_PASS] =
        "5acd27de899c3a61e46f348dfdc2cb80da00b8ad7bcb9ef3a3ca84958cc55c99"
        "d9936e7f4f402cecea49d2d98a128ccc",
};

enum { ROW = 16, NEXT = 32 };

/* clang-format off */
static const struct change {
    const char *why;
    size_t at; /* behind the descriptor's start */
    uint64_t value;
    size_t width;
    enum troth_err err;
    const char *field;
} changes[] = {
    {"another size", 4, 16 + 32 * 6 + 1, 4, TROTH_ERR_VALUE, "tdx.size"},
    {"version 2", 8, 2, 4, TROTH_ERR_VERSION, "tdx.version"},
    {"no sections", 12, 0, 4, TROTH_ERR_LIMIT, "tdx.count"},
    {"65 sections", 12, 65, 4, TROTH_ERR_LIMIT, "tdx.count"},
    {"very many sections", 12, 0xffffffff, 4, TROTH_ERR_LIMIT, "tdx.count"},
    {"bytes that start behind the image", ROW, 0x10000, 4, TROTH_ERR_SHORT, "tdx.section.raw_size"},
    {"bytes that end behind the image", ROW, 0x2001, 4, TROTH_ERR_SHORT, "tdx.section.raw_size"},
    {"bytes of 4 GiB", ROW + 4, 0xffffffff, 4, TROTH_ERR_SHORT, "tdx.section.raw_size"},
    {"fewer bytes than are measured", ROW + 4, 0xd000, 4, TROTH_ERR_VALUE, "tdx.section.raw_size"},
    {"more bytes than memory", ROW + NEXT + 4, 0x2001, 4, TROTH_ERR_VALUE, "tdx.section.raw_size"},
    {"fewer bytes, which are not measured", ROW + NEXT + 4, 0x1fff, 4, TROTH_OK, NULL},
    {"an address of no page", ROW + 8, 0xffff2800, 8, TROTH_ERR_VALUE, "tdx.section"},
    {"an address of 53 bits", ROW + 8, UINT64_C(1) << 52, 8, TROTH_ERR_LIMIT, "tdx.section.address"},
    {"the last address", ROW + 8, UINT64_MAX - 4095, 8, TROTH_ERR_LIMIT, "tdx.section.address"},
    {"no bytes of memory", ROW + 16, 0, 8, TROTH_ERR_VALUE, "tdx.section"},
    {"memory of no page", ROW + NEXT + 16, 0x2001, 8, TROTH_ERR_VALUE, "tdx.section"},
    {"memory of 53 bits", ROW + NEXT + 16, (UINT64_C(1) << 52) + 4096, 8, TROTH_ERR_LIMIT, "tdx.section.address"},
    {"more pages than may be added", ROW + 2 * NEXT + 16, UINT64_C(0x10000) << 12, 8, TROTH_ERR_LIMIT, "tdx.section.size"},
    {"a section that overlaps another", ROW + NEXT + 8, 0xffff1000, 8, TROTH_ERR_VALUE, "tdx.section.address"},
    {"a section of kind 8", ROW + 24, 8, 4, TROTH_ERR_UNSUPPORTED, "tdx.section.kind"},
    {"an unknown attribute", ROW + 28, 4, 4, TROTH_ERR_UNSUPPORTED, "tdx.section.attributes"},
    {"measured, but added later", ROW + 28, 3, 4, TROTH_ERR_VALUE, "tdx.section.attributes"},
    {"pages added later, and more than may be", ROW + 5 * NEXT + 16, 0x10000000, 8, TROTH_OK, NULL},
};
/* clang-format on */

static enum troth_err measure(uint8_t out[static 48], struct troth_fault *fault,
                              enum troth_tdx_order order)
{
    struct troth_ovmf ovmf;

    CHECK_ERR(troth_ovmf_read(&ovmf, NULL, (struct troth_span)TROTH_ARRAY_SPAN(image)),
              TROTH_OK);
    return troth_tdx_mrtd(out, fault, &crypto, &ovmf, order, &arena);
}

static void measure_usual(void)
{
    for (size_t i = 0; i < COUNT(usual); i++) {
        uint8_t digest[48];
        struct troth_fault fault;

        firmware_make(image, &firmware_usual);
        test_case("the made firmware, %s", i ? "in two passes" : "in one pass");
        CHECK_ERR(measure(digest, &fault, (enum troth_tdx_order)i), TROTH_OK);
        CHECK_SPAN(((struct troth_span)TROTH_ARRAY_SPAN(digest)), test_hex(usual[i]));
        CHECK_INT(arena.used, 0);
    }
}

static void refuse(void)
{
    for (size_t i = 0; i < COUNT(changes); i++) {
        const struct change *row = &changes[i];
        struct troth_fault fault;
        uint8_t digest[48];

        test_case("%s", row->why);
        firmware_make(image, &firmware_usual);
        firmware_put(image + sizeof(image) - FIRMWARE_TDX + row->at, row->value,
                     row->width);
        CHECK_ERR(measure(digest, &fault, TROTH_TDX_SINGLE_PASS), row->err);
        CHECK_TEXT(fault.field, row->field);
        if (row->err)
            CHECK(digest[0] == 0 && digest[47] == 0);
    }
}

static void refuse_no_descriptor(void)
{
    struct troth_fault fault;
    uint8_t digest[48];

    test_case("no descriptor");
    firmware_make(image, &firmware_usual);
    image[sizeof(image) - FIRMWARE_TDX_ENTRY + 6]++;
    CHECK_ERR(measure(digest, &fault, TROTH_TDX_SINGLE_PASS), TROTH_ERR_MISSING);
    CHECK_TEXT(fault.field, "tdx.descriptor");
    test_case("a descriptor that the image's end cuts");
    firmware_make(image, &firmware_usual);
    memcpy(image + sizeof(image) - 24, "TDVF", 4);
    firmware_put(image + sizeof(image) - 20, 16 + 32 * 6, 4);
    firmware_put(image + sizeof(image) - 16, 1, 4);
    firmware_put(image + sizeof(image) - 12, 6, 4);
    firmware_put(image + sizeof(image) - FIRMWARE_TDX_ENTRY, 24, 4);
    CHECK_ERR(measure(digest, &fault, TROTH_TDX_SINGLE_PASS), TROTH_ERR_SHORT);
    CHECK_TEXT(fault.field, "tdx.section.address");
}

static void run_out(void)
{
    const size_t size = arena.size;
    struct troth_fault fault;
    uint8_t digest[48];

    test_case("too small an arena");
    firmware_make(image, &firmware_usual);
    for (arena.size = 0; arena.size < 40000; arena.size += 1111) {
        CHECK_ERR(measure(digest, &fault, TROTH_TDX_SINGLE_PASS), TROTH_ERR_MEMORY);
        CHECK_TEXT(fault.field, "tdx.mr_td");
        CHECK_INT(arena.used, 0);
    }
    arena.size = size;
}

int main(void)
{
    arena = (struct troth_arena){malloc(TROTH_TDX_ARENA_SIZE), TROTH_TDX_ARENA_SIZE, 0};
    CHECK_ERR(troth_provider_create(&crypto), TROTH_OK);
    measure_usual();
    refuse();
    refuse_no_descriptor();
    run_out();
    troth_provider_destroy(&crypto);
    free(arena.base);
    return test_finish();
}
