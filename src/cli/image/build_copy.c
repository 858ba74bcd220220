/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/image/build_copy.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/span.h"
#include "builder/build_paths.h"
#include "builder/file_tree.h"
#include "builder/sources.h"

enum { PATH_ROOM = 8192 };

#define CHUNK ((size_t)256 * 1024)

static bool fail(struct troth_build_problem *problem, const char *path)
{
    return troth_build_fail_errno(problem, path, "cannot be copied", errno);
}

/* Owner and times, once its content is there. */
static bool finish(struct troth_build_problem *problem,
                   const struct troth_build_copy *copy, const char *path)
{
    const struct timespec times[] = {{.tv_sec = copy->time_s}, {.tv_sec = copy->time_s}};

    if (geteuid() == 0 && lchown(path, copy->user, copy->user))
        return fail(problem, path);
    return !utimensat(AT_FDCWD, path, times, AT_SYMLINK_NOFOLLOW) || fail(problem, path);
}

/* "FOLDER/PATH"; false: it is longer than systems take. */
static bool join(struct troth_build_problem *problem, char *out, const char *folder,
                 struct troth_span path)
{
    const size_t len = strlen(folder);

    if (len + 1 + path.len >= PATH_ROOM)
        return troth_build_fail(problem, folder, "holds a path that is too long");
    memcpy(out, folder, len);
    out[len] = '/';
    memcpy(out + len + 1, path.ptr, path.len);
    out[len + 1 + path.len] = '\0';
    return true;
}

/* ---- folders ---- */

static bool make_folder(struct troth_build_problem *problem,
                        const struct troth_build_copy *copy, const char *path)
{
    if (mkdir(path, 0777) && errno != EEXIST)
        return fail(problem, path);
    return !chmod(path, copy->reversed ? 0700 : 0755) || fail(problem, path);
}

bool troth_build_copy_folder(struct troth_build_problem *problem,
                             const struct troth_build_copy *copy, const char *path)
{
    char part[PATH_ROOM];
    struct stat about;

    for (size_t i = 1; path[i - 1]; i++) {
        if (path[i] != '/' && path[i] != '\0')
            continue;
        (void)snprintf(part, sizeof part, "%.*s", (int)i, path);
        if (stat(part, &about) == 0)
            continue;
        if (!make_folder(problem, copy, part) || !finish(problem, copy, part))
            return false;
    }
    return true;
}

static bool make_parent(struct troth_build_problem *problem,
                        const struct troth_build_copy *copy, const char *path)
{
    char parent[PATH_ROOM];
    const char *slash = strrchr(path, '/');

    (void)snprintf(parent, sizeof parent, "%.*s", (int)(slash - path), path);
    return troth_build_copy_folder(problem, copy, parent);
}

/* ---- files ---- */

static bool pour(struct troth_build_problem *problem, int from, int to, const char *path)
{
    uint8_t *chunk = malloc(CHUNK);
    ssize_t got = -1;

    while (chunk && (got = read(from, chunk, CHUNK)) > 0) {
        ssize_t done = 0, put;

        while (done < got && (put = write(to, chunk + done, (size_t)(got - done))) > 0)
            done += put;
        if (done < got)
            break;
    }
    free(chunk);
    return got == 0 || fail(problem, path);
}

static bool copy_file(struct troth_build_problem *problem,
                      const struct troth_build_copy *copy, const char *from,
                      const char *to)
{
    const int source = open(from, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    struct stat about;
    mode_t mode = 0600;
    int target = -1;
    bool fine = source >= 0 && fstat(source, &about) == 0;

    if (fine) {
        mode = about.st_mode & S_IXUSR ? 0755 : 0644;
        target = open(to, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
        fine = target >= 0;
    }
    fine = fine ? pour(problem, source, target, from) : fail(problem, from);
    if (fine && fchmod(target, copy->reversed ? mode & 0700 : mode))
        fine = fail(problem, to);
    if (target >= 0)
        (void)close(target);
    if (source >= 0)
        (void)close(source);
    return fine && finish(problem, copy, to);
}

static bool copy_entry(struct troth_build_problem *problem,
                       const struct troth_build_copy *copy, const char *from,
                       const char *to, const struct troth_entry *entry)
{
    char source[PATH_ROOM], copied[PATH_ROOM], target[TROTH_ENTRY_LINK_MAX + 1];

    if (!join(problem, source, from, entry->path) ||
        !join(problem, copied, to, entry->path) || !make_parent(problem, copy, copied))
        return false;
    if (entry->kind == TROTH_ENTRY_FOLDER)
        return troth_build_copy_folder(problem, copy, copied);
    if (entry->kind != TROTH_ENTRY_SYMLINK)
        return copy_file(problem, copy, source, copied);
    (void)snprintf(target, sizeof target, "%.*s", (int)entry->target.len,
                   (const char *)entry->target.ptr);
    return symlink(target, copied) ? fail(problem, copied)
                                   : finish(problem, copy, copied);
}

static bool copy_all(struct troth_build_problem *problem,
                     const struct troth_build_copy *copy, const char *from,
                     const char *to)
{
    const int folder = open(from, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    struct troth_file_tree *tree = troth_file_tree_create();
    bool fine = folder >= 0 && tree;
    size_t count = 0;

    fine = fine ? troth_source_folder(tree, problem, from, folder, 0) &&
                      troth_file_tree_finish(tree, problem) &&
                      troth_build_copy_folder(problem, copy, to)
                : fail(problem, from);
    if (fine)
        count = troth_file_tree_count(tree);
    for (size_t i = 0; fine && i < count; i++) {
        const struct troth_tree_entry *entry = troth_file_tree_at(
            tree, copy->reversed ? count - 1 - i : i);

        fine = copy_entry(problem, copy, from, to, &entry->entry);
    }
    troth_file_tree_destroy(tree);
    if (folder >= 0)
        (void)close(folder);
    return fine;
}

/* ---- paths ---- */

/* Without "." and ".." by their letters alone. */
static void simplify(char *path)
{
    char *out = path;

    for (const char *p = path; *p;) {
        const size_t len = strcspn(p + 1, "/");

        if (len == 2 && p[1] == '.' && p[2] == '.') {
            while (out > path && *--out != '/')
                ;
        } else if (len > 0 && !(len == 1 && p[1] == '.')) {
            memmove(out, p, len + 1);
            out += len + 1;
        }
        p += len + 1;
    }
    *out = '\0';
}

bool troth_build_copy_path(struct troth_build_problem *problem,
                           const struct troth_build_copy *copy, const char *path)
{
    char from[PATH_ROOM] = "", to[PATH_ROOM] = "";
    struct stat about;

    if (!join(problem, from, copy->from, troth_span_of_text(path)) ||
        !join(problem, to, copy->to, troth_span_of_text(path)))
        return false;
    simplify(to);
    if (stat(from, &about))
        return fail(problem, path);
    /* Named twice, or within what was copied already. */
    if (access(to, F_OK) == 0 && !S_ISDIR(about.st_mode))
        return true;
    if (!make_parent(problem, copy, to))
        return false;
    return S_ISDIR(about.st_mode) ? copy_all(problem, copy, from, to)
                                  : copy_file(problem, copy, from, to);
}

/* Not within another one, which brings it. */
static bool is_outermost(const struct troth_build_file *file, const char *path,
                         size_t row)
{
    const char *other;
    bool is_outside;

    for (size_t i = 0; troth_build_path(&other, &is_outside, file, i); i++) {
        const size_t len = strlen(other);

        if (i != row && strncmp(path, other, len) == 0 &&
            (path[len] == '/' || (path[len] == '\0' && i < row)))
            return false;
    }
    return true;
}

bool troth_build_copy_named(struct troth_build_problem *problem,
                            const struct troth_build_copy *copy,
                            const struct troth_build_file *file)
{
    const char *path;
    bool is_outside;

    for (size_t i = 0; troth_build_path(&path, &is_outside, file, i); i++)
        if (*path != '/' && is_outermost(file, path, i) &&
            !troth_build_copy_path(problem, copy, path))
            return false;
    return true;
}
