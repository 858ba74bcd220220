/* SPDX-License-Identifier: Apache-2.0 */
#include "service/outbound/session.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/types.h>
#include <unistd.h>

#include "base/span.h"
#include "codec/client_hello.h"
#include "os/clock.h"
#include "service/outbound/answer.h"

enum { LINGER_MS = 2000, LINGER_BYTES = 256 * 1024 };

/* The head of a request is no longer than a hello. */
enum { EARLY_MAX = TROTH_CLIENT_HELLO_MAX };

static const char let_through[] = "HTTP/1.1 200 Connection established\r\n\r\n";

/* ---- waiting ---- */

static void watch(struct event *event, short *present, int descriptor, short wanted)
{
    if (*present == wanted)
        return;
    (void)event_del(event);
    *present = wanted;
    if (!wanted)
        return;
    (void)event_assign(event, event_get_base(event), descriptor,
                       (short)(wanted | EV_PERSIST), event_get_callback(event),
                       event_get_callback_arg(event));
    (void)event_add(event, NULL);
}

void troth_way_wait(struct troth_way *way, short inside_for, short outside_for)
{
    watch(&way->inside_event, &way->inside_for, way->inside, inside_for);
    watch(&way->outside_event, &way->outside_for, way->outside, outside_for);
}

void troth_way_set_timer(struct troth_way *way, int64_t ms)
{
    const struct timeval later = {(time_t)(ms / 1000), (suseconds_t)(ms % 1000 * 1000)};

    (void)event_add(&way->timer, &later);
}

int64_t troth_way_left_ms(const struct troth_way *way)
{
    const int64_t due_ms = way->begun_ms + way->outbound->options.timeout_s * 1000;
    const int64_t left_ms = due_ms - troth_clock_monotonic_ms();

    return left_ms > 0 ? left_ms : 0;
}

/* ---- its end ---- */

/* All but the client's side. */
static void leave_outside(struct troth_way *way)
{
    troth_way_wait(way, 0, 0);
    if (way->lookup)
        troth_lookup_forget(way->lookup);
    way->lookup = NULL;
    if (way->outside >= 0)
        (void)close(way->outside);
    way->outside = -1;
    free(way->early);
    way->early = NULL;
}

void troth_way_close(struct troth_way *way)
{
    leave_outside(way);
    (void)event_del(&way->timer);
    (void)close(way->inside);
    troth_flow_release(&way->outward);
    troth_flow_release(&way->inward);
    troth_outbound_forget(way);
}

/* Something is missing that one side sent: neither is to take this for an orderly end. */
static void cut(struct troth_way *way)
{
    const struct linger at_once = {.l_onoff = 1, .l_linger = 0};

    (void)setsockopt(way->inside, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    (void)setsockopt(way->outside, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    troth_way_close(way);
}

/* Nothing was sent before it, so there is room for all of it. */
static bool send_all(const struct troth_way *way, struct troth_span bytes)
{
    return send(way->inside, bytes.ptr, bytes.len, MSG_NOSIGNAL) == (ssize_t)bytes.len;
}

void troth_way_refuse(struct troth_way *way, unsigned status, const char *why)
{
    uint8_t answer[TROTH_ANSWER_MAX];
    struct troth_writer w = troth_writer_over(answer, sizeof answer);

    troth_outbound_say(way->outbound, way, status >= 500 ? "failed" : "refused", why);
    if (!way->is_let_through)
        troth_answer_http(&w, status, way->asked.name.text, why);
    else if (way->speaks_tls)
        troth_answer_tls(&w, status);
    leave_outside(way);
    (void)send_all(way, troth_writer_span(&w));
    (void)shutdown(way->inside, SHUT_WR);
    /* What has come and is not wanted is read all the same: closing on it would take the
     * answer from the client, too. */
    way->phase = TROTH_WAY_LINGERING;
    troth_way_set_timer(way, LINGER_MS);
    troth_way_wait(way, EV_READ, 0);
}

static void linger(struct troth_way *way)
{
    const ssize_t got = recv(way->inside, way->outbound->room, TROTH_FLOW_PIECE, 0);

    if (got < 0 && (errno == EAGAIN || errno == EINTR))
        return;
    if (got > 0)
        way->lingered += (size_t)got;
    if (got <= 0 || way->lingered > LINGER_BYTES)
        troth_way_close(way);
}

/* ---- data ---- */

static void pump(struct troth_way *way, bool is_outward, bool is_inward)
{
    uint8_t *room = way->outbound->room;
    size_t out = 0, in = 0;

    if ((is_outward &&
         !troth_flow_move(&way->outward, &out, way->inside, way->outside, room)) ||
        (is_inward &&
         !troth_flow_move(&way->inward, &in, way->outside, way->inside, room))) {
        cut(way);
        return;
    }
    if (way->outward.is_told && way->inward.is_told) {
        troth_way_close(way);
        return;
    }
    if (out + in > 0)
        way->touched_ms = troth_clock_monotonic_ms();
    troth_way_wait(way,
                   (short)((troth_flow_wants_from(&way->outward) ? EV_READ : 0) |
                           (troth_flow_wants_to(&way->inward) ? EV_WRITE : 0)),
                   (short)((troth_flow_wants_from(&way->inward) ? EV_READ : 0) |
                           (troth_flow_wants_to(&way->outward) ? EV_WRITE : 0)));
}

/* Who is gone without a word is found out some day. */
static void keep_alive(int descriptor)
{
    const int one = 1;

    (void)setsockopt(descriptor, SOL_SOCKET, SO_KEEPALIVE, &one, sizeof one);
}

void troth_way_connected(struct troth_way *way)
{
    troth_way_wait(way, 0, 0);
    if (!way->is_let_through && !send_all(way, troth_span_of_text(let_through))) {
        cut(way);
        return;
    }
    way->is_let_through = true;
    keep_alive(way->outside);
    troth_flow_take(&way->outward, way->early, way->early_len);
    way->early = NULL;
    way->phase = TROTH_WAY_PIPING;
    way->touched_ms = troth_clock_monotonic_ms();
    troth_way_set_timer(way, (int64_t)TROTH_OUTBOUND_IDLE_S * 1000);
    pump(way, true, true);
}

/* ---- what the client asks for ---- */

static const char *why_hello(enum troth_err err)
{
    static const struct {
        enum troth_err err;
        const char *why;
    } rows[] = {
        {TROTH_ERR_TYPE, "what it sends is no TLS"},
        {TROTH_ERR_MISSING, "its TLS hello says no name"},
        {TROTH_ERR_DUPLICATE, "its TLS hello says something twice"},
        {TROTH_ERR_UNSUPPORTED, "its TLS hello hides a name (ECH)"},
        {TROTH_ERR_LIMIT, "its TLS hello is too long"},
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (rows[i].err == err)
            return rows[i].why;
    return "its TLS hello is malformed";
}

static void take_hello(struct troth_way *way)
{
    struct troth_span name;
    const enum troth_err err = troth_client_hello_parse(
        &name, NULL, way->outbound->room,
        (struct troth_span){way->early, way->early_len});

    if (err == TROTH_ERR_SHORT)
        return;
    way->speaks_tls = err != TROTH_ERR_TYPE;
    if (err)
        troth_way_refuse(way, 403, why_hello(err));
    else if (!troth_host_name_is(&way->asked.name, name))
        troth_way_refuse(way, 403, "its TLS hello asks for another name");
    else
        troth_way_reach(way);
}

static void take_head(struct troth_way *way)
{
    const unsigned status = troth_connect_parse(
        &way->asked, way->outbound->options.allow,
        (struct troth_span){way->early, way->early_len});

    if (status == 0)
        return;
    if (status != 200) {
        troth_way_refuse(way, status, way->asked.why);
        return;
    }
    way->early_len -= way->asked.head_len;
    memmove(way->early, way->early + way->asked.head_len, way->early_len);
    if (way->asked.row->is_plain) {
        troth_way_reach(way);
        return;
    }
    /* Only to one that believes it is connected a TLS client says hello. */
    if (!send_all(way, troth_span_of_text(let_through))) {
        troth_way_close(way);
        return;
    }
    way->is_let_through = true;
    way->phase = TROTH_WAY_HELLO;
    take_hello(way);
}

static void take_early(struct troth_way *way)
{
    const ssize_t got = recv(way->inside, way->early + way->early_len,
                             EARLY_MAX - way->early_len, 0);

    if (got < 0 && (errno == EAGAIN || errno == EINTR))
        return;
    if (got <= 0) {
        troth_way_close(way);
        return;
    }
    way->early_len += (size_t)got;
    if (way->phase == TROTH_WAY_HEAD)
        take_head(way);
    else
        take_hello(way);
}

/* ---- events ---- */

static void on_inside(int descriptor, short what, void *given)
{
    struct troth_way *way = given;

    (void)descriptor;
    switch (way->phase) {
    case TROTH_WAY_HEAD:
    case TROTH_WAY_HELLO:
        take_early(way);
        return;
    case TROTH_WAY_PIPING:
        pump(way, what & EV_READ, what & EV_WRITE);
        return;
    case TROTH_WAY_LINGERING:
        linger(way);
        return;
    case TROTH_WAY_LOOKING: /* nothing is waited for inside */
    case TROTH_WAY_CONNECTING:
        return;
    }
}

static void on_outside(int descriptor, short what, void *given)
{
    struct troth_way *way = given;

    (void)descriptor;
    if (way->phase == TROTH_WAY_CONNECTING)
        troth_way_reached(way, 0);
    else
        pump(way, what & EV_WRITE, what & EV_READ);
}

static void look_for_silence(struct troth_way *way)
{
    const int64_t due_ms = way->touched_ms + (int64_t)TROTH_OUTBOUND_IDLE_S * 1000;
    const int64_t left_ms = due_ms - troth_clock_monotonic_ms();

    if (left_ms > 0)
        troth_way_set_timer(way, left_ms);
    else
        cut(way);
}

static void on_time(int unused, short what, void *given)
{
    struct troth_way *way = given;

    (void)unused;
    (void)what;
    switch (way->phase) {
    case TROTH_WAY_HEAD:
        troth_way_refuse(way, 408, "no request came in time");
        return;
    case TROTH_WAY_HELLO:
        troth_way_refuse(way, 408, "no TLS hello came in time");
        return;
    case TROTH_WAY_LOOKING:
        troth_way_refuse(way, 504, "cannot be looked up: no answer in time");
        return;
    case TROTH_WAY_CONNECTING:
        troth_way_reached(way, ETIMEDOUT);
        return;
    case TROTH_WAY_PIPING:
        look_for_silence(way);
        return;
    case TROTH_WAY_LINGERING:
        troth_way_close(way);
        return;
    }
}

bool troth_way_open(struct troth_outbound *outbound, int descriptor)
{
    struct event_base *base = outbound->options.base;
    struct troth_way *way = calloc(1, sizeof *way);

    if (way)
        way->early = malloc(EARLY_MAX);
    if (!way || !way->early || !troth_address_settle(descriptor)) {
        if (way)
            free(way->early);
        free(way);
        (void)close(descriptor);
        return false;
    }
    way->outbound = outbound;
    way->inside = descriptor;
    way->outside = -1;
    way->begun_ms = troth_clock_monotonic_ms();
    (void)event_assign(&way->inside_event, base, -1, 0, on_inside, way);
    (void)event_assign(&way->outside_event, base, -1, 0, on_outside, way);
    (void)evtimer_assign(&way->timer, base, on_time, way);
    way->next = outbound->first;
    if (way->next)
        way->next->before = way;
    outbound->first = way;
    outbound->count++;
    troth_way_set_timer(way, outbound->options.timeout_s * 1000);
    troth_way_wait(way, EV_READ, 0);
    return true;
}
