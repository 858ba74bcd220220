/* SPDX-License-Identifier: Apache-2.0 */
/* The C library's own word for the resolver's state. */
/* NOLINTNEXTLINE(bugprone-reserved-identifier,cert-dcl37-c,cert-dcl51-cpp) */
#define _DEFAULT_SOURCE
#include "service/outbound/resolve.h"

#include <arpa/nameser.h>
#include <netdb.h>
#include <netinet/in.h>
#include <resolv.h>
#include <stdio.h>
#include <string.h>

/* Each server is asked so often, and so long: with three of them 18 seconds at most. */
enum { TRIES = 2, TRY_S = 3 };

/* What the name says is what is asked: with search domains, a name that is not there
 * would become another one that is. The state is this thread's own. */
static bool settle_resolver(void)
{
    /* As before the thread's first name: what differs from it res_init would keep, and
     * take for the machine's own settings. */
    _res.options = (_res.options & RES_INIT) | RES_DEFAULT;
    _res.retry = _res.retrans = 0;
    if (res_init() != 0)
        return false;
    _res.options &= ~(unsigned long)(RES_DNSRCH | RES_DEFNAMES);
    /* Nor is getaddrinfo to put the machine's settings in the place of these. */
    _res.options |= RES_NORELOAD;
    _res.retry = TRIES;
    _res.retrans = TRY_S;
    return true;
}

static bool take(struct troth_addresses *out, const struct addrinfo *found)
{
    struct troth_address *address = &out->list[out->count];

    if ((found->ai_family != AF_INET && found->ai_family != AF_INET6) ||
        found->ai_addrlen > sizeof address->socket)
        return false;
    address->len = found->ai_addrlen;
    memcpy(&address->socket, found->ai_addr, found->ai_addrlen);
    out->count++;
    return true;
}

void troth_resolve(struct troth_addresses *out, const char *name, uint16_t port)
{
    const struct addrinfo hints = {
        .ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM, .ai_flags = AI_NUMERICSERV};
    struct addrinfo *found = NULL;
    char service[sizeof "65535"];
    int failed;

    *out = (struct troth_addresses){.count = 0};
    (void)snprintf(service, sizeof service, "%u", port);
    if (!settle_resolver()) {
        out->why = "the resolver's settings cannot be read";
        return;
    }
    failed = getaddrinfo(name, service, &hints, &found);
    if (failed)
        out->why = gai_strerror(failed);
    for (const struct addrinfo *f = failed ? NULL : found;
         f && out->count < TROTH_ADDRESSES_MAX; f = f->ai_next)
        (void)take(out, f);
    if (!failed)
        freeaddrinfo(found);
    if (out->count == 0 && !out->why)
        out->why = "it has no addresses";
}
