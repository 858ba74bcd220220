/* SPDX-License-Identifier: Apache-2.0 */
#include "init/module_name.h"

#include <stddef.h>
#include <string.h>

static const struct {
    const char *ending;
    bool is_compressed;
} rows[] = {{".ko", false}, {".ko.xz", true}, {".ko.zst", true}, {".ko.gz", true}};

bool troth_init_module_name(bool *out_is_compressed, const char *name)
{
    const size_t len = strlen(name);

    *out_is_compressed = false;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const size_t ending = strlen(rows[i].ending);

        if (len <= ending || strcmp(name + len - ending, rows[i].ending) != 0)
            continue;
        *out_is_compressed = rows[i].is_compressed;
        return true;
    }
    return false;
}
