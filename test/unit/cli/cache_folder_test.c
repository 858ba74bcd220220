/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/cache_folder.h"

#include <stdlib.h>
#include <string.h>

#include "test/harness.h"

static const struct {
    const char *why, *xdg, *home, *wanted; /* NULL: none */
} cases[] = {
    {"as it is asked for", "/x", "/h", "/x/troth/collateral"},
    {"below the user's own folder", NULL, "/h", "/h/.cache/troth/collateral"},
    {"an empty word is none", "", "/h", "/h/.cache/troth/collateral"},
    {"a relative folder is none", "x", "/h", "/h/.cache/troth/collateral"},
    {"no folder at all", NULL, NULL, NULL},
    {"none that is absolute", "x", "h", NULL},
};

static void set(const char *name, const char *value)
{
    if (value)
        CHECK(setenv(name, value, 1) == 0);
    else
        CHECK(unsetenv(name) == 0);
}

int main(void)
{
    static char long_path[TROTH_CACHE_FOLDER_ROOM];
    char out[TROTH_CACHE_FOLDER_ROOM];

    for (size_t i = 0; i < COUNT(cases); i++) {
        test_case("%s", cases[i].why);
        set("XDG_CACHE_HOME", cases[i].xdg);
        set("HOME", cases[i].home);
        CHECK(troth_cache_folder(out) == (cases[i].wanted != NULL));
        CHECK_TEXT(out, cases[i].wanted ? cases[i].wanted : "");
    }
    test_case("a folder too long");
    memset(long_path, '/', sizeof long_path - 1);
    set("XDG_CACHE_HOME", long_path);
    set("HOME", NULL);
    CHECK(!troth_cache_folder(out));
    CHECK_TEXT(out, "");
    return test_finish();
}
