/* SPDX-License-Identifier: Apache-2.0 */
#include "service/outbound/answer.h"

static const struct {
    unsigned status;
    const char *reason;
} reasons[] = {
    {400, "Bad Request"},
    {403, "Forbidden"},
    {405, "Method Not Allowed"},
    {408, "Request Timeout"},
    {411, "Length Required"},
    {413, "Content Too Large"},
    {417, "Expectation Failed"},
    {431, "Request Header Fields Too Large"},
    {502, "Bad Gateway"},
    {504, "Gateway Timeout"},
    {505, "HTTP Version Not Supported"},
};

static const char *reason_of(unsigned status)
{
    for (size_t i = 0; i < sizeof reasons / sizeof *reasons; i++)
        if (reasons[i].status == status)
            return reasons[i].reason;
    return "Refused";
}

static void write_line(struct troth_writer *w, const char *name, const char *why)
{
    troth_write_text(w, "troth-outbound: ");
    troth_write_text(w, name);
    troth_write_text(w, *name ? ": " : "");
    troth_write_text(w, why);
    troth_write_text(w, "\n");
}

void troth_answer_http(struct troth_writer *w, unsigned status, const char *name,
                       const char *why)
{
    uint8_t line[TROTH_ANSWER_MAX / 2];
    struct troth_writer page = troth_writer_over(line, sizeof line);

    write_line(&page, name, why);
    troth_write_text(w, "HTTP/1.1 ");
    troth_write_decimal(w, status);
    troth_write_text(w, " ");
    troth_write_text(w, reason_of(status));
    troth_write_text(w, status == 405 ? "\r\nAllow: CONNECT" : "");
    troth_write_text(w, "\r\nContent-Type: text/plain\r\nContent-Length: ");
    troth_write_decimal(w, page.len);
    troth_write_text(w, "\r\nConnection: close\r\n\r\n");
    troth_write_bytes(w, troth_writer_span(&page));
}

void troth_answer_tls(struct troth_writer *w, unsigned status)
{
    /* [RFC8446] 6: a record of two bytes; fatal; access_denied or internal_error. */
    const uint8_t alert[] = {21, 3, 3, 0, 2, 2, status == 403 ? 49 : 80};

    troth_write_bytes(w, (struct troth_span)TROTH_ARRAY_SPAN(alert));
}
