/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <poll.h>
#include <sched.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sandbox/sandbox.h"
#include "test/harness.h"

static struct troth_sandbox_fault fault;

static size_t open_count(void)
{
    size_t count = 0;

    for (int descriptor = 0; descriptor < 1024; descriptor++)
        count += fcntl(descriptor, F_GETFD) >= 0;
    return count;
}

static ino_t own_network(void)
{
    struct stat status;

    return stat("/proc/self/ns/net", &status) == 0 ? status.st_ino : 0;
}

/* Looks at a network from inside. Returns 0: only loopback is there, and it is up. */
static int look(int network)
{
    int status = -1;
    const pid_t child = fork();

    if (child == 0) {
        struct if_nameindex *names;
        unsigned count = 0;

        if (setns(network, CLONE_NEWNET) != 0 || !(names = if_nameindex()))
            _exit(2);
        for (; names[count].if_index; count++)
            if (strcmp(names[count].if_name, "lo") != 0 &&
                /* Linux lends every network these, which lead nowhere. */
                !strstr(
                    "tunl0 gre0 gretap0 erspan0 ip_vti0 ip6_vti0 sit0 ip6tnl0 ip6gre0",
                    names[count].if_name))
                _exit(3);
        _exit(count > 0 ? 0 : 4);
    }
    (void)waitpid(child, &status, 0);
    return status;
}

static bool is_reached(int network, uint16_t port)
{
    struct pollfd wait = {.events = POLLOUT};
    int error = -1;
    socklen_t len = sizeof error;

    wait.fd = troth_sandbox_connect(network, port);
    if (wait.fd < 0)
        return false;
    if (poll(&wait, 1, 2000) == 1)
        (void)getsockopt(wait.fd, SOL_SOCKET, SO_ERROR, &error, &len);
    CHECK((fcntl(wait.fd, F_GETFL) & O_NONBLOCK) != 0);
    CHECK((fcntl(wait.fd, F_GETFD) & FD_CLOEXEC) != 0);
    (void)close(wait.fd);
    return error == 0;
}

int main(void)
{
    const ino_t before = own_network();
    int one, other, listener, twin;
    uint16_t port, again;
    size_t open_before = open_count();

    test_case("a network of its own");
    if (geteuid() != 0 || !troth_sandbox_network(&one, &fault)) {
        test_skip("only root can make one");
        return test_finish();
    }
    CHECK(own_network() == before);
    CHECK_INT(open_count(), open_before + 1);
    CHECK((fcntl(one, F_GETFD) & FD_CLOEXEC) != 0);
    CHECK_INT(look(one), 0);
    CHECK(waitpid(-1, NULL, __WALL) < 0 && errno == ECHILD);
    test_case("a listener in it");
    CHECK(troth_sandbox_listen(&listener, &port, one, 0, &fault));
    CHECK(port != 0);
    CHECK((fcntl(listener, F_GETFD) & FD_CLOEXEC) != 0);
    CHECK(own_network() == before);
    CHECK(is_reached(one, port));
    test_case("a port that is taken");
    open_before = open_count();
    CHECK(!troth_sandbox_listen(&twin, &again, one, port, &fault));
    CHECK_INT(fault.error, EADDRINUSE);
    CHECK_INT(twin, -1);
    CHECK_INT(open_count(), open_before);
    test_case("another network does not know it");
    CHECK(troth_sandbox_network(&other, &fault));
    CHECK(!is_reached(other, port));
    CHECK(troth_sandbox_listen(&twin, &again, other, port, &fault));
    CHECK_INT(again, port);
    test_case("nobody listens");
    (void)close(listener);
    CHECK(!is_reached(one, port));
    test_case("no network at all");
    CHECK(!troth_sandbox_listen(&listener, &port, -1, 0, &fault));
    CHECK_INT(fault.error, EBADF);
    CHECK_INT(troth_sandbox_connect(-1, 1), -1);
    CHECK_INT(errno, EBADF);
    CHECK(waitpid(-1, NULL, __WALL) < 0 && errno == ECHILD);
    return test_finish();
}
