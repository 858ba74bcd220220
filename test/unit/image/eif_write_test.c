/* SPDX-License-Identifier: Apache-2.0 */
#include "image/eif.h"

#include <string.h>

#include "test/harness.h"
#include "test/unit/image/eif_make.h"

/* clang-format off */
#define K {TROTH_EIF_KERNEL, 0, 6}
#define C {TROTH_EIF_CMDLINE, 0, 13}
#define M {TROTH_EIF_METADATA, 0, 2}
#define R {TROTH_EIF_RAMDISK, 0, 8}

static const struct {
    const char *why;
    struct troth_eif eif;
    enum troth_err err;
    const char *field;
    size_t offset;
} refusals[] = {
    {"a version there is none of",  {.version = 5, .count = 4, .sections = {K, C, M, R}}, TROTH_ERR_UNSUPPORTED, "eif.version", 4},
    {"no version",                  {.count = 4, .sections = {K, C, M, R}}, TROTH_ERR_UNSUPPORTED, "eif.version", 4},
    {"too many sections",           {.version = 4, .count = 33}, TROTH_ERR_LIMIT, "eif.section_count", 0x1a},
    {"no kernel",                   {.version = 4, .count = 1, .sections = {M}}, TROTH_ERR_MISSING, "eif.kernel", 562},
    {"no sections",                 {.version = 4}, TROTH_ERR_MISSING, "eif.kernel", 548},
    {"a section of no kind",        {.version = 4, .count = 2, .sections = {K, {0}}}, TROTH_ERR_UNSUPPORTED, "eif.section.type", 566},
    {"a ramdisk too early",         {.version = 4, .count = 4, .sections = {K, R, C, M}}, TROTH_ERR_VALUE, "eif.section.type", 566},
    {"two kernels",                 {.version = 4, .count = 2, .sections = {K, K}}, TROTH_ERR_DUPLICATE, "eif.section.type", 566},
    {"a command line too long",     {.version = 4, .count = 2, .sections = {K, {TROTH_EIF_CMDLINE, 0, 4097}}}, TROTH_ERR_LIMIT, "eif.section.size", 570},
    {"sizes that wrap around",      {.version = 4, .count = 4, .sections = {K, C, M, {TROTH_EIF_RAMDISK, 0, UINT64_MAX - 600}}}, TROTH_ERR_LIMIT, "eif.section_size", 0x134},
    {"a header that does",          {.version = 4, .count = 5, .sections = {K, C, M, {TROTH_EIF_RAMDISK, 0, UINT64_MAX - 617}, R}}, TROTH_ERR_LIMIT, "eif.section_size", 0x13c},
};
/* clang-format on */

static void test_refusals(void)
{
    static const struct troth_eif zero;

    for (size_t i = 0; i < COUNT(refusals); i++) {
        struct troth_eif eif = refusals[i].eif;
        struct troth_fault fault;

        test_case("refused: %s", refusals[i].why);
        CHECK_ERR(troth_eif_lay_out(&eif, &fault), refusals[i].err);
        CHECK_TEXT(fault.field, refusals[i].field);
        CHECK_INT(fault.offset, refusals[i].offset);
        CHECK(eif_same(&eif, &zero));
    }
}

/* Byte for byte what was put together without us. */
static void test_written(void)
{
    static uint8_t room[EIF_MAKE_MAX];
    const struct troth_span file = eif_make(room, 4, eif_usual, EIF_USUAL_PARTS);
    struct troth_eif eif = {.version = 4,
                            .default_memory = 1 << 30,
                            .default_cpus = 2,
                            .sections = {K, C, M, R, R},
                            .count = 5};
    uint8_t header[TROTH_EIF_HEADER_SIZE], section[TROTH_EIF_SECTION_HEADER_SIZE];
    struct troth_eif read;

    test_case("as read");
    CHECK_ERR(troth_eif_read(&read, NULL, file), TROTH_OK);
    eif.crc = read.crc;
    CHECK_ERR(troth_eif_lay_out(&eif, NULL), TROTH_OK);
    CHECK(eif_same(&read, &eif));
    troth_eif_write_header(header, &eif);
    CHECK_SPAN(((struct troth_span){header, sizeof header}),
               ((struct troth_span){room, sizeof header}));
    for (size_t i = 0; i < eif.count; i++) {
        troth_eif_write_section(section, &eif.sections[i]);
        CHECK_SPAN(((struct troth_span){section, sizeof section}),
                   ((struct troth_span){room + eif.sections[i].offset - 12, 12}));
    }

    test_case("the other architecture");
    eif.aarch64 = true;
    troth_eif_write_header(header, &eif);
    CHECK_INT(header[7], 1);
    CHECK_ERR(troth_eif_read_header(&read, NULL,
                                    (struct troth_span){header, sizeof header}, eif.size),
              TROTH_OK);
    CHECK(read.aarch64);
}

static void test_large(void)
{
    struct troth_eif eif = {
        .version = 4,
        .sections = {K, C, M, {TROTH_EIF_RAMDISK, 0, UINT64_MAX - 617}},
        .count = 4};
    struct troth_fault fault;

    test_case("as long as a file can be");
    CHECK_ERR(troth_eif_lay_out(&eif, &fault), TROTH_OK);
    CHECK(eif.size == UINT64_MAX);
}

int main(void)
{
    test_refusals();
    test_written();
    test_large();
    return test_finish();
}
