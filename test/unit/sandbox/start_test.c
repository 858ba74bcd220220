/* SPDX-License-Identifier: Apache-2.0 */
/* How a sandbox begins, or does not, and that it does not outlive who made it. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "test/harness.h"
#include "test/unit/sandbox/world.h"

static const char *const missing[] = {"troth-no-such-program", NULL};
static const char *const missing_path[] = {"/usr/bin/troth-no-such-program", NULL};
static const char *const empty[] = {"", NULL};
static const char *const folder[] = {"/usr", NULL};
static const char *const data[] = {"/etc/passwd", NULL};
static const char *const fine[] = {"true", NULL};
static const char *const nowhere[] = {"/usr/nowhere/nothing"};
static const char *const devices[] = {"/dev"};

/* What stands between a program and its start: what is not zero here is not as it is in
 * the world. */
static const struct {
    const char *why;
    struct troth_sandbox but;
    const char *step;
    int error;
} faults[] = {
    {"no such program", {.argv = missing}, "exec", ENOENT},
    {"no such path", {.argv = missing_path}, "exec", ENOENT},
    {"no name", {.argv = empty}, "exec", ENOENT},
    {"a folder", {.argv = folder}, "exec", EACCES},
    {"no program", {.argv = data}, "exec", EACCES},
    {"root", {.argv = fine, .user = UINT32_MAX}, "user", EINVAL},
    {"a start that is not seen", {.argv = fine, .directory = "/root"}, "chdir", ENOENT},
    {"a path that is not there", {.argv = fine, .write = nowhere}, "open", ENOENT},
    {"the machine's devices", {.argv = fine, .write = devices}, "paths", EINVAL},
    {"a socket that is none", {.argv = fine, .socket = "/etc/passwd"}, "open", ENOTSOCK},
    {"no network", {.argv = fine, .network = 1000}, "descriptors", EBADF},
};

static void run_faults(const struct world *world)
{
    for (size_t i = 0; i < COUNT(faults); i++) {
        struct troth_sandbox sandbox = world->sandbox;
        const struct troth_sandbox *but = &faults[i].but;
        struct troth_sandbox_fault fault;
        int init;

        test_case("not started: %s", faults[i].why);
        sandbox.argv = but->argv;
        sandbox.socket = but->socket;
        sandbox.user = but->user ? but->user : sandbox.user;
        sandbox.directory = but->directory ? but->directory : sandbox.directory;
        sandbox.write = but->write ? but->write : sandbox.write;
        sandbox.network = but->network ? but->network : sandbox.network;
        CHECK(!troth_sandbox_start(&init, &sandbox, &fault));
        CHECK_TEXT(fault.step ? fault.step : "none", faults[i].step);
        CHECK_INT(fault.error, faults[i].error);
        CHECK_INT(init, -1);
        CHECK(waitpid(-1, NULL, 0) < 0 && errno == ECHILD);
    }
}

static void run_network_of_another_kind(const struct world *world)
{
    struct troth_sandbox sandbox = world->sandbox;
    struct troth_sandbox_fault fault;
    int init;

    test_case("not started: a file instead of a network");
    sandbox.argv = fine;
    sandbox.network = open("/etc/passwd", O_RDONLY | O_CLOEXEC);
    CHECK(!troth_sandbox_start(&init, &sandbox, &fault));
    CHECK_TEXT(fault.step, "network");
    (void)close(sandbox.network);
}

/* Nothing of the caller's is open in it, though it is not closed by exec. */
static void leave_descriptors_open(const struct world *world)
{
    const char *words[] = {world->hostile, "descriptors", NULL};
    char out[64];
    const int low = open("/etc/shadow", O_RDONLY), high = dup2(low, 900);

    test_case("descriptors");
    CHECK(low >= 0 && high == 900);
    CHECK_INT(world_run(world, words, out, sizeof out), EBADF);
    (void)close(low);
    (void)close(high);
}

static void compare_namespaces(const struct world *world)
{
    static const char *const names[] = {"pid", "mnt", "ipc", "uts", "cgroup", "net"};

    for (size_t i = 0; i < COUNT(names); i++) {
        char path[64], inside[64], outside[64] = "";
        const char *words[] = {"readlink", path, NULL};

        test_case("another namespace: %s", names[i]);
        (void)snprintf(path, sizeof path, "/proc/self/ns/%s", names[i]);
        CHECK_INT(world_run(world, words, inside, sizeof inside), 0);
        CHECK(readlink(path, outside, sizeof outside - 1) > 0);
        CHECK(strncmp(inside, names[i], strlen(names[i])) == 0);
        CHECK(strncmp(inside, outside, strlen(outside)) != 0);
    }
}

/* One whose parent is not the test. It says which init it made, and waits to be killed.
 */
static pid_t start_caller(const struct world *world, int out_ends[2])
{
    static const char *const words[] = {
        "sh", "-c", "setsid sleep 100 & sleep 100 & echo up; sleep 100", NULL};
    pid_t caller;

    CHECK(pipe(out_ends) == 0);
    caller = fork();
    if (caller == 0) {
        struct troth_sandbox sandbox = world->sandbox;
        struct troth_sandbox_fault fault;
        int init;

        sandbox.argv = words;
        (void)dup2(out_ends[1], STDOUT_FILENO);
        (void)close(out_ends[0]);
        (void)close(out_ends[1]);
        if (!troth_sandbox_start(&init, &sandbox, &fault))
            _exit(1);
        dprintf(STDOUT_FILENO, "init %d.\n", init);
        for (;;)
            (void)pause();
    }
    (void)close(out_ends[1]);
    return caller;
}

/* Everybody in it has the pipe: it ends when the last of them has. */
static void die(const struct world *world, bool is_caller)
{
    struct pollfd last;
    char out[256] = "";
    int ends[2], init = 0;
    const pid_t caller = start_caller(world, ends);

    while (!(strstr(out, "up\n") && strstr(out, ".\n"))) {
        const size_t len = strlen(out);
        const ssize_t more = read(ends[0], out + len, sizeof out - 1 - len);

        if (!CHECK(more > 0))
            break;
        out[len + (size_t)more] = '\0';
    }
    if (strstr(out, "init "))
        init = (int)strtol(strstr(out, "init ") + 5, NULL, 10);
    CHECK(init > 1);
    if (init > 1)
        CHECK(kill(is_caller ? caller : init, SIGKILL) == 0);
    if (!is_caller)
        (void)kill(caller, SIGKILL);
    (void)waitpid(caller, NULL, 0);
    last = (struct pollfd){.fd = ends[0], .events = POLLIN};
    CHECK_INT(poll(&last, 1, 5000), 1);
    CHECK_INT(read(ends[0], out, sizeof out), 0);
    (void)close(ends[0]);
}

int main(void)
{
    const char *obstacle = world_obstacle();
    struct world world;

    test_case("a sandbox");
    if (obstacle) {
        test_skip("%s", obstacle);
        return test_finish();
    }
    world_open(&world);
    run_faults(&world);
    run_network_of_another_kind(&world);
    leave_descriptors_open(&world);
    compare_namespaces(&world);
    test_case("who made it is killed");
    die(&world, true);
    test_case("its init is killed");
    die(&world, false);
    world_close(&world);
    return test_finish();
}
