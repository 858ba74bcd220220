/* SPDX-License-Identifier: Apache-2.0 */
#include "net/tls.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include "test/harness.h"
#include "test/support/pair.h"

#define SERVER_GIVES .server_gives = {false, true, true}

static struct attested world;
static char folder[] = "/tmp/troth-tls-XXXXXX";

static const char *path_in_folder(const char *name)
{
    static char path[128];

    (void)snprintf(path, sizeof path, "%s/%s", folder, name);
    return path;
}

/* ---- certificates ---- */

struct issued {
    EVP_PKEY *key;
    X509 *certificate;
};

/* `names` as OpenSSL's configuration has them, "DNS:a.example"; NULL: an authority. */
static struct issued issue(const char *common, const char *names, int64_t from_s,
                           int64_t to_s, const struct issued *by)
{
    struct issued made = {EVP_EC_gen("P-256"), X509_new()};
    X509_NAME *subject = X509_get_subject_name(made.certificate);
    X509_EXTENSION *extension =
        names
            ? X509V3_EXT_conf_nid(NULL, NULL, NID_subject_alt_name, names)
            : X509V3_EXT_conf_nid(NULL, NULL, NID_basic_constraints, "critical,CA:TRUE");

    if (!by)
        by = &made;
    if (!extension || X509_set_version(made.certificate, X509_VERSION_3) <= 0 ||
        X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_ASC,
                                   (const unsigned char *)common, -1, -1, 0) <= 0 ||
        X509_add_ext(made.certificate, extension, -1) <= 0 ||
        !ASN1_TIME_set(X509_getm_notBefore(made.certificate), (time_t)from_s) ||
        !ASN1_TIME_set(X509_getm_notAfter(made.certificate), (time_t)to_s) ||
        X509_set_pubkey(made.certificate, made.key) <= 0 ||
        X509_set_issuer_name(made.certificate, X509_get_subject_name(by->certificate)) <=
            0 ||
        X509_sign(made.certificate, by->key, EVP_sha256()) <= 0)
        abort();
    X509_EXTENSION_free(extension);
    return made;
}

static void issued_free(struct issued *issued)
{
    X509_free(issued->certificate);
    EVP_PKEY_free(issued->key);
}

static struct troth_span text_of(BIO *bio)
{
    static uint8_t texts[4][8192];
    static unsigned next;
    uint8_t *text = texts[next++ % 4];
    int len = BIO_read(bio, text, sizeof texts[0]);

    BIO_free(bio);
    return (struct troth_span){text, len > 0 ? (size_t)len : 0};
}

static struct troth_span key_pem(const struct issued *issued)
{
    BIO *bio = BIO_new(BIO_s_mem());

    (void)PEM_write_bio_PrivateKey(bio, issued->key, NULL, NULL, 0, NULL, NULL);
    return text_of(bio);
}

static struct troth_span chain_pem(const struct issued *leaf, const struct issued *more)
{
    BIO *bio = BIO_new(BIO_s_mem());

    (void)PEM_write_bio_X509(bio, leaf->certificate);
    if (more)
        (void)PEM_write_bio_X509(bio, more->certificate);
    return text_of(bio);
}

static const char *write_pem(const char *name, const struct issued *issued)
{
    static char paths[2][128];
    static unsigned next;
    char *path = paths[next++ % 2];
    FILE *file;

    (void)snprintf(path, sizeof paths[0], "%s", path_in_folder(name));
    file = fopen(path, "w");
    if (!file || PEM_write_X509(file, issued->certificate) <= 0 || fclose(file) != 0)
        abort();
    return path;
}

/* ---- whose name it is ---- */

#define DAY ((int64_t)86400)

struct name_row {
    const char *why;
    const char *names;         /* of the server's certificate */
    int64_t from_s, to_s;      /* from the moment of the test */
    const char *asked;         /* NULL: no name */
    bool has_ca, has_other_ca; /* is that authority, or another, trusted? */
    bool has_pin, has_other_pin;
    bool opens;
    enum troth_name_backing backing;
    const char *detail;
};

static const struct name_row name_rows[] = {
    {"nobody is asked for", "DNS:a.example", -DAY, DAY, .opens = true},
    {"a name without an authority counts for nothing", "DNS:b.example", -DAY, DAY,
     "a.example", .opens = true},
    {"the authority vouches for the name", "DNS:a.example", -DAY, DAY, "a.example",
     .has_ca = true, .opens = true, .backing = TROTH_NAME_CERTIFIED},
    {"for one of several names", "DNS:b.example,DNS:a.example", -DAY, DAY, "a.example",
     .has_ca = true, .opens = true, .backing = TROTH_NAME_CERTIFIED},
    {"for any name of that domain", "DNS:*.host.example", -DAY, DAY, "a.host.example",
     .has_ca = true, .opens = true, .backing = TROTH_NAME_CERTIFIED},
    {"for an address", "IP:192.0.2.7", -DAY, DAY, "192.0.2.7", .has_ca = true,
     .opens = true, .backing = TROTH_NAME_CERTIFIED},
    {"for another address", "IP:192.0.2.8", -DAY, DAY, "192.0.2.7", .has_ca = true,
     .detail = "IP address mismatch"},
    {"an address as a name is none", "DNS:192.0.2.7", -DAY, DAY, "192.0.2.7",
     .has_ca = true, .detail = "IP address mismatch"},
    {"for another name", "DNS:b.example", -DAY, DAY, "a.example", .has_ca = true,
     .detail = "hostname mismatch"},
    {"for a name below that one", "DNS:*.a.example", -DAY, DAY, "a.example",
     .has_ca = true, .detail = "hostname mismatch"},
    {"for a part of a label", "DNS:a*.example", -DAY, DAY, "ab.example", .has_ca = true,
     .detail = "hostname mismatch"},
    {"the common name alone, which is \"server\"", "DNS:b.example", -DAY, DAY, "server",
     .has_ca = true, .detail = "hostname mismatch"},
    {"it has expired", "DNS:a.example", -2 * DAY, -DAY, "a.example", .has_ca = true,
     .detail = "certificate has expired"},
    {"it is not valid yet", "DNS:a.example", DAY, 2 * DAY, "a.example", .has_ca = true,
     .detail = "certificate is not yet valid"},
    {"another authority is trusted", "DNS:a.example", -DAY, DAY, "a.example",
     .has_other_ca = true, .detail = "unable to get local issuer certificate"},
    {"it is pinned", "DNS:b.example", -2 * DAY, -DAY, .has_pin = true, .opens = true,
     .backing = TROTH_NAME_PINNED},
    {"another is pinned", "DNS:a.example", -DAY, DAY, .has_other_pin = true,
     .detail = "the server's certificate is not the one that is pinned"},
    {"pinned and certified", "DNS:a.example", -DAY, DAY, "a.example", .has_ca = true,
     .has_pin = true, .opens = true, .backing = TROTH_NAME_PINNED},
    {"pinned, but of another name", "DNS:b.example", -DAY, DAY, "a.example",
     .has_ca = true, .has_pin = true, .detail = "hostname mismatch"},
    {"certified, but another is pinned", "DNS:a.example", -DAY, DAY, "a.example",
     .has_ca = true, .has_other_pin = true,
     .detail = "the server's certificate is not the one that is pinned"},
};

static void leaf_sha256(uint8_t out[static 32], const struct issued *issued)
{
    unsigned len = 32;

    if (X509_digest(issued->certificate, EVP_sha256(), out, &len) <= 0)
        abort();
}

static void check_name(const struct name_row *row, const struct issued *ca,
                       const struct issued *other_ca)
{
    struct pair_options options = {TROTH_LEVEL_EPOCH, SERVER_GIVES};
    struct issued leaf = issue("server", row->names, world.now_s + row->from_s,
                               world.now_s + row->to_s, ca);
    struct pair pair;
    uint8_t pin[32];

    leaf_sha256(pin, row->has_other_pin ? ca : &leaf);
    options.server.private_key = key_pem(&leaf);
    options.server.certificate_chain = chain_pem(&leaf, NULL);
    options.client.server_name = row->asked;
    if (row->has_ca || row->has_other_ca)
        options.client.ca_file = write_pem("ca.pem", row->has_ca ? ca : other_ca);
    if (row->has_pin || row->has_other_pin)
        options.client.pinned_sha256 = (struct troth_span){pin, sizeof pin};

    pair_begin(&pair, &world, &options);
    pair_run(&pair);
    CHECK_INT(pair_is_open(&pair), row->opens);
    if (row->opens) {
        const enum troth_whose whose[] = {TROTH_WHOSE_ANYBODYS, TROTH_WHOSE_CERTIFIED,
                                          TROTH_WHOSE_PINNED};
        const struct troth_standing *standing = troth_connection_standing(
            pair.client.connection);

        if (CHECK(standing != NULL))
            CHECK_INT(standing->whose, whose[row->backing]);
    } else {
        CHECK_INT(troth_connection_reason(pair.client.connection, NULL),
                  TROTH_REASON_TLS);
        CHECK_TEXT(troth_connection_detail(pair.client.connection), row->detail);
        CHECK_INT(pair.server.connection->phase, TROTH_CONNECTION_CLOSED);
    }
    pair_end(&pair);
    issued_free(&leaf);
}

static void test_names(void)
{
    struct issued ca = issue("authority", NULL, world.now_s - DAY, world.now_s + DAY,
                             NULL);
    struct issued other = issue("another", NULL, world.now_s - DAY, world.now_s + DAY,
                                NULL);

    for (size_t i = 0; i < COUNT(name_rows); i++) {
        test_case("%s", name_rows[i].why);
        check_name(&name_rows[i], &ca, &other);
    }

    test_case("a client's certificate is shown only to a server that asks for it");
    for (int asks = 0; asks < 2; asks++) {
        struct pair_options options = {TROTH_LEVEL_EPOCH, SERVER_GIVES};
        struct issued leaf = issue("client", "DNS:client.example", world.now_s - DAY,
                                   world.now_s + DAY, &ca);
        struct pair pair;

        options.client.private_key = key_pem(&leaf);
        options.client.certificate_chain = chain_pem(&leaf, &ca);
        options.server.asks_certificate = asks;
        pair_begin(&pair, &world, &options);
        pair_run(&pair);
        CHECK(pair_is_open(&pair));
        CHECK_INT(
            troth_tls_own_certificate(pair.client.tls, pair.client.connection->session)
                    .len > 0,
            asks);
        CHECK_INT(SSL_get0_peer_certificate(pair.server.connection->session) != NULL,
                  asks);
        pair_end(&pair);
        issued_free(&leaf);
    }
    issued_free(&ca);
    issued_free(&other);
}

/* ---- options ---- */

struct option_row {
    const char *why;
    struct troth_tls_options options;
    enum troth_err err;
};

static const uint8_t pin[33];

static const struct option_row option_rows[] = {
    {"no role", {.role = 0}, TROTH_ERR_VALUE},
    {"a client", {.role = TROTH_CLIENT}, TROTH_OK},
    {"a server", {.role = TROTH_SERVER}, TROTH_OK},
    {"the system's authorities",
     {.role = TROTH_CLIENT, .ca_file = "", .server_name = "a.example"},
     TROTH_OK},
    {"an authority without a name",
     {.role = TROTH_CLIENT, .ca_file = ""},
     TROTH_ERR_VALUE},
    {"an empty name",
     {.role = TROTH_CLIENT, .ca_file = "", .server_name = ""},
     TROTH_ERR_VALUE},
    {"a name that stands for all below it",
     {.role = TROTH_CLIENT, .ca_file = "", .server_name = ".example"},
     TROTH_ERR_VALUE},
    {"a file of authorities that is not there",
     {.role = TROTH_CLIENT, .ca_file = "/nowhere", .server_name = "a.example"},
     TROTH_ERR_KEY},
    {"a pin of 31 bytes",
     {.role = TROTH_CLIENT, .pinned_sha256 = {pin, 31}},
     TROTH_ERR_VALUE},
    {"a pin of 33 bytes",
     {.role = TROTH_CLIENT, .pinned_sha256 = {pin, 33}},
     TROTH_ERR_VALUE},
    {"a server that asks for a server's name",
     {.role = TROTH_SERVER, .server_name = "a.example"},
     TROTH_ERR_VALUE},
    {"a server that pins",
     {.role = TROTH_SERVER, .pinned_sha256 = {pin, 32}},
     TROTH_ERR_VALUE},
    {"a certificate that is none",
     {.role = TROTH_SERVER, .certificate_chain = {pin, 5}},
     TROTH_ERR_KEY},
    {"a key that is none",
     {.role = TROTH_SERVER, .private_key = {pin, 5}},
     TROTH_ERR_KEY},
};

static void test_options(void)
{
    for (size_t i = 0; i < COUNT(option_rows); i++) {
        const struct option_row *row = &option_rows[i];
        struct troth_tls *tls;

        test_case("%s", row->why);
        CHECK_ERR(troth_tls_create(&tls, &row->options), row->err);
        CHECK_INT(tls != NULL, row->err == TROTH_OK);
        CHECK_INT(ERR_peek_error(), 0);
        troth_tls_destroy(tls);
    }

    struct issued one = issue("one", "DNS:one", 0, DAY, NULL);
    struct issued two = issue("two", "DNS:two", 0, DAY, NULL);
    struct troth_tls_options mixed = {.role = TROTH_SERVER,
                                      .certificate_chain = chain_pem(&one, NULL),
                                      .private_key = key_pem(&two)};
    struct troth_tls *tls;

    test_case("a key of another certificate");
    CHECK_ERR(troth_tls_create(&tls, &mixed), TROTH_ERR_KEY);
    CHECK(tls == NULL);
    issued_free(&one);
    issued_free(&two);
}

static void test_made_certificate(void)
{
    const struct troth_tls_options options = {.role = TROTH_SERVER};
    struct troth_tls *one, *two;

    test_case("a server without a certificate makes one: short, P-256, each its own");
    if (!CHECK_ERR(troth_tls_create(&one, &options), TROTH_OK) ||
        !CHECK_ERR(troth_tls_create(&two, &options), TROTH_OK))
        return;

    X509 *made = SSL_CTX_get0_certificate(one->context);

    CHECK(one->certificate_len < 350);
    CHECK(EVP_PKEY_is_a(X509_get0_pubkey(made), "EC"));
    CHECK_INT(EVP_PKEY_get_bits(X509_get0_pubkey(made)), 256);
    CHECK_INT(X509_verify(made, X509_get0_pubkey(made)), 1);
    CHECK_INT(X509_cmp(made, SSL_CTX_get0_certificate(two->context)) != 0, 1);
    troth_tls_destroy(one);
    troth_tls_destroy(two);
}

/* ---- peers that speak another TLS ---- */

struct stranger {
    const char *why;
    int version;
    const char *alpn;   /* as TLS has it; NULL: none */
    const char *groups; /* NULL: the usual ones */
    bool has_tickets;   /* of a server: it sends them */
};

static const struct stranger clients[] = {
    {"a client of TLS 1.2", TLS1_2_VERSION, "\x07troth/1"},
    {"a client without ALPN", TLS1_3_VERSION, NULL},
    {"a client with another ALPN", TLS1_3_VERSION, "\x02h2"},
    {"a client of troth/2", TLS1_3_VERSION, "\x07troth/2"},
    {"a client whose only group is P-521", TLS1_3_VERSION, "\x07troth/1", "P-521"},
};
static const struct stranger servers[] = {
    {"a server of TLS 1.2", TLS1_2_VERSION, "\x07troth/1"},
    {"a server without ALPN", TLS1_3_VERSION, NULL},
    {"a server whose only group is P-521", TLS1_3_VERSION, "\x07troth/1", "P-521"},
};
static const struct stranger good = {"one that is as it should be", TLS1_3_VERSION,
                                     "\x07troth/1"};

static int choose_first(SSL *session, const unsigned char **out, unsigned char *out_len,
                        const unsigned char *offered, unsigned len, void *state)
{
    (void)session;
    (void)len;
    (void)state;
    *out = offered + 1;
    *out_len = offered[0];
    return SSL_TLSEXT_ERR_OK;
}

static SSL_CTX *stranger_context(const struct stranger *stranger, bool is_server)
{
    SSL_CTX *made = SSL_CTX_new(is_server ? TLS_server_method() : TLS_client_method());

    (void)SSL_CTX_set_min_proto_version(made, stranger->version);
    (void)SSL_CTX_set_max_proto_version(made, stranger->version);
    (void)SSL_CTX_set_options(made, SSL_OP_NO_ANTI_REPLAY);
    (void)SSL_CTX_set_ciphersuites(made, "TLS_AES_128_GCM_SHA256");
    (void)SSL_CTX_set1_groups_list(made, stranger->groups ? stranger->groups : "X25519");
    if (stranger->alpn && is_server)
        SSL_CTX_set_alpn_select_cb(made, choose_first, NULL);
    else if (stranger->alpn)
        (void)SSL_CTX_set_alpn_protos(made, (const unsigned char *)stranger->alpn,
                                      (unsigned)strlen(stranger->alpn));
    (void)SSL_CTX_set_num_tickets(made, stranger->has_tickets ? 2 : 0);
    return made;
}

/* A stranger on one end, ours on the other. */
struct meeting {
    SSL_CTX *context;
    SSL *stranger;
    struct troth_tls *tls;
    struct troth_connection *ours;
    int descriptors[2];
};

static void meeting_begin(struct meeting *m, const struct stranger *stranger,
                          bool is_server, struct issued *identity)
{
    const enum troth_role role = is_server ? TROTH_CLIENT : TROTH_SERVER;
    const struct troth_tls_options tls = {.role = role};
    struct troth_connection_options options = {.asks = TROTH_LEVEL_EPOCH,
                                               .gives = {false, true, true}};

    pair_sockets(m->descriptors);
    m->context = stranger_context(stranger, is_server);
    if (is_server) {
        (void)SSL_CTX_use_certificate(m->context, identity->certificate);
        (void)SSL_CTX_use_PrivateKey(m->context, identity->key);
    }
    m->stranger = SSL_new(m->context);
    (void)SSL_set_fd(m->stranger, m->descriptors[1]);
    if (is_server)
        SSL_set_accept_state(m->stranger);
    else
        SSL_set_connect_state(m->stranger);
    if (troth_tls_create(&m->tls, &tls))
        abort();
    options.tls = m->tls;
    if (troth_connection_create(&m->ours, m->descriptors[0], &options))
        abort();
}

static void meeting_run(struct meeting *m, enum troth_role role)
{
    for (int i = 0; i < 8; i++) {
        (void)SSL_do_handshake(m->stranger);
        (void)attested_step(&world, m->ours, role);
    }
    ERR_clear_error();
}

static void meeting_end(struct meeting *m)
{
    troth_connection_destroy(m->ours);
    troth_tls_destroy(m->tls);
    SSL_free(m->stranger);
    SSL_CTX_free(m->context);
    for (int i = 0; i < 2; i++)
        (void)close(m->descriptors[i]);
}

static void check_stranger(const struct stranger *stranger, bool is_server,
                           struct issued *identity, bool is_good)
{
    struct meeting m;

    test_case("%s", stranger->why);
    meeting_begin(&m, stranger, is_server, identity);
    meeting_run(&m, is_server ? TROTH_CLIENT : TROTH_SERVER);
    CHECK_INT(m.ours->has_channel, is_good);
    CHECK_INT(m.ours->phase == TROTH_CONNECTION_HANDSHAKE, is_good);
    if (!is_good) {
        CHECK_INT(troth_connection_reason(m.ours, NULL), TROTH_REASON_TLS);
        CHECK(strlen(troth_connection_detail(m.ours)) > 0);
    }
    meeting_end(&m);
}

static void test_strangers(void)
{
    struct issued identity = issue("server", "DNS:a.example", 0, DAY, NULL);

    check_stranger(&good, false, &identity, true);
    check_stranger(&good, true, &identity, true);
    for (size_t i = 0; i < COUNT(clients); i++)
        check_stranger(&clients[i], false, &identity, false);
    for (size_t i = 0; i < COUNT(servers); i++)
        check_stranger(&servers[i], true, &identity, false);
    issued_free(&identity);
}

/* ---- nothing is taken up again ---- */

/* A session that a server of the stranger's own kind gave, with a ticket that allows
 * early data. */
static SSL_SESSION *take_ticket(struct issued *identity)
{
    const struct stranger giving = {"", TLS1_3_VERSION, "\x07troth/1",
                                    .has_tickets = true};
    SSL_CTX *server = stranger_context(&giving, true);
    SSL_CTX *client = stranger_context(&giving, false);
    SSL *ends[2] = {SSL_new(client), SSL_new(server)};
    SSL_SESSION *got;
    int sockets[2];
    uint8_t byte;

    pair_sockets(sockets);
    (void)SSL_CTX_set_max_early_data(server, 16384);
    (void)SSL_set_max_early_data(ends[1], 16384);
    (void)SSL_use_certificate(ends[1], identity->certificate);
    (void)SSL_use_PrivateKey(ends[1], identity->key);
    SSL_set_connect_state(ends[0]);
    SSL_set_accept_state(ends[1]);
    for (int i = 0; i < 2; i++)
        (void)SSL_set_fd(ends[i], sockets[i]);
    for (int i = 0; i < 8; i++)
        (void)SSL_do_handshake(ends[i % 2]);
    (void)SSL_read(ends[0], &byte, 1);
    got = SSL_get1_session(ends[0]);
    CHECK(SSL_SESSION_is_resumable(got));
    CHECK_INT(SSL_SESSION_get_max_early_data(got), 16384);
    (void)SSL_shutdown(ends[0]);
    for (int i = 0; i < 2; i++) {
        SSL_free(ends[i]);
        (void)close(sockets[i]);
    }
    SSL_CTX_free(server);
    SSL_CTX_free(client);
    return got;
}

static void test_resumption(void)
{
    struct issued identity = issue("server", "DNS:a.example", 0, DAY, NULL);
    SSL_SESSION *session = take_ticket(&identity);
    const struct stranger giving = {"", TLS1_3_VERSION, "\x07troth/1",
                                    .has_tickets = true};
    struct meeting m;
    size_t written = 0;
    uint8_t byte;

    test_case("a client that resumes gets a whole handshake, and no ticket");
    meeting_begin(&m, &good, false, NULL);
    CHECK(SSL_set_session(m.stranger, session) > 0);
    meeting_run(&m, TROTH_SERVER);
    CHECK(m.ours->has_channel);
    CHECK_INT(SSL_session_reused(m.stranger), 0);
    (void)SSL_read(m.stranger, &byte, 1);
    CHECK(!SSL_SESSION_is_resumable(SSL_get0_session(m.stranger)));
    meeting_end(&m);

    test_case("early data is not read");
    meeting_begin(&m, &good, false, NULL);
    CHECK(SSL_set_session(m.stranger, session) > 0);
    CHECK(SSL_write_early_data(m.stranger, "early", 5, &written) > 0);
    meeting_run(&m, TROTH_SERVER);
    CHECK_INT(m.ours->phase, TROTH_CONNECTION_CLOSED);
    CHECK_INT(troth_connection_reason(m.ours, NULL), TROTH_REASON_TLS);
    meeting_end(&m);

    test_case("a client of ours does not take up a ticket it was sent");
    for (int i = 0; i < 2; i++) {
        meeting_begin(&m, &giving, true, &identity);
        meeting_run(&m, TROTH_CLIENT);
        CHECK(m.ours->has_channel);
        CHECK_INT(SSL_session_reused(m.stranger), 0);
        meeting_end(&m);
    }
    SSL_SESSION_free(session);
    issued_free(&identity);
}

/* ---- what the environment says ---- */

/* As hostile as openssl.cnf can be to every context: it may set all but certificates. */
static void write_configuration(const char *path)
{
    FILE *file = fopen(path, "w");

    if (!file)
        abort();
    (void)fputs("openssl_conf = begin\n[begin]\nssl_conf = ssl\n"
                "[ssl]\nsystem_default = hostile\n[hostile]\n"
                "MinProtocol = TLSv1.2\nMaxProtocol = TLSv1.2\n"
                "Options = SessionTicket\nNumTickets = 4\nGroups = P-521\n"
                "Ciphersuites = TLS_AES_128_CCM_8_SHA256\nRecordPadding = 4096\n"
                "SignatureAlgorithms = RSA+SHA1\nVerifyMode = Peer\n",
                file);
    (void)fclose(file);
}

/* In a process of its own, before it has used OpenSSL, or after. */
static int under_configuration(bool was_read)
{
    struct pair_options options = {TROTH_LEVEL_EPOCH, SERVER_GIVES};
    struct pair pair;

    if (was_read) {
        SSL_CTX *theirs = SSL_CTX_new(TLS_method());

        /* So that what follows means something. */
        if (!theirs || SSL_CTX_get_max_proto_version(theirs) != TLS1_2_VERSION)
            return 2;
        SSL_CTX_free(theirs);
    }
    attested_begin(&world);
    pair_begin(&pair, &world, &options);
    pair_run(&pair);

    bool is_open = pair_is_open(&pair);

    pair_end(&pair);
    attested_end(&world);
    return !is_open;
}

static int in_child(int (*run)(int), int argument)
{
    int status = -1;
    pid_t child;

    (void)fflush(stdout);
    child = fork();
    if (child == 0)
        _exit(run(argument));
    if (child < 0 || waitpid(child, &status, 0) != child || !WIFEXITED(status))
        return -1;
    return WEXITSTATUS(status);
}

static int run_under(int was_read)
{
    (void)setenv("OPENSSL_CONF", path_in_folder("hostile.cnf"), 1);
    (void)setenv("SSLKEYLOGFILE", path_in_folder("keys"), 1);
    (void)setenv("OPENSSL_MODULES", "/nowhere", 1);
    (void)setenv("SSL_CERT_FILE", "/nowhere", 1);
    return under_configuration(was_read);
}

static int run_writing(int argument)
{
    (void)argument;
    write_configuration(path_in_folder("hostile.cnf"));
    return 0;
}

/* Before anything else here: OpenSSL reads its configuration once a process. */
static void test_environment(void)
{
    struct stat found;

    test_case("a hostile openssl.cnf is not read");
    CHECK_INT(in_child(run_writing, 0), 0);
    CHECK_INT(in_child(run_under, false), 0);

    test_case("and where the program has read it, it has no effect");
    CHECK_INT(in_child(run_under, true), 0);

    test_case("no key is written to SSLKEYLOGFILE");
    CHECK(stat(path_in_folder("keys"), &found) != 0);
}

int main(void)
{
    static const char *const files[] = {"ca.pem", "hostile.cnf", "keys"};

    if (!mkdtemp(folder))
        abort();
    test_environment();
    attested_begin(&world);
    test_options();
    test_made_certificate();
    test_names();
    test_strangers();
    test_resumption();
    attested_end(&world);
    for (size_t i = 0; i < COUNT(files); i++)
        (void)unlink(path_in_folder(files[i]));
    CHECK_INT(rmdir(folder), 0);
    return test_finish();
}
