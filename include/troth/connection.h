/*
 * connection.h - an attested connection over a socket: TLS 1.3 by OpenSSL, and
 * troth/channel.h inside it.
 *
 * Never blocks on a non-blocking socket. The caller waits for the descriptor, makes the
 * proofs it is asked for (troth/prover.h), and reads and writes once both sides are
 * satisfied.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_CONNECTION_H
#define TROTH_CONNECTION_H

#include "troth/channel.h"

/* ---- one side's TLS, shared by its connections ---- */

struct troth_tls;

struct troth_tls_options {
    enum troth_role role;
    /* PEM; both empty: a key and a certificate made here, in memory (server), or none
     * (client). The caller wipes the key. */
    struct troth_span certificate_chain, private_key;
    /* Client: whom the server's certificate has to satisfy. All empty: anybody; its name
     * then counts for nothing. */
    const char *ca_file;     /* PEM; "" with `server_name`: the system's folder */
    const char *server_name; /* the name asked for, also sent as SNI; NULL: none */
    struct troth_span pinned_sha256; /* of the server's leaf, DER */
    bool asks_certificate; /* Server: the client may show one. What is proven is bound to
                              it; nobody judges its name. */
};

/*
 * troth_tls_create - keys, certificates and demands of one side.
 *
 *   out   NULL on failure; give it to troth_tls_destroy()
 *
 * Shape    `ca_file` needs a `server_name`; with both it and a pin, both have to be
 *          satisfied. A name without authority or pin is sent, and counts for nothing.
 * Errors   TROTH_ERR_KEY: not a usable certificate, key or authority; TROTH_ERR_VALUE;
 *          TROTH_ERR_MEMORY, TROTH_ERR_CRYPTO
 * Effects  reads `ca_file`, or the system's folder when it is wanted. Keeps OpenSSL from
 *          reading openssl.cnf, if this process has not used OpenSSL's TLS before; what
 *          was read before has no effect here
 */
TROTH_MUST_USE enum troth_err troth_tls_create(struct troth_tls **out,
                                               const struct troth_tls_options *options);
void troth_tls_destroy(struct troth_tls *tls); /* takes NULL */

/* ---- one connection ---- */

struct troth_connection; /* one thread at a time */

struct troth_connection_options {
    struct troth_tls *tls;
    enum troth_level asks;
    bool gives[TROTH_LEVEL_COUNT];
    int64_t max_age_s;      /* as in struct troth_channel_terms */
    struct troth_span peer; /* the peer's address as text; evidence is remembered by it */
    int64_t open_by_s; /* else it is refused as SLOW; 0: never. Evidence may take long. */
};

enum troth_connection_phase {
    TROTH_CONNECTION_CLOSED = 0, /* troth_connection_reason() says why */
    TROTH_CONNECTION_HANDSHAKE,
    TROTH_CONNECTION_OPEN
};

/* What it waits for; bits. */
enum troth_connection_want {
    TROTH_WANT_READ = 1,
    TROTH_WANT_WRITE = 2,
    TROTH_WANT_PROOF = 4,      /* troth_connection_request(), then …_prove() */
    TROTH_WANT_SIGNATURE = 8,  /* troth_connection_to_sign(), then …_signed() */
    TROTH_WANT_COLLATERAL = 16 /* troth_connection_needs(), then …_looked() */
};

/*
 * troth_connection_create - over a connected stream socket.
 *
 *   descriptor  stays the caller's, who closes it after troth_connection_destroy(); of
 * TCP it should be without delay (TCP_NODELAY), as short frames go to and fro
 *
 * Errors   TROTH_ERR_MEMORY, TROTH_ERR_CRYPTO, TROTH_ERR_VALUE
 */
TROTH_MUST_USE enum troth_err
troth_connection_create(struct troth_connection **out, int descriptor,
                        const struct troth_connection_options *options);
void troth_connection_destroy(struct troth_connection *connection); /* takes NULL */

/*
 * troth_connection_step - do what can be done now.
 *
 *   tools   the same for all connections of a thread; may change between calls: when its
 *           generation does, an open connection's peer is judged again
 *   now_s   this side's clock, seconds since 1970
 *
 * Returns  the phase; troth_connection_wants() says what for
 */
enum troth_connection_phase troth_connection_step(struct troth_connection *connection,
                                                  const struct troth_channel_tools *tools,
                                                  int64_t now_s);
unsigned troth_connection_wants(const struct troth_connection *connection);

/* Answers to what it wants; then step again. A proof's spans stay until a step returns
 * that wants neither proof nor signature. NULL and a reason (CANNOT, BUSY): there is
 * none. The needs stay until any connection that shares the tools' arena steps. */
const struct troth_proof_request *
troth_connection_request(const struct troth_connection *connection);
void troth_connection_prove(struct troth_connection *connection,
                            const struct troth_proof *proof,
                            enum troth_channel_reason reason);
struct troth_span troth_connection_to_sign(const struct troth_connection *connection);
void troth_connection_signed(struct troth_connection *connection,
                             struct troth_span signature);
const struct troth_needs *
troth_connection_needs(const struct troth_connection *connection);
void troth_connection_looked(struct troth_connection *connection);

/*
 * Application data, once OPEN. Both return how many bytes went, 0 where the socket has to
 * be waited for, and -1 at the end: the peer ended its side (read: phase OPEN still), or
 * the connection is closed. Read until there is nothing before waiting for the socket: it
 * may be silent while something is left here.
 */
ptrdiff_t troth_connection_read(struct troth_connection *connection,
                                const struct troth_channel_tools *tools, int64_t now_s,
                                uint8_t *out, size_t size);
ptrdiff_t troth_connection_write(struct troth_connection *connection,
                                 struct troth_span bytes);
/* No more will be written; the peer reads to the end. Reading goes on. */
void troth_connection_end(struct troth_connection *connection);
/* Tell the peer why, and close. */
void troth_connection_refuse(struct troth_connection *connection,
                             enum troth_channel_reason reason);

/* Of the peer, once OPEN; NULL before, and where nothing was asked of it. */
const struct troth_standing *
troth_connection_standing(const struct troth_connection *connection);
/* The evidence that was accepted of it, as its device gave it; empty where there is no
 * standing. Borrows the connection. */
struct troth_span troth_connection_evidence(const struct troth_connection *connection);
/* Why it is CLOSED; `out_peer` is theirs where it is TROTH_REASON_PEER. May be NULL. */
enum troth_channel_reason
troth_connection_reason(const struct troth_connection *connection,
                        enum troth_channel_reason *out_peer);
/* A clause with what TLS or the verdict said, beside the reason; may be "". */
const char *troth_connection_detail(const struct troth_connection *connection);

/* Of several checks that failed the first one; or, where none did, of those that could
 * not be made. Texts are cut where they are too long, and empty where there is nothing.
 */
struct troth_connection_check {
    const char *name; /* "tcb_status"; static */
    char subject[96]; /* the claim, certificate or bit it is about */
    char why[192];    /* one clause */
    char seen[256], wanted[256];
    char flag[32], flag_argument[96]; /* what would change it: "--allow", "debug" */
    uint32_t policy_line;             /* of the policy that decided; 0: none did */
    size_t more;                      /* other checks that came out alike */
};

/* Which check decided, once it is CLOSED because evidence was judged; else NULL. */
const struct troth_connection_check *
troth_connection_check(const struct troth_connection *connection);
/* When step has to be called though nothing happens; INT64_MAX: never. */
int64_t troth_connection_due_s(const struct troth_connection *connection);

#endif
