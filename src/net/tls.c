/* SPDX-License-Identifier: Apache-2.0 */
#include "net/tls.h"

#include <limits.h>
#include <string.h>

#include <openssl/err.h>
#include <openssl/rand.h>

#include "base/span.h"

/* No client's or server's chain of certificates is longer: real ones take 4 to 8 KiB. */
enum { CHAIN_MAX = 32 * 1024 };

/* As OpenSSL takes it: each name behind its length. */
static const unsigned char protocols[] = "\x07" TROTH_CHANNEL_ALPN;
enum { PROTOCOLS_LEN = sizeof protocols - 1 };

/* In OpenSSL 3.0 there is no group that a quantum computer could not break. */
static const char groups[] = "X25519:P-256";
static const char suites[] =
    "TLS_AES_128_GCM_SHA256:TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256";
/* The last three cannot sign a handshake; certificate authorities still use them. */
static const char signatures[] =
    "ECDSA+SHA256:ECDSA+SHA384:ed25519:rsa_pss_rsae_sha256:rsa_pss_rsae_sha384:"
    "rsa_pss_rsae_sha512:RSA+SHA256:RSA+SHA384:RSA+SHA512";

static int choose_protocol(SSL *session, const unsigned char **out,
                           unsigned char *out_len, const unsigned char *offered,
                           unsigned offered_len, void *state)
{
    struct troth_span list = {offered, offered_len};

    (void)session;
    (void)state;
    while (list.len > 0) {
        size_t len = (size_t)1 + list.ptr[0];
        struct troth_span one = troth_span_slice(list, 0, len);

        if (troth_span_equal(one, (struct troth_span){protocols, PROTOCOLS_LEN})) {
            *out = one.ptr + 1;
            *out_len = (unsigned char)(len - 1);
            return SSL_TLSEXT_ERR_OK;
        }
        list = troth_span_slice(list, len, list.len);
    }
    return SSL_TLSEXT_ERR_ALERT_FATAL;
}

/* What an openssl.cnf may have told every context of this process. */
static void forget_settings(SSL_CTX *context)
{
    SSL_CTX_clear_options(context, SSL_CTX_get_options(context));
    SSL_CTX_clear_mode(context, SSL_CTX_get_mode(context));
    SSL_CTX_set0_verify_cert_store(context, NULL);
    SSL_CTX_set0_chain_cert_store(context, NULL);
    SSL_CTX_set_client_CA_list(context, NULL);
    SSL_CTX_set0_CA_list(context, NULL);
    SSL_CTX_set_keylog_callback(context, NULL);
    (void)SSL_CTX_set_block_padding(context, 0);
}

/* A connection is never continued by another one. */
static bool forbid_resumption(SSL_CTX *context)
{
    SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
    return SSL_CTX_set_num_tickets(context, 0) > 0 &&
           SSL_CTX_set_max_early_data(context, 0) > 0 &&
           SSL_CTX_set_recv_max_early_data(context, 0) > 0;
}

static bool settle(SSL_CTX *context)
{
    X509_STORE *store = X509_STORE_new();

    if (!store)
        return false;
    forget_settings(context);
    SSL_CTX_set_cert_store(context, store);
    /* What a middlebox takes for TLS 1.2 costs six bytes, and is dropped by none. */
    SSL_CTX_set_options(context, SSL_OP_NO_TICKET | SSL_OP_NO_RENEGOTIATION |
                                     SSL_OP_NO_COMPRESSION |
                                     SSL_OP_ENABLE_MIDDLEBOX_COMPAT);
    SSL_CTX_set_mode(context, SSL_MODE_RELEASE_BUFFERS | SSL_MODE_AUTO_RETRY |
                                  SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
    /* One read for a record, not one for its header and one for the rest. What is read
     * too early is used before the socket is asked again. */
    SSL_CTX_set_read_ahead(context, 1);
    SSL_CTX_set_security_level(context, 2);
    SSL_CTX_set_max_cert_list(context, CHAIN_MAX);
    SSL_CTX_set_alpn_select_cb(context, choose_protocol, NULL);
    return forbid_resumption(context) &&
           SSL_CTX_set_min_proto_version(context, TLS1_3_VERSION) > 0 &&
           SSL_CTX_set_max_proto_version(context, TLS1_3_VERSION) > 0 &&
           SSL_CTX_set_ciphersuites(context, suites) > 0 &&
           SSL_CTX_set1_groups_list(context, groups) > 0 &&
           SSL_CTX_set1_sigalgs_list(context, signatures) > 0 &&
           SSL_CTX_set1_client_sigalgs_list(context, signatures) > 0 &&
           /* The one function of the library that returns 0 for success. */
           SSL_CTX_set_alpn_protos(context, protocols, PROTOCOLS_LEN) == 0;
}

static enum troth_err open_library(struct troth_tls *tls)
{
    /* Where nobody has read openssl.cnf yet, nobody does. */
    if (OPENSSL_init_ssl(OPENSSL_INIT_NO_LOAD_CONFIG, NULL) <= 0)
        return TROTH_ERR_CRYPTO;
    tls->library = OSSL_LIB_CTX_new();
    if (tls->library)
        tls->algorithms = OSSL_PROVIDER_load(tls->library, "default");
    tls->socket = troth_socket_method();
    if (!tls->algorithms || !tls->socket)
        return TROTH_ERR_CRYPTO;
    tls->context = SSL_CTX_new_ex(tls->library, NULL,
                                  tls->role == TROTH_CLIENT ? TLS_client_method()
                                                            : TLS_server_method());
    return tls->context && settle(tls->context) ? TROTH_OK : TROTH_ERR_CRYPTO;
}

enum troth_err troth_tls_create(struct troth_tls **out,
                                const struct troth_tls_options *options)
{
    *out = NULL;
    if (options->role != TROTH_CLIENT && options->role != TROTH_SERVER)
        return TROTH_ERR_VALUE;

    struct troth_tls *tls = OPENSSL_zalloc(sizeof *tls);

    if (!tls)
        return TROTH_ERR_MEMORY;
    tls->role = options->role;

    enum troth_err err = open_library(tls);

    if (!err)
        err = troth_tls_set_certificate(tls, options);
    if (!err)
        err = troth_tls_set_name(tls, options);
    ERR_clear_error();
    if (err) {
        troth_tls_destroy(tls);
        return err;
    }
    *out = tls;
    return TROTH_OK;
}

void troth_tls_destroy(struct troth_tls *tls)
{
    if (!tls)
        return;
    OPENSSL_free(tls->certificate);
    SSL_CTX_free(tls->context);
    BIO_meth_free(tls->socket);
    if (tls->algorithms)
        (void)OSSL_PROVIDER_unload(tls->algorithms);
    OSSL_LIB_CTX_free(tls->library);
    OPENSSL_free(tls);
}

SSL *troth_tls_session(const struct troth_tls *tls, struct troth_socket *socket)
{
    SSL *session = SSL_new(tls->context);
    BIO *bio = session ? troth_socket_bio(tls->socket, socket) : NULL;

    if (bio) {
        SSL_set_bio(session, bio, bio);
        if (tls->role == TROTH_SERVER)
            SSL_set_accept_state(session);
        else
            SSL_set_connect_state(session);
        if (!*tls->server_name || SSL_set_tlsext_host_name(session, tls->server_name) > 0)
            return session;
    }
    SSL_free(session);
    ERR_clear_error();
    return NULL;
}

void troth_tls_set_time(SSL *session, int64_t now_s)
{
    X509_VERIFY_PARAM_set_time(SSL_get0_param(session), (time_t)now_s);
}

static bool is_troth(const SSL *session)
{
    struct troth_span chosen = {NULL, 0};
    unsigned len = 0;

    SSL_get0_alpn_selected(session, &chosen.ptr, &len);
    chosen.len = len;
    return troth_span_equal(chosen, TROTH_LITERAL(TROTH_CHANNEL_ALPN));
}

static bool read_peer(const SSL *session, struct troth_span *out)
{
    X509 *leaf = SSL_get0_peer_certificate(session);
    uint8_t *der = NULL;

    if (!leaf)
        return true;

    int len = i2d_X509(leaf, &der);

    if (len > 0)
        *out = (struct troth_span){der, (size_t)len};
    return len > 0;
}

static bool is_the_pinned(const struct troth_tls *tls, struct troth_span leaf)
{
    uint8_t sha256[32];

    return leaf.len > 0 && troth_tls_sha256(tls, sha256, leaf) &&
           troth_span_equal((struct troth_span){sha256, sizeof sha256},
                            (struct troth_span){tls->pin, sizeof tls->pin});
}

const char *troth_tls_check(const struct troth_tls *tls, const SSL *session,
                            struct troth_span *out_peer,
                            enum troth_name_backing *out_name)
{
    struct troth_span peer = {NULL, 0};

    *out_peer = peer;
    *out_name = TROTH_NAME_UNBACKED;
    if (SSL_version(session) != TLS1_3_VERSION)
        return "it is not TLS 1.3";
    if (!is_troth(session))
        return "ALPN is not \"" TROTH_CHANNEL_ALPN "\"";
    if (SSL_session_reused(session))
        return "it resumes an earlier session";
    if (SSL_get_early_data_status(session) == SSL_EARLY_DATA_ACCEPTED)
        return "it has early data";
    if (!read_peer(session, &peer))
        return "the peer's certificate cannot be read";
    if (tls->is_pinned && !is_the_pinned(tls, peer)) {
        OPENSSL_free((void *)peer.ptr);
        return "the server's certificate is not the one that is pinned";
    }
    *out_peer = peer;
    if (tls->is_pinned)
        *out_name = TROTH_NAME_PINNED;
    else if (tls->is_certified)
        *out_name = TROTH_NAME_CERTIFIED;
    return NULL;
}

struct troth_span troth_tls_own_certificate(const struct troth_tls *tls,
                                            const SSL *session)
{
    int signature = 0;

    /* A client has one to show only if the server asked, and took its kind of key. */
    if (SSL_get_signature_type_nid(session, &signature) <= 0)
        return (struct troth_span){NULL, 0};
    return (struct troth_span){tls->certificate, tls->certificate_len};
}

bool troth_tls_export(SSL *session, uint8_t out[static TROTH_EXPORTER_SIZE],
                      struct troth_span context)
{
    static const char label[] = TROTH_EXPORTER_LABEL;

    return SSL_export_keying_material(session, out, TROTH_EXPORTER_SIZE, label,
                                      sizeof label - 1, context.ptr, context.len, 1) > 0;
}

const char *troth_tls_complaint(const SSL *session)
{
    const char *text = ERR_reason_error_string(ERR_peek_last_error());
    long verdict = SSL_get_verify_result(session);

    if (verdict != X509_V_OK)
        text = X509_verify_cert_error_string(verdict);
    ERR_clear_error();
    return text ? text : "";
}

bool troth_tls_sha256(const struct troth_tls *tls, uint8_t out[static 32],
                      struct troth_span bytes)
{
    static const uint8_t nothing[1];

    return EVP_Q_digest(tls->library, "SHA2-256", NULL,
                        bytes.len > 0 ? bytes.ptr : nothing, bytes.len, out, NULL) > 0;
}

bool troth_tls_random(const struct troth_tls *tls, uint8_t *out, size_t len)
{
    return RAND_bytes_ex(tls->library, out, len, 256) > 0;
}
