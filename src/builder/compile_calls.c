/* SPDX-License-Identifier: Apache-2.0 */
#include "builder/compile_calls.h"

#include <errno.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

/* The machine, by the number that it gives to a call. */
#define MACHINE (SYS_read == 0 ? AUDIT_ARCH_X86_64 : AUDIT_ARCH_AARCH64)

/* Of another table of calls for the same machine. */
#define OTHER_TABLE 0x40000000

/* A kernel has the low half of an argument first; a family of sockets is an int. */
#define AT_FAMILY offsetof(struct seccomp_data, args)

#define LOAD(at)           BPF_STMT(BPF_LD | BPF_W | BPF_ABS, (at))
#define ANSWER(what)       BPF_STMT(BPF_RET | BPF_K, (what))
#define REFUSE(with)       ANSWER(SECCOMP_RET_ERRNO | (with))
/* If it is that: go on behind the next, which says what to do if it is not. */
#define UNLESS(value)      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (value), 1, 0)
#define IF(value)          BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (value), 0, 1)
#define IF_AT_LEAST(value) BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, (value), 0, 1)

bool troth_compile_calls_restrict(void)
{
    /* clang-format off */
    struct sock_filter rows[] = {
        LOAD(offsetof(struct seccomp_data, arch)),
        UNLESS(MACHINE),               REFUSE(ENOSYS),
        LOAD(offsetof(struct seccomp_data, nr)),
        IF_AT_LEAST(OTHER_TABLE),      REFUSE(ENOSYS),
        IF(SYS_add_key),               REFUSE(ENOSYS),
        IF(SYS_request_key),           REFUSE(ENOSYS),
        IF(SYS_keyctl),                REFUSE(ENOSYS),
        IF(SYS_io_uring_setup),        REFUSE(ENOSYS),
        UNLESS(SYS_socket),            ANSWER(SECCOMP_RET_ALLOW),
        LOAD(AT_FAMILY),
        IF(AF_UNIX),                   ANSWER(SECCOMP_RET_ALLOW),
        IF(AF_INET),                   ANSWER(SECCOMP_RET_ALLOW),
        IF(AF_INET6),                  ANSWER(SECCOMP_RET_ALLOW),
        IF(AF_NETLINK),                ANSWER(SECCOMP_RET_ALLOW),
        REFUSE(EAFNOSUPPORT),
    };
    /* clang-format on */
    struct sock_fprog program = {.len = sizeof rows / sizeof rows[0], .filter = rows};

    /* What is asked for here guards nothing that needs slower processors. */
    return syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_SPEC_ALLOW,
                   &program) == 0;
}
