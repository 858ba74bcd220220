/*
 * channel_frame.h - sizes and words of the protocol troth/1 (docs/protocol.md).
 *
 * A frame is a type (one byte), the length of its body (three bytes, big-endian) and the
 * body.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_CHANNEL_FRAME_H
#define TROTH_CHANNEL_FRAME_H

#include "troth/error.h"
#include "troth/span.h"

#define TROTH_CHANNEL_ALPN   "troth/1"
#define TROTH_EXPORTER_LABEL "EXPORTER-troth/1"
#define TROTH_EXPORTER_SIZE  32
#define TROTH_CHALLENGE_SIZE 32
#define TROTH_FRAME_HEADER   4

enum troth_role { TROTH_CLIENT = 1, TROTH_SERVER = 2 };

/* What a proof rests on. */
enum troth_level {
    TROTH_LEVEL_NONE = 0,
    TROTH_LEVEL_EPOCH = 1,  /* a key that evidence vouches for, for an epoch */
    TROTH_LEVEL_STRICT = 2, /* evidence minted for this connection */
    TROTH_LEVEL_COUNT
};
const char *troth_role_name(enum troth_role role);    /* "client" */
const char *troth_level_name(enum troth_level level); /* "epoch" */

/* clang-format off */
#define TROTH_FRAMES(X)                                             \
    /* id      code  longest body                                */ \
    X(HELLO,   1,    TROTH_HELLO_MAX)                               \
    X(PROOF,   2,    TROTH_PROOF_MAX)                               \
    X(DONE,    3,    1)                                             \
    X(REFUSE,  4,    1)                                             \
    X(DATA,    5,    TROTH_DATA_MAX)                                \
    X(END,     6,    0)
/* clang-format on */

#define TROTH_HELD_MAX             4 /* digests in a HELLO */
#define TROTH_HELLO_MAX            (5 + TROTH_CHALLENGE_SIZE + TROTH_HELD_MAX * 32)
#define TROTH_PROOF_EVIDENCE_MAX   ((size_t)64 * 1024)
#define TROTH_PROOF_COLLATERAL_MAX ((size_t)64 * 1024)
#define TROTH_PROOF_CHECKPOINT_MAX ((size_t)4 * 1024)
#define TROTH_PROOF_KEY_MAX        256
#define TROTH_PROOF_MAX                                                                  \
    (TROTH_PROOF_EVIDENCE_MAX + TROTH_PROOF_COLLATERAL_MAX +                             \
     TROTH_PROOF_CHECKPOINT_MAX + 1024)
#define TROTH_DATA_MAX  ((size_t)16 * 1024 - TROTH_FRAME_HEADER) /* one TLS record */
#define TROTH_FRAME_MAX (TROTH_FRAME_HEADER + TROTH_PROOF_MAX)

enum troth_frame_type {
#define X(id, code, most) TROTH_FRAME_##id = (code),
    TROTH_FRAMES(X)
#undef X
};

/*
 * troth_frame_length - how long is the frame that begins so?
 *
 *   header    TROTH_FRAME_HEADER bytes
 *   out_len   header included
 *
 * Errors   TROTH_ERR_KIND: no such type; TROTH_ERR_LIMIT: longer than its type may be
 */
TROTH_MUST_USE enum troth_err
troth_frame_length(size_t *out_len, const uint8_t header[static TROTH_FRAME_HEADER]);

/* Four bytes before `len` bytes of application data, at most TROTH_DATA_MAX. */
void troth_frame_data_header(uint8_t out[static TROTH_FRAME_HEADER], size_t len);

#endif
