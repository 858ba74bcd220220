/* SPDX-License-Identifier: Apache-2.0 */
#include "attester/qgs_message.h"

#include "base/cursor.h"

enum {
    HEADER_SIZE = 16,
    MAJOR_VERSION = 1, /* [QGS] minor ones are compatible */
    MINOR_VERSION = 0,
    GET_QUOTE_REQUEST = 0,
    GET_QUOTE_ANSWER = 1,
};

void troth_qgs_write_request(struct troth_writer *w, struct troth_span tdreport)
{
    const size_t size = HEADER_SIZE + 8 + tdreport.len;

    troth_write_uint_be(w, size, 4);
    troth_write_uint_le(w, MAJOR_VERSION, 2);
    troth_write_uint_le(w, MINOR_VERSION, 2);
    troth_write_uint_le(w, GET_QUOTE_REQUEST, 4);
    troth_write_uint_le(w, size, 4);
    troth_write_uint_le(w, 0, 4); /* error code, of answers alone */
    troth_write_uint_le(w, tdreport.len, 4);
    troth_write_uint_le(w, 0, 4); /* no list of keys to choose from */
    troth_write_bytes(w, tdreport);
}

enum troth_err troth_qgs_answer_parse(struct troth_span *out_quote, uint32_t *out_error,
                                      struct troth_span raw)
{
    struct troth_cursor c = troth_cursor_over(raw);
    const uint16_t major = troth_cursor_u16le(&c, "qgs.major");

    troth_cursor_expect(&c, major == MAJOR_VERSION, TROTH_ERR_VERSION, "qgs.major");
    (void)troth_cursor_u16le(&c, "qgs.minor");

    const uint32_t type = troth_cursor_u32le(&c, "qgs.type");
    const uint32_t size = troth_cursor_u32le(&c, "qgs.size");

    troth_cursor_expect(&c, type == GET_QUOTE_ANSWER, TROTH_ERR_VALUE, "qgs.type");
    troth_cursor_expect(&c, size == raw.len, TROTH_ERR_VALUE, "qgs.size");

    const uint32_t error = troth_cursor_u32le(&c, "qgs.error");
    const uint32_t id_len = troth_cursor_u32le(&c, "qgs.id_size");
    const uint32_t quote_len = troth_cursor_u32le(&c, "qgs.quote_size");

    (void)troth_cursor_bytes(&c, id_len, "qgs.id");

    const struct troth_span quote = troth_cursor_bytes(&c, quote_len, "qgs.quote");

    troth_cursor_expect(&c, (quote.len > 0) == (error == 0), TROTH_ERR_VALUE,
                        "qgs.quote");

    const enum troth_err err = troth_cursor_finish(&c, NULL);

    *out_quote = err ? (struct troth_span){0} : quote;
    *out_error = err ? 0 : error;
    return err;
}
