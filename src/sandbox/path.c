/* SPDX-License-Identifier: Apache-2.0 */
#include "sandbox/path.h"

#include <stdio.h>
#include <string.h>

static const char *const ours[] = {"/dev", "/proc", "/sys"};

/* A part runs up to the next '/' or the end. */
static bool is_plain_part(const char *part, size_t len)
{
    return len > 0 && !(len == 1 && part[0] == '.') &&
           !(len == 2 && part[0] == '.' && part[1] == '.');
}

bool troth_sandbox_path_is_plain(const char *path)
{
    if (path[0] != '/' || strnlen(path, TROTH_SANDBOX_PATH_MAX) == TROTH_SANDBOX_PATH_MAX)
        return false;
    if (path[1] == '\0')
        return true;
    for (const char *part = path; *part == '/'; part += 1 + strcspn(part + 1, "/"))
        if (!is_plain_part(part + 1, strcspn(part + 1, "/")))
            return false;
    return true;
}

bool troth_sandbox_path_is_within(const char *path, const char *folder)
{
    const size_t len = strcmp(folder, "/") == 0 ? 0 : strlen(folder);

    return strncmp(path, folder, len) == 0 && (path[len] == '\0' || path[len] == '/');
}

bool troth_sandbox_path_is_ours(const char *path)
{
    for (size_t i = 0; i < sizeof ours / sizeof ours[0]; i++)
        if (troth_sandbox_path_is_within(path, ours[i]))
            return true;
    return strcmp(path, "/") == 0;
}

bool troth_sandbox_path_target(char out[static TROTH_SANDBOX_PATH_MAX], const char *path,
                               const char *link)
{
    const char *name = strrchr(path, '/');
    const int folder_len = link[0] == '/' ? 0 : (int)(name - path) + 1;
    const int len = snprintf(out, TROTH_SANDBOX_PATH_MAX, "%.*s%s", folder_len, path,
                             link);

    return len > 0 && len < TROTH_SANDBOX_PATH_MAX && troth_sandbox_path_is_plain(out);
}
