/* SPDX-License-Identifier: Apache-2.0 */
#include "os/directory.h"

#include <dirent.h>
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static int by_bytes(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static char *join(const char *folder, const char *name)
{
    size_t folder_len = strlen(folder), name_len = strlen(name);
    bool has_slash = folder_len > 0 && folder[folder_len - 1] == '/';
    char *path = malloc(folder_len + name_len + 2);

    if (!path)
        return NULL;
    memcpy(path, folder, folder_len);
    if (!has_slash)
        path[folder_len++] = '/';
    memcpy(path + folder_len, name, name_len);
    path[folder_len + name_len] = '\0';
    return path;
}

/* Takes `path` in any case. */
static int add(struct troth_directory *out, char *path, size_t max)
{
    struct stat about;
    int failed = 0;

    if (!path)
        return ENOMEM;
    if (stat(path, &about) != 0)
        failed = errno;
    else if (S_ISREG(about.st_mode) && out->count == max)
        failed = EFBIG;
    if (failed || !S_ISREG(about.st_mode))
        free(path);
    else
        out->paths[out->count++] = path;
    return failed;
}

static int fill(struct troth_directory *out, DIR *folder, const char *path, size_t max)
{
    out->paths = calloc(max + 1, sizeof *out->paths);
    if (!out->paths)
        return ENOMEM;
    for (;;) {
        struct dirent *entry;
        int failed;

        errno = 0;
        entry = readdir(folder); /* NOLINT(concurrency-mt-unsafe): one thread */
        if (!entry)
            return errno;
        if (entry->d_name[0] == '.')
            continue;
        failed = add(out, join(path, entry->d_name), max);
        if (failed)
            return failed;
    }
}

int troth_directory_list(struct troth_directory *out, const char *path, size_t max)
{
    DIR *folder = opendir(path);
    int failed;

    *out = (struct troth_directory){NULL, 0};
    if (!folder)
        return errno;
    failed = fill(out, folder, path, max);
    (void)closedir(folder);
    if (failed)
        troth_directory_release(out);
    else if (out->count > 1)
        qsort(out->paths, out->count, sizeof *out->paths, by_bytes);
    return failed;
}

void troth_directory_release(struct troth_directory *directory)
{
    for (size_t i = 0; i < directory->count; i++)
        free(directory->paths[i]);
    free(directory->paths);
    *directory = (struct troth_directory){NULL, 0};
}
