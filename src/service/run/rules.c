/* SPDX-License-Identifier: Apache-2.0 */
#include "service/run/rules.h"

#include <netinet/in.h>
#include <string.h>

#include "base/span.h"
#include "service/address.h"
#include "troth/channel_frame.h"

static bool is_text(const char *text)
{
    return *text != '\0';
}

static bool is_listen(const char *text)
{
    struct troth_address address;

    return !troth_address_parse(&address, text) && address.socket.ss_family != AF_UNIX;
}

/* The address of no machine, which connects to this one; or IPv4's in IPv6, which may. */
static bool is_nobody(const struct troth_address *address)
{
    struct sockaddr_in v4;
    struct sockaddr_in6 v6;

    memcpy(&v4, &address->socket, sizeof v4);
    memcpy(&v6, &address->socket, sizeof v6);
    return address->socket.ss_family == AF_INET6
               ? IN6_IS_ADDR_UNSPECIFIED(&v6.sin6_addr) ||
                     IN6_IS_ADDR_V4MAPPED(&v6.sin6_addr)
               : address->socket.ss_family == AF_INET &&
                     ntohl(v4.sin_addr.s_addr) >> 24 == 0;
}

/* What is on this machine is inside, or somebody else's. */
static bool is_outside(const char *text)
{
    struct troth_address address;

    return is_listen(text) && !troth_address_parse(&address, text) &&
           !troth_address_is_local(&address) && !is_nobody(&address);
}

/* No "." or "..", no "//", no "/" at the end but that of "/" itself. */
static bool is_path(const char *text)
{
    if (*text != '/')
        return false;
    if (text[1] == '\0')
        return true;
    while (*text == '/') {
        const size_t len = strcspn(++text, "/");

        if (len == 0 || (len <= 2 && strspn(text, ".") >= len))
            return false;
        text += len;
    }
    return true;
}

static bool is_upstream(const char *text)
{
    struct troth_address address;
    struct sockaddr_in v4;

    if (troth_address_parse(&address, text))
        return false;
    if (address.socket.ss_family == AF_UNIX)
        return is_path(text);
    memcpy(&v4, &address.socket, sizeof v4);
    return address.socket.ss_family == AF_INET &&
           v4.sin_addr.s_addr == htonl(INADDR_LOOPBACK);
}

static bool is_ask(const char *text)
{
    for (int level = TROTH_LEVEL_NONE; level < TROTH_LEVEL_COUNT; level++)
        if (troth_span_is_text(troth_span_of_text(text),
                               troth_level_name((enum troth_level)level)))
            return true;
    return false;
}

static bool is_name(const char *text)
{
    const char *colon = strrchr(text, ':');

    return colon && colon != text && colon[1] >= '1' && colon[1] <= '9' &&
           !strpbrk(text, " \t\r\n");
}

static bool is_variable(const char *text)
{
    static const char letters[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_0123456789";

    return *text != '\0' && !(*text >= '0' && *text <= '9') &&
           text[strspn(text, letters)] == '\0';
}

/* clang-format off */
const struct troth_run_rule troth_run_rule_text = {is_text, "is empty", NULL};
const struct troth_run_rule troth_run_rule_listen = {
    is_listen, "is no address with a port", "0.0.0.0:8443, [::]:8443, vsock:8443"};
const struct troth_run_rule troth_run_rule_upstream = {
    is_upstream, "is neither 127.0.0.1 with a port nor an absolute path",
    "the program has a network of its own; of what is elsewhere the run file says upstream_outside"};
const struct troth_run_rule troth_run_rule_outside = {
    is_outside, "is no other machine's address with a port", "an IP address, not a name: 10.0.0.5:80"};
const struct troth_run_rule troth_run_rule_ask = {
    is_ask, "is none of none, epoch, strict", NULL};
const struct troth_run_rule troth_run_rule_path = {
    is_path, "is no absolute path", "from / on, without . and .., without / at its end"};
const struct troth_run_rule troth_run_rule_name = {
    is_name, "is no name with a port", "api.example.com:443, or *.example.org:443"};
const struct troth_run_rule troth_run_rule_variable = {
    is_variable, "is no name of a variable", "letters, digits and _, no digit first"};
/* clang-format on */
