/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <poll.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/socket.h>
#include <unistd.h>

#include "service/address.h"
#include "sim/guest.h"
#include "sim/guest_serve.h"

#define TEXT(number)  #number
#define TEXT_OF(name) TEXT(name)

#define OUTSIDE SIM_GUEST_ADDRESS ":" TEXT_OF(SIM_GUEST_PORT)
#define INSIDE  "vsock:" TEXT_OF(SIM_GUEST_LOCAL) ":" TEXT_OF(SIM_GUEST_PORT)

enum { ROOM = 65536 };

/* From one to the other. */
struct way {
    int from, to;
    uint8_t bytes[ROOM];
    size_t at, len;
    bool is_over;
};

static bool would_wait(void)
{
    return errno == EAGAIN || errno == EINTR;
}

/* What can be done without waiting; an end is passed on. */
static void move(struct way *way)
{
    ssize_t part;

    if (way->len == 0) {
        part = recv(way->from, way->bytes, ROOM, MSG_DONTWAIT);
        if (part < 0 && would_wait())
            return;
        way->at = 0;
        way->len = part > 0 ? (size_t)part : 0;
        if (part <= 0) {
            (void)shutdown(way->to, SHUT_WR);
            way->is_over = true;
            return;
        }
    }
    part = send(way->to, way->bytes + way->at, way->len, MSG_DONTWAIT | MSG_NOSIGNAL);
    if (part < 0 && would_wait())
        return;
    way->is_over = part < 0;
    if (part > 0) {
        way->at += (size_t)part;
        way->len -= (size_t)part;
    }
}

static void add(struct pollfd *fds, const struct way *way, int from, int to)
{
    if (way->is_over)
        return;
    if (way->len > 0)
        fds[to].events |= POLLOUT;
    else
        fds[from].events |= POLLIN;
}

static void relay(int client, int server)
{
    static struct way in, out;

    in = (struct way){.from = client, .to = server};
    out = (struct way){.from = server, .to = client};
    while (!in.is_over || !out.is_over) {
        struct pollfd fds[] = {{.fd = client}, {.fd = server}};

        add(fds, &in, 0, 1);
        add(fds, &out, 1, 0);
        /* What nothing is asked of reports only its end, again and again. */
        for (int i = 0; i < 2; i++)
            if (!fds[i].events)
                fds[i].fd = -1;
        if (poll(fds, 2, -1) < 0 && errno != EINTR)
            return;
        if (!in.is_over)
            move(&in);
        if (!out.is_over)
            move(&out);
    }
}

static void meet(int client)
{
    struct troth_address inside;
    struct pollfd done;
    int error = 0;
    socklen_t len = sizeof error;

    if (troth_address_parse(&inside, INSIDE))
        return;
    done = (struct pollfd){.fd = troth_address_connect(&inside), .events = POLLOUT};
    if (done.fd < 0 || poll(&done, 1, -1) != 1 ||
        getsockopt(done.fd, SOL_SOCKET, SO_ERROR, &error, &len) != 0 || error)
        return;
    relay(client, done.fd);
}

void sim_guest_forward(int ready)
{
    sim_guest_serve(ready, OUTSIDE, meet);
}
