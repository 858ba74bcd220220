/* SPDX-License-Identifier: Apache-2.0 */
/* The C library's own word for setgroups(). */
/* NOLINTNEXTLINE(bugprone-reserved-identifier,cert-dcl37-c,cert-dcl51-cpp) */
#define _DEFAULT_SOURCE
#include "os/process.h"

#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
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

/* The row that is of this name, or has this number: of the file alone, for what else the
 * C library would ask it has to load, which a static program cannot. */
static int find_row(struct passwd *row, char *text, size_t size, const char *name,
                    uint32_t number)
{
    FILE *file = fopen("/etc/passwd", "re");
    struct passwd *found = NULL;
    int failed;

    if (!file)
        return errno;
    while (!(failed = fgetpwent_r(file, row, text, size, &found)) && found)
        if (name ? strcmp(found->pw_name, name) == 0 : found->pw_uid == number)
            break;
    (void)fclose(file);
    return found ? 0 : failed ? failed : ENOENT;
}

int troth_process_find_user(uint32_t *out_user, uint32_t *out_group, const char *name)
{
    struct passwd row = {.pw_uid = 0};
    char text[4096];
    uint64_t number = 0;
    const bool is_number = troth_uint_parse(&number, troth_span_of_text(name), 10) ==
                           TROTH_OK;
    int failed = ENOENT;

    *out_user = *out_group = 0;
    /* The last number means "no user" to the kernel. */
    if (number < UINT32_MAX)
        failed = find_row(&row, text, sizeof text, is_number ? NULL : name,
                          (uint32_t)number);
    /* Nobody needs to have heard of a number. */
    if (failed == ENOENT && is_number && number < UINT32_MAX) {
        row.pw_uid = row.pw_gid = (uint32_t)number;
        failed = 0;
    }
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
