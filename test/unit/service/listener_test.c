/* SPDX-License-Identifier: Apache-2.0 */
#include "service/listener.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

#include "service/address.h"
#include "test/harness.h"

static const struct {
    const char *text;
    int failed;
} words[] = {
    {"", EINVAL},
    {"/run/app.sock", EINVAL},
    {"localhost:80", EINVAL},
    {"fd", EINVAL},
    {"fd:", EINVAL},
    {"fd:-1", EINVAL},
    {"fd:+3", EINVAL},
    {"fd:3x", EINVAL},
    {"fd:2147483648", EINVAL},
    {"fd:18446744073709551619", EINVAL},
    {"fd:0", EBADF},
    {"fd:1", EBADF},
    {"fd:2", EBADF},
    {"fd:2147483647", EBADF},
    {"192.0.2.7:1", EADDRNOTAVAIL},
};

static void test_words(void)
{
    for (size_t i = 0; i < COUNT(words); i++) {
        int taken = 0;

        test_case("'%s'", words[i].text);
        CHECK_INT(troth_listener_take(&taken, words[i].text), words[i].failed);
        CHECK_INT(taken, -1);
    }
}

static int take(int *out, int descriptor)
{
    char text[32];

    (void)snprintf(text, sizeof text, "fd:%d", descriptor);
    return troth_listener_take(out, text);
}

/* Sockets and others that nobody can be let in by. */
static void test_others(void)
{
    const struct {
        const char *why;
        int descriptor, failed;
    } rows[] = {
        {"a file", open("/dev/null", O_RDONLY | O_CLOEXEC), ENOTSOCK},
        {"one that sends datagrams", socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0),
         EOPNOTSUPP},
        {"one that does not listen", socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0),
         EOPNOTSUPP},
        {"one that keeps messages apart",
         socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0), EOPNOTSUPP},
    };

    CHECK(bind(rows[3].descriptor, &(struct sockaddr){.sa_family = AF_UNIX},
               sizeof(sa_family_t)) == 0 &&
          listen(rows[3].descriptor, 1) == 0);
    for (size_t i = 0; i < COUNT(rows); i++) {
        int taken = 0;

        test_case("%s", rows[i].why);
        CHECK(rows[i].descriptor > STDERR_FILENO);
        CHECK_INT(take(&taken, rows[i].descriptor), rows[i].failed);
        CHECK_INT(taken, -1);
        (void)close(rows[i].descriptor);
    }
}

/* As it is handed in: it blocks, and a program it runs would have it, too. */
static void test_taken(int family)
{
    const int made = socket(family, SOCK_STREAM, 0);
    int taken;

    test_case("family %d", family);
    CHECK(made > STDERR_FILENO && listen(made, 1) == (family == AF_UNIX ? -1 : 0));
    if (family == AF_UNIX)
        CHECK(bind(made, &(struct sockaddr){.sa_family = AF_UNIX}, sizeof(sa_family_t)) ==
                  0 &&
              listen(made, 1) == 0);
    CHECK_INT(take(&taken, made), 0);
    CHECK_INT(taken, made);
    CHECK((fcntl(made, F_GETFL) & O_NONBLOCK) != 0);
    CHECK_INT(fcntl(made, F_GETFD), FD_CLOEXEC);
    CHECK(accept(made, NULL, NULL) < 0 && errno == EAGAIN);
    (void)close(made);
}

static void test_port(void)
{
    struct troth_address address;
    char text[TROTH_ADDRESS_TEXT_MAX];
    int first, second;

    /* A port that is free, from the system; then the same by its address. */
    test_case("a port");
    first = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    CHECK(listen(first, 1) == 0 && troth_address_of_socket(&address, first));
    (void)close(first);
    (void)troth_address_write(text, &address);
    CHECK_INT(troth_listener_take(&first, text), 0);
    CHECK_INT(troth_listener_take(&second, text), EADDRINUSE);
    CHECK_INT(second, -1);
    (void)close(first);
}

int main(void)
{
    test_words();
    test_others();
    test_taken(AF_INET);
    test_taken(AF_UNIX);
    test_port();
    return test_finish();
}
