/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <string.h>

#include "base/span.h"
#include "evidence/snp/snp.h"
#include "test/harness.h"

enum { SIZE = TROTH_SNP_REPORT_SIZE, ROOM = 5000 };

#define RESPONSE "00000000 a0040000 000000000000000000000000000000000000000000000000"
#define VCEK     "63da758de6644564adc5f4b93be8accd"

/* clang-format off */
static const struct {
    const char *why;
    const char *before; /* hex */
    uint8_t version;
    size_t report_len;
    const char *behind; /* hex */
    enum troth_err err;
    const char *field;
    size_t table_len, trailing_len;
} rows[] = {
    {"version 2", "", 2, SIZE, "", TROTH_OK, NULL, 0, 0},
    {"version 3", "", 3, SIZE, "", TROTH_OK, NULL, 0, 0},
    {"version 5", "", 5, SIZE, "", TROTH_OK, NULL, 0, 0},
    {"version 0", "", 0, SIZE, "", TROTH_ERR_VERSION, "snp.version", 0, 0},
    {"version 1 was never made", "", 1, SIZE, "", TROTH_ERR_VERSION, "snp.version", 0, 0},
    {"version 4 is nowhere described", "", 4, SIZE, "", TROTH_ERR_VERSION, "snp.version", 0, 0},
    {"a version to come", "", 6, SIZE, "", TROTH_ERR_VERSION, "snp.version", 0, 0},
    {"nothing", "", 3, 0, "", TROTH_ERR_SHORT, "snp.report", 0, 0},
    {"one byte short", "", 3, SIZE - 1, "", TROTH_ERR_SHORT, "snp.report", 0, 0},
    {"one byte behind", "", 3, SIZE, "00", TROTH_OK, NULL, 0, 1},
    {"twenty bytes behind, as Azure has them", "", 3, SIZE, "0102030405060708090a0b0c0d0e0f1011121314", TROTH_OK, NULL, 0, 20},
    {"a table behind", "", 3, SIZE, VCEK "0000000000000000", TROTH_OK, NULL, 24, 0},
    {"what is too short for a table", "", 3, SIZE, VCEK "00000000000000", TROTH_OK, NULL, 0, 23},
    {"what does not begin like one", "", 3, SIZE, "00112233445566778899aabbccddeeff0000000000000000", TROTH_OK, NULL, 0, 24},
    {"a device's response", RESPONSE, 3, SIZE, "", TROTH_OK, NULL, 0, 0},
    {"a device's response and its buffer", RESPONSE, 2, SIZE, "0000000000000000", TROTH_OK, NULL, 0, 8},
    {"a device's response and a table", RESPONSE, 2, SIZE, VCEK "0000000000000000", TROTH_OK, NULL, 24, 0},
    {"a response one byte short", RESPONSE, 3, SIZE - 1, "", TROTH_ERR_SHORT, "snp.report", 0, 0},
    {"a response of the head alone", RESPONSE, 3, 0, "", TROTH_ERR_SHORT, "snp.report", 0, 0},
    {"a response within a response", RESPONSE RESPONSE, 3, SIZE, "", TROTH_ERR_VERSION, "snp.version", 0, 0},
    {"a response whose reserved bytes are not zero", "00000000 a0040000 000000000000000000000000000000000000000000000001", 3, SIZE, "", TROTH_ERR_VERSION, "snp.version", 0, 0},
    {"a response that says it failed", "16000000 a0040000 000000000000000000000000000000000000000000000000", 3, SIZE, "", TROTH_ERR_VERSION, "snp.version", 0, 0},
};
/* clang-format on */

static struct troth_span make(size_t i)
{
    struct troth_span before = test_hex(rows[i].before),
                      behind = test_hex(rows[i].behind);
    size_t len = before.len + rows[i].report_len + behind.len;
    uint8_t *raw = calloc(1, len ? len : 1);

    memcpy(raw, before.ptr, before.len);
    if (rows[i].report_len)
        raw[before.len] = rows[i].version;
    memcpy(raw + before.len + rows[i].report_len, behind.ptr, behind.len);
    return (struct troth_span){raw, len};
}

static void parse_rows(void)
{
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct troth_span raw = make(i);
        struct troth_fault fault = {TROTH_OK, NULL, 0};
        struct troth_snp snp;

        test_case("%s", rows[i].why);
        memset(&snp, 0xaa, sizeof snp);
        CHECK_ERR(troth_snp_parse(&snp, &fault, raw), rows[i].err);
        CHECK_ERR(fault.err, rows[i].err);
        CHECK_TEXT(fault.field, rows[i].field);
        CHECK_INT(snp.table.len, rows[i].table_len);
        CHECK_INT(snp.trailing.len, rows[i].trailing_len);
        if (rows[i].err) {
            CHECK(!snp.report.ptr && !snp.version.ptr && !snp.product);
        } else {
            CHECK(snp.in_response == (*rows[i].before != '\0'));
            CHECK_INT(snp.report.len, SIZE);
            CHECK_INT(troth_snp_uint(snp.version), rows[i].version);
        }
        CHECK_ERR(troth_snp_parse(&snp, NULL, raw), rows[i].err);
        free((void *)raw.ptr);
    }
}

/* Where AMD's table 23 puts each field, written here once more. */
static void find_fields(void)
{
    static const struct {
        size_t offset;
        size_t size;
    } places[] = {
        {0x000, 4},   {0x004, 4},  {0x008, 8},  {0x010, 16}, {0x020, 16}, {0x030, 4},
        {0x034, 4},   {0x038, 8},  {0x040, 8},  {0x048, 4},  {0x04c, 4},  {0x050, 64},
        {0x090, 48},  {0x0c0, 32}, {0x0e0, 48}, {0x110, 48}, {0x140, 32}, {0x160, 32},
        {0x180, 8},   {0x188, 1},  {0x189, 1},  {0x18a, 1},  {0x18b, 21}, {0x1a0, 64},
        {0x1e0, 8},   {0x1e8, 1},  {0x1e9, 1},  {0x1ea, 1},  {0x1eb, 1},  {0x1ec, 1},
        {0x1ed, 1},   {0x1ee, 1},  {0x1ef, 1},  {0x1f0, 8},  {0x1f8, 8},  {0x200, 8},
        {0x208, 152}, {0x2a0, 48}, {0x2d0, 24}, {0x2e8, 48}, {0x318, 24}, {0x330, 368},
    };
    static uint8_t raw[SIZE] = {3};
    struct troth_snp snp;
    size_t i = 0;

    test_case("every field where the specification puts it");
    CHECK_ERR(troth_snp_parse(&snp, NULL, (struct troth_span)TROTH_ARRAY_SPAN(raw)),
              TROTH_OK);
#define X(name, bytes, kind, about)                                                      \
    CHECK_INT(snp.name.ptr - raw, places[i].offset);                                     \
    CHECK_INT(snp.name.len, places[i].size);                                             \
    i++;
    TROTH_SNP_REPORT(X)
#undef X
    CHECK_INT(i, COUNT(places));
}

static void read_integers(void)
{
    static const struct {
        const char *hex;
        uint64_t value;
    } integers[] = {
        {"", 0},
        {"01", 1},
        {"0100", 1},
        {"0001", 256},
        {"78563412", 0x12345678},
        {"ffffffffffffffff", UINT64_MAX},
        {"0000000000000080", UINT64_C(1) << 63},
    };

    for (size_t i = 0; i < COUNT(integers); i++) {
        test_case("little-endian %s", integers[i].hex);
        CHECK(troth_snp_uint(test_hex(integers[i].hex)) == integers[i].value);
    }
}

/* From version 3 on a report names its processor; before, the same bytes mean nothing. */
static void read_product(void)
{
    static const struct {
        uint8_t version, family, model;
        const char *name;
    } processors[] = {
        {2, 0x19, 0x01, NULL},    {3, 0x19, 0x01, "Milan"}, {3, 0x19, 0x11, "Genoa"},
        {5, 0x1a, 0x02, "Turin"}, {5, 0x17, 0x31, NULL},
    };

    for (size_t i = 0; i < COUNT(processors); i++) {
        uint8_t raw[SIZE] = {processors[i].version};
        struct troth_snp snp;

        raw[0x188] = processors[i].family;
        raw[0x189] = processors[i].model;
        test_case("version %d, family %02x, model %02x", processors[i].version,
                  processors[i].family, processors[i].model);
        CHECK_ERR(troth_snp_parse(&snp, NULL, (struct troth_span)TROTH_ARRAY_SPAN(raw)),
                  TROTH_OK);
        CHECK_TEXT(snp.product ? snp.product->name : NULL, processors[i].name);
    }
}

int main(void)
{
    parse_rows();
    find_fields();
    read_integers();
    read_product();
    return test_finish();
}
