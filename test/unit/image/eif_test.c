/* SPDX-License-Identifier: Apache-2.0 */
/* Reading: a refusal for every rule, with its field and its offset. Writing: in
 * eif_write_test.c. */
#include "image/eif.h"

#include <string.h>

#include "test/harness.h"
#include "test/unit/image/eif_make.h"

static uint8_t room[EIF_MAKE_MAX];

static const struct troth_eif zero;

static bool is_zero(const struct troth_eif *eif)
{
    return eif_same(eif, &zero);
}

/* clang-format off */
static const struct {
    const char *why;
    size_t at;
    const char *hex; /* over the bytes there */
    enum troth_err err;
    const char *field;
    size_t offset;
} refusals[] = {
    {"another magic",                    0,      "2e65696e",           TROTH_ERR_VALUE,       "eif.magic", 0},
    {"version 0",                        4,      "0000",               TROTH_ERR_UNSUPPORTED, "eif.version", 4},
    {"version 1",                        4,      "0001",               TROTH_ERR_UNSUPPORTED, "eif.version", 4},
    {"version 5",                        4,      "0005",               TROTH_ERR_UNSUPPORTED, "eif.version", 4},
    {"a flag nobody knows",              6,      "0002",               TROTH_ERR_VALUE,       "eif.flags", 6},
    {"the last flag",                    6,      "8000",               TROTH_ERR_VALUE,       "eif.flags", 6},
    {"reserved bytes in use",            0x18,   "0001",               TROTH_ERR_VALUE,       "eif.reserved", 0x18},
    {"no sections",                      0x1a,   "0000",               TROTH_ERR_VALUE,       "eif.section_count", 0x1a},
    {"one section",                      0x1a,   "0001",               TROTH_ERR_VALUE,       "eif.section_count", 0x1a},
    {"33 sections",                      0x1a,   "0021",               TROTH_ERR_LIMIT,       "eif.section_count", 0x1a},
    {"the most sections there can be",   0x1a,   "ffff",               TROTH_ERR_LIMIT,       "eif.section_count", 0x1a},
    {"fewer sections than the tables have", 0x1a, "0004",              TROTH_ERR_VALUE,       "eif.section_offset", 0x3c},
    {"more of them",                     0x1a,   "0006",               TROTH_ERR_VALUE,       "eif.section_offset", 0x44},
    {"the last four bytes before the CRC", 0x21c, "00000001",          TROTH_ERR_VALUE,       "eif.unused", 0x21c},
    {"a first section behind a gap",     0x1c,   "0000000000000225",   TROTH_ERR_VALUE,       "eif.section_offset", 0x1c},
    {"a first section in the header",    0x1c,   "0000000000000223",   TROTH_ERR_VALUE,       "eif.section_offset", 0x1c},
    {"a second section behind a gap",    0x24,   "0000000000000237",   TROTH_ERR_VALUE,       "eif.section_offset", 0x24},
    {"a section over another",           0x24,   "0000000000000224",   TROTH_ERR_VALUE,       "eif.section_offset", 0x24},
    {"an offset beyond everything",      0x24,   "ffffffffffffffff",   TROTH_ERR_VALUE,       "eif.section_offset", 0x24},
    {"an offset behind the last section", 0x44,  "0000000000000001",   TROTH_ERR_VALUE,       "eif.section_offset", 0x44},
    {"the last offset in use",           0x114,  "0000000000000285",   TROTH_ERR_VALUE,       "eif.section_offset", 0x114},
    {"a size behind the last section",   0x144,  "0000000000000001",   TROTH_ERR_VALUE,       "eif.section_size", 0x144},
    {"the last size in use",             0x214,  "0000000000000001",   TROTH_ERR_VALUE,       "eif.section_size", 0x214},
    {"a size that leaves a gap",         0x11c,  "0000000000000005",   TROTH_ERR_VALUE,       "eif.section_offset", 0x24},
    {"a last section longer than the file", 0x13c, "0000000000000009", TROTH_ERR_SHORT,       "eif.section_size", 0x13c},
    {"a size that wraps around",         0x13c,  "fffffffffffffff8",   TROTH_ERR_SHORT,       "eif.section_size", 0x13c},
    {"the greatest size",                0x13c,  "ffffffffffffffff",   TROTH_ERR_SHORT,       "eif.section_size", 0x13c},
    {"a last section shorter than the file", 0x13c, "0000000000000007", TROTH_ERR_TRAILING,   "eif", 644},
    {"a section of type 0",              548,    "0000",               TROTH_ERR_UNSUPPORTED, "eif.section.type", 548},
    {"a section of type 6",              548,    "0006",               TROTH_ERR_UNSUPPORTED, "eif.section.type", 548},
    {"a section of the last type",       548,    "ffff",               TROTH_ERR_UNSUPPORTED, "eif.section.type", 548},
    {"flags of a section",               550,    "0001",               TROTH_ERR_VALUE,       "eif.section.flags", 550},
    {"flags of the last section",        627,    "8000",               TROTH_ERR_VALUE,       "eif.section.flags", 627},
    {"a size unlike the header's",       552,    "0000000000000007",   TROTH_ERR_VALUE,       "eif.section.size", 552},
    {"the last section's, too",          629,    "0000000000000007",   TROTH_ERR_VALUE,       "eif.section.size", 629},
};
/* clang-format on */

static void test_refusals(void)
{
    for (size_t i = 0; i < COUNT(refusals); i++) {
        const struct troth_span file = eif_make(room, 4, eif_usual, EIF_USUAL_PARTS);
        const struct troth_span patch = test_hex(refusals[i].hex);
        struct troth_fault fault;
        struct troth_eif eif;

        test_case("refused: %s", refusals[i].why);
        memcpy(room + refusals[i].at, patch.ptr, patch.len);
        eif_seal(room, file.len);
        memset(&eif, 0xa5, sizeof eif);
        CHECK_ERR(troth_eif_read(&eif, &fault, file), refusals[i].err);
        CHECK_ERR(fault.err, refusals[i].err);
        CHECK_TEXT(fault.field, refusals[i].field);
        CHECK_INT(fault.offset, refusals[i].offset);
        CHECK(is_zero(&eif));
    }
}

/* Sections by the first letters of their kinds, with a signature's being "S". */
static struct troth_span make_order(unsigned version, const char *order)
{
    struct eif_part parts[34];
    size_t count = strlen(order);

    for (size_t i = 0; i < count; i++)
        parts[i] = (struct eif_part){(unsigned)(strchr("KCRSM", order[i]) - "KCRSM") + 1,
                                     test_text("123")};
    return eif_make(room, version, parts, count);
}

/* clang-format off */
static const struct {
    const char *why, *order;
    unsigned version;
    enum troth_err err;
    const char *field;
    size_t section; /* whose start is the offset; 99: the end of the file */
} orders[] = {
    {"as AWS writes it",                   "KCMRR",  4, TROTH_OK, NULL, 0},
    {"as AWS signs it",                    "KCMRRS", 4, TROTH_OK, NULL, 0},
    {"metadata first",                     "MKCR",   4, TROTH_OK, NULL, 0},
    {"metadata between ramdisks",          "KCRMR",  4, TROTH_OK, NULL, 0},
    {"version 3 without metadata",         "KCR",    3, TROTH_OK, NULL, 0},
    {"version 2 with metadata",            "KCRM",   2, TROTH_OK, NULL, 0},
    {"as many as there can be",            "KCMRRRRRRRRRRRRRRRRRRRRRRRRRRRRR", 4, TROTH_OK, NULL, 0},
    {"two kernels",                        "KCMRK",  4, TROTH_ERR_DUPLICATE, "eif.section.type", 4},
    {"two command lines",                  "KCCMR",  4, TROTH_ERR_DUPLICATE, "eif.section.type", 2},
    {"metadata twice",                     "KCMRM",  4, TROTH_ERR_DUPLICATE, "eif.section.type", 4},
    {"two signatures",                     "KCMRSS", 4, TROTH_ERR_DUPLICATE, "eif.section.type", 5},
    {"a command line before the kernel",   "CKMR",   4, TROTH_ERR_VALUE, "eif.section.type", 0},
    {"a ramdisk before the kernel",        "RKCM",   4, TROTH_ERR_VALUE, "eif.section.type", 0},
    {"a ramdisk before the command line",  "KRCM",   4, TROTH_ERR_VALUE, "eif.section.type", 1},
    {"a ramdisk behind a signature",       "KCMRSR", 4, TROTH_ERR_VALUE, "eif.section.type", 5},
    {"metadata behind a signature",        "KCRSM",  4, TROTH_ERR_VALUE, "eif.section.type", 4},
    {"a signature before every ramdisk",   "KCMSR",  4, TROTH_ERR_VALUE, "eif.section.type", 3},
    {"nothing but metadata",               "MM",     4, TROTH_ERR_DUPLICATE, "eif.section.type", 1},
    {"no ramdisk",                         "KCM",    4, TROTH_ERR_MISSING, "eif.ramdisk", 99},
    {"no command line",                    "KM",     4, TROTH_ERR_MISSING, "eif.command_line", 99},
    {"version 4 without metadata",         "KCR",    4, TROTH_ERR_MISSING, "eif.metadata", 99},
};
/* clang-format on */

static void test_orders(void)
{
    for (size_t i = 0; i < COUNT(orders); i++) {
        const struct troth_span file = make_order(orders[i].version, orders[i].order);
        struct troth_fault fault;
        struct troth_eif eif;

        test_case("order: %s", orders[i].why);
        CHECK_ERR(troth_eif_read(&eif, &fault, file), orders[i].err);
        CHECK_TEXT(fault.field, orders[i].field);
        CHECK(orders[i].err == TROTH_OK || is_zero(&eif));
        if (orders[i].err)
            CHECK_INT(fault.offset,
                      orders[i].section == 99 ? file.len : 548 + 15 * orders[i].section);
        else
            CHECK_INT(eif.count, strlen(orders[i].order));
    }
}

static void test_sizes(void)
{
    static uint8_t zeros[TROTH_EIF_SIGNATURE_MAX + 1];
    static const struct {
        const char *why;
        size_t part, max;
    } rows[] = {
        {"command line", 1, TROTH_EIF_CMDLINE_MAX},
        {"signature", 5, TROTH_EIF_SIGNATURE_MAX},
    };

    for (size_t i = 0; i < COUNT(rows); i++) {
        struct eif_part parts[6] = {[5] = {4, {zeros, 1}}};
        struct troth_fault fault;
        struct troth_eif eif;

        test_case("the longest %s", rows[i].why);
        memcpy(parts, eif_usual, sizeof eif_usual);
        parts[rows[i].part].data = (struct troth_span){zeros, rows[i].max};
        CHECK_ERR(troth_eif_read(&eif, &fault, eif_make(room, 4, parts, 6)), TROTH_OK);

        test_case("a %s longer than that", rows[i].why);
        parts[rows[i].part].data.len++;
        CHECK_ERR(troth_eif_read(&eif, &fault, eif_make(room, 4, parts, 6)),
                  TROTH_ERR_LIMIT);
        CHECK_TEXT(fault.field, "eif.section.size");
        CHECK_INT(fault.offset, 4 + (rows[i].part == 1 ? EIF_CMDLINE_START : 645));
    }
}

/* Too long for a file in memory here, so piece by piece. */
static void test_metadata_size(void)
{
    struct troth_fault fault;
    struct troth_eif eif;
    uint8_t header[12];

    for (unsigned more = 0; more < 2; more++) {
        const struct troth_eif_section metadata = {TROTH_EIF_METADATA, 560,
                                                   TROTH_EIF_METADATA_MAX + more};

        test_case("%s", more ? "metadata longer than that" : "the longest metadata");
        eif = (struct troth_eif){.version = 4, .count = 1, .sections = {metadata}};
        troth_eif_write_section(header, &metadata);
        CHECK_ERR(troth_eif_read_section(&eif, &fault, 0,
                                         (struct troth_span){header, sizeof header}),
                  more ? TROTH_ERR_LIMIT : TROTH_OK);
        CHECK_INT(fault.offset, more ? 552 : 0);
        CHECK(is_zero(&eif) == more);
    }
}

static void test_fields(void)
{
    struct troth_span file = eif_make(room, 4, eif_usual, EIF_USUAL_PARTS);
    struct troth_eif eif;

    test_case("what is read");
    CHECK_INT(file.len, EIF_USUAL_SIZE);
    room[7] = 1;
    eif_seal(room, file.len);
    CHECK_ERR(troth_eif_read(&eif, NULL, file), TROTH_OK);
    CHECK_INT(eif.version, 4);
    CHECK(eif.aarch64);
    CHECK_INT(eif.default_memory, 1 << 30);
    CHECK_INT(eif.default_cpus, 2);
    CHECK_INT(eif.count, EIF_USUAL_PARTS);
    CHECK_INT(eif.size, EIF_USUAL_SIZE);
    for (size_t i = 0; i < EIF_USUAL_PARTS; i++) {
        CHECK_INT(eif.sections[i].kind, eif_usual[i].type);
        CHECK_SPAN(troth_eif_data(&eif, file, i), eif_usual[i].data);
    }

    test_case("the first of a kind");
    CHECK(troth_eif_find(&eif, TROTH_EIF_RAMDISK) == &eif.sections[3]);
    CHECK(troth_eif_find(&eif, TROTH_EIF_SIGNATURE) == NULL);

    test_case("names of kinds");
    CHECK_TEXT(troth_eif_kind_name(TROTH_EIF_KERNEL), "kernel");
    CHECK_TEXT(troth_eif_kind_name(TROTH_EIF_CMDLINE), "command line");
    CHECK_TEXT(troth_eif_kind_name(TROTH_EIF_RAMDISK), "ramdisk");
    CHECK_TEXT(troth_eif_kind_name(TROTH_EIF_SIGNATURE), "signature");
    CHECK_TEXT(troth_eif_kind_name(TROTH_EIF_METADATA), "metadata");
}

/* A CRC finds every single bit. */
static void test_flips(void)
{
    const struct troth_span file = eif_make(room, 4, eif_usual, EIF_USUAL_PARTS);
    struct troth_fault fault;
    struct troth_eif eif;

    test_case("every flipped bit is refused");
    for (size_t bit = 0; bit < 8 * file.len; bit++) {
        room[bit / 8] ^= (uint8_t)(1 << bit % 8);
        if (!CHECK(troth_eif_read(&eif, &fault, file) != TROTH_OK) ||
            !CHECK(fault.field != NULL))
            return;
        room[bit / 8] ^= (uint8_t)(1 << bit % 8);
    }
    CHECK_ERR(troth_eif_read(&eif, &fault, file), TROTH_OK);
    room[EIF_USUAL_SIZE - 1] ^= 1;
    CHECK_ERR(troth_eif_read(&eif, &fault, file), TROTH_ERR_MISMATCH);
    CHECK_TEXT(fault.field, "eif.crc");
    CHECK_INT(fault.offset, 0x220);
}

/* Of one who makes the CRC right again: only what is not measured, and reported. */
static void test_sealed_flips(void)
{
    struct troth_span file = eif_make(room, 4, eif_usual, EIF_USUAL_PARTS);
    struct troth_eif was, eif;

    test_case("every flipped bit of a header, sealed again, is refused or reported");
    CHECK_ERR(troth_eif_read(&was, NULL, file), TROTH_OK);
    for (size_t bit = 0; bit < (size_t)8 * EIF_USUAL_SIZE; bit++) {
        const size_t at = bit / 8;
        const bool reported = bit == 56 || (at >= 8 && at < 24);
        bool in_header = at < 0x220;

        for (size_t i = 0; i < was.count; i++)
            in_header |= at < was.sections[i].offset && at >= was.sections[i].offset - 12;
        if (!in_header)
            continue;
        file = eif_make(room, 4, eif_usual, EIF_USUAL_PARTS);
        room[at] ^= (uint8_t)(1 << bit % 8);
        eif_seal(room, file.len);
        if (!CHECK((troth_eif_read(&eif, NULL, file) == TROTH_OK) == reported))
            return;
        CHECK(!reported || eif.aarch64 != was.aarch64 ||
              eif.default_memory != was.default_memory ||
              eif.default_cpus != was.default_cpus);
    }
}

/* The offset of what does not fit: the header's end, or the size of the first section. */
static size_t short_at(size_t len)
{
    size_t end = 548;

    if (len < end)
        return len;
    for (size_t i = 0; i < EIF_USUAL_PARTS; i++) {
        end += 12 + eif_usual[i].data.len;
        if (end > len)
            return 0x11c + 8 * i;
    }
    return 0;
}

static void test_lengths(void)
{
    struct troth_fault fault;
    struct troth_eif eif;

    test_case("every shorter file is refused");
    for (size_t len = 0; len < EIF_USUAL_SIZE; len++) {
        struct troth_span file = eif_make(room, 4, eif_usual, EIF_USUAL_PARTS);

        file.len = len;
        if (len > 0x224)
            eif_seal(room, len);
        if (!CHECK_ERR(troth_eif_read(&eif, &fault, file), TROTH_ERR_SHORT))
            return;
        CHECK_TEXT(fault.field, len < 548 ? "eif.header" : "eif.section_size");
        CHECK_INT(fault.offset, short_at(len));
        CHECK(is_zero(&eif));
    }
    test_case("a longer one, too");
    room[EIF_USUAL_SIZE] = 0;
    eif_make(room, 4, eif_usual, EIF_USUAL_PARTS);
    eif_seal(room, EIF_USUAL_SIZE + 1);
    CHECK_ERR(troth_eif_read(&eif, &fault, (struct troth_span){room, EIF_USUAL_SIZE + 1}),
              TROTH_ERR_TRAILING);
    CHECK_INT(fault.offset, EIF_USUAL_SIZE);
}

static void test_misuse(void)
{
    struct troth_span file = eif_make(room, 4, eif_usual, EIF_USUAL_PARTS);
    struct troth_fault fault;
    struct troth_eif eif;

    test_case("a section's header that is cut off");
    CHECK_ERR(troth_eif_read_header(&eif, &fault, file, file.len), TROTH_OK);
    CHECK_ERR(
        troth_eif_read_section(&eif, &fault, 0, (struct troth_span){room + 548, 11}),
        TROTH_ERR_SHORT);
    CHECK_TEXT(fault.field, "eif.section");
    CHECK_INT(fault.offset, 559);

    test_case("a section that is not there");
    CHECK_ERR(troth_eif_read_header(&eif, &fault, file, file.len), TROTH_OK);
    CHECK_ERR(
        troth_eif_read_section(&eif, &fault, 5, (struct troth_span){room + 548, 12}),
        TROTH_ERR_LIMIT);

    test_case("not all sections read");
    CHECK_ERR(troth_eif_read_header(&eif, &fault, file, file.len), TROTH_OK);
    CHECK_ERR(troth_eif_check_complete(&eif, &fault), TROTH_ERR_MISSING);
    CHECK_TEXT(fault.field, "eif.section");
}

int main(void)
{
    test_refusals();
    test_orders();
    test_sizes();
    test_metadata_size();
    test_fields();
    test_flips();
    test_sealed_flips();
    test_lengths();
    test_misuse();
    return test_finish();
}
