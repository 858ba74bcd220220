/* SPDX-License-Identifier: Apache-2.0 */
#include "net/connection.h"

#include <stdlib.h>
#include <string.h>

#include "base/span.h"
#include "channel/frame.h"

enum troth_err troth_connection_create(struct troth_connection **out, int descriptor,
                                       const struct troth_connection_options *options)
{
    *out = NULL;
    if (descriptor < 0 || !options->tls || options->asks >= TROTH_LEVEL_COUNT)
        return TROTH_ERR_VALUE;

    struct troth_connection *made = calloc(1, sizeof *made);

    if (!made)
        return TROTH_ERR_MEMORY;
    made->tls = options->tls;
    made->socket.descriptor = descriptor;
    made->phase = TROTH_CONNECTION_HANDSHAKE;
    made->blocked = TROTH_WANT_READ | TROTH_WANT_WRITE;
    made->read_waits = TROTH_WANT_READ;
    made->write_waits = TROTH_WANT_WRITE;
    made->asks = options->asks;
    memcpy(made->gives, options->gives, sizeof made->gives);
    made->max_age_s = options->max_age_s;
    made->open_by_s = options->open_by_s;
    made->session = troth_tls_session(made->tls, &made->socket);
    if (made->session && troth_tls_sha256(made->tls, made->peer, options->peer)) {
        *out = made;
        return TROTH_OK;
    }
    troth_connection_destroy(made);
    return TROTH_ERR_CRYPTO;
}

void troth_connection_destroy(struct troth_connection *connection)
{
    if (!connection)
        return;
    troth_wire_forget(&connection->incoming);
    troth_wire_forget(&connection->outgoing);
    free((void *)connection->kept.ptr);
    free(connection->check);
    SSL_free(connection->session);
    free(connection);
}

/* TLS first; its end is the channel's beginning. False: not yet, or closed. */
static bool establish(struct troth_connection *connection,
                      const struct troth_channel_tools *tools, int64_t now_s)
{
    if (connection->has_channel)
        return true;
    troth_tls_set_time(connection->session, now_s);
    if (!troth_wire_handshake(connection) || !troth_drive_begin(connection, tools))
        return false;
    troth_drive(connection, tools,
                &(struct troth_channel_event){TROTH_EVENT_GO_ON, .now_s = now_s});
    return connection->phase != TROTH_CONNECTION_CLOSED;
}

/* Answers first; then what the clock and the tools say. */
static void tell(struct troth_connection *connection,
                 const struct troth_channel_tools *tools, int64_t now_s)
{
    struct troth_channel_event event = {.now_s = now_s};
    bool is_open = connection->phase == TROTH_CONNECTION_OPEN;

    if (connection->awaits != TROTH_ACTION_WAIT) {
        if (!connection->is_answered)
            return;
        event = connection->answer;
        event.now_s = now_s;
    } else if (is_open && connection->generation != tools->generation) {
        connection->generation = tools->generation;
        event.type = TROTH_EVENT_CHANGED;
    } else if (now_s >= troth_channel_due_s(&connection->channel)) {
        event.type = TROTH_EVENT_TIME;
    } else {
        return;
    }
    connection->is_answered = false;
    troth_drive(connection, tools, &event);
}

/* Both sides have said that no more comes: nothing is lost by closing. */
static void finish(struct troth_connection *connection)
{
    if (connection->is_ended && connection->is_peer_ended &&
        connection->outgoing.start == connection->outgoing.end)
        troth_wire_close(connection, TROTH_REASON_NONE, NULL);
}

static bool may_receive(const struct troth_connection *connection)
{
    return connection->phase != TROTH_CONNECTION_CLOSED &&
           connection->awaits == TROTH_ACTION_WAIT && connection->arrived.len == 0;
}

/* Until a frame is missing, or data has arrived, or the caller is asked something. */
static void receive(struct troth_connection *connection,
                    const struct troth_channel_tools *tools, int64_t now_s)
{
    struct troth_channel_event event = {TROTH_EVENT_FRAME, .now_s = now_s};

    while (may_receive(connection) && troth_wire_receive(connection, &event.bytes)) {
        troth_drive(connection, tools, &event);
        finish(connection);
    }
}

static bool is_slow(const struct troth_connection *connection, int64_t now_s)
{
    return connection->phase == TROTH_CONNECTION_HANDSHAKE && connection->open_by_s > 0 &&
           now_s >= connection->open_by_s;
}

enum troth_connection_phase troth_connection_step(struct troth_connection *connection,
                                                  const struct troth_channel_tools *tools,
                                                  int64_t now_s)
{
    if (connection->phase == TROTH_CONNECTION_CLOSED)
        return connection->phase;
    connection->socket.allowance = TROTH_SOCKET_ALLOWANCE;
    if (is_slow(connection, now_s) && !connection->has_channel)
        troth_wire_close(connection, TROTH_REASON_SLOW, NULL);
    else if (is_slow(connection, now_s))
        troth_drive(connection, tools,
                    &(struct troth_channel_event){TROTH_EVENT_SLOW, .now_s = now_s});
    if (connection->phase == TROTH_CONNECTION_CLOSED ||
        !establish(connection, tools, now_s) || !troth_wire_flush(connection))
        return connection->phase;
    tell(connection, tools, now_s);
    finish(connection);
    receive(connection, tools, now_s);
    return connection->phase;
}

static unsigned answer_wanted(const struct troth_connection *connection)
{
    if (connection->is_answered)
        return 0;
    if (connection->awaits == TROTH_ACTION_NEED_PROOF)
        return TROTH_WANT_PROOF;
    return connection->awaits == TROTH_ACTION_NEED_SIGNATURE ? TROTH_WANT_SIGNATURE
                                                             : TROTH_WANT_COLLATERAL;
}

unsigned troth_connection_wants(const struct troth_connection *connection)
{
    unsigned wants = 0;

    if (connection->phase == TROTH_CONNECTION_CLOSED)
        return 0;
    if (!connection->has_channel)
        return connection->blocked;
    if (connection->outgoing.start < connection->outgoing.end)
        wants |= connection->write_waits;
    if (connection->awaits != TROTH_ACTION_WAIT)
        wants |= answer_wanted(connection);
    else if (connection->arrived.len == 0)
        wants |= connection->read_waits;
    return wants;
}

const struct troth_proof_request *
troth_connection_request(const struct troth_connection *connection)
{
    return connection->awaits == TROTH_ACTION_NEED_PROOF ? &connection->request : NULL;
}

static void answer(struct troth_connection *connection,
                   enum troth_channel_action_type wanted,
                   const struct troth_channel_event *event)
{
    if (connection->awaits != wanted)
        return;
    connection->answer = *event;
    connection->is_answered = true;
}

void troth_connection_prove(struct troth_connection *connection,
                            const struct troth_proof *proof,
                            enum troth_channel_reason reason)
{
    if (proof)
        connection->proof = *proof;
    answer(connection, TROTH_ACTION_NEED_PROOF,
           &(struct troth_channel_event){.type = TROTH_EVENT_PROOF,
                                         .proof = proof ? &connection->proof : NULL,
                                         .reason = reason});
}

struct troth_span troth_connection_to_sign(const struct troth_connection *connection)
{
    return (struct troth_span){connection->to_sign, connection->to_sign_len};
}

void troth_connection_signed(struct troth_connection *connection,
                             struct troth_span signature)
{
    if (signature.len > sizeof connection->signature)
        signature.len = 0;
    if (signature.len > 0)
        memcpy(connection->signature, signature.ptr, signature.len);
    answer(
        connection, TROTH_ACTION_NEED_SIGNATURE,
        &(struct troth_channel_event){.type = TROTH_EVENT_SIGNATURE,
                                      .bytes = {connection->signature, signature.len}});
}

const struct troth_needs *
troth_connection_needs(const struct troth_connection *connection)
{
    return connection->awaits == TROTH_ACTION_NEED_COLLATERAL ? connection->needs : NULL;
}

void troth_connection_looked(struct troth_connection *connection)
{
    answer(connection, TROTH_ACTION_NEED_COLLATERAL,
           &(struct troth_channel_event){.type = TROTH_EVENT_COLLATERAL});
}

void troth_connection_refuse(struct troth_connection *connection,
                             enum troth_channel_reason reason)
{
    uint8_t frame[TROTH_FRAME_HEADER + 1];
    struct troth_writer w = troth_writer_over(frame, sizeof frame);

    if (connection->phase == TROTH_CONNECTION_CLOSED)
        return;
    if (connection->has_channel) {
        troth_refuse_write(&w, reason);
        (void)troth_wire_send(connection, troth_writer_span(&w));
    }
    troth_wire_close(connection, reason, NULL);
}

const struct troth_standing *
troth_connection_standing(const struct troth_connection *connection)
{
    return connection->standing;
}

struct troth_span troth_connection_evidence(const struct troth_connection *connection)
{
    const struct troth_span kept = connection->kept;
    struct troth_proof_frame frame;

    if (!connection->standing ||
        troth_proof_parse(&frame, NULL,
                          troth_span_slice(kept, TROTH_FRAME_HEADER, kept.len)))
        return (struct troth_span){NULL, 0};
    return frame.proof.evidence;
}

enum troth_channel_reason
troth_connection_reason(const struct troth_connection *connection,
                        enum troth_channel_reason *out_peer)
{
    if (out_peer)
        *out_peer = connection->peer_reason;
    return connection->reason;
}

const char *troth_connection_detail(const struct troth_connection *connection)
{
    return connection->detail;
}

int64_t troth_connection_due_s(const struct troth_connection *connection)
{
    int64_t due_s = INT64_MAX;

    if (connection->phase == TROTH_CONNECTION_CLOSED)
        return due_s;
    if (connection->has_channel)
        due_s = troth_channel_due_s(&connection->channel);
    if (connection->phase == TROTH_CONNECTION_HANDSHAKE && connection->open_by_s > 0 &&
        connection->open_by_s < due_s)
        due_s = connection->open_by_s;
    return due_s;
}
