/* SPDX-License-Identifier: Apache-2.0 */
#include "os/local_socket.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "test/harness.h"

static char folder[] = "/tmp/troth-socket-XXXXXX", path[64], locked[80];

static bool is_there(const char *file)
{
    struct stat facts;

    return lstat(file, &facts) == 0;
}

static int connect_to(const char *to)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    int descriptor = socket(AF_UNIX, SOCK_STREAM, 0);

    (void)snprintf(address.sun_path, sizeof address.sun_path, "%s", to);
    if (connect(descriptor, (struct sockaddr *)&address, sizeof address) == 0)
        return descriptor;
    (void)close(descriptor);
    return -1;
}

static void test_life(void)
{
    struct troth_local_socket own, other;
    struct stat facts;
    uint32_t user;
    int here, there;

    for (int wide = 0; wide < 2; wide++) {
        test_case("made for %s, and removed again", wide ? "everybody" : "its user");
        CHECK_INT(troth_local_socket_listen(&own, path, wide ? 0666 : 0600), 0);
        CHECK(stat(path, &facts) == 0);
        CHECK_INT(facts.st_mode & 0777, wide ? 0666 : 0600);
        CHECK(fcntl(own.descriptor, F_GETFD) & FD_CLOEXEC);
        CHECK(fcntl(own.descriptor, F_GETFL) & O_NONBLOCK);
        there = connect_to(path);
        here = accept(own.descriptor, NULL, NULL);
        CHECK(troth_local_socket_peer(&user, here));
        CHECK_INT(user, geteuid());
        (void)close(here);
        (void)close(there);

        test_case("while it lives nobody else can be there");
        CHECK_INT(troth_local_socket_listen(&other, path, 0600), EADDRINUSE);
        CHECK(other.descriptor == -1 && other.lock == -1);
        troth_local_socket_close(&other);
        CHECK(is_there(path) && is_there(locked));
        troth_local_socket_close(&own);
        CHECK(!is_there(path) && !is_there(locked));
        CHECK(own.descriptor == -1);
    }
    test_case("what is no socket has no peer");
    CHECK(!troth_local_socket_peer(&user, 1) || user == geteuid());
    here = open("/dev/null", O_RDONLY);
    CHECK(!troth_local_socket_peer(&user, here));
    CHECK_INT(user, UINT32_MAX);
    (void)close(here);
}

static void test_dead(void)
{
    struct troth_local_socket own;
    pid_t child;
    int status;

    test_case("one that a killed process left is replaced");
    child = fork();
    if (child == 0) {
        if (troth_local_socket_listen(&own, path, 0600) == 0)
            (void)raise(SIGKILL);
        _exit(1);
    }
    CHECK(waitpid(child, &status, 0) == child && WIFSIGNALED(status));
    CHECK(is_there(path));
    CHECK_INT(connect_to(path), -1);
    CHECK_INT(troth_local_socket_listen(&own, path, 0600), 0);
    troth_local_socket_close(&own);
}

static void test_refused(void)
{
    struct troth_local_socket own;
    char longest[TROTH_LOCAL_SOCKET_PATH_MAX + 8];
    int file, stranger;
    struct sockaddr_un address = {.sun_family = AF_UNIX};

    test_case("a file that is no socket stays");
    file = open(path, O_CREAT | O_WRONLY, 0600);
    CHECK(file >= 0 && close(file) == 0);
    CHECK_INT(troth_local_socket_listen(&own, path, 0600), EEXIST);
    CHECK(is_there(path) && !is_there(locked));

    test_case("a link stays, wherever it leads");
    CHECK(unlink(path) == 0 && symlink("/nowhere", path) == 0);
    CHECK_INT(troth_local_socket_listen(&own, path, 0600), EEXIST);
    CHECK(unlink(path) == 0);

    test_case("a lock that is a link is not followed");
    CHECK(symlink(path, locked) == 0);
    CHECK_INT(troth_local_socket_listen(&own, path, 0600), ELOOP);
    CHECK(unlink(locked) == 0 && !is_there(path));

    test_case("a socket of a program that knows no lock stays, too");
    stranger = socket(AF_UNIX, SOCK_STREAM, 0);
    (void)snprintf(address.sun_path, sizeof address.sun_path, "%s", path);
    CHECK(bind(stranger, (struct sockaddr *)&address, sizeof address) == 0);
    CHECK(listen(stranger, 1) == 0);
    CHECK_INT(troth_local_socket_listen(&own, path, 0600), EADDRINUSE);
    CHECK(is_there(path));
    (void)close(stranger);
    CHECK(unlink(path) == 0);

    test_case("no path, one too long, one in no folder");
    CHECK_INT(troth_local_socket_listen(&own, "", 0600), ENOENT);
    memset(longest, 'a', sizeof longest);
    longest[TROTH_LOCAL_SOCKET_PATH_MAX] = '\0';
    CHECK_INT(troth_local_socket_listen(&own, longest, 0600), ENAMETOOLONG);
    CHECK_INT(troth_local_socket_listen(&own, "/nowhere/at/all", 0600), ENOENT);
    CHECK(own.descriptor == -1 && own.lock == -1);
}

/* What may be at the path, and what connecting to it says. */
static const struct {
    const char *why, *link; /* NULL: none */
    bool is_file, listens;
    int wanted;
} places[] = {
    {"nothing", NULL, false, false, ENOENT},
    {"a file", NULL, true, false, ECONNREFUSED},
    {"a socket that nobody listens at", NULL, false, false, ECONNREFUSED},
    {"a link to one that somebody does", "b.sock", false, false, ELOOP},
    {"a link to nowhere", "nowhere", false, false, ELOOP},
    {"one that somebody listens at", NULL, false, true, 0},
};

static void put(size_t i)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    int made = -1;

    if (places[i].link) {
        CHECK(symlink(places[i].link, path) == 0);
    } else if (places[i].is_file) {
        made = open(path, O_CREAT | O_WRONLY, 0600);
    } else if (i > 0) {
        made = socket(AF_UNIX, SOCK_STREAM, 0);
        (void)snprintf(address.sun_path, sizeof address.sun_path, "%s", path);
        CHECK(bind(made, (struct sockaddr *)&address, sizeof address) == 0);
    }
    if (made >= 0)
        (void)close(made);
}

static void test_connect(void)
{
    struct troth_local_socket other, own = {.descriptor = -1, .lock = -1};
    char beside[80];

    (void)snprintf(beside, sizeof beside, "%s/b.sock", folder);
    CHECK_INT(troth_local_socket_listen(&other, beside, 0600), 0);
    for (size_t i = 0; i < COUNT(places); i++) {
        const int made = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0);
        int here;

        test_case("connecting: %s", places[i].why);
        if (places[i].listens)
            CHECK_INT(troth_local_socket_listen(&own, path, 0600), 0);
        else
            put(i);
        CHECK_INT(troth_local_socket_connect(made, path), places[i].wanted);
        CHECK(accept(other.descriptor, NULL, NULL) < 0);
        here = places[i].listens ? accept(own.descriptor, NULL, NULL) : -1;
        CHECK((here >= 0) == places[i].listens);
        (void)close(here);
        (void)close(made);
        if (places[i].listens)
            troth_local_socket_close(&own);
        (void)unlink(path);
    }
    troth_local_socket_close(&other);
}

int main(void)
{
    CHECK(mkdtemp(folder) != NULL);
    (void)snprintf(path, sizeof path, "%s/a.sock", folder);
    (void)snprintf(locked, sizeof locked, "%s.lock", path);
    test_life();
    test_dead();
    test_refused();
    test_connect();
    CHECK(rmdir(folder) == 0);
    return test_finish();
}
