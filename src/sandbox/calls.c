/* SPDX-License-Identifier: Apache-2.0 */
#include "sandbox/calls.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/memfd.h>
#include <linux/sched.h>
#include <seccomp.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include "sandbox/calls_data.inc"
#include "sandbox/fault.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* Most arguments are 32 bits wide to the kernel, but come in a register of 64: who
 * compares all of them can be told a lie in the upper half. */
#define INT UINT64_C(0xffffffff)

#define NEW_NAMESPACES                                                                   \
    ((uint64_t)CLONE_NEWNS | CLONE_NEWCGROUP | CLONE_NEWUTS | CLONE_NEWIPC |             \
     CLONE_NEWUSER | CLONE_NEWPID | CLONE_NEWNET)
#define MFD_MAY_RUN UINT64_C(0x10) /* MFD_EXEC, which older headers do not name */
#define TYPE        (~(uint64_t)(SOCK_NONBLOCK | SOCK_CLOEXEC))

/* A call with arguments like these. */
struct call {
    const char *name;
    int error; /* what is answered, where it is refused */
    unsigned count;
    struct scmp_arg_cmp arguments[2];
};

#define X(name) #name,
static const char *const allowed[] = {CALLS_ALLOWED(X)};
static const char *const refused[] = {CALLS_REFUSED(X)};
#undef X

/* clang-format off */
#define IS(at, value)         {at, SCMP_CMP_EQ, value, 0}
#define HAS(at, bits)         {at, SCMP_CMP_MASKED_EQ, bits, bits}
#define LIKE(at, mask, value) {at, SCMP_CMP_MASKED_EQ, mask, value}

/* Besides calls_data.inc: allowed with these arguments. */
static const struct call allowed_with[] = {
    {"personality", 0, 1, {LIKE(0, INT, 0)}},
    {"personality", 0, 1, {LIKE(0, INT, INT)}}, /* which one is it? */
    {"socket", 0, 1, {IS(0, AF_UNIX)}},
    {"socket", 0, 2, {IS(0, AF_INET), LIKE(1, TYPE, SOCK_STREAM)}},
    {"socket", 0, 2, {IS(0, AF_INET), LIKE(1, TYPE, SOCK_DGRAM)}},
    {"socket", 0, 2, {IS(0, AF_INET6), LIKE(1, TYPE, SOCK_STREAM)}},
    {"socket", 0, 2, {IS(0, AF_INET6), LIKE(1, TYPE, SOCK_DGRAM)}},
    {"socket", 0, 2, {IS(0, AF_NETLINK), IS(2, 0)}}, /* NETLINK_ROUTE */
};

#define NO_NAMESPACE(bit) {"clone", EPERM, 1, {HAS(0, bit)}}
#define NO_FAMILY(family) {"socket", EAFNOSUPPORT, 1, {IS(0, family)}}
/* Programs with another's rights: nobody inside could use them, but somebody outside. */
#define NO_SETUID(call, at)                                                              \
    {call, EPERM, 1, {HAS(at, S_ISUID)}}, {call, EPERM, 1, {HAS(at, S_ISGID)}}
#define NO_SETUID_IF(call, at, flag)                                                     \
    {call, EPERM, 2, {HAS((at) - 1, flag), HAS(at, S_ISUID)}},                           \
    {call, EPERM, 2, {HAS((at) - 1, flag), HAS(at, S_ISGID)}}

/* Refused with these arguments. */
static const struct call refused_with[] = {
    NO_NAMESPACE(CLONE_NEWNS), NO_NAMESPACE(CLONE_NEWCGROUP), NO_NAMESPACE(CLONE_NEWUTS),
    NO_NAMESPACE(CLONE_NEWIPC), NO_NAMESPACE(CLONE_NEWUSER), NO_NAMESPACE(CLONE_NEWPID),
    NO_NAMESPACE(CLONE_NEWNET),
    /* typing into a terminal, selecting on a console, another driver for a line */
    {"ioctl", EPERM, 1, {LIKE(1, INT, TIOCSTI)}},
    {"ioctl", EPERM, 1, {LIKE(1, INT, TIOCLINUX)}},
    {"ioctl", EPERM, 1, {LIKE(1, INT, TIOCSETD)}},
    {"memfd_create", EPERM, 1, {HAS(1, MFD_MAY_RUN)}},
    {"mknod", EPERM, 1, {LIKE(1, S_IFMT, S_IFCHR)}},
    {"mknod", EPERM, 1, {LIKE(1, S_IFMT, S_IFBLK)}},
    {"mknodat", EPERM, 1, {LIKE(2, S_IFMT, S_IFCHR)}},
    {"mknodat", EPERM, 1, {LIKE(2, S_IFMT, S_IFBLK)}},
    NO_SETUID("chmod", 1), NO_SETUID("fchmod", 1), NO_SETUID("fchmodat", 2),
    NO_SETUID("creat", 1), NO_SETUID("mkdir", 1), NO_SETUID("mkdirat", 2),
    NO_SETUID("mknod", 1), NO_SETUID("mknodat", 2),
    NO_SETUID_IF("open", 2, O_CREAT), NO_SETUID_IF("openat", 3, O_CREAT),
    NO_SETUID_IF("open", 2, O_TMPFILE), NO_SETUID_IF("openat", 3, O_TMPFILE),
    /* A better answer than that there are no sockets: others are not supported. */
    NO_FAMILY(0), NO_FAMILY(3), NO_FAMILY(4), NO_FAMILY(5), NO_FAMILY(6), NO_FAMILY(7),
    NO_FAMILY(8), NO_FAMILY(9), NO_FAMILY(11), NO_FAMILY(12), NO_FAMILY(13),
    NO_FAMILY(14), NO_FAMILY(15),
    {"socket", EAFNOSUPPORT, 1, {{0, SCMP_CMP_GT, AF_NETLINK, 0}}},
    {"socket", EPERM, 2, {IS(0, AF_INET), LIKE(1, TYPE, SOCK_RAW)}},
    {"socket", EPERM, 2, {IS(0, AF_INET6), LIKE(1, TYPE, SOCK_RAW)}},
    {"socket", EPROTONOSUPPORT, 2, {IS(0, AF_NETLINK), {2, SCMP_CMP_NE, 0, 0}}},
};
/* clang-format on */

static int add(scmp_filter_ctx filter, uint32_t action, const struct call *call)
{
    const int number = seccomp_syscall_resolve_name(call->name);

    if (number < 0)
        return 0;
    return seccomp_rule_add_array(filter, action, number, call->count, call->arguments);
}

static int add_names(scmp_filter_ctx filter, uint32_t action, const char *const *names,
                     size_t count)
{
    int failed = 0;

    for (size_t i = 0; i < count && failed == 0; i++)
        failed = add(filter, action, &(struct call){.name = names[i]});
    return failed;
}

/* A call of another architecture's numbering is an end. */
static int begin(scmp_filter_ctx filter)
{
    int failed = seccomp_attr_set(filter, SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_KILL_PROCESS);

    if (failed == 0)
        failed = seccomp_attr_set(filter, SCMP_FLTATR_CTL_NNP, 0);
    /* Found by halves, not one after the other. */
    return failed ? failed : seccomp_attr_set(filter, SCMP_FLTATR_CTL_OPTIMIZE, 2);
}

static int fill_allowed(scmp_filter_ctx filter, bool memfd)
{
    const struct call without_namespaces = {"clone", 0, 1, {LIKE(0, NEW_NAMESPACES, 0)}};
    int failed = begin(filter);

    if (failed == 0)
        failed = add_names(filter, SCMP_ACT_ALLOW, allowed, COUNT(allowed));
    if (failed == 0)
        failed = add(filter, SCMP_ACT_ALLOW, &without_namespaces);
    if (failed == 0 && memfd)
        failed = add(filter, SCMP_ACT_ALLOW, &(struct call){.name = "memfd_create"});
    for (size_t i = 0; i < COUNT(allowed_with) && failed == 0; i++)
        failed = add(filter, SCMP_ACT_ALLOW, &allowed_with[i]);
    return failed;
}

static int fill_refused(scmp_filter_ctx filter)
{
    int failed = begin(filter);

    if (failed == 0)
        failed = add_names(filter, SCMP_ACT_ERRNO(EPERM), refused, COUNT(refused));
    for (size_t i = 0; i < COUNT(refused_with) && failed == 0; i++)
        failed = add(filter, SCMP_ACT_ERRNO((uint32_t)refused_with[i].error),
                     &refused_with[i]);
    return failed;
}

static int load(scmp_filter_ctx filter, int failed)
{
    if (failed == 0)
        failed = seccomp_load(filter);
    seccomp_release(filter);
    return -failed;
}

/* Of two answers that both refuse the later filter's is heard: hence this order. */
static int load_both(bool memfd)
{
    scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ERRNO(ENOSYS));

    if (!filter)
        return ENOMEM;

    const int failed = load(filter, fill_allowed(filter, memfd));

    if (failed)
        return failed;
    filter = seccomp_init(SCMP_ACT_ALLOW);
    return filter ? load(filter, fill_refused(filter)) : ENOMEM;
}

bool troth_sandbox_calls_restrict(bool memfd, struct troth_sandbox_fault *fault)
{
    const int failed = load_both(memfd);

    return failed == 0 || troth_sandbox_fail_with(fault, failed, "seccomp", "");
}
