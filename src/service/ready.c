/* SPDX-License-Identifier: Apache-2.0 */
#include "service/ready.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/number.h"
#include "base/span.h"

static bool listens(int descriptor)
{
    int value = 0;
    socklen_t len = sizeof value;

    return getsockopt(descriptor, SOL_SOCKET, SO_ACCEPTCONN, &value, &len) == 0 && value;
}

int troth_ready_take(int *out, const char *text)
{
    uint64_t number;
    int flags;

    *out = -1;
    if (troth_uint_parse(&number, troth_span_of_text(text), 10) || number > INT_MAX)
        return EINVAL;
    flags = fcntl((int)number, F_GETFL);
    if (number <= STDERR_FILENO || flags < 0 || (flags & O_ACCMODE) == O_RDONLY)
        return EBADF;
    if (listens((int)number))
        return EISCONN;
    if (fcntl((int)number, F_SETFD, FD_CLOEXEC) < 0)
        return errno;
    *out = (int)number;
    return 0;
}

int troth_ready_tell(int descriptor)
{
    int failed = 0;

    if (descriptor < 0)
        return 0;
    if (write(descriptor, "\n", 1) != 1)
        failed = errno;
    (void)close(descriptor);
    return failed;
}
