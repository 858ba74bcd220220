/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <netinet/in.h>
#include <sched.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sandbox/fault.h"
#include "sandbox/sandbox.h"

/* What a helper brings back: a descriptor, or -1 and an errno. */
struct found {
    int descriptor;
    int error;
};

static struct found result(int descriptor)
{
    return (struct found){descriptor, descriptor < 0 ? errno : 0};
}

/*
 * A process cannot be half in another network, and the way back could fail: so one that
 * is made for it goes there. It shares the descriptors of this one, so that what it opens
 * is left when it ends. It has no signal for its parent, which another wait could take.
 */
static int fetch(unsigned long flags, struct found (*open_there)(int network),
                 int network)
{
    struct found found = {-1, ECHILD};
    sigset_t all, before;
    int ends[2];

    if (pipe2(ends, O_CLOEXEC) != 0)
        return -1;
    (void)sigfillset(&all);
    (void)pthread_sigmask(SIG_SETMASK, &all, &before);

    const pid_t helper = (pid_t)syscall(SYS_clone, flags | CLONE_FILES, NULL, NULL, NULL,
                                        NULL);

    if (helper == 0) {
        found = open_there(network);
        _exit(write(ends[1], &found, sizeof found) == (ssize_t)sizeof found ? 0 : 1);
    }
    if (helper < 0) {
        found.error = errno;
    } else {
        (void)waitpid(helper, NULL, __WALL);
        (void)fcntl(ends[0], F_SETFL, O_NONBLOCK);
        if (read(ends[0], &found, sizeof found) != (ssize_t)sizeof found)
            found = (struct found){-1, ECHILD};
    }
    (void)pthread_sigmask(SIG_SETMASK, &before, NULL);
    (void)close(ends[0]);
    (void)close(ends[1]);
    errno = found.error;
    return found.descriptor;
}

static bool raise_loopback(void)
{
    struct ifreq request = {.ifr_name = "lo"};
    const int any = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    bool is_up = false;

    if (any < 0)
        return false;
    if (ioctl(any, SIOCGIFFLAGS, &request) == 0) {
        request.ifr_flags = (short)(request.ifr_flags | IFF_UP);
        is_up = ioctl(any, SIOCSIFFLAGS, &request) == 0;
    }
    (void)close(any);
    return is_up;
}

/* Nobody else is there: every port is the program's, which is nobody special. Where this
 * cannot be written, the low ones are not. */
static void open_low_ports(void)
{
    const int file = open("/proc/sys/net/ipv4/ip_unprivileged_port_start",
                          O_WRONLY | O_CLOEXEC);

    if (file < 0)
        return;
    (void)!write(file, "0", 1);
    (void)close(file);
}

static struct found open_new(int network)
{
    (void)network;
    if (!raise_loopback())
        return result(-1);
    open_low_ports();
    return result(open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC));
}

/* A socket stays in the network that it was made in. */
static struct found open_socket(int network)
{
    if (setns(network, CLONE_NEWNET) != 0)
        return result(-1);
    return result(socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
}

bool troth_sandbox_network(int *out, struct troth_sandbox_fault *fault)
{
    *fault = (struct troth_sandbox_fault){0};
    *out = fetch(CLONE_NEWNET, open_new, -1);
    return *out >= 0 || troth_sandbox_fail(fault, "network", "");
}

static struct sockaddr_in address_of(uint16_t port)
{
    return (struct sockaddr_in){.sin_family = AF_INET,
                                .sin_port = htons(port),
                                .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
}

static bool has_bound(int listener, uint16_t *port)
{
    struct sockaddr_in address = address_of(*port);
    socklen_t len = sizeof address;
    const int on = 1;

    if (setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) != 0 ||
        bind(listener, (const struct sockaddr *)&address, len) != 0 ||
        listen(listener, SOMAXCONN) != 0 ||
        getsockname(listener, (struct sockaddr *)&address, &len) != 0)
        return false;
    *port = ntohs(address.sin_port);
    return true;
}

bool troth_sandbox_listen(int *out, uint16_t *out_port, int network, uint16_t port,
                          struct troth_sandbox_fault *fault)
{
    const int listener = fetch(0, open_socket, network);

    *out = -1;
    *out_port = 0;
    *fault = (struct troth_sandbox_fault){0};
    if (listener < 0 || fcntl(listener, F_SETFL, 0) != 0 || !has_bound(listener, &port)) {
        (void)troth_sandbox_fail(fault, "listen", "");
        if (listener >= 0)
            (void)close(listener);
        return false;
    }
    *out = listener;
    *out_port = port;
    return true;
}

int troth_sandbox_connect(int network, uint16_t port)
{
    const struct sockaddr_in address = address_of(port);
    const int peer = fetch(0, open_socket, network);

    if (peer < 0 ||
        connect(peer, (const struct sockaddr *)&address, sizeof address) == 0 ||
        errno == EINPROGRESS)
        return peer;

    const int error = errno;

    (void)close(peer);
    errno = error;
    return -1;
}
