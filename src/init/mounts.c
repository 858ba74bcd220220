/* SPDX-License-Identifier: Apache-2.0 */
#include "init/mounts.h"

#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "init/places.h"

#define AT(path) TROTH_INIT_ROOT path

enum { DATA_ONLY = MS_NOSUID | MS_NODEV | MS_NOEXEC };

/* In this order. What is optional is not in every kernel. */
static const struct row {
    const char *type, *at;
    unsigned long flags;
    const char *options;
    bool is_optional;
} rows[] = {
    {"devtmpfs", AT("/dev"), MS_NOSUID | MS_NOEXEC, "mode=0755", false},
    {"devpts", AT("/dev/pts"), MS_NOSUID | MS_NOEXEC, "mode=0620,ptmxmode=0666", true},
    {"proc", AT("/proc"), DATA_ONLY, NULL, false},
    {"sysfs", AT("/sys"), DATA_ONLY, NULL, false},
    {"configfs", AT("/sys/kernel/config"), DATA_ONLY, NULL, true},
    {"tmpfs", AT("/run"), MS_NOSUID | MS_NODEV, "mode=0755", false},
    {"tmpfs", AT("/tmp"), MS_NOSUID | MS_NODEV, "mode=1777", false},
};

/* Made where it is not there. By a link a mount would land somewhere else. */
static bool is_folder(const char *path)
{
    struct stat there;

    (void)mkdir(path, 0755);
    if (lstat(path, &there) != 0)
        return false;
    errno = ENOTDIR;
    return S_ISDIR(there.st_mode);
}

static bool put(const struct row *row, struct troth_init_fault *fault)
{
    if (is_folder(row->at) &&
        mount(row->type, row->at, row->type, row->flags, row->options) == 0)
        return true;
    return (row->is_optional && (errno == ENOENT || errno == ENODEV)) ||
           troth_init_fail_errno(fault, row->at, errno);
}

/* What this image is measured with stays as it is: nobody writes there. */
static bool put_programs(struct troth_init_fault *fault)
{
    static const char at[] = AT(TROTH_INIT_PROGRAMS);

    if (mkdir(at, 0755) == 0 &&
        mount(TROTH_INIT_PROGRAMS, at, NULL, MS_BIND, NULL) == 0 &&
        mount(NULL, at, NULL, MS_BIND | MS_REMOUNT | MS_RDONLY | MS_NOSUID | MS_NODEV,
              NULL) == 0)
        return true;
    return troth_init_fail_errno(fault, at, errno);
}

static bool open_streams(struct troth_init_fault *fault)
{
    int lowest;

    /* Of several that are closed the lowest is opened first. */
    do {
        lowest = open(AT("/dev/console"), O_RDWR | O_NOCTTY);
        if (lowest < 0)
            return troth_init_fail_errno(fault, AT("/dev/console"), errno);
    } while (lowest <= STDERR_FILENO);
    (void)close(lowest);
    return true;
}

bool troth_init_mounts(struct troth_init_fault *fault)
{
    /* A folder of the kernel's first file system; only a mount can become the root. */
    if (mount(TROTH_INIT_ROOT, TROTH_INIT_ROOT, NULL, MS_BIND, NULL) != 0)
        return troth_init_fail_errno(fault, TROTH_INIT_ROOT, errno);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (!put(&rows[i], fault))
            return false;
    return open_streams(fault) && put_programs(fault);
}
