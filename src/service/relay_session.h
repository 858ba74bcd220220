/* relay_session.h - one connection of a relay. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_SERVICE_RELAY_SESSION_H
#define TROTH_SERVICE_RELAY_SESSION_H

#include <event2/event_struct.h>

#include "service/relay.h"

/* A server's shakes hands before it connects, a client's after that. */
enum troth_session_phase {
    TROTH_SESSION_SHAKING = 0, /* both sides show what they are asked for */
    TROTH_SESSION_CONNECTING,  /* to what is dialled */
    TROTH_SESSION_PIPING,
    TROTH_SESSION_LINGERING /* closed; the peer may still have to read why */
};

struct troth_session {
    struct troth_relay *relay;
    struct troth_session *previous, *next;                 /* all of a relay */
    struct troth_session *previous_shaking, *next_shaking; /* those not open yet */
    enum troth_session_phase phase;
    struct troth_connection *connection; /* over `outer`; a client's has none before that
                                            is connected */
    int outer, inner; /* attested, to the peer; plain, to the program; -1: none */
    /* What the two descriptors and the clock are waited for with, and for what. */
    struct event outer_event, inner_event, timer;
    short outer_for, inner_for;
    int64_t rings_s;       /* when the timer does; 0: it does not */
    size_t target;         /* which is dialled */
    int64_t dial_by_s;     /* else the next one is */
    bool is_unreached;     /* there is none left */
    bool is_shaken;        /* it is open, or never will be */
    bool is_inner_blocked; /* the program takes no more now */
    bool is_inner_over;    /* the program has ended */
    bool is_told_end;      /* the program was told that the peer has ended */
    bool is_blamed;        /* the program broke off, or cannot be reached */
    bool is_looking;       /* for collateral; troth_relay_looked() will say */
    bool has_more;         /* a turn was over before its work was */
    bool is_asked;         /* the source owes an answer */
    bool is_settling;      /* it may be answering at this moment */
    struct troth_proof_waiter waiter;
    struct troth_span key; /* of the proof at hand, while its source answers */
    size_t lingered;       /* bytes thrown away */
    int64_t now_s;         /* when something last happened */
    int64_t touched_s;     /* when data last went either way */
    char peer[TROTH_ADDRESS_PEER_MAX];
};

struct troth_relay {
    struct troth_relay_options options;
    enum troth_role role;
    struct troth_address targets[TROTH_RELAY_TARGETS_MAX];
    size_t target_count;
    struct event accepting, pause, sweep;
    bool is_accepting;
    struct troth_session *first, *first_shaking;
    struct troth_session *swept; /* the next to be judged again; NULL: none */
    struct troth_relay_counts counts;
};

/* ---- relay.c ---- */

int64_t troth_relay_now_s(const struct troth_relay *relay);
/* One line: the peer, then what of it, then details; the last two may be "". */
void troth_relay_log(const struct troth_relay *relay, const struct troth_session *session,
                     const char *what, const char *detail);
/* It is open, or never will be. */
void troth_relay_shaken(struct troth_session *session);
/* Out of the lists, and freed. */
void troth_relay_forget(struct troth_session *session);

/* ---- relay_session.c ---- */

/* Of an accepted descriptor, which it takes. NULL: out of memory. */
struct troth_session *troth_session_create(struct troth_relay *relay, int descriptor,
                                           const struct troth_address *from);
/* What was looked for is there. It may be gone then. */
void troth_session_looked(struct troth_session *session);
/* The tools or the time are others: step, answer, move data, and wait again. It may be
 * gone then. */
void troth_session_go_on(struct troth_session *session);
/* Tell the peer why, and close. It is gone then. */
void troth_session_end(struct troth_session *session, enum troth_channel_reason reason);

/* ---- relay_ask.c ---- */

/* Until the connection wants only its socket, or an answer that somebody still owes. The
 * source may give it while it is asked: then the same goes on below it. */
void troth_session_settle(struct troth_session *session);

/* ---- relay_wait.c ---- */

bool troth_session_is_client(const struct troth_session *session);
/* Its way is being connected. */
bool troth_session_is_dialling(const struct troth_session *session);
/* The peer has not taken all that was said to it. */
bool troth_session_has_unsent(const struct troth_session *session);
/* For what its state asks for. */
void troth_session_wait(struct troth_session *session);
/* EV_READ, EV_WRITE, both, or nothing; `was` is what is waited for now. */
void troth_session_wait_for(struct event *event, short *was, short what);

/* ---- relay_pipe.c ---- */

/* Both move what can be moved in one turn. False: the program's side has failed, and
 * errno says how. */
bool troth_pipe_inward(struct troth_session *session);
bool troth_pipe_outward(struct troth_session *session);

/* Connect to what is dialled: one target after the other. A path's queue may be full
 * (EAGAIN); then it is to be tried again. */
void troth_pipe_reach(struct troth_session *session);
/* Its socket is ready, or only time has passed. True: it is connected. */
bool troth_pipe_check(struct troth_session *session, bool is_ready);
/* The program failed, and errno says how: the connection is refused. */
void troth_pipe_blame(struct troth_session *session, const char *what);
/* The program is told by a reset, where it is behind TCP, if the peer's data was cut
 * short: an orderly end would be taken for the peer's. */
void troth_pipe_close(struct troth_session *session);

#endif
