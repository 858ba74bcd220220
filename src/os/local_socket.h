/* local_socket.h - a place in the file system where other processes can reach this one.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_OS_LOCAL_SOCKET_H
#define TROTH_OS_LOCAL_SOCKET_H

#include <stdbool.h>
#include <stdint.h>

#include "troth/error.h"

/* What the system allows, its zero included. */
#define TROTH_LOCAL_SOCKET_PATH_MAX 108

/* A zeroed one holds nothing only if `descriptor` and `lock` are -1. */
struct troth_local_socket {
    int descriptor; /* listening, non-blocking */
    int lock;       /* of the file PATH.lock: one listener at a time */
    char path[TROTH_LOCAL_SOCKET_PATH_MAX];
};

/*
 * troth_local_socket_listen - make the socket, in place of one that a dead process left.
 *
 *   out    descriptors -1 on failure; give it to troth_local_socket_close()
 *   mode   of the file: who may connect, 0600 or 0666
 *
 * Errors   returns 0 or an errno; EADDRINUSE: somebody listens there; EEXIST: something
 *          that is no socket is there, and stays; ENAMETOOLONG
 */
TROTH_MUST_USE int troth_local_socket_listen(struct troth_local_socket *out,
                                             const char *path, unsigned mode);

/* Make both files another user's. Returns 0 or an errno. */
TROTH_MUST_USE int troth_local_socket_give(const struct troth_local_socket *socket,
                                           uint32_t user, uint32_t group);

/* Removes both files, as far as this user may. Takes one that was not made, too. */
void troth_local_socket_close(struct troth_local_socket *socket);

/*
 * troth_local_socket_connect - connect a socket of this kind to the one at `path`.
 *
 * The path's last name is never a link: whoever has the folder could lead it to a socket
 * of somebody else's, who would take this process for whom it trusts.
 *
 * Errors   returns 0 or connect()'s errno; ELOOP: a link; ECONNREFUSED: no socket, too
 */
TROTH_MUST_USE int troth_local_socket_connect(int descriptor, const char *path);

/* Who is at the other end of a connection, as the kernel has it. */
TROTH_MUST_USE bool troth_local_socket_peer(uint32_t *out_user, int descriptor);

#endif
