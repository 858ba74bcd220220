/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/tsm_mount.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sim/command.h"
#include "sim/supervise.h"

#define PATH_ROOM 4096
#define MOST      512 /* entries of a folder */

struct path {
    char text[PATH_ROOM];
};

_Noreturn static void fail(const char *what, const char *path)
{
    sim_fail(SIM_STATUS_NOT_RUN, what, path, errno);
}

static void write_text(const char *path, const char *text)
{
    const int to = open(path, O_WRONLY | O_CLOEXEC);

    if (to < 0 || write(to, text, strlen(text)) != (ssize_t)strlen(text))
        fail("cannot write to", path);
    (void)close(to);
}

/* The same user as before, who may mount here and nowhere else. */
static void own_namespace(void)
{
    const unsigned user = (unsigned)getuid(), group = (unsigned)getgid();
    char map[64];

    if (unshare(CLONE_NEWUSER) != 0)
        fail("cannot be root, and may not have a namespace of its own:", "user");
    write_text("/proc/self/setgroups", "deny");
    (void)snprintf(map, sizeof map, "%u %u 1\n", user, user);
    write_text("/proc/self/uid_map", map);
    (void)snprintf(map, sizeof map, "%u %u 1\n", group, group);
    write_text("/proc/self/gid_map", map);
}

void sim_mount_enter(void)
{
    if (geteuid() != 0)
        own_namespace();
    if (unshare(CLONE_NEWNS) != 0)
        fail("cannot have a namespace of its own for", "mounts");
    if (mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0)
        fail(errno == EINVAL
                 ? "in a chroot that is no mount point nothing can be mounted:"
                 : "cannot keep to itself what is mounted below",
             "/");
}

int sim_mount_take(const char *path)
{
    const int taken = open_tree(AT_FDCWD, path,
                                OPEN_TREE_CLONE | AT_RECURSIVE | OPEN_TREE_CLOEXEC);

    if (taken < 0)
        fail("cannot take hold of", path);
    return taken;
}

void sim_mount_put(int taken, const char *path)
{
    if (move_mount(taken, "", AT_FDCWD, path, MOVE_MOUNT_F_EMPTY_PATH) != 0)
        fail("cannot mount on", path);
    (void)close(taken);
}

void sim_mount_drop(const char *path)
{
    if (umount2(path, MNT_DETACH) != 0)
        fail("cannot unmount", path);
}

static struct path path_of(const char *folder, const char *name)
{
    struct path path;
    const int len = snprintf(path.text, sizeof path.text, "%s/%s", folder, name);

    if (len < 0 || (size_t)len >= sizeof path.text) {
        errno = ENAMETOOLONG;
        fail("cannot keep in its place", name);
    }
    return path;
}

/* What was in a folder before something was mounted over it. */
struct entry {
    char *name;
    int taken; /* -1: a link */
    bool is_folder;
    char *target;
};

struct listing {
    struct entry entries[MOST];
    size_t count;
};

static char *keep_text(const char *text)
{
    char *kept = strdup(text);

    if (!kept)
        sim_die("out of memory");
    return kept;
}

static void list_entry(struct listing *out, const char *folder, const char *name)
{
    struct entry entry = {.name = keep_text(name), .taken = -1};
    const struct path path = path_of(folder, name);
    char target[PATH_ROOM] = "";
    struct stat about;

    if (lstat(path.text, &about) != 0 || out->count == MOST)
        fail("cannot keep in its place", path.text);
    if (S_ISLNK(about.st_mode)) {
        if (readlink(path.text, target, sizeof target - 1) < 0)
            fail("cannot read the link", path.text);
        entry.target = keep_text(target);
    } else {
        entry.taken = sim_mount_take(path.text);
        entry.is_folder = S_ISDIR(about.st_mode);
    }
    out->entries[out->count++] = entry;
}

static void list_folder(struct listing *out, const char *folder)
{
    DIR *directory = opendir(folder);
    const struct dirent *next;

    if (!directory)
        fail("cannot list", folder);
    while ((next = readdir(directory)) != NULL) /* NOLINT: no other thread lists it */
        if (strcmp(next->d_name, ".") != 0 && strcmp(next->d_name, "..") != 0)
            list_entry(out, folder, next->d_name);
    (void)closedir(directory);
}

static void put_entry(const char *folder, const struct entry *entry)
{
    const struct path path = path_of(folder, entry->name);
    int made;

    if (entry->target)
        made = symlink(entry->target, path.text);
    else if (entry->is_folder)
        made = mkdir(path.text, 0755);
    else
        made = mknod(path.text, S_IFREG, 0);
    if (made != 0)
        fail("cannot create", path.text);
    if (!entry->target)
        sim_mount_put(entry->taken, path.text);
    free(entry->name);
    free(entry->target);
}

/* A folder in memory over this one, with the same in it. */
static void make_writable(const char *folder)
{
    struct listing *listing = calloc(1, sizeof *listing);

    if (!listing)
        sim_die("out of memory");
    list_folder(listing, folder);
    if (mount("troth-sim", folder, "tmpfs", MS_NOSUID | MS_NODEV | MS_NOEXEC,
              "mode=0755,size=256k") != 0)
        fail("cannot mount on", folder);
    for (size_t i = 0; i < listing->count; i++)
        put_entry(folder, &listing->entries[i]);
    free(listing);
}

static bool is_folder(const char *path)
{
    struct stat about;

    return stat(path, &about) == 0 && S_ISDIR(about.st_mode);
}

void sim_mount_make_folder(const char *path)
{
    char part[PATH_ROOM];
    size_t there = strlen(path);

    (void)snprintf(part, sizeof part, "%s", path);
    if (is_folder(path))
        return;
    while (there > 1 && !is_folder(part)) {
        while (there > 1 && part[--there] != '/')
            continue;
        part[there] = 0;
    }
    make_writable(part);
    while (there < strlen(path)) {
        part[there] = '/';
        for (there++; path[there] && path[there] != '/'; there++)
            part[there] = path[there];
        part[there] = 0;
        if (mkdir(part, 0755) != 0)
            fail("cannot create", part);
    }
}
