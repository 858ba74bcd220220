/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/image/image_unpack.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/span.h"

#define CHUNK ((size_t)256 * 1024)

/* No set-user-id and its kin, and nobody else may write; the owner may, or it could not
 * be removed. */
enum { FILE_MODE = 0755, FILE_LEAST = 0600, FOLDER_LEAST = 0700 };

bool troth_image_unpack_takes(const struct troth_image_member *member)
{
    switch (member->entry.kind) {
    case TROTH_ENTRY_FILE:
    case TROTH_ENTRY_FOLDER:
    case TROTH_ENTRY_SYMLINK:
        return member->entry.path.len > 0;
    case TROTH_ENTRY_NONE:
    case TROTH_ENTRY_HARD_LINK:
    case TROTH_ENTRY_DEVICE:
    case TROTH_ENTRY_PIPE:
    case TROTH_ENTRY_SOCKET:
        break;
    }
    return false;
}

/* ---- before anything is made ---- */

static bool refuse(struct troth_problem *problem, const char *name,
                   const struct troth_image_member *member, const char *why)
{
    char path[160];

    (void)snprintf(path, sizeof path, "%.*s",
                   (int)(member->entry.path.len < 150 ? member->entry.path.len : 150),
                   (const char *)member->entry.path.ptr);
    *problem = (struct troth_problem){.name = troth_err_name(TROTH_ERR_VALUE)};
    (void)snprintf(problem->subject, sizeof problem->subject, "%.250s", name);
    (void)snprintf(problem->text, sizeof problem->text, "'%s' in a ramdisk %s", path,
                   why);
    return false;
}

static struct troth_span folder_of(struct troth_span path)
{
    while (path.len > 0 && path.ptr[path.len - 1] != '/')
        path.len--;
    return troth_span_slice(path, 0, path.len > 0 ? path.len - 1 : 0);
}

static int compare_path(const void *path, const void *row)
{
    const struct troth_span *wanted = path;
    const struct troth_image_member *member = row;

    return troth_span_compare(*wanted, member->entry.path);
}

static bool is_folder(const struct troth_image_members *members, struct troth_span path)
{
    const struct troth_image_member *found;

    if (path.len == 0)
        return true;
    found = bsearch(&path, members->rows, members->count, sizeof *members->rows,
                    compare_path);
    return found && found->entry.kind == TROTH_ENTRY_FOLDER;
}

/* With every folder a folder that is made here, no path can lead elsewhere. */
bool troth_image_unpack_check(const struct troth_image_members *members,
                              struct troth_problem *problem, const char *name)
{
    for (size_t i = 0; i < members->count; i++) {
        const struct troth_image_member *member = &members->rows[i];
        const struct troth_span path = member->entry.path;

        if (!troth_entry_path_is_plain(path))
            return refuse(problem, name, member, "is a path that leads elsewhere");
        if (i > 0 && troth_span_equal(path, members->rows[i - 1].entry.path))
            return refuse(problem, name, member, "is there twice");
        if (!is_folder(members, folder_of(path)))
            return refuse(problem, name, member, "lies in no folder of it");
    }
    return true;
}

/* ---- making ---- */

static int write_all(int to, const uint8_t *bytes, size_t len)
{
    while (len > 0) {
        const ssize_t put = write(to, bytes, len);

        if (put < 0 && errno == EINTR)
            continue;
        if (put <= 0)
            return put < 0 ? errno : EIO;
        bytes += put;
        len -= (size_t)put;
    }
    return 0;
}

int troth_image_copy(int to, int from, uint64_t offset, uint64_t size)
{
    uint8_t *chunk = malloc(CHUNK);
    int failed = chunk ? 0 : ENOMEM;

    while (!failed && size > 0) {
        const size_t wanted = size < CHUNK ? (size_t)size : CHUNK;
        const ssize_t got = pread(from, chunk, wanted, (off_t)offset);

        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0) {
            failed = got < 0 ? errno : ENODATA;
            break;
        }
        failed = write_all(to, chunk, (size_t)got);
        offset += (uint64_t)got;
        size -= (uint64_t)got;
    }
    free(chunk);
    return failed;
}

static const char *text_of(struct troth_span text)
{
    return (const char *)text.ptr;
}

static int make_file(const struct troth_image_member *member, int image, int folder)
{
    const int flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC;
    const int file = openat(folder, text_of(member->entry.path), flags, FILE_LEAST);
    int failed;

    if (file < 0)
        return errno;
    failed = troth_image_copy(file, image, member->offset, member->entry.size);
    if (!failed && fchmod(file, (member->entry.mode & FILE_MODE) | FILE_LEAST))
        failed = errno;
    if (close(file) && !failed)
        failed = errno;
    return failed;
}

static int make(const struct troth_image_member *member, int image, int folder)
{
    const struct troth_entry *entry = &member->entry;
    int failed;

    if (entry->kind == TROTH_ENTRY_FILE)
        return make_file(member, image, folder);
    if (entry->kind == TROTH_ENTRY_FOLDER)
        failed = mkdirat(folder, text_of(entry->path),
                         (entry->mode & FILE_MODE) | FOLDER_LEAST);
    else
        failed = symlinkat(text_of(entry->target), folder, text_of(entry->path));
    return failed ? errno : 0;
}

/* Links last: until then there is none below the folder, so no path goes through one. */
bool troth_image_unpack(const struct troth_image_members *members,
                        struct troth_problem *problem, const char *name, int image,
                        int folder)
{
    for (int links = 0; links < 2; links++)
        for (size_t i = 0; i < members->count; i++) {
            const struct troth_image_member *member = &members->rows[i];
            int failed;

            if (!troth_image_unpack_takes(member) ||
                (member->entry.kind == TROTH_ENTRY_SYMLINK) != (links == 1))
                continue;
            failed = make(member, image, folder);
            if (failed)
                return troth_problem_io(problem, "cannot write what is in", name, failed);
        }
    return true;
}

/* Backwards, so that folders are empty when it is their turn. */
void troth_image_unpack_undo(const struct troth_image_members *members, int folder)
{
    for (size_t i = members->count; i > 0; i--) {
        const struct troth_entry *entry = &members->rows[i - 1].entry;

        if (troth_image_unpack_takes(&members->rows[i - 1]))
            (void)unlinkat(folder, text_of(entry->path),
                           entry->kind == TROTH_ENTRY_FOLDER ? AT_REMOVEDIR : 0);
    }
}
