/*
 * web.h - a small server of HTTP/1.1: a bounded request, its answer, and the next.
 *
 * Everything runs in the event loop and waits for nobody. service/http.h reads the heads;
 * a connection has bounded time for each request, and so many may be open. TLS is not its
 * business: `troth run` or a proxy stands in front where it is wanted.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_SERVICE_WEB_H
#define TROTH_SERVICE_WEB_H

#include <stdbool.h>

#include "service/http.h"
#include "troth/error.h"

#define TROTH_WEB_REQUEST_S  10 /* for a whole request, however slowly it comes */
#define TROTH_WEB_ANSWER_S   60 /* until an answer is read, and the next request begins */
#define TROTH_WEB_RATE       64 /* bytes that a slow reader gets a millisecond more for */
#define TROTH_WEB_LINGER_S   2  /* for what was sent and not wanted */
#define TROTH_WEB_HEADER_MAX 1024 /* bytes of an answer's own header lines */

struct event_base;
struct troth_web;
struct troth_web_call; /* one request of one connection; one at a time */

struct troth_web_options {
    struct event_base *base;
    int descriptor;         /* listens, not blocking; stays the owner's */
    size_t connections_max; /* more wait in the system's queue */
    size_t body_max;        /* longer bodies: 413 */
    void *state;
    /* A whole request, borrowed until this returns: to be answered now or later. */
    void (*serve)(void *state, struct troth_web_call *call,
                  const struct troth_http_request *request, struct troth_span body);
};

TROTH_MUST_USE enum troth_err troth_web_open(struct troth_web **out,
                                             const struct troth_web_options *options);
/* Takes NULL. Every connection is gone, and every call that waits is forgotten. */
void troth_web_close(struct troth_web *web);

struct troth_web_answer {
    unsigned status;
    const char *content_type; /* NULL with an empty body */
    const char *headers;      /* further lines, each ending with CR LF; or NULL */
    struct troth_span body;   /* copied; of HEAD only its length is sent */
};
void troth_web_answer(struct troth_web_call *call, const struct troth_web_answer *answer);

/* The same with the first `len` bytes of a file, which nobody changes, as the body: they
 * go from there to the other side and are never in memory. Takes the descriptor. */
void troth_web_answer_file(struct troth_web_call *call,
                           const struct troth_web_answer *answer, int descriptor,
                           size_t len);

/* The answer comes later, from the event loop; `forget` is called once if the caller is
 * gone before it, and the call must not be used any more. */
void troth_web_wait(struct troth_web_call *call, void *waiting,
                    void (*forget)(void *waiting));

/* A line of text and a newline, never kept by anybody. */
void troth_web_refuse(struct troth_web_call *call, unsigned status, const char *text);

/* Does the request's header `if-none-match` have this tag? */
bool troth_web_has_tag(const struct troth_http_request *request, const char *etag);

#endif
