/* SPDX-License-Identifier: Apache-2.0 */
#include "service/address.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/span.h"

static bool parse_path(struct troth_address *out, const char *text)
{
    struct sockaddr_un local = {.sun_family = AF_UNIX};
    size_t len = strlen(text);

    if (len >= sizeof local.sun_path)
        return false;
    memcpy(local.sun_path, text, len);
    memcpy(&out->socket, &local, sizeof local);
    out->len = sizeof local;
    return true;
}

/* Digits alone, 1 to 65535. */
static bool parse_port(in_port_t *out, const char *text)
{
    size_t len = strlen(text);

    if (len == 0 || len > 5 || strspn(text, "0123456789") != len)
        return false;

    unsigned long port = strtoul(text, NULL, 10);

    *out = htons((uint16_t)port);
    return port >= 1 && port <= UINT16_MAX;
}

static bool parse_v4(struct troth_address *out, const char *host, in_port_t port)
{
    struct sockaddr_in v4 = {.sin_family = AF_INET, .sin_port = port};

    if (inet_pton(AF_INET, host, &v4.sin_addr) != 1)
        return false;
    memcpy(&out->socket, &v4, sizeof v4);
    out->len = sizeof v4;
    return true;
}

static bool parse_v6(struct troth_address *out, const char *host, in_port_t port)
{
    struct sockaddr_in6 v6 = {.sin6_family = AF_INET6, .sin6_port = port};

    if (inet_pton(AF_INET6, host, &v6.sin6_addr) != 1)
        return false;
    memcpy(&out->socket, &v6, sizeof v6);
    out->len = sizeof v6;
    return true;
}

static bool parse_internet(struct troth_address *out, const char *text)
{
    const char *colon = strrchr(text, ':');
    char host[INET6_ADDRSTRLEN] = "";
    in_port_t port = 0;
    bool is_v6 = *text == '[';

    if (!colon || !parse_port(&port, colon + 1) || (is_v6 && colon[-1] != ']'))
        return false;

    size_t len = (size_t)(colon - text) - (is_v6 ? 2 : 0);

    if (len >= sizeof host)
        return false;
    memcpy(host, text + is_v6, len);
    return is_v6 ? parse_v6(out, host, port) : parse_v4(out, host, port);
}

enum troth_err troth_address_parse(struct troth_address *out, const char *text)
{
    *out = (struct troth_address){.len = 0};
    if (*text == '/' ? parse_path(out, text) : parse_internet(out, text))
        return TROTH_OK;
    *out = (struct troth_address){.len = 0};
    return TROTH_ERR_VALUE;
}

static struct sockaddr_in as_v4(const struct troth_address *address)
{
    struct sockaddr_in v4;

    memcpy(&v4, &address->socket, sizeof v4);
    return v4;
}

static struct sockaddr_in6 as_v6(const struct troth_address *address)
{
    struct sockaddr_in6 v6;

    memcpy(&v6, &address->socket, sizeof v6);
    return v6;
}

bool troth_address_is_local(const struct troth_address *address)
{
    struct in6_addr v6;

    switch (address->socket.ss_family) {
    case AF_UNIX:
        return true;
    case AF_INET:
        return ntohl(as_v4(address).sin_addr.s_addr) >> 24 == IN_LOOPBACKNET;
    case AF_INET6:
        v6 = as_v6(address).sin6_addr;
        return IN6_IS_ADDR_LOOPBACK(&v6);
    default:
        return false;
    }
}

static void name_v6(char *out, const struct troth_address *address)
{
    struct in6_addr v6 = as_v6(address).sin6_addr;

    if (IN6_IS_ADDR_V4MAPPED(&v6)) {
        (void)inet_ntop(AF_INET, v6.s6_addr + 12, out, TROTH_ADDRESS_PEER_MAX);
        return;
    }
    memset(v6.s6_addr + 8, 0, 8);
    (void)inet_ntop(AF_INET6, &v6, out, INET6_ADDRSTRLEN);
    memcpy(out + strlen(out), "/64", sizeof "/64");
}

void troth_address_peer(char out[static TROTH_ADDRESS_PEER_MAX],
                        const struct troth_address *address)
{
    struct in_addr v4;

    switch (address->socket.ss_family) {
    case AF_INET:
        v4 = as_v4(address).sin_addr;
        (void)inet_ntop(AF_INET, &v4, out, TROTH_ADDRESS_PEER_MAX);
        return;
    case AF_INET6:
        name_v6(out, address);
        return;
    default:
        memcpy(out, "local", sizeof "local");
    }
}

bool troth_address_settle(int descriptor)
{
    int one = 1;
    int flags = fcntl(descriptor, F_GETFL);

    if (flags < 0 || fcntl(descriptor, F_SETFL, flags | O_NONBLOCK) < 0 ||
        fcntl(descriptor, F_SETFD, FD_CLOEXEC) < 0)
        return false;
    /* What is no TCP has no such delay. */
    (void)setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    return true;
}

int troth_address_connect(const struct troth_address *address)
{
    int made = socket(address->socket.ss_family, SOCK_STREAM, 0);

    if (made < 0)
        return -1;
    if (troth_address_settle(made) &&
        (connect(made, (const struct sockaddr *)&address->socket, address->len) == 0 ||
         errno == EINPROGRESS))
        return made;

    int error = errno;

    (void)close(made);
    errno = error;
    return -1;
}
