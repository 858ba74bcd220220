/* SPDX-License-Identifier: Apache-2.0 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "builder/compile.h"
#include "builder/surroundings.h"

enum { TRIES = 100 }; /* to remove what is still being written into */

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
    (void)!fchmodat(folder, name, 0700, AT_SYMLINK_NOFOLLOW);
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
    (void)!fchmodat(r->top, name, 0700, AT_SYMLINK_NOFOLLOW);
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

/* ---- a folder that does not outlive this process ---- */

/* Is it still the folder that was made? */
static bool is_same(const char *path, const struct stat *made)
{
    struct stat now;

    return lstat(path, &now) == 0 && now.st_dev == made->st_dev &&
           now.st_ino == made->st_ino;
}

/* In a process of its own, out of a terminal's reach and holding nothing open that others
 * wait for the end of: until the pipe's other end is gone, and with it whoever may still
 * write into the folder. */
static _Noreturn void clean_up_after(int pipe_end, const char *path,
                                     const struct stat *made)
{
    const struct timespec pause = {.tv_nsec = 50000000};
    uint8_t byte;
    bool is_ready = setsid() >= 0 && chdir("/") == 0 && dup2(pipe_end, 0) == 0 &&
                    close_range(1, ~0U, 0) == 0;

    while (is_ready && read(0, &byte, 1) < 0)
        is_ready = errno == EINTR;
    for (int i = 0; is_ready && i < TRIES && is_same(path, made); i++) {
        troth_scratch_remove(path);
        (void)nanosleep(&pause, NULL);
    }
    _exit(0);
}

/* Of help alone: without it, what a killed process leaves behind stays. */
static void watch_over(const char *path)
{
    struct stat made;
    int ends[2];

    if (lstat(path, &made) != 0 || pipe2(ends, O_CLOEXEC) != 0)
        return;

    const pid_t cleaner = fork();

    if (cleaner == 0)
        clean_up_after(ends[0], path, &made);
    (void)close(ends[0]);
    /* The other end stays open for as long as this process is there. */
    if (cleaner < 0)
        (void)close(ends[1]);
}

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
    if (mkdtemp(out)) {
        watch_over(out);
        return true;
    }
    (void)troth_build_fail_errno(problem, out, "cannot be made", errno);
    *out = '\0';
    return false;
}
