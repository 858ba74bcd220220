/* SPDX-License-Identifier: Apache-2.0 */
/* For syscall(), the way to what the functions here stand before. */
#define _DEFAULT_SOURCE
#include "fake_node.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/vm_sockets.h>
#include <stdarg.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "os/clock.h"
#include "test/harness.h"

struct fake_node fake_node;

static int gate[2] = {-1, -1};
static int output[2] = {-1, -1};

void fake_node_reset(void)
{
    for (int i = 0; i < 2; i++) {
        if (gate[i] >= 0)
            (void)close(gate[i]);
        if (output[i] >= 0)
            (void)close(output[i]);
        output[i] = -1;
    }
    fake_node = (struct fake_node){0};
    CHECK_INT(pipe(gate), 0);
}

static void nap(void)
{
    const struct timespec pause = {0, 20000000};

    (void)nanosleep(&pause, NULL);
}

void fake_node_open_gate(void)
{
    CHECK(write(gate[1], "x", 1) == 1);
    for (int i = 0; i < 250 && fake_node.returns != fake_node.calls; i++)
        nap();
    CHECK_INT(fake_node.returns, fake_node.calls);
    /* The thread's last steps, for a checker of leaks. */
    nap();
}

struct troth_span fake_node_written(void)
{
    const ssize_t len = read(output[0], fake_node.written, sizeof fake_node.written);

    fake_node.written_len = len > 0 ? (size_t)len : 0;
    return (struct troth_span){fake_node.written, fake_node.written_len};
}

void fake_node_check_fault(const struct troth_attester_fault *fault, int error,
                           const char *step, const char *said)
{
    CHECK_INT(fault->error, error);
    CHECK_TEXT(fault->step ? fault->step : "", step);
    CHECK_TEXT(fault->said, said);
}

int64_t fake_node_in_ms(int64_t ms)
{
    return troth_clock_monotonic_ms() + ms;
}

static bool is_it(const char *path, const char *wanted)
{
    return wanted && strcmp(path, wanted) == 0;
}

/* A pipe to read the text from, or to write to. */
static int open_file(void)
{
    int ends[2];

    if (!fake_node.text) {
        CHECK_INT(pipe(output), 0);
        return dup(output[1]);
    }
    CHECK_INT(pipe(ends), 0);
    CHECK(write(ends[1], fake_node.text, strlen(fake_node.text)) >= 0);
    (void)close(ends[1]);
    return ends[0];
}

int open(const char *path, int flags, ...)
{
    va_list rest;

    if (is_it(path, fake_node.path)) {
        if (!fake_node.open_error)
            return (int)syscall(SYS_openat, AT_FDCWD, "/dev/null", O_RDWR | O_CLOEXEC, 0);
        errno = fake_node.open_error;
        return -1;
    }
    if (is_it(path, fake_node.file))
        return open_file();
    va_start(rest, flags);
    const int mode = flags & O_CREAT ? va_arg(rest, int) : 0;

    va_end(rest);
    return (int)syscall(SYS_openat, AT_FDCWD, path, flags, mode);
}

int access(const char *path, int mode)
{
    if (is_it(path, fake_node.path) || is_it(path, fake_node.file))
        return 0;
    return (int)syscall(SYS_faccessat, AT_FDCWD, path, mode);
}

/* 0, or what is wrong before anybody is asked. */
static int pass(void)
{
    char byte;

    fake_node.calls++;
    if (fake_node.hangs) {
        while (read(gate[0], &byte, 1) != 1)
            continue;
        return EIO;
    }
    if (fake_node.passing_left > 0) {
        fake_node.passing_left--;
        return fake_node.passing_error;
    }
    return fake_node.error;
}

int ioctl(int descriptor, unsigned long number, ...)
{
    static struct sim_user user = {.is_self = true};
    va_list rest;

    va_start(rest, number);
    void *argument = va_arg(rest, void *);

    va_end(rest);
    int error = pass();

    if (!error && fcntl(descriptor, F_GETFD) < 0)
        error = EBADF;
    if (!error)
        error = -fake_node.ioctl(fake_node.state, &user, (unsigned)number,
                                 (uintptr_t)argument);
    if (!error && fake_node.lost_error) {
        error = fake_node.lost_error;
        fake_node.lost_error = 0;
    }
    fake_node.returns++;
    errno = error;
    return error ? -1 : 0;
}

int socket(int family, int type, int protocol)
{
    if (family != AF_VSOCK)
        return (int)syscall(SYS_socket, family, type, protocol);
    if (!fake_node.vsock) {
        errno = EAFNOSUPPORT;
        return -1;
    }
    (void)fcntl(fake_node.vsock, F_SETFL, O_NONBLOCK);
    return dup(fake_node.vsock);
}

int connect(int descriptor, const struct sockaddr *address, socklen_t len)
{
    struct sockaddr_vm vsock;

    if (address->sa_family != AF_VSOCK)
        return (int)syscall(SYS_connect, descriptor, address, len);
    CHECK_INT(len, sizeof vsock);
    memcpy(&vsock, address, sizeof vsock);
    fake_node.vsock_cid = vsock.svm_cid;
    fake_node.vsock_port = vsock.svm_port;
    errno = fake_node.vsock_error;
    return errno ? -1 : 0;
}
