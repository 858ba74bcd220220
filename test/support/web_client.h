/* web_client.h - a client of service/web.h's server, in the server's own thread. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TEST_SUPPORT_WEB_CLIENT_H
#define TEST_SUPPORT_WEB_CLIENT_H

#include <stdbool.h>
#include <stddef.h>

#include "service/address.h"

struct event_base;

/* Some port of this machine that nobody has. */
int web_listen(struct troth_address *out);

/* One turn of the loop. */
void web_turn(struct event_base *base);

/* A connection that the server has heard of. */
int web_join(struct event_base *base, const struct troth_address *at);

/* Say a text in pieces, the server listening after each. */
void web_say(struct event_base *base, int descriptor, const char *text, size_t piece);

/* What is heard until the other side ends, or `most` bytes of it, or for a time. */
size_t web_hear(struct event_base *base, int descriptor, char *out, size_t most,
                long time_ms);

/* Does the other side end without another word, in time? */
bool web_hears_end(struct event_base *base, int descriptor, long time_ms);

#endif
