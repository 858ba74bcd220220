/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/connect/target.h"

#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool is_port(const char *text)
{
    const size_t len = strlen(text);
    const unsigned long port = strtoul(text, NULL, 10);

    return len >= 1 && len <= 5 && strspn(text, "0123456789") == len && port >= 1 &&
           port <= UINT16_MAX;
}

/* What is no IPv6 address in brackets has one colon. */
static bool parse_name(struct troth_target *out, const char *text)
{
    const char *colon = strrchr(text, ':');
    size_t len = colon ? (size_t)(colon - text) : 0;
    const bool is_v6 = len > 2 && *text == '[' && text[len - 1] == ']';

    if (is_v6) {
        text++;
        len -= 2;
    }
    if (len == 0 || len >= sizeof out->host || !is_port(colon + 1) ||
        (!is_v6 && memchr(text, ':', len)) || memchr(text, '/', len))
        return false;
    memcpy(out->host, text, len);
    out->host[len] = '\0';
    (void)snprintf(out->port, sizeof out->port, "%s", colon + 1);
    out->is_name = true;
    return true;
}

bool troth_target_parse(struct troth_target *out, struct troth_problem *problem,
                        const char *text)
{
    *out = (struct troth_target){.text = text};
    if (troth_address_parse(&out->rows[0], text) == TROTH_OK) {
        out->count = 1;
        return true;
    }
    if (parse_name(out, text))
        return true;
    (void)troth_problem_usage(problem, "'%s' is no address with a port", text);
    troth_problem_hint(problem, "app.example:8443, 192.0.2.1:8443, [2001:db8::1]:8443 or "
                                "vsock:3:8443");
    return false;
}

static void take(struct troth_target *target, const struct addrinfo *found)
{
    target->count = 0;
    for (; found && target->count < TROTH_RELAY_TARGETS_MAX; found = found->ai_next) {
        struct troth_address *row = &target->rows[target->count];

        if (found->ai_addrlen > sizeof row->socket)
            continue;
        *row = (struct troth_address){.len = found->ai_addrlen};
        memcpy(&row->socket, found->ai_addr, found->ai_addrlen);
        target->count++;
    }
}

const char *troth_target_look_up(struct troth_target *target)
{
    const struct addrinfo wanted = {.ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM};
    struct addrinfo *found = NULL;
    int failed;

    if (!target->is_name)
        return NULL;
    failed = getaddrinfo(target->host, target->port, &wanted, &found);
    if (failed)
        return gai_strerror(failed);
    take(target, found);
    freeaddrinfo(found);
    return target->count ? NULL : "it has no address";
}
