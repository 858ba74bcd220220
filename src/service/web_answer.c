/* SPDX-License-Identifier: Apache-2.0 */
#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <unistd.h>

#include "base/span.h"
#include "base/writer.h"
#include "service/web_call.h"

enum { HEAD_ROOM = 256 + TROTH_WEB_HEADER_MAX };

enum { NOT_MODIFIED = 304, FAILED = 500 };

static void write_line(struct troth_writer *w, const char *name, const char *value)
{
    troth_write_text(w, name);
    troth_write_text(w, value);
    troth_write_text(w, "\r\n");
}

static void write_head(struct troth_writer *w, const struct troth_web_answer *answer,
                       size_t len, bool keeps_open)
{
    troth_write_text(w, "HTTP/1.1 ");
    troth_write_decimal(w, answer->status);
    write_line(w, " ", troth_http_reason(answer->status));
    if (answer->content_type)
        write_line(w, "content-type: ", answer->content_type);
    if (answer->status != NOT_MODIFIED) {
        troth_write_text(w, "content-length: ");
        troth_write_decimal(w, len);
        troth_write_text(w, "\r\nx-content-type-options: nosniff\r\n");
    }
    if (answer->headers)
        troth_write_text(w, answer->headers);
    troth_write_text(w, keeps_open ? "\r\n" : "connection: close\r\n\r\n");
}

/* False: there is no more to say than that it failed. */
static bool send_head(struct troth_web_call *call, const struct troth_web_answer *answer,
                      size_t len)
{
    const struct troth_web_answer failed = {.status = FAILED};
    uint8_t head[HEAD_ROOM];
    struct troth_writer w = troth_writer_over(head, sizeof head);
    bool fits;

    write_head(&w, answer, len, call->keeps_open);
    fits = !w.full;
    if (!fits) {
        w = troth_writer_over(head, sizeof head);
        write_head(&w, &failed, 0, call->keeps_open);
    }
    (void)bufferevent_write(call->stream, head, w.len);
    return fits && !call->is_head && answer->status != NOT_MODIFIED && len > 0;
}

void troth_web_answer(struct troth_web_call *call, const struct troth_web_answer *answer)
{
    /* Memory ran out in the middle of an answer: its end would be taken from the next. */
    if (send_head(call, answer, answer->body.len) &&
        bufferevent_write(call->stream, answer->body.ptr, answer->body.len) != 0)
        call->keeps_open = false;
    troth_web_call_answered(call);
}

void troth_web_answer_file(struct troth_web_call *call,
                           const struct troth_web_answer *answer, int descriptor,
                           size_t len)
{
    struct evbuffer *output = bufferevent_get_output(call->stream);

    if (!send_head(call, answer, len)) {
        (void)close(descriptor);
    } else if (evbuffer_add_file(output, descriptor, 0, (ev_off_t)len) != 0) {
        (void)close(descriptor);
        call->keeps_open = false;
    }
    troth_web_call_answered(call);
}

void troth_web_refuse(struct troth_web_call *call, unsigned status, const char *text)
{
    uint8_t line[TROTH_WEB_HEADER_MAX];
    struct troth_writer w = troth_writer_over(line, sizeof line - 1);

    troth_write_text(&w, text);
    line[w.len++] = '\n'; /* its room was kept */
    troth_web_answer(call, &(struct troth_web_answer){
                               .status = status,
                               .content_type = "text/plain; charset=utf-8",
                               .headers = "cache-control: no-store\r\n",
                               .body = {line, w.len},
                           });
}

/* ---- what a client has already ---- */

static struct troth_span trim(struct troth_span text)
{
    while (text.len && (text.ptr[0] == ' ' || text.ptr[0] == '\t'))
        text = troth_span_slice(text, 1, text.len);
    while (text.len && (text.ptr[text.len - 1] == ' ' || text.ptr[text.len - 1] == '\t'))
        text.len--;
    return text;
}

/* [RFC9110] 13.1.2: compared weakly. A tag with a comma in it is none of ours. */
bool troth_web_has_tag(const struct troth_http_request *request, const char *etag)
{
    struct troth_span list = request->if_none_match;

    while (list.len) {
        struct troth_span tag = trim(troth_span_next_item(&list, ','));

        if (troth_span_starts_with(tag, TROTH_LITERAL("W/")))
            tag = troth_span_slice(tag, 2, tag.len);
        if (troth_span_is_text(tag, etag) || troth_span_is_text(tag, "*"))
            return true;
    }
    return false;
}
