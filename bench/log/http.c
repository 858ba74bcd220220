/* SPDX-License-Identifier: Apache-2.0 */
#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "bench/log/appends.h"
#include "bench/log/place.h"
#include "os/descriptors.h"

enum { CONNECTIONS = 1024, REQUEST_ROOM = 512, ANSWER_ROOM = 1024 };

/* A connection that waits for an answer, most of the time. */
struct connection {
    int descriptor;
    size_t len;
    char answer[ANSWER_ROOM];
};

struct http {
    pid_t server;
    int waits;     /* epoll */
    size_t opened; /* of the connections */
    uint64_t number;
    struct sockaddr_in inside;
    struct connection connections[CONNECTIONS];
};

static int listen_at(struct sockaddr_in *out)
{
    socklen_t len = sizeof *out;
    const int descriptor = socket(AF_INET, SOCK_STREAM, 0);

    *out = (struct sockaddr_in){.sin_family = AF_INET,
                                .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    bench_need(descriptor >= 0 &&
                   bind(descriptor, (struct sockaddr *)out, sizeof *out) == 0 &&
                   listen(descriptor, CONNECTIONS) == 0 &&
                   getsockname(descriptor, (struct sockaddr *)out, &len) == 0,
               "cannot listen");
    return descriptor;
}

static void serve(const char *folder, int outside, int inside)
{
    const int nothing = open("/dev/null", O_WRONLY | O_CLOEXEC);
    char at[16], in[16];

    (void)snprintf(at, sizeof at, "fd:%d", outside);
    (void)snprintf(in, sizeof in, "fd:%d", inside);
    (void)prctl(PR_SET_PDEATHSIG, SIGTERM);
    bench_need(dup2(nothing, STDOUT_FILENO) >= 0, "no output");
    (void)execl(TROTH_PROGRAM, "troth", "log", "serve", "--listen", at, "--inside", in,
                folder, (char *)NULL);
    _exit(127);
}

void *bench_http_open(const char *folder)
{
    struct http *http = bench_keep(sizeof *http);
    struct sockaddr_in public;
    int outside, inside;

    bench_need(troth_descriptors_raise(CONNECTIONS + 64) >= CONNECTIONS + 64,
               "too few descriptors");
    http->waits = epoll_create1(EPOLL_CLOEXEC);
    outside = listen_at(&public);
    inside = listen_at(&http->inside);
    http->server = fork();
    bench_need(http->waits >= 0 && http->server >= 0, "no process");
    if (http->server == 0)
        serve(folder, outside, inside);
    (void)close(outside);
    (void)close(inside);
    return http;
}

void bench_http_close(void *state)
{
    struct http *http = state;

    for (size_t i = 0; i < http->opened; i++)
        (void)close(http->connections[i].descriptor);
    (void)close(http->waits);
    (void)kill(http->server, SIGTERM);
    (void)waitpid(http->server, NULL, 0);
    free(http);
}

static void open_one(struct http *http)
{
    struct connection *c = &http->connections[http->opened];
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = c};
    const int on = 1;

    c->descriptor = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    bench_need(c->descriptor >= 0 &&
                   connect(c->descriptor, (struct sockaddr *)&http->inside,
                           sizeof http->inside) == 0 &&
                   setsockopt(c->descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on) ==
                       0 &&
                   epoll_ctl(http->waits, EPOLL_CTL_ADD, c->descriptor, &event) == 0,
               "cannot connect to troth log serve");
    http->opened++;
}

static void ask(struct http *http, struct connection *c)
{
    char request[REQUEST_ROOM];
    struct bench_entry entry;
    size_t len = (size_t)snprintf(request, sizeof request,
                                  "POST /append HTTP/1.1\r\nhost: log\r\n"
                                  "content-type: application/octet-stream\r\n"
                                  "content-length: %d\r\n\r\n",
                                  BENCH_ENTRY_SIZE);

    bench_entry_fill(&entry, http->number++);
    memcpy(request + len, entry.bytes, sizeof entry.bytes);
    len += sizeof entry.bytes;
    c->len = 0;
    bench_need(send(c->descriptor, request, len, MSG_NOSIGNAL) == (ssize_t)len,
               "a request was not taken");
}

/* Is an answer there, whole? One that says no index ends everything. */
static bool hear(struct connection *c)
{
    static const char good[] = "HTTP/1.1 200 ";
    const ssize_t got = recv(c->descriptor, c->answer + c->len,
                             sizeof c->answer - 1 - c->len, 0);

    bench_need(got > 0, "troth log serve has closed a connection");
    c->len += (size_t)got;
    c->answer[c->len] = '\0';
    if (c->len < sizeof good || c->answer[c->len - 1] != '\n' ||
        !strstr(c->answer, "\r\n\r\n{"))
        return false;
    bench_need(strncmp(c->answer, good, sizeof good - 1) == 0 &&
                   strstr(c->answer, "{\"index\":"),
               c->answer);
    return true;
}

/* Answers that are there; each is followed by another request while `is_going`. */
static size_t turn(struct http *http, bool is_going)
{
    struct epoll_event events[256];
    const int count = epoll_wait(http->waits, events, 256, 10000);
    size_t heard = 0;

    bench_need(count > 0, "troth log serve does not answer");
    for (int i = 0; i < count; i++)
        if (hear(events[i].data.ptr)) {
            heard++;
            if (is_going)
                ask(http, events[i].data.ptr);
        }
    return heard;
}

double bench_http_run(void *state, size_t in_flight, double seconds)
{
    struct http *http = state;
    size_t waiting = in_flight, done = 0;
    double begun, ran;

    while (http->opened < in_flight)
        open_one(http);
    begun = bench_now();
    for (size_t i = 0; i < in_flight; i++)
        ask(http, &http->connections[i]);
    while (bench_now() - begun < seconds)
        done += turn(http, true);
    while (waiting > 0) {
        const size_t heard = turn(http, false);

        done += heard;
        waiting -= heard;
    }
    ran = bench_now() - begun;
    /* What is to be published yet is not the next one's to bear. */
    (void)nanosleep(&(struct timespec){1, 200000000}, NULL);
    return (double)done / ran;
}
