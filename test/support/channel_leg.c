/* SPDX-License-Identifier: Apache-2.0 */
#include "test/support/channel_leg.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <openssl/err.h>
#include <openssl/x509.h>

#include "channel/commitment.h"
#include "test/harness.h"

/* ---- TLS ---- */

enum { RECORD = 16 * 1024 };

static const unsigned char protocols[] = "\x07" TROTH_CHANNEL_ALPN;

static int choose_protocol(SSL *ssl, const unsigned char **out, unsigned char *out_len,
                           const unsigned char *offered, unsigned len, void *state)
{
    unsigned char *chosen;

    (void)ssl;
    (void)state;
    if (SSL_select_next_proto(&chosen, out_len, protocols, sizeof protocols - 1, offered,
                              len) != OPENSSL_NPN_NEGOTIATED)
        return SSL_TLSEXT_ERR_ALERT_FATAL;
    *out = chosen;
    return SSL_TLSEXT_ERR_OK;
}

static int take_any(X509_STORE_CTX *context, void *state)
{
    (void)state;
    X509_STORE_CTX_set_error(context, X509_V_OK);
    return 1;
}

static void make_certificate(SSL_CTX *context)
{
    EVP_PKEY *key = EVP_EC_gen("P-256");
    X509 *made = X509_new();
    X509_NAME *name = X509_get_subject_name(made);

    if (!key || X509_set_version(made, X509_VERSION_3) <= 0 ||
        ASN1_INTEGER_set(X509_get_serialNumber(made), 7) <= 0 ||
        X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC,
                                   (const unsigned char *)"attacker", -1, -1, 0) <= 0 ||
        X509_set_issuer_name(made, name) <= 0 ||
        ASN1_TIME_set_string(X509_getm_notBefore(made), "19700101000000Z") <= 0 ||
        ASN1_TIME_set_string(X509_getm_notAfter(made), "99991231235959Z") <= 0 ||
        X509_set_pubkey(made, key) <= 0 || X509_sign(made, key, EVP_sha256()) <= 0 ||
        SSL_CTX_use_certificate(context, made) <= 0 ||
        SSL_CTX_use_PrivateKey(context, key) <= 0)
        abort();
    X509_free(made);
    EVP_PKEY_free(key);
}

void leg_begin(struct leg *leg, struct channel_world *world, enum troth_role role)
{
    *leg = (struct leg){
        .role = role, .world = world, .descriptor = -1, .label = TROTH_EXPORTER_LABEL};
    leg->context = SSL_CTX_new(role == TROTH_CLIENT ? TLS_client_method()
                                                    : TLS_server_method());
    leg->bytes = malloc(LEG_ROOM);
    if (!leg->context || !leg->bytes ||
        SSL_CTX_set_min_proto_version(leg->context, TLS1_3_VERSION) <= 0 ||
        SSL_CTX_set_alpn_protos(leg->context, protocols, sizeof protocols - 1) != 0)
        abort();
    SSL_CTX_set_alpn_select_cb(leg->context, choose_protocol, NULL);
    SSL_CTX_set_cert_verify_callback(leg->context, take_any, NULL);
    SSL_CTX_set_mode(leg->context, SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
    if (role == TROTH_SERVER)
        make_certificate(leg->context);
}

void leg_end(struct leg *leg)
{
    SSL_free(leg->ssl);
    SSL_CTX_free(leg->context);
    free(leg->bytes);
    if (leg->descriptor >= 0)
        (void)close(leg->descriptor);
}

void leg_steal_certificate(struct leg *leg, const SSL_CTX *victim)
{
    X509 *certificate = X509_dup(SSL_CTX_get0_certificate(victim));
    EVP_PKEY *theirs = SSL_CTX_get0_privatekey(victim);
    unsigned char *der = NULL;
    const int len = i2d_PrivateKey(theirs, &der);
    const unsigned char *at = der;
    EVP_PKEY *key = len > 0 ? d2i_AutoPrivateKey(NULL, &at, len) : NULL;

    if (!certificate || !key || SSL_CTX_use_certificate(leg->context, certificate) <= 0 ||
        SSL_CTX_use_PrivateKey(leg->context, key) <= 0)
        abort();
    OPENSSL_free(der);
    EVP_PKEY_free(key);
    X509_free(certificate);
}

void leg_open(struct leg *leg, int descriptor)
{
    leg->descriptor = descriptor;
    leg->ssl = SSL_new(leg->context);
    if (!leg->ssl || SSL_set_fd(leg->ssl, descriptor) <= 0)
        abort();
    if (leg->role == TROTH_CLIENT)
        SSL_set_connect_state(leg->ssl);
    else
        SSL_set_accept_state(leg->ssl);
}

static void note_failure(struct leg *leg, int result)
{
    const int error = SSL_get_error(leg->ssl, result);

    leg->is_broken = error != SSL_ERROR_WANT_READ && error != SSL_ERROR_WANT_WRITE;
    ERR_clear_error();
}

void leg_step(struct leg *leg)
{
    size_t got = 0;
    int result = 1;

    ERR_clear_error();
    if (!leg->is_broken && !SSL_is_init_finished(leg->ssl))
        result = SSL_do_handshake(leg->ssl);
    while (!leg->is_broken && result > 0) {
        result = SSL_read_ex(leg->ssl, leg->bytes + leg->len, LEG_ROOM - leg->len, &got);
        if (result > 0)
            leg->len += got;
    }
    if (!leg->is_broken && result <= 0)
        note_failure(leg, result);
}

/* ---- frames ---- */

static void add(struct leg *leg, enum troth_role sender, struct troth_span frame)
{
    CHECK_ERR(
        troth_transcript_add(leg->transcript, &leg->world->trial.crypto, sender, frame),
        TROTH_OK);
}

static struct troth_span keep(const struct leg *leg, struct troth_span bytes)
{
    return trial_keep(&leg->world->trial, bytes);
}

static struct troth_span body_of(struct troth_span frame)
{
    return (struct troth_span){frame.ptr + TROTH_FRAME_HEADER,
                               frame.len - TROTH_FRAME_HEADER};
}

bool leg_take(struct leg *leg, struct troth_span *out)
{
    size_t len;

    if (leg->len < TROTH_FRAME_HEADER || troth_frame_length(&len, leg->bytes) ||
        leg->len < len)
        return false;
    *out = keep(leg, (struct troth_span){leg->bytes, len});
    leg->len -= len;
    memmove(leg->bytes, leg->bytes + len, leg->len);
    add(leg, leg->role == TROTH_CLIENT ? TROTH_SERVER : TROTH_CLIENT, *out);
    if (out->ptr[0] == TROTH_FRAME_HELLO)
        CHECK_ERR(troth_hello_parse(&leg->peer, NULL, body_of(*out)), TROTH_OK);
    return true;
}

void leg_write(struct leg *leg, struct troth_span bytes)
{
    size_t sent = 0;

    ERR_clear_error();
    while (bytes.len > 0 && SSL_write_ex(leg->ssl, bytes.ptr, bytes.len, &sent) > 0) {
        leg->records += (sent + RECORD - 1) / RECORD;
        bytes.ptr += sent;
        bytes.len -= sent;
    }
    ERR_clear_error();
}

void leg_note(struct leg *leg, struct troth_span frame)
{
    add(leg, leg->role, frame);
}

void leg_send(struct leg *leg, struct troth_span frame)
{
    leg_note(leg, frame);
    leg_write(leg, frame);
}

struct troth_span leg_hello(struct leg *leg, enum troth_level asks, const uint8_t *fresh)
{
    uint8_t frame[TROTH_FRAME_HEADER + TROTH_HELLO_MAX];
    struct troth_writer w = troth_writer_over(frame, sizeof frame);

    memcpy(leg->challenge, fresh, sizeof leg->challenge);
    troth_hello_write(
        &w, &(struct troth_hello){.role = leg->role,
                                  .asks = asks,
                                  .challenge = TROTH_ARRAY_SPAN(leg->challenge)});
    return keep(leg, troth_writer_span(&w));
}

struct troth_span leg_done(const struct leg *leg)
{
    uint8_t frame[TROTH_FRAME_HEADER + 1];
    struct troth_writer w = troth_writer_over(frame, sizeof frame);

    troth_done_write(&w, leg->role);
    return keep(leg, troth_writer_span(&w));
}

struct troth_span leg_join(const struct leg *leg, const struct troth_span *frames,
                           size_t count)
{
    uint8_t *bytes = malloc(LEG_ROOM);
    struct troth_writer w = troth_writer_over(bytes, bytes ? LEG_ROOM : 0);
    struct troth_span kept;

    for (size_t i = 0; i < count; i++)
        troth_write_bytes(&w, frames[i]);
    CHECK(!w.full);
    kept = keep(leg, troth_writer_span(&w));
    free(bytes);
    return kept;
}

struct troth_span leg_data(const struct leg *leg, const char *text)
{
    uint8_t header[TROTH_FRAME_HEADER];
    const struct troth_span parts[] = {TROTH_ARRAY_SPAN(header), test_text(text)};

    troth_frame_data_header(header, strlen(text));
    return leg_join(leg, parts, COUNT(parts));
}

/* ---- proofs ---- */

static struct troth_span hash_leaf(const struct leg *leg, const X509 *leaf,
                                   uint8_t out[static 32])
{
    unsigned char *der = NULL;
    const int len = leaf ? i2d_X509(leaf, &der) : 0;

    if (len <= 0)
        return (struct troth_span){NULL, 0};
    CHECK_ERR(troth_digest(&leg->world->trial.crypto, out, TROTH_SHA256,
                           (struct troth_span){der, (size_t)len}),
              TROTH_OK);
    OPENSSL_free(der);
    return (struct troth_span){out, 32};
}

void leg_commit(const struct leg *leg, uint8_t out[static 64], enum troth_role role,
                enum troth_level level, struct troth_span verifier,
                struct troth_span evidence_sha256)
{
    const bool is_client = leg->role == TROTH_CLIENT;
    uint8_t own_hash[32], peer_hash[32];
    int type = 0;
    const bool shows_own = !is_client || SSL_get_signature_type_nid(leg->ssl, &type) > 0;
    const struct troth_span own = hash_leaf(
        leg, shows_own ? SSL_get_certificate(leg->ssl) : NULL, own_hash);
    const struct troth_span peer = hash_leaf(leg, SSL_get0_peer_certificate(leg->ssl),
                                             peer_hash);
    struct troth_commitment commitment = {
        .role = role,
        .level = level,
        .client_certificate = is_client ? own : peer,
        .server_certificate = is_client ? peer : own,
        .evidence = evidence_sha256,
    };

    memcpy(commitment.frames, leg->transcript, sizeof commitment.frames);
    CHECK_INT(SSL_export_keying_material(
                  leg->ssl, commitment.exporter, sizeof commitment.exporter, leg->label,
                  strlen(leg->label), verifier.ptr, verifier.len, verifier.len > 0),
              1);
    CHECK_ERR(troth_commitment_compute(out, &leg->world->trial.crypto, &commitment),
              TROTH_OK);
}

static struct troth_span write_proof(const struct leg *leg,
                                     const struct troth_proof_frame *proof)
{
    uint8_t *bytes = malloc(TROTH_FRAME_MAX);
    struct troth_writer w = troth_writer_over(bytes, bytes ? TROTH_FRAME_MAX : 0);
    struct troth_span kept;

    troth_proof_write(&w, proof);
    CHECK(!w.full);
    kept = keep(leg, troth_writer_span(&w));
    free(bytes);
    return kept;
}

static void sign(const struct leg *leg, struct channel_side *key,
                 struct troth_proof_frame *frame, uint8_t signature[static 64])
{
    uint8_t binding[64];

    leg_commit(leg, binding, frame->role, TROTH_LEVEL_EPOCH, leg->peer.challenge,
               (struct troth_span)TROTH_ARRAY_SPAN(frame->proof.evidence_sha256));
    channel_side_sign(key, signature, (struct troth_span)TROTH_ARRAY_SPAN(binding));
    frame->signature = (struct troth_span){signature, 64};
}

struct troth_span leg_proof(const struct leg *leg, struct channel_side *who,
                            enum troth_level level)
{
    struct troth_proof_frame frame = {.role = who->terms.role};
    struct troth_proof_request request = {.role = who->terms.role, .level = level};
    uint8_t binding[64], signature[64];

    if (level == TROTH_LEVEL_STRICT) {
        leg_commit(leg, binding, frame.role, level, leg->peer.challenge,
                   (struct troth_span){NULL, 0});
        request.binding = (struct troth_span)TROTH_ARRAY_SPAN(binding);
    } else {
        request.challenge = leg->peer.challenge;
        request.takes_checkpoint = leg->peer.takes_checkpoint;
    }
    CHECK((who->habits.prove ? who->habits.prove : channel_side_prove)(who, &frame.proof,
                                                                       &request));
    if (level == TROTH_LEVEL_EPOCH)
        sign(leg, who, &frame, signature);
    return write_proof(leg, &frame);
}

struct troth_span leg_sign_anew(const struct leg *leg, struct channel_side *key,
                                struct troth_span frame)
{
    struct troth_proof_frame proof;
    uint8_t signature[64];

    CHECK_ERR(troth_proof_parse(&proof, NULL, body_of(frame)), TROTH_OK);
    sign(leg, key, &proof, signature);
    return write_proof(leg, &proof);
}
