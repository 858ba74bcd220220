/* session.h - one connection through the proxy. For session.c, reach.c and outbound.c. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_SERVICE_OUTBOUND_SESSION_H
#define TROTH_SERVICE_OUTBOUND_SESSION_H

#include <event2/event.h>
#include <event2/event_struct.h>

#include "service/outbound/flow.h"
#include "service/outbound/outbound.h"
#include "service/outbound/request.h"

enum troth_way_phase {
    TROTH_WAY_HEAD = 0,   /* what is asked for */
    TROTH_WAY_HELLO,      /* the client was let through, and shows whom it asks for */
    TROTH_WAY_LOOKING,    /* for addresses */
    TROTH_WAY_CONNECTING, /* to one after the other */
    TROTH_WAY_PIPING,
    TROTH_WAY_LINGERING /* refused; the client may still have to read why */
};

/* A way from inside to outside. */
struct troth_way {
    struct troth_outbound *outbound;
    struct troth_way *before, *next;
    enum troth_way_phase phase;
    int inside, outside; /* -1: none */
    struct event inside_event, outside_event, timer;
    short inside_for, outside_for; /* what they are waited for; 0: nothing */
    uint8_t *early;                /* what came before there was anywhere to send it */
    size_t early_len;
    struct troth_connect asked;
    bool is_let_through; /* it was told that it is connected */
    bool speaks_tls;
    struct troth_lookup *lookup;
    struct troth_addresses addresses;
    size_t tried;
    int last_error; /* of the address before */
    struct troth_flow outward, inward;
    size_t lingered; /* bytes thrown away */
    int64_t begun_ms, touched_ms;
};

struct troth_outbound {
    struct troth_outbound_options options;
    struct troth_lookups *lookups;
    struct event accepting, pause;
    bool is_accepting;
    struct troth_way *first;
    size_t count, most;
    int64_t said_ms; /* when this second of the log began */
    size_t said;     /* lines in it */
    uint8_t room[TROTH_FLOW_PIECE];
};

/* ---- outbound.c ---- */

/* "refused: NAME:PORT: WHY"; so many a second. */
void troth_outbound_say(struct troth_outbound *outbound, const struct troth_way *way,
                        const char *what, const char *why);
/* Out of the list, and freed. */
void troth_outbound_forget(struct troth_way *way);

/* ---- session.c ---- */

/* Takes the descriptor. False: it is closed. */
bool troth_way_open(struct troth_outbound *outbound, int descriptor);
/* It may be gone then. */
void troth_way_refuse(struct troth_way *way, unsigned status, const char *why);
void troth_way_wait(struct troth_way *way, short inside_for, short outside_for);
void troth_way_set_timer(struct troth_way *way, int64_t ms);
/* How long it still may take to be connected. */
int64_t troth_way_left_ms(const struct troth_way *way);
/* There is a connection outside. It may be gone then. */
void troth_way_connected(struct troth_way *way);
/* Cut it. It is gone then. */
void troth_way_close(struct troth_way *way);

/* ---- reach.c ---- */

/* Look the name up, and connect. It may be gone then. */
void troth_way_reach(struct troth_way *way);
/* An address answers or fails, or has taken its time (ETIMEDOUT; else 0). */
void troth_way_reached(struct troth_way *way, int error);

#endif
