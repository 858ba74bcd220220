/* SPDX-License-Identifier: Apache-2.0 */
/* The tree alone, with every privilege there is that does not change it. */
#define _GNU_SOURCE
#include "sandbox/tree.h"

#include <errno.h>
#include <sched.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "test/harness.h"
#include "test/unit/sandbox/world.h"

static struct troth_sandbox_fault fault;

static bool build(const struct world *world)
{
    struct troth_sandbox_places *places = calloc(1, sizeof *places);
    bool memfd;
    const bool is_done = places &&
                         troth_sandbox_places_list(places, &world->sandbox, &fault) &&
                         troth_sandbox_tree_build(&memfd, places, &fault);

    free(places);
    return is_done;
}

/* In a process namespace of its own; the first process of them is who does the rest. */
static bool confine(const struct world *world)
{
    int status = 0;
    pid_t first;

    if (unshare(CLONE_NEWPID) != 0)
        return false;
    first = fork();
    if (first == 0)
        return build(world);
    (void)waitpid(first, &status, 0);
    _exit(WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status));
}

/* The same where the root cannot be taken off, as when it is what the kernel unpacked. */
static bool confine_above_the_root(const struct world *world)
{
    return world_without(SYS_pivot_root, EINVAL) && confine(world);
}

static const struct {
    const char *why, *attempt;
    int error;
} rows[] = {
    {"a written folder", "write={kept}/file", 0},
    {"its own /tmp", "write=/tmp/file", 0},
    {"shared memory", "write=/dev/shm/file", 0},
    {"nowhere", "open=/dev/null", 0},
    {"zeros", "read=/dev/zero", 0},
    {"randomness", "read=/dev/urandom", 0},
    {"a folder that is not named", "list={outside}", ENOENT},
    {"somebody's home", "list=/root", ENOENT},
    {"what runs", "list=/run", ENOENT},
    {"the machine's settings", "list=/sys", ENOENT},
    {"a report interface", "list=/sys/kernel/config/tsm/report", ENOENT},
    {"a TDX device", "open=/dev/tdx_guest", ENOENT},
    {"an SNP device", "open=/dev/sev-guest", ENOENT},
    {"a Nitro device", "open=/dev/nsm", ENOENT},
    {"memory", "open=/dev/mem", ENOENT},
    {"another device", "open=/dev/kmsg", ENOENT},
    {"a virtual machine", "open=/dev/kvm", ENOENT},
    {"a terminal", "open=/dev/tty", ENOENT},
    {"a way up", "list=/../root", ENOENT},
    {"to write the root", "write=/file", EROFS},
    {"to write among devices", "write=/dev/file", EROFS},
    {"to write the system", "write=/usr/file", EROFS},
    {"to write what is read", "write={bin}/file", EROFS},
    {"to change a program", "write={bin}/friendly", EROFS},
    {"to remove one", "remove={bin}/friendly", EROFS},
    {"a program of its own", "run={kept}/program", EACCES},
    {"by the linker", "link_and_run={kept}/linked", 127},
    {"a page of a file", "map={kept}/page", EPERM},
    {"a program in /tmp", "run=/tmp/program", EACCES},
    {"a program in shared memory", "run=/dev/shm/program", EACCES},
    {"where memory is", "read=/proc/iomem", ENODATA},
    {"its names", "read=/proc/kallsyms", ENODATA},
    {"how it was started", "read=/proc/cmdline", ENODATA},
    {"keys", "read=/proc/keys", ENODATA},
    {"timers", "read=/proc/timer_list", ENODATA},
    {"interrupts", "write=/proc/irq/0/smp_affinity", ENOENT},
    {"a setting", "write=/proc/sys/kernel/core_pattern", EROFS},
    {"what programs want to know", "read=/proc/cpuinfo", 0},
    {"its own status", "read=/proc/self/status", 0},
};

static void try_all(const struct world *world, bool (*in)(const struct world *world))
{
    for (size_t i = 0; i < COUNT(rows); i++) {
        test_case("%s", rows[i].why);
        CHECK_INT(world_try(world, in, rows[i].attempt), rows[i].error);
    }
}

/* A number of a process that is there, outside. */
static void try_processes(const struct world *world)
{
    char attempt[64];

    test_case("a process of the machine");
    if (!world_is_outside(getpid())) {
        test_skip("it has a number that is one inside too");
        return;
    }
    (void)snprintf(attempt, sizeof attempt, "list=/proc/%d", (int)getpid());
    CHECK_INT(world_try(world, NULL, attempt), 0);
    CHECK_INT(world_try(world, confine, attempt), ENOENT);
}

/* Devices and other users' rights, in a folder that is written and in one that is read.
 */
static void try_dormant(const struct world *world)
{
    static const char *const devices[] = {"{kept}/device", "{bin}/device"};
    char attempt[512];

    for (size_t i = 0; i < COUNT(devices); i++) {
        const char *device = world_words(world, devices[i]);

        test_case("a device that lies in %s", devices[i]);
        (void)remove(device);
        CHECK(mknod(device, S_IFCHR | 0666, 0x103) == 0); /* null */
        (void)snprintf(attempt, sizeof attempt, "open=%s", device);
        CHECK_INT(world_try(world, NULL, attempt), 0);
        CHECK_INT(world_try(world, confine, attempt), EACCES);
    }
}

static bool confine_as_user(const struct world *world)
{
    return confine(world) && setresgid(WORLD_USER, WORLD_USER, WORLD_USER) == 0 &&
           setresuid(WORLD_USER, WORLD_USER, WORLD_USER) == 0;
}

static bool only_user(const struct world *world)
{
    (void)world;
    return setresuid(WORLD_USER, WORLD_USER, WORLD_USER) == 0;
}

static void try_setuid(const struct world *world)
{
    const char *program = world_words(world, "{bin}/root");

    test_case("a program that is to run as root");
    CHECK(link(world->hostile, program) == 0 && chmod(program, 04755) == 0);
    CHECK_INT(world_try(world, only_user, "setuid_program={bin}/root"), 0);
    CHECK_INT(world_try(world, confine_as_user, "setuid_program={bin}/root"), EPERM);
}

int main(void)
{
    const char *obstacle = world_obstacle();
    struct world world;

    test_case("a tree of its own");
    if (obstacle) {
        test_skip("%s", obstacle);
        return test_finish();
    }
    world_open(&world);
    CHECK_INT(world_try(&world, confine, "nothing"), 0);
    try_all(&world, confine);
    try_processes(&world);
    try_dormant(&world);
    try_setuid(&world);
    test_case("over a root that stays");
    CHECK_INT(world_try(&world, confine_above_the_root, "nothing"), 0);
    try_all(&world, confine_above_the_root);
    world_close(&world);
    return test_finish();
}
