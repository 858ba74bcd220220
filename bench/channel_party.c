/* SPDX-License-Identifier: Apache-2.0 */
#include "bench/channel_party.h"

#include <stdio.h>
#include <stdlib.h>

enum { CACHE_ENTRIES = 512, KNOWN_ENTRIES = 8 };

static void need(bool good, const char *what)
{
    if (!good) {
        fprintf(stderr, "bench: cannot make %s\n", what);
        exit(2);
    }
}

static void *keep(size_t count, size_t size)
{
    void *memory = calloc(count, size);

    need(memory != NULL, "room");
    return memory;
}

/* TLS as src/net/tls.c sets it up, but for the ALPN name and what comes behind it. */
static SSL_CTX *make_plain(enum troth_role role, const struct tls_certificate *leaf)
{
    SSL_CTX *made = SSL_CTX_new(role == TROTH_CLIENT ? TLS_client_method()
                                                     : TLS_server_method());

    need(made && SSL_CTX_set_min_proto_version(made, TLS1_3_VERSION) > 0 &&
             SSL_CTX_set_ciphersuites(made, "TLS_AES_128_GCM_SHA256") > 0 &&
             SSL_CTX_set1_groups_list(made, "X25519:P-256") > 0 &&
             SSL_CTX_set_num_tickets(made, 0) > 0,
         "a TLS context");
    SSL_CTX_set_options(made, SSL_OP_NO_TICKET | SSL_OP_NO_RENEGOTIATION);
    SSL_CTX_set_mode(made, SSL_MODE_RELEASE_BUFFERS | SSL_MODE_AUTO_RETRY |
                               SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER |
                               SSL_MODE_ENABLE_PARTIAL_WRITE);
    SSL_CTX_set_session_cache_mode(made, SSL_SESS_CACHE_OFF);
    if (role == TROTH_CLIENT)
        return made;

    BIO *chain = BIO_new_mem_buf(leaf->chain.ptr, (int)leaf->chain.len);
    BIO *key_text = BIO_new_mem_buf(leaf->key.ptr, (int)leaf->key.len);
    X509 *certificate = PEM_read_bio_X509(chain, NULL, NULL, NULL);
    EVP_PKEY *key = PEM_read_bio_PrivateKey(key_text, NULL, NULL, NULL);

    need(SSL_CTX_use_certificate(made, certificate) > 0 &&
             SSL_CTX_use_PrivateKey(made, key) > 0,
         "a server's TLS context");
    X509_free(certificate);
    EVP_PKEY_free(key);
    BIO_free(chain);
    BIO_free(key_text);
    return made;
}

/* ---- proofs ---- */

static struct sim_bytes mint(struct bench_party *party, struct troth_span report_data)
{
    sim_nitro_set_optional(&party->world.document.user_data, report_data);
    return sim_nitro_mint(&party->world.document);
}

bool bench_party_mint(struct bench_party *party)
{
    struct sim_bytes made = mint(party, TROTH_LITERAL("anything"));

    sim_bytes_free(&made);
    return true;
}

static const struct troth_proof *prove(struct bench_party *party,
                                       const struct troth_proof_request *request)
{
    struct troth_mint *wanted = &party->wanted;
    enum troth_err err = troth_prover_begin(party->prover, &party->proof, wanted,
                                            party->world.now_s, request);

    if (!err && party->proof.level == TROTH_LEVEL_NONE) {
        struct sim_bytes made = mint(
            party, (struct troth_span){wanted->report_data, sizeof wanted->report_data});
        struct troth_quote quote = {.evidence = sim_bytes_span(made),
                                    .owned = {made.ptr}};

        err = troth_prover_finish(party->prover, &party->proof, wanted, &quote);
    }
    return err ? NULL : &party->proof;
}

static void source_ask(void *state, struct troth_proof_waiter *waiter,
                       const struct troth_proof_request *request, struct troth_span peer)
{
    (void)peer;
    waiter->answer(waiter, prove(state, request), TROTH_REASON_CANNOT);
}

static void source_forget(void *state, struct troth_proof_waiter *waiter)
{
    (void)state;
    (void)waiter;
}

static enum troth_err source_sign(void *state, uint8_t out[static 64],
                                  enum troth_role role, struct troth_span key,
                                  struct troth_span binding)
{
    struct bench_party *party = state;

    return troth_prover_sign(party->prover, out, role, key, binding);
}

/* ---- a party ---- */

static void make_tls(struct bench_party *party, const struct tls_certificate *leaf)
{
    const struct troth_tls_options client = {.role = TROTH_CLIENT};
    const struct troth_tls_options server = {
        .role = TROTH_SERVER, .certificate_chain = leaf->chain, .private_key = leaf->key};

    need(!troth_tls_create(&party->tls[TROTH_CLIENT], &client) &&
             !troth_tls_create(&party->tls[TROTH_SERVER], &server),
         "TLS");
    party->plain[TROTH_CLIENT] = make_plain(TROTH_CLIENT, leaf);
    party->plain[TROTH_SERVER] = make_plain(TROTH_SERVER, leaf);
}

void bench_party_forget(struct bench_party *party)
{
    troth_known_init(&party->known, party->known_memory,
                     KNOWN_ENTRIES * TROTH_KNOWN_ENTRY_SIZE);
}

struct bench_party *bench_party_create(const struct bench_certificate *certificate)
{
    struct bench_party *party = keep(1, sizeof *party);
    struct troth_prover_options options;

    attested_begin(&party->world);
    options = (struct troth_prover_options){.crypto = &party->world.trial.crypto};
    need(!troth_prover_create(&party->prover, &options), "a prover");
    make_tls(party, &certificate->leaf);
    party->known_memory = keep(KNOWN_ENTRIES, TROTH_KNOWN_ENTRY_SIZE);
    bench_party_forget(party);
    party->cache_entries = keep(CACHE_ENTRIES, sizeof *party->cache_entries);
    troth_cache_init(&party->cache, party->cache_entries, CACHE_ENTRIES);
    party->world.tools.known = &party->known;
    party->world.tools.cache = &party->cache;
    party->source = (struct troth_proof_source){party, source_ask, source_forget,
                                                source_sign};
    return party;
}

static bool answer(struct bench_party *party, struct troth_connection *connection,
                   enum troth_role role)
{
    unsigned wants = troth_connection_wants(connection);
    uint8_t signature[64];

    if (wants & TROTH_WANT_PROOF)
        troth_connection_prove(connection,
                               prove(party, troth_connection_request(connection)),
                               TROTH_REASON_CANNOT);
    else if (wants & TROTH_WANT_SIGNATURE &&
             !troth_prover_sign(party->prover, signature, role, party->proof.key,
                                troth_connection_to_sign(connection)))
        troth_connection_signed(connection,
                                (struct troth_span){signature, sizeof signature});
    else
        return false;
    return true;
}

enum troth_connection_phase bench_party_step(struct bench_party *party,
                                             struct troth_connection *connection,
                                             enum troth_role role)
{
    enum troth_connection_phase phase;

    do
        phase = troth_connection_step(connection, &party->world.tools,
                                      party->world.now_s);
    while (answer(party, connection, role));
    return phase;
}
