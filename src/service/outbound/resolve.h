/* resolve.h - the addresses of a name, as this machine finds them. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_SERVICE_OUTBOUND_RESOLVE_H
#define TROTH_SERVICE_OUTBOUND_RESOLVE_H

#include "service/address.h"

#define TROTH_ADDRESSES_MAX 16

struct troth_addresses {
    struct troth_address list[TROTH_ADDRESSES_MAX];
    size_t count;
    const char *why; /* there are none; a clause for people */
};

/*
 * troth_resolve - ask as the machine's settings say: /etc/nsswitch.conf, /etc/hosts,
 * /etc/resolv.conf.
 *
 *   name   in lower case, checked to be no address; never completed by a search domain
 *
 * Effects  waits: for threads
 */
void troth_resolve(struct troth_addresses *out, const char *name, uint16_t port);

#endif
