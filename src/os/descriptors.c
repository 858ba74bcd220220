/* SPDX-License-Identifier: Apache-2.0 */
#include "os/descriptors.h"

#include <sys/resource.h>
#include <sys/stat.h>

/* The ceiling too, which only the privileged may lift; others go up to it. */
size_t troth_descriptors_raise(size_t wanted)
{
    struct rlimit limit;

    if (getrlimit(RLIMIT_NOFILE, &limit) != 0)
        return 0;
    if (limit.rlim_cur >= wanted)
        return (size_t)limit.rlim_cur;

    struct rlimit higher = {.rlim_cur = wanted, .rlim_max = limit.rlim_max};

    if (higher.rlim_max < wanted)
        higher.rlim_max = wanted;
    if (setrlimit(RLIMIT_NOFILE, &higher) == 0)
        return wanted;
    higher.rlim_cur = higher.rlim_max = limit.rlim_max;
    if (setrlimit(RLIMIT_NOFILE, &higher) == 0)
        return (size_t)limit.rlim_max;
    return (size_t)limit.rlim_cur;
}

bool troth_descriptor_lies_at(int descriptor, const char *path)
{
    struct stat held, there;

    return fstat(descriptor, &held) == 0 && lstat(path, &there) == 0 &&
           held.st_dev == there.st_dev && held.st_ino == there.st_ino;
}
