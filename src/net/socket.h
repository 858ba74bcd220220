/*
 * socket.h - how OpenSSL reads and writes a connection's descriptor.
 *
 * Its own way would let a peer that went away end the process by a signal, and let one
 * that never stops sending keep a thread for itself.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_NET_SOCKET_H
#define TROTH_NET_SOCKET_H

#include <stdbool.h>
#include <stddef.h>

#include <openssl/bio.h>

struct troth_socket {
    int descriptor;
    size_t allowance; /* bytes that may still be read before others have their turn */
    bool is_over;     /* the peer's side has ended */
    bool is_drained;  /* the last read got less than it had room for */
};

/* What one turn may read. */
#define TROTH_SOCKET_ALLOWANCE ((size_t)256 * 1024)

/* NULL when memory runs out; freed by BIO_meth_free(), after all that was made of it. */
BIO_METHOD *troth_socket_method(void);

/* Borrows `socket`. NULL when memory runs out. */
BIO *troth_socket_bio(const BIO_METHOD *method, struct troth_socket *socket);

#endif
