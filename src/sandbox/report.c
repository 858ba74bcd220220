/* SPDX-License-Identifier: Apache-2.0 */
#include "sandbox/report.h"

#include <assert.h>
#include <errno.h>
#include <limits.h>
#include <unistd.h>

/* spec: POSIX write(): what is at most PIPE_BUF long goes into a pipe in one piece. */
static_assert(sizeof(struct troth_sandbox_fault) <= 512, "fits into the least PIPE_BUF");

void troth_sandbox_report_write(int descriptor, const struct troth_sandbox_fault *fault)
{
    ssize_t sent;

    do
        sent = write(descriptor, fault, sizeof *fault);
    while (sent < 0 && errno == EINTR);
}

bool troth_sandbox_report_read(struct troth_sandbox_fault *out, int descriptor)
{
    ssize_t len;

    do
        len = read(descriptor, out, sizeof *out);
    while (len < 0 && errno == EINTR);
    return len == (ssize_t)sizeof *out;
}
