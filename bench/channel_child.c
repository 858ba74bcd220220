/* SPDX-License-Identifier: Apache-2.0 */
#include "bench/channel_child.h"

#include <event2/event.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "service/relay.h"

enum { PIECE = 64 * 1024, HOARD = 16384 };

static void give_up(const char *what)
{
    fprintf(stderr, "bench: cannot %s\n", what);
    exit(2);
}

/* 0 in the child, which ends with its parent. */
static pid_t fork_child(struct bench_child *out)
{
    pid_t parent = getpid();

    (void)fflush(NULL);
    out->pid = fork();
    if (out->pid < 0)
        give_up("fork");
    if (out->pid == 0) {
        (void)prctl(PR_SET_PDEATHSIG, SIGKILL);
        (void)signal(SIGPIPE, SIG_IGN);
        if (getppid() != parent)
            _exit(2);
    }
    return out->pid;
}

/* ---- what answers ---- */

static bool answer_one(struct bench_line *line, uint8_t *room)
{
    struct bench_request request;

    if (!bench_line_read_all(line, (uint8_t *)&request, sizeof request))
        return false;
    while (request.follows > 0) {
        size_t most = request.follows < PIECE ? (size_t)request.follows : PIECE;
        size_t got = bench_line_read(line, room, most);

        if (got == 0)
            return false;
        request.follows -= got;
    }
    while (request.comes_back > 0) {
        size_t len = request.comes_back < PIECE ? (size_t)request.comes_back : PIECE;

        if (!bench_line_write(line, room, len))
            return false;
        request.comes_back -= len;
    }
    return true;
}

/* Any number of lines of TCP at once, of the others one. */
static void answer_lines(struct bench_party *party, const struct bench_line_terms *terms,
                         int listener)
{
    static uint8_t room[PIECE];

    for (;;) {
        struct bench_line line;
        int accepted = bench_accept(listener);

        if (terms->kind == BENCH_TCP && fork() != 0) {
            (void)close(accepted);
            continue;
        }
        if (bench_line_begin(&line, party, TROTH_SERVER, terms, accepted) &&
            bench_line_open(&line))
            while (answer_one(&line, room))
                ;
        bench_line_end(&line);
        if (terms->kind == BENCH_TCP)
            _exit(0);
    }
}

void bench_child_answer(struct bench_child *out, struct bench_party *party,
                        enum bench_line_kind kind)
{
    static const char *const names[] = {"TCP", "TLS", "troth"};
    const struct bench_line_terms terms = {kind, TROTH_LEVEL_EPOCH, TROTH_LEVEL_NONE};
    int listener;

    *out = (struct bench_child){.name = names[kind], .kind = kind};
    listener = bench_listen(&out->port);
    if (fork_child(out) == 0) {
        (void)signal(SIGCHLD, SIG_IGN);
        answer_lines(party, &terms, listener);
    }
    (void)close(listener);
}

static void hoard(struct bench_party *party, const struct bench_line_terms *terms,
                  int listener)
{
    static struct bench_line lines[HOARD];

    for (size_t i = 0; i < HOARD; i++)
        if (!bench_line_begin(&lines[i], party, TROTH_SERVER, terms,
                              bench_accept(listener)) ||
            !bench_line_open(&lines[i]))
            bench_line_end(&lines[i]);
    for (;;)
        (void)pause();
}

void bench_child_hoard(struct bench_child *out, struct bench_party *party,
                       const struct bench_line_terms *terms)
{
    int listener;

    *out = (struct bench_child){.name = "a plain TLS server", .kind = terms->kind};
    listener = bench_listen(&out->port);
    if (fork_child(out) == 0)
        hoard(party, terms, listener);
    (void)close(listener);
}

/* Connections to a relay are answered by one process, however many there are. */

static int64_t party_now(void *state)
{
    const struct bench_party *party = state;

    return party->world.now_s;
}

static void relay(struct bench_party *party, int listener, uint16_t port,
                  enum troth_level asks)
{
    char upstream[32];
    struct troth_relay *made;
    struct troth_relay_options options = {
        .base = event_base_new(),
        .listener = listener,
        .tls = party->tls[TROTH_SERVER],
        .tools = &party->world.tools,
        .source = &party->source,
        .asks = asks,
        .gives = {[TROTH_LEVEL_EPOCH] = true},
        .limits = {.connections_per_peer = 20000, .handshakes_per_peer = 1024},
        .now_s = party_now,
        .state = party,
    };

    (void)snprintf(upstream, sizeof upstream, "127.0.0.1:%u", port);
    if (!options.base || troth_address_parse(&options.upstream, upstream) ||
        troth_relay_create(&made, &options))
        give_up("make a relay");
    (void)event_base_dispatch(options.base);
    _exit(2);
}

void bench_child_relay(struct bench_child *out, struct bench_party *party, uint16_t port,
                       enum troth_level asks)
{
    int listener;

    *out = (struct bench_child){.name = "troth's relay", .kind = BENCH_TROTH};
    listener = bench_listen(&out->port);
    if (fork_child(out) == 0)
        relay(party, listener, port, asks);
    (void)close(listener);
}

void bench_child_end(struct bench_child *child)
{
    if (child->pid > 0) {
        (void)kill(child->pid, SIGKILL);
        (void)waitpid(child->pid, NULL, 0);
    }
    child->pid = 0;
}

double bench_child_time(const struct bench_child *child)
{
    /* Behind the name, in brackets: the state, ten numbers, then user's and system's. */
    enum { FIELDS_BEFORE = 11 };
    char path[64], line[1024] = "", *at;
    double ticks = 0;
    FILE *file;

    (void)snprintf(path, sizeof path, "/proc/%d/stat", (int)child->pid);
    file = fopen(path, "r");
    if (!file)
        return 0;
    at = fgets(line, sizeof line, file) ? strrchr(line, ')') : NULL;
    for (int i = 0; at && i <= FIELDS_BEFORE; i++)
        at = strchr(at + 1, ' ');
    if (at) {
        ticks = (double)strtoul(at, &at, 10);
        ticks += (double)strtoul(at, NULL, 10);
    }
    (void)fclose(file);
    return ticks / (double)sysconf(_SC_CLK_TCK);
}

size_t bench_child_memory(const struct bench_child *child)
{
    char path[64], line[256];
    unsigned long kilobytes = 0;
    FILE *file;

    (void)snprintf(path, sizeof path, "/proc/%d/status", (int)child->pid);
    file = fopen(path, "r");
    while (file && fgets(line, sizeof line, file))
        if (strncmp(line, "VmRSS:", 6) == 0)
            kilobytes = strtoul(line + 6, NULL, 10);
    if (file)
        (void)fclose(file);
    return kilobytes * 1024;
}
