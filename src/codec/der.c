/* SPDX-License-Identifier: Apache-2.0 */
#include "codec/der.h"

#include "base/instant.h"
#include "base/memory.h"

enum { ANY = 0, CONSTRUCTED = 0x20, TAG_NUMBER = 0x1f, LONG_LENGTH = 0x80 };

/* A length of more bytes means an element of 4 GiB. */
#define LENGTH_BYTES_MAX 4

struct element {
    size_t header_len, len;
};

/* Universal types have one form each in DER: EXTERNAL, EMBEDDED PDV, SEQUENCE, SET and
 * CHARACTER STRING are constructed, all others primitive. [X690] 8, 10.2 */
static bool has_right_form(uint8_t tag)
{
    const uint32_t constructed = 1U << 8 | 1U << 11 | 1U << 16 | 1U << 17 | 1U << 29;

    return tag >= 0x40 ||
           (constructed >> (tag & TAG_NUMBER) & 1) == ((tag & CONSTRUCTED) != 0);
}

static enum troth_err check_tag(uint8_t seen, unsigned wanted)
{
    if (wanted != ANY)
        return seen == wanted ? TROTH_OK : TROTH_ERR_TYPE;
    if ((seen & TAG_NUMBER) == TAG_NUMBER)
        return TROTH_ERR_UNSUPPORTED;
    /* Universal number 0 marks the end of indefinite lengths, which DER has not. */
    return seen != 0 && has_right_form(seen) ? TROTH_OK : TROTH_ERR_ENCODING;
}

/* `p` starts at the first length byte. */
static enum troth_err parse_length(struct element *out, const uint8_t *p, size_t left)
{
    if (left == 0)
        return TROTH_ERR_SHORT;
    *out = (struct element){2, p[0]};
    if (p[0] < LONG_LENGTH)
        return TROTH_OK;

    size_t count = p[0] - LONG_LENGTH;

    if (count == 0 || count == 0x7f) /* indefinite; reserved. [X690] 8.1.3.5, 8.1.3.6 */
        return TROTH_ERR_ENCODING;
    if (count > LENGTH_BYTES_MAX)
        return TROTH_ERR_LIMIT;
    if (count >= left)
        return TROTH_ERR_SHORT;

    uint32_t len = 0;

    for (size_t i = 1; i <= count; i++)
        len = len << 8 | p[i];
    *out = (struct element){2 + count, len};
    return p[1] == 0 || len < LONG_LENGTH ? TROTH_ERR_ENCODING : TROTH_OK;
}

static enum troth_err parse_header(struct element *out, const struct troth_cursor *c,
                                   unsigned tag)
{
    size_t left = troth_cursor_left(c);

    if (left == 0)
        return TROTH_ERR_SHORT;

    enum troth_err err = check_tag(c->next[0], tag);

    if (!err)
        err = parse_length(out, c->next + 1, left - 1);
    if (!err && out->len > left - out->header_len)
        err = TROTH_ERR_SHORT;
    return err;
}

/* Read an element whose contents `check` (if any) finds no fault with. Until then the
 * cursor stays where it is, so that faults point at the element's first byte. */
static struct troth_span read_checked(struct troth_cursor *c, unsigned tag,
                                      enum troth_err (*check)(struct troth_span),
                                      const char *field)
{
    struct element e = {0, 0};
    enum troth_err err = parse_header(&e, c, tag);
    struct troth_span contents = {NULL, 0};

    if (!err)
        contents = (struct troth_span){c->next + e.header_len, e.len};
    if (!err && check)
        err = check(contents);
    if (err) {
        troth_cursor_fail(c, err, field);
        return (struct troth_span){NULL, 0};
    }
    c->next = contents.ptr + contents.len;
    return contents;
}

static struct troth_span without_first(struct troth_span contents)
{
    return (struct troth_span){contents.ptr + 1, contents.len - 1};
}

/* [X690] 8.3.2: the first nine bits are neither all zero nor all one. */
static enum troth_err check_unsigned(struct troth_span contents)
{
    if (contents.len == 0)
        return TROTH_ERR_ENCODING;

    bool negative = contents.ptr[0] & 0x80;

    if (contents.len > 1 && (contents.ptr[0] == 0x00 || contents.ptr[0] == 0xff) &&
        negative == (contents.ptr[1] >> 7))
        return TROTH_ERR_ENCODING;
    return negative ? TROTH_ERR_VALUE : TROTH_OK;
}

/* Off comes the zero byte that only keeps a number from being negative. */
static struct troth_span magnitude(struct troth_span contents)
{
    return contents.len > 1 && contents.ptr[0] == 0 ? without_first(contents) : contents;
}

static enum troth_err check_u64(struct troth_span contents)
{
    enum troth_err err = check_unsigned(contents);

    return err || magnitude(contents).len <= 8 ? err : TROTH_ERR_LIMIT;
}

/* [X690] 11.1: true is ff. */
static enum troth_err check_boolean(struct troth_span contents)
{
    bool canonical = contents.len == 1 &&
                     (contents.ptr[0] == 0x00 || contents.ptr[0] == 0xff);

    return canonical ? TROTH_OK : TROTH_ERR_ENCODING;
}

static enum troth_err check_bit_string(struct troth_span contents)
{
    if (contents.len == 0 || contents.ptr[0] > 7 ||
        (contents.len == 1 && contents.ptr[0]))
        return TROTH_ERR_ENCODING;
    return contents.ptr[0] ? TROTH_ERR_VALUE : TROTH_OK;
}

/* The last byte of a named-bit list ends in a one and then exactly the unused bits. */
static enum troth_err check_named_bits(struct troth_span contents)
{
    if (contents.len == 0 || contents.ptr[0] > 7)
        return TROTH_ERR_ENCODING;
    if (contents.len > 3)
        return TROTH_ERR_LIMIT;

    uint8_t last = contents.ptr[contents.len - 1];
    unsigned end = 1U << contents.ptr[0];
    bool canonical = contents.len == 1 ? last == 0 : (last & (2 * end - 1)) == end;

    return canonical ? TROTH_OK : TROTH_ERR_ENCODING;
}

/* [X690] 8.19.2: an arc does not begin with 80, and the last one ends. */
static enum troth_err check_oid(struct troth_span contents)
{
    for (size_t i = 0; i < contents.len; i++)
        if (contents.ptr[i] == 0x80 && (i == 0 || contents.ptr[i - 1] < 0x80))
            return TROTH_ERR_ENCODING;
    return contents.len && contents.ptr[contents.len - 1] < 0x80 ? TROTH_OK
                                                                 : TROTH_ERR_ENCODING;
}

/* Two digits, or a number that no part of a time may be. */
static unsigned two_digits(const uint8_t *p)
{
    unsigned tens = p[0] - (unsigned)'0';
    unsigned ones = p[1] - (unsigned)'0';

    return tens < 10 && ones < 10 ? tens * 10 + ones : 10000;
}

/* MMDDHHMMSSZ in `year`. */
static enum troth_err parse_within(int64_t *out_s, unsigned year, const uint8_t *p)
{
    struct troth_civil civil = {year,
                                two_digits(p),
                                two_digits(p + 2),
                                two_digits(p + 4),
                                two_digits(p + 6),
                                two_digits(p + 8)};

    *out_s = 0;
    return p[10] == 'Z' ? troth_instant_from_civil(out_s, civil) : TROTH_ERR_VALUE;
}

static enum troth_err parse_utc_time(int64_t *out_s, struct troth_span text)
{
    *out_s = 0;
    if (text.len != 13)
        return TROTH_ERR_VALUE;

    unsigned year = two_digits(text.ptr);

    return parse_within(out_s, year < 50 ? 2000 + year : 1900 + year, text.ptr + 2);
}

static enum troth_err parse_generalized_time(int64_t *out_s, struct troth_span text)
{
    *out_s = 0;
    if (text.len != 15)
        return TROTH_ERR_VALUE;
    return parse_within(out_s, two_digits(text.ptr) * 100 + two_digits(text.ptr + 2),
                        text.ptr + 4);
}

bool troth_der_next_is(const struct troth_cursor *c, unsigned tag)
{
    return troth_cursor_left(c) && *c->next == tag;
}

struct troth_span troth_der_read(struct troth_cursor *c, unsigned tag, const char *field)
{
    return read_checked(c, tag, NULL, field);
}

struct troth_span troth_der_element(struct troth_cursor *c, unsigned tag,
                                    const char *field)
{
    const uint8_t *start = c->next;
    struct troth_span contents = read_checked(c, tag, NULL, field);

    if (!contents.ptr)
        return contents;
    return (struct troth_span){start, (size_t)(c->next - start)};
}

struct troth_cursor troth_der_enter(struct troth_cursor *c, unsigned tag,
                                    const char *field)
{
    struct troth_span contents = read_checked(c, tag, NULL, field);
    struct troth_cursor inner = *c;

    if (contents.ptr) {
        inner.next = contents.ptr;
        inner.end = contents.ptr + contents.len;
    }
    return inner;
}

struct troth_span troth_der_unsigned(struct troth_cursor *c, const char *field)
{
    return magnitude(read_checked(c, TROTH_DER_INTEGER, check_unsigned, field));
}

uint64_t troth_der_u64(struct troth_cursor *c, const char *field)
{
    struct troth_span number = magnitude(
        read_checked(c, TROTH_DER_INTEGER, check_u64, field));
    uint64_t value = 0;

    for (size_t i = 0; i < number.len; i++)
        value = value << 8 | number.ptr[i];
    return value;
}

bool troth_der_boolean(struct troth_cursor *c, const char *field)
{
    struct troth_span contents = read_checked(c, TROTH_DER_BOOLEAN, check_boolean, field);

    return contents.len && contents.ptr[0];
}

struct troth_span troth_der_bit_string(struct troth_cursor *c, const char *field)
{
    struct troth_span contents = read_checked(c, TROTH_DER_BIT_STRING, check_bit_string,
                                              field);

    return contents.len ? without_first(contents) : contents;
}

uint16_t troth_der_named_bits(struct troth_cursor *c, const char *field)
{
    struct troth_span contents = read_checked(c, TROTH_DER_BIT_STRING, check_named_bits,
                                              field);
    unsigned bits = 0;

    for (size_t i = 8; i < contents.len * 8; i++)
        bits |= (unsigned)(contents.ptr[i / 8] >> (7 - i % 8) & 1) << (i - 8);
    return (uint16_t)bits;
}

struct troth_span troth_der_oid(struct troth_cursor *c, const char *field)
{
    return read_checked(c, TROTH_DER_OID, check_oid, field);
}

int64_t troth_der_time(struct troth_cursor *c, const char *field)
{
    bool is_utc = troth_der_next_is(c, TROTH_DER_UTC_TIME);
    struct troth_cursor before = *c;
    struct troth_span text = troth_der_read(
        c, is_utc ? TROTH_DER_UTC_TIME : TROTH_DER_GENERALIZED_TIME, field);
    int64_t instant_s;
    enum troth_err err = is_utc ? parse_utc_time(&instant_s, text)
                                : parse_generalized_time(&instant_s, text);

    if (err && !c->fault.err) {
        troth_cursor_fail(&before, err, field);
        *c = before;
    }
    return instant_s;
}

enum troth_err troth_der_ecdsa_parse(uint8_t *out, size_t width, struct troth_span der)
{
    struct troth_cursor c = troth_cursor_over(der);
    struct troth_cursor pair = troth_der_enter(&c, TROTH_DER_SEQUENCE, "ecdsa");
    struct troth_span r = troth_der_unsigned(&pair, "ecdsa.r");
    struct troth_span s = troth_der_unsigned(&pair, "ecdsa.s");

    troth_cursor_leave(&c, &pair);
    troth_cursor_expect(&c, r.len <= width && s.len <= width, TROTH_ERR_LIMIT, "ecdsa");

    enum troth_err err = troth_cursor_finish(&c, NULL);

    memset(out, 0, 2 * width);
    if (err)
        return err;
    memcpy(out + width - r.len, r.ptr, r.len);
    memcpy(out + 2 * width - s.len, s.ptr, s.len);
    return TROTH_OK;
}
