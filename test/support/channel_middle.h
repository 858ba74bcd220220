/*
 * channel_middle.h - a man in the middle who ends TLS on both sides: the client's
 * connection ends with him, and he has one of his own to the server.
 *
 * He passes frames on, as they are or as the test makes them.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_TEST_CHANNEL_MIDDLE_H
#define TROTH_TEST_CHANNEL_MIDDLE_H

#include "test/support/channel_leg.h"
#include "test/support/channel_party.h"

struct middle {
    struct party *client, *server;
    struct leg front; /* to the client, as its server */
    struct leg back;  /* to the server, as its client */
    /* What goes on in place of `frame`; empty: nothing does. NULL: as it is. */
    struct troth_span (*turn)(struct middle *middle, const struct leg *from,
                              struct troth_span frame);
    void *context;               /* the test's */
    struct troth_span overheard; /* the last DATA, which he can read */
};

/* Both parties connect, and reach him. The legs may be changed before middle_run(). */
void middle_begin(struct middle *middle, struct party *client, struct party *server);
void middle_end(struct middle *middle);

/* Until nothing moves. */
void middle_run(struct middle *middle);

#endif
