/* SPDX-License-Identifier: Apache-2.0 */
/* Asks the kernel for what each argument names, and says what it answers. */
#include <errno.h>
#include <linux/keyctl.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

static long open_socket(int family)
{
    const int made = socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0);

    if (made >= 0)
        (void)close(made);
    return made < 0 ? -1 : 0;
}

static long ask_unix(void)
{
    return open_socket(AF_UNIX);
}

static long ask_internet(void)
{
    return open_socket(AF_INET6);
}

static long ask_machine(void)
{
    return open_socket(AF_VSOCK);
}

static long ask_keys(void)
{
    return syscall(SYS_keyctl, KEYCTL_DESCRIBE, KEY_SPEC_SESSION_KEYRING, NULL, 0);
}

static long ask_new_key(void)
{
    return syscall(SYS_add_key, "user", "troth", "x", 1, KEY_SPEC_SESSION_KEYRING);
}

static long ask_other_key(void)
{
    return syscall(SYS_request_key, "user", "troth", NULL, 0);
}

static long ask_ring(void)
{
    return syscall(SYS_io_uring_setup, 1, NULL);
}

/* As a program of 32 bits asks for its own number. */
static long ask_old_table(void)
{
    long answer = -ENOSYS;

#ifdef __x86_64__
    __asm__ volatile("int $0x80" : "=a"(answer) : "a"(20L) : "memory");
#endif
    errno = answer < 0 ? (int)-answer : 0;
    return answer < 0 ? -1 : 0;
}

static const struct {
    const char *name;
    long (*ask)(void);
} rows[] = {
    {"unix", ask_unix}, {"internet", ask_internet},   {"machine", ask_machine},
    {"keys", ask_keys}, {"new-key", ask_new_key},     {"other-key", ask_other_key},
    {"ring", ask_ring}, {"old-table", ask_old_table},
};

int main(void)
{
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        (void)printf("%s: %s\n", rows[i].name,
                     rows[i].ask() < 0 ? strerror(errno) : "done");
    return 0;
}
