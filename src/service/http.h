/*
 * http.h - the head of a request, read as HTTP/1.1 has it and no more loosely.
 *
 * No folded lines, no bare line feeds, no second Content-Length, no codings: what two
 * readers could take for two things is refused. [RFC9112]
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_SERVICE_HTTP_H
#define TROTH_SERVICE_HTTP_H

#include <stdbool.h>

#include "troth/span.h"

#define TROTH_HTTP_HEAD_MAX            ((size_t)8 * 1024)
#define TROTH_HTTP_REQUEST_HEADERS_MAX 64
#define TROTH_HTTP_REQUEST_BODY_MAX    ((size_t)64 * 1024)

/* Those that are answered with anything but success by HTTP alone. */
enum troth_http_status {
    TROTH_HTTP_NEED_MORE = 0,
    TROTH_HTTP_OK = 200,
    TROTH_HTTP_BAD = 400,
    TROTH_HTTP_LENGTH_REQUIRED = 411,
    TROTH_HTTP_TOO_LARGE = 413,
    TROTH_HTTP_EXPECTATION = 417,
    TROTH_HTTP_HEAD_TOO_LARGE = 431,
    TROTH_HTTP_VERSION = 505
};

/* Borrows the bytes it was read from. */
struct troth_http_request {
    struct troth_span method, target;
    struct troth_span if_none_match; /* that header's first; empty: there is none */
    size_t head_len;                 /* bytes up to the body */
    size_t body_len;
    bool is_json;    /* the body says so of itself */
    bool is_a_pages; /* a browser sends it for a page that it shows: it has "origin" */
    bool keeps_open; /* another request may follow */
    bool wants_continue; /* the client waits for a word before it sends the body */
};

/*
 * troth_http_parse - the head at the beginning of these bytes.
 *
 *   out        zeroed unless OK
 *   out_field  what is wrong, "content-length"; NULL if nothing is
 *   bytes      as far as they have come
 */
enum troth_http_status troth_http_parse(struct troth_http_request *out,
                                        const char **out_field, struct troth_span bytes);

/* The same where bodies may be of another length than TROTH_HTTP_REQUEST_BODY_MAX. */
enum troth_http_status troth_http_parse_up_to(struct troth_http_request *out,
                                              const char **out_field, size_t body_max,
                                              struct troth_span bytes);

/* What stands behind a status in an answer's first line. */
const char *troth_http_reason(unsigned status);

#endif
