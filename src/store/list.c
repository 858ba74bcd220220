/* What is in a store. */
/* SPDX-License-Identifier: Apache-2.0 */
#include <dirent.h>
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "store/store.h"

/* Folders still to be looked into, and names found, in one list each. */
struct search {
    const struct troth_store *store;
    struct troth_store_names found, folders;
    size_t max;
};

static int by_bytes(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static int add(struct troth_store_names *names, const char *name, size_t max)
{
    char **rows, *copy;

    if (names->count == max)
        return ENFILE;
    rows = realloc(names->rows, (names->count + 1) * sizeof *rows);
    if (!rows)
        return ENOMEM;
    names->rows = rows;
    copy = strdup(name);
    if (!copy)
        return ENOMEM;
    names->rows[names->count++] = copy;
    return 0;
}

/* `below` is the name of a folder of the store; what cannot be an entry is passed over.
 */
static int take(struct search *s, const char *below, const char *leaf)
{
    char name[TROTH_STORE_NAME_ROOM], path[TROTH_STORE_PATH_ROOM];
    struct stat about;
    int written = snprintf(name, sizeof name, "%s%s%s", below, *below ? "/" : "", leaf);

    if (leaf[0] == '.' || written < 0 || (size_t)written >= sizeof name ||
        troth_store_path(path, s->store, name) != 0)
        return 0;
    if (lstat(path, &about) != 0)
        return errno == ENOENT ? 0 : errno;
    if (S_ISDIR(about.st_mode))
        return add(&s->folders, name, s->max);
    return S_ISREG(about.st_mode) ? add(&s->found, name, s->max) : 0;
}

static int search_folder(struct search *s, const char *below)
{
    char path[TROTH_STORE_PATH_ROOM];
    struct dirent *entry;
    DIR *folder;
    int failed = 0;

    (void)snprintf(path, sizeof path, "%s/%s", s->store->folder, below);
    folder = opendir(path);
    if (!folder)
        return errno == ENOENT ? 0 : errno;
    do {
        errno = 0;
        entry = readdir(folder); /* NOLINT(concurrency-mt-unsafe): one thread */
        failed = entry ? take(s, below, entry->d_name) : errno;
    } while (entry && !failed);
    (void)closedir(folder);
    return failed;
}

int troth_store_list(struct troth_store_names *out, const struct troth_store *store,
                     size_t max)
{
    struct search s = {.store = store, .max = max};
    int failed = search_folder(&s, "");

    for (size_t i = 0; i < s.folders.count && !failed; i++)
        failed = search_folder(&s, s.folders.rows[i]);
    troth_store_names_release(&s.folders);
    if (failed)
        troth_store_names_release(&s.found);
    else if (s.found.count > 1)
        qsort(s.found.rows, s.found.count, sizeof *s.found.rows, by_bytes);
    *out = s.found;
    return failed;
}

void troth_store_names_release(struct troth_store_names *names)
{
    for (size_t i = 0; i < names->count; i++)
        free(names->rows[i]);
    free(names->rows);
    *names = (struct troth_store_names){NULL, 0};
}
