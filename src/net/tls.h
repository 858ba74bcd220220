/*
 * tls.h - TLS as troth/1 demands it: version 1.3, ALPN, a whole handshake every time.
 *
 * All in a library context of our own, and every setting made here: neither openssl.cnf
 * nor the environment decides anything.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_NET_TLS_H
#define TROTH_NET_TLS_H

#include <openssl/provider.h>
#include <openssl/ssl.h>

#include "net/socket.h"
#include "troth/connection.h"

struct troth_tls {
    enum troth_role role;
    OSSL_LIB_CTX *library;
    OSSL_PROVIDER *algorithms;
    BIO_METHOD *socket;
    SSL_CTX *context;
    uint8_t *certificate; /* this side's leaf, DER; OpenSSL's memory */
    size_t certificate_len;
    char server_name[256]; /* to be sent; "": none */
    bool is_certified;     /* a handshake that succeeds means a certified name */
    bool is_pinned;
    uint8_t pin[32];
};

/* A session in its first state, over a socket that stays the caller's. NULL: no memory.
 */
SSL *troth_tls_session(const struct troth_tls *tls, struct troth_socket *socket);

/* The peer's certificate is judged as of this instant. Before the handshake. */
void troth_tls_set_time(SSL *session, int64_t now_s);

/*
 * troth_tls_check - is the TLS connection, which is just established, as it has to be?
 *
 *   out_peer   the peer's leaf, DER, to be freed by OPENSSL_free(); empty if it has none
 *   out_name   what that says of the peer's name
 *
 * Returns  NULL, or a clause that says what is wrong: outputs are zeroed then
 */
const char *troth_tls_check(const struct troth_tls *tls, const SSL *session,
                            struct troth_span *out_peer,
                            enum troth_name_backing *out_name);

/* This side's leaf, if the peer was shown it; borrows `tls`. */
struct troth_span troth_tls_own_certificate(const struct troth_tls *tls,
                                            const SSL *session);

/* TROTH_EXPORTER_SIZE bytes under `context`; false when OpenSSL fails. */
bool troth_tls_export(SSL *session, uint8_t out[static TROTH_EXPORTER_SIZE],
                      struct troth_span context);

/* Why the last call of OpenSSL failed: a clause without an end. Empties its queue. */
const char *troth_tls_complaint(const SSL *session);

bool troth_tls_sha256(const struct troth_tls *tls, uint8_t out[static 32],
                      struct troth_span bytes);
bool troth_tls_random(const struct troth_tls *tls, uint8_t *out, size_t len);

/* ---- tls_certificate.c ---- */

/* Gives `tls->context` the key and certificates of `options`, or new ones.
 * TROTH_ERR_KEY, TROTH_ERR_CRYPTO. */
TROTH_MUST_USE enum troth_err
troth_tls_set_certificate(struct troth_tls *tls, const struct troth_tls_options *options);

/* ---- tls_name.c ---- */

/* Whom the server's certificate has to satisfy. TROTH_ERR_VALUE: options that contradict
 * each other; TROTH_ERR_KEY: no certificate authority there; TROTH_ERR_CRYPTO. */
TROTH_MUST_USE enum troth_err troth_tls_set_name(struct troth_tls *tls,
                                                 const struct troth_tls_options *options);

#endif
