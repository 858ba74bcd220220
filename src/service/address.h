/*
 * address.h - sockets by the addresses people write, and peers by the names they count
 * under. No name is ever looked up here.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_SERVICE_ADDRESS_H
#define TROTH_SERVICE_ADDRESS_H

#include <stdbool.h>

#include <sys/socket.h>

#include "troth/error.h"
#include "troth/span.h"

struct troth_address {
    struct sockaddr_storage socket;
    socklen_t len;
};

/*
 * troth_address_parse - "127.0.0.1:8080", "[::1]:8080", a socket's path: "/run/app", or
 * between a machine and its host "vsock:3:8080"; "vsock:8080" is whatever this machine is
 * called there, to listen at.
 *
 * Errors   TROTH_ERR_VALUE
 */
TROTH_MUST_USE enum troth_err troth_address_parse(struct troth_address *out,
                                                  const char *text);

/*
 * troth_address_write - an address as troth_address_parse() reads it.
 *
 * Returns  `out`; "local" for a path's without a path, as those who connect to one have
 * it
 */
#define TROTH_ADDRESS_TEXT_MAX 128
const char *troth_address_write(char out[static TROTH_ADDRESS_TEXT_MAX],
                                const struct troth_address *address);

/* The address that a socket has, which may be another than it was bound to: port 0, say.
 * False and errno. */
bool troth_address_of_socket(struct troth_address *out, int descriptor);

/* Does it stay inside this machine: loopback, or a path? A vsock's is for the host to
 * carry, as far as anybody inside can tell. */
bool troth_address_is_local(const struct troth_address *address);

/*
 * Who this is, without the port, as text. Of an IPv6 address the first 64 bits: the
 * others are whatever its owner likes. "vsock:3" for machine 3 of the same host's,
 * "local" for a path's.
 */
#define TROTH_ADDRESS_PEER_MAX 64
void troth_address_peer(char out[static TROTH_ADDRESS_PEER_MAX],
                        const struct troth_address *address);

/*
 * A stream socket, not blocking and closed by exec, that connects to `address`; of a path
 * to the socket that is there, never by a link to another (os/local_socket.h).
 *
 * Returns  the descriptor, perhaps still connecting; -1 and errno
 */
int troth_address_connect(const struct troth_address *address);

/*
 * troth_address_listen - a stream socket, not blocking and closed by exec, that listens
 * at `address`; other processes' connections that are yet to end do not keep it from
 * that.
 *
 * Returns  the descriptor; -1 and errno
 */
int troth_address_listen(const struct troth_address *address);

/* What every connection's descriptor is here: not blocking, closed by exec, and without
 * the delay that TCP would put before short writes. False and errno. */
bool troth_address_settle(int descriptor);

#endif
