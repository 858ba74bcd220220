/*
 * channel_leg.h - the attacker's end of one TLS connection, and what it can do there.
 *
 * TLS is plain OpenSSL with nothing of src/net in it: any setting may be changed before
 * leg_open(). Frames are what the test makes of them; the transcript is kept as the peer
 * keeps it, so that whoever holds a key or a machine can make a proof that fits.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_TEST_CHANNEL_LEG_H
#define TROTH_TEST_CHANNEL_LEG_H

#include <openssl/ssl.h>

#include "channel/frame.h"
#include "test/support/channel_pair.h"

enum { LEG_ROOM = TROTH_FRAME_MAX + 64 * 1024 };

struct leg {
    enum troth_role role; /* that the attacker plays on it */
    struct channel_world *world;
    SSL_CTX *context;
    SSL *ssl; /* NULL before leg_open() */
    int descriptor;
    bool is_broken;    /* TLS failed, or ended */
    uint64_t records;  /* sent since the handshake */
    const char *label; /* of the exporter, as the attacker has it; may be another */
    uint8_t transcript[32];
    uint8_t challenge[TROTH_CHALLENGE_SIZE]; /* the attacker's own, as it said last */
    struct troth_hello peer; /* the peer's HELLO, if it came; its spans live on */
    uint8_t *bytes;          /* what came and was not taken yet */
    size_t len;
};

/* TLS 1.3 with the right ALPN; a server has a certificate of its own making. */
void leg_begin(struct leg *leg, struct channel_world *world, enum troth_role role);
void leg_end(struct leg *leg);

/* The private key of somebody's TLS, and its certificate: both are the attacker's now. */
void leg_steal_certificate(struct leg *leg, const SSL_CTX *victim);

/* Over a socket, which becomes the leg's. */
void leg_open(struct leg *leg, int descriptor);
/* TLS's handshake and whatever arrives, as far as it goes. */
void leg_step(struct leg *leg);

/* The next whole frame, a copy; the transcript has it then. */
bool leg_take(struct leg *leg, struct troth_span *out);
/* Both send as one TLS record, where it fits; the first adds it to the transcript as one
 * frame, the other does not. */
void leg_send(struct leg *leg, struct troth_span frame);
void leg_note(struct leg *leg, struct troth_span frame); /* only adds: it goes later */
void leg_write(struct leg *leg, struct troth_span bytes);

/* Frames, which live as long as the world. Only HELLO is noted: as the own challenge. */
struct troth_span leg_hello(struct leg *leg, enum troth_level asks, const uint8_t *fresh);
struct troth_span leg_done(const struct leg *leg);
struct troth_span leg_data(const struct leg *leg, const char *text);

/*
 * leg_proof - the PROOF that this machine, with its key, gives on this leg now.
 *
 *   who     its role is what the proof says; its habits count
 *   level   as the peer asks, or another
 */
struct troth_span leg_proof(const struct leg *leg, struct channel_side *who,
                            enum troth_level level);

/* A PROOF that came from elsewhere, signed anew for this leg by somebody's key. */
struct troth_span leg_sign_anew(const struct leg *leg, struct channel_side *key,
                                struct troth_span frame);

/* The 64 bytes of a proof by `role` on this leg. `verifier` is whose challenge counts. */
void leg_commit(const struct leg *leg, uint8_t out[static 64], enum troth_role role,
                enum troth_level level, struct troth_span verifier,
                struct troth_span evidence_sha256);

/* Frames behind each other, to go as one record. */
struct troth_span leg_join(const struct leg *leg, const struct troth_span *frames,
                           size_t count);

#endif
