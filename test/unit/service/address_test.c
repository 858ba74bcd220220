/* SPDX-License-Identifier: Apache-2.0 */
#include "service/address.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/un.h>
#include <unistd.h>

#include "test/harness.h"

struct row {
    const char *text;
    bool is_good, is_local;
    const char *peer;
};

static const struct row rows[] = {
    {"127.0.0.1:8080", true, true, "127.0.0.1"},
    {"127.9.9.9:1", true, true, "127.9.9.9"},
    {"192.0.2.7:65535", true, false, "192.0.2.7"},
    {"128.0.0.1:80", true, false, "128.0.0.1"},
    {"0.0.0.0:80", true, false, "0.0.0.0"},
    {"[::1]:8080", true, true, "::/64"},
    {"[2001:db8:1:2:3:4:5:6]:443", true, false, "2001:db8:1:2::/64"},
    {"[::ffff:192.0.2.7]:443", true, false, "192.0.2.7"},
    {"[ffff:ffff:ffff:ffff::]:443", true, false, "ffff:ffff:ffff:ffff::/64"},
    {"/run/app.sock", true, true, "local"},
    {"vsock:1", true, false, "vsock:4294967295"},
    {"vsock:4294967294", true, false, "vsock:4294967295"},
    {"vsock:0:8443", true, false, "vsock:0"},
    {"vsock:1:8443", true, false, "vsock:1"},
    {"vsock:4294967294:4294967294", true, false, "vsock:4294967294"},
    {"", false},
    {":80", false},
    {"localhost:80", false},
    {"127.0.0.1", false},
    {"127.0.0.1:", false},
    {"127.0.0.1:0", false},
    {"127.0.0.1:65536", false},
    {"127.0.0.1:+80", false},
    {"127.0.0.1:080000", false},
    {"127.0.0.1: 80", false},
    {"127.0.0.1:0080", false},
    {"127.1:80", false},
    {"vsock", false},
    {"vsock:", false},
    {"vsock:0", false},
    {"vsock:+1", false},
    {"vsock:4294967295", false},
    {"vsock:18446744073709551617", false},
    {"vsock::8443", false},
    {"vsock:3:", false},
    {"vsock:03:8443", false},
    {"vsock:-1:8443", false},
    {"vsock:4294967295:8443", false},
    {"vsock:3:8443:1", false},
    {"vsock:3:8443 ", false},
    {"VSOCK:8443", false},
    {"::1:80", false},
    {"[::1:80", false},
    {"[::1]80", false},
    {"[]:80", false},
    {"[:80", false},
    {"[127.0.0.1]:80", false},
    {"[0000:0000:0000:0000:0000:0000:255.255.255.2555]:80", false},
    {"/a/path/that/is/longer/than/the/hundred/and/seven/bytes/that/there/is/room/for/"
     "in/the/address/of/such/a/socket",
     false},
};

static void test_rows(void)
{
    for (size_t i = 0; i < COUNT(rows); i++) {
        const struct row *row = &rows[i];
        char peer[TROTH_ADDRESS_PEER_MAX], text[TROTH_ADDRESS_TEXT_MAX];
        struct troth_address address;

        test_case("'%s'", row->text);
        CHECK_ERR(troth_address_parse(&address, row->text),
                  row->is_good ? TROTH_OK : TROTH_ERR_VALUE);
        CHECK_INT(address.len > 0, row->is_good);
        CHECK_INT(troth_address_is_local(&address), row->is_local);
        if (!row->is_good)
            continue;
        troth_address_peer(peer, &address);
        CHECK_TEXT(peer, row->peer);
        CHECK_TEXT(troth_address_write(text, &address), row->text);
    }
}

/* What the system writes in another way than people did. */
static void test_written(void)
{
    const struct sockaddr_un nameless = {.sun_family = AF_UNIX};
    struct troth_address address;
    char text[TROTH_ADDRESS_TEXT_MAX], path[128] = "/";

    CHECK_ERR(troth_address_parse(&address, "[2001:DB8:0::1]:443"), TROTH_OK);
    CHECK_TEXT(troth_address_write(text, &address), "[2001:db8::1]:443");
    memcpy(&address.socket, &nameless, sizeof nameless);
    address.len = sizeof nameless.sun_family;
    CHECK_TEXT(troth_address_write(text, &address), "local");
    memset(path + 1, 'a', sizeof nameless.sun_path - 2);
    CHECK_ERR(troth_address_parse(&address, path), TROTH_OK);
    CHECK_TEXT(troth_address_write(text, &address), path);
}

static bool is_settled(int descriptor)
{
    return (fcntl(descriptor, F_GETFL) & O_NONBLOCK) != 0 &&
           fcntl(descriptor, F_GETFD) == FD_CLOEXEC;
}

/* Any port that is free; people always name one. */
static struct troth_address any_port(void)
{
    const struct sockaddr_in v4 = {.sin_family = AF_INET,
                                   .sin_addr = {htonl(INADDR_LOOPBACK)}};
    struct troth_address address = {.len = sizeof v4};

    memcpy(&address.socket, &v4, sizeof v4);
    return address;
}

static void test_listen(void)
{
    struct troth_address address = any_port(), again;
    char text[TROTH_ADDRESS_TEXT_MAX];
    const int listener = troth_address_listen(&address);
    int client, accepted;

    test_case("listen");
    CHECK(listener >= 0 && is_settled(listener));
    CHECK(troth_address_of_socket(&address, listener));
    /* Parsing refuses port 0: it is a true one by now. */
    CHECK_ERR(troth_address_parse(&again, troth_address_write(text, &address)), TROTH_OK);
    CHECK(accept(listener, NULL, NULL) < 0 && errno == EAGAIN);
    client = troth_address_connect(&address);
    CHECK(client >= 0 && is_settled(client));
    accepted = accept(listener, NULL, NULL);
    CHECK(accepted >= 0);
    CHECK(troth_address_listen(&address) < 0 && errno == EADDRINUSE);
    /* Who ends a connection waits for the other: the port is to be had all the same. */
    (void)close(accepted);
    (void)close(client);
    (void)close(listener);
    client = troth_address_listen(&address);
    CHECK(client >= 0);
    (void)close(client);
}

static void test_no_socket(void)
{
    struct troth_address address = {.len = 1};

    test_case("no socket");
    CHECK(!troth_address_of_socket(&address, -1) && errno == EBADF);
    CHECK_INT(address.len, 0);
    CHECK_ERR(troth_address_parse(&address, "192.0.2.7:1"), TROTH_OK);
    CHECK(troth_address_listen(&address) < 0 && errno == EADDRNOTAVAIL);
}

/* Where the kernel has vsock at all; to connect to oneself takes a module more. */
static void test_vsock(void)
{
    struct troth_address address;
    char text[TROTH_ADDRESS_TEXT_MAX];
    int listener;

    CHECK_ERR(troth_address_parse(&address, "vsock:60443"), TROTH_OK);
    listener = troth_address_listen(&address);
    if (listener < 0 && (errno == EAFNOSUPPORT || errno == EPERM || errno == ENODEV)) {
        test_skip("vsock: this machine has none");
        return;
    }
    test_case("vsock");
    CHECK(listener >= 0 && is_settled(listener));
    CHECK(troth_address_of_socket(&address, listener));
    CHECK_TEXT(troth_address_write(text, &address), "vsock:60443");
    (void)close(listener);
}

int main(void)
{
    test_rows();
    test_written();
    test_listen();
    test_no_socket();
    test_vsock();
    return test_finish();
}
