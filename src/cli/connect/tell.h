/* tell.h - what is proven and what is not, for people or as JSON. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_CLI_CONNECT_TELL_H
#define TROTH_CLI_CONNECT_TELL_H

#include <stdio.h>

#include "troth/connection.h"

struct troth_teller {
    FILE *json;          /* where objects go; NULL: lines for people, to standard error */
    const char *address; /* the server's */
    const char *policy;  /* its file */
    bool asks_strict;
    /* What was said last. */
    bool has_proven, is_down;
    struct troth_standing proven;
    enum troth_channel_reason refused;
    char cause[64];
    int64_t refused_s;
};

/* Once more only where it is something else, or was something else in between. */
void troth_tell_proven(struct troth_teller *teller, const struct troth_connection *c);

/* A connection that is CLOSED, and why, with what would help. */
void troth_tell_refused(struct troth_teller *teller, const struct troth_connection *c);

/* No connection could be made. */
void troth_tell_unreached(struct troth_teller *teller, const char *cause);

/* Connections are taken at this address now. */
void troth_tell_listening(const struct troth_teller *teller, const char *at);

#endif
