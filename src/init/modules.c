/* SPDX-License-Identifier: Apache-2.0 */
#include "init/modules.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/module.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "init/module_name.h"
#include "init/say.h"

static int by_bytes(const struct dirent **a, const struct dirent **b)
{
    return strcmp((*a)->d_name, (*b)->d_name);
}

static int is_named(const struct dirent *entry)
{
    return strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0;
}

/* An errno, or 0. */
static int insert(int folder, const char *name, bool is_compressed)
{
    const int file = openat(folder, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
    int error = 0;

    if (file < 0)
        return errno;
    if (syscall(SYS_finit_module, file, "",
                is_compressed ? MODULE_INIT_COMPRESSED_FILE : 0) != 0)
        error = errno;
    (void)close(file);
    return error;
}

static bool load(int folder, const char *name, struct troth_init_fault *fault)
{
    bool is_compressed;
    int error;

    if (!troth_init_module_name(&is_compressed, name))
        return troth_init_fail(fault, "%s: it is not called as a module is", name);
    error = insert(folder, name, is_compressed);
    switch (error) {
    case 0:
    case EEXIST:
        return true;
    case ENODEV:
        troth_init_say("modules: %s: no such device here", name);
        return true;
    case ENOENT:
        return troth_init_fail(fault, "%s: a module that it needs is not loaded", name);
    default:
        return troth_init_fail_errno(fault, name, error);
    }
}

bool troth_init_modules(struct troth_init_fault *fault, const char *path)
{
    const int folder = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    struct dirent **names = NULL;
    bool is_done = true;
    int count;

    if (folder < 0)
        return errno == ENOENT || troth_init_fail_errno(fault, path, errno);
    count = scandir(path, &names, is_named, by_bytes);
    if (count < 0)
        is_done = troth_init_fail_errno(fault, path, errno);
    for (int i = 0; i < count; i++) {
        is_done = is_done && load(folder, names[i]->d_name, fault);
        free(names[i]);
    }
    free((void *)names);
    (void)close(folder);
    return is_done;
}
