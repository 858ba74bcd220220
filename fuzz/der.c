/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes through every DER reader: none leaves the input, and what is read is DER. */
#include "codec/der.h"

#include <stdlib.h>

#include "base/span.h"
#include "base/writer.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool holds)
{
    if (!holds)
        abort();
}

static void read_element(struct troth_cursor *c)
{
    struct troth_span whole = troth_der_element(c, 0, "element");

    if (!whole.ptr)
        return;

    /* The same element alone, by its own tag, is the same element. */
    struct troth_cursor again = troth_cursor_over(whole);
    struct troth_span contents = troth_der_read(&again, whole.ptr[0], "again");

    require(troth_cursor_finish(&again, NULL) == TROTH_OK);
    require(contents.ptr + contents.len == whole.ptr + whole.len);
}

static void read_unsigned(struct troth_cursor *c)
{
    struct troth_span number = troth_der_unsigned(c, "number");

    require(number.len < 2 || number.ptr[0] != 0);
}

static void read_u64(struct troth_cursor *c)
{
    (void)troth_der_u64(c, "number");
}

static void read_boolean(struct troth_cursor *c)
{
    (void)troth_der_boolean(c, "boolean");
}

static void read_bit_string(struct troth_cursor *c)
{
    (void)troth_der_bit_string(c, "bits");
}

static void read_named_bits(struct troth_cursor *c)
{
    (void)troth_der_named_bits(c, "bits");
}

static void read_oid(struct troth_cursor *c)
{
    (void)troth_der_oid(c, "oid");
}

static void read_time(struct troth_cursor *c)
{
    (void)troth_der_time(c, "time");
}

static void read_nested(struct troth_cursor *c)
{
    struct troth_cursor inner = troth_der_enter(c, TROTH_DER_SEQUENCE, "sequence");

    while (troth_cursor_left(&inner))
        read_element(&inner);
    troth_cursor_leave(c, &inner);
}

static void (*const readers[])(struct troth_cursor *c) = {
    read_element,    read_unsigned, read_u64,  read_boolean, read_bit_string,
    read_named_bits, read_oid,      read_time, read_nested,
};

static void write_integer(struct troth_writer *w, struct troth_span number)
{
    while (number.len > 1 && number.ptr[0] == 0)
        number = (struct troth_span){number.ptr + 1, number.len - 1};

    uint8_t sign = number.ptr[0] >> 7;

    troth_write_u8(w, TROTH_DER_INTEGER);
    troth_write_u8(w, (uint8_t)(number.len + sign));
    if (sign)
        troth_write_u8(w, 0);
    troth_write_bytes(w, number);
}

/* DER has one encoding of a pair of numbers: writing what was read gives the input. */
static void read_signature(struct troth_span der)
{
    enum { WIDTH = 48 };
    uint8_t pair[2 * WIDTH];
    uint8_t body[2 * (2 + 1 + WIDTH)];
    struct troth_writer w = troth_writer_over(body, sizeof body);

    if (troth_der_ecdsa_parse(pair, WIDTH, der))
        return;
    write_integer(&w, (struct troth_span){pair, WIDTH});
    write_integer(&w, (struct troth_span){pair + WIDTH, WIDTH});
    require(!w.full && w.len < 0x80 && der.len == 2 + w.len);
    require(troth_span_equal((struct troth_span){der.ptr + 2, der.len - 2},
                             troth_writer_span(&w)));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    for (size_t i = 0; i < sizeof readers / sizeof readers[0]; i++) {
        struct troth_cursor c = troth_cursor_over((struct troth_span){data, size});
        struct troth_fault fault;

        while (troth_cursor_left(&c))
            readers[i](&c);
        require(troth_cursor_finish(&c, &fault) == fault.err && fault.offset <= size);
    }
    read_signature((struct troth_span){data, size});
    return 0;
}
