/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/connect/door.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static struct troth_address loopback(uint16_t port)
{
    const struct sockaddr_in v4 = {.sin_family = AF_INET,
                                   .sin_port = htons(port),
                                   .sin_addr = {htonl(INADDR_LOOPBACK)}};
    struct troth_address made = {.len = sizeof v4};

    memcpy(&made.socket, &v4, sizeof v4);
    return made;
}

static bool is_digits(const char *text)
{
    const size_t len = strlen(text);

    return len >= 1 && len <= 5 && strspn(text, "0123456789") == len;
}

/* "8080", ":8080", "localhost:8080": on this machine, for nobody else. */
static bool parse_short(struct troth_address *out, const char *text)
{
    static const char name[] = "localhost";
    unsigned long port;

    if (strncmp(text, name, sizeof name - 1) == 0)
        text += sizeof name - 1;
    text += *text == ':';
    if (!is_digits(text))
        return false;
    port = strtoul(text, NULL, 10);
    *out = loopback((uint16_t)port);
    return port <= UINT16_MAX;
}

static bool open_path(struct troth_local_door *door, struct troth_problem *problem,
                      const char *path)
{
    const int failed = troth_local_socket_listen(&door->socket, path, 0600);

    if (failed) {
        (void)troth_problem_io(problem, "cannot listen at", path, failed);
        if (failed == EADDRINUSE)
            troth_problem_hint(problem, "somebody listens there");
        return false;
    }
    door->listener = door->socket.descriptor;
    (void)snprintf(door->at, sizeof door->at, "%s", path);
    return true;
}

static bool open_address(struct troth_local_door *door, struct troth_problem *problem,
                         const struct troth_address *address, const char *text)
{
    struct troth_address bound;
    struct sockaddr_in v4;

    door->listener = troth_address_listen(address);
    if (door->listener < 0 || !troth_address_of_socket(&bound, door->listener))
        return troth_problem_io(problem, "cannot listen at", text, errno);
    (void)troth_address_write(door->at, &bound);
    door->is_open_to_others = !troth_address_is_local(&bound);
    memcpy(&v4, &bound.socket, sizeof v4);
    door->port = bound.socket.ss_family == AF_INET ? ntohs(v4.sin_port) : 0;
    return true;
}

bool troth_local_door_open(struct troth_local_door *out, struct troth_problem *problem,
                           const char *text)
{
    struct troth_address address;

    *out = (struct troth_local_door){.listener = -1,
                                     .socket = {.descriptor = -1, .lock = -1}};
    if (strchr(text, '/'))
        return open_path(out, problem, text);
    if (parse_short(&address, text) || troth_address_parse(&address, text) == TROTH_OK)
        return open_address(out, problem, &address, text);
    (void)troth_problem_usage(problem,
                              "--listen: '%s' is neither a port, nor an address with "
                              "one, nor a path",
                              text);
    troth_problem_hint(problem, "8080, 127.0.0.1:8080, [::1]:8080 or ./app.sock");
    return false;
}

void troth_local_door_close(struct troth_local_door *door)
{
    if (door->socket.descriptor >= 0)
        troth_local_socket_close(&door->socket);
    else if (door->listener >= 0)
        (void)close(door->listener);
    door->listener = -1;
}
