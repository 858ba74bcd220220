/* SPDX-License-Identifier: Apache-2.0 */
#include "image/ovmf.h"

#include <stdlib.h>
#include <string.h>

#include "test/harness.h"
#include "test/unit/image/firmware.h"

/* One field of the usual firmware put to another value. */
/* clang-format off */
static const struct change {
    const char *why;
    size_t from_end;
    uint64_t value;
    size_t width;
    enum troth_err err;
    const char *field;
} changes[] = {
    {"a footer of another GUID", FIRMWARE_FOOTER - 2, 0, 1, TROTH_ERR_MISSING, "ovmf.table"},
    {"a table shorter than its footer", FIRMWARE_FOOTER, 17, 2, TROTH_ERR_VALUE, "ovmf.table.length"},
    {"a table of its footer alone is one", FIRMWARE_FOOTER, 18, 2, TROTH_OK, NULL},
    {"a table that starts before the image", FIRMWARE_FOOTER, 0xffff, 2, TROTH_ERR_VALUE, "ovmf.table.length"},
    {"a table with a part of an entry in front", FIRMWARE_FOOTER, 110 + 17, 2, TROTH_ERR_SHORT, "ovmf.table"},
    {"a table that cuts its last entry", FIRMWARE_FOOTER, 110 - 1, 2, TROTH_ERR_VALUE, "ovmf.table.length"},
    {"an entry shorter than its GUID", FIRMWARE_RESET - 4, 17, 2, TROTH_ERR_VALUE, "ovmf.table.length"},
    {"an entry of length zero", FIRMWARE_RESET - 4, 0, 2, TROTH_ERR_VALUE, "ovmf.table.length"},
    {"an entry that runs out of the table", FIRMWARE_RESET - 4, 0x7fff, 2, TROTH_ERR_VALUE, "ovmf.table.length"},
    {"a reset address with more data", FIRMWARE_RESET - 4, 22 + 26, 2, TROTH_ERR_VALUE, "ovmf.reset_address"},
    {"an entry of somebody else is skipped", FIRMWARE_RESET - 6, 0, 1, TROTH_OK, NULL},
    {"hashes in too small a table", FIRMWARE_HASHES - 4, 175, 4, TROTH_ERR_VALUE, "ovmf.hashes_table"},
    {"hashes in a table just large enough", FIRMWARE_HASHES - 4, 176, 4, TROTH_OK, NULL},
    {"sections before the image's start", FIRMWARE_SNP_ENTRY, 0x10001, 4, TROTH_ERR_SHORT, "ovmf.snp"},
    {"sections behind the image's end", FIRMWARE_SNP_ENTRY, 15, 4, TROTH_ERR_SHORT, "ovmf.snp"},
    {"sections at the image's end", FIRMWARE_SNP_ENTRY, 0, 4, TROTH_ERR_SHORT, "ovmf.snp"},
    {"sections whose rows run out of the image", FIRMWARE_SNP_ENTRY, 20, 4, TROTH_ERR_MISSING, "ovmf.snp"},
    {"sections without their magic", FIRMWARE_SNP, 0, 1, TROTH_ERR_MISSING, "ovmf.snp"},
    {"sections of another size", FIRMWARE_SNP - 4, 16 + 12 * 7 + 1, 4, TROTH_ERR_VALUE, "ovmf.snp.size"},
    {"sections of version 2", FIRMWARE_SNP - 8, 2, 4, TROTH_ERR_VERSION, "ovmf.snp.version"},
    {"65 sections", FIRMWARE_SNP - 12, 65, 4, TROTH_ERR_LIMIT, "ovmf.snp.count"},
    {"very many sections", FIRMWARE_SNP - 12, 0xffffffff, 4, TROTH_ERR_LIMIT, "ovmf.snp.count"},
    {"a section at no page", FIRMWARE_SNP - 16, 0x7ff800, 4, TROTH_ERR_VALUE, "ovmf.snp.section"},
    {"a section of no page", FIRMWARE_SNP - 20, 0x9001, 4, TROTH_ERR_VALUE, "ovmf.snp.section"},
    {"a section of no bytes", FIRMWARE_SNP - 20, 0, 4, TROTH_ERR_VALUE, "ovmf.snp.section"},
    {"a section that overlaps the next", FIRMWARE_SNP - 20, 0xb000, 4, TROTH_ERR_VALUE, "ovmf.snp.section.address"},
    {"a section that ends where the next starts", FIRMWARE_SNP - 20, 0xa000, 4, TROTH_OK, NULL},
    {"a section larger than all may be", FIRMWARE_SNP - 20, 0x4001000, 4, TROTH_ERR_LIMIT, "ovmf.snp.section.size"},
    {"a section of 4 GiB", FIRMWARE_SNP - 20, 0xfffff000, 4, TROTH_ERR_LIMIT, "ovmf.snp.section.size"},
    {"a section that reaches into the firmware", FIRMWARE_SNP - 16, 0xfffe8000, 4, TROTH_ERR_VALUE, "ovmf.snp.section.address"},
    {"a section that ends where the firmware starts", FIRMWARE_SNP - 16, 0xfffe7000, 4, TROTH_OK, NULL},
    {"a section at the end of memory", FIRMWARE_SNP - 16, 0xfffff000, 4, TROTH_ERR_VALUE, "ovmf.snp.section.address"},
    {"secrets of two pages", FIRMWARE_SNP - 16 - 28, 0x2000, 4, TROTH_ERR_VALUE, "ovmf.snp.section.size"},
    {"hashes that overlap memory", FIRMWARE_SNP - 16 - 60, 0x811000, 4, TROTH_ERR_VALUE, "ovmf.snp.section.address"},
    {"secrets twice", FIRMWARE_SNP - 16 - 44, 2, 4, TROTH_ERR_DUPLICATE, "ovmf.snp.section.kind"},
    {"a section of kind 0", FIRMWARE_SNP - 24, 0, 4, TROTH_ERR_UNSUPPORTED, "ovmf.snp.section.kind"},
    {"a section of kind 5", FIRMWARE_SNP - 24, 5, 4, TROTH_ERR_UNSUPPORTED, "ovmf.snp.section.kind"},
    {"a section of kind 15", FIRMWARE_SNP - 24, 15, 4, TROTH_ERR_UNSUPPORTED, "ovmf.snp.section.kind"},
    {"a section of kind 17", FIRMWARE_SNP - 24, 17, 4, TROTH_ERR_UNSUPPORTED, "ovmf.snp.section.kind"},
    {"TDX's descriptor before the image's start", FIRMWARE_TDX_ENTRY, 0x10001, 4, TROTH_ERR_SHORT, "ovmf.tdx"},
    {"TDX's descriptor at the image's end", FIRMWARE_TDX_ENTRY, 3, 4, TROTH_ERR_SHORT, "ovmf.tdx"},
    {"TDX's descriptor without its magic", FIRMWARE_TDX, 0, 1, TROTH_ERR_MISSING, "ovmf.tdx"},
};
/* clang-format on */

static uint8_t image[0x10000];

static void read_usual(void)
{
    struct troth_ovmf ovmf;
    struct troth_fault fault;
    const struct troth_span bytes = firmware_make(image, &firmware_usual);

    test_case("the usual table");
    CHECK_ERR(troth_ovmf_read(&ovmf, &fault, bytes), TROTH_OK);
    CHECK(ovmf.base == 0xffff0000);
    CHECK(ovmf.has_reset_address && ovmf.reset_address == 0x80b004);
    CHECK(ovmf.hashes_table == 0x810c00);
    CHECK(ovmf.has_tdx && ovmf.tdx_descriptor == 0x10000 - FIRMWARE_TDX);
    CHECK_INT(ovmf.count, firmware_usual.snp_count);
    for (size_t i = 0; i < ovmf.count; i++) {
        CHECK(ovmf.sections[i].address == firmware_usual.snp[i].address);
        CHECK(ovmf.sections[i].size == firmware_usual.snp[i].size);
        CHECK(ovmf.sections[i].kind == firmware_usual.snp[i].kind);
    }
}

static void read_changed(void)
{
    for (size_t i = 0; i < COUNT(changes); i++) {
        const struct change *row = &changes[i];
        struct troth_ovmf ovmf;
        struct troth_fault fault;
        const struct troth_span bytes = firmware_make(image, &firmware_usual);

        test_case("%s", row->why);
        firmware_put(image + bytes.len - row->from_end, row->value, row->width);
        CHECK_ERR(troth_ovmf_read(&ovmf, &fault, bytes), row->err);
        CHECK_TEXT(fault.field, row->field);
        CHECK_ERR(fault.err, row->err);
        if (row->err) {
            CHECK(ovmf.image.ptr == NULL && ovmf.count == 0 && ovmf.base == 0);
            CHECK(fault.offset <= bytes.len);
        }
        CHECK_ERR(troth_ovmf_read(&ovmf, NULL, bytes), row->err);
    }
}

static void read_twice(void)
{
    struct troth_ovmf ovmf;
    struct troth_fault fault;
    const struct troth_span bytes = firmware_make(image, &firmware_usual);

    test_case("two entries of one GUID");
    memcpy(image + bytes.len - FIRMWARE_TDX_ENTRY + 6,
           image + bytes.len - FIRMWARE_SNP_ENTRY + 6, 16);
    CHECK_ERR(troth_ovmf_read(&ovmf, &fault, bytes), TROTH_ERR_DUPLICATE);
    CHECK_TEXT(fault.field, "ovmf.snp");
}

static void read_sizes(void)
{
    static const struct {
        const char *why;
        size_t size;
        enum troth_err err;
    } rows[] = {
        {"nothing", 0, TROTH_ERR_SHORT},
        {"less than a page", 4095, TROTH_ERR_SHORT},
        {"a page", 4096, TROTH_OK},
        {"no whole pages", 4097, TROTH_ERR_VALUE},
        {"64 MiB", TROTH_OVMF_SIZE_MAX, TROTH_OK},
        {"a page more than 64 MiB", TROTH_OVMF_SIZE_MAX + 4096, TROTH_ERR_LIMIT},
    };
    uint8_t *large = calloc(1, TROTH_OVMF_SIZE_MAX + 4096);

    CHECK(large != NULL);
    firmware_make(image, &firmware_usual);
    for (size_t i = 0; large && i < COUNT(rows); i++) {
        const size_t size = rows[i].size;
        struct troth_ovmf ovmf;

        test_case("%s", rows[i].why);
        if (size >= 4096)
            memcpy(large + size - 4096, image + sizeof(image) - 4096, 4096);
        CHECK_ERR(troth_ovmf_read(&ovmf, NULL, (struct troth_span){large, size}),
                  rows[i].err);
    }
    free(large);
}

/* Whatever ends the image: an answer, and no read outside (as sanitizers see it). */
static void read_short_tails(void)
{
    uint8_t page[4096];
    struct troth_ovmf ovmf;

    test_case("the table at every distance from the end");
    firmware_make(image, &firmware_usual);
    for (size_t shift = 1; shift < 4096; shift += 13) {
        memset(page, 0, sizeof(page));
        memcpy(page + shift, image + sizeof(image) - 4096, 4096 - shift);
        CHECK_ERR(troth_ovmf_read(&ovmf, NULL, (struct troth_span){page, 4096}),
                  TROTH_ERR_MISSING);
    }
}

int main(void)
{
    read_usual();
    read_changed();
    read_twice();
    read_sizes();
    read_short_tails();
    return test_finish();
}
