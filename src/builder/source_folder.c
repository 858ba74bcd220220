/* SPDX-License-Identifier: Apache-2.0 */
#include "builder/sources.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/span.h"
#include "base/utf8.h"
#include "builder/file_open.h"

enum { PATH_SIZE = TROTH_ENTRY_PATH_MAX + 1, FIRST_ROOM = 64 };

/* A walk, and the folders that it has yet to look into. */
struct walk {
    struct troth_file_tree *tree;
    struct troth_build_problem *problem;
    const char *name;
    int folder;
    size_t row;
    char **waiting;
    size_t count, room;
};

/* What problems are about: the folder's name and the path in it. */
struct subject {
    char text[2 * PATH_SIZE];
};

static struct subject subject_of(const struct walk *walk, const char *path)
{
    struct subject out;

    (void)snprintf(out.text, sizeof(out.text), "%s%s%s", walk->name, *path ? "/" : "",
                   path);
    return out;
}

static bool fail(const struct walk *walk, const char *path, const char *text)
{
    return troth_build_fail(walk->problem, subject_of(walk, path).text, "%s", text);
}

static bool fail_errno(const struct walk *walk, const char *path, int error)
{
    return troth_build_fail_errno(walk->problem, subject_of(walk, path).text,
                                  "cannot be read", error);
}

static bool wait_for(struct walk *walk, const char *path)
{
    if (walk->count == walk->room) {
        const size_t room = walk->room ? 2 * walk->room : FIRST_ROOM;
        char **const waiting = realloc(walk->waiting, room * sizeof(*waiting));

        if (!waiting)
            return fail(walk, path, "out of memory");
        walk->waiting = waiting;
        walk->room = room;
    }
    walk->waiting[walk->count] = strdup(path);
    if (!walk->waiting[walk->count])
        return fail(walk, path, "out of memory");
    walk->count++;
    return true;
}

/* So that modes do not depend on a umask, nor on what a file system can keep. */
static uint32_t normal_mode(const struct stat *status)
{
    if (S_ISLNK(status->st_mode))
        return 0777;
    return S_ISDIR(status->st_mode) || (status->st_mode & S_IXUSR) ? 0755 : 0644;
}

static bool add(const struct walk *walk, const struct troth_entry *entry,
                const struct troth_content *content)
{
    return troth_file_tree_add(walk->tree, walk->problem, entry, content, walk->row,
                               TROTH_TREE_REFUSE);
}

static bool add_link(const struct walk *walk, int folder, const char *name,
                     struct troth_entry entry)
{
    char target[TROTH_ENTRY_LINK_MAX + 1];
    const ssize_t len = readlinkat(folder, name, target, sizeof(target));
    const char *const path = (const char *)entry.path.ptr;

    if (len < 0)
        return fail_errno(walk, path, errno);
    if (len == 0 || (size_t)len == sizeof(target))
        return fail(walk, path, "leads further than an image's links may");
    entry.kind = TROTH_ENTRY_SYMLINK;
    entry.target = (struct troth_span){(const uint8_t *)target, (size_t)len};
    return add(walk, &entry, NULL);
}

static bool add_one(struct walk *walk, int folder, const char *name, const char *path)
{
    struct troth_entry entry = {.path = troth_span_of_text(path)};
    struct troth_content content = {.descriptor = walk->folder, .path = path};
    struct stat status;

    if (!troth_entry_path_is_plain(entry.path) || !troth_utf8_is_valid(entry.path))
        return fail(walk, path, "has a name that an image cannot hold");
    if (fstatat(folder, name, &status, AT_SYMLINK_NOFOLLOW))
        return fail_errno(walk, path, errno);
    entry.mode = normal_mode(&status);
    switch (status.st_mode & S_IFMT) {
    case S_IFREG:
        entry.kind = TROTH_ENTRY_FILE;
        entry.size = (uint64_t)status.st_size;
        content.stamp = troth_content_stamp(&status);
        return add(walk, &entry, &content);
    case S_IFLNK:
        return add_link(walk, folder, name, entry);
    case S_IFDIR:
        entry.kind = TROTH_ENTRY_FOLDER;
        return add(walk, &entry, NULL) && wait_for(walk, path);
    case S_IFIFO:
        return fail(walk, path, "is a named pipe, which an image cannot hold");
    case S_IFSOCK:
        return fail(walk, path, "is a socket, which an image cannot hold");
    default:
        return fail(walk, path, "is a device, which an image cannot hold");
    }
}

static bool is_dots(const char *name)
{
    return strcmp(name, ".") == 0 || strcmp(name, "..") == 0;
}

/* All in one folder, whose stream is open. */
static bool add_all(struct walk *walk, DIR *stream, const char *folder)
{
    char path[PATH_SIZE];
    const struct dirent *row;

    /* The stream is ours alone. */
    while ((errno = 0, row = readdir(stream))) { /* NOLINT(concurrency-mt-unsafe) */
        const int len = snprintf(path, sizeof(path), "%s%s%s", folder, *folder ? "/" : "",
                                 row->d_name);

        if (is_dots(row->d_name))
            continue;
        if (len < 0 || (size_t)len >= sizeof(path))
            return fail(walk, folder, "holds a path that is too long");
        if (!add_one(walk, dirfd(stream), row->d_name, path))
            return false;
    }
    return errno ? fail_errno(walk, folder, errno) : true;
}

static bool add_folder(struct walk *walk, const char *path)
{
    const int folder = troth_folder_open_below(walk->folder, path);
    DIR *const stream = folder < 0 ? NULL : fdopendir(folder);
    bool good;

    if (!stream) {
        const int error = errno;

        if (folder >= 0)
            (void)close(folder);
        return fail_errno(walk, path, error);
    }
    good = add_all(walk, stream, path);
    (void)closedir(stream);
    return good;
}

bool troth_source_folder(struct troth_file_tree *tree,
                         struct troth_build_problem *problem, const char *name,
                         int folder, size_t row)
{
    struct walk walk = {
        .tree = tree, .problem = problem, .name = name, .folder = folder, .row = row};
    bool good = add_folder(&walk, "");

    while (walk.count) {
        char *const path = walk.waiting[--walk.count];

        good = good && add_folder(&walk, path);
        free(path);
    }
    free(walk.waiting);
    return good;
}
