/* SPDX-License-Identifier: Apache-2.0 */
/* The C library's own word for setgroups(). */
/* NOLINTNEXTLINE(bugprone-reserved-identifier,cert-dcl37-c,cert-dcl51-cpp) */
#define _DEFAULT_SOURCE
#include "os/process.h"

#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

int troth_process_harden(void)
{
    const struct rlimit none = {0, 0};

    if (prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0 || setrlimit(RLIMIT_CORE, &none) != 0 ||
        prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
        return errno;
    return 0;
}

int troth_process_find_user(uint32_t *out_user, uint32_t *out_group, const char *name)
{
    char text[4096];
    struct passwd row, *found = NULL;
    const int failed = getpwnam_r(name, &row, text, sizeof text, &found);

    *out_user = *out_group = 0;
    if (!found)
        return failed ? failed : ENOENT;
    *out_user = found->pw_uid;
    *out_group = found->pw_gid;
    return 0;
}

int troth_process_become(uint32_t user, uint32_t group)
{
    const gid_t groups[] = {group};

    if (setgroups(1, groups) != 0 || setgid(group) != 0 || setuid(user) != 0)
        return errno;
    if (user != 0 && (setuid(0) == 0 || seteuid(0) == 0))
        return EPERM;
    return troth_process_harden();
}
