/* SPDX-License-Identifier: Apache-2.0 */
#include "service/ready.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

#include "test/harness.h"

static const struct {
    const char *text;
    int failed;
} words[] = {
    {"", EINVAL},    {"-1", EINVAL},         {"three", EINVAL},
    {"3 ", EINVAL},  {"2147483648", EINVAL}, {"18446744073709551619", EINVAL},
    {"0", EBADF},    {"1", EBADF},           {"2", EBADF},
    {"9999", EBADF},
};

static int take(int *out, int descriptor)
{
    char text[32];

    (void)snprintf(text, sizeof text, "%d", descriptor);
    return troth_ready_take(out, text);
}

static void test_words(void)
{
    for (size_t i = 0; i < COUNT(words); i++) {
        int taken = 0;

        test_case("'%s'", words[i].text);
        CHECK_INT(troth_ready_take(&taken, words[i].text), words[i].failed);
        CHECK_INT(taken, -1);
    }
}

static void test_others(void)
{
    const struct sockaddr nameless = {.sa_family = AF_UNIX};
    const int listener = socket(AF_UNIX, SOCK_STREAM, 0);
    int ends[2], taken;

    test_case("what nothing can be written to");
    CHECK(pipe(ends) == 0 && ends[0] > STDERR_FILENO);
    CHECK_INT(take(&taken, ends[0]), EBADF);
    CHECK(bind(listener, &nameless, sizeof nameless.sa_family) == 0 &&
          listen(listener, 1) == 0);
    CHECK_INT(take(&taken, listener), EISCONN);
    CHECK_INT(taken, -1);
    (void)close(listener);
    (void)close(ends[0]);
    (void)close(ends[1]);
}

static void test_told(void)
{
    char told[4];
    int ends[2], taken;

    test_case("one byte, and the end");
    CHECK(pipe(ends) == 0);
    CHECK_INT(take(&taken, ends[1]), 0);
    CHECK_INT(taken, ends[1]);
    CHECK_INT(fcntl(taken, F_GETFD), FD_CLOEXEC);
    CHECK_INT(troth_ready_tell(taken), 0);
    CHECK_INT(read(ends[0], told, sizeof told), 1);
    CHECK_INT(read(ends[0], told, sizeof told), 0);
    (void)close(ends[0]);
    test_case("nobody is there");
    CHECK(pipe(ends) == 0);
    CHECK_INT(take(&taken, ends[1]), 0);
    (void)close(ends[0]);
    CHECK_INT(troth_ready_tell(taken), EPIPE);
    test_case("nobody asked");
    CHECK_INT(troth_ready_tell(-1), 0);
}

int main(void)
{
    (void)signal(SIGPIPE, SIG_IGN);
    test_words();
    test_others();
    test_told();
    return test_finish();
}
