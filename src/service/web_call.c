/* SPDX-License-Identifier: Apache-2.0 */
#include "service/web_call.h"

#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/event.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/span.h"
#include "base/writer.h"

static void set_timer(struct troth_web_call *call, long time_ms)
{
    const struct timeval later = {time_ms / 1000, time_ms % 1000 * 1000};

    (void)event_add(call->timer, &later);
}

static size_t come(const struct troth_web_call *call)
{
    return evbuffer_get_length(bufferevent_get_input(call->stream));
}

static size_t left(const struct troth_web_call *call)
{
    return evbuffer_get_length(bufferevent_get_output(call->stream));
}

static bool has_output(const struct troth_web_call *call)
{
    return left(call) > 0;
}

void troth_web_call_free(struct troth_web_call *call)
{
    struct troth_web *web = call->web;

    if (call->forget)
        call->forget(call->waiting);
    if (call->before)
        call->before->next = call->next;
    else
        web->calls = call->next;
    if (call->next)
        call->next->before = call->before;
    web->count--;
    if (call->timer)
        event_free(call->timer);
    if (call->stream)
        bufferevent_free(call->stream);
    free(call);
    troth_web_left(web);
}

/* ---- requests ---- */

/* No request, or only a part of one: the answer is the last one. */
static void refuse(struct troth_web_call *call, unsigned status, const char *field)
{
    char text[128];
    struct troth_writer w = troth_writer_over((uint8_t *)text, sizeof text - 1);

    troth_write_text(&w, "this cannot be answered because of its ");
    troth_write_text(&w, field);
    text[w.len] = '\0';
    call->phase = TROTH_WEB_SERVED;
    call->keeps_open = false;
    troth_web_refuse(call, status, text);
}

/* As much in one piece as is needed to judge, and what can be said of it. */
static enum troth_http_status look(struct troth_web_call *call,
                                   struct troth_http_request *request,
                                   struct troth_span *bytes, const char **out_field)
{
    const size_t most = call->wanted ? call->wanted : TROTH_HTTP_HEAD_MAX;
    const size_t len = come(call) < most ? come(call) : most;
    enum troth_http_status status;

    bytes->ptr = evbuffer_pullup(bufferevent_get_input(call->stream), (ev_ssize_t)len);
    bytes->len = bytes->ptr ? len : 0;
    status = troth_http_parse_up_to(request, out_field, call->web->options.body_max,
                                    *bytes);
    if (status == TROTH_HTTP_OK)
        call->wanted = request->head_len + request->body_len;
    return status;
}

static void await_body(struct troth_web_call *call,
                       const struct troth_http_request *request)
{
    if (request->wants_continue && !call->is_told)
        (void)bufferevent_write(call->stream, "HTTP/1.1 100 Continue\r\n\r\n", 25);
    call->is_told = true;
}

static void serve(struct troth_web_call *call, const struct troth_http_request *request,
                  struct troth_span bytes)
{
    const struct troth_web_options *options = &call->web->options;
    const size_t len = call->wanted;

    call->phase = TROTH_WEB_SERVED;
    call->keeps_open = request->keeps_open;
    call->is_head = troth_span_is_text(request->method, "HEAD");
    call->is_begun = call->is_told = false;
    call->wanted = 0;
    (void)event_del(call->timer);
    options->serve(options->state, call, request,
                   troth_span_slice(bytes, request->head_len, len));
    (void)evbuffer_drain(bufferevent_get_input(call->stream), len);
}

/* Take a whole request out of what has come, if there is one, and have it served. */
static bool take_request(struct troth_web_call *call)
{
    struct troth_http_request request;
    enum troth_http_status status;
    struct troth_span bytes;
    const char *field;

    if (come(call) < call->wanted)
        return false;
    do
        status = look(call, &request, &bytes, &field);
    while (status == TROTH_HTTP_OK && bytes.len < call->wanted &&
           come(call) >= call->wanted);
    if (status == TROTH_HTTP_NEED_MORE)
        return false;
    if (status != TROTH_HTTP_OK) {
        refuse(call, status, field);
        return false;
    }
    if (bytes.len < call->wanted) {
        await_body(call, &request);
        return false;
    }
    serve(call, &request, bytes);
    return true;
}

/* The next request waits until the answer before it is gone: who does not read fills no
 * memory here. A word to continue is no answer. */
static bool is_ready(const struct troth_web_call *call)
{
    return call->phase == TROTH_WEB_READING && come(call) > 0 &&
           (call->is_told || !has_output(call));
}

/* May free the call. */
static void read_on(struct troth_web_call *call)
{
    while (is_ready(call)) {
        if (!call->is_begun)
            set_timer(call, call->web->request_ms);
        call->is_begun = true;
        if (!take_request(call))
            break;
    }
    if (call->phase == TROTH_WEB_READING && call->is_ended && !has_output(call))
        troth_web_call_free(call);
}

static void on_read(struct bufferevent *stream, void *given)
{
    struct troth_web_call *call = given;

    if (call->phase == TROTH_WEB_READING)
        read_on(call);
    else if (call->phase != TROTH_WEB_SERVED)
        (void)evbuffer_drain(bufferevent_get_input(stream), SIZE_MAX);
}

/* What has come and is not wanted is read all the same: closing on it would take the
 * answer from the other side, too. */
static void linger(struct troth_web_call *call)
{
    call->phase = TROTH_WEB_LINGERING;
    (void)shutdown(bufferevent_getfd(call->stream), SHUT_WR);
    (void)evbuffer_drain(bufferevent_get_input(call->stream), SIZE_MAX);
    set_timer(call, call->web->linger_ms);
}

/* Everything was handed to the system. */
static void on_written(struct bufferevent *stream, void *given)
{
    struct troth_web_call *call = given;

    (void)stream;
    if (call->phase == TROTH_WEB_READING)
        read_on(call);
    else if (call->phase == TROTH_WEB_SENDING && !has_output(call)) {
        if (call->is_ended)
            troth_web_call_free(call);
        else
            linger(call);
    }
}

/* Who has only closed its own side still reads the answers it waits for. */
static void on_event(struct bufferevent *stream, short what, void *given)
{
    struct troth_web_call *call = given;

    if (!(what & BEV_EVENT_EOF) || (what & BEV_EVENT_WRITING) ||
        call->phase == TROTH_WEB_LINGERING) {
        troth_web_call_free(call);
        return;
    }
    call->is_ended = true;
    (void)bufferevent_disable(stream, EV_READ);
    if (call->phase == TROTH_WEB_READING)
        read_on(call);
}

static void on_time(int unused, short what, void *given)
{
    struct troth_web_call *call = given;

    (void)unused;
    (void)what;
    if (call->phase == TROTH_WEB_READING && call->is_begun)
        refuse(call, 408, "slowness");
    else
        troth_web_call_free(call);
}

/* ---- answering ---- */

void troth_web_call_answered(struct troth_web_call *call)
{
    call->forget = NULL;
    call->phase = call->keeps_open ? TROTH_WEB_READING : TROTH_WEB_SENDING;
    set_timer(call, call->web->answer_ms + (long)(left(call) / TROTH_WEB_RATE));
}

void troth_web_wait(struct troth_web_call *call, void *waiting,
                    void (*forget)(void *waiting))
{
    call->waiting = waiting;
    call->forget = forget;
}

/* ---- its life ---- */

static bool start(struct troth_web_call *call, int descriptor)
{
    const struct timeval most = {TROTH_WEB_REQUEST_S, 0};
    const struct troth_web_options *options = &call->web->options;

    call->stream = bufferevent_socket_new(options->base, descriptor,
                                          BEV_OPT_CLOSE_ON_FREE);
    call->timer = event_new(options->base, -1, 0, on_time, call);
    if (!call->stream || !call->timer)
        return false;
    bufferevent_setcb(call->stream, on_read, on_written, on_event, call);
    bufferevent_setwatermark(call->stream, EV_READ, 0,
                             TROTH_HTTP_HEAD_MAX + options->body_max);
    (void)bufferevent_set_timeouts(call->stream, NULL, &most);
    set_timer(call, call->web->answer_ms);
    return bufferevent_enable(call->stream, EV_READ | EV_WRITE) == 0;
}

bool troth_web_call_start(struct troth_web *web, int descriptor)
{
    struct troth_web_call *call = calloc(1, sizeof *call);

    if (!call) {
        (void)close(descriptor);
        return false;
    }
    call->web = web;
    call->next = web->calls;
    if (web->calls)
        web->calls->before = call;
    web->calls = call;
    web->count++;
    if (start(call, descriptor))
        return true;
    if (!call->stream)
        (void)close(descriptor);
    troth_web_call_free(call);
    return false;
}
