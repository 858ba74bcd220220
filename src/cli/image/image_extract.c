/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/image/image_extract.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/image/image_unpack.h"

#define PATH_ROOM 4096

struct extracting {
    struct troth_image_extracted *out;
    struct troth_problem *problem;
    const struct troth_image_view *view;
    const char *path;          /* the folder in the end */
    char meanwhile[PATH_ROOM]; /* and until then */
    int folder;                /* that, open; -1: not made */
    struct troth_image_members ramdisks[TROTH_EIF_SECTIONS_MAX];
    size_t count;
};

static const char *const names[] = {
    [TROTH_EIF_KERNEL] = "kernel",
    [TROTH_EIF_CMDLINE] = "cmdline",
    [TROTH_EIF_SIGNATURE] = "signature.cbor",
    [TROTH_EIF_METADATA] = "metadata.json",
};

enum { NAME_ROOM = 32, FOLDER_MODE = 0755, WAITING_MODE = 0700 };

static bool fail(struct extracting *e, int error)
{
    return troth_problem_io(e->problem, "cannot write into", e->path, error);
}

/* ---- the folder ---- */

static bool is_empty_folder(const char *path, int *error)
{
    DIR *folder = opendir(path);
    const struct dirent *entry;
    bool empty = folder != NULL;

    *error = errno;
    while (folder && (entry = readdir(folder))) /* NOLINT(concurrency-mt-unsafe) */
        empty = empty &&
                (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0);
    if (folder)
        (void)closedir(folder);
    if (folder && !empty)
        *error = ENOTEMPTY;
    return empty;
}

/* Only where nothing would be lost. */
static bool begin_folder(struct extracting *e)
{
    size_t len = strlen(e->path);
    int error, written;

    while (len > 1 && e->path[len - 1] == '/')
        len--;
    if (!is_empty_folder(e->path, &error) && error != ENOENT)
        return fail(e, error);
    written = snprintf(e->meanwhile, sizeof e->meanwhile, "%.*s.new-%ld", (int)len,
                       e->path, (long)getpid());
    if (written < 0 || (size_t)written >= sizeof e->meanwhile)
        return fail(e, ENAMETOOLONG);
    if (mkdir(e->meanwhile, WAITING_MODE))
        return fail(e, errno);
    e->folder = open(e->meanwhile, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (e->folder >= 0)
        return true;
    error = errno;
    (void)rmdir(e->meanwhile);
    return fail(e, error);
}

static bool end_folder(struct extracting *e)
{
    const mode_t mask = umask(0);

    (void)umask(mask);
    return (fchmod(e->folder, FOLDER_MODE & ~mask) == 0 &&
            rename(e->meanwhile, e->path) == 0) ||
           fail(e, errno);
}

/* ---- sections ---- */

static void ramdisk_name(char out[static NAME_ROOM], size_t number, const char *ending)
{
    (void)snprintf(out, NAME_ROOM, "ramdisk-%zu%s", number, ending);
}

static int copy_section(struct extracting *e, const char *name, int flags,
                        const struct troth_eif_section *section)
{
    const int file = openat(e->folder, name,
                            O_WRONLY | O_CREAT | O_NOFOLLOW | O_CLOEXEC | flags, 0666);
    int failed;

    if (file < 0)
        return errno;
    failed = troth_image_copy(file, e->view->file, section->offset, section->size);
    if (close(file) && !failed)
        failed = errno;
    return failed;
}

static bool write_sections(struct extracting *e)
{
    const struct troth_eif *eif = &e->view->facts.eif;
    size_t ramdisks = 0;

    for (size_t i = 0; i < eif->count; i++) {
        const struct troth_eif_section *section = &eif->sections[i];
        char ramdisk[NAME_ROOM];
        int failed;

        ramdisk_name(ramdisk, ramdisks + 1, ".cpio");
        ramdisks += section->kind == TROTH_EIF_RAMDISK;
        failed = copy_section(
            e, section->kind == TROTH_EIF_RAMDISK ? ramdisk : names[section->kind],
            O_EXCL, section);
        if (!failed && section->kind == TROTH_EIF_RAMDISK)
            failed = copy_section(e, "initrd", O_APPEND, section);
        if (failed)
            return fail(e, failed);
    }
    return true;
}

/* ---- contents ---- */

/* All of them are looked at before the first is written. */
static bool read_ramdisks(struct extracting *e)
{
    const struct troth_eif *eif = &e->view->facts.eif;

    for (size_t i = 0; i < eif->count; i++) {
        struct troth_image_members *members = &e->ramdisks[e->count];

        if (eif->sections[i].kind != TROTH_EIF_RAMDISK)
            continue;
        e->count++;
        if (!troth_image_members_read(members, e->problem, e->view->name, e->view->file,
                                      &eif->sections[i], false))
            return false;
        if (!members->why[0] && !troth_ramdisk_is_seen(eif, i))
            (void)snprintf(members->why, sizeof members->why, "%s", TROTH_RAMDISK_UNSEEN);
        if (members->why[0]) {
            (void)troth_problem_usage(e->problem, "%s: ramdisk %zu: %s", e->view->name,
                                      e->count, members->why);
            troth_problem_hint(e->problem, "without --files it is written as it is");
            return false;
        }
        if (!troth_image_unpack_check(members, e->problem, e->view->name))
            return false;
    }
    return true;
}

static bool write_ramdisk(struct extracting *e, size_t i)
{
    char name[NAME_ROOM];
    bool fine;
    int folder;

    ramdisk_name(name, i + 1, "");
    if (mkdirat(e->folder, name, FOLDER_MODE))
        return fail(e, errno);
    folder = openat(e->folder, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (folder < 0)
        return fail(e, errno);
    fine = troth_image_unpack(&e->ramdisks[i], e->problem, e->view->name, e->view->file,
                              folder);
    (void)close(folder);
    for (size_t k = 0; k < e->ramdisks[i].count; k++)
        *(troth_image_unpack_takes(&e->ramdisks[i].rows[k]) ? &e->out->files
                                                            : &e->out->skipped) += 1;
    return fine;
}

/* ---- all of it ---- */

static void undo(struct extracting *e)
{
    char name[NAME_ROOM];

    for (size_t i = 0; i < TROTH_EIF_SECTIONS_MAX; i++) {
        int folder;

        ramdisk_name(name, i + 1, ".cpio");
        (void)unlinkat(e->folder, name, 0);
        ramdisk_name(name, i + 1, "");
        folder = i < e->count ? openat(e->folder, name,
                                       O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
                              : -1;
        if (folder >= 0) {
            troth_image_unpack_undo(&e->ramdisks[i], folder);
            (void)close(folder);
            (void)unlinkat(e->folder, name, AT_REMOVEDIR);
        }
    }
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (names[i])
            (void)unlinkat(e->folder, names[i], 0);
    (void)unlinkat(e->folder, "initrd", 0);
    (void)rmdir(e->meanwhile);
}

static bool write_all(struct extracting *e)
{
    bool fine = write_sections(e);

    for (size_t i = 0; fine && i < e->count; i++)
        fine = write_ramdisk(e, i);
    return fine && end_folder(e);
}

static bool extract(struct extracting *e, bool files)
{
    bool fine;

    if ((files && !read_ramdisks(e)) || !begin_folder(e))
        return false;
    fine = write_all(e);
    if (!fine)
        undo(e);
    (void)close(e->folder);
    return fine;
}

bool troth_image_extract(struct troth_image_extracted *out, struct troth_problem *problem,
                         const struct troth_image_view *view, const char *folder,
                         bool files)
{
    struct extracting e = {
        .out = out, .problem = problem, .view = view, .path = folder, .folder = -1};
    bool fine;

    *out = (struct troth_image_extracted){0};
    fine = extract(&e, files);
    for (size_t i = 0; i < e.count; i++)
        troth_image_members_release(&e.ramdisks[i]);
    return fine;
}
