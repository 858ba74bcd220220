/*
 * channel.h - one attested channel, as a machine without sockets, clock or memory.
 *
 * It speaks troth/1 (docs/protocol.md) inside a TLS 1.3 connection that somebody else
 * made: it is fed frames, time and answers, and says what to do next. The same events in
 * the same order always give the same actions. <troth/connection.h> is this machine with
 * OpenSSL around it; another language drives it over its own TLS.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_CHANNEL_H
#define TROTH_CHANNEL_H

#include "troth/channel_frame.h"
#include "troth/known.h"
#include "troth/proof.h"
#include "troth/verify.h"
#include "troth/witness.h"

/* What the certificate of the peer's TLS says of its name; judged by who made the TLS. */
enum troth_name_backing {
    TROTH_NAME_UNBACKED = 0, /* nothing vouches for it */
    TROTH_NAME_CERTIFIED, /* a certificate authority, for the name that was asked for */
    TROTH_NAME_PINNED     /* it is the very certificate that was named */
};

/* What stays as it is for one connection. */
struct troth_channel_terms {
    enum troth_role role;          /* this side's */
    enum troth_level asks;         /* what the peer has to prove */
    bool gives[TROTH_LEVEL_COUNT]; /* what this side can prove */
    int64_t
        max_age_s; /* of epoch evidence by this side's clock; 0: TROTH_EPOCH_MAX_AGE_S */
    enum troth_name_backing name;
    uint8_t peer[32]; /* under which known evidence is looked up: a hash of its address */
    uint8_t challenge[TROTH_CHALLENGE_SIZE]; /* fresh random bytes for this connection */
    struct troth_span own_certificate, peer_certificate; /* leaf, DER; empty: none */
};
#define TROTH_EPOCH_MAX_AGE_S 3600
#define TROTH_EPOCH_SKEW_S    60 /* an epoch may begin so far ahead of this side's clock */

/* What is lent for each step, and shared by all channels of a thread. */
struct troth_channel_tools {
    const struct troth_crypto *crypto;
    const struct troth_policy *policy;   /* for the peer; NULL where nothing is asked */
    const struct troth_anchors *anchors; /* NULL: the built-in ones */
    struct troth_collateral collateral;
    uint64_t generation; /* another one whenever policy, anchors, collateral or witnesses
                            change */
    struct troth_cache *cache;               /* may be NULL */
    struct troth_known *known;               /* NULL: evidence is sent each time */
    const struct troth_witnesses *witnesses; /* NULL: no checkpoint is taken for time */
    struct troth_arena *arena; /* TROTH_CHANNEL_ARENA_SIZE; each step begins it anew */
};
#define TROTH_CHANNEL_ARENA_SIZE                                                         \
    (2 * TROTH_VERIFY_ARENA_SIZE + TROTH_COLLATERAL_ROOM(TROTH_PROOF_COLLATERAL_MAX) +   \
     2 * TROTH_FRAME_MAX)

/* clang-format off */
#define TROTH_CHANNEL_REASONS(X)                                                          \
    /* id          code  name           what a person is told                          */ \
    X(NONE,          0, "none",         "nothing is wrong")                                \
    X(FRAME,         1, "frame",        "a frame cannot be read")                          \
    X(VERSION,       2, "version",      "the peer speaks another version of troth")        \
    X(ROLE,          3, "role",         "the peer claims the wrong role")                  \
    X(ORDER,         4, "order",        "a frame comes where it must not")                 \
    X(EARLY,         5, "early",        "data was sent before both sides were satisfied")  \
    X(NOTHING,       6, "nothing",      "neither side asks the other for proof")           \
    X(LEVEL,         7, "level",        "the proof is of another level than was asked")    \
    X(CANNOT,        8, "cannot",       "the level that was asked cannot be proven")       \
    X(BUSY,          9, "busy",         "too many proofs are being asked for")             \
    X(UNKNOWN,      10, "unknown",      "the proof refers to evidence that is not at hand") \
    X(EVIDENCE,     11, "evidence",     "the policy refuses the evidence")                 \
    X(UNDETERMINED, 12, "undetermined", "the evidence could not be judged")                \
    X(KEY,          13, "key",          "the attestation key cannot be used")              \
    X(SIGNATURE,    14, "signature",    "the attestation key did not sign for this connection") \
    X(STALE,        15, "stale",        "the epoch is over, or the evidence too old")      \
    X(FUTURE,       16, "future",       "the epoch begins ahead of this clock")            \
    X(CHECKPOINT,   17, "checkpoint",   "the log's checkpoint is not witnessed as asked")  \
    X(NAME,         18, "name",         "nothing says whose machine it is, and the policy does not say any will do") \
    X(LAPSED,       19, "lapsed",       "what was accepted no longer is")                  \
    X(PEER,         20, "peer",         "the peer refuses")                                \
    X(TLS,          21, "tls",          "the TLS connection is not as troth demands")      \
    X(SLOW,         22, "slow",         "the peer takes too long")                         \
    X(CLOSED,       23, "closed",       "the peer closed the connection")                  \
    X(INTERNAL,     24, "internal",     "this side failed")
/* clang-format on */

enum troth_channel_reason {
#define X(id, code, name, text) TROTH_REASON_##id = (code),
    TROTH_CHANNEL_REASONS(X)
#undef X
};
const char *troth_channel_reason_name(enum troth_channel_reason reason);
const char *troth_channel_reason_text(enum troth_channel_reason reason);

enum troth_channel_event_type {
    TROTH_EVENT_GO_ON = 0,  /* after an action that needs no answer */
    TROTH_EVENT_FRAME,      /* `bytes`: one whole frame, header included */
    TROTH_EVENT_EXPORTER,   /* `bytes`: TROTH_EXPORTER_SIZE bytes */
    TROTH_EVENT_PROOF,      /* `proof`; NULL: `reason` says why there is none */
    TROTH_EVENT_SIGNATURE,  /* `bytes`; empty: it could not be made */
    TROTH_EVENT_COLLATERAL, /* it was looked for: tools->collateral has what was found */
    TROTH_EVENT_TIME,       /* time has passed */
    TROTH_EVENT_CHANGED,    /* policy, anchors or collateral are others now */
    TROTH_EVENT_KEPT,       /* `bytes`: what KEEP gave; empty: it is lost */
    TROTH_EVENT_CLOSED,     /* the transport ended */
    TROTH_EVENT_SLOW        /* the time for the handshake is over */
};

struct troth_channel_event {
    enum troth_channel_event_type type;
    int64_t now_s; /* this side's clock, always */
    struct troth_span bytes;
    const struct troth_proof *proof;
    enum troth_channel_reason reason;
};

enum troth_channel_action_type {
    TROTH_ACTION_WAIT = 0,       /* for a frame, or time */
    TROTH_ACTION_SEND,           /* `bytes`, then go on */
    TROTH_ACTION_NEED_EXPORTER,  /* TLS exporter, TROTH_EXPORTER_LABEL, context `bytes` */
    TROTH_ACTION_NEED_PROOF,     /* as `request` says */
    TROTH_ACTION_NEED_SIGNATURE, /* over `bytes`, by this side's attestation key */
    TROTH_ACTION_NEED_COLLATERAL, /* `needs`: look for it */
    TROTH_ACTION_NEED_KEPT,       /* what KEEP gave */
    TROTH_ACTION_KEEP, /* copy `bytes` for as long as the channel lives, then go on; of
                          the peer's proof, which is good: `standing`, `result` */
    TROTH_ACTION_ACCEPTED, /* both sides are satisfied: `standing`; then as after WAIT */
    TROTH_ACTION_DELIVER, /* `bytes` from the peer's application, then go on; empty: there
                             will be no more from there */
    TROTH_ACTION_REFUSED  /* `reason`; close. There is no way on from here */
};

struct troth_channel_action {
    enum troth_channel_action_type type;
    struct troth_span bytes; /* borrows the channel, the tools or the last frame */
    struct troth_proof_request request;
    const struct troth_needs *needs;
    const struct troth_standing *standing; /* of the peer, in the channel and kept up to
                                              date there; NULL: nothing was asked of it */
    const struct troth_result *result; /* beside KEEP, unless known evidence was relied
                                          on; beside REFUSED where evidence was judged */
    enum troth_channel_reason reason;
    enum troth_channel_reason peer_reason; /* where `reason` is PEER: theirs */
    struct troth_fault fault;              /* beside REFUSED: where, if it has a place */
};

/* In the caller's memory; what is inside is private to src/channel. */
struct troth_channel {
    uint64_t opaque[192];
};

/*
 * troth_channel_init - a channel over a TLS connection that is just established.
 *
 *   terms   certificates are hashed here and not kept
 *
 * The caller has made sure of: TLS 1.3, ALPN "troth/1", a full handshake (no resumption,
 * no early data), no tickets. TROTH_EVENT_GO_ON is the first event.
 *
 * Errors   TROTH_ERR_VALUE: terms that make no sense; TROTH_ERR_CRYPTO
 */
TROTH_MUST_USE enum troth_err troth_channel_init(struct troth_channel *out,
                                                 const struct troth_channel_terms *terms,
                                                 const struct troth_crypto *crypto);

/*
 * troth_channel_step - one event in, one action out.
 *
 * An action that asks for something is answered by its event; one that says "then go on"
 * by TROTH_EVENT_GO_ON, at once and with the arena as it is; WAIT by FRAME, TIME,
 * CHANGED, CLOSED or SLOW. All of these but FRAME, which has to wait for the next WAIT,
 * may also come instead of an answer: TIME and CHANGED are then met by the same question
 * again. What an event lends stays until the next WAIT. An event that answers nothing
 * which was asked is refused with TROTH_REASON_INTERNAL.
 *
 * Once open, SLOW is as TIME, and the peer is judged again (NEED_KEPT) where its verdict
 * has lapsed or tools->generation is another, whichever event comes then: before anything
 * is delivered. A refusal is sent to the peer first, then comes REFUSED.
 */
struct troth_channel_action troth_channel_step(struct troth_channel *channel,
                                               const struct troth_channel_tools *tools,
                                               const struct troth_channel_event *event);

/* May application data be sent? Only between ACCEPTED and REFUSED, and not while the peer
 * is being judged again. */
bool troth_channel_is_open(const struct troth_channel *channel);

/* When TROTH_EVENT_TIME is next wanted; INT64_MAX: never. */
int64_t troth_channel_due_s(const struct troth_channel *channel);

#endif
