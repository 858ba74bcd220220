/*
 * http.h - one request, one answer, over libcurl.
 *
 * Nothing but the request decides what is asked, of whom, and whom TLS believes: no
 * redirect is followed, no proxy is taken from the environment, no cookie, user name or
 * compressed answer is accepted.
 *
 * A handle is used by one thread at a time, handles by as many threads as there are; all
 * of them are made and destroyed by one thread. No signal is used or set: what SIGPIPE a
 * write causes is held back in the thread that asks, and in no other.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_NET_HTTP_H
#define TROTH_NET_HTTP_H

#include <stdint.h>

#include "troth/span.h"

/* The largest answers are Intel's lists of a few hundred kilobytes. */
#define TROTH_HTTP_BODY_MAX    ((size_t)1024 * 1024)
#define TROTH_HTTP_HEADERS_MAX ((size_t)64 * 1024)
#define TROTH_HTTP_WHY_ROOM    256

/* What came of asking. The zero value is a failure. */
enum troth_http_result {
    TROTH_HTTP_BROKEN = 0,  /* the library failed, or memory ran out */
    TROTH_HTTP_ANSWERED,    /* with whatever status */
    TROTH_HTTP_FORBIDDEN,   /* an address that must not be asked (net/url.h) */
    TROTH_HTTP_UNREACHABLE, /* no such name, or nobody there */
    TROTH_HTTP_CUT,         /* an answer that ends early, or is none */
    TROTH_HTTP_LATE,        /* not within the time */
    TROTH_HTTP_UNTRUSTED,   /* TLS: not whom the address names, as far as can be told */
    TROTH_HTTP_LARGE        /* more than the above */
};

/* Zeroed, it holds nothing and may be released. */
struct troth_http_answer {
    enum troth_http_result result;
    long status;               /* 200; 0 unless ANSWERED */
    struct troth_span headers; /* lines of the answer, the status line first */
    struct troth_span body;
    int64_t retry_after_s;         /* as the service asks; 0: it does not */
    char why[TROTH_HTTP_WHY_ROOM]; /* a clause, unless ANSWERED */
    void *owned[2];                /* private */
};

struct troth_http_question {
    const char *url;
    const char
        *ca_file; /* to trust beside the system's folder of certificates; NULL: none */
    long connect_timeout_ms, timeout_ms; /* to be there, and for all of it */
    size_t answer_max;                   /* bytes of its body; 0: TROTH_HTTP_BODY_MAX */
    const char *content_type; /* of a body that is posted; NULL: nothing is, GET */
    struct troth_span body;   /* may be empty */
    const char
        *local_socket; /* a path to connect to, whatever host `url` names; or NULL */
};

/* Connections that are kept between requests. NULL when there is no memory. */
struct troth_http *troth_http_create(void);
void troth_http_destroy(struct troth_http *http); /* takes NULL */

/* GET or POST. `out` is filled in any case; give it to troth_http_release(). */
void troth_http_ask(struct troth_http_answer *out, struct troth_http *http,
                    const struct troth_http_question *request);

/* The value of the first header of this name, of either case; empty if there is none. */
struct troth_span troth_http_header(const struct troth_http_answer *answer,
                                    const char *name);

void troth_http_release(struct troth_http_answer *answer);

#endif
