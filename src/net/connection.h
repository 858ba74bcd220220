/*
 * connection.h - one attested connection from the inside, and ways to move its data
 * without copying it.
 *
 * Buffers live only while something is in them: an idle open connection is OpenSSL's
 * session, the channel and this.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_NET_CONNECTION_H
#define TROTH_NET_CONNECTION_H

#include "net/tls.h"

/* Bytes between `start` and `end` of `bytes`, which has room for `room`. */
struct troth_wire_buffer {
    uint8_t *bytes;
    size_t room, start, end;
};

struct troth_connection {
    struct troth_tls *tls;
    SSL *session;
    struct troth_socket socket;
    enum troth_connection_phase phase;
    bool has_channel; /* TLS is established, and as it has to be */
    bool is_broken;   /* nothing can be sent any more */
    bool is_ended, is_peer_ended;
    unsigned blocked; /* what the last call of OpenSSL waits for, if it does */
    /* The same of the last that read, and that wrote: TLS's own messages may have to be
     * written before more is read, and the other way round. */
    unsigned read_waits, write_waits;
    enum troth_channel_reason failure; /* of the last call of OpenSSL, if it was one */
    const char *complaint;             /* static */

    struct troth_channel channel;
    enum troth_level asks;
    bool gives[TROTH_LEVEL_COUNT];
    int64_t max_age_s, open_by_s;
    uint8_t peer[32];
    uint64_t generation; /* of the tools, when the peer was last judged */

    /* What the channel asked the caller for, until its answer is given to it. */
    enum troth_channel_action_type awaits; /* WAIT: nothing */
    bool is_answered;
    struct troth_channel_event answer;
    struct troth_proof_request request;
    struct troth_proof proof;
    const struct troth_needs *needs;
    uint8_t to_sign[TROTH_BINDING_SIZE], signature[64];
    size_t to_sign_len;

    struct troth_wire_buffer incoming, outgoing;
    size_t frame_len; /* of the frame that `incoming` starts with */
    bool holds_frame; /* which the channel is looking at, or data is taken from */
    size_t trying;    /* bytes of the write that OpenSSL wants to be repeated */
    struct troth_span arrived; /* of that frame: data that nobody has taken yet */
    struct troth_span kept;    /* owned */

    const struct troth_standing *standing; /* in the channel; NULL until open */
    enum troth_channel_reason reason, peer_reason;
    char detail[160];
    struct troth_connection_check *check; /* owned */
};

/* ---- connection_wire.c: frames through TLS ---- */

/* True once TLS is established; on failure the connection is closed. */
bool troth_wire_handshake(struct troth_connection *connection);

/* A whole frame, or as much of its head as shows that it is none. False: there is none
 * now, or the connection is closed. The frame stays until …_drop(). */
bool troth_wire_receive(struct troth_connection *connection, struct troth_span *out);
void troth_wire_drop(struct troth_connection *connection);

/* At once as far as the socket takes it, the rest is kept. False: closed. */
bool troth_wire_send(struct troth_connection *connection, struct troth_span bytes);
bool troth_wire_flush(struct troth_connection *connection);

/* No way on. Whatever is unsent gets one more try, and TLS is ended. `detail` may be
 * NULL; the first reason stays. */
void troth_wire_close(struct troth_connection *connection,
                      enum troth_channel_reason reason, const char *detail);

void troth_wire_forget(struct troth_wire_buffer *buffer);

/* ---- connection_drive.c: the channel's actions ---- */

/* False: the connection is closed. */
bool troth_drive_begin(struct troth_connection *connection,
                       const struct troth_channel_tools *tools);

/* Give the channel an event, and do what it says until it waits. */
void troth_drive(struct troth_connection *connection,
                 const struct troth_channel_tools *tools,
                 const struct troth_channel_event *event);

/* ---- connection_check.c ---- */

/* What in a result that is no acceptance decided; without memory for it, nothing did. */
void troth_connection_keep_check(struct troth_connection *connection,
                                 const struct troth_result *result);

/* ---- data without copies; connection_data.c ---- */

/* What has arrived of the peer's data and is not taken yet; reads a frame if nothing is
 * there. Empty: wait, or troth_connection_has_peer_ended(), or it is CLOSED. */
struct troth_span troth_connection_arrived(struct troth_connection *connection,
                                           const struct troth_channel_tools *tools,
                                           int64_t now_s);
void troth_connection_took(struct troth_connection *connection, size_t len);
bool troth_connection_has_peer_ended(const struct troth_connection *connection);
/* Nothing more has come yet, as far as can be told without asking the system. */
bool troth_connection_is_drained(const struct troth_connection *connection);

/* Room for TROTH_DATA_MAX bytes to be sent; NULL where the socket has to be waited for,
 * the connection is not OPEN or was ended, or memory runs out (then it is CLOSED). Either
 * …_put() or …_put_back() follows. */
uint8_t *troth_connection_room(struct troth_connection *connection);
/* Send `len` bytes of that room, at least one. */
void troth_connection_put(struct troth_connection *connection, size_t len);
void troth_connection_put_back(struct troth_connection *connection);

#endif
