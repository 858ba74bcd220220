/* SPDX-License-Identifier: Apache-2.0 */
/* A hostile program in the whole sandbox, and the same outside of it where that shows
 * that there was something to hold. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "test/harness.h"
#include "test/unit/sandbox/world.h"

/* What of the machine an attempt is about; known when it runs. */
static struct {
    char port[16], port6[16], process[16], self[16], name[32];
} machine;

static const struct {
    const char *attempt;
    int error;
    const char *argument; /* what is added to it */
} rows[] = {
    /* what it may do, so that the rest says something */
    {"nothing", 0},
    {"open=/dev/null", 0},
    {"write={kept}/file", 0},
    {"unix={outside}/agent.sock", 0},
    /* devices */
    {"open=/dev/tdx_guest", ENOENT},
    {"open=/dev/sev-guest", ENOENT},
    {"open=/dev/nsm", ENOENT},
    {"open=/dev/mem", ENOENT},
    {"open=/dev/kvm", ENOENT},
    {"open=/dev/tty", ENOENT},
    {"mknod=/tmp/mem", EPERM},
    {"mknodat=/tmp/loop", EPERM},
    {"list=/sys/kernel/config/tsm", ENOENT},
    {"list=/sys", ENOENT},
    /* others' processes: its init, and those of the machine */
    {"read=/proc/1/mem", ENOENT},
    {"read=/proc/1/cmdline", ENOENT},
    {"list=/proc/1/root", ENOENT},
    {"ptrace=1", EPERM},
    {"memory=1", EPERM},
    {"memory_write=1", EPERM},
    {"kill=1", EPERM},
    {"trace_child", EPERM},
    {"take_descriptor", EPERM},
    {"kcmp", EPERM},
    {"kill=", ESRCH, machine.process},
    {"kill=", ESRCH, machine.self},
    {"list=/proc/", ENOENT, machine.process},
    {"list=/proc/", ENOENT, machine.self},
    /* sockets and networks */
    {"unix={outside}/other.sock", ENOENT},
    {"unix=/run/dbus/system_bus_socket", ENOENT},
    {"abstract=", ECONNREFUSED, machine.name},
    {"tcp=", ECONNREFUSED, machine.port},
    {"tcp6=", ECONNREFUSED, machine.port6},
    {"udp_outside", ENETUNREACH},
    {"udp6_outside", ENETUNREACH},
    {"raw", EPERM},
    {"raw6", EPERM},
    {"packet", EAFNOSUPPORT},
    {"packet_upper", EAFNOSUPPORT},
    {"raw_upper", EAFNOSUPPORT},
    {"vsock", EAFNOSUPPORT},
    {"algorithms", EAFNOSUPPORT},
    {"events", EPROTONOSUPPORT},
    {"audit", EPROTONOSUPPORT},
    /* another view */
    {"unshare", EPERM},
    {"unshare_mounts", EPERM},
    {"clone_user", EPERM},
    {"clone_network", EPERM},
    {"clone3", ENOSYS},
    {"setns=/proc/self/ns/net", EPERM},
    {"mount=/tmp", EPERM},
    {"remount=/usr", EPERM},
    {"umount=/proc/iomem", EPERM},
    {"fsopen", EPERM},
    {"open_tree=/", EPERM},
    {"mount_setattr=/", EPERM},
    {"chroot=/tmp", EPERM},
    {"pivot_root=/tmp", EPERM},
    {"handle=/", EPERM},
    {"open_handle", EPERM},
    /* other rights */
    {"setuid", EPERM},
    {"capability", EPERM},
    {"setuid_program={bin}/root", EPERM},
    {"setuid_program={kept}/root", EACCES},
    {"chmod_setuid={kept}/file", EPERM},
    {"create_setuid={kept}/new", EPERM},
    {"anonymous_setuid={kept}", EPERM},
    /* files */
    {"read={outside}/secret", ENOENT},
    {"list=/../root", ENOENT},
    {"write=/file", EROFS},
    {"write=/etc/file", EROFS},
    {"write={bin}/file", EROFS},
    {"remove={bin}/hostile", EROFS},
    {"read=/proc/iomem", ENODATA},
    {"read=/proc/cmdline", ENODATA},
    {"write=/proc/sys/kernel/core_pattern", EACCES},
    /* programs of its own */
    {"run={kept}/program", EACCES},
    {"link_and_run={kept}/linked", 127},
    {"map={kept}/page", EPERM},
    {"run=/tmp/program", EACCES},
    {"run=/dev/shm/program", EACCES},
    {"run_memory_asking", EPERM},
    /* what is left lying about */
    {"descriptors", EBADF},
    {"terminal", EPERM},
    {"terminal_upper", EPERM},
    {"console", EPERM},
    {"line", EPERM},
    /* the kernel */
    {"io_uring", EPERM},
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
};

/* What gets through outside of the sandbox, as the same user: there was something to
 * hold. */
static const struct {
    const char *attempt, *argument;
} open_otherwise[] = {
    {"unix={outside}/other.sock"},
    {"abstract=", machine.name},
    {"tcp=", machine.port},
    {"tcp6=", machine.port6},
    {"kill=", machine.process},
    {"read={outside}/secret"},
    {"setuid_program={bin}/root"},
    {"setuid_program={kept}/root"},
    {"write={kept}/file"},
    {"chmod_setuid={kept}/file"},
    {"run={kept}/program"},
    {"run={outside}/program"},
    {"trace_child"},
    {"take_descriptor"},
};

static int listen_unix(const char *path, bool is_abstract)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    const int listener = socket(AF_UNIX, SOCK_STREAM, 0);
    const size_t len = offsetof(struct sockaddr_un, sun_path) + 1 + strlen(path);

    (void)snprintf(address.sun_path + is_abstract, sizeof address.sun_path - 1, "%s",
                   path);
    CHECK(bind(listener, (const struct sockaddr *)&address, (socklen_t)len) == 0 &&
          listen(listener, 64) == 0 && (is_abstract || chmod(path, 0777) == 0));
    return listener;
}

static int listen_tcp(char port[static 16], int family)
{
    struct sockaddr_in6 any = {.sin6_family = AF_INET6};
    struct sockaddr_in any4 = {.sin_family = AF_INET};
    struct sockaddr *address = family == AF_INET ? (struct sockaddr *)&any4
                                                 : (struct sockaddr *)&any;
    socklen_t len = family == AF_INET ? sizeof any4 : sizeof any;
    const int listener = socket(family, SOCK_STREAM, 0);

    if (bind(listener, address, len) == 0 && listen(listener, 64) == 0 &&
        getsockname(listener, address, &len) == 0)
        (void)snprintf(port, 16, "%u",
                       ntohs(family == AF_INET ? any4.sin_port : any.sin6_port));
    return listener;
}

/* Somebody of the program's user, outside. */
static pid_t stand_by(void)
{
    const pid_t process = fork();

    if (process == 0) {
        if (setresuid(WORLD_USER, WORLD_USER, WORLD_USER) != 0)
            _exit(1);
        for (;;)
            (void)pause();
    }
    return process;
}

static void copy_as_root(const struct world *world, const char *path)
{
    const struct troth_span bytes = test_file(world->hostile);
    FILE *copy = fopen(world_words(world, path), "wb");

    CHECK(copy && fwrite(bytes.ptr, 1, bytes.len, copy) == bytes.len &&
          fclose(copy) == 0 && chmod(world_words(world, path), 04755) == 0);
}

static bool be_the_user(const struct world *world)
{
    return chdir(world->outside) == 0 &&
           setresuid(WORLD_USER, WORLD_USER, WORLD_USER) == 0;
}

/* Kernels before Linux 6.3 cannot keep files in memory from being run: there they are not
 * made. */
static void try_memory(const struct world *world)
{
    const char *words[] = {world->hostile, "run_memory", NULL};
    const bool can_hold = access("/proc/sys/vm/memfd_noexec", F_OK) == 0;
    char out[256];

    test_case("run_memory");
    CHECK_INT(world_run(world, words, out, sizeof out), can_hold ? EACCES : ENOSYS);
}

static void try_outside(const struct world *world)
{
    for (size_t i = 0; i < COUNT(open_otherwise); i++) {
        char attempt[512];

        (void)snprintf(attempt, sizeof attempt, "%s%s", open_otherwise[i].attempt,
                       open_otherwise[i].argument ? open_otherwise[i].argument : "");
        test_case("outside: %s", attempt);
        CHECK_INT(world_try(world, be_the_user, attempt), 0);
    }
    (void)remove(world_words(world, "{kept}/program"));
    (void)remove(world_words(world, "{kept}/file"));
}

static void try_inside(const struct world *world)
{
    for (size_t i = 0; i < COUNT(rows); i++) {
        char attempt[512], out[512];
        const char *words[] = {world->hostile, attempt, NULL};
        int status;

        (void)snprintf(attempt, sizeof attempt, "%s%s",
                       world_words(world, rows[i].attempt),
                       rows[i].argument ? rows[i].argument : "");
        test_case("%s%s", rows[i].attempt, rows[i].argument ? rows[i].argument : "");
        if ((rows[i].argument == machine.process || rows[i].argument == machine.self) &&
            !world_is_outside((int)strtol(rows[i].argument, NULL, 10))) {
            test_skip("it has a number that is one inside too");
            continue;
        }
        status = world_run(world, words, out, sizeof out);
        if (!CHECK_INT(status, rows[i].error))
            printf("# %s", out);
    }
}

/* What is handed in is no way to what it lies in, nor to more of it than was handed in.
 */
static void try_streams(const struct world *world)
{
    static const struct {
        const char *path, *attempt;
        int mode;
    } streams[] = {
        {"{outside}/secret", "write=/proc/self/fd/0", O_RDONLY},
        {"{outside}", "list=/proc/self/fd/0/..", O_RDONLY | O_DIRECTORY},
        {"{outside}", "read=/proc/self/fd/0/secret", O_RDONLY | O_DIRECTORY},
    };
    const int own = dup(STDIN_FILENO);

    for (size_t i = 0; i < COUNT(streams); i++) {
        const char *words[] = {world->hostile, streams[i].attempt, NULL};
        const int handed = open(world_words(world, streams[i].path), streams[i].mode);
        char out[256];

        test_case("%s of %s", streams[i].attempt, streams[i].path);
        CHECK(handed >= 0 && dup2(handed, STDIN_FILENO) == STDIN_FILENO);
        CHECK_INT(world_try(world, be_the_user, streams[i].attempt), 0);
        CHECK_INT(world_run(world, words, out, sizeof out), EACCES);
        (void)close(handed);
    }
    (void)dup2(own, STDIN_FILENO);
    (void)close(own);
}

/* The numbers of other architectures: where a kernel has them, they are an end. */
static void try_numbers(const struct world *world)
{
#if defined(__x86_64__)
    static const char *const attempts[] = {"x32", "i386"};
    char out[256];

    for (size_t i = 0; i < COUNT(attempts); i++) {
        const char *words[] = {world->hostile, attempts[i], NULL};

        test_case("calls of %s", attempts[i]);
        if (world_try(world, NULL, attempts[i]) == 128 + SIGSEGV)
            test_skip("this kernel has none");
        else
            CHECK_INT(world_run(world, words, out, sizeof out), 128 + SIGSYS);
    }
#else
    (void)world;
#endif
}

int main(void)
{
    const char *obstacle = world_obstacle();
    struct world world;
    char agent[2 * WORLD_PATH_MAX];
    pid_t other;
    FILE *secret;

    test_case("a hostile program");
    if (obstacle) {
        test_skip("%s", obstacle);
        return test_finish();
    }
    world_open(&world);
    (void)snprintf(agent, sizeof agent, "%s/agent.sock", world.outside);
    world.sandbox.socket = agent;
    (void)listen_unix(agent, false);
    (void)listen_unix(world_words(&world, "{outside}/other.sock"), false);
    (void)snprintf(machine.name, sizeof machine.name, "troth-hostile-%d", (int)getpid());
    (void)listen_unix(machine.name, true);
    (void)listen_tcp(machine.port, AF_INET);
    (void)listen_tcp(machine.port6, AF_INET6);
    copy_as_root(&world, "{bin}/root");
    copy_as_root(&world, "{kept}/root");
    secret = fopen(world_words(&world, "{outside}/secret"), "w");
    CHECK(secret && fputs("secret", secret) >= 0 && fclose(secret) == 0 &&
          chmod(world_words(&world, "{outside}/secret"), 0666) == 0);
    other = stand_by();
    (void)snprintf(machine.process, sizeof machine.process, "%d", (int)other);
    (void)snprintf(machine.self, sizeof machine.self, "%d", (int)getpid());
    try_outside(&world);
    try_inside(&world);
    try_memory(&world);
    try_streams(&world);
    try_numbers(&world);
    (void)kill(other, SIGKILL);
    (void)waitpid(other, NULL, 0);
    world_close(&world);
    return test_finish();
}
