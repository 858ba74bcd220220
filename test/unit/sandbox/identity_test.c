/* SPDX-License-Identifier: Apache-2.0 */
/* Another user alone, in the machine's own tree. */
#define _GNU_SOURCE
#include "sandbox/identity.h"

#include <errno.h>
#include <grp.h>
#include <linux/capability.h>
#include <linux/securebits.h>
#include <signal.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "test/harness.h"
#include "test/unit/sandbox/world.h"

static struct troth_sandbox_fault fault;

static bool become(const struct world *world)
{
    return troth_sandbox_identity_become(world->sandbox.user, world->sandbox.group,
                                         &fault);
}

static bool is_bare(void)
{
    struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
    struct __user_cap_data_struct data[2];

    if (syscall(SYS_capget, &header, data) != 0 ||
        prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) != 1)
        return false;
    for (unsigned long capability = 0; capability <= CAP_LAST_CAP; capability++)
        if (prctl(PR_CAPBSET_READ, capability, 0, 0, 0) == 1 ||
            prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_IS_SET, capability, 0, 0) == 1)
            return false;
    return data[0].inheritable == 0 && data[1].inheritable == 0 &&
           data[1].permitted == 0 && data[1].effective == 0;
}

static bool becomes(const struct world *world)
{
    uid_t real, effective, saved;
    gid_t group, effective_group, saved_group;

    const gid_t groups[] = {6};

    return setgroups(1, groups) == 0 && become(world) && is_bare() &&
           getresuid(&real, &effective, &saved) == 0 && real == WORLD_USER &&
           effective == WORLD_USER && saved == WORLD_USER &&
           getresgid(&group, &effective_group, &saved_group) == 0 &&
           group == WORLD_USER && effective_group == WORLD_USER &&
           saved_group == WORLD_USER && getgroups(0, NULL) == 0 &&
           (prctl(PR_GET_SECUREBITS, 0, 0, 0, 0) & SECBIT_NOROOT_LOCKED) != 0;
}

/* Without what it gives up, it would be its files' user and could still do all of this.
 */
static bool keeps_one(const struct world *world)
{
    const pid_t other = fork();
    bool may_kill;

    if (other == 0) {
        if (setresuid(WORLD_USER, WORLD_USER, WORLD_USER) != 0)
            _exit(1);
        (void)sleep(5);
        _exit(0);
    }
    if (!troth_sandbox_identity_keep(CAP_KILL, &fault) || !is_bare())
        return false;
    may_kill = kill(other, SIGKILL) == 0;
    (void)waitpid(other, NULL, 0);
    return may_kill && chown(world->folder, 1, 1) < 0 && errno == EPERM;
}

static bool keeps_none(const struct world *world)
{
    struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
    struct __user_cap_data_struct data[2];

    (void)world;
    return troth_sandbox_identity_keep(-1, &fault) && is_bare() &&
           syscall(SYS_capget, &header, data) == 0 && data[0].permitted == 0;
}

static bool refuses(const struct world *world)
{
    (void)world;
    return !troth_sandbox_identity_become(0, 1, &fault) && fault.error == EINVAL &&
           !troth_sandbox_identity_become(1, 0, &fault) && fault.error == EINVAL &&
           !troth_sandbox_identity_become(UINT32_MAX, 1, &fault) && geteuid() == 0;
}

static bool only_user(const struct world *world)
{
    (void)world;
    return setresuid(WORLD_USER, WORLD_USER, WORLD_USER) == 0;
}

static const struct {
    const char *why, *attempt;
    int error;
} rows[] = {
    {"to be root again", "setuid", EPERM},
    {"to take a capability", "capability", EPERM},
    {"others' secrets", "read=/etc/shadow", EACCES},
    {"the keeper of all processes", "ptrace=1", EPERM},
    {"its memory", "read=/proc/1/mem", EACCES},
    {"to signal it", "kill=1", EPERM},
    {"a file system", "mount=/mnt", EPERM},
    {"another root", "chroot=/", EPERM},
    {"a packet socket", "packet", EPERM},
    {"a raw one", "raw", EPERM},
    {"another machine's name", "hostname", EPERM},
};

int main(void)
{
    const char *obstacle = world_obstacle();
    struct world world;

    test_case("another user, for good");
    if (obstacle) {
        test_skip("%s", obstacle);
        return test_finish();
    }
    world_open(&world);
    CHECK_INT(world_try(&world, becomes, "nothing"), 0);
    test_case("root is nobody else");
    CHECK_INT(world_try(&world, refuses, "nothing"), 0);
    test_case("one capability is kept");
    CHECK_INT(world_try(&world, keeps_one, "nothing"), 0);
    test_case("none is kept");
    CHECK_INT(world_try(&world, keeps_none, "nothing"), 0);
    for (size_t i = 0; i < COUNT(rows); i++) {
        test_case("%s", rows[i].why);
        CHECK_INT(world_try(&world, become, rows[i].attempt), rows[i].error);
    }
    test_case("a program that is to run as root");
    CHECK(chmod(world.hostile, 04755) == 0);
    CHECK_INT(world_try(&world, only_user, "setuid_program={bin}/hostile"), 0);
    CHECK_INT(world_try(&world, become, "setuid_program={bin}/hostile"), EPERM);
    world_close(&world);
    return test_finish();
}
