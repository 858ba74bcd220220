/* troth-sim middle: somebody who relays an attested channel as two. */
/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "sim/command.h"
#include "sim/middle.h"

#define STATUS_UNABLE 2

struct wish {
    const char *listen, *to;
    struct troth_address at, server;
};

static const char *take_address(struct troth_address *out, const char *option,
                                const char *text)
{
    if (!text)
        sim_refuse("an address must follow", option);
    if (troth_address_parse(out, text) != TROTH_OK)
        sim_refuse("no such address is possible:", text);
    return text;
}

static struct wish parse(char **arguments)
{
    struct wish wish = {.listen = NULL};

    for (; *arguments; arguments++) {
        const char *option = *arguments;

        if (strcmp(option, "--listen") == 0)
            wish.listen = take_address(&wish.at, option, *++arguments);
        else if (strcmp(option, "--to") == 0)
            wish.to = take_address(&wish.server, option, *++arguments);
        else
            sim_refuse("no such option", option);
    }
    if (!wish.listen || !wish.to)
        sim_refuse("missing", wish.listen ? "--to" : "--listen");
    return wish;
}

static int open_door(const struct wish *wish)
{
    const int door = socket(wish->at.socket.ss_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const int one = 1;

    if (door < 0 || setsockopt(door, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one) != 0 ||
        bind(door, (const struct sockaddr *)&wish->at.socket, wish->at.len) != 0 ||
        listen(door, SOMAXCONN) != 0)
        sim_fail(STATUS_UNABLE, "cannot listen at", wish->listen, errno);
    (void)fprintf(stderr, "troth-sim: middle: between %s and %s\n", wish->listen,
                  wish->to);
    return door;
}

/* One process a connection: it ends with it, or with us. */
static void serve(struct sim_middle *middle, const struct wish *wish, int client)
{
    (void)prctl(PR_SET_PDEATHSIG, SIGKILL);
    const struct sim_middle_heard heard = sim_middle_relay(middle, client, &wish->server);

    if (heard.trouble)
        (void)fprintf(stderr, "troth-sim: middle: %s\n", heard.trouble);
    else
        (void)fprintf(stderr,
                      "troth-sim: middle: passed on %" PRIu64
                      " bytes of the client's and "
                      "%" PRIu64 " of the server's\n",
                      heard.from_client, heard.from_server);
}

static int run(char **arguments)
{
    const struct wish wish = parse(arguments);
    struct sim_middle *middle = sim_middle_create();
    const int door = open_door(&wish);

    (void)signal(SIGCHLD, SIG_IGN); /* none is waited for */
    (void)signal(SIGPIPE, SIG_IGN);
    for (;;) {
        const int client = accept4(door, NULL, NULL, SOCK_CLOEXEC);

        if (client < 0 && errno != EINTR && errno != ECONNABORTED)
            sim_fail(STATUS_UNABLE, "cannot listen at", wish.listen, errno);
        if (client < 0)
            continue;
        if (fork() == 0) {
            (void)close(door);
            serve(middle, &wish, client);
            _exit(0);
        }
        (void)close(client);
    }
}

const struct sim_command sim_command_middle = {
    .name = "middle",
    .help =
        "usage: troth-sim middle --listen ADDR --to ADDR\n"
        "\n"
        "Sit between clients and a server, as whoever owns the network can: TLS ends "
        "here\n"
        "on both sides, under a certificate made for it, and all that is said on one "
        "side\n"
        "is said on the other. It has none of the server's keys. troth connect refuses "
        "it.\n"
        "\n"
        "  --listen ADDR  where clients take it for the server: 127.0.0.1:9443, "
        "[::1]:9443\n"
        "  --to ADDR      the server\n"
        "\n"
        "For each connection it says how much it passed on.\n"
        "\n"
        "example: troth-sim middle --listen 127.0.0.1:9443 --to 127.0.0.1:8443\n",
    .run = run,
};
