/* SPDX-License-Identifier: Apache-2.0 */
#include "init/heartbeat.h"

#include <errno.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>
/* After <sys/socket.h>, which it takes names from. */
#include <linux/vm_sockets.h>

enum { BEAT = 0xb7, PATIENCE_S = 5 };

/* 0 or an errno. */
static int exchange(int vsock, const struct troth_init_heartbeat *heartbeat)
{
    const struct sockaddr_vm there = {
        .svm_family = AF_VSOCK, .svm_cid = heartbeat->cid, .svm_port = heartbeat->port};
    const struct timeval patience = {PATIENCE_S, 0};
    uint8_t byte = BEAT;

    if (setsockopt(vsock, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience) != 0 ||
        setsockopt(vsock, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience) != 0 ||
        setsockopt(vsock, AF_VSOCK, SO_VM_SOCKETS_CONNECT_TIMEOUT, &patience,
                   sizeof patience) != 0 ||
        connect(vsock, (const struct sockaddr *)&there, sizeof there) != 0 ||
        send(vsock, &byte, 1, MSG_NOSIGNAL) != 1)
        return errno;

    const ssize_t len = recv(vsock, &byte, 1, 0);

    if (len < 0)
        return errno == EAGAIN ? ETIMEDOUT : errno;
    return len == 1 && byte == BEAT ? 0 : EPROTO;
}

bool troth_init_beat(const struct troth_init_heartbeat *heartbeat,
                     struct troth_init_fault *fault)
{
    const int vsock = socket(AF_VSOCK, SOCK_STREAM | SOCK_CLOEXEC, 0);
    int error;

    if (vsock < 0)
        return troth_init_fail_errno(fault, "vsock", errno);
    error = exchange(vsock, heartbeat);
    (void)close(vsock);
    return !error || troth_init_fail_errno(fault, "nobody answers", error);
}
