/* SPDX-License-Identifier: Apache-2.0 */
#include "sandbox/tree.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <sched.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "sandbox/devices.h"
#include "sandbox/fault.h"
#include "sandbox/processes.h"

/* A folder that every Linux has, to mount the new root on: only this process sees it. */
#define CRADLE "/proc"

/* Links in what is mounted already lead to what the program will see there, never to the
 * machine's own files. */
static int open_inside(int root, const char *path)
{
    const struct open_how how = {.flags = O_PATH | O_CLOEXEC,
                                 .resolve = RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS};

    return (int)syscall(SYS_openat2, root, path, &how, sizeof how);
}

/* The folder that `path` is in, made as far as it is not there; `out_name` its last part.
 */
static int make_folders(int root, const char *path, const char **out_name)
{
    char name[TROTH_SANDBOX_PATH_MAX];
    const char *part = path + 1, *end = strchr(part, '/');
    int folder = open_inside(root, "/");

    for (; end && folder >= 0; part = end + 1, end = strchr(part, '/')) {
        memcpy(name, path, (size_t)(end - path));
        name[end - path] = '\0';

        int next = open_inside(root, name);

        if (next < 0 && errno == ENOENT) {
            name[end - path] = '\0';
            if (mkdirat(folder, name + (part - path), 0755) == 0)
                next = open_inside(root, name);
        }
        (void)close(folder);
        folder = next;
    }
    *out_name = part;
    return folder;
}

/* What a place is mounted on: there already, or made. */
static int make_point(int root, const struct troth_sandbox_place *place)
{
    const char *name;
    const int folder = make_folders(root, place->path, &name);
    int point, file;

    if (folder < 0)
        return -1;
    point = open_inside(root, place->path);
    if (point < 0 && errno == ENOENT) {
        file = place->is_folder ? mkdirat(folder, name, 0755)
                                : openat(folder, name, O_WRONLY | O_CREAT | O_EXCL, 0444);
        if (file > 0)
            (void)close(file);
        if (file >= 0)
            point = open_inside(root, place->path);
    }
    (void)close(folder);
    return point;
}

static bool put_link(int root, const struct troth_sandbox_place *place)
{
    const char *name;
    const int folder = make_folders(root, place->path, &name);

    /* It may be there already, in a folder that is a place too. */
    return folder >= 0 && (symlinkat(place->link, folder, name) == 0 || errno == EEXIST);
}

static bool put(int root, const struct troth_sandbox_place *place)
{
    if (place->tree < 0)
        return put_link(root, place);

    const int point = make_point(root, place);

    return point >= 0 &&
           move_mount(place->tree, "", point, "",
                      MOVE_MOUNT_F_EMPTY_PATH | MOVE_MOUNT_T_EMPTY_PATH) == 0;
}

static bool put_all(const struct troth_sandbox_places *places,
                    struct troth_sandbox_fault *fault)
{
    const int root = open(".", O_PATH | O_DIRECTORY | O_CLOEXEC);

    if (root < 0)
        return troth_sandbox_fail(fault, "open", "/");
    for (size_t i = 0; i < places->count; i++)
        if (!put(root, &places->rows[i]))
            return troth_sandbox_fail(fault, "mount", places->rows[i].path);
    return true;
}

static bool begin(struct troth_sandbox_fault *fault)
{
    if (mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0)
        return troth_sandbox_fail(fault, "make private", "/");
    if (mount("tmpfs", CRADLE, "tmpfs", MS_NOSUID | MS_NODEV,
              "mode=0755,size=1m,nr_inodes=1024") != 0 ||
        chdir(CRADLE) != 0)
        return troth_sandbox_fail(fault, "mount", "/");
    if (mkdir("tmp", 0755) != 0 ||
        mount("tmpfs", "tmp", "tmpfs", MS_NOSUID | MS_NODEV | MS_NOEXEC,
              "mode=1777,size=256m,nr_inodes=65536") != 0)
        return troth_sandbox_fail(fault, "mount", "/tmp");
    return true;
}

/*
 * The machine's tree comes to lie on the new one, and is taken off. Where its root is
 * what the kernel itself unpacked at boot, or no mount at all, that cannot be done: then
 * the new tree is moved over it, and what the program would need to leave it, it does not
 * have.
 */
static bool change_root(void)
{
    if (syscall(SYS_pivot_root, ".", ".") == 0)
        return umount2(".", MNT_DETACH) == 0 && chdir("/") == 0;
    return errno == EINVAL && mount(".", "/", NULL, MS_MOVE, NULL) == 0 &&
           chroot(".") == 0 && chdir("/") == 0;
}

bool troth_sandbox_tree_build(bool *out_memfd, struct troth_sandbox_places *places,
                              struct troth_sandbox_fault *fault)
{
    struct troth_sandbox_devices devices;
    struct mount_attr read_only = {.attr_set = MOUNT_ATTR_RDONLY};

    *out_memfd = false;
    if (unshare(CLONE_NEWNS) != 0)
        return troth_sandbox_fail(fault, "namespaces", "");
    if (!troth_sandbox_places_take(places, fault) ||
        !troth_sandbox_devices_take(&devices, fault) || !begin(fault) ||
        !troth_sandbox_devices_mount(&devices, fault) ||
        !troth_sandbox_processes_mount(out_memfd, fault) || !put_all(places, fault))
        return false;
    if (!change_root())
        return troth_sandbox_fail(fault, "change root", "/");
    if (mount_setattr(AT_FDCWD, "/", 0, &read_only, sizeof read_only) != 0)
        return troth_sandbox_fail(fault, "remount", "/");
    return true;
}
