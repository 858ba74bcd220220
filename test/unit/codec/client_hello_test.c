/* SPDX-License-Identifier: Apache-2.0 */
#include "codec/client_hello.h"

#include <openssl/ssl.h>
#include <string.h>

#include "test/harness.h"

/* A hello in pieces of hex; the lengths around them are made here. */
struct parts {
    const char *head;       /* version, random, session, suites, compression */
    const char *extensions; /* NULL: not even their length */
    size_t record;          /* bytes of the message in each record; 0: all in one */
};

#define ZEROS "0000000000000000000000000000000000000000000000000000000000000000"
#define HEAD                                                                             \
    "0303" ZEROS "00"                                                                    \
    "00021301"                                                                           \
    "0100"
#define API    "0000000d000b0000086170692e74657374" /* api.test */
#define OTHER  "0000000e000c0000096576696c2e74657374"
#define MASTER "00170000" /* extended_master_secret, which is empty */

static uint8_t room[TROTH_CLIENT_HELLO_MAX];

static size_t put(uint8_t *to, size_t at, struct troth_span bytes)
{
    memcpy(to + at, bytes.ptr, bytes.len);
    return at + bytes.len;
}

static size_t put_number(uint8_t *to, size_t at, size_t value, size_t width)
{
    for (size_t i = 0; i < width; i++)
        to[at + i] = (uint8_t)(value >> 8 * (width - 1 - i));
    return at + width;
}

/* The message in records; lives until the next call. */
static struct troth_span in_records(struct troth_span message, size_t record)
{
    static uint8_t out[6 * 40000];
    size_t at = 0;

    for (size_t done = 0; done < message.len;) {
        size_t len = message.len - done;

        if (record && len > record)
            len = record;
        at = put_number(out, at, 0x160301, 3);
        at = put_number(out, at, len, 2);
        at = put(out, at, (struct troth_span){message.ptr + done, len});
        done += len;
    }
    return (struct troth_span){out, at};
}

static struct troth_span message_of(const struct parts *parts)
{
    static uint8_t out[40000];
    size_t at = put(out, 4, test_hex(parts->head));

    if (parts->extensions) {
        const struct troth_span extensions = test_hex(parts->extensions);

        at = put_number(out, at, extensions.len, 2);
        at = put(out, at, extensions);
    }
    out[0] = 1;
    (void)put_number(out, 1, at - 4, 3);
    return (struct troth_span){out, at};
}

/* clang-format off */
static const struct {
    const char *why;
    struct parts parts;
    enum troth_err err;
    const char *field;
    const char *name;
} hellos[] = {
    {"a name", {HEAD, API}, TROTH_OK, NULL, "api.test"},
    {"among others", {HEAD, MASTER API "0a0a00010b"}, TROTH_OK, NULL, "api.test"},
    {"a byte a record", {HEAD, API, 1}, TROTH_OK, NULL, "api.test"},
    {"a record ends in the head", {HEAD, API, 3}, TROTH_OK, NULL, "api.test"},
    {"TLS 1.0's version", {"0301" ZEROS "00" "00021301" "0100", API}, TROTH_OK, NULL, "api.test"},
    {"a session of 32", {"0303" ZEROS "20" ZEROS "00021301" "0100", API}, TROTH_OK, NULL, "api.test"},
    {"a name of another case is handed on", {HEAD, "0000000d000b0000084150492e74657374"}, TROTH_OK, NULL, "API.test"},
    {"no extensions", {HEAD, NULL}, TROTH_ERR_MISSING, "tls.hello.server_name", NULL},
    {"none in their list", {HEAD, ""}, TROTH_ERR_MISSING, "tls.hello.server_name", NULL},
    {"no name among them", {HEAD, MASTER}, TROTH_ERR_MISSING, "tls.hello.server_name", NULL},
    {"an empty extension for it", {HEAD, "00000000"}, TROTH_ERR_VALUE, "tls.hello.server_name", NULL},
    {"an empty list of names", {HEAD, "000000020000"}, TROTH_ERR_VALUE, "tls.hello.server_name", NULL},
    {"an empty name", {HEAD, "0000000500030" "00000"}, TROTH_ERR_VALUE, "tls.hello.server_name", NULL},
    {"a name of another type", {HEAD, "0000000d000b0100086170692e74657374"}, TROTH_ERR_VALUE, "tls.hello.server_name", NULL},
    {"two names", {HEAD, "0000001800160000086170692e746573740000086170692e74657374"}, TROTH_ERR_DUPLICATE, "tls.hello.server_name", NULL},
    {"a second of another type", {HEAD, "0000000f000d0000086170692e746573740100"}, TROTH_ERR_DUPLICATE, "tls.hello.server_name", NULL},
    {"bytes behind the list", {HEAD, "0000000e000b0000086170692e7465737400"}, TROTH_ERR_TRAILING, NULL, NULL},
    {"a list longer than its extension", {HEAD, "0000000d000c0000086170692e74657374"}, TROTH_ERR_VALUE, "tls.hello.server_name", NULL},
    {"a name longer than its list", {HEAD, "0000000d000b0000096170692e74657374"}, TROTH_ERR_VALUE, "tls.hello.server_name", NULL},
    {"two lists", {HEAD, API OTHER}, TROTH_ERR_DUPLICATE, "tls.hello.extension.type", NULL},
    {"another extension twice", {HEAD, MASTER API MASTER}, TROTH_ERR_DUPLICATE, "tls.hello.extension.type", NULL},
    {"an encrypted hello", {HEAD, API "fe0d000100"}, TROTH_ERR_UNSUPPORTED, "tls.hello.encrypted_client_hello", NULL},
    {"an inner one", {HEAD, "fe0d000101" API}, TROTH_ERR_UNSUPPORTED, "tls.hello.encrypted_client_hello", NULL},
    {"a draft's", {HEAD, API "fe0a0000"}, TROTH_ERR_UNSUPPORTED, "tls.hello.encrypted_client_hello", NULL},
    {"an encrypted name", {HEAD, API "ffce0000"}, TROTH_ERR_UNSUPPORTED, "tls.hello.encrypted_client_hello", NULL},
    {"an extension longer than they all", {HEAD, API "00170001"}, TROTH_ERR_VALUE, "tls.hello.extension", NULL},
    {"half an extension's head", {HEAD, API "0017"}, TROTH_ERR_VALUE, "tls.hello.extension.length", NULL},
    {"SSL 3's version", {"0300" ZEROS "00" "00021301" "0100", API}, TROTH_ERR_VALUE, "tls.hello.version", NULL},
    {"TLS 1.3's, which nobody sends there", {"0304" ZEROS "00" "00021301" "0100", API}, TROTH_ERR_VALUE, "tls.hello.version", NULL},
    {"a session of 33", {"0303" ZEROS "21" ZEROS "ff" "00021301" "0100", API}, TROTH_ERR_VALUE, "tls.hello.session", NULL},
    {"no suites", {"0303" ZEROS "00" "0000" "0100", API}, TROTH_ERR_VALUE, "tls.hello.cipher_suites", NULL},
    {"half a suite", {"0303" ZEROS "00" "0003130113" "0100", API}, TROTH_ERR_VALUE, "tls.hello.cipher_suites", NULL},
    {"no compression", {"0303" ZEROS "00" "00021301" "00", API}, TROTH_ERR_VALUE, "tls.hello.compression", NULL},
    {"it ends in its head", {"0303" "0000", NULL}, TROTH_ERR_VALUE, "tls.hello.random", NULL},
    {"it is empty", {"", NULL}, TROTH_ERR_VALUE, "tls.hello.version", NULL},
};

static const struct {
    const char *why;
    const char *hex;
    enum troth_err err;
    const char *field;
} firsts[] = {
    {"nothing", "", TROTH_ERR_SHORT, "tls.record.type"},
    {"a type", "16", TROTH_ERR_SHORT, "tls.record.version"},
    {"a record's head", "1603010010", TROTH_ERR_SHORT, "tls.record"},
    {"a message's head", "160301000401000010", TROTH_ERR_SHORT, "tls.record.type"},
    {"HTTP", "47455420", TROTH_ERR_TYPE, "tls.record.type"},
    {"an alert", "15", TROTH_ERR_TYPE, "tls.record.type"},
    {"data", "17", TROTH_ERR_TYPE, "tls.record.type"},
    {"SSL 2's hello", "802e0100", TROTH_ERR_TYPE, "tls.record.type"},
    {"SSL 3's record", "160300", TROTH_ERR_TYPE, "tls.record.version"},
    {"a version to come", "160304", TROTH_ERR_TYPE, "tls.record.version"},
    {"DTLS", "16fefd", TROTH_ERR_TYPE, "tls.record.version"},
    {"an empty record", "1603010000", TROTH_ERR_VALUE, "tls.record.length"},
    {"the longest record", "1603014000", TROTH_ERR_SHORT, "tls.record"},
    {"a longer one", "1603014001", TROTH_ERR_VALUE, "tls.record.length"},
    {"a server's hello", "160301000102", TROTH_ERR_TYPE, "tls.hello.type"},
    {"the longest message", "160301000401003ffc", TROTH_ERR_SHORT, "tls.record.type"},
    {"a longer one", "160301000401003ffd", TROTH_ERR_LIMIT, "tls.hello.length"},
    {"the longest there could be", "160301000401ffffff", TROTH_ERR_LIMIT, "tls.hello.length"},
    {"another message in its record", "160301000a010000020303ffffffff", TROTH_ERR_TRAILING, "tls.hello"},
    {"another record's type in between", "160301000201001703030001ff", TROTH_ERR_TYPE, "tls.record.type"},
};
/* clang-format on */

static void read_hellos(void)
{
    for (size_t i = 0; i < COUNT(hellos); i++) {
        struct troth_fault fault;
        struct troth_span name;
        const struct troth_span bytes = in_records(message_of(&hellos[i].parts),
                                                   hellos[i].parts.record);

        test_case("%s", hellos[i].why);
        CHECK_ERR(troth_client_hello_parse(&name, &fault, room, bytes), hellos[i].err);
        CHECK_ERR(fault.err, hellos[i].err);
        CHECK_TEXT(fault.field, hellos[i].field);
        CHECK_SPAN(name, test_text(hellos[i].name ? hellos[i].name : ""));
    }
}

static void read_firsts(void)
{
    for (size_t i = 0; i < COUNT(firsts); i++) {
        struct troth_fault fault;
        struct troth_span name;

        test_case("it begins with: %s", firsts[i].why);
        CHECK_ERR(troth_client_hello_parse(&name, &fault, room, test_hex(firsts[i].hex)),
                  firsts[i].err);
        CHECK_TEXT(fault.field, firsts[i].field);
        CHECK_INT(name.len, 0);
    }
}

/* Whatever follows it is the next one's business. */
static void cut_anywhere(void)
{
    const struct parts parts = {HEAD, MASTER API};

    for (size_t record = 0; record < 12; record += 5) {
        const struct troth_span bytes = in_records(message_of(&parts), record);
        struct troth_span name;

        test_case("cut anywhere it waits for the rest; records of %zu", record);
        for (size_t len = 0; len < bytes.len; len++)
            CHECK_ERR(troth_client_hello_parse(&name, NULL, room,
                                               (struct troth_span){bytes.ptr, len}),
                      TROTH_ERR_SHORT);
        CHECK_ERR(troth_client_hello_parse(&name, NULL, room,
                                           (struct troth_span){bytes.ptr, bytes.len + 3}),
                  TROTH_OK);
    }
}

static void too_long(void)
{
    static uint8_t message[TROTH_CLIENT_HELLO_MAX];
    struct troth_span name, bytes;

    test_case("the longest in one record is too long with its record's head");
    memset(message, 0xff, sizeof message);
    (void)put_number(message, 0, 0x01003ff0, 4);
    bytes = in_records((struct troth_span){message, 0x3ff4}, 0);
    CHECK(bytes.len <= TROTH_CLIENT_HELLO_MAX);
    CHECK_ERR(troth_client_hello_parse(&name, NULL, room, bytes), TROTH_ERR_VALUE);

    test_case("a byte a record, it does not get far");
    bytes = in_records((struct troth_span){message, 0x3ff4}, 1);
    for (size_t i = 0; i < 2; i++)
        CHECK_ERR(troth_client_hello_parse(
                      &name, NULL, room,
                      (struct troth_span){bytes.ptr, TROTH_CLIENT_HELLO_MAX - 1 + i}),
                  i ? TROTH_ERR_LIMIT : TROTH_ERR_SHORT);

    test_case("64 extensions, and one more");
    for (size_t count = 63; count < 65; count++) {
        const struct parts parts = {HEAD, API};
        struct troth_span whole = message_of(&parts);
        size_t at = put(message, 0, whole), extensions = whole.len - 17 - 2;

        for (size_t i = 0; i < count; i++)
            at = put_number(message, at, (0x4000 + i) << 16, 4);
        (void)put_number(message, 1, at - 4, 3);
        (void)put_number(message, extensions, at - extensions - 2, 2);
        CHECK_ERR(troth_client_hello_parse(
                      &name, NULL, room, in_records((struct troth_span){message, at}, 0)),
                  count == 63 ? TROTH_OK : TROTH_ERR_LIMIT);
    }
}

/* What a real client's library says, to this name or to none. */
static struct troth_span say_hello(const char *name, int version)
{
    static uint8_t out[TROTH_CLIENT_HELLO_MAX];
    SSL_CTX *context = SSL_CTX_new(TLS_client_method());
    SSL *ssl;
    int len;

    if (version)
        (void)SSL_CTX_set_max_proto_version(context, version);
    ssl = SSL_new(context);
    SSL_set_connect_state(ssl);
    SSL_set_bio(ssl, BIO_new(BIO_s_mem()), BIO_new(BIO_s_mem()));
    if (name)
        (void)SSL_set_tlsext_host_name(ssl, name);
    (void)SSL_do_handshake(ssl);
    len = BIO_read(SSL_get_wbio(ssl), out, sizeof out);
    SSL_free(ssl);
    SSL_CTX_free(context);
    return (struct troth_span){out, len > 0 ? (size_t)len : 0};
}

static void read_real_ones(void)
{
    static const int versions[] = {0, TLS1_2_VERSION};

    for (size_t i = 0; i < COUNT(versions); i++) {
        struct troth_span name;

        test_case("OpenSSL's hello, %s", versions[i] ? "TLS 1.2" : "as it comes");
        CHECK_ERR(troth_client_hello_parse(&name, NULL, room,
                                           say_hello("www.example.com", versions[i])),
                  TROTH_OK);
        CHECK_SPAN(name, test_text("www.example.com"));
        CHECK_ERR(
            troth_client_hello_parse(&name, NULL, room, say_hello(NULL, versions[i])),
            TROTH_ERR_MISSING);
    }
}

/* No byte of it makes the reader leave its input, or find a name and fail. */
static void spoil_each_byte(void)
{
    static uint8_t spoiled[TROTH_CLIENT_HELLO_MAX];
    const struct troth_span whole = say_hello("www.example.com", 0);

    test_case("every byte of a real one spoiled");
    for (size_t i = 0; i < whole.len * 8; i++) {
        struct troth_span name;
        enum troth_err err;

        memcpy(spoiled, whole.ptr, whole.len);
        spoiled[i / 8] ^= (uint8_t)(1 << i % 8);
        err = troth_client_hello_parse(&name, NULL, room,
                                       (struct troth_span){spoiled, whole.len});
        CHECK((err == TROTH_OK) == (name.len > 0));
    }
}

int main(void)
{
    read_hellos();
    read_firsts();
    cut_anywhere();
    too_long();
    read_real_ones();
    spoil_each_byte();
    return test_finish();
}
