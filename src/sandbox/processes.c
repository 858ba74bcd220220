/* SPDX-License-Identifier: Apache-2.0 */
#include "sandbox/processes.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sandbox/fault.h"

/* What is seen of /proc beside processes. Kernels add to it: what is not named is not
 * seen. sys shows settings, which cannot be changed. */
static const char *const seen[] = {
    "self",    "thread-self", "sys",     "net",     "mounts",
    "sysvipc", "cpuinfo",     "meminfo", "stat",    "vmstat",
    "loadavg", "uptime",      "version", "cgroups", "filesystems",
};

static bool is_seen(const char *name)
{
    for (size_t i = 0; i < sizeof seen / sizeof seen[0]; i++)
        if (strcmp(name, seen[i]) == 0)
            return true;
    return name[0] == '.' || (name[0] >= '0' && name[0] <= '9');
}

/* Over a folder an empty one, over a file the one that is always empty. */
static bool hide(const char *path, bool is_folder)
{
    if (is_folder)
        return mount("tmpfs", path, "tmpfs", MS_RDONLY | MS_NOSUID | MS_NODEV | MS_NOEXEC,
                     "mode=0555,size=4k,nr_inodes=1") == 0;
    return mount("dev/null", path, NULL, MS_BIND, NULL) == 0;
}

static bool hide_entry(const struct dirent *entry, struct troth_sandbox_fault *fault)
{
    char path[sizeof "proc/" + sizeof entry->d_name];

    (void)snprintf(path, sizeof path, "proc/%s", entry->d_name);
    if (entry->d_type == DT_LNK || hide(path, entry->d_type == DT_DIR))
        return true;
    return troth_sandbox_fail(fault, "hide", path);
}

static bool hide_the_rest(struct troth_sandbox_fault *fault)
{
    DIR *folder = opendir("proc");
    bool is_done = folder != NULL;

    if (!folder)
        return troth_sandbox_fail(fault, "open", "/proc");
    /* Nobody else has this folder. */
    for (const struct dirent *entry = readdir(folder); /* NOLINT(concurrency-mt-unsafe) */
         entry && is_done; entry = readdir(folder))    /* NOLINT(concurrency-mt-unsafe) */
        is_done = is_seen(entry->d_name) || hide_entry(entry, fault);
    (void)closedir(folder);
    return is_done;
}

/* Since Linux 6.3 a process namespace says what memfd_create() makes of a file when it is
 * not asked: with 1, something that is never executed. */
static bool keep_memory_files_from_running(void)
{
    const int file = open("proc/sys/vm/memfd_noexec", O_WRONLY | O_CLOEXEC);
    const bool is_set = file >= 0 && write(file, "1", 1) == 1;

    if (file >= 0)
        (void)close(file);
    return is_set;
}

bool troth_sandbox_processes_mount(bool *out_memfd, struct troth_sandbox_fault *fault)
{
    const unsigned long flags = MS_NOSUID | MS_NODEV | MS_NOEXEC;

    *out_memfd = false;
    if (mkdir("proc", 0555) != 0 ||
        mount("proc", "proc", "proc", flags, "hidepid=2") != 0)
        return troth_sandbox_fail(fault, "mount", "/proc");
    *out_memfd = keep_memory_files_from_running();
    if (!hide_the_rest(fault))
        return false;
    if (mount("proc/sys", "proc/sys", NULL, MS_BIND, NULL) != 0 ||
        mount(NULL, "proc/sys", NULL, MS_REMOUNT | MS_BIND | MS_RDONLY | flags, NULL) !=
            0)
        return troth_sandbox_fail(fault, "mount", "/proc/sys");
    return true;
}
