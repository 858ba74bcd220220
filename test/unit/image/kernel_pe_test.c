/* SPDX-License-Identifier: Apache-2.0 */
#include "image/kernel_pe.h"

#include <string.h>

#include "test/harness.h"
#include "test/unit/image/firmware.h"
#include "test/unit/image/kernel.h"
#include "troth/provider.h"

static struct troth_crypto crypto;
static uint8_t kernel[KERNEL_SIZE];

/* Of the made kernel, by test/image/launch_oracle.py. */
static const char usual[] =
    "9b6bcb791a168dc816a3cb34c272dd2657d26d96678e0e84f9502c98c3e0958a"
    "0e4d00e04b17e21492c12c09563ff86c";

/* One field of the made kernel put to another value. `field` NULL: it is hashed. */
/* clang-format off */
static const struct change {
    const char *why;
    size_t at;
    uint64_t value;
    size_t width;
    enum troth_err err;
    const char *field;
    bool same; /* the digest is the usual one */
} changes[] = {
    {"another checksum", KERNEL_CHECKSUM, 0, 4, TROTH_OK, NULL, true},
    {"signatures said to be elsewhere", KERNEL_SIGNATURES, 0, 4, TROTH_OK, NULL, true},
    {"another signature", KERNEL_SIZE - 1, 0x99, 1, TROTH_OK, NULL, true},
    {"another byte before the signature", KERNEL_SIZE - 0x41, 0x99, 1, TROTH_OK, NULL, false},
    {"another last byte of the checksum's neighbour", KERNEL_CHECKSUM + 4, 0x99, 1, TROTH_OK, NULL, false},
    {"another time of making", KERNEL_PE + 8, 0x99, 1, TROTH_OK, NULL, false},
    {"another byte behind the directory", KERNEL_SIGNATURES + 8, 0x99, 1, TROTH_OK, NULL, false},
    {"another first byte of a section", 0x1000, 0x99, 1, TROTH_OK, NULL, false},
    {"another last byte of the sections", 0x5fff, 0x99, 1, TROTH_OK, NULL, false},
    {"no signatures, so they are bytes as others", KERNEL_SIGNATURES + 4, 0, 4, TROTH_OK, NULL, false},
    {"four directories, so there is none of signatures", KERNEL_DIRECTORIES, 4, 4, TROTH_OK, NULL, false},
    {"no MZ", 0, 0, 1, TROTH_ERR_VALUE, "pe.magic", false},
    {"PE behind the file", 0x3c, KERNEL_SIZE, 4, TROTH_ERR_SHORT, "pe.signature", false},
    {"PE at 4 GiB", 0x3c, 0xffffffff, 4, TROTH_ERR_SHORT, "pe.signature", false},
    {"no PE there", 0x3c, 0x44, 4, TROTH_ERR_VALUE, "pe.signature", false},
    {"for 32 bits", KERNEL_PE + 4, 0x14c, 2, TROTH_ERR_UNSUPPORTED, "pe.machine", false},
    {"for ARM", KERNEL_PE + 4, 0xaa64, 2, TROTH_ERR_UNSUPPORTED, "pe.machine", false},
    {"an optional header of 32 bits", KERNEL_OPTIONAL, 0x10b, 2, TROTH_ERR_UNSUPPORTED, "pe.optional", false},
    {"97 sections", KERNEL_PE + 6, 97, 2, TROTH_ERR_LIMIT, "pe.section.count", false},
    {"headers larger than the file", KERNEL_OPTIONAL + 60, KERNEL_SIZE + 1, 4, TROTH_ERR_SHORT, "pe.headers.size", false},
    {"headers that end in the directories", KERNEL_OPTIONAL + 60, KERNEL_SIGNATURES + 15, 4, TROTH_ERR_VALUE, "pe.headers.size", false},
    {"an optional header that ends in the directories", KERNEL_PE + 20, 159, 2, TROTH_ERR_VALUE, "pe.optional.size", false},
    {"17 directories", KERNEL_DIRECTORIES, 17, 4, TROTH_ERR_LIMIT, "pe.directory.count", false},
    {"very many directories", KERNEL_DIRECTORIES, 0xffffffff, 4, TROTH_ERR_LIMIT, "pe.directory.count", false},
    {"a section that leaves the file", KERNEL_ROWS + 20, KERNEL_SIZE - 0xfff, 4, TROTH_ERR_SHORT, "pe.section.size", false},
    {"a section of 4 GiB", KERNEL_ROWS + 16, 0xffffffff, 4, TROTH_ERR_SHORT, "pe.section.size", false},
    {"signatures larger than what is left", KERNEL_SIGNATURES + 4, 0x59, 4, TROTH_ERR_VALUE, "pe.signatures.size", false},
    {"signatures that are all that is left", KERNEL_SIGNATURES + 4, 0x58, 4, TROTH_OK, NULL, false},
};
/* clang-format on */

static void measure_usual(void)
{
    const struct troth_kernel_image image = {.file = kernel_make(kernel)};
    uint8_t digest[48];
    struct troth_fault fault;

    test_case("the made kernel");
    CHECK_ERR(troth_kernel_pe_digest(digest, &fault, &crypto, &image), TROTH_OK);
    CHECK_SPAN(((struct troth_span)TROTH_ARRAY_SPAN(digest)), test_hex(usual));
}

static void measure_changed(void)
{
    for (size_t i = 0; i < COUNT(changes); i++) {
        const struct change *row = &changes[i];
        const struct troth_kernel_image image = {.file = kernel_make(kernel)};
        struct troth_fault fault;
        uint8_t digest[48];

        test_case("%s", row->why);
        firmware_put(kernel + row->at, row->value, row->width);
        CHECK_ERR(troth_kernel_pe_digest(digest, &fault, &crypto, &image), row->err);
        CHECK_TEXT(fault.field, row->field);
        if (row->err)
            CHECK(digest[0] == 0 && digest[47] == 0);
        else
            CHECK((memcmp(digest, test_hex(usual).ptr, 48) == 0) == row->same);
    }
}

/* A head of any length that holds the same bytes changes nothing, and one with another
 * byte does what that byte does in the file. */
static void replace_head(void)
{
    uint8_t head[0x1800], wanted[48], digest[48];
    struct troth_kernel_image image = {.file = kernel_make(kernel)};

    test_case("other first bytes");
    memcpy(head, kernel, sizeof(head));
    for (size_t len = 0; len <= sizeof(head); len += 0x100) {
        image.head = (struct troth_span){head, len};
        CHECK_ERR(troth_kernel_pe_digest(digest, NULL, &crypto, &image), TROTH_OK);
        CHECK_SPAN(((struct troth_span)TROTH_ARRAY_SPAN(digest)), test_hex(usual));
    }
    head[0x1234] ^= 1;
    CHECK_ERR(troth_kernel_pe_digest(digest, NULL, &crypto, &image), TROTH_OK);
    image.head.len = 0;
    kernel[0x1234] ^= 1;
    CHECK_ERR(troth_kernel_pe_digest(wanted, NULL, &crypto, &image), TROTH_OK);
    CHECK(memcmp(wanted, digest, 48) == 0);
    CHECK(memcmp(wanted, test_hex(usual).ptr, 48) != 0);
}

static void truncate_kernel(void)
{
    test_case("cut anywhere before its sections end");
    for (size_t len = 0; len < 0x6000; len += len < 0x300 ? 1 : 0x101) {
        const struct troth_kernel_image image = {{kernel_make(kernel).ptr, len}, {0}};
        uint8_t digest[48];

        CHECK_ERR(troth_kernel_pe_digest(digest, NULL, &crypto, &image), TROTH_ERR_SHORT);
    }
}

int main(void)
{
    CHECK_ERR(troth_provider_create(&crypto), TROTH_OK);
    measure_usual();
    measure_changed();
    replace_head();
    truncate_kernel();
    troth_provider_destroy(&crypto);
    return test_finish();
}
