/* SPDX-License-Identifier: Apache-2.0 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "builder/compile.h"
#include "builder/surroundings.h"

bool troth_scratch_create(char *out, size_t size, struct troth_build_problem *problem)
{
    const char *folder = troth_builder_variable("TMPDIR");
    const int len = snprintf(out, size, "%s/troth-XXXXXX",
                             folder && *folder == '/' ? folder : "/tmp");

    if (len < 0 || (size_t)len >= size) {
        if (size > 0)
            *out = '\0';
        return troth_build_fail(problem, "TMPDIR", "is too long");
    }
    if (mkdtemp(out))
        return true;
    (void)troth_build_fail_errno(problem, out, "cannot be made", errno);
    *out = '\0';
    return false;
}

/* What is removed: everything in `top`, which folders further below are moved to first,
 * so that nothing ever has to be nested here. */
struct removal {
    int top;
    unsigned long moved; /* how many were */
};

/* To the top, under a name that nothing else has. */
static void move_up(struct removal *r, int folder, const char *name)
{
    char fresh[32];

    /* Its own ".." changes, which its mode may forbid. */
    (void)!fchmodat(folder, name, 0700, 0);
    do
        (void)snprintf(fresh, sizeof fresh, "removed-%lu", r->moved++);
    while (renameat2(folder, name, r->top, fresh, RENAME_NOREPLACE) != 0 &&
           errno == EEXIST);
}

static bool is_folder(int folder, const char *name)
{
    struct stat about;

    return fstatat(folder, name, &about, AT_SYMLINK_NOFOLLOW) == 0 &&
           S_ISDIR(about.st_mode);
}

/* All that is in one folder but not the top; that takes `folder`. */
static void empty(struct removal *r, int folder)
{
    DIR *listing = fdopendir(folder);
    const struct dirent *entry;

    if (!listing) {
        (void)close(folder);
        return;
    }
    /* Of this thread's own. NOLINTNEXTLINE(concurrency-mt-unsafe) */
    while ((entry = readdir(listing))) {
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
            continue;
        if (is_folder(dirfd(listing), entry->d_name))
            move_up(r, dirfd(listing), entry->d_name);
        else
            (void)unlinkat(dirfd(listing), entry->d_name, 0);
    }
    (void)closedir(listing);
}

static bool remove_one(struct removal *r, const char *name)
{
    int folder;

    if (!is_folder(r->top, name))
        return unlinkat(r->top, name, 0) == 0;
    (void)!fchmodat(r->top, name, 0700, 0);
    folder = openat(r->top, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (folder >= 0)
        empty(r, folder);
    return unlinkat(r->top, name, AT_REMOVEDIR) == 0;
}

/* One time over the top; false: nothing could be removed. */
static bool sweep(struct removal *r)
{
    const int again = openat(r->top, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *listing = again >= 0 ? fdopendir(again) : NULL;
    const struct dirent *entry;
    bool is_done = false;

    if (!listing) {
        if (again >= 0)
            (void)close(again);
        return false;
    }
    /* As above. NOLINTNEXTLINE(concurrency-mt-unsafe) */
    while ((entry = readdir(listing)))
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
            is_done = remove_one(r, entry->d_name) || is_done;
    (void)closedir(listing);
    return is_done;
}

void troth_scratch_remove(const char *path)
{
    struct removal r = {open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC), 0};

    if (r.top < 0)
        return;
    while (sweep(&r))
        ;
    (void)close(r.top);
    (void)rmdir(path);
}
