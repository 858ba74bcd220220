/* SPDX-License-Identifier: Apache-2.0 */
#include "evidence/dcap/sgx_report.h"

#include <string.h>

#include "test/harness.h"

static uint8_t raw[TROTH_SGX_REPORT_SIZE];

/* Where the manual's table 38-21 puts each field, written here once more. */
static const struct {
    size_t offset, size;
    const char *zero; /* its name, if it has to be zero */
} places[] = {
    {0, 16, NULL},
    {16, 4, NULL},
    {20, 12, "reserved_20"},
    {32, 16, NULL},
    {48, 16, NULL},
    {64, 32, NULL},
    {96, 32, "reserved_96"},
    {128, 32, NULL},
    {160, 32, "reserved_160"},
    {192, 64, NULL},
    {256, 2, NULL},
    {258, 2, NULL},
    {260, 2, NULL},
    {262, 42, "reserved_262"},
    {304, 16, NULL},
    {320, 64, NULL},
};

static struct troth_sgx_report read_report(void)
{
    struct troth_cursor c = troth_cursor_over((struct troth_span)TROTH_ARRAY_SPAN(raw));
    struct troth_sgx_report report;

    troth_sgx_report_read(&report, &c, "report");
    CHECK_ERR(troth_cursor_finish(&c, NULL), TROTH_OK);
    return report;
}

static void find_fields(void)
{
    struct troth_sgx_report report = read_report();
    size_t i = 0;

    test_case("every field where the specification puts it");
#define X(name, bytes, kind, about)                                                      \
    CHECK_INT(report.name.ptr - raw, places[i].offset);                                  \
    CHECK_INT(report.name.len, places[i].size);                                          \
    i++;
    TROTH_SGX_REPORT(X)
#undef X
    CHECK_INT(i, COUNT(places));
}

static void cut_short(void)
{
    struct troth_fault fault;
    struct troth_sgx_report report;

    test_case("cut anywhere");
    for (size_t len = 0; len < sizeof raw; len++) {
        struct troth_cursor c = troth_cursor_over((struct troth_span){raw, len});

        troth_sgx_report_read(&report, &c, "report");
        CHECK_ERR(troth_cursor_finish(&c, &fault), TROTH_ERR_SHORT);
        CHECK_TEXT(fault.field, "report");
        CHECK(!report.report_data.ptr);
    }
}

static void find_reserved(void)
{
    struct troth_sgx_report report = read_report();

    for (size_t i = 0; i < COUNT(places); i++) {
        test_case("bytes from %zu on, one by one", places[i].offset);
        for (size_t at = places[i].offset; at < places[i].offset + places[i].size; at++) {
            raw[at] = 0x80;
            CHECK_TEXT(troth_sgx_report_not_zero(&report), places[i].zero);
            raw[at] = 0;
        }
    }
    test_case("the first of several");
    raw[31] = raw[96] = raw[303] = 1;
    CHECK_TEXT(troth_sgx_report_not_zero(&report), "reserved_20");
    memset(raw, 0, sizeof raw);
}

static void read_attributes(void)
{
    struct troth_sgx_report report = read_report();

    test_case("flags and features");
    for (size_t i = 0; i < 16; i++)
        raw[48 + i] = (uint8_t)(0x11 * (i + 1));
    CHECK(troth_sgx_flags(&report) == UINT64_C(0x8877665544332211));
    CHECK(troth_sgx_xfrm(&report) == UINT64_C(0x10ffeeddccbbaa99));
    memset(raw, 0, sizeof raw);
    CHECK(troth_sgx_flags(&report) == 0 && troth_sgx_xfrm(&report) == 0);
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
        CHECK(troth_dcap_uint(test_hex(integers[i].hex)) == integers[i].value);
    }
}

int main(void)
{
    find_fields();
    cut_short();
    find_reserved();
    read_attributes();
    read_integers();
    return test_finish();
}
