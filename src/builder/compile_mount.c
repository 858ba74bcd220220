/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "builder/compile_world.h"

#define SAFE      ((unsigned long)(MS_NOSUID | MS_NODEV))
#define SAFE_ATTR (MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV)

/* Their numbers are Linux's own: nothing else may stand in for them. */
static const struct {
    const char *path;
    unsigned major, minor;
} devices[] = {
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

enum {
    DEVICES = sizeof devices / sizeof devices[0],
    LINKS = sizeof links / sizeof links[0]
};

static bool fail(struct troth_compile_report *report, const char *step, const char *path)
{
    report->error = errno;
    (void)snprintf(report->step, sizeof report->step, "%s%s%s", step, *path ? " " : "",
                   path);
    return false;
}

/* More of what forbids, and nothing less: what the machine forbids stays forbidden. */
static bool forbid(const char *path, uint64_t what)
{
    struct mount_attr attr = {.attr_set = what};

    return mount_setattr(AT_FDCWD, path, AT_SYMLINK_NOFOLLOW, &attr, sizeof attr) == 0;
}

static bool bind_folder(const char *from, const char *to, uint64_t forbidden,
                        struct troth_compile_report *report)
{
    return (mount(from, to, NULL, MS_BIND, NULL) == 0 && forbid(to, forbidden)) ||
           fail(report, "mount", to);
}

static bool mount_device(size_t i, struct troth_compile_report *report)
{
    const char *path = devices[i].path;
    const char *to = path + 1; /* below the new root, which is where this is */
    struct stat about;
    int file;

    file = open(to, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0666);
    if (file < 0)
        return fail(report, "make", path);
    (void)close(file);
    if (mount(path, to, NULL, MS_BIND, NULL) != 0 || lstat(to, &about) != 0)
        return fail(report, "mount", path);
    if (S_ISCHR(about.st_mode) &&
        about.st_rdev == makedev(devices[i].major, devices[i].minor))
        return true;
    errno = ENODEV;
    return fail(report, "mount", path);
}

static bool mount_devices(struct troth_compile_report *report)
{
    if (mount("tmpfs", "dev", "tmpfs", SAFE | MS_NOEXEC,
              "mode=0755,size=64k,nr_inodes=32") != 0)
        return fail(report, "mount", "/dev");
    for (size_t i = 0; i < DEVICES; i++)
        if (!mount_device(i, report))
            return false;
    for (size_t i = 0; i < LINKS; i++)
        if (symlink(links[i].target, links[i].path) != 0)
            return fail(report, "link", links[i].path);
    return forbid("dev", MOUNT_ATTR_RDONLY) || fail(report, "lock", "/dev");
}

/* What processes there are, which are this world's, and nothing of the machine: not the
 * first, which has the words that this program was started with. */
static bool mount_processes(struct troth_compile_report *report)
{
    return mount("proc", "proc", "proc", SAFE | MS_NOEXEC | MS_RDONLY,
                 "subset=pid,hidepid=ptraceable") == 0 ||
           fail(report, "mount", "/proc");
}

/* From the scratch folder to the new root in it. */
static bool mount_folders(struct troth_compile_report *report)
{
    if (!bind_folder("root", "root", SAFE_ATTR, report) ||
        !bind_folder("source", "root/source", SAFE_ATTR | MOUNT_ATTR_RDONLY, report) ||
        !bind_folder("output", "root/output", SAFE_ATTR, report))
        return false;
    return chdir("root") == 0 || fail(report, "enter", "/");
}

/* What has no files of the scratch folder. */
static bool mount_others(struct troth_compile_report *report)
{
    if (mount("tmpfs", "tmp", "tmpfs", SAFE, "mode=1777") != 0)
        return fail(report, "mount", "/tmp");
    if (!mount_processes(report) || !mount_devices(report))
        return false;
    return forbid(".", MOUNT_ATTR_RDONLY) || fail(report, "lock", "/");
}

/* The scratch folder is root's, if that builds, and can be entered only before; what is
 * made in a file system of this world has to have an owner who is known in it. Being
 * nobody's root before, this process keeps its capabilities here. */
static bool become_user(struct troth_compile_report *report)
{
    const unsigned user = TROTH_COMPILE_USER;

    /* An ordinary user cannot leave a group; behind the root folder none helps. */
    if (setgroups(0, NULL) != 0 && errno != EPERM)
        return fail(report, "groups", "");
    if (setresgid(user, user, user) != 0 || setresuid(user, user, user) != 0)
        return fail(report, "user", "");
    return true;
}

/* Behind it, the machine's files are nowhere any more. */
static bool enter(struct troth_compile_report *report)
{
    if (syscall(SYS_pivot_root, ".", ".") != 0)
        return fail(report, "pivot_root", "");
    if (umount2(".", MNT_DETACH) != 0)
        return fail(report, "leave", "the machine's /");
    return chdir("/") == 0 || fail(report, "enter", "/");
}

/* By its path, since what was opened outside lies in the machine's own mounts; and no
 * other folder than that. */
static bool enter_scratch(const struct troth_compile_world *world)
{
    struct stat here, there;

    if (chdir(world->path) != 0 || stat(".", &here) != 0 ||
        fstat(world->scratch, &there) != 0)
        return false;
    errno = ESTALE;
    return here.st_dev == there.st_dev && here.st_ino == there.st_ino;
}

bool troth_compile_world_mount(const struct troth_compile_world *world,
                               struct troth_compile_report *report)
{
    static const char name[] = "build", domain[] = "(none)";

    /* First of all: nothing of what follows may reach the machine's own mounts. */
    if (mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0)
        return fail(report, "make mounts private", "");
    if (!enter_scratch(world))
        return fail(report, "enter", "the scratch folder");
    if (sethostname(name, sizeof name - 1) != 0 ||
        setdomainname(domain, sizeof domain - 1) != 0)
        return fail(report, "host name", "");
    return mount_folders(report) && become_user(report) && mount_others(report) &&
           enter(report);
}
