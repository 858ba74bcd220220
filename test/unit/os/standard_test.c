/* SPDX-License-Identifier: Apache-2.0 */
#include "os/standard.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "test/harness.h"

static void test_hold(int descriptor)
{
    int kept = dup(descriptor);
    char byte = 'x';

    (void)close(descriptor);
    CHECK_INT(troth_standard_hold(), 0);
    CHECK(fcntl(descriptor, F_GETFD) != -1);
    errno = 0;
    if (descriptor == STDIN_FILENO)
        CHECK(read(descriptor, &byte, 1) == -1 && errno == EBADF);
    else
        CHECK(write(descriptor, &byte, 1) == -1 && errno == EBADF);
    CHECK(dup2(kept, descriptor) == descriptor);
    (void)close(kept);
}

int main(void)
{
    int terminal;

    for (int i = 0; i < 3; i++) {
        test_case("descriptor %d closed: it is taken, and of no use", i);
        test_hold(i);
    }
    test_case("nothing closed: nothing changes");
    CHECK_INT(troth_standard_hold(), 0);

    test_case("what is no terminal has no columns");
    terminal = open("/dev/null", O_RDWR);
    CHECK_INT(troth_standard_columns(terminal), 0);
    CHECK_INT(troth_standard_columns(-1), 0);
    (void)close(terminal);

    test_case("a terminal that does not say has 80");
    terminal = open("/dev/ptmx", O_RDWR | O_NOCTTY);
    if (terminal < 0)
        test_skip("no pseudo terminal can be had here");
    else
        CHECK_INT(troth_standard_columns(terminal), 80);
    (void)close(terminal);
    return test_finish();
}
