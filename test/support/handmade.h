/*
 * handmade.h - quotes put together field by field, unsigned, for tests of their shape.
 *
 * Every byte that may be anything is another than the one before it, so that no field can
 * stand for another; reserved bytes are zero and attributes are good.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_TEST_HANDMADE_H
#define TROTH_TEST_HANDMADE_H

#include "evidence/dcap/quote.h"

/* Where the parts begin; AT_DESCRIPTOR and AT_WRAPPER are where they would be in versions
 * that have none. */
enum handmade_place {
    AT_HEADER,
    AT_DESCRIPTOR, /* body type and size, 2 and 4 bytes */
    AT_BODY,
    AT_SIGNATURE_SIZE, /* of the signature data, 4 bytes */
    AT_SIGNATURE,
    AT_KEY,
    AT_WRAPPER, /* type and size, 2 and 4 bytes */
    AT_QE_REPORT,
    AT_QE_SIGNATURE,
    AT_AUTH,          /* its size, 2 bytes, and itself */
    AT_CERTIFICATION, /* type and size, 2 and 4 bytes, and itself */
    AT_END,
    HANDMADE_PLACES
};

enum { HANDMADE_AUTH = 32, HANDMADE_CERTIFICATION = 20 };

struct handmade {
    uint8_t bytes[2400];
    size_t len; /* up to AT_END; what follows is zero */
    size_t at[HANDMADE_PLACES];
};

/* Certification data is HANDMADE_CERTIFICATION bytes of type 1, which nothing reads. */
void handmade_quote(struct handmade *out, unsigned version, enum troth_quote_body body);

/* Write `value` over `width` bytes, little-endian. */
void handmade_put(struct handmade *quote, size_t at, size_t width, uint64_t value);

struct troth_span handmade_span(const struct handmade *quote);

#endif
