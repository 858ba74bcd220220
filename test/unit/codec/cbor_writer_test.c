/* SPDX-License-Identifier: Apache-2.0 */
#include "codec/cbor_writer.h"

#include <cbor.h>
#include <stdlib.h>

#include "codec/cbor.h"
#include "test/harness.h"

static uint8_t room[512];

static void write_null(struct troth_writer *w)
{
    troth_cbor_write_null(w);
}

static void write_true(struct troth_writer *w)
{
    troth_cbor_write_bool(w, true);
}

static void write_false(struct troth_writer *w)
{
    troth_cbor_write_bool(w, false);
}

static void write_text(struct troth_writer *w)
{
    troth_cbor_write_text(w, "IETF");
}

static void write_empty_text(struct troth_writer *w)
{
    troth_cbor_write_text(w, "");
}

static void write_bytes(struct troth_writer *w)
{
    static const uint8_t bytes[] = {1, 2, 3, 4};

    troth_cbor_write_bytes(w, (struct troth_span)TROTH_ARRAY_SPAN(bytes));
}

static void write_empty_bytes(struct troth_writer *w)
{
    troth_cbor_write_bytes(w, (struct troth_span){NULL, 0});
}

static void write_nested(struct troth_writer *w)
{
    troth_cbor_begin_map(w, 2);
    troth_cbor_write_text(w, "a");
    troth_cbor_write_uint(w, 1);
    troth_cbor_write_text(w, "b");
    troth_cbor_begin_array(w, 2);
    troth_cbor_write_uint(w, 2);
    troth_cbor_write_uint(w, 3);
}

/* [RFC8949] appendix A */
static const struct {
    const char *why;
    void (*write)(struct troth_writer *w);
    const char *wanted;
} examples[] = {
    {"null", write_null, "f6"},
    {"true", write_true, "f5"},
    {"false", write_false, "f4"},
    {"\"IETF\"", write_text, "64 49455446"},
    {"\"\"", write_empty_text, "60"},
    {"h'01020304'", write_bytes, "44 01020304"},
    {"h''", write_empty_bytes, "40"},
    {"{\"a\": 1, \"b\": [2, 3]}", write_nested, "a2 6161 01 6162 82 02 03"},
};

static const struct {
    uint64_t value;
    const char *wanted;
} numbers[] = {
    {0, "00"},
    {1, "01"},
    {23, "17"},
    {24, "18 18"},
    {25, "18 19"},
    {255, "18 ff"},
    {256, "19 0100"},
    {1000, "19 03e8"},
    {65535, "19 ffff"},
    {65536, "1a 00010000"},
    {1000000, "1a 000f4240"},
    {UINT32_MAX, "1a ffffffff"},
    {(uint64_t)UINT32_MAX + 1, "1b 00000001 00000000"},
    {1000000000000, "1b 000000e8 d4a51000"},
    {UINT64_MAX, "1b ffffffff ffffffff"},
};

/* What another implementation makes of the same. */
static struct troth_span theirs(cbor_item_t *item)
{
    static uint8_t bytes[512];
    const size_t len = cbor_serialize(item, bytes, sizeof bytes);

    cbor_decref(&item);
    return (struct troth_span){bytes, len};
}

static void test_strings_of_every_length(void)
{
    static uint8_t content[300];

    test_case("strings of 0 to 300 bytes, as libcbor writes them");
    for (size_t len = 0; len <= sizeof content; len++) {
        struct troth_writer w = troth_writer_over(room, sizeof room);

        troth_cbor_write_bytes(&w, (struct troth_span){content, len});
        CHECK_SPAN(troth_writer_span(&w), theirs(cbor_build_bytestring(content, len)));
    }
}

static void test_room(void)
{
    struct troth_writer w = troth_writer_over(room, 4);
    struct troth_span written;

    test_case("no room for what the head announces");
    troth_cbor_write_text(&w, "IETF");
    CHECK_ERR(troth_writer_finish(&w, &written), TROTH_ERR_LIMIT);
}

int main(void)
{
    for (size_t i = 0; i < COUNT(examples); i++) {
        struct troth_writer w = troth_writer_over(room, sizeof room);
        struct troth_cbor r;

        test_case("%s", examples[i].why);
        examples[i].write(&w);
        CHECK_SPAN(troth_writer_span(&w), test_hex(examples[i].wanted));
        troth_cbor_init(&r, troth_writer_span(&w), TROTH_CBOR_SHORTEST);
        (void)troth_cbor_skip(&r, "whole");
        CHECK_ERR(troth_cbor_finish(&r, NULL), TROTH_OK);
    }
    for (size_t i = 0; i < COUNT(numbers); i++) {
        struct troth_writer w = troth_writer_over(room, sizeof room);
        struct troth_cbor r;

        test_case("%llu", (unsigned long long)numbers[i].value);
        troth_cbor_write_uint(&w, numbers[i].value);
        CHECK_SPAN(troth_writer_span(&w), test_hex(numbers[i].wanted));
        troth_cbor_init(&r, troth_writer_span(&w), TROTH_CBOR_SHORTEST);
        CHECK(troth_cbor_uint(&r, "number") == numbers[i].value);
        CHECK_ERR(troth_cbor_finish(&r, NULL), TROTH_OK);
    }
    test_strings_of_every_length();
    test_room();
    return test_finish();
}
