/* SPDX-License-Identifier: Apache-2.0 */
#include "codec/der.h"

#include <string.h>

#include "base/writer.h"
#include "test/harness.h"

/* One reader each, its value as bytes so that one table fits all. */
static void read_any(struct troth_writer *w, struct troth_cursor *c)
{
    troth_write_bytes(w, troth_der_element(c, 0, "x"));
}

static void read_sequence(struct troth_writer *w, struct troth_cursor *c)
{
    troth_write_bytes(w, troth_der_element(c, TROTH_DER_SEQUENCE, "x"));
}

static void read_octets(struct troth_writer *w, struct troth_cursor *c)
{
    troth_write_bytes(w, troth_der_read(c, TROTH_DER_OCTET_STRING, "x"));
}

static void read_unsigned(struct troth_writer *w, struct troth_cursor *c)
{
    troth_write_bytes(w, troth_der_unsigned(c, "x"));
}

static void read_u64(struct troth_writer *w, struct troth_cursor *c)
{
    troth_write_uint_be(w, troth_der_u64(c, "x"), 8);
}

static void read_boolean(struct troth_writer *w, struct troth_cursor *c)
{
    troth_write_u8(w, troth_der_boolean(c, "x"));
}

static void read_bits(struct troth_writer *w, struct troth_cursor *c)
{
    troth_write_bytes(w, troth_der_bit_string(c, "x"));
}

static void read_named(struct troth_writer *w, struct troth_cursor *c)
{
    troth_write_uint_be(w, troth_der_named_bits(c, "x"), 2);
}

static void read_oid(struct troth_writer *w, struct troth_cursor *c)
{
    troth_write_bytes(w, troth_der_oid(c, "x"));
}

/* `wanted` is what a failed reader must give: zeros as wide as its type. */
static const struct {
    const char *why;
    void (*read)(struct troth_writer *w, struct troth_cursor *c);
    const char *input, *wanted;
    enum troth_err err;
} cases[] = {
    {"nothing there", read_any, "", "", TROTH_ERR_SHORT},
    {"no length", read_any, "04", "", TROTH_ERR_SHORT},
    {"empty", read_any, "0400", "0400", TROTH_OK},
    {"any tag, context", read_any, "a003020105", "a003020105", TROTH_OK},
    {"any tag, primitive context", read_any, "8401ff", "8401ff", TROTH_OK},
    {"tag number 30", read_any, "9e00", "9e00", TROTH_OK},
    {"tag number above 30", read_any, "9f1f00", "", TROTH_ERR_UNSUPPORTED},
    {"end of contents", read_any, "0000", "", TROTH_ERR_ENCODING},
    {"octet string in pieces", read_any, "2400", "", TROTH_ERR_ENCODING},
    {"primitive sequence", read_any, "1000", "", TROTH_ERR_ENCODING},
    {"primitive set", read_any, "1100", "", TROTH_ERR_ENCODING},
    {"sequence with its header", read_sequence, "3003020105", "3003020105", TROTH_OK},
    {"set instead of sequence", read_sequence, "3100", "", TROTH_ERR_TYPE},
    {"high tag instead of sequence", read_sequence, "3f3000", "", TROTH_ERR_TYPE},

    {"octets", read_octets, "0403010203", "010203", TROTH_OK},
    {"octets in pieces", read_octets, "2405040301020304", "", TROTH_ERR_TYPE},
    {"contents cut", read_octets, "04030102", "", TROTH_ERR_SHORT},
    {"bytes after it", read_octets, "040101ff", "01", TROTH_ERR_TRAILING},
    {"indefinite length", read_octets, "048001020000", "", TROTH_ERR_ENCODING},
    {"reserved length", read_octets, "04ff01", "", TROTH_ERR_ENCODING},
    {"short length in long form", read_octets, "04810101", "", TROTH_ERR_ENCODING},
    {"leading zero in a length", read_octets, "0482000101", "", TROTH_ERR_ENCODING},
    {"leading zero in a long length", read_octets, "0482008001", "", TROTH_ERR_ENCODING},
    {"length cut", read_octets, "048201", "", TROTH_ERR_SHORT},
    {"length bytes missing", read_octets, "0484", "", TROTH_ERR_SHORT},
    {"length of four billion", read_octets, "0484ffffffff01", "", TROTH_ERR_SHORT},
    {"length of five bytes", read_octets, "04850100000000", "", TROTH_ERR_LIMIT},

    {"zero", read_unsigned, "020100", "00", TROTH_OK},
    {"127", read_unsigned, "02017f", "7f", TROTH_OK},
    {"128, with its zero byte", read_unsigned, "02020080", "80", TROTH_OK},
    {"128, without", read_unsigned, "020180", "", TROTH_ERR_VALUE},
    {"minus one", read_unsigned, "0201ff", "", TROTH_ERR_VALUE},
    {"minus 129", read_unsigned, "0202ff7f", "", TROTH_ERR_VALUE},
    {"127 with a zero byte", read_unsigned, "0202007f", "", TROTH_ERR_ENCODING},
    {"zero twice", read_unsigned, "02020000", "", TROTH_ERR_ENCODING},
    {"minus one twice", read_unsigned, "0202ffff", "", TROTH_ERR_ENCODING},
    {"no number", read_unsigned, "0200", "", TROTH_ERR_ENCODING},
    {"an enumerated instead", read_unsigned, "0a0101", "", TROTH_ERR_TYPE},
    {"nine bytes, the first zero", read_u64, "020900ffffffffffffffff", "ffffffffffffffff",
     TROTH_OK},
    {"a small number", read_u64, "02020102", "0000000000000102", TROTH_OK},
    {"2 to the 64", read_u64, "0209010000000000000000", "0000000000000000",
     TROTH_ERR_LIMIT},
    {"a negative number", read_u64, "0201ff", "0000000000000000", TROTH_ERR_VALUE},

    {"false", read_boolean, "010100", "00", TROTH_OK},
    {"true", read_boolean, "0101ff", "01", TROTH_OK},
    {"true that BER allows", read_boolean, "010101", "00", TROTH_ERR_ENCODING},
    {"no boolean", read_boolean, "0100", "00", TROTH_ERR_ENCODING},
    {"two booleans", read_boolean, "0102ffff", "00", TROTH_ERR_ENCODING},

    {"bits", read_bits, "030300a5c3", "a5c3", TROTH_OK},
    {"no bits", read_bits, "030100", "", TROTH_OK},
    {"bits left unused", read_bits, "030204f0", "", TROTH_ERR_VALUE},
    {"unused bits of nothing", read_bits, "030104", "", TROTH_ERR_ENCODING},
    {"eight bits unused", read_bits, "030208f0", "", TROTH_ERR_ENCODING},
    {"no count of unused bits", read_bits, "0300", "", TROTH_ERR_ENCODING},

    {"bit 0", read_named, "03020780", "0001", TROTH_OK},
    {"bits 5 and 6", read_named, "03020106", "0060", TROTH_OK},
    {"bit 7", read_named, "03020001", "0080", TROTH_OK},
    {"bit 8", read_named, "0303070080", "0100", TROTH_OK},
    {"bits 0 and 15", read_named, "0303008001", "8001", TROTH_OK},
    {"no bit named", read_named, "030100", "0000", TROTH_OK},
    {"a trailing zero bit", read_named, "03020680", "0000", TROTH_ERR_ENCODING},
    {"a trailing zero byte", read_named, "0303008000", "0000", TROTH_ERR_ENCODING},
    {"a zero byte alone", read_named, "03020000", "0000", TROTH_ERR_ENCODING},
    {"an unused bit set", read_named, "030207c0", "0000", TROTH_ERR_ENCODING},
    {"bit 16", read_named, "030407000080", "0000", TROTH_ERR_LIMIT},
    {"eight bits unused, named", read_named, "03020880", "0000", TROTH_ERR_ENCODING},
    {"unused bits of nothing, named", read_named, "030107", "0000", TROTH_ERR_ENCODING},

    {"an OID", read_oid, "0603550403", "550403", TROTH_OK},
    {"an OID with a long arc", read_oid, "06062a864886f70d", "2a864886f70d", TROTH_OK},
    {"no arc", read_oid, "0600", "", TROTH_ERR_ENCODING},
    {"first arc padded", read_oid, "0603805501", "", TROTH_ERR_ENCODING},
    {"later arc padded", read_oid, "0604558001", "", TROTH_ERR_SHORT},
    {"later arc padded, whole", read_oid, "0603558001", "", TROTH_ERR_ENCODING},
    {"80 within an arc", read_oid, "060455818001", "55818001", TROTH_OK},
    {"last arc cut", read_oid, "06025581", "", TROTH_ERR_ENCODING},
};

/* Each case stands behind a null element: faults must count from the outermost byte, and
 * point at the element. */
static void test_readers(void)
{
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct troth_span tail = test_hex(cases[i].input);
        uint8_t input[32] = {TROTH_DER_NULL, 0};
        uint8_t seen[16];
        struct troth_writer w = troth_writer_over(seen, sizeof seen);
        struct troth_fault fault;

        test_case("%s", cases[i].why);
        memcpy(input + 2, tail.ptr, tail.len);

        struct troth_cursor c = troth_cursor_over(
            (struct troth_span){input, 2 + tail.len});

        CHECK_INT(troth_der_read(&c, TROTH_DER_NULL, "null").len, 0);
        cases[i].read(&w, &c);
        CHECK_SPAN(troth_writer_span(&w), test_hex(cases[i].wanted));
        CHECK_ERR(troth_cursor_finish(&c, &fault), cases[i].err);
        if (cases[i].err == TROTH_ERR_TRAILING)
            continue;
        CHECK_TEXT(fault.field, cases[i].err ? "x" : NULL);
        CHECK_INT(fault.offset, cases[i].err ? 2 : 0);
    }
}

static const struct {
    const char *text; /* of 13 characters: UTCTime; else GeneralizedTime */
    enum troth_err err;
    int64_t instant_s;
} times[] = {
    {"700101000000Z", TROTH_OK, 0},
    {"491231235959Z", TROTH_OK, INT64_C(2524607999)},
    {"500101000000Z", TROTH_OK, INT64_C(-631152000)},
    {"000229000000Z", TROTH_OK, 951782400},
    {"010229000000Z", TROTH_ERR_VALUE, 0},
    {"700101000060Z", TROTH_ERR_VALUE, 0},
    {"701301000000Z", TROTH_ERR_VALUE, 0},
    {"7001010000000", TROTH_ERR_VALUE, 0},
    {"70010100000aZ", TROTH_ERR_VALUE, 0},
    {"7a0101000000Z", TROTH_ERR_VALUE, 0},
    {"7001010000Z", TROTH_ERR_VALUE, 0},
    {"20500101000000Z", TROTH_OK, INT64_C(2524608000)},
    {"20200101000000Z", TROTH_OK, 1577836800},
    {"99991231235959Z", TROTH_OK, INT64_C(253402300799)},
    {"00010101000000Z", TROTH_OK, INT64_C(-62135596800)},
    {"00000101000000Z", TROTH_ERR_VALUE, 0},
    {"99991231240000Z", TROTH_ERR_VALUE, 0},
    {"2a500101000000Z", TROTH_ERR_VALUE, 0},
    {"202a0101000000Z", TROTH_ERR_VALUE, 0},
    {"20500101000000", TROTH_ERR_VALUE, 0},
    {"20500101000000.5Z", TROTH_ERR_VALUE, 0},
    {"20500101000000+0000", TROTH_ERR_VALUE, 0},
    {"", TROTH_ERR_VALUE, 0},
};

static void test_times(void)
{
    for (size_t i = 0; i < COUNT(times); i++) {
        size_t len = strlen(times[i].text);
        bool is_utc = len < 14 && len > 0;
        uint8_t input[32] = {is_utc ? TROTH_DER_UTC_TIME : TROTH_DER_GENERALIZED_TIME,
                             (uint8_t)len};
        struct troth_cursor c = troth_cursor_over((struct troth_span){input, 2 + len});
        struct troth_fault fault;

        test_case("time '%s'", times[i].text);
        memcpy(input + 2, times[i].text, len);
        CHECK_INT(troth_der_time(&c, "x"), times[i].instant_s);
        CHECK_ERR(troth_cursor_finish(&c, &fault), times[i].err);
        CHECK_TEXT(fault.field, times[i].err ? "x" : NULL);
        CHECK_INT(fault.offset, 0);
    }

    struct troth_cursor c = troth_cursor_over(test_hex("0101ff"));

    test_case("a boolean is no time");
    CHECK_INT(troth_der_time(&c, "x"), 0);
    CHECK_ERR(troth_cursor_finish(&c, NULL), TROTH_ERR_TYPE);
}

/* SEQUENCE { SEQUENCE { INTEGER }, BOOLEAN }, broken in one place each. */
static const struct {
    const char *why;
    const char *input;
    enum troth_err err;
    const char *field;
    size_t offset;
} nests[] = {
    {"whole", "30 08 30 03 020105 0101ff", TROTH_OK, NULL, 0},
    {"outer of another type", "31 08 30 03 020105 0101ff", TROTH_ERR_TYPE, "outer", 0},
    {"inner of another type", "30 08 31 03 020105 0101ff", TROTH_ERR_TYPE, "inner", 2},
    {"number of another type", "30 08 30 03 040105 0101ff", TROTH_ERR_TYPE, "number", 4},
    {"number past the inner", "30 08 30 02 020105 0101ff", TROTH_ERR_SHORT, "number", 4},
    {"more in the inner", "30 08 30 06 020105 0101ff", TROTH_ERR_TRAILING, NULL, 7},
    {"inner past the outer", "30 08 30 07 020105 0101ff", TROTH_ERR_SHORT, "inner", 2},
    {"flag missing", "30 05 30 03 020105", TROTH_ERR_SHORT, "flag", 7},
    {"more in the outer", "30 0a 30 03 020105 0101ff 0500", TROTH_ERR_TRAILING, NULL, 10},
    {"more after the outer", "30 08 30 03 020105 0101ff 0500", TROTH_ERR_TRAILING, NULL,
     10},
};

static void test_nesting(void)
{
    for (size_t i = 0; i < COUNT(nests); i++) {
        struct troth_cursor c = troth_cursor_over(test_hex(nests[i].input));
        struct troth_cursor outer = troth_der_enter(&c, TROTH_DER_SEQUENCE, "outer");
        struct troth_cursor inner = troth_der_enter(&outer, TROTH_DER_SEQUENCE, "inner");
        uint64_t number = troth_der_u64(&inner, "number");
        struct troth_fault fault;

        test_case("nested: %s", nests[i].why);
        troth_cursor_leave(&outer, &inner);

        bool flag = troth_der_boolean(&outer, "flag");

        troth_cursor_leave(&c, &outer);
        CHECK_ERR(troth_cursor_finish(&c, &fault), nests[i].err);
        CHECK_TEXT(fault.field, nests[i].field);
        CHECK_INT(fault.offset, nests[i].offset);
        CHECK(nests[i].err || (number == 5 && flag));
    }
}

static void test_looking_ahead(void)
{
    struct troth_cursor c = troth_cursor_over(test_hex("0500"));

    test_case("what comes next is seen, but not past the end or a failure");
    CHECK(troth_der_next_is(&c, TROTH_DER_NULL));
    CHECK(!troth_der_next_is(&c, TROTH_DER_BOOLEAN));
    troth_der_read(&c, TROTH_DER_NULL, "null");
    CHECK(!troth_der_next_is(&c, TROTH_DER_NULL));
    c = troth_cursor_over(test_hex("0500"));
    troth_cursor_fail(&c, TROTH_ERR_VALUE, "x");
    CHECK(!troth_der_next_is(&c, TROTH_DER_NULL));
}

static const struct {
    const char *why;
    const char *der;
    enum troth_err err;
    const char *wanted; /* r and s, four bytes each */
} signatures[] = {
    {"small numbers", "3006 020105 020107", TROTH_OK, "0000000500000007"},
    {"full width", "300c 02047fffffff 02047ffffffe", TROTH_OK, "7fffffff7ffffffe"},
    {"full width, high bit", "300e 020500ffffffff 020500fffffffe", TROTH_OK,
     "fffffffffffffffe"},
    {"zeros", "3006 020100 020100", TROTH_OK, "0000000000000000"},
    {"r too wide", "300a 02050100000000 020107", TROTH_ERR_LIMIT, "0000000000000000"},
    {"s too wide", "300a 020107 02050100000000", TROTH_ERR_LIMIT, "0000000000000000"},
    {"r negative", "3006 0201ff 020107", TROTH_ERR_VALUE, "0000000000000000"},
    {"s padded", "3007 020105 02020007", TROTH_ERR_ENCODING, "0000000000000000"},
    {"s missing", "3003 020105", TROTH_ERR_SHORT, "0000000000000000"},
    {"a third number", "3009 020105 020107 020109", TROTH_ERR_TRAILING,
     "0000000000000000"},
    {"bytes after it", "3006 020105 020107 00", TROTH_ERR_TRAILING, "0000000000000000"},
    {"length in long form", "308106 020105 020107", TROTH_ERR_ENCODING,
     "0000000000000000"},
    {"nothing", "", TROTH_ERR_SHORT, "0000000000000000"},
};

static void test_signatures(void)
{
    for (size_t i = 0; i < COUNT(signatures); i++) {
        uint8_t seen[10];

        test_case("ECDSA: %s", signatures[i].why);
        memset(seen, 0xa5, sizeof seen);
        CHECK_ERR(troth_der_ecdsa_parse(seen + 1, 4, test_hex(signatures[i].der)),
                  signatures[i].err);
        CHECK_SPAN(((struct troth_span){seen + 1, 8}), test_hex(signatures[i].wanted));
        CHECK_INT(seen[0], 0xa5);
        CHECK_INT(seen[9], 0xa5);
    }
}

int main(void)
{
    test_readers();
    test_times();
    test_nesting();
    test_looking_ahead();
    test_signatures();
    return test_finish();
}
