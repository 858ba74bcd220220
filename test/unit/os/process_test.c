/* SPDX-License-Identifier: Apache-2.0 */
#define _DEFAULT_SOURCE
#include "os/process.h"

#include <errno.h>
#include <grp.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "test/harness.h"

/* What changes a process for good is tried in one of its own, which says what it saw. */
static int in_a_child(bool (*holds)(void))
{
    int status = 0;
    const pid_t child = fork();

    if (child == 0)
        _exit(holds() ? 0 : 1);
    return waitpid(child, &status, 0) == child && WIFEXITED(status) ? WEXITSTATUS(status)
                                                                    : -1;
}

static bool hardens(void)
{
    struct rlimit core = {1, 1};

    return troth_process_harden() == 0 && prctl(PR_GET_DUMPABLE, 0, 0, 0, 0) == 0 &&
           prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 1 &&
           getrlimit(RLIMIT_CORE, &core) == 0 && core.rlim_cur == 0 && core.rlim_max == 0;
}

static bool becomes_nobody(void)
{
    uint32_t user, group;
    gid_t groups[4];

    return troth_process_find_user(&user, &group, "nobody") == 0 &&
           troth_process_become(user, group) == 0 && getuid() == user &&
           geteuid() == user && getgid() == group && getegid() == group &&
           getgroups(4, groups) == 1 && groups[0] == group && setuid(0) != 0 &&
           prctl(PR_GET_DUMPABLE, 0, 0, 0, 0) == 0;
}

/* Whom nobody knows. */
static bool becomes_number(void)
{
    uint32_t user, group;

    return troth_process_find_user(&user, &group, "60600") == 0 &&
           troth_process_become(user, group) == 0 && getuid() == 60600 &&
           getgid() == 60600 && setuid(0) != 0;
}

static bool may_not_become(void)
{
    return troth_process_become(0, 0) == EPERM;
}

static bool stays_nobody(void)
{
    uint32_t user, group;

    return troth_process_find_user(&user, &group, "nobody") == 0 &&
           troth_process_become(user, group) == 0 && may_not_become();
}

int main(void)
{
    uint32_t user = 7, group = 7;

    test_case("no dumps, no tracing, no new privileges");
    CHECK_INT(in_a_child(hardens), 0);
    test_case("users by name");
    CHECK_INT(troth_process_find_user(&user, &group, "root"), 0);
    CHECK(user == 0 && group == 0);
    CHECK_INT(troth_process_find_user(&user, &group, "no such user"), ENOENT);
    CHECK_INT(troth_process_find_user(&user, &group, ""), ENOENT);
    CHECK_INT(troth_process_find_user(&user, &group, "root "), ENOENT);
    test_case("users by number");
    CHECK_INT(troth_process_find_user(&user, &group, "0"), 0);
    CHECK(user == 0 && group == 0);
    CHECK_INT(troth_process_find_user(&user, &group, "3999999997"), 0);
    CHECK(user == 3999999997U && group == 3999999997U);
    CHECK_INT(troth_process_find_user(&user, &group, "4294967295"), ENOENT);
    CHECK_INT(troth_process_find_user(&user, &group, "18446744073709551616"), ENOENT);
    CHECK_INT(troth_process_find_user(&user, &group, "-1"), ENOENT);
    CHECK(user == 0 && group == 0);
    test_case("another user, for good");
    if (geteuid() != 0) {
        test_skip("only root can become somebody else");
        return test_finish();
    }
    CHECK_INT(in_a_child(becomes_nobody), 0);
    CHECK_INT(in_a_child(becomes_number), 0);
    CHECK_INT(in_a_child(stays_nobody), 0);
    return test_finish();
}
