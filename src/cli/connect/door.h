/* door.h - where local programs reach what was proven. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_CLI_CONNECT_DOOR_H
#define TROTH_CLI_CONNECT_DOOR_H

#include "cli/problem.h"
#include "os/local_socket.h"
#include "service/address.h"

struct troth_local_door {
    int listener;                     /* -1: there is none */
    struct troth_local_socket socket; /* of a path's */
    unsigned port;                    /* of a loopback's; else 0 */
    bool is_open_to_others;           /* not of this machine alone */
    char at[TROTH_ADDRESS_TEXT_MAX];  /* what it is called */
};

/*
 * troth_local_door_open - "8080" and ":8080" are on 127.0.0.1, "0" is any port there;
 * "/run/app.sock" is a socket that only this user may connect to; an address in full is
 * that one.
 *
 *   out   give it to troth_local_door_close() in any case
 */
bool troth_local_door_open(struct troth_local_door *out, struct troth_problem *problem,
                           const char *text);
void troth_local_door_close(struct troth_local_door *door);

#endif
