/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/cache_folder.h"

#include <stdio.h>
#include <stdlib.h>

static bool take(char *out, const char *variable, const char *below)
{
    const char *folder = getenv(variable); /* NOLINT(concurrency-mt-unsafe): one thread */
    int written;

    out[0] = '\0';
    if (!folder || folder[0] != '/')
        return false;
    written = snprintf(out, TROTH_CACHE_FOLDER_ROOM, "%s%s/troth/collateral", folder,
                       below);
    if (written > 0 && written < TROTH_CACHE_FOLDER_ROOM)
        return true;
    out[0] = '\0';
    return false;
}

bool troth_cache_folder(char out[static TROTH_CACHE_FOLDER_ROOM])
{
    return take(out, "XDG_CACHE_HOME", "") || take(out, "HOME", "/.cache");
}
