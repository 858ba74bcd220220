/* SPDX-License-Identifier: Apache-2.0 */
#include "sandbox/path.h"

#include <string.h>

#include "test/harness.h"

static const struct {
    const char *why, *path;
    bool is_plain, is_ours;
} paths[] = {
    {"the root", "/", true, true},
    {"a folder", "/usr", true, false},
    {"a longer one", "/srv/a.b/..c/.d", true, false},
    {"a device", "/dev/null", true, true},
    {"the folder of devices", "/dev", true, true},
    {"what only begins like it", "/devices", true, false},
    {"processes", "/proc/self/fd", true, true},
    {"the machine's settings", "/sys/kernel/config", true, true},
    {"nothing", "", false, false},
    {"relative", "usr", false, false},
    {"a slash at the end", "/usr/", false, false},
    {"two slashes", "/usr//lib", false, false},
    {"two at the beginning", "//usr", false, false},
    {"here", "/usr/./lib", false, false},
    {"up", "/usr/../etc", false, false},
    {"up at the end", "/usr/..", false, false},
};

static const struct {
    const char *path, *folder;
    bool is_within;
} pairs[] = {
    {"/usr", "/usr", true},   {"/usr/lib", "/usr", true}, {"/usrlib", "/usr", false},
    {"/", "/usr", false},     {"/usr", "/", true},        {"/us", "/usr", false},
    {"/a/b/c", "/a/b", true}, {"/a/bb/c", "/a/b", false},
};

static const struct {
    const char *why, *path, *link, *target; /* NULL: none that can be told */
} links[] = {
    {"beside it, at the root", "/bin", "usr/bin", "/usr/bin"},
    {"beside it", "/srv/now", "releases/3", "/srv/releases/3"},
    {"from the root", "/srv/now", "/opt/app", "/opt/app"},
    {"up", "/srv/now", "../opt", NULL},
    {"up in between", "/srv/now", "/opt/../etc", NULL},
};

int main(void)
{
    char target[TROTH_SANDBOX_PATH_MAX], longest[TROTH_SANDBOX_PATH_MAX + 1];

    for (size_t i = 0; i < COUNT(paths); i++) {
        test_case("%s", paths[i].why);
        CHECK(troth_sandbox_path_is_plain(paths[i].path) == paths[i].is_plain);
        if (paths[i].is_plain)
            CHECK(troth_sandbox_path_is_ours(paths[i].path) == paths[i].is_ours);
    }
    test_case("longer than Linux has them");
    memset(longest, 'a', sizeof longest);
    longest[0] = '/';
    longest[sizeof longest - 1] = '\0';
    CHECK(!troth_sandbox_path_is_plain(longest));
    longest[sizeof longest - 2] = '\0';
    CHECK(troth_sandbox_path_is_plain(longest));
    for (size_t i = 0; i < COUNT(pairs); i++) {
        test_case("%s in %s", pairs[i].path, pairs[i].folder);
        CHECK(troth_sandbox_path_is_within(pairs[i].path, pairs[i].folder) ==
              pairs[i].is_within);
    }
    for (size_t i = 0; i < COUNT(links); i++) {
        test_case("a link: %s", links[i].why);
        CHECK(troth_sandbox_path_target(target, links[i].path, links[i].link) ==
              (links[i].target != NULL));
        if (links[i].target)
            CHECK_TEXT(target, links[i].target);
    }
    return test_finish();
}
