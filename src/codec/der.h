/*
 * der.h - strict DER over a cursor: read what must come next, or fail.
 *
 * Lengths are definite and shortest, tags are one byte (numbers up to 30), integers and
 * booleans canonical. Nesting is the caller's enter and leave, never recursion. Faults
 * point at the first byte of the element that is wrong: TROTH_ERR_SHORT, TROTH_ERR_TYPE,
 * TROTH_ERR_ENCODING (not DER), TROTH_ERR_VALUE (DER, but not what is read here),
 * TROTH_ERR_LIMIT, TROTH_ERR_UNSUPPORTED (tag numbers above 30).
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_CODEC_DER_H
#define TROTH_CODEC_DER_H

#include "base/cursor.h"

/* Tag bytes as they stand in the encoding. */
enum troth_der_tag {
    TROTH_DER_BOOLEAN = 0x01,
    TROTH_DER_INTEGER = 0x02,
    TROTH_DER_BIT_STRING = 0x03,
    TROTH_DER_OCTET_STRING = 0x04,
    TROTH_DER_NULL = 0x05,
    TROTH_DER_OID = 0x06,
    TROTH_DER_ENUMERATED = 0x0a,
    TROTH_DER_UTF8_STRING = 0x0c,
    TROTH_DER_PRINTABLE_STRING = 0x13,
    TROTH_DER_IA5_STRING = 0x16,
    TROTH_DER_UTC_TIME = 0x17,
    TROTH_DER_GENERALIZED_TIME = 0x18,
    TROTH_DER_SEQUENCE = 0x30,
    TROTH_DER_SET = 0x31
};
/* [number] context tags: primitive (IMPLICIT simple types) and constructed. */
#define TROTH_DER_CONTEXT(number)             (0x80 | (number))
#define TROTH_DER_CONTEXT_CONSTRUCTED(number) (0xa0 | (number))

/* Is `tag` what comes next? False at the end and after a failure. */
bool troth_der_next_is(const struct troth_cursor *c, unsigned tag);

/* The contents of the next element, which must have `tag` (TROTH_ERR_TYPE). */
struct troth_span troth_der_read(struct troth_cursor *c, unsigned tag, const char *field);

/* The next element with its header; `tag` as above, or 0 for any. */
struct troth_span troth_der_element(struct troth_cursor *c, unsigned tag,
                                    const char *field);

/* A cursor over the next element's contents, to be given to troth_cursor_leave(). */
struct troth_cursor troth_der_enter(struct troth_cursor *c, unsigned tag,
                                    const char *field);

/* INTEGER not below zero: big-endian, no leading zero byte (zero itself is one byte). */
struct troth_span troth_der_unsigned(struct troth_cursor *c, const char *field);
/* The same, when it must fit in 64 bits (TROTH_ERR_LIMIT). */
uint64_t troth_der_u64(struct troth_cursor *c, const char *field);

bool troth_der_boolean(struct troth_cursor *c, const char *field);

/* A BIT STRING of whole bytes (TROTH_ERR_VALUE if bits are left unused). */
struct troth_span troth_der_bit_string(struct troth_cursor *c, const char *field);

/*
 * A named-bit list of up to 16 bits, bit 0 in the lowest bit of the result; trailing
 * zero bits must be left out. [X690] 11.2.2
 */
uint16_t troth_der_named_bits(struct troth_cursor *c, const char *field);

/* The contents of an OBJECT IDENTIFIER, arcs in shortest form. */
struct troth_span troth_der_oid(struct troth_cursor *c, const char *field);

/* UTCTime (1950 to 2049) or GeneralizedTime, any year in either's reach, both as RFC 5280
 * 4.1.2.5 restricts them: with seconds, without fractions, ending in Z. */
int64_t troth_der_time(struct troth_cursor *c, const char *field);

/*
 * troth_der_ecdsa_parse - SEQUENCE { r INTEGER, s INTEGER } to r ‖ s.
 *
 *   out        2 * width bytes, each number left-padded with zeros
 *   width      bytes of the curve's field: 32 or 48
 *
 * Errors   TROTH_ERR_LIMIT when a number is wider, else the reader's own
 * Spec     [RFC3279] 2.2.3
 */
TROTH_MUST_USE enum troth_err troth_der_ecdsa_parse(uint8_t *out, size_t width,
                                                    struct troth_span der);

#endif
