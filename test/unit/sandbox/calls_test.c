/* SPDX-License-Identifier: Apache-2.0 */
/* The filters alone, with every privilege there is: what is refused here is refused by
 * them. */
#define _GNU_SOURCE
#include "sandbox/calls.h"

#include <errno.h>
#include <seccomp.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sandbox/calls_data.inc"
#include "test/harness.h"
#include "test/unit/sandbox/world.h"

#define X(name) #name,
static const char *const allowed[] = {CALLS_ALLOWED(X)};
static const char *const refused[] = {CALLS_REFUSED(X)};
#undef X

static const struct {
    const char *attempt;
    int error;
} rows[] = {
    {"nothing", 0},
    {"mknod=/proc/never", EPERM},
    {"mknodat=/proc/never", EPERM},
    {"ptrace=1", EPERM},
    {"trace_child", EPERM},
    {"memory=1", EPERM},
    {"memory_write=1", EPERM},
    {"take_descriptor", EPERM},
    {"kcmp", EPERM},
    {"raw", EPERM},
    {"raw6", EPERM},
    {"packet", EAFNOSUPPORT},
    {"packet_upper", EAFNOSUPPORT},
    {"raw_upper", EAFNOSUPPORT},
    {"vsock", EAFNOSUPPORT},
    {"algorithms", EAFNOSUPPORT},
    {"events", EPROTONOSUPPORT},
    {"audit", EPROTONOSUPPORT},
    {"unshare", EPERM},
    {"unshare_mounts", EPERM},
    {"clone_user", EPERM},
    {"clone_network", EPERM},
    {"clone3", ENOSYS},
    {"setns=/proc/self/ns/net", EPERM},
    {"mount=/proc/nowhere", EPERM},
    {"remount=/proc/nowhere", EPERM},
    {"umount=/proc/nowhere", EPERM},
    {"fsopen", EPERM},
    {"open_tree=/", EPERM},
    {"mount_setattr=/proc/nowhere", EPERM},
    {"chroot=/", EPERM},
    {"pivot_root=/proc/nowhere", EPERM},
    {"handle=/", EPERM},
    {"open_handle", EPERM},
    {"chmod_setuid=/proc/nowhere", EPERM},
    {"create_setuid=/proc/nowhere", EPERM},
    {"anonymous_setuid=/proc/nowhere", EPERM},
    {"run_memory_asking", EPERM},
    {"terminal", EPERM},
    {"terminal_upper", EPERM},
    {"console", EPERM},
    {"line", EPERM},
    {"io_uring", EPERM},
    {"io_uring_enter", EPERM},
    {"keyctl", EPERM},
    {"add_key", EPERM},
    {"request_key", EPERM},
    {"bpf", EPERM},
    {"perf", EPERM},
    {"userfaultfd", EPERM},
    {"kexec", EPERM},
    {"module", EPERM},
    {"reboot", EPERM},
    {"swap", EPERM},
    {"quota", EPERM},
    {"accounting", EPERM},
    {"clock", EPERM},
    {"log", EPERM},
    {"hostname", EPERM},
    {"fanotify", EPERM},
    {"personality", ENOSYS},
    {"unknown", ENOSYS},
#if defined(__x86_64__)
    {"ports", EPERM},
    {"x32", 128 + SIGSYS},
#endif
};

static bool confine(const struct world *world)
{
    struct troth_sandbox_fault fault;

    (void)world;
    return troth_sandbox_calls_restrict(true, &fault);
}

static bool confine_without_memory_files(const struct world *world)
{
    struct troth_sandbox_fault fault;

    (void)world;
    return troth_sandbox_calls_restrict(false, &fault);
}

/* A name that is misspelt would be left out in silence. */
static void check_names(const char *const *names, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (!CHECK(seccomp_syscall_resolve_name(names[i]) != __NR_SCMP_ERROR))
            FAIL(names[i]);
}

/* What programs ask for in ways of their own, and are given. */
static bool asks(const struct world *world)
{
    const pid_t child = (pid_t)syscall(SYS_clone, SIGCHLD, NULL, NULL, NULL, NULL);

    (void)world;
    if (child == 0)
        _exit(0);
    return child > 0 && waitpid(child, NULL, 0) == child && memfd_create("x", 0) >= 0 &&
           syscall(SYS_personality, 0xffffffff) >= 0 &&
           syscall(SYS_socket, 16, 3, 0) >= 0 && chmod("/proc/nowhere", 0755) < 0 &&
           errno == ENOENT;
}

static bool confine_and_ask(const struct world *world)
{
    return confine(world) && asks(world);
}

int main(void)
{
    const char *obstacle = world_obstacle();
    struct world world;

    test_case("every name is one");
    check_names(allowed, COUNT(allowed));
    check_names(refused, COUNT(refused));
    test_case("the filters alone");
    if (obstacle) {
        test_skip("%s", obstacle);
        return test_finish();
    }
    world_open(&world);
    CHECK_INT(world_try(&world, confine_and_ask, "nothing"), 0);
    for (size_t i = 0; i < COUNT(rows); i++) {
        test_case("%s", rows[i].attempt);
        CHECK_INT(world_try(&world, confine, rows[i].attempt), rows[i].error);
    }
    test_case("files in memory where they could be run");
    CHECK_INT(world_try(&world, confine_without_memory_files, "run_memory"), ENOSYS);
    world_close(&world);
    return test_finish();
}
