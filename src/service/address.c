/* SPDX-License-Identifier: Apache-2.0 */
#include "service/address.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <string.h>
#include <sys/un.h>
#include <unistd.h>

#include <linux/vm_sockets.h>

#include "base/number.h"
#include "base/span.h"
#include "os/local_socket.h"

/* How many may wait to be let in; the system has a limit of its own (Linux: 4096). Where
 * its queue is full, some of those that come are reset after a while. */
enum { BACKLOG = 4096 };

static const char vsock_prefix[] = "vsock:";

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

/* Digits alone, without zeros before them. */
static bool parse_number(uint32_t *out, struct troth_span digits, uint32_t least,
                         uint32_t most)
{
    uint64_t number;

    if (troth_uint_parse(&number, digits, 10) || number < least || number > most ||
        (digits.len > 1 && digits.ptr[0] == '0'))
        return false;
    *out = (uint32_t)number;
    return true;
}

static bool parse_port(in_port_t *out, const char *text)
{
    uint32_t port;

    if (!parse_number(&port, troth_span_of_text(text), 1, UINT16_MAX))
        return false;
    *out = htons((uint16_t)port);
    return true;
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

/* The last number of 32 bits means "any" to the kernel, both times. */
static bool parse_vsock(struct troth_address *out, const char *text)
{
    struct sockaddr_vm vm = {.svm_family = AF_VSOCK, .svm_cid = VMADDR_CID_ANY};
    struct troth_span port = troth_span_of_text(text);
    const char *colon = strchr(text, ':');

    if (colon) {
        struct troth_span cid = troth_span_next_item(&port, ':');

        if (!parse_number(&vm.svm_cid, cid, 0, VMADDR_CID_ANY - 1))
            return false;
    }
    if (!parse_number(&vm.svm_port, port, 1, VMADDR_PORT_ANY - 1))
        return false;
    memcpy(&out->socket, &vm, sizeof vm);
    out->len = sizeof vm;
    return true;
}

static bool parse(struct troth_address *out, const char *text)
{
    const size_t prefix_len = sizeof vsock_prefix - 1;

    if (*text == '/')
        return parse_path(out, text);
    if (strncmp(text, vsock_prefix, prefix_len) == 0)
        return parse_vsock(out, text + prefix_len);
    return parse_internet(out, text);
}

enum troth_err troth_address_parse(struct troth_address *out, const char *text)
{
    *out = (struct troth_address){.len = 0};
    if (parse(out, text))
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

static struct sockaddr_vm as_vm(const struct troth_address *address)
{
    struct sockaddr_vm vm;

    memcpy(&vm, &address->socket, sizeof vm);
    return vm;
}

static void write_v4(char *out, const struct troth_address *address)
{
    struct sockaddr_in v4 = as_v4(address);
    char host[INET_ADDRSTRLEN];

    (void)inet_ntop(AF_INET, &v4.sin_addr, host, sizeof host);
    (void)snprintf(out, TROTH_ADDRESS_TEXT_MAX, "%s:%u", host, ntohs(v4.sin_port));
}

static void write_v6(char *out, const struct troth_address *address)
{
    struct sockaddr_in6 v6 = as_v6(address);
    char host[INET6_ADDRSTRLEN];

    (void)inet_ntop(AF_INET6, &v6.sin6_addr, host, sizeof host);
    (void)snprintf(out, TROTH_ADDRESS_TEXT_MAX, "[%s]:%u", host, ntohs(v6.sin6_port));
}

static void write_vsock(char *out, const struct troth_address *address)
{
    struct sockaddr_vm vm = as_vm(address);

    if (vm.svm_cid == VMADDR_CID_ANY)
        (void)snprintf(out, TROTH_ADDRESS_TEXT_MAX, "%s%u", vsock_prefix, vm.svm_port);
    else
        (void)snprintf(out, TROTH_ADDRESS_TEXT_MAX, "%s%u:%u", vsock_prefix, vm.svm_cid,
                       vm.svm_port);
}

/* The kernel gives a path's length with it, and none at all for those without one. */
static void write_path(char *out, const struct troth_address *address)
{
    struct sockaddr_un local;
    size_t len = 0;

    memcpy(&local, &address->socket, sizeof local);
    if (address->len > offsetof(struct sockaddr_un, sun_path))
        len = strnlen(local.sun_path,
                      address->len - offsetof(struct sockaddr_un, sun_path));
    (void)snprintf(out, TROTH_ADDRESS_TEXT_MAX, "%.*s", len ? (int)len : 5,
                   len ? local.sun_path : "local");
}

const char *troth_address_write(char out[static TROTH_ADDRESS_TEXT_MAX],
                                const struct troth_address *address)
{
    switch (address->socket.ss_family) {
    case AF_INET:
        write_v4(out, address);
        break;
    case AF_INET6:
        write_v6(out, address);
        break;
    case AF_VSOCK:
        write_vsock(out, address);
        break;
    default:
        write_path(out, address);
    }
    return out;
}

bool troth_address_of_socket(struct troth_address *out, int descriptor)
{
    *out = (struct troth_address){.len = sizeof out->socket};
    if (getsockname(descriptor, (struct sockaddr *)&out->socket, &out->len) == 0)
        return true;
    *out = (struct troth_address){.len = 0};
    return false;
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
    case AF_VSOCK:
        (void)snprintf(out, TROTH_ADDRESS_PEER_MAX, "%s%u", vsock_prefix,
                       as_vm(address).svm_cid);
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

/* A socket that came to nothing: its errno stays. */
static int give_up(int descriptor)
{
    const int error = errno;

    (void)close(descriptor);
    errno = error;
    return -1;
}

static bool connect_to(int made, const struct troth_address *address)
{
    struct sockaddr_un local;

    if (address->socket.ss_family != AF_UNIX)
        return connect(made, (const struct sockaddr *)&address->socket, address->len) ==
               0;
    memcpy(&local, &address->socket, sizeof local);
    errno = troth_local_socket_connect(made, local.sun_path);
    return errno == 0;
}

int troth_address_connect(const struct troth_address *address)
{
    int made = socket(address->socket.ss_family, SOCK_STREAM, 0);

    if (made < 0)
        return -1;
    if (troth_address_settle(made) && (connect_to(made, address) || errno == EINPROGRESS))
        return made;
    return give_up(made);
}

int troth_address_listen(const struct troth_address *address)
{
    const int yes = 1;
    int made = socket(address->socket.ss_family, SOCK_STREAM, 0);

    if (made < 0)
        return -1;
    if (troth_address_settle(made) &&
        setsockopt(made, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes) == 0 &&
        bind(made, (const struct sockaddr *)&address->socket, address->len) == 0 &&
        listen(made, BACKLOG) == 0)
        return made;
    return give_up(made);
}
