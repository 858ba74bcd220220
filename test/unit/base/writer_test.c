/* SPDX-License-Identifier: Apache-2.0 */
#include "base/writer.h"

#include <stdio.h>

#include "base/instant.h"
#include "test/harness.h"

static void write_u8(struct troth_writer *w)
{
    troth_write_u8(w, 0xf1);
}

static void write_bytes(struct troth_writer *w)
{
    troth_write_bytes(w, test_hex("000102"));
}

static void write_nothing(struct troth_writer *w)
{
    troth_write_bytes(w, (struct troth_span){NULL, 0});
}

static void write_text(struct troth_writer *w)
{
    troth_write_text(w, "abc");
}

static void write_be3(struct troth_writer *w)
{
    troth_write_uint_be(w, 0x01020304, 3);
}

static void write_be8(struct troth_writer *w)
{
    troth_write_uint_be(w, 0xf1f2f3f4f5f6f7f8, 8);
}

static void write_le3(struct troth_writer *w)
{
    troth_write_uint_le(w, 0x01020304, 3);
}

static void write_le8(struct troth_writer *w)
{
    troth_write_uint_le(w, 0xf1f2f3f4f5f6f7f8, 8);
}

static void write_hex(struct troth_writer *w)
{
    troth_write_hex(w, test_hex("09afF0"));
}

static void write_zero(struct troth_writer *w)
{
    troth_write_decimal(w, 0);
}

static void write_decimal(struct troth_writer *w)
{
    troth_write_decimal(w, 1000203);
}

static void write_greatest(struct troth_writer *w)
{
    troth_write_decimal(w, UINT64_MAX);
}

static void write_lp(struct troth_writer *w)
{
    troth_write_lp(w, test_text("ab"));
}

static void write_instant(struct troth_writer *w)
{
    troth_write_rfc3339(w, 0);
}

static const struct {
    const char *why;
    void (*write)(struct troth_writer *w);
    const char *wanted; /* hex */
} rows[] = {
    {"a byte", write_u8, "f1"},
    {"bytes", write_bytes, "000102"},
    {"no bytes", write_nothing, ""},
    {"text", write_text, "616263"},
    {"low three bytes, big-endian", write_be3, "020304"},
    {"eight bytes, big-endian", write_be8, "f1f2f3f4f5f6f7f8"},
    {"low three bytes, little-endian", write_le3, "040302"},
    {"eight bytes, little-endian", write_le8, "f8f7f6f5f4f3f2f1"},
    {"hex is lower case", write_hex, "303961666630"},
    {"zero", write_zero, "30"},
    {"a number with zeros in it", write_decimal, "31303030323033"},
    {"the greatest number", write_greatest, "3138343436373434303733373039353531363135"},
    {"length prefix", write_lp, "00000000000000026162"},
    {"an instant", write_instant, "313937302d30312d30315430303a30303a30305a"},
};

static void test_rows(void)
{
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct troth_span wanted = test_hex(rows[i].wanted);
        uint8_t out[32];
        struct troth_span seen;

        test_case("%s, in room for exactly that", rows[i].why);

        struct troth_writer w = troth_writer_over(out, wanted.len);

        rows[i].write(&w);
        CHECK_ERR(troth_writer_finish(&w, &seen), TROTH_OK);
        CHECK_SPAN(seen, wanted);
        CHECK_SPAN(troth_writer_span(&w), wanted);

        test_case("%s, in less room", rows[i].why);
        for (size_t size = 0; size < wanted.len; size++) {
            out[size] = 0xa5;
            w = troth_writer_over(out, size);
            rows[i].write(&w);
            CHECK(w.len <= size);
            CHECK_INT(out[size], 0xa5);
            CHECK_ERR(troth_writer_finish(&w, &seen), TROTH_ERR_LIMIT);
            CHECK(seen.ptr == NULL && seen.len == 0);
        }
    }
}

static void test_decimals(void)
{
    struct test_random random = {7};

    test_case("decimals agree with printf");
    for (unsigned i = 0; i < 2000; i++) {
        uint64_t number = (uint64_t)test_random_below(&random, 1U << 31) << 33 |
                          (uint64_t)test_random_below(&random, 1U << 31) << 2;
        uint8_t out[20];
        char wanted[32];
        struct troth_writer w = troth_writer_over(out, sizeof out);

        number >>= test_random_below(&random, 64);
        (void)snprintf(wanted, sizeof wanted, "%llu", (unsigned long long)number);
        troth_write_decimal(&w, number);
        CHECK_SPAN(troth_writer_span(&w), test_text(wanted));
    }
}

int main(void)
{
    test_rows();
    test_decimals();

    test_case("what fits after something that did not is not written either");

    uint8_t out[4];
    struct troth_writer w = troth_writer_over(out, sizeof out);

    troth_write_text(&w, "abc");
    troth_write_text(&w, "de");
    troth_write_text(&w, "f");
    CHECK_SPAN(troth_writer_span(&w), test_text("abc"));
    CHECK(w.full);

    test_case("hex of more than half of all memory does not wrap round");
    w = troth_writer_over(out, sizeof out);
    troth_write_hex(&w, (struct troth_span){out, SIZE_MAX / 2 + 2});
    CHECK(w.full && w.len == 0);
    return test_finish();
}
