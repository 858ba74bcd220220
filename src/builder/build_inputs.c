/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/span.h"
#include "builder/build_paths.h"
#include "builder/building.h"

/* "FOLDER/NAME", each shorter than what a system takes for a path. */
#define NAME_ROOM (TROTH_BUILDING_PATH + TROTH_ENTRY_PATH_MAX + 2)

/* ---- files that must not change meanwhile ---- */

static bool watch(struct troth_building *b, const char *name, int descriptor)
{
    void *rows = b->watches;
    const bool fine = troth_building_grow(b, &rows, &b->watch_count, sizeof *b->watches);
    struct troth_building_watch *row;

    b->watches = rows;
    if (!fine)
        return false;
    row = &b->watches[b->watch_count - 1];
    row->descriptor = descriptor;
    row->name = strdup(name);
    if (!row->name)
        return troth_building_fail_memory(b);
    if ((descriptor >= 0 ? fstat(descriptor, &row->facts)
                         : fstatat(b->folder, name, &row->facts, AT_SYMLINK_NOFOLLOW)))
        return troth_build_fail_errno(b->problem, name, "cannot be read", errno);
    return true;
}

static bool same_time(struct timespec a, struct timespec b)
{
    return a.tv_sec == b.tv_sec && a.tv_nsec == b.tv_nsec;
}

/* Nobody can set the time of the last change of a file's facts but by the clock. */
static bool unchanged(const struct stat *a, const struct stat *b)
{
    return a->st_dev == b->st_dev && a->st_ino == b->st_ino && a->st_mode == b->st_mode &&
           (S_ISDIR(a->st_mode) || a->st_size == b->st_size) &&
           same_time(a->st_mtim, b->st_mtim) && same_time(a->st_ctim, b->st_ctim);
}

bool troth_building_check_unchanged(struct troth_building *b)
{
    for (size_t i = 0; i < b->watch_count; i++) {
        const struct troth_building_watch *row = &b->watches[i];
        struct stat now;
        const int failed = row->descriptor >= 0
                               ? fstat(row->descriptor, &now)
                               : fstatat(b->folder, row->name, &now, AT_SYMLINK_NOFOLLOW);

        if (failed || !unchanged(&row->facts, &now)) {
            (void)troth_build_fail(b->problem, row->name,
                                   "changed while the image was built");
            troth_build_hint(b->problem, "build again");
            return false;
        }
    }
    return true;
}

/* ---- what lies beside the build file ---- */

bool troth_building_file_tree(struct troth_building *b, struct troth_file_tree **out,
                              const char *name, int file)
{
    const struct troth_content content = {.descriptor = file};
    const char *slash = strrchr(name, '/');
    struct troth_entry entry = {.kind = TROTH_ENTRY_FILE};
    struct stat about;

    if (fstat(file, &about))
        return troth_build_fail_errno(b->problem, name, "cannot be read", errno);
    if (!S_ISREG(about.st_mode))
        return troth_build_fail(b->problem, name, "is no file");
    entry.path = troth_span_of_text(slash ? slash + 1 : name);
    entry.mode = about.st_mode & S_IXUSR ? 0755 : 0644;
    entry.size = (uint64_t)about.st_size;
    return troth_building_tree(b, out) &&
           troth_file_tree_add(*out, b->problem, &entry, &content, 0,
                               TROTH_TREE_REFUSE) &&
           troth_file_tree_finish(*out, b->problem);
}

static bool open_own(struct troth_building *b, const char *path)
{
    void *rows = b->own;
    struct troth_building_own own = {.path = path};
    struct stat about;
    bool fine;

    if (!*path || strcmp(path, ".") == 0)
        return troth_build_fail(b->problem, b->name,
                                "a folder that holds the build file is no input");
    fine = troth_building_grow(b, &rows, &b->own_count, sizeof *b->own);
    b->own = rows;
    if (!fine || !troth_building_open_own(b, &own.descriptor, path))
        return false;
    own.is_folder = fstat(own.descriptor, &about) == 0 && S_ISDIR(about.st_mode);
    if (!own.is_folder) {
        fine = troth_building_file_tree(b, &own.tree, path, own.descriptor);
    } else {
        fine = troth_building_tree(b, &own.tree) &&
               troth_source_folder(own.tree, b->problem, path, own.descriptor, 0) &&
               troth_file_tree_finish(own.tree, b->problem);
    }
    b->own[b->own_count - 1] = own;
    return fine;
}

const struct troth_building_own *troth_building_find_own(const struct troth_building *b,
                                                         const char *path)
{
    for (size_t i = 0; i < b->own_count; i++)
        if (strcmp(b->own[i].path, path) == 0)
            return &b->own[i];
    return NULL;
}

static bool is_below(const char *path, const char *folder)
{
    const size_t len = strlen(folder);

    return strncmp(path, folder, len) == 0 && path[len] == '/';
}

/* Is all of it listed with another one? */
static bool is_covered(const struct troth_building *b, const char *path)
{
    for (size_t i = 0; i < b->own_count; i++)
        if (is_below(path, b->own[i].path))
            return true;
    return false;
}

/* Folders are no inputs, for what is in them is, and no archive or version control keeps
 * their modes; but one with nothing in it is all there is. Between it and what is in it
 * stand names that go on with what sorts before a slash: "a", "a-b", "a/b". */
static bool is_empty_folder(const struct troth_file_tree *tree, size_t i)
{
    const struct troth_span path = troth_file_tree_at(tree, i)->entry.path;

    if (troth_file_tree_at(tree, i)->entry.kind != TROTH_ENTRY_FOLDER)
        return false;
    for (size_t k = i + 1; k < troth_file_tree_count(tree); k++) {
        const struct troth_span next = troth_file_tree_at(tree, k)->entry.path;

        if (!troth_span_starts_with(next, path) || next.ptr[path.len] > '/')
            return true;
        if (next.ptr[path.len] == '/')
            return false;
    }
    return true;
}

/* Files of a row are digested on their way into the image. A compile step's are needed
 * before, and what is named by itself goes another way, too. */
static bool may_wait(const struct troth_building *b, const struct troth_building_own *own,
                     const char *name)
{
    const char *source = b->file->compile.source;

    return own->is_folder && !(source && is_below(name, source)) &&
           !troth_building_find_own(b, name);
}

/* With what its kind has, beside the name, but for a file's digest. */
static void describe(struct troth_input *input, const struct troth_tree_entry *entry,
                     char *target, size_t room)
{
    if (entry->entry.kind == TROTH_ENTRY_FOLDER) {
        input->kind = TROTH_INPUT_FOLDER;
    } else if (entry->entry.kind == TROTH_ENTRY_SYMLINK) {
        (void)snprintf(target, room, "%.*s", (int)entry->entry.target.len,
                       (const char *)entry->entry.target.ptr);
        input->kind = TROTH_INPUT_LINK;
        input->target = target;
    } else {
        input->kind = TROTH_INPUT_FILE;
        input->mode = entry->entry.mode;
        input->size = entry->entry.size;
    }
}

static bool list_entry(struct troth_building *b, const struct troth_building_own *own,
                       size_t i)
{
    const struct troth_tree_entry *entry = troth_file_tree_at(own->tree, i);
    const struct troth_span path = entry->entry.path;
    char name[NAME_ROOM], target[TROTH_ENTRY_LINK_MAX + 1];
    struct troth_input input = {.name = name};

    (void)snprintf(name, sizeof name, "%s%s%.*s", own->path, own->is_folder ? "/" : "",
                   own->is_folder ? (int)path.len : 0, (const char *)path.ptr);
    if (!watch(b, name, -1))
        return false;
    if (entry->entry.kind == TROTH_ENTRY_FOLDER && !is_empty_folder(own->tree, i))
        return true;
    describe(&input, entry, target, sizeof target);
    input.is_unread = input.kind == TROTH_INPUT_FILE && may_wait(b, own, name);
    if (input.kind == TROTH_INPUT_FILE && !input.is_unread &&
        !troth_building_digest(b, input.sha256, entry))
        return false;
    return troth_inputs_add(&b->out->inputs, b->problem, &input);
}

static bool list_all_of(struct troth_building *b, const struct troth_building_own *own)
{
    bool fine = !own->is_folder || watch(b, own->path, -1);

    for (size_t i = 0; fine && i < troth_file_tree_count(own->tree); i++)
        fine = list_entry(b, own, i);
    return fine;
}

bool troth_building_list_own(struct troth_building *b)
{
    const char *path;
    bool is_outside, fine = true;

    for (size_t i = 0; fine && troth_build_path(&path, &is_outside, b->file, i); i++)
        if (!is_outside && !troth_building_find_own(b, path))
            fine = open_own(b, path);
    for (size_t i = 0; fine && i < b->own_count; i++)
        if (!is_covered(b, b->own[i].path))
            fine = list_all_of(b, &b->own[i]);
    return fine;
}

bool troth_building_watch_file(struct troth_building *b, const char *name, int file)
{
    return watch(b, name, file);
}
