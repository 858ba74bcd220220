/* SPDX-License-Identifier: Apache-2.0 */
#include "os/beside.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

int troth_beside_find(char out[static TROTH_BESIDE_MAX], const char *name)
{
    char self[TROTH_BESIDE_MAX];
    const ssize_t len = readlink("/proc/self/exe", self, sizeof self - 1);
    int written;
    char *slash;

    out[0] = '\0';
    if (len < 0)
        return errno;
    self[len] = '\0';
    slash = strrchr(self, '/');
    if (!slash)
        return ENOENT;
    *slash = '\0';
    written = snprintf(out, TROTH_BESIDE_MAX, "%s/%s", self, name);
    if (written >= 0 && written < TROTH_BESIDE_MAX)
        return 0;
    out[0] = '\0';
    return ENAMETOOLONG;
}

int troth_beside_become(const char *path, const char *const *words)
{
    /* execv() changes none of them. */
    (void)execv(path, (char *const *)words);
    return errno;
}
