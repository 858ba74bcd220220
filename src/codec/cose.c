/* SPDX-License-Identifier: Apache-2.0 */
#include "codec/cose.h"

#include "base/writer.h"

enum { SIGN1_TAG = 18 };                            /* [RFC9052] 2 */
enum { HEADER_ALGORITHM = 1, HEADER_CRITICAL = 2 }; /* [RFC9052] 3.1 */

/* One header map: how many entries, and the algorithm if it names one. */
static void read_headers(struct troth_cbor *r, unsigned *out_count,
                         int64_t *out_algorithm, const char *field)
{
    *out_count = 0;
    *out_algorithm = TROTH_COSE_NONE;
    troth_cbor_enter_map(r, field);
    for (; troth_cbor_more(r); (*out_count)++) {
        int64_t label = 0;
        if (troth_cbor_peek(r) == TROTH_CBOR_TEXT)
            troth_cbor_text(r, field);
        else
            label = troth_cbor_int(r, field);
        troth_cbor_expect(r, label != HEADER_CRITICAL, TROTH_ERR_UNSUPPORTED,
                          "cose.crit");

        if (label != HEADER_ALGORITHM) {
            troth_cbor_skip(r, field);
            continue;
        }
        troth_cbor_expect(r, troth_cbor_peek(r) != TROTH_CBOR_TEXT, TROTH_ERR_UNSUPPORTED,
                          "cose.alg");
        *out_algorithm = troth_cbor_int(r, "cose.alg");
    }
    troth_cbor_leave(r, field);
}

/* The protected header lies in a byte string of its own, so it has a reader of its own;
 * `origin` keeps its offsets those of the whole message. */
static enum troth_err read_protected(struct troth_cose_sign1 *message,
                                     struct troth_fault *fault, const uint8_t *origin)
{
    struct troth_cbor r;

    if (message->protected_raw.len == 0)
        return TROTH_OK;
    troth_cbor_init(&r, message->protected_raw, TROTH_CBOR_SHORTEST);
    r.c.origin = origin;
    read_headers(&r, &message->protected_count, &message->algorithm, "cose.protected");
    return troth_cbor_finish(&r, fault);
}

enum troth_err troth_cose_sign1_parse(struct troth_cose_sign1 *out,
                                      struct troth_fault *fault, struct troth_span raw)
{
    struct troth_cose_sign1 m = {0};
    struct troth_cbor r;
    int64_t unprotected_algorithm;

    troth_cbor_init(&r, raw, TROTH_CBOR_SHORTEST);
    m.tagged = troth_cbor_peek(&r) == TROTH_CBOR_TAG;
    if (m.tagged)
        troth_cbor_expect(&r, troth_cbor_tag(&r, "cose.tag") == SIGN1_TAG,
                          TROTH_ERR_UNSUPPORTED, "cose.tag");
    troth_cbor_enter_array(&r, "cose");
    m.protected_raw = troth_cbor_bytes(&r, "cose.protected");

    const uint8_t *const unprotected = r.c.next;
    read_headers(&r, &m.unprotected_count, &unprotected_algorithm, "cose.unprotected");
    m.unprotected = (struct troth_span){unprotected, (size_t)(r.c.next - unprotected)};

    troth_cbor_expect(&r, troth_cbor_peek(&r) != TROTH_CBOR_NULL, TROTH_ERR_UNSUPPORTED,
                      "cose.payload");
    m.payload = troth_cbor_bytes(&r, "cose.payload");
    m.signature = troth_cbor_bytes(&r, "cose.signature");
    troth_cbor_leave(&r, "cose");

    enum troth_err err = troth_cbor_finish(&r, fault);
    if (!err)
        err = read_protected(&m, fault, raw.ptr);
    *out = err ? (struct troth_cose_sign1){0} : m;
    return err;
}

/* The shortest head of a byte string. [RFC8949] 3 */
static void write_head(struct troth_writer *w, size_t len)
{
    static const uint8_t byte_string = 2 << 5;

    if (len < 24) {
        troth_write_u8(w, (uint8_t)(byte_string | len));
    } else if (len <= UINT8_MAX) {
        troth_write_u8(w, byte_string | 24);
        troth_write_u8(w, (uint8_t)len);
    } else if (len <= UINT16_MAX) {
        troth_write_u8(w, byte_string | 25);
        troth_write_uint_be(w, len, 2);
    } else if (len <= UINT32_MAX) {
        troth_write_u8(w, byte_string | 26);
        troth_write_uint_be(w, len, 4);
    } else {
        troth_write_u8(w, byte_string | 27);
        troth_write_uint_be(w, len, 8);
    }
}

struct troth_cose_signed troth_cose_sign1_signed(const struct troth_cose_sign1 *message,
                                                 struct troth_span external_aad,
                                                 struct troth_cose_heads *scratch)
{
    /* spec: [RFC9052] 4.4 "If there are no protected attributes, a zero-length byte
     * string is used." */
    const struct troth_span none = {NULL, 0};
    const struct troth_span contents[] = {
        message->protected_count ? message->protected_raw : none,
        external_aad,
        message->payload,
    };
    struct troth_writer w = troth_writer_over(scratch->bytes, sizeof scratch->bytes);
    struct troth_cose_signed out = {.count = TROTH_COSE_PARTS};

    troth_write_text(&w,
                     "\x84\x6aSignature1"); /* an array of four; a text of ten bytes */
    for (size_t i = 0, start = 0; i < 3; i++, start = w.len) {
        write_head(&w, contents[i].len);
        out.parts[2 * i] = (struct troth_span){w.base + start, w.len - start};
        out.parts[2 * i + 1] = contents[i];
    }
    return out;
}
