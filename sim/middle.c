/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/middle.h"

#include <openssl/ec.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <poll.h>
#include <stdlib.h>
#include <unistd.h>

#include "sim/bytes.h"

#define DAY  86400
#define ROOM 16384 /* a record's */

struct sim_middle {
    SSL_CTX *as_server, *as_client;
};

/* One of the two sides, and what it waits for. */
struct side {
    SSL *tls;
    int socket;
    short awaits;
};

/* From one side to the other. */
struct way {
    struct side *from, *to;
    uint8_t bytes[ROOM];
    size_t at, len;
    uint64_t heard;
    bool is_over;
};

static void *wanted(void *made)
{
    if (!made)
        sim_die("OpenSSL makes nothing");
    return made;
}

static X509 *sign_own(EVP_PKEY *key)
{
    X509 *cert = wanted(X509_new());
    X509_NAME *name = wanted(X509_get_subject_name(cert));

    if (X509_set_version(cert, X509_VERSION_3) != 1 ||
        ASN1_INTEGER_set(X509_get_serialNumber(cert), 1) != 1 ||
        !X509_gmtime_adj(X509_getm_notBefore(cert), -DAY) ||
        !X509_gmtime_adj(X509_getm_notAfter(cert), DAY) ||
        X509_set_pubkey(cert, key) != 1 ||
        X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC,
                                   (const unsigned char *)"man in the middle", -1, -1,
                                   0) != 1 ||
        X509_set_issuer_name(cert, name) != 1 || X509_sign(cert, key, EVP_sha256()) == 0)
        sim_die("no certificate of its own");
    return cert;
}

/* Whatever a client offers first is spoken: the server will be offered it, too. */
static int choose_first(SSL *tls, const unsigned char **out, unsigned char *out_len,
                        const unsigned char *offered, unsigned int len, void *unused)
{
    (void)tls;
    (void)unused;
    if (len < 2 || offered[0] >= len)
        return SSL_TLSEXT_ERR_NOACK;
    *out = offered + 1;
    *out_len = offered[0];
    return SSL_TLSEXT_ERR_OK;
}

struct sim_middle *sim_middle_create(void)
{
    struct sim_middle *middle = wanted(calloc(1, sizeof *middle));
    EVP_PKEY *key = wanted(EVP_EC_gen("P-256"));
    X509 *cert = sign_own(key);

    middle->as_server = wanted(SSL_CTX_new(TLS_server_method()));
    middle->as_client = wanted(SSL_CTX_new(TLS_client_method()));
    if (SSL_CTX_use_certificate(middle->as_server, cert) != 1 ||
        SSL_CTX_use_PrivateKey(middle->as_server, key) != 1)
        sim_die("no certificate of its own");
    (void)SSL_CTX_set_num_tickets(middle->as_server, 0);
    SSL_CTX_set_alpn_select_cb(middle->as_server, choose_first, NULL);
    (void)SSL_CTX_set_mode(middle->as_server, SSL_MODE_ENABLE_PARTIAL_WRITE |
                                                  SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
    (void)SSL_CTX_set_mode(middle->as_client, SSL_MODE_ENABLE_PARTIAL_WRITE |
                                                  SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
    SSL_CTX_set_verify(middle->as_client, SSL_VERIFY_NONE, NULL); /* he asks nobody */
    X509_free(cert);
    EVP_PKEY_free(key);
    return middle;
}

/* Does it go on, once the socket is ready? False: it failed, or has ended. */
static bool is_waiting(struct side *side, int result)
{
    const int error = SSL_get_error(side->tls, result);

    if (error == SSL_ERROR_WANT_READ)
        side->awaits |= POLLIN;
    else if (error == SSL_ERROR_WANT_WRITE)
        side->awaits |= POLLOUT;
    else
        return false;
    return true;
}

static bool await(struct side *sides, size_t count)
{
    struct pollfd sockets[2] = {{.fd = -1}, {.fd = -1}};

    for (size_t i = 0; i < count; i++) {
        sockets[i] = (struct pollfd){.fd = sides[i].socket, .events = sides[i].awaits};
        sides[i].awaits = 0;
    }
    return poll(sockets, (nfds_t)count, -1) >= 0;
}

static bool shake_hands(struct side *side)
{
    int result;

    while ((result = SSL_do_handshake(side->tls)) != 1)
        if (!is_waiting(side, result) || !await(side, 1))
            return false;
    return true;
}

/* The name and the protocol that the client asked for. */
static void ask_the_same(SSL *server, SSL *client)
{
    const char *name = SSL_get_servername(client, TLSEXT_NAMETYPE_host_name);
    unsigned char offer[256];
    const unsigned char *chosen;
    unsigned int len;

    SSL_get0_alpn_selected(client, &chosen, &len);
    if (name)
        (void)SSL_set_tlsext_host_name(server, name);
    if (len == 0 || len >= sizeof offer)
        return;
    offer[0] = (unsigned char)len;
    for (unsigned int i = 0; i < len; i++)
        offer[1 + i] = chosen[i];
    (void)SSL_set_alpn_protos(server, offer, len + 1);
}

static bool open_client(struct side *client, struct sim_middle *middle)
{
    client->tls = wanted(SSL_new(middle->as_server));
    SSL_set_accept_state(client->tls);
    return troth_address_settle(client->socket) &&
           SSL_set_fd(client->tls, client->socket) == 1 && shake_hands(client);
}

static bool open_server(struct side *server, struct sim_middle *middle,
                        const struct troth_address *address, SSL *client)
{
    server->tls = wanted(SSL_new(middle->as_client));
    SSL_set_connect_state(server->tls);
    ask_the_same(server->tls, client);
    server->socket = troth_address_connect(address);
    if (server->socket < 0 || SSL_set_fd(server->tls, server->socket) != 1)
        return false;
    server->awaits = POLLOUT; /* then it is connected, or never will be */
    return await(server, 1) && shake_hands(server);
}

/* Is there anything to say on the other side? False: it comes later, or the way is over,
 * or a side is gone, which `is_well` says. */
static bool hear(struct way *way, bool *is_well)
{
    if (way->at < way->len)
        return true;
    const int got = SSL_read(way->from->tls, way->bytes, sizeof way->bytes);

    if (got > 0) {
        way->at = 0;
        way->len = (size_t)got;
        way->heard += way->len;
        return true;
    }
    way->is_over = SSL_get_error(way->from->tls, got) == SSL_ERROR_ZERO_RETURN;
    if (way->is_over)
        (void)SSL_shutdown(way->to->tls);
    *is_well = way->is_over || is_waiting(way->from, got);
    return false;
}

/* All that can be passed on now. False: a side is gone without a word. */
static bool pass_on(struct way *way)
{
    bool is_well = true;

    while (!way->is_over && hear(way, &is_well)) {
        const int said = SSL_write(way->to->tls, way->bytes + way->at,
                                   (int)(way->len - way->at));

        if (said <= 0)
            return is_waiting(way->to, said);
        way->at += (size_t)said;
    }
    return is_well;
}

static void relay(struct sim_middle_heard *heard, struct side sides[static 2])
{
    struct way there = {.from = &sides[0], .to = &sides[1]};
    struct way back = {.from = &sides[1], .to = &sides[0]};

    while (pass_on(&there) && pass_on(&back) && !(there.is_over && back.is_over))
        if (!await(sides, 2))
            break;
    heard->from_client = there.heard;
    heard->from_server = back.heard;
}

struct sim_middle_heard sim_middle_relay(struct sim_middle *middle, int client,
                                         const struct troth_address *server)
{
    struct side sides[2] = {{.socket = client}, {.socket = -1}};
    struct sim_middle_heard heard = {.trouble = NULL};

    if (!open_client(&sides[0], middle))
        heard.trouble = "the client does not believe him";
    else if (!open_server(&sides[1], middle, server, sides[0].tls))
        heard.trouble = "the server does not answer";
    else
        relay(&heard, sides);
    for (size_t i = 0; i < 2; i++) {
        SSL_free(sides[i].tls);
        if (sides[i].socket >= 0)
            (void)close(sides[i].socket);
    }
    return heard;
}
