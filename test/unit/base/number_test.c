/* SPDX-License-Identifier: Apache-2.0 */
#include "base/number.h"

#include "test/harness.h"

static const struct {
    const char *why, *text;
    unsigned base;
    enum troth_err err;
    uint64_t value;
} uints[] = {
    {"zero", "0", 10, TROTH_OK, 0},
    {"zeros in front", "000000000000000000000042", 10, TROTH_OK, 42},
    {"the largest", "18446744073709551615", 10, TROTH_OK, UINT64_MAX},
    {"one more", "18446744073709551616", 10, TROTH_ERR_LIMIT, 0},
    {"ten times the largest", "184467440737095516150", 10, TROTH_ERR_LIMIT, 0},
    {"2^64 and more, which is small modulo 2^64", "36893488147419103233", 10,
     TROTH_ERR_LIMIT, 0},
    {"nothing", "", 10, TROTH_ERR_VALUE, 0},
    {"a sign", "-1", 10, TROTH_ERR_VALUE, 0},
    {"another", "+1", 10, TROTH_ERR_VALUE, 0},
    {"a space", "1 ", 10, TROTH_ERR_VALUE, 0},
    {"a point", "1.0", 10, TROTH_ERR_VALUE, 0},
    {"no digit behind too many", "99999999999999999999x", 10, TROTH_ERR_VALUE, 0},
    {"a hexadecimal digit", "1a", 10, TROTH_ERR_VALUE, 0},
    {"the character before '0'", "/", 10, TROTH_ERR_VALUE, 0},
    {"the character after '9'", ":", 10, TROTH_ERR_VALUE, 0},
    {"hexadecimal", "DeadBeef", 16, TROTH_OK, 0xdeadbeef},
    {"the largest", "ffffffffffffffff", 16, TROTH_OK, UINT64_MAX},
    {"one more", "10000000000000000", 16, TROTH_ERR_LIMIT, 0},
    {"no hexadecimal digit", "fg", 16, TROTH_ERR_VALUE, 0},
    {"a prefix", "0x1", 16, TROTH_ERR_VALUE, 0},
};

static const struct {
    const char *why, *text;
    enum troth_err err;
    int64_t value;
} ints[] = {
    {"zero", "0", TROTH_OK, 0},
    {"minus zero", "-0", TROTH_OK, 0},
    {"one", "1", TROTH_OK, 1},
    {"minus one", "-1", TROTH_OK, -1},
    {"the largest", "9223372036854775807", TROTH_OK, INT64_MAX},
    {"one more", "9223372036854775808", TROTH_ERR_LIMIT, 0},
    {"the smallest", "-9223372036854775808", TROTH_OK, INT64_MIN},
    {"one less", "-9223372036854775809", TROTH_ERR_LIMIT, 0},
    {"beyond 64 bits", "-18446744073709551616", TROTH_ERR_LIMIT, 0},
    {"nothing", "", TROTH_ERR_VALUE, 0},
    {"a sign alone", "-", TROTH_ERR_VALUE, 0},
    {"two", "--1", TROTH_ERR_VALUE, 0},
    {"a plus", "+1", TROTH_ERR_VALUE, 0},
    {"hexadecimal", "0x1", TROTH_ERR_VALUE, 0},
};

static const struct {
    const char *text;
    enum troth_err err;
    uint64_t value;
} sizes[] = {
    {"1", TROTH_OK, 1},
    {"64K", TROTH_OK, 65536},
    {"512M", TROTH_OK, 536870912},
    {"2G", TROTH_OK, 2147483648},
    {"1T", TROTH_OK, 1099511627776},
    {"9223372036854775807", TROTH_OK, INT64_MAX},
    {"9223372036854775808", TROTH_ERR_LIMIT, 0},
    {"8388608T", TROTH_ERR_LIMIT, 0},
    {"18446744073709551616", TROTH_ERR_LIMIT, 0},
    {"0", TROTH_ERR_VALUE, 0},
    {"0K", TROTH_ERR_VALUE, 0},
    {"", TROTH_ERR_VALUE, 0},
    {"K", TROTH_ERR_VALUE, 0},
    {"1k", TROTH_ERR_VALUE, 0},
    {"1KB", TROTH_ERR_VALUE, 0},
    {"1 K", TROTH_ERR_VALUE, 0},
    {"-1", TROTH_ERR_VALUE, 0},
    {"0x10", TROTH_ERR_VALUE, 0},
};

static const struct {
    int64_t value;
    const char *text;
} written[] = {
    {0, "0"},
    {7, "7"},
    {-7, "-7"},
    {INT64_MAX, "9223372036854775807"},
    {INT64_MIN, "-9223372036854775808"},
};

int main(void)
{
    for (size_t i = 0; i < COUNT(uints); i++) {
        uint64_t seen = 1;

        test_case("base %u: %s: '%s'", uints[i].base, uints[i].why, uints[i].text);
        CHECK_ERR(troth_uint_parse(&seen, test_text(uints[i].text), uints[i].base),
                  uints[i].err);
        CHECK(seen == uints[i].value);
    }
    for (size_t i = 0; i < COUNT(sizes); i++) {
        uint64_t seen = 1;

        test_case("a size: '%s'", sizes[i].text);
        CHECK_ERR(troth_size_parse(&seen, test_text(sizes[i].text)), sizes[i].err);
        CHECK(seen == sizes[i].value);
    }
    for (size_t i = 0; i < COUNT(ints); i++) {
        int64_t seen = 1;

        test_case("signed: %s: '%s'", ints[i].why, ints[i].text);
        CHECK_ERR(troth_int_parse(&seen, test_text(ints[i].text)), ints[i].err);
        CHECK_INT(seen, ints[i].value);
    }
    for (size_t i = 0; i < COUNT(written); i++) {
        uint8_t text[20];
        struct troth_writer w = troth_writer_over(text, sizeof text);

        test_case("written: %s", written[i].text);
        troth_write_int(&w, written[i].value);
        CHECK_SPAN(troth_writer_span(&w), test_text(written[i].text));
        CHECK(!w.full);
    }
    return test_finish();
}
