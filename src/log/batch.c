/* SPDX-License-Identifier: Apache-2.0 */
#include "log/folder.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/span.h"
#include "log/problem.h"
#include "log/public.h"

/* Files that are open at once, and the folders they can be in. */
#define FILES_MAX   128
#define FOLDERS_MAX 512
/* Parts of a tile's path, and "" for the public folder itself. */
#define PARTS_MAX   12
#define KNOWN_MAX   64

struct path {
    char text[TROTH_PUBLIC_PATH_ROOM];
};

struct troth_log_batch {
    char folder[TROTH_LOG_PATH_ROOM];
    int public, new;
    struct {
        int descriptor;
        struct path path;
    } files[FILES_MAX]; /* in "new", by their number */
    size_t file_count;
    struct path touched[FOLDERS_MAX]; /* to be synced with the files */
    size_t touched_count;
    struct path known[KNOWN_MAX]; /* folders whose own names are on the disk */
    size_t known_count;           /* of all that ever were put there */
};

static int fail_at(struct troth_log_batch *batch, struct troth_log_problem *problem,
                   int failed, const char *path)
{
    return troth_public_failed(problem, failed, "write", batch->folder, path);
}

static void name_new(char out[static TROTH_LOG_NUMBER_ROOM], size_t number)
{
    (void)troth_log_number(out, number);
}

/* ---- folders ---- */

static bool contains(const struct path *paths, size_t count, const char *text)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(paths[i].text, text) == 0)
            return true;
    return false;
}

static void touch(struct troth_log_batch *batch, const char *folder)
{
    if (contains(batch->touched, batch->touched_count, folder))
        return;
    (void)snprintf(batch->touched[batch->touched_count++].text,
                   sizeof batch->touched[0].text, "%s", folder);
}

static void cut_last(struct path *path)
{
    char *slash = strrchr(path->text, '/');

    if (slash)
        *slash = '\0';
    else
        path->text[0] = '\0';
}

/* The folder that has the file's name, and those that have the names of folders which
 * nobody knows to be on the disk: a process that was killed may have made them. */
static void touch_all(struct troth_log_batch *batch, const char *file)
{
    struct path folder, above;

    (void)snprintf(folder.text, sizeof folder.text, "%s", file);
    cut_last(&folder);
    touch(batch, folder.text);
    while (folder.text[0] != '\0') {
        const size_t known = batch->known_count < KNOWN_MAX ? batch->known_count
                                                            : KNOWN_MAX;

        above = folder;
        cut_last(&above);
        if (!contains(batch->known, known, folder.text))
            touch(batch, above.text);
        folder = above;
    }
}

/* Its files are synced, and so are their folders' names. */
static void know(struct troth_log_batch *batch, const char *file)
{
    struct path folder;

    (void)snprintf(folder.text, sizeof folder.text, "%s", file);
    for (cut_last(&folder); folder.text[0] != '\0'; cut_last(&folder)) {
        const size_t known = batch->known_count < KNOWN_MAX ? batch->known_count
                                                            : KNOWN_MAX;

        if (!contains(batch->known, known, folder.text))
            batch->known[batch->known_count++ % KNOWN_MAX] = folder;
    }
}

static int sync_folder(struct troth_log_batch *batch, const char *path)
{
    int at, folder;
    int failed;

    if (path[0] == '\0')
        return fsync(batch->public) != 0 ? errno : 0;
    failed = troth_public_enter(&at, batch->public, path, false);
    if (failed)
        return failed;
    failed = troth_public_folder(&folder, at, troth_public_name(path), false);
    (void)close(at);
    if (failed)
        return failed;
    failed = fsync(folder) != 0 ? errno : 0;
    (void)close(folder);
    return failed;
}

/* ---- files ---- */

static int check_same(struct troth_log_batch *batch, struct troth_log_problem *problem,
                      int at, const struct path *path, struct troth_span bytes)
{
    struct troth_file file;
    char whole[TROTH_LOG_PATH_ROOM];
    int failed = troth_public_read(&file, at, troth_public_name(path->text),
                                   TROTH_TILE_ENTRIES_MAX);

    if (failed == ENOENT)
        return 0;
    if (failed)
        return fail_at(batch, problem, failed, path->text);
    if (!troth_span_equal((struct troth_span){file.bytes, file.len}, bytes)) {
        failed = EBADMSG;
        troth_public_path(whole, batch->folder, path->text);
        (void)troth_log_problem_set(problem, EBADMSG,
                                    "'%' holds something else than the order of entries",
                                    (const char *const[3]){whole, NULL, NULL});
    }
    troth_file_release(&file);
    return failed;
}

static int prepare(struct troth_log_batch *batch, struct troth_log_problem *problem,
                   const struct path *path, struct troth_span bytes)
{
    int at;
    int failed = troth_public_enter(&at, batch->public, path->text, true);

    if (failed)
        return fail_at(batch, problem, failed, path->text);
    failed = check_same(batch, problem, at, path, bytes);
    (void)close(at);
    return failed;
}

int troth_log_batch_put(struct troth_log_batch *batch, struct troth_log_problem *problem,
                        const struct troth_tile *tile, struct troth_span bytes)
{
    char name[TROTH_LOG_NUMBER_ROOM];
    struct path path;
    int descriptor;
    int failed = batch->file_count == FILES_MAX ||
                         batch->touched_count + PARTS_MAX > FOLDERS_MAX
                     ? troth_log_batch_finish(batch, problem)
                     : 0;

    if (failed)
        return failed;
    troth_tile_path(path.text, tile);
    name_new(name, batch->file_count);
    failed = prepare(batch, problem, &path, bytes);
    /* Where the same is there already it is written again: nobody knows whether that was
     * synced, and after a sync that failed another one would say nothing. */
    if (!failed) {
        failed = troth_public_make(&descriptor, batch->new, name, bytes);
        if (failed)
            (void)fail_at(batch, problem, failed, path.text);
    }
    if (failed) {
        troth_log_batch_drop(batch);
        return failed;
    }
    /* Begin now with what the sync will wait for. */
    (void)posix_fadvise(descriptor, 0, 0, POSIX_FADV_DONTNEED);
    batch->files[batch->file_count].descriptor = descriptor;
    batch->files[batch->file_count++].path = path;
    touch_all(batch, path.text);
    return 0;
}

static int sync_files(struct troth_log_batch *batch, struct troth_log_problem *problem)
{
    for (size_t i = 0; i < batch->file_count; i++)
        if (fsync(batch->files[i].descriptor) != 0)
            return fail_at(batch, problem, errno, batch->files[i].path.text);
    return 0;
}

static int name_files(struct troth_log_batch *batch, struct troth_log_problem *problem)
{
    char name[TROTH_LOG_NUMBER_ROOM];

    for (size_t i = 0; i < batch->file_count; i++) {
        const char *path = batch->files[i].path.text;
        int at;
        int failed = troth_public_enter(&at, batch->public, path, true);

        name_new(name, i);
        if (!failed) {
            failed = renameat(batch->new, name, at, troth_public_name(path)) != 0 ? errno
                                                                                  : 0;
            (void)close(at);
        }
        if (failed)
            return fail_at(batch, problem, failed, path);
    }
    return 0;
}

static int sync_folders(struct troth_log_batch *batch, struct troth_log_problem *problem)
{
    for (size_t i = 0; i < batch->touched_count; i++) {
        const int failed = sync_folder(batch, batch->touched[i].text);

        if (failed)
            return fail_at(batch, problem, failed, batch->touched[i].text);
    }
    for (size_t i = 0; i < batch->file_count; i++)
        know(batch, batch->files[i].path.text);
    return 0;
}

/* What has its name by now stays. */
void troth_log_batch_drop(struct troth_log_batch *batch)
{
    char name[TROTH_LOG_NUMBER_ROOM];

    for (size_t i = 0; i < batch->file_count; i++) {
        (void)close(batch->files[i].descriptor);
        name_new(name, i);
        (void)unlinkat(batch->new, name, 0);
    }
    batch->file_count = 0;
    batch->touched_count = 0;
}

int troth_log_batch_finish(struct troth_log_batch *batch,
                           struct troth_log_problem *problem)
{
    int failed = sync_files(batch, problem);

    if (!failed)
        failed = name_files(batch, problem);
    if (!failed)
        failed = sync_folders(batch, problem);
    if (failed)
        batch->known_count = 0;
    troth_log_batch_drop(batch);
    return failed;
}

/* ---- open and close ---- */

/* Of a process that was killed. */
static int clear_new(int new)
{
    const int at = fcntl(new, F_DUPFD_CLOEXEC, 0);
    DIR *list = at < 0 ? NULL : fdopendir(at);
    const struct dirent *entry;

    if (!list) {
        const int failed = errno;

        if (at >= 0)
            (void)close(at);
        return failed;
    }
    while ((entry = readdir(list)) != NULL) /* NOLINT(concurrency-mt-unsafe): its own */
        if (entry->d_name[0] != '.')
            (void)unlinkat(new, entry->d_name, 0);
    (void)closedir(list);
    return 0;
}

static int open_folders(struct troth_log_batch *batch)
{
    int root;
    int failed = troth_public_root(&root, batch->folder);

    if (failed)
        return failed;
    failed = troth_public_folder(&batch->public, root, "public", true);
    if (!failed)
        failed = troth_public_folder(&batch->new, root, "new", true);
    if (!failed)
        failed = clear_new(batch->new);
    if (!failed && fsync(root) != 0)
        failed = errno;
    (void)close(root);
    return failed;
}

int troth_log_batch_open(struct troth_log_batch **out, struct troth_log_problem *problem,
                         const char *folder)
{
    struct troth_log_batch *batch = calloc(1, sizeof *batch);
    int failed;

    *out = NULL;
    if (!batch)
        return troth_log_problem_say(problem, ENOMEM, "out of memory");
    batch->public = batch->new = -1;
    failed = troth_log_path(batch->folder, folder, "");
    if (!failed) {
        batch->folder[strlen(batch->folder) - 1] = '\0';
        failed = open_folders(batch);
    }
    if (failed) {
        (void)troth_public_failed(problem, failed, "open", folder, "");
        troth_log_batch_close(batch);
        return failed;
    }
    *out = batch;
    return 0;
}

void troth_log_batch_close(struct troth_log_batch *batch)
{
    if (!batch)
        return;
    troth_log_batch_drop(batch);
    if (batch->public >= 0)
        (void)close(batch->public);
    if (batch->new >= 0)
        (void)close(batch->new);
    free(batch);
}
