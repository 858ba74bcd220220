/* SPDX-License-Identifier: Apache-2.0 */
#include "builder/compile_tree.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/span.h"

#define CHUNK ((size_t)256 * 1024)

/* What is mounted on, and where a user is looked for. */
static const char *const places[] = {"dev", "etc", "output", "proc", "source", "tmp"};

static const struct {
    const char *path, *text;
} users[] = {
    {"etc/passwd", "root:x:0:0:root:/:/bin/sh\nbuild:x:1000:1000:build:/tmp:/bin/sh\n"},
    {"etc/group", "root:x:0:\nbuild:x:1000:\n"},
};

enum {
    PLACES = sizeof places / sizeof places[0],
    USERS = sizeof users / sizeof users[0]
};

/* A path of a tree, with a zero behind it. */
struct name {
    char text[TROTH_ENTRY_PATH_MAX + 1];
};

static struct name name_of(struct troth_span path)
{
    struct name name = {""};
    const size_t len = path.len < sizeof name.text ? path.len : sizeof name.text - 1;

    if (len > 0)
        memcpy(name.text, path.ptr, len);
    return name;
}

static bool fail(struct troth_build_problem *problem, const char *path)
{
    return troth_build_fail_errno(problem, path, "cannot be written out", errno);
}

/* The owner and time of what is not open; links are not followed. */
static bool settle(int folder, const char *path, const struct troth_compile_owner *owner)
{
    const struct timespec times[2] = {{.tv_sec = owner->time_s},
                                      {.tv_sec = owner->time_s}};

    if (owner->is_given && fchownat(folder, path, owner->user, owner->group,
                                    AT_SYMLINK_NOFOLLOW | AT_EMPTY_PATH) != 0)
        return false;
    return utimensat(folder, *path ? path : ".", times, AT_SYMLINK_NOFOLLOW) == 0;
}

static bool write_all(int to, const uint8_t *bytes, size_t len)
{
    while (len > 0) {
        const ssize_t put = write(to, bytes, len);

        if (put < 0 && errno != EINTR)
            return false;
        if (put > 0) {
            bytes += put;
            len -= (size_t)put;
        }
    }
    return true;
}

static bool copy_content(struct troth_build_problem *problem, const char *path,
                         const struct troth_tree_entry *entry, int to, uint8_t *chunk)
{
    struct troth_content_reader reader;
    size_t got = 1;
    bool is_whole;

    if (!troth_content_open(&reader, problem, entry))
        return false;
    do
        is_whole = troth_content_read(&reader, problem, chunk, CHUNK, &got) &&
                   (write_all(to, chunk, got) || fail(problem, path));
    while (is_whole && got > 0);
    troth_content_close(&reader);
    return is_whole;
}

static bool write_file(struct troth_build_problem *problem, int folder, const char *path,
                       const struct troth_tree_entry *entry, uint8_t *chunk)
{
    const int to = openat(folder, path,
                          O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    bool is_written;

    if (to < 0)
        return fail(problem, path);
    is_written = copy_content(problem, path, entry, to, chunk);
    if (is_written && fchmod(to, entry->entry.mode & 0777) != 0)
        is_written = fail(problem, path);
    if (close(to) != 0 && is_written)
        is_written = fail(problem, path);
    return is_written;
}

static bool write_entry(struct troth_build_problem *problem, int folder,
                        const struct troth_compile_owner *owner,
                        const struct troth_tree_entry *entry, uint8_t *chunk)
{
    const struct name path = name_of(entry->entry.path);
    const struct name target = name_of(entry->entry.target);

    /* A folder's own mode could forbid what is still to be made in it. */
    if (entry->entry.kind == TROTH_ENTRY_FOLDER)
        return mkdirat(folder, path.text, 0700) == 0 || fail(problem, path.text);
    if (entry->entry.kind == TROTH_ENTRY_SYMLINK) {
        if (symlinkat(target.text, folder, path.text) != 0)
            return fail(problem, path.text);
    } else if (!write_file(problem, folder, path.text, entry, chunk)) {
        return false;
    }
    return settle(folder, path.text, owner) || fail(problem, path.text);
}

bool troth_compile_write_tree(struct troth_build_problem *problem,
                              const struct troth_file_tree *tree, int folder,
                              const struct troth_compile_owner *owner)
{
    const size_t count = tree ? troth_file_tree_count(tree) : 0;
    uint8_t *chunk = malloc(CHUNK);
    bool is_written = chunk || troth_build_fail(problem, "", "out of memory");

    for (size_t i = 0; is_written && i < count; i++)
        is_written = write_entry(problem, folder, owner, troth_file_tree_at(tree, i),
                                 chunk);
    free(chunk);
    return is_written;
}

/* A folder of its own: through a link, something would be mounted elsewhere. */
static bool make_place(struct troth_build_problem *problem, int folder, const char *name,
                       const struct troth_compile_owner *owner)
{
    struct stat about;

    if (mkdirat(folder, name, 0755) == 0)
        return (fchmodat(folder, name, 0755, 0) == 0 && settle(folder, name, owner)) ||
               fail(problem, name);
    if (errno != EEXIST)
        return fail(problem, name);
    if (fstatat(folder, name, &about, AT_SYMLINK_NOFOLLOW) == 0 && S_ISDIR(about.st_mode))
        return true;
    return troth_build_fail(problem, name, "has to be a folder to compile in");
}

static bool make_file(struct troth_build_problem *problem, int folder, const char *path,
                      const char *text, const struct troth_compile_owner *owner)
{
    const int to = openat(folder, path,
                          O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    bool is_written;

    if (to < 0)
        return errno == EEXIST || fail(problem, path);
    is_written = write_all(to, (const uint8_t *)text, strlen(text)) &&
                 fchmod(to, 0644) == 0 && settle(folder, path, owner);
    if (!is_written)
        (void)fail(problem, path);
    return close(to) == 0 && is_written;
}

bool troth_compile_write_places(struct troth_build_problem *problem, int folder,
                                const struct troth_compile_owner *owner)
{
    for (size_t i = 0; i < PLACES; i++)
        if (!make_place(problem, folder, places[i], owner))
            return false;
    for (size_t i = 0; i < USERS; i++)
        if (!make_file(problem, folder, users[i].path, users[i].text, owner))
            return false;
    return true;
}

bool troth_compile_finish_tree(struct troth_build_problem *problem,
                               const struct troth_file_tree *tree, int folder,
                               const struct troth_compile_owner *owner)
{
    for (size_t i = tree ? troth_file_tree_count(tree) : 0; i > 0; i--) {
        const struct troth_entry *entry = &troth_file_tree_at(tree, i - 1)->entry;
        const struct name path = name_of(entry->path);

        if (entry->kind == TROTH_ENTRY_FOLDER &&
            (fchmodat(folder, path.text, entry->mode & 0777, 0) != 0 ||
             !settle(folder, path.text, owner)))
            return fail(problem, path.text);
    }
    return (fchmod(folder, 0755) == 0 && settle(folder, "", owner)) || fail(problem, "/");
}
