/* SPDX-License-Identifier: Apache-2.0 */
/* What was proven to one connection is to be carried into another, or data to flow before
 * anything is proven: sessions, pre-shared keys, tickets, early data. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <openssl/err.h>

#include "test/harness.h"
#include "test/support/channel_leg.h"
#include "test/support/channel_party.h"

static struct channel_world world;
static struct party victim;
static struct party genuine; /* the attacker's own machine, key and prover */
static struct leg leg;

static void settle(void)
{
    for (int turn = 0; turn < 8; turn++) {
        leg_step(&leg);
        party_step(&victim);
    }
}

static void begin(enum troth_role role)
{
    const enum troth_role other = role == TROTH_SERVER ? TROTH_CLIENT : TROTH_SERVER;

    party_begin(&victim, &world, role, CHANNEL_TDX);
    party_begin(&genuine, &world, other, CHANNEL_TDX);
    victim.side.terms.asks = TROTH_LEVEL_STRICT;
    leg_begin(&leg, &world, other);
    (void)SSL_CTX_set_ciphersuites(leg.context, "TLS_AES_128_GCM_SHA256");
    party_connect(&victim);
}

static void end(void)
{
    leg_end(&leg);
    party_end(&victim);
    party_end(&genuine);
}

static void take_all(void)
{
    struct troth_span frame;

    while (leg_take(&leg, &frame))
        ;
}

/* A genuine machine, a good proof: all but TLS is as it should be. */
static void prove(void)
{
    static const uint8_t challenge[TROTH_CHALLENGE_SIZE] = {0x42};

    settle();
    take_all();
    leg_send(&leg, leg_hello(&leg, TROTH_LEVEL_NONE, challenge));
    settle();
    take_all();
    leg_send(&leg, leg_proof(&leg, &genuine.side, TROTH_LEVEL_STRICT));
    leg_send(&leg, leg_done(&leg));
    settle();
}

/* ---- a key that both sides are to share already ---- */

static SSL_SESSION *shared_session(SSL *ssl)
{
    static const unsigned char suite[] = {0x13, 0x01}; /* TLS_AES_128_GCM_SHA256 */
    static const unsigned char key[32] = {0x5e};
    SSL_SESSION *made = SSL_SESSION_new();

    if (!made || SSL_SESSION_set1_master_key(made, key, sizeof key) <= 0 ||
        SSL_SESSION_set_cipher(made, SSL_CIPHER_find(ssl, suite)) <= 0 ||
        SSL_SESSION_set_protocol_version(made, TLS1_3_VERSION) <= 0 ||
        SSL_SESSION_set_max_early_data(made, 4096) <= 0 ||
        SSL_SESSION_set1_alpn_selected(made, (const unsigned char *)TROTH_CHANNEL_ALPN,
                                       sizeof TROTH_CHANNEL_ALPN - 1) <= 0)
        abort();
    return made;
}

static int offer_shared(SSL *ssl, const EVP_MD *hash, const unsigned char **name,
                        size_t *len, SSL_SESSION **out)
{
    (void)hash;
    *name = (const unsigned char *)"name";
    *len = 4;
    *out = shared_session(ssl);
    return 1;
}

static int find_shared(SSL *ssl, const unsigned char *name, size_t len, SSL_SESSION **out)
{
    (void)name;
    (void)len;
    *out = shared_session(ssl);
    return 1;
}

static void offer_key(void)
{
    test_case("a client offers a pre-shared key: it gets a whole handshake");
    begin(TROTH_SERVER);
    SSL_CTX_set_psk_use_session_callback(leg.context, offer_shared);
    leg_open(&leg, party_take_line(&victim));
    prove();
    CHECK_TEXT(party_state(&victim), "open");
    CHECK(!SSL_session_reused(leg.ssl));
    CHECK(!SSL_session_reused(victim.connection->session));
    CHECK(SSL_get0_peer_certificate(leg.ssl) != NULL);
    end();

    test_case("and where the server's TLS knows that key, it is closed");
    begin(TROTH_SERVER);
    SSL_CTX_set_psk_find_session_callback(victim.tls->context, find_shared);
    party_connect(&victim);
    SSL_CTX_set_psk_use_session_callback(leg.context, offer_shared);
    leg_open(&leg, party_take_line(&victim));
    settle();
    CHECK(SSL_session_reused(victim.connection->session));
    CHECK_TEXT(party_state(&victim), "tls");
    CHECK_TEXT(troth_connection_detail(victim.connection),
               "it resumes an earlier session");
    CHECK(!victim.connection->has_channel);
    end();
}

/* ---- early data ---- */

static void send_early_data(void)
{
    static const char hello[] = "\x05\x00\x00\x05"
                                "early";
    size_t sent = 0;

    for (int is_known = 0; is_known < 2; is_known++) {
        test_case("a client sends early data%s",
                  is_known ? ", and the server's TLS knows its key" : "");
        begin(TROTH_SERVER);
        if (is_known) {
            SSL_CTX_set_psk_find_session_callback(victim.tls->context, find_shared);
            (void)SSL_CTX_set_max_early_data(victim.tls->context, 4096);
            (void)SSL_CTX_set_recv_max_early_data(victim.tls->context, 4096);
            party_connect(&victim);
        }
        SSL_CTX_set_psk_use_session_callback(leg.context, offer_shared);
        leg_open(&leg, party_take_line(&victim));
        CHECK(SSL_write_early_data(leg.ssl, hello, sizeof hello - 1, &sent) > 0);
        ERR_clear_error();
        settle();
        CHECK(SSL_get_early_data_status(victim.connection->session) !=
              SSL_EARLY_DATA_ACCEPTED);
        CHECK_TEXT(party_state(&victim), "tls");
        CHECK_TEXT(victim.heard, "");
        CHECK(!victim.connection->has_channel);
        end();
    }
}

/* ---- tickets ---- */

static unsigned tickets_seen, offers_seen;

static int count_ticket(SSL *ssl, SSL_SESSION *session)
{
    (void)ssl;
    (void)session;
    tickets_seen++;
    return 0;
}

static void get_no_ticket(void)
{
    SSL_SESSION *first;

    test_case("a client gets no ticket, and its session is none to come back with");
    begin(TROTH_SERVER);
    tickets_seen = 0;
    SSL_CTX_set_session_cache_mode(leg.context, SSL_SESS_CACHE_CLIENT);
    SSL_CTX_sess_set_new_cb(leg.context, count_ticket);
    leg_open(&leg, party_take_line(&victim));
    prove();
    CHECK_TEXT(party_state(&victim), "open");
    CHECK(party_say(&victim, "data"));
    settle();
    CHECK_INT(tickets_seen, 0);
    first = SSL_SESSION_dup(SSL_get0_session(leg.ssl));
    CHECK(!SSL_SESSION_is_resumable(first) || !SSL_SESSION_has_ticket(first));
    leg_end(&leg);

    leg_begin(&leg, &world, TROTH_CLIENT);
    party_connect(&victim);
    leg_open(&leg, party_take_line(&victim));
    (void)SSL_set_session(leg.ssl, first);
    prove();
    CHECK_TEXT(party_state(&victim), "open");
    CHECK(!SSL_session_reused(leg.ssl));
    SSL_SESSION_free(first);
    end();
}

static int watch_hello(SSL *ssl, int *alert, void *state)
{
    const unsigned char *bytes;
    size_t len;

    (void)alert;
    (void)state;
    /* pre_shared_key, early_data, and a ticket of TLS 1.2 */
    if (SSL_client_hello_get0_ext(ssl, 41, &bytes, &len) > 0 ||
        SSL_client_hello_get0_ext(ssl, 42, &bytes, &len) > 0 ||
        (SSL_client_hello_get0_ext(ssl, 35, &bytes, &len) > 0 && len > 0))
        offers_seen++;
    return SSL_CLIENT_HELLO_SUCCESS;
}

/* His server's context stays, so that a ticket of the first connection is good in the
 * second. */
static void reach_again(void)
{
    const struct leg old = leg;

    SSL_free(leg.ssl);
    leg = (struct leg){.role = old.role,
                       .world = old.world,
                       .context = old.context,
                       .descriptor = -1,
                       .bytes = old.bytes,
                       .label = old.label};
    party_connect(&victim);
    (void)close(old.descriptor);
}

static void give_tickets(void)
{
    SSL_SESSION *taken;

    test_case("a server gives tickets, for early data too: the client does not come back "
              "with one");
    begin(TROTH_CLIENT);
    offers_seen = 0;
    SSL_CTX_set_client_hello_cb(leg.context, watch_hello, NULL);
    (void)SSL_CTX_set_num_tickets(leg.context, 5);
    (void)SSL_CTX_set_max_early_data(leg.context, 4096);
    (void)SSL_CTX_set_options(leg.context, SSL_OP_NO_ANTI_REPLAY);
    leg_open(&leg, party_take_line(&victim));
    prove();
    CHECK_TEXT(party_state(&victim), "open");
    /* Of the session itself nothing can be made any more once its connection is cut. */
    taken = SSL_SESSION_dup(SSL_get0_session(victim.connection->session));
    CHECK(SSL_SESSION_is_resumable(taken));
    reach_again();
    leg_open(&leg, party_take_line(&victim));
    prove();
    CHECK_TEXT(party_state(&victim), "open");
    CHECK(!SSL_session_reused(leg.ssl));
    CHECK_INT(offers_seen, 0);

    test_case("and where its TLS is made to, it is closed");
    reach_again();
    CHECK(SSL_set_session(victim.connection->session, taken) > 0);
    leg_open(&leg, party_take_line(&victim));
    settle();
    CHECK_INT(offers_seen, 1);
    CHECK(SSL_session_reused(victim.connection->session));
    CHECK_TEXT(party_state(&victim), "tls");
    CHECK_TEXT(troth_connection_detail(victim.connection),
               "it resumes an earlier session");
    SSL_SESSION_free(taken);
    end();
}

int main(void)
{
    channel_world_begin(&world);
    offer_key();
    send_early_data();
    get_no_ticket();
    give_tickets();
    channel_world_end(&world);
    return test_finish();
}
