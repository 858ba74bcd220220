/*
 * frame.h - the bodies of troth/1's frames, to and from bytes.
 *
 * docs/protocol.md has the layout. Parsing judges only what one frame can say of itself;
 * whether it may come now, and from whom, is the machine's business.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_CHANNEL_FRAME_BODY_H
#define TROTH_CHANNEL_FRAME_BODY_H

#include "base/writer.h"
#include "troth/channel.h"

#define TROTH_CHANNEL_VERSION 1

struct troth_hello {
    enum troth_role role;
    enum troth_level asks;
    bool takes_checkpoint; /* only with EPOCH, as are held digests */
    struct troth_span challenge;
    struct troth_span held; /* SHA-256 one by one */
};

/* What a PROOF says; `proof` borrows the frame. That the digest of evidence sent beside
 * it is that evidence's, and that the key is one, is for who has the cryptography. */
struct troth_proof_frame {
    enum troth_role role;
    struct troth_proof proof;
    struct troth_span signature; /* 64 bytes with EPOCH, else empty */
};

/* The type and body of one whole frame. TROTH_ERR_SHORT, …_TRAILING, …_KIND, …_LIMIT. */
struct troth_frame {
    enum troth_frame_type type;
    struct troth_span body;
};
TROTH_MUST_USE enum troth_err troth_frame_parse(struct troth_frame *out,
                                                struct troth_fault *fault,
                                                struct troth_span frame);

/* Of bodies. TROTH_ERR_VERSION is of a HELLO only; fields "hello.asks", "proof.nonce". */
TROTH_MUST_USE enum troth_err troth_hello_parse(struct troth_hello *out,
                                                struct troth_fault *fault,
                                                struct troth_span body);
TROTH_MUST_USE enum troth_err troth_proof_parse(struct troth_proof_frame *out,
                                                struct troth_fault *fault,
                                                struct troth_span body);
/* DONE. */
TROTH_MUST_USE enum troth_err
troth_done_parse(enum troth_role *out, struct troth_fault *fault, struct troth_span body);
/* REFUSE; a code without a meaning here is TROTH_REASON_INTERNAL, no error. */
TROTH_MUST_USE enum troth_err troth_refuse_parse(enum troth_channel_reason *out,
                                                 struct troth_fault *fault,
                                                 struct troth_span body);

/* Whole frames, header included. What would not be read back does not fit. */
void troth_hello_write(struct troth_writer *w, const struct troth_hello *hello);
void troth_proof_write(struct troth_writer *w, const struct troth_proof_frame *frame);
void troth_done_write(struct troth_writer *w, enum troth_role role);
void troth_refuse_write(struct troth_writer *w, enum troth_channel_reason reason);

#endif
