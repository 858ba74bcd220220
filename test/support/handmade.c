/* SPDX-License-Identifier: Apache-2.0 */
#include "test/support/handmade.h"

#include <string.h>

static void put_bytes(struct handmade *q, const void *bytes, size_t len)
{
    memcpy(q->bytes + q->len, bytes, len);
    q->len += len;
}

static void put_number(struct handmade *q, size_t width, uint64_t value)
{
    q->len += width;
    handmade_put(q, q->len - width, width, value);
}

/* Distinct bytes, never zero. */
static void put_filler(struct handmade *q, size_t len)
{
    for (size_t i = 0; i < len; i++, q->len++)
        q->bytes[q->len] = (uint8_t)(q->len % 251 + 1);
}

static void put_sgx_report(struct handmade *q)
{
    static const size_t reserved[][2] = {{20, 12}, {96, 32}, {160, 32}, {262, 42}};
    size_t start = q->len;

    put_filler(q, 384);
    for (size_t i = 0; i < 4; i++)
        memset(q->bytes + start + reserved[i][0], 0, reserved[i][1]);
    handmade_put(q, start + 48, 8, 0x05);
    handmade_put(q, start + 56, 8, 0xe7);
}

static void put_td_report(struct handmade *q, size_t size)
{
    size_t start = q->len;

    put_filler(q, size);
    handmade_put(q, start + 0x78, 8, 0x10000000);
    handmade_put(q, start + 0x80, 8, 0x602e7);
    if (size > 584) /* no service trust domain */
        memset(q->bytes + start + 0x258, 0, 48);
    if (size > 648) {
        memset(q->bytes + start + 729, 0, 48);
        memset(q->bytes + start + 829, 0, 48);
    }
}

static void put_header(struct handmade *q, unsigned version, bool is_tdx)
{
    q->at[AT_HEADER] = q->len;
    put_number(q, 2, version);
    put_number(q, 2, 2);
    put_number(q, 4, is_tdx ? 0x81 : 0);
    put_number(q, 4, version == 3 ? 0x000e0009 : 0);
    put_bytes(q, "\x93\x9a\x72\x33\xf7\x9c\x4c\xa9\x94\x0a\x0d\xb3\x95\x7f\x06\x07", 16);
    put_filler(q, 20);
}

static void put_certified(struct handmade *q)
{
    q->at[AT_QE_REPORT] = q->len;
    put_sgx_report(q);
    q->at[AT_QE_SIGNATURE] = q->len;
    put_filler(q, 64);
    q->at[AT_AUTH] = q->len;
    put_number(q, 2, HANDMADE_AUTH);
    put_filler(q, HANDMADE_AUTH);
    q->at[AT_CERTIFICATION] = q->len;
    put_number(q, 2, 1);
    put_number(q, 4, HANDMADE_CERTIFICATION);
    put_filler(q, HANDMADE_CERTIFICATION);
}

void handmade_quote(struct handmade *out, unsigned version, enum troth_quote_body body)
{
    static const uint16_t sizes[] = {0, 384, 584, 648, 885};

    memset(out, 0, sizeof *out);
    put_header(out, version, body != TROTH_QUOTE_BODY_SGX);
    out->at[AT_DESCRIPTOR] = out->len;
    if (version == 5) {
        put_number(out, 2, body);
        put_number(out, 4, sizes[body]);
    }
    out->at[AT_BODY] = out->len;
    if (body == TROTH_QUOTE_BODY_SGX)
        put_sgx_report(out);
    else
        put_td_report(out, sizes[body]);
    out->at[AT_SIGNATURE_SIZE] = out->len;
    put_number(out, 4, 0);
    out->at[AT_SIGNATURE] = out->len;
    put_filler(out, 64);
    out->at[AT_KEY] = out->len;
    put_filler(out, 64);
    out->at[AT_WRAPPER] = out->len;
    if (version > 3) {
        put_number(out, 2, 6);
        put_number(out, 4, 0);
    }
    put_certified(out);
    out->at[AT_END] = out->len;
    handmade_put(out, out->at[AT_SIGNATURE_SIZE], 4, out->len - out->at[AT_SIGNATURE]);
    if (version > 3)
        handmade_put(out, out->at[AT_WRAPPER] + 2, 4, out->len - out->at[AT_QE_REPORT]);
}

void handmade_put(struct handmade *quote, size_t at, size_t width, uint64_t value)
{
    for (size_t i = 0; i < width; i++)
        quote->bytes[at + i] = (uint8_t)(value >> 8 * i);
}

struct troth_span handmade_span(const struct handmade *quote)
{
    return (struct troth_span){quote->bytes, quote->len};
}
