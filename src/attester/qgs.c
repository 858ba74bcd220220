/* SPDX-License-Identifier: Apache-2.0 */
#include "attester/qgs.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include <linux/vm_sockets.h>

#include "attester/fault.h"
#include "base/span.h"
#include "os/clock.h"

#define PATH "vsock 2:4050"

enum { HOST_PORT = 4050 };

/* The socket is non-blocking; all that waits is here. Returns 0 or an errno. */
static int await(int socket, short event, int64_t deadline_ms)
{
    struct pollfd wanted = {socket, event, 0};

    for (;;) {
        const int64_t left_ms = deadline_ms - troth_clock_monotonic_ms();

        if (left_ms <= 0)
            return ETIMEDOUT;
        const int count = poll(&wanted, 1, left_ms < INT_MAX ? (int)left_ms : INT_MAX);

        if (count > 0)
            return 0;
        if (count < 0 && errno != EINTR)
            return errno;
    }
}

static bool is_passing(int error)
{
    return error == EINTR || error == EAGAIN || error == EWOULDBLOCK;
}

static int send_all(int socket, struct troth_span bytes, int64_t deadline_ms)
{
    while (bytes.len > 0) {
        const int failed = await(socket, POLLOUT, deadline_ms);

        if (failed)
            return failed;
        const ssize_t count = send(socket, bytes.ptr, bytes.len, MSG_NOSIGNAL);

        if (count < 0 && !is_passing(errno))
            return errno;
        if (count > 0)
            bytes = troth_span_slice(bytes, (size_t)count, bytes.len);
    }
    return 0;
}

static int receive_all(int socket, uint8_t *out, size_t len, int64_t deadline_ms)
{
    while (len > 0) {
        const int failed = await(socket, POLLIN, deadline_ms);

        if (failed)
            return failed;
        const ssize_t count = recv(socket, out, len, 0);

        if (count == 0)
            return ECONNRESET;
        if (count < 0 && !is_passing(errno))
            return errno;
        if (count > 0) {
            out += count;
            len -= (size_t)count;
        }
    }
    return 0;
}

/* Returns 0 or an errno; *out is malloc()ed. */
static int receive_answer(uint8_t **out, size_t *out_len, int socket, int64_t deadline_ms)
{
    uint8_t prefix[4];
    int failed = receive_all(socket, prefix, sizeof prefix, deadline_ms);

    *out = NULL;
    *out_len = 0;
    if (failed)
        return failed;
    const size_t len = (size_t)prefix[0] << 24 | (size_t)prefix[1] << 16 |
                       (size_t)prefix[2] << 8 | prefix[3];

    if (len == 0 || len > TROTH_QGS_ANSWER_MAX)
        return EMSGSIZE;
    uint8_t *answer = malloc(len);

    failed = answer ? receive_all(socket, answer, len, deadline_ms) : ENOMEM;
    if (failed) {
        free(answer);
        return failed;
    }
    *out = answer;
    *out_len = len;
    return 0;
}

/* Returns 0 or an errno; *out is -1 on failure. */
static int connect_host(int *out, int64_t deadline_ms)
{
    const struct sockaddr_vm host = {
        .svm_family = AF_VSOCK, .svm_cid = VMADDR_CID_HOST, .svm_port = HOST_PORT};
    const int made = socket(AF_VSOCK, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    int failed = made < 0 ? errno : 0;
    socklen_t len = sizeof failed;

    *out = -1;
    if (failed)
        return failed;
    if (connect(made, (const struct sockaddr *)&host, sizeof host) != 0)
        failed = errno;
    if (failed == EINPROGRESS || failed == EINTR) {
        failed = await(made, POLLOUT, deadline_ms);
        if (!failed && getsockopt(made, SOL_SOCKET, SO_ERROR, &failed, &len) != 0)
            failed = errno;
    }
    if (failed)
        (void)close(made);
    else
        *out = made;
    return failed;
}

/* `out` borrows the answer. */
static bool read_answer(struct troth_quote *out, struct troth_attester_fault *fault,
                        struct troth_span answer)
{
    char words[sizeof fault->said];
    uint32_t error;

    if (troth_qgs_answer_parse(&out->evidence, &error, answer) != TROTH_OK)
        return troth_attester_fail(fault, EPROTO, "read the quote", PATH);
    *fault = (struct troth_attester_fault){0};
    if (error == 0)
        return true;
    (void)snprintf(words, sizeof words, "error 0x%x", error);
    (void)troth_attester_fail(fault, EIO, "read the quote", PATH);
    troth_attester_fault_say(fault, troth_span_of_text(words));
    return false;
}

bool troth_qgs_quote(struct troth_quote *out, struct troth_attester_fault *fault,
                     const uint8_t report[static TROTH_TDX_REPORT_SIZE],
                     int64_t deadline_ms)
{
    uint8_t request[TROTH_QGS_REQUEST_SIZE];
    struct troth_writer w = troth_writer_over(request, sizeof request);
    const char *step = "connect";
    uint8_t *answer = NULL;
    size_t len = 0;
    int host;
    int failed = connect_host(&host, deadline_ms);

    *out = (struct troth_quote){0};
    troth_qgs_write_request(&w, (struct troth_span){report, TROTH_TDX_REPORT_SIZE});
    if (!failed) {
        step = "ask for a quote";
        failed = send_all(host, troth_writer_span(&w), deadline_ms);
        if (!failed)
            failed = receive_answer(&answer, &len, host, deadline_ms);
        (void)close(host);
    }
    if (failed)
        return troth_attester_fail(fault, failed, step, PATH);
    if (!read_answer(out, fault, (struct troth_span){answer, len})) {
        free(answer);
        return false;
    }
    out->owned[0] = answer;
    return true;
}
