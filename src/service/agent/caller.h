/* caller.h - one connection at the door, from its first byte to its last. For door.c. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_SERVICE_AGENT_CALLER_H
#define TROTH_SERVICE_AGENT_CALLER_H

#include "base/writer.h"
#include "service/agent/door.h"

struct bufferevent;
struct evconnlistener;
struct event;

enum troth_caller_phase {
    TROTH_CALLER_READING = 0, /* a request, or nothing yet */
    TROTH_CALLER_SERVED,      /* it is being answered */
    TROTH_CALLER_SENDING,     /* the last answer; then no more */
    TROTH_CALLER_LINGERING    /* until the other side has read it, too */
};

struct troth_caller {
    struct troth_door *door;
    struct troth_caller *next, *before;
    struct bufferevent *stream;
    struct event *timer;
    enum troth_caller_phase phase;
    bool is_begun;   /* the first byte of a request has come, and its time runs */
    bool is_told;    /* to continue */
    bool keeps_open; /* after this answer */
    bool is_ended;   /* the other side sends no more */
    bool is_guest;   /* told why it may not come in, and no more */
    void *waiting;
    void (*forget)(void *waiting);
};

struct troth_door {
    struct troth_door_options options;
    struct evconnlistener *listener;
    struct event *rest; /* ends a pause after a failure to accept */
    struct troth_caller *callers;
    size_t count, guests; /* of callers, and of those who may not come in */
};

/* One more of the door's; NULL: no memory. */
struct troth_caller *troth_caller_create(struct troth_door *door, bool is_guest);
/* False: `descriptor` is the caller's only if its stream was made. */
bool troth_caller_start(struct troth_caller *caller, int descriptor);
void troth_caller_free(struct troth_caller *caller);

/* Tell it why not; that is the last answer. */
void troth_caller_refuse(struct troth_caller *caller, unsigned status, const char *field);

#endif
