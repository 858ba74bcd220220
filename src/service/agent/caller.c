/* SPDX-License-Identifier: Apache-2.0 */
#include "service/agent/caller.h"

#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/event.h>
#include <stdlib.h>
#include <sys/socket.h>

static void set_timer(struct troth_caller *caller, time_t seconds)
{
    const struct timeval later = {seconds, 0};

    (void)event_add(caller->timer, &later);
}

/* Nobody will read the answer. */
static void forget(struct troth_caller *caller)
{
    if (caller->forget)
        caller->forget(caller->waiting);
    caller->forget = NULL;
}

void troth_caller_free(struct troth_caller *caller)
{
    struct troth_door *door = caller->door;

    forget(caller);
    if (caller->before)
        caller->before->next = caller->next;
    else
        door->callers = caller->next;
    if (caller->next)
        caller->next->before = caller->before;
    if (caller->is_guest)
        door->guests--;
    else
        door->count--;
    if (caller->timer)
        event_free(caller->timer);
    if (caller->stream)
        bufferevent_free(caller->stream);
    free(caller);
}

/* ---- answers ---- */

static void write_head(struct troth_writer *w, const struct troth_json_page *page,
                       bool keeps_open)
{
    troth_write_text(w, "HTTP/1.1 ");
    troth_write_decimal(w, page->status);
    troth_write_text(w, " ");
    troth_write_text(w, troth_http_reason(page->status));
    troth_write_text(w, "\r\nContent-Type: application/json\r\nContent-Length: ");
    troth_write_decimal(w, page->body.len);
    troth_write_text(w, "\r\nCache-Control: no-store\r\n");
    if (page->allow) {
        troth_write_text(w, "Allow: ");
        troth_write_text(w, page->allow);
        troth_write_text(w, "\r\n");
    }
    troth_write_text(w, keeps_open ? "\r\n" : "Connection: close\r\n\r\n");
}

static void send_page(struct troth_caller *caller, const struct troth_json_page *page)
{
    uint8_t head[512];
    struct troth_writer w = troth_writer_over(head, sizeof head);

    write_head(&w, page, caller->keeps_open);
    (void)bufferevent_write(caller->stream, head, w.len);
    (void)bufferevent_write(caller->stream, page->body.ptr, page->body.len);
}

/* Refused at the door, or in the middle of a request: the answer is the last one. */
void troth_caller_refuse(struct troth_caller *caller, unsigned status, const char *field)
{
    const struct troth_door_options *options = &caller->door->options;

    caller->phase = TROTH_CALLER_SERVED;
    caller->keeps_open = false;
    options->refuse(options->state, caller, status, field);
}

/* ---- requests ---- */

/* Take a whole request out of what has come, if there is one, and have it served. */
static bool take_request(struct troth_caller *caller)
{
    const struct troth_door_options *options = &caller->door->options;
    struct evbuffer *input = bufferevent_get_input(caller->stream);
    size_t len = evbuffer_get_length(input);
    const struct troth_span bytes = {evbuffer_pullup(input, -1), len};
    struct troth_http_request request;
    const char *field;
    const enum troth_http_status status = troth_http_parse(&request, &field, bytes);

    if (status == TROTH_HTTP_NEED_MORE)
        return false;
    if (status != TROTH_HTTP_OK) {
        troth_caller_refuse(caller, status, field);
        return false;
    }
    if (len - request.head_len < request.body_len) {
        if (request.wants_continue && !caller->is_told)
            (void)bufferevent_write(caller->stream, "HTTP/1.1 100 Continue\r\n\r\n", 25);
        caller->is_told = true;
        return false;
    }
    caller->phase = TROTH_CALLER_SERVED;
    caller->keeps_open = request.keeps_open;
    caller->is_begun = caller->is_told = false;
    (void)event_del(caller->timer);
    options->serve(options->state, caller, &request,
                   (struct troth_span){bytes.ptr + request.head_len, request.body_len});
    (void)evbuffer_drain(input, request.head_len + request.body_len);
    return true;
}

/* The next request waits until the answer before it is gone: who does not read fills no
 * memory here. */
static bool is_ready(const struct troth_caller *caller)
{
    return caller->phase == TROTH_CALLER_READING &&
           evbuffer_get_length(bufferevent_get_input(caller->stream)) > 0 &&
           evbuffer_get_length(bufferevent_get_output(caller->stream)) == 0;
}

static void read_on(struct troth_caller *caller)
{
    while (is_ready(caller)) {
        if (!caller->is_begun)
            set_timer(caller, TROTH_DOOR_REQUEST_S);
        caller->is_begun = true;
        if (!take_request(caller))
            return;
    }
}

static void on_read(struct bufferevent *stream, void *given)
{
    struct troth_caller *caller = given;

    if (caller->phase == TROTH_CALLER_READING)
        read_on(caller);
    else if (caller->phase != TROTH_CALLER_SERVED)
        (void)evbuffer_drain(bufferevent_get_input(stream), SIZE_MAX);
}

/* Everything was handed to the system. */
static void on_written(struct bufferevent *stream, void *given)
{
    struct troth_caller *caller = given;

    if (caller->phase == TROTH_CALLER_READING)
        read_on(caller);
    if (caller->phase != TROTH_CALLER_SENDING ||
        evbuffer_get_length(bufferevent_get_output(stream)))
        return;
    if (caller->is_ended) {
        troth_caller_free(caller);
        return;
    }
    /* What has come and is not wanted is read all the same: closing on it would take the
     * answer from the other side, too. */
    caller->phase = TROTH_CALLER_LINGERING;
    (void)shutdown(bufferevent_getfd(stream), SHUT_WR);
    (void)evbuffer_drain(bufferevent_get_input(stream), SIZE_MAX);
    set_timer(caller, TROTH_DOOR_LINGER_S);
}

/* Who has only closed its own side still reads the answer it waits for. */
static void on_event(struct bufferevent *stream, short what, void *given)
{
    struct troth_caller *caller = given;
    const bool has_output = evbuffer_get_length(bufferevent_get_output(stream)) > 0;

    if (!(what & BEV_EVENT_EOF) || caller->phase == TROTH_CALLER_LINGERING ||
        (caller->phase == TROTH_CALLER_READING && !has_output)) {
        troth_caller_free(caller);
        return;
    }
    caller->is_ended = true;
    caller->keeps_open = false;
    (void)bufferevent_disable(stream, EV_READ);
    if (caller->phase == TROTH_CALLER_READING)
        caller->phase = TROTH_CALLER_SENDING;
}

static void on_time(int unused, short what, void *given)
{
    struct troth_caller *caller = given;

    (void)unused;
    (void)what;
    if (caller->phase == TROTH_CALLER_READING && caller->is_begun)
        troth_caller_refuse(caller, 408, "request");
    else
        troth_caller_free(caller);
}

/* ---- answering ---- */

void troth_caller_answer(struct troth_caller *caller, const struct troth_json_page *page)
{
    caller->forget = NULL;
    send_page(caller, page);
    caller->phase = caller->keeps_open ? TROTH_CALLER_READING : TROTH_CALLER_SENDING;
    set_timer(caller, caller->keeps_open ? TROTH_DOOR_IDLE_S : TROTH_DOOR_REQUEST_S);
}

void troth_caller_wait(struct troth_caller *caller, void *waiting,
                       void (*forget_waiting)(void *waiting))
{
    caller->waiting = waiting;
    caller->forget = forget_waiting;
}

/* ---- its life ---- */

struct troth_caller *troth_caller_create(struct troth_door *door, bool is_guest)
{
    struct troth_caller *caller = calloc(1, sizeof *caller);

    if (!caller)
        return NULL;
    caller->door = door;
    caller->next = door->callers;
    if (door->callers)
        door->callers->before = caller;
    door->callers = caller;
    caller->is_guest = is_guest;
    if (is_guest)
        door->guests++;
    else
        door->count++;
    return caller;
}

bool troth_caller_start(struct troth_caller *caller, int descriptor)
{
    const struct timeval most = {TROTH_DOOR_REQUEST_S, 0};

    caller->stream = bufferevent_socket_new(caller->door->options.base, descriptor,
                                            BEV_OPT_CLOSE_ON_FREE);
    caller->timer = event_new(caller->door->options.base, -1, 0, on_time, caller);
    if (!caller->stream || !caller->timer)
        return false;
    bufferevent_setcb(caller->stream, on_read, on_written, on_event, caller);
    bufferevent_setwatermark(caller->stream, EV_READ, 0,
                             TROTH_HTTP_HEAD_MAX + TROTH_HTTP_REQUEST_BODY_MAX);
    (void)bufferevent_set_timeouts(caller->stream, NULL, &most);
    set_timer(caller, TROTH_DOOR_IDLE_S);
    return bufferevent_enable(caller->stream, EV_READ | EV_WRITE) == 0;
}
