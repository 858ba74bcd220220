/* SPDX-License-Identifier: Apache-2.0 */
#include "service/dial.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

#include "net/connection.h"
#include "os/clock.h"

/* A clock that is set forward is noticed after so long. */
enum { LOOK_AGAIN_S = 60 };

/* The waiter comes first, so that it leads back here. */
struct asking {
    struct troth_proof_waiter waiter;
    struct troth_dial *dial;
    struct troth_span key;
};

static int64_t now_s(const struct troth_dial *dial)
{
    return dial->now_s ? dial->now_s(dial->state) : troth_clock_now_s();
}

static void sign(struct troth_dial *dial, struct troth_span key)
{
    uint8_t signature[64];
    struct troth_span binding = troth_connection_to_sign(dial->connection);
    enum troth_err err = dial->source->sign(dial->source->state, signature, TROTH_CLIENT,
                                            key, binding);

    troth_connection_signed(dial->connection,
                            (struct troth_span){signature, err ? 0 : sizeof signature});
}

/* The proof lives until this returns: it is sent, or copied, by then. */
static void take_proof(struct troth_proof_waiter *waiter, const struct troth_proof *proof,
                       enum troth_channel_reason reason)
{
    struct asking *asking = (struct asking *)(void *)waiter;
    struct troth_dial *dial = asking->dial;

    troth_connection_prove(dial->connection, proof, reason);
    (void)troth_connection_step(dial->connection, dial->tools, now_s(dial));
    if (proof && troth_connection_wants(dial->connection) & TROTH_WANT_SIGNATURE) {
        sign(dial, proof->key);
        (void)troth_connection_step(dial->connection, dial->tools, now_s(dial));
    }
}

static void ask(struct troth_dial *dial)
{
    static const struct troth_span peer = {(const uint8_t *)"server", 6};
    struct asking asking = {.waiter.answer = take_proof, .dial = dial};

    if (!dial->source) {
        troth_connection_prove(dial->connection, NULL, TROTH_REASON_CANNOT);
        return;
    }
    dial->source->ask(dial->source->state, &asking.waiter,
                      troth_connection_request(dial->connection), peer);
    /* One that owes the answer is told that nobody waits. */
    if (troth_connection_wants(dial->connection) & TROTH_WANT_PROOF) {
        dial->source->forget(dial->source->state, &asking.waiter);
        troth_connection_prove(dial->connection, NULL, TROTH_REASON_CANNOT);
    }
}

static void look(struct troth_dial *dial)
{
    if (dial->look)
        dial->look(dial->state, troth_connection_needs(dial->connection));
    troth_connection_looked(dial->connection);
}

/* Until the connection wants only its socket. */
static enum troth_connection_phase settle(struct troth_dial *dial)
{
    for (;;) {
        enum troth_connection_phase phase = troth_connection_step(
            dial->connection, dial->tools, now_s(dial));
        unsigned wants = troth_connection_wants(dial->connection);

        if (wants & TROTH_WANT_PROOF)
            ask(dial);
        else if (wants & TROTH_WANT_COLLATERAL)
            look(dial);
        else
            return phase;
    }
}

static int patience_ms(const struct troth_dial *dial)
{
    int64_t left_s = troth_connection_due_s(dial->connection) - now_s(dial);

    if (left_s > LOOK_AGAIN_S)
        left_s = LOOK_AGAIN_S;
    return left_s <= 0 ? 1000 : (int)left_s * 1000;
}

static short socket_events(const struct troth_dial *dial)
{
    unsigned wants = troth_connection_wants(dial->connection);

    return (short)((wants & TROTH_WANT_READ ? POLLIN : 0) |
                   (wants & TROTH_WANT_WRITE ? POLLOUT : 0));
}

bool troth_dial_open(struct troth_dial *dial)
{
    for (;;) {
        struct pollfd ready = {.fd = dial->socket};

        switch (settle(dial)) {
        case TROTH_CONNECTION_OPEN:
            return true;
        case TROTH_CONNECTION_CLOSED:
            return false;
        case TROTH_CONNECTION_HANDSHAKE:
            ready.events = socket_events(dial);
            (void)poll(&ready, 1, patience_ms(dial));
        }
    }
}

/* ---- data ---- */

struct flow {
    struct troth_dial *dial;
    int in, out;
    bool is_in_ready, is_in_over;
    bool is_out_ready; /* it takes PIPE_BUF bytes without waiting */
    bool is_out_over;  /* there is no more for it */
};

static void look_for_end(struct flow *flow)
{
    const struct troth_dial *dial = flow->dial;

    if (flow->is_out_over || !troth_connection_has_peer_ended(dial->connection))
        return;
    flow->is_out_over = true;
    if (dial->heard)
        dial->heard(dial->state);
}

/* No more at a time than a pipe that is ready is sure to take. */
static void move_to_out(struct flow *flow)
{
    struct troth_connection *connection = flow->dial->connection;
    struct troth_span arrived = troth_connection_arrived(connection, flow->dial->tools,
                                                         now_s(flow->dial));

    if (arrived.len == 0 || !flow->is_out_ready)
        return;

    ssize_t wrote = write(flow->out, arrived.ptr,
                          arrived.len < PIPE_BUF ? arrived.len : PIPE_BUF);

    flow->is_out_ready = false;
    if (wrote >= 0)
        troth_connection_took(connection, (size_t)wrote);
    else if (errno != EAGAIN && errno != EINTR)
        troth_connection_refuse(connection, TROTH_REASON_CLOSED);
}

static void move_from_in(struct flow *flow)
{
    struct troth_connection *connection = flow->dial->connection;
    uint8_t *room = flow->is_in_ready ? troth_connection_room(connection) : NULL;

    if (!room)
        return;

    ssize_t got = read(flow->in, room, TROTH_DATA_MAX);

    flow->is_in_ready = false;
    if (got > 0) {
        troth_connection_put(connection, (size_t)got);
        return;
    }
    troth_connection_put_back(connection);
    if (got < 0 && (errno == EAGAIN || errno == EINTR))
        return;
    flow->is_in_over = true;
    troth_connection_end(connection);
}

/* Where nothing is wanted of a descriptor, poll() is not asked about it. */
static void wait_for_any(struct flow *flow)
{
    const struct troth_connection *connection = flow->dial->connection;
    const bool has_arrived = connection->arrived.len > 0;
    const short events = socket_events(flow->dial);
    struct pollfd ready[] = {
        {.fd = events ? flow->dial->socket : -1, .events = events},
        {.fd = flow->is_in_over || events & POLLOUT ? -1 : flow->in, .events = POLLIN},
        {.fd = has_arrived ? flow->out : -1, .events = POLLOUT},
    };

    if (poll(ready, 3, patience_ms(flow->dial)) <= 0)
        return;
    flow->is_in_ready = ready[1].revents != 0;
    flow->is_out_ready = ready[2].revents != 0;
}

bool troth_dial_pipe(struct troth_dial *dial, int in, int out)
{
    struct flow flow = {.dial = dial, .in = in, .out = out};

    while (settle(dial) != TROTH_CONNECTION_CLOSED) {
        move_to_out(&flow);
        look_for_end(&flow);
        move_from_in(&flow);
        if (settle(dial) != TROTH_CONNECTION_CLOSED)
            wait_for_any(&flow);
    }
    return troth_connection_reason(dial->connection, NULL) == TROTH_REASON_NONE;
}
