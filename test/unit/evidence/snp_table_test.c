/* SPDX-License-Identifier: Apache-2.0 */
#include "evidence/snp_table.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "test/harness.h"

#define VCEK  "63da758de6644564adc5f4b93be8accd"
#define VLEK  "a8074bc2a25a483eaae639c045a0b8a1"
#define ASK   "4ab7b379bbac4fe4a02f05aef327c782"
#define ARK   "c0b406a4a80349529743 3fb6014cd0ae"
#define CRL   "92f81bc358114d3d97ffd19f88dc67ea"
#define OTHER "00112233445566778899aabbccddeeff"
#define END   "00000000000000000000000000000000 00000000 00000000"

/* clang-format off */
static const struct {
    const char *why;
    const char *hex;
    enum troth_err err;
    const char *field;
    const char *entries; /* names and lengths */
} rows[] = {
    {"one", VCEK "30000000 02000000" END "aabb", TROTH_OK, NULL, "VCEK:2"},
    {"every kind", VCEK "90000000 01000000" VLEK "91000000 01000000" ASK "92000000 01000000"
                   ARK "93000000 01000000" CRL "94000000 01000000" END "0102030405",
     TROTH_OK, NULL, "VCEK:1 VLEK:1 ASK:1 ARK:1 CRL:1"},
    {"an unknown one is passed over", OTHER "48000000 02000000" VCEK "4a000000 01000000" END "aabbcc", TROTH_OK, NULL, "VCEK:1"},
    {"unknown ones may repeat", OTHER "48000000 01000000" OTHER "48000000 01000000" END "aa", TROTH_OK, NULL, ""},
    {"two entries in one place", VCEK "48000000 01000000" ASK "48000000 01000000" END "aa", TROTH_OK, NULL, "VCEK:1 ASK:1"},
    {"zeros behind it", VCEK "30000000 02000000" END "aabb00000000", TROTH_OK, NULL, "VCEK:2"},
    {"an empty entry", VCEK "30000000 00000000" END, TROTH_OK, NULL, "VCEK:0"},
    {"the end row's offset does not matter", VCEK "30000000 01000000" "00000000000000000000000000000000 ffffffff ffffffff" "aa", TROTH_OK, NULL, "VCEK:1"},
    {"nothing but the end", END, TROTH_OK, NULL, ""},
    {"the same twice", VCEK "48000000 01000000" VCEK "48000000 01000000" END "aa", TROTH_ERR_DUPLICATE, "snp.table.guid", ""},
    {"no end", VCEK "18000000 00000000", TROTH_ERR_SHORT, "snp.table.guid", ""},
    {"a row cut off", VCEK "3000", TROTH_ERR_SHORT, "snp.table.offset", ""},
    {"an end cut off behind its identifier", VCEK "28000000 00000000" "00000000000000000000000000000000", TROTH_ERR_SHORT, "snp.table.offset", ""},
    {"one byte too long", VCEK "30000000 03000000" END "aabb", TROTH_ERR_SHORT, "snp.table.entry", ""},
    {"one byte too far", VCEK "33000000 00000000" END "aabb", TROTH_ERR_SHORT, "snp.table.entry", ""},
    {"four gigabytes", VCEK "30000000 ffffffff" END "aabb", TROTH_ERR_SHORT, "snp.table.entry", ""},
    {"an end beyond four gigabytes", VCEK "ffffffff 02000000" END "aabb", TROTH_ERR_SHORT, "snp.table.entry", ""},
    {"offset and length that wrap around", VCEK "f0ffffff 20000000" END "aabb", TROTH_ERR_SHORT, "snp.table.entry", ""},
    {"an unknown entry is as bounded", OTHER "30000000 03000000" END "aabb", TROTH_ERR_SHORT, "snp.table.entry", ""},
    {"an entry within the rows", VCEK "00000000 02000000" END "aabb", TROTH_ERR_VALUE, "snp.table.offset", ""},
    {"an entry that begins in the last row", VCEK "2f000000 01000000" END "aabb", TROTH_ERR_VALUE, "snp.table.offset", ""},
    {"an unknown entry within the rows", OTHER "00000000 02000000" END "aabb", TROTH_ERR_VALUE, "snp.table.offset", ""},
};
/* clang-format on */

static void write_entries(char *out, size_t size,
                          const struct troth_snp_table_entry *list, size_t count)
{
    size_t len = 0;

    out[0] = 0;
    for (size_t i = 0; i < count; i++)
        len += (size_t)snprintf(out + len, size - len, "%s%s:%zu", i ? " " : "",
                                list[i].name, list[i].bytes.len);
}

static void parse_rows(void)
{
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct troth_snp_table_entry list[TROTH_SNP_TABLE_MAX];
        struct troth_span hex = test_hex(rows[i].hex);
        uint8_t *raw = malloc(hex.len);
        struct troth_fault fault;
        size_t count = 99;
        char text[256];

        test_case("%s", rows[i].why);
        memcpy(raw, hex.ptr, hex.len);
        CHECK_ERR(troth_snp_table_parse(list, &count, &fault,
                                        (struct troth_span){raw, hex.len}),
                  rows[i].err);
        CHECK_ERR(fault.err, rows[i].err);
        CHECK_TEXT(fault.field, rows[i].field);
        write_entries(text, sizeof text, list, count);
        CHECK_TEXT(text, rows[i].entries);
        CHECK_ERR(
            troth_snp_table_parse(list, &count, NULL, (struct troth_span){raw, hex.len}),
            rows[i].err);
        for (size_t k = 0; k < count; k++)
            CHECK(list[k].bytes.ptr + list[k].bytes.len <= raw + hex.len);
        free(raw);
    }
}

static void parse_nothing(void)
{
    struct troth_snp_table_entry list[TROTH_SNP_TABLE_MAX];
    size_t count = 99;

    test_case("nothing, and nowhere");
    CHECK_ERR(troth_snp_table_parse(list, &count, NULL, (struct troth_span){NULL, 0}),
              TROTH_ERR_SHORT);
    CHECK_INT(count, 0);
    CHECK(!troth_snp_table_recognise((struct troth_span){NULL, 0}));
}

static void count_rows(void)
{
    static uint8_t raw[70 * 24];

    for (size_t count = 63; count < 67; count++) {
        struct troth_snp_table_entry list[TROTH_SNP_TABLE_MAX];
        struct troth_fault fault;
        size_t found;

        test_case("%zu rows", count);
        memset(raw, 0, sizeof raw);
        for (size_t i = 0; i < count; i++) {
            raw[i * 24] = 1;
            raw[i * 24 + 16] = (uint8_t)((count + 1) * 24);
            raw[i * 24 + 17] = (uint8_t)((count + 1) * 24 >> 8);
        }
        CHECK_ERR(troth_snp_table_parse(list, &found, &fault,
                                        (struct troth_span){raw, (count + 1) * 24}),
                  count <= 64 ? TROTH_OK : TROTH_ERR_LIMIT);
        CHECK_INT(found, 0);
    }
}

static void bound_size(void)
{
    static uint8_t raw[TROTH_SNP_TABLE_SIZE_MAX + 1];

    for (size_t more = 0; more < 2; more++) {
        struct troth_snp_table_entry list[TROTH_SNP_TABLE_MAX];
        struct troth_fault fault;
        size_t found;

        test_case("a table of the largest size and %zu", more);
        CHECK_ERR(troth_snp_table_parse(
                      list, &found, &fault,
                      (struct troth_span){raw, TROTH_SNP_TABLE_SIZE_MAX + more}),
                  more ? TROTH_ERR_LIMIT : TROTH_OK);
        CHECK_TEXT(fault.field, more ? "snp.table" : NULL);
    }
}

static void recognise(void)
{
    static const struct {
        const char *why;
        const char *hex;
        bool is_table;
    } starts[] = {
        {"VCEK", VCEK "0000000000000000", true},
        {"CRL", CRL "0000000000000000", true},
        {"an unknown identifier", OTHER "0000000000000000", false},
        {"zeros", END, false},
        {"half a row", VCEK "00000000000000", false},
        {"nothing", "", false},
        {"an identifier in the other byte order",
         "8d75da6364e664 45adc5f4b93be8accd 0000000000000000", false},
    };

    for (size_t i = 0; i < COUNT(starts); i++) {
        test_case("begins with %s", starts[i].why);
        CHECK(troth_snp_table_recognise(test_hex(starts[i].hex)) == starts[i].is_table);
    }
}

int main(void)
{
    parse_rows();
    parse_nothing();
    count_rows();
    bound_size();
    recognise();
    return test_finish();
}
