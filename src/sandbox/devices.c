/* SPDX-License-Identifier: Apache-2.0 */
#include "sandbox/devices.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "sandbox/fault.h"

/* Their numbers are Linux's own (its devices.txt): nothing else may stand in for them. */
static const struct {
    const char *path;
    unsigned major, minor;
} devices_seen[TROTH_SANDBOX_DEVICE_COUNT] = {
    {"/dev/null", 1, 3},   {"/dev/zero", 1, 5},    {"/dev/full", 1, 7},
    {"/dev/random", 1, 8}, {"/dev/urandom", 1, 9},
};

static const struct {
    const char *path, *target;
} links[] = {
    {"dev/fd", "/proc/self/fd"},
    {"dev/stdin", "/proc/self/fd/0"},
    {"dev/stdout", "/proc/self/fd/1"},
    {"dev/stderr", "/proc/self/fd/2"},
};

static int take(size_t at)
{
    struct mount_attr attr = {.attr_set = MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOSUID |
                                          MOUNT_ATTR_NOEXEC,
                              .attr_clr = MOUNT_ATTR_NODEV,
                              .propagation = MS_PRIVATE};
    struct stat status;
    const int tree = open_tree(AT_FDCWD, devices_seen[at].path,
                               OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC);

    if (tree < 0 || fstat(tree, &status) != 0)
        return -1;
    if (!S_ISCHR(status.st_mode) ||
        status.st_rdev != makedev(devices_seen[at].major, devices_seen[at].minor)) {
        errno = ENODEV;
        return -1;
    }
    return mount_setattr(tree, "", AT_EMPTY_PATH, &attr, sizeof attr) == 0 ? tree : -1;
}

bool troth_sandbox_devices_take(struct troth_sandbox_devices *out,
                                struct troth_sandbox_fault *fault)
{
    for (size_t i = 0; i < TROTH_SANDBOX_DEVICE_COUNT; i++) {
        out->trees[i] = take(i);
        if (out->trees[i] < 0)
            return troth_sandbox_fail(fault, "open", devices_seen[i].path);
    }
    return true;
}

static bool mount_one(size_t at, int tree)
{
    const char *path = devices_seen[at].path + 1;
    const int file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);

    if (file < 0)
        return false;
    (void)close(file);
    return move_mount(tree, "", AT_FDCWD, path, MOVE_MOUNT_F_EMPTY_PATH) == 0;
}

bool troth_sandbox_devices_mount(const struct troth_sandbox_devices *devices,
                                 struct troth_sandbox_fault *fault)
{
    const unsigned long flags = MS_NOSUID | MS_NODEV | MS_NOEXEC;

    if (mkdir("dev", 0755) != 0 ||
        mount("tmpfs", "dev", "tmpfs", flags, "mode=0755,size=64k,nr_inodes=32") != 0)
        return troth_sandbox_fail(fault, "mount", "/dev");
    for (size_t i = 0; i < TROTH_SANDBOX_DEVICE_COUNT; i++)
        if (!mount_one(i, devices->trees[i]))
            return troth_sandbox_fail(fault, "mount", devices_seen[i].path);
    for (size_t i = 0; i < sizeof links / sizeof links[0]; i++)
        if (symlink(links[i].target, links[i].path) != 0)
            return troth_sandbox_fail(fault, "link", links[i].path);
    if (mkdir("dev/shm", 0755) != 0 || mount("tmpfs", "dev/shm", "tmpfs", flags,
                                             "mode=1777,size=64m,nr_inodes=4096") != 0)
        return troth_sandbox_fail(fault, "mount", "/dev/shm");
    if (mount(NULL, "dev", NULL, MS_REMOUNT | MS_BIND | MS_RDONLY | flags, NULL) != 0)
        return troth_sandbox_fail(fault, "remount", "/dev");
    return true;
}
