/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/image/build_differ.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/span.h"

#define CHUNK ((size_t)64 * 1024)

enum { FILES_TOLD = 100 };

/* ---- bytes ---- */

/* `len` bytes at an offset; ENODATA where the file ends before. */
static int read_at(int file, uint8_t *out, size_t len, uint64_t offset)
{
    while (len > 0) {
        const ssize_t got = pread(file, out, len, (off_t)offset);

        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return got < 0 ? errno : ENODATA;
        out += got;
        len -= (size_t)got;
        offset += (uint64_t)got;
    }
    return 0;
}

struct extent {
    int file;
    uint64_t offset, size;
};

/* How far two extents hold the same bytes. */
static int compare(uint64_t *out_same, struct extent a, struct extent b)
{
    static const size_t room = CHUNK;
    const uint64_t shorter = a.size < b.size ? a.size : b.size;
    uint8_t *chunk = malloc(2 * room);
    uint64_t done = 0;
    int failed = chunk ? 0 : ENOMEM;

    while (!failed && done < shorter) {
        const size_t len = shorter - done < room ? (size_t)(shorter - done) : room;
        size_t same = 0;

        failed = read_at(a.file, chunk, len, a.offset + done);
        if (!failed)
            failed = read_at(b.file, chunk + room, len, b.offset + done);
        while (!failed && same < len && chunk[same] == chunk[room + same])
            same++;
        done += failed ? 0 : same;
        if (same < len)
            break;
    }
    free(chunk);
    *out_same = done;
    return failed;
}

int troth_build_compare_files(bool *out_same, uint64_t *out_offset, int a, int b)
{
    struct stat of_a, of_b;
    int failed;

    if (fstat(a, &of_a) || fstat(b, &of_b))
        return errno;
    failed = compare(out_offset, (struct extent){a, 0, (uint64_t)of_a.st_size},
                     (struct extent){b, 0, (uint64_t)of_b.st_size});
    *out_same = !failed && of_a.st_size == of_b.st_size &&
                *out_offset == (uint64_t)of_a.st_size;
    return failed;
}

/* ---- files in a ramdisk ---- */

struct member {
    char *path, *target;
    struct troth_entry entry;
    uint64_t offset;
};

struct members {
    struct member *rows;
    size_t count, room;
    bool full; /* no memory */
};

static char *copy_text(struct troth_span text)
{
    char *copy = malloc(text.len + 1);

    if (!copy)
        return NULL;
    if (text.len > 0)
        memcpy(copy, text.ptr, text.len);
    copy[text.len] = '\0';
    return copy;
}

static bool take_member(void *state, const struct troth_entry *entry,
                        const struct troth_content *content)
{
    struct members *members = state;
    struct member *row;

    if (members->count == members->room) {
        const size_t room = members->room ? 2 * members->room : 256;
        struct member *rows = realloc(members->rows, room * sizeof *rows);

        members->full = !rows;
        if (!rows)
            return false;
        members->rows = rows;
        members->room = room;
    }
    row = &members->rows[members->count++];
    *row = (struct member){copy_text(entry->path), copy_text(entry->target), *entry,
                           content ? content->offset : 0};
    members->full = !row->path || !row->target;
    return !members->full;
}

static void release(struct members *members)
{
    for (size_t i = 0; i < members->count; i++) {
        free(members->rows[i].path);
        free(members->rows[i].target);
    }
    free(members->rows);
}

struct telling {
    troth_build_difference *report;
    void *state;
    const char *section;
    unsigned told;
    int a, b;
};

static void tell(struct telling *t, const char *path, const char *how)
{
    if (t->told++ < FILES_TOLD)
        t->report(t->state, t->section, path, how);
}

/* Both have this path; false: an errno ends it. */
static int compare_members(struct telling *t, const struct member *a,
                           const struct member *b)
{
    char how[80];
    uint64_t same;
    int failed;

    if (a->entry.kind != b->entry.kind) {
        tell(t, a->path, "is of another kind");
    } else if (a->entry.mode != b->entry.mode) {
        (void)snprintf(how, sizeof how, "has mode %04o, and %04o", a->entry.mode,
                       b->entry.mode);
        tell(t, a->path, how);
    } else if (a->entry.user != b->entry.user || a->entry.group != b->entry.group) {
        tell(t, a->path, "is another user's");
    } else if (strcmp(a->target, b->target) != 0) {
        tell(t, a->path, "leads elsewhere");
    } else if (a->entry.kind == TROTH_ENTRY_FILE) {
        failed = compare(&same, (struct extent){t->a, a->offset, a->entry.size},
                         (struct extent){t->b, b->offset, b->entry.size});
        if (failed)
            return failed;
        if (same == a->entry.size && same == b->entry.size)
            return 0;
        (void)snprintf(how, sizeof how, "differs from byte %llu on",
                       (unsigned long long)same);
        tell(t, a->path, how);
    }
    return 0;
}

/* Both are sorted by path. */
static int compare_lists(struct telling *t, const struct members *a,
                         const struct members *b)
{
    size_t i = 0, k = 0;
    int failed = 0;

    while (!failed && (i < a->count || k < b->count)) {
        const int order = i == a->count   ? 1
                          : k == b->count ? -1
                                          : strcmp(a->rows[i].path, b->rows[k].path);

        if (order < 0)
            tell(t, a->rows[i].path, "is only in the first");
        else if (order > 0)
            tell(t, b->rows[k].path, "is only in the second");
        else
            failed = compare_members(t, &a->rows[i], &b->rows[k]);
        i += order <= 0;
        k += order >= 0;
    }
    return failed;
}

static bool compare_ramdisks(struct troth_build_problem *problem, struct telling *t,
                             const struct troth_eif_section *a,
                             const struct troth_eif_section *b)
{
    struct members of_a = {0}, of_b = {0};
    bool fine = troth_image_walk(problem, t->a, a, take_member, &of_a) &&
                troth_image_walk(problem, t->b, b, take_member, &of_b);

    if (of_a.full || of_b.full)
        fine = troth_build_fail(problem, "", "there is no memory left");
    if (fine) {
        const int failed = compare_lists(t, &of_a, &of_b);

        fine = !failed ||
               troth_build_fail_errno(problem, "", "cannot read an image", failed);
    }
    release(&of_a);
    release(&of_b);
    return fine;
}

/* ---- sections ---- */

static const char *section_name(const struct troth_eif *eif, size_t index)
{
    size_t before = 0;

    for (size_t i = 0; i < index; i++)
        before += eif->sections[i].kind == TROTH_EIF_RAMDISK;
    if (eif->sections[index].kind != TROTH_EIF_RAMDISK)
        return troth_eif_kind_name(eif->sections[index].kind);
    return before == 0 ? "base ramdisk" : "application ramdisk";
}

static bool compare_section(struct troth_build_problem *problem, struct telling *t,
                            const struct troth_eif_section *a,
                            const struct troth_eif_section *b)
{
    char how[80];
    uint64_t same;
    const int failed = compare(&same, (struct extent){t->a, a->offset, a->size},
                               (struct extent){t->b, b->offset, b->size});

    if (failed)
        return troth_build_fail_errno(problem, "", "cannot read an image", failed);
    if (same == a->size && same == b->size)
        return true;
    t->told = 0;
    if (a->kind == TROTH_EIF_RAMDISK && b->kind == TROTH_EIF_RAMDISK &&
        !compare_ramdisks(problem, t, a, b))
        return false;
    if (t->told > 0)
        return true;
    (void)snprintf(how, sizeof how, "differs from byte %llu on",
                   (unsigned long long)same);
    t->report(t->state, t->section, "", how);
    return true;
}

bool troth_build_compare_images(struct troth_build_problem *problem, int a, int b,
                                troth_build_difference *report, void *state)
{
    struct telling t = {.report = report, .state = state, .a = a, .b = b};
    struct troth_eif of_a, of_b;

    if (!troth_image_open(&of_a, problem, "the first image", a) ||
        !troth_image_open(&of_b, problem, "the second image", b))
        return false;
    if (of_a.count != of_b.count || of_a.aarch64 != of_b.aarch64) {
        report(state, "header", "", "other sections, or another architecture");
        return true;
    }
    for (size_t i = 0; i < of_a.count; i++) {
        t.section = section_name(&of_a, i);
        if (of_a.sections[i].kind != of_b.sections[i].kind)
            report(state, t.section, "", "is another section in the second");
        else if (!compare_section(problem, &t, &of_a.sections[i], &of_b.sections[i]))
            return false;
    }
    return true;
}
