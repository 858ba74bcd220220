/* web_call.h - one connection of the server, from its first byte to its last. For web.c.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_SERVICE_WEB_CALL_H
#define TROTH_SERVICE_WEB_CALL_H

#include "service/web.h"

struct bufferevent;
struct evconnlistener;
struct event;

enum troth_web_phase {
    TROTH_WEB_READING = 0, /* a request, or nothing yet */
    TROTH_WEB_SERVED,      /* it is being answered */
    TROTH_WEB_SENDING,     /* the last answer; then no more */
    TROTH_WEB_LINGERING    /* until the other side has read it, too */
};

struct troth_web_call {
    struct troth_web *web;
    struct troth_web_call *next, *before;
    struct bufferevent *stream;
    struct event *timer;
    enum troth_web_phase phase;
    size_t wanted;   /* bytes of the whole request; 0: its head has not come */
    bool is_begun;   /* the first byte of a request has come, and its time runs */
    bool is_told;    /* to continue */
    bool is_head;    /* wants no body */
    bool keeps_open; /* after this answer */
    bool is_ended;   /* the other side sends no more */
    void *waiting;
    void (*forget)(void *waiting);
};

struct troth_web {
    struct troth_web_options options;
    long request_ms, answer_ms, linger_ms; /* of web.h; tests cannot wait so long */
    struct evconnlistener *listener;
    struct event *rest; /* ends a pause after a failure to accept */
    struct troth_web_call *calls;
    size_t count;
};

/* One more of the server's, which has the descriptor from now on. False: it is closed. */
bool troth_web_call_start(struct troth_web *web, int descriptor);
/* Who waits for its answer is told that nobody does. */
void troth_web_call_free(struct troth_web_call *call);

/* Its answer has been written: what comes next? */
void troth_web_call_answered(struct troth_web_call *call);

/* There is room for one more again. */
void troth_web_left(struct troth_web *web);

#endif
