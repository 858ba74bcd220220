/* request.h - what a client of the proxy asks for: CONNECT NAME:PORT, and nothing else.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_SERVICE_OUTBOUND_REQUEST_H
#define TROTH_SERVICE_OUTBOUND_REQUEST_H

#include "service/outbound/names.h"

/* Borrows the list that it was held against. */
struct troth_connect {
    struct troth_host_name name;
    uint16_t port;
    const struct troth_allow_row *row; /* that allows it; NULL: nothing does */
    size_t head_len;                   /* what follows is the client's data */
    const char *why;                   /* not; a clause for people */
};

/*
 * troth_connect_parse - the request at the beginning of these bytes, held to what is
 * allowed.
 *
 *   out    zeroed but for `why` unless 200; name and port also where they alone are why
 *
 * Returns  the HTTP status it deserves: 200, it may go on; 0, more has to come
 */
unsigned troth_connect_parse(struct troth_connect *out, const struct troth_allow *allow,
                             struct troth_span bytes);

#endif
