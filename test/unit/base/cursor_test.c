/* SPDX-License-Identifier: Apache-2.0 */
#include "base/cursor.h"

#include "test/harness.h"

enum op { U8, U16LE, U32LE, U64LE, UINT_BE };

static uint64_t read_number(struct troth_cursor *c, enum op op, size_t width)
{
    switch (op) {
    case U8:
        return troth_cursor_u8(c, "x");
    case U16LE:
        return troth_cursor_u16le(c, "x");
    case U32LE:
        return troth_cursor_u32le(c, "x");
    case U64LE:
        return troth_cursor_u64le(c, "x");
    case UINT_BE:
        return troth_cursor_uint_be(c, width, "x");
    }
    return 0;
}

static const struct {
    const char *why;
    const char *input;
    enum op op;
    size_t width;
    uint64_t value;
    enum troth_err err;
    size_t offset;
} numbers[] = {
    {"a byte", "81", U8, 1, 0x81, TROTH_OK, 0},
    {"a byte of nothing", "", U8, 1, 0, TROTH_ERR_SHORT, 0},
    {"two bytes, all high bits", "fefd", U16LE, 2, 0xfdfe, TROTH_OK, 0},
    {"two bytes, one missing", "fe", U16LE, 2, 0, TROTH_ERR_SHORT, 0},
    {"four bytes, all high bits", "fcfdfeff", U32LE, 4, 0xfffefdfc, TROTH_OK, 0},
    {"four bytes, one missing", "fcfdfe", U32LE, 4, 0, TROTH_ERR_SHORT, 0},
    {"eight bytes", "f8f9fafbfcfdfeff", U64LE, 8, 0xfffefdfcfbfaf9f8, TROTH_OK, 0},
    {"eight bytes, one missing", "f8f9fafbfcfdfe", U64LE, 8, 0, TROTH_ERR_SHORT, 0},
    {"big-endian byte", "81", UINT_BE, 1, 0x81, TROTH_OK, 0},
    {"big-endian three", "818283", UINT_BE, 3, 0x818283, TROTH_OK, 0},
    {"big-endian eight", "f1f2f3f4f5f6f7f8", UINT_BE, 8, 0xf1f2f3f4f5f6f7f8, TROTH_OK, 0},
    {"big-endian eight, one missing", "f1f2f3f4f5f6f7", UINT_BE, 8, 0, TROTH_ERR_SHORT,
     0},
    {"a byte left over", "8182", U8, 1, 0x81, TROTH_ERR_TRAILING, 1},
};

static void test_numbers(void)
{
    for (size_t i = 0; i < COUNT(numbers); i++) {
        struct troth_cursor c = troth_cursor_over(test_hex(numbers[i].input));
        struct troth_fault fault;

        test_case("%s", numbers[i].why);
        CHECK(read_number(&c, numbers[i].op, numbers[i].width) == numbers[i].value);
        CHECK_ERR(troth_cursor_finish(&c, &fault), numbers[i].err);
        CHECK_ERR(fault.err, numbers[i].err);
        CHECK_INT(fault.offset, numbers[i].offset);
        CHECK_TEXT(fault.field, numbers[i].err == TROTH_ERR_SHORT ? "x" : NULL);
    }
}

static void test_sticking(void)
{
    struct troth_cursor c = troth_cursor_over(test_hex("00112233"));
    struct troth_fault fault;

    test_case("after the first failure there are zeros, and the first is reported");
    CHECK_INT(troth_cursor_u16le(&c, "first"), 0x1100);
    CHECK_INT(troth_cursor_left(&c), 2);
    CHECK_INT(troth_cursor_u32le(&c, "second"), 0);
    CHECK_INT(troth_cursor_left(&c), 0);
    CHECK_INT(troth_cursor_u8(&c, "third"), 0);
    CHECK_INT(troth_cursor_bytes(&c, 1, "fourth").len, 0);
    CHECK_INT(troth_cursor_bytes(&c, 0, "fifth").len, 0);
    CHECK_INT(troth_cursor_rest(&c, "sixth").len, 0);
    troth_cursor_expect(&c, false, TROTH_ERR_VALUE, "seventh");
    CHECK_ERR(troth_cursor_finish(&c, &fault), TROTH_ERR_SHORT);
    CHECK_TEXT(fault.field, "second");
    CHECK_INT(fault.offset, 2);

    test_case("a refused value is reported where the cursor stands");
    c = troth_cursor_over(test_hex("00112233"));
    troth_cursor_u8(&c, "first");
    troth_cursor_expect(&c, true, TROTH_ERR_VERSION, "first");
    troth_cursor_expect(&c, false, TROTH_ERR_VALUE, "first");
    CHECK_ERR(troth_cursor_finish(&c, &fault), TROTH_ERR_VALUE);
    CHECK_TEXT(fault.field, "first");
    CHECK_INT(fault.offset, 1);

    test_case("a length of all ones does not wrap round");
    c = troth_cursor_over(test_hex("00112233"));
    troth_cursor_u8(&c, "first");
    CHECK(troth_cursor_bytes(&c, SIZE_MAX, "huge").ptr == NULL);
    CHECK_ERR(troth_cursor_finish(&c, NULL), TROTH_ERR_SHORT);
}

static void test_bytes(void)
{
    struct troth_span input = test_hex("0011223344");
    struct troth_cursor c = troth_cursor_over(input);

    test_case("bytes and rest borrow the input");
    CHECK(troth_cursor_bytes(&c, 2, "head").ptr == input.ptr);

    struct troth_span rest = troth_cursor_rest(&c, "tail");

    CHECK(rest.ptr == input.ptr + 2);
    CHECK_INT(rest.len, 3);
    CHECK_INT(troth_cursor_rest(&c, "tail").len, 0);
    CHECK_ERR(troth_cursor_finish(&c, NULL), TROTH_OK);

    test_case("a span of nothing is read to its end");
    c = troth_cursor_over((struct troth_span){NULL, 0});
    CHECK_INT(troth_cursor_rest(&c, "all").len, 0);
    CHECK_ERR(troth_cursor_finish(&c, NULL), TROTH_OK);
}

/* Two blocks, one in the other, over 8 bytes; how much each layer reads. */
static const struct {
    const char *why;
    size_t outer_len, inner_len, read_inner, read_outer, read_all;
    enum troth_err err;
    size_t offset;
} nests[] = {
    {"all is read", 5, 3, 3, 2, 3, TROTH_OK, 0},
    {"empty blocks", 0, 0, 0, 0, 8, TROTH_OK, 0},
    {"inner leaves a byte", 5, 3, 2, 2, 3, TROTH_ERR_TRAILING, 2},
    {"inner reads past its end", 5, 3, 4, 2, 3, TROTH_ERR_SHORT, 0},
    {"outer leaves a byte", 5, 3, 3, 1, 3, TROTH_ERR_TRAILING, 4},
    {"outer reads past its end", 5, 3, 3, 3, 3, TROTH_ERR_SHORT, 3},
    {"inner longer than outer", 5, 6, 0, 0, 3, TROTH_ERR_SHORT, 0},
    {"outer longer than the input", 9, 3, 3, 6, 0, TROTH_ERR_SHORT, 0},
    {"input leaves a byte", 5, 3, 3, 2, 2, TROTH_ERR_TRAILING, 7},
};

static void test_nesting(void)
{
    for (size_t i = 0; i < COUNT(nests); i++) {
        struct troth_cursor c = troth_cursor_over(test_hex("0001020304050607"));
        struct troth_cursor outer = troth_cursor_enter(&c, nests[i].outer_len, "outer");
        struct troth_cursor inner = troth_cursor_enter(&outer, nests[i].inner_len,
                                                       "inner");
        struct troth_fault fault;

        test_case("nested: %s", nests[i].why);
        troth_cursor_bytes(&inner, nests[i].read_inner, "in inner");
        troth_cursor_leave(&outer, &inner);
        troth_cursor_bytes(&outer, nests[i].read_outer, "in outer");
        troth_cursor_leave(&c, &outer);
        troth_cursor_bytes(&c, nests[i].read_all, "after");
        CHECK_ERR(troth_cursor_finish(&c, &fault), nests[i].err);
        CHECK_INT(fault.offset, nests[i].offset);
    }
}

static void test_first_failure_wins(void)
{
    struct troth_cursor c = troth_cursor_over(test_hex("00010203"));
    struct troth_cursor inner = troth_cursor_enter(&c, 2, "inner");
    struct troth_fault fault;

    test_case("what failed in the outer block before leaving is what is reported");
    troth_cursor_fail(&c, TROTH_ERR_VALUE, "outer");
    troth_cursor_u32le(&inner, "inner.number");
    troth_cursor_leave(&c, &inner);
    CHECK_ERR(troth_cursor_finish(&c, &fault), TROTH_ERR_VALUE);
    CHECK_TEXT(fault.field, "outer");
}

int main(void)
{
    test_numbers();
    test_sticking();
    test_bytes();
    test_nesting();
    test_first_failure_wins();
    return test_finish();
}
