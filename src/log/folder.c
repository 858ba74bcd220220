/* SPDX-License-Identifier: Apache-2.0 */
#include "log/folder.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "log/problem.h"
#include "log/public.h"

#define CHECKPOINT "checkpoint"

/* Of a checkpoint and all the lines that witnesses added. */
#define NOTE_MAX ((size_t)64 * 1024)

int troth_log_path(char out[static TROTH_LOG_PATH_ROOM], const char *folder,
                   const char *name)
{
    const int written = snprintf(out, TROTH_LOG_PATH_ROOM, "%s/%s", folder, name);

    return written < 0 || written >= TROTH_LOG_PATH_ROOM ? ENAMETOOLONG : 0;
}

/* ---- make ---- */

/* Who may not list the folder above can have the name, and no sync of it. */
static int sync_above(int root)
{
    const int above = openat(root, "..", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    int failed;

    if (above < 0)
        return errno == EACCES ? 0 : errno;
    failed = fsync(above) != 0 ? errno : 0;
    (void)close(above);
    return failed;
}

int troth_log_folder_make(const char *folder)
{
    int root, public, failed;

    if (mkdir(folder, 0777) != 0 && errno != EEXIST)
        return errno;
    failed = troth_public_root(&root, folder);
    if (failed)
        return failed;
    failed = troth_public_folder(&public, root, "public", true);
    if (!failed) {
        (void)close(public);
        failed = fsync(root) != 0 ? errno : sync_above(root);
    }
    (void)close(root);
    return failed;
}

/* ---- read ---- */

static int open_public(int *out, const char *folder)
{
    int root;
    int failed = troth_public_root(&root, folder);

    *out = -1;
    if (failed)
        return failed;
    failed = troth_public_folder(out, root, "public", false);
    (void)close(root);
    return failed;
}

static int read_at(struct troth_file *out, const char *folder, const char *path,
                   size_t max)
{
    int public, at;
    int failed = open_public(&public, folder);

    *out = (struct troth_file){NULL, 0};
    if (failed)
        return failed;
    failed = troth_public_enter(&at, public, path, false);
    if (!failed) {
        failed = troth_public_read(out, at, troth_public_name(path), max);
        (void)close(at);
    }
    (void)close(public);
    return failed;
}

/* Bytes that the first `width` entries take; 0: fewer are there. */
static size_t entries_size(struct troth_span bundle, unsigned width)
{
    struct troth_span rest = bundle, entry;

    for (unsigned i = 0; i < width; i++)
        if (rest.len == 0 || troth_tile_next_entry(&entry, &rest) != TROTH_OK)
            return 0;
    return bundle.len - rest.len;
}

/* Does the file have what the tile needs, and no more if it is the tile itself? */
static int fit(struct troth_file *file, const struct troth_tile *tile, bool is_whole)
{
    const struct troth_span bytes = {file->bytes, file->len};
    const size_t wanted = tile->has_entries ? entries_size(bytes, tile->width)
                                            : (size_t)tile->width * TROTH_LOG_HASH_SIZE;

    if (wanted == 0 || file->len < wanted || (is_whole && file->len != wanted))
        return EBADMSG;
    file->len = wanted;
    return 0;
}

static int read_tile(struct troth_file *out, const char *folder,
                     const struct troth_tile *asked, const struct troth_tile *stored,
                     char path[static TROTH_TILE_PATH_ROOM])
{
    int failed;

    troth_tile_path(path, stored);
    failed = read_at(out, folder, path,
                     stored->has_entries ? TROTH_TILE_ENTRIES_MAX : TROTH_TILE_SIZE);
    if (failed)
        return failed == EFBIG ? EBADMSG : failed;
    failed = fit(out, asked, asked->width == stored->width);
    if (failed)
        troth_file_release(out);
    return failed;
}

int troth_log_tile_read(struct troth_file *out, struct troth_log_problem *problem,
                        const char *folder, const struct troth_tile *tile)
{
    char path[TROTH_TILE_PATH_ROOM];
    struct troth_tile full = *tile;
    int failed = read_tile(out, folder, tile, tile, path);

    full.width = TROTH_TILE_WIDTH;
    if (failed == ENOENT && tile->width < TROTH_TILE_WIDTH)
        failed = read_tile(out, folder, tile, &full, path);
    return failed ? troth_public_failed(problem, failed, "read", folder, path) : 0;
}

int troth_log_checkpoint_read(struct troth_file *out, struct troth_log_problem *problem,
                              const char *folder)
{
    const int failed = read_at(out, folder, CHECKPOINT, NOTE_MAX);

    return failed ? troth_public_failed(problem, failed, "read", folder, CHECKPOINT) : 0;
}

/* ---- the checkpoint ---- */

/* First under another name, so that it is whole before anybody sees it. */
static int replace(int new, int public, struct troth_span note)
{
    int file, failed;

    (void)unlinkat(new, CHECKPOINT, 0);
    failed = troth_public_make(&file, new, CHECKPOINT, note);
    if (failed)
        return failed;
    if (fsync(file) != 0)
        failed = errno;
    (void)close(file);
    if (!failed && renameat(new, CHECKPOINT, public, CHECKPOINT) != 0)
        failed = errno;
    if (failed)
        (void)unlinkat(new, CHECKPOINT, 0);
    else if (fsync(public) != 0)
        failed = errno;
    return failed;
}

int troth_log_checkpoint_put(struct troth_log_problem *problem, const char *folder,
                             struct troth_span note)
{
    int root, new = -1, public = -1;
    int failed = troth_public_root(&root, folder);

    if (!failed)
        failed = troth_public_folder(&new, root, "new", true);
    if (!failed)
        failed = troth_public_folder(&public, root, "public", true);
    if (!failed)
        failed = replace(new, public, note);
    for (size_t i = 0; i < 3; i++)
        if ((const int[]){root, new, public}[i] >= 0)
            (void)close((const int[]){root, new, public}[i]);
    return failed ? troth_public_failed(problem, failed, "write", folder, CHECKPOINT) : 0;
}

/* ---- partial tiles ---- */

static void remove_files(int at)
{
    DIR *list = fdopendir(at);
    const struct dirent *entry;

    if (!list) {
        (void)close(at);
        return;
    }
    while ((entry = readdir(list)) != NULL) /* NOLINT(concurrency-mt-unsafe): its own */
        if (entry->d_name[0] != '.')
            (void)unlinkat(dirfd(list), entry->d_name, 0);
    (void)closedir(list);
}

/* "tile/0/067.p" with all that is in it. */
static int remove_partials(int public, const struct troth_tile *tile)
{
    char path[TROTH_TILE_PATH_ROOM];
    char *slash;
    int at, inner, failed;

    troth_tile_path(path, tile);
    slash = strrchr(path, '/');
    *slash = '\0';
    failed = troth_public_enter(&at, public, path, false);
    if (failed)
        return failed == ENOENT ? 0 : failed;
    failed = troth_public_folder(&inner, at, troth_public_name(path), false);
    if (!failed) {
        remove_files(inner);
        failed = unlinkat(at, troth_public_name(path), AT_REMOVEDIR) != 0 ? errno : 0;
    }
    (void)close(at);
    return failed == ENOENT ? 0 : failed;
}

static int remove_level(int public, unsigned level, uint64_t from, uint64_t size)
{
    struct troth_tile tile = {false, level, 0, 1};
    int failed = 0;

    for (tile.index = from; tile.index < size && !failed; tile.index++) {
        tile.has_entries = false;
        failed = remove_partials(public, &tile);
        tile.has_entries = true;
        if (!failed && level == 0)
            failed = remove_partials(public, &tile);
    }
    return failed;
}

int troth_log_partials_remove(struct troth_log_problem *problem, const char *folder,
                              uint64_t from, uint64_t size)
{
    int public;
    int failed = open_public(&public, folder);

    if (failed)
        return troth_public_failed(problem, failed, "open", folder, "");
    for (unsigned level = 0; level < TROTH_TILE_LEVELS - 1 && !failed; level++)
        failed = remove_level(public, level, from >> (8 * (level + 1)),
                              size >> (8 * (level + 1)));
    (void)close(public);
    return failed ? troth_public_failed(problem, failed, "clear", folder, "") : 0;
}
