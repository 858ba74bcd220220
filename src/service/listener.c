/* SPDX-License-Identifier: Apache-2.0 */
#include "service/listener.h"

#include <errno.h>
#include <limits.h>
#include <unistd.h>

#include "base/number.h"
#include "base/span.h"
#include "service/address.h"

static int ask(int *out, int descriptor, int option)
{
    socklen_t len = sizeof *out;

    return getsockopt(descriptor, SOL_SOCKET, option, out, &len) == 0 ? 0 : errno;
}

/* Is it one that connections can be accepted from? Returns 0 or an errno. */
static int check(int descriptor)
{
    int type, listens;
    int failed = ask(&type, descriptor, SO_TYPE);

    if (!failed)
        failed = ask(&listens, descriptor, SO_ACCEPTCONN);
    if (!failed && (type != SOCK_STREAM || !listens))
        failed = EOPNOTSUPP;
    return failed;
}

static int take_descriptor(int *out, struct troth_span digits)
{
    uint64_t number;
    int failed;

    if (troth_uint_parse(&number, digits, 10) || number > INT_MAX)
        return EINVAL;
    if (number <= STDERR_FILENO)
        return EBADF;
    failed = check((int)number);
    if (!failed && !troth_address_settle((int)number))
        failed = errno;
    if (!failed)
        *out = (int)number;
    return failed;
}

static int open_port(int *out, const char *text)
{
    struct troth_address address;

    if (troth_address_parse(&address, text) || address.socket.ss_family == AF_UNIX)
        return EINVAL;
    *out = troth_address_listen(&address);
    return *out < 0 ? errno : 0;
}

int troth_listener_take(int *out, const char *text)
{
    const struct troth_span prefix = TROTH_LITERAL("fd:");
    const struct troth_span words = troth_span_of_text(text);

    *out = -1;
    if (troth_span_starts_with(words, prefix))
        return take_descriptor(out, troth_span_slice(words, prefix.len, words.len));
    return open_port(out, text);
}
