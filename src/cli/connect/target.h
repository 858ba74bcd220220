/* target.h - where the attested server is: an address, or a name that has some. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_CLI_CONNECT_TARGET_H
#define TROTH_CLI_CONNECT_TARGET_H

#include "cli/problem.h"
#include "service/relay.h"

struct troth_target {
    const char *text;        /* as it was given */
    char host[256], port[6]; /* of a name */
    bool is_name;            /* it has to be looked up */
    struct troth_address rows[TROTH_RELAY_TARGETS_MAX];
    size_t count; /* 0: it was not looked up yet */
};

/* HOST:PORT, IP:PORT, [IPv6]:PORT, vsock:CID:PORT, or a path; false with a problem. */
bool troth_target_parse(struct troth_target *out, struct troth_problem *problem,
                        const char *text);

/*
 * troth_target_look_up - fill the addresses of a name, in the order that the system
 * prefers; of what is no name they are there already.
 *
 * Returns  NULL, or why there are none, as a static clause; those known stay
 */
const char *troth_target_look_up(struct troth_target *target);

#endif
