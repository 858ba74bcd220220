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

#include "base/number.h"
#include "base/span.h"

int troth_process_harden(void)
{
    const struct rlimit none = {0, 0};

    if (prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0 || setrlimit(RLIMIT_CORE, &none) != 0 ||
        prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
        return errno;
    return 0;
}

static int find_name(struct passwd *row, char *text, size_t size, const char *name)
{
    struct passwd *found = NULL;
    const int failed = getpwnam_r(name, row, text, size, &found);

    return found ? 0 : failed ? failed : ENOENT;
}

/* Nobody needs to have heard of a number. */
static int find_number(struct passwd *row, char *text, size_t size, uint32_t number)
{
    struct passwd *found = NULL;
    const int failed = getpwuid_r(number, row, text, size, &found);

    if (found)
        return 0;
    *row = (struct passwd){.pw_uid = number, .pw_gid = number};
    return failed == ENOENT || failed == ESRCH ? 0 : failed;
}

int troth_process_find_user(uint32_t *out_user, uint32_t *out_group, const char *name)
{
    char text[4096];
    struct passwd row;
    uint64_t number;
    int failed;

    *out_user = *out_group = 0;
    /* The last number means "no user" to the kernel. */
    if (troth_uint_parse(&number, troth_span_of_text(name), 10) == TROTH_OK)
        failed = number < UINT32_MAX
                     ? find_number(&row, text, sizeof text, (uint32_t)number)
                     : ENOENT;
    else
        failed = find_name(&row, text, sizeof text, name);
    if (failed)
        return failed;
    *out_user = row.pw_uid;
    *out_group = row.pw_gid;
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
