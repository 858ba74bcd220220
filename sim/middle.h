/*
 * middle.h - a man in the middle: TLS ends at him on both sides, and all that is said on
 * one he says on the other.
 *
 * He has no key of anybody's. What he can do is what any network can: be answered as the
 * server by who believes any certificate, and as a client by who believes any client.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_SIM_MIDDLE_H
#define TROTH_SIM_MIDDLE_H

#include <stdint.h>

#include "service/address.h"

struct sim_middle;

/* With a certificate that he signed himself. What cannot be made ends the program. */
struct sim_middle *sim_middle_create(void);

/* What he heard, in bytes within TLS. */
struct sim_middle_heard {
    const char *trouble; /* what stopped him before he could relay; NULL: nothing */
    uint64_t from_client, from_server;
};

/*
 * sim_middle_relay - from a client's connection to its end, or the server's.
 *
 *   client   a socket that was accepted; closed
 *   server   who the client takes him for
 *
 * Effects  waits; not for use beside other threads
 */
struct sim_middle_heard sim_middle_relay(struct sim_middle *middle, int client,
                                         const struct troth_address *server);

#endif
