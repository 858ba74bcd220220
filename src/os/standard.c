/* SPDX-License-Identifier: Apache-2.0 */
#include "os/standard.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/ioctl.h>
#include <unistd.h>

int troth_standard_hold(void)
{
    /* The wrong direction for each, so that its use fails as it would have. */
    static const int flags[] = {O_WRONLY, O_RDONLY, O_RDONLY};

    for (int i = 0; i < 3; i++) {
        if (fcntl(i, F_GETFD) != -1 || errno != EBADF)
            continue;
        /* The lowest free descriptor is this one: those below it are taken by now. */
        if (open("/dev/null", flags[i]) != i)
            return errno ? errno : EBADF;
    }
    return 0;
}

unsigned troth_standard_columns(int descriptor)
{
    struct winsize size;

    if (!isatty(descriptor))
        return 0;
    if (ioctl(descriptor, TIOCGWINSZ, &size) != 0 || size.ws_col == 0)
        return 80;
    return size.ws_col;
}
