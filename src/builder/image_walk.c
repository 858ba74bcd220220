/* SPDX-License-Identifier: Apache-2.0 */
#include "builder/image_file.h"

#include <string.h>

#include "base/span.h"
#include "builder/image_names.h"
#include "builder/image_sums.h"
#include "image/cpio.h"

#define NAME "the ramdisk" /* in problems: the image's name is the caller's */

enum { PATH_SHOWN = 120 }; /* of a path in a problem */

/* Headers of small members are read many at a time. */
#define WINDOW ((size_t)64 * 1024)

/* A walk under way: a window into the section. */
struct walk {
    struct troth_build_problem *problem;
    int file;
    const struct troth_eif_section *ramdisk;
    uint64_t at;    /* in the section */
    uint64_t start; /* of the window in the section */
    size_t len;     /* of the window */
    struct troth_image_names names;
    uint8_t window[WINDOW];
};

static const struct {
    const char *name;
    uint8_t magic[6];
    size_t len;
} packings[] = {
    {"gzip", {0x1f, 0x8b}, 2},
    {"xz", {0xfd, '7', 'z', 'X', 'Z', 0}, 6},
    {"zstd", {0x28, 0xb5, 0x2f, 0xfd}, 4},
    {"lz4", {0x02, 0x21, 0x4c, 0x18}, 4},
    {"lz4", {0x04, 0x22, 0x4d, 0x18}, 4},
    {"bzip2", {'B', 'Z', 'h'}, 3},
    {"lzma", {0x5d, 0, 0}, 3},
    {"lzo", {0x89, 'L', 'Z', 'O', 0, 0x0d}, 6},
};

/* What there is from where the walk is, `wanted` bytes if the section has as many. */
static bool look(struct walk *walk, struct troth_span *out, size_t wanted)
{
    const uint64_t left = walk->ramdisk->size - walk->at;
    const size_t need = left < wanted ? (size_t)left : wanted;
    uint64_t skip = walk->at - walk->start;

    if (walk->at < walk->start || skip > walk->len || walk->len - skip < need) {
        walk->start = walk->at;
        walk->len = left < WINDOW ? (size_t)left : WINDOW;
        skip = 0;
        if (!troth_image_read_at(walk->problem, NAME, walk->file, walk->window, walk->len,
                                 walk->ramdisk->offset + walk->start))
            return false;
    }
    *out = (struct troth_span){walk->window + skip, need};
    return true;
}

/* The offset is one in the ramdisk. */
static bool fail(const struct walk *walk, const char *text, uint64_t offset)
{
    return troth_build_fail(walk->problem, NAME, "%s (offset %llu of it)", text,
                            (unsigned long long)offset);
}

static bool fail_archive(const struct walk *walk, const struct troth_fault *fault)
{
    const uint64_t offset = walk->at + fault->offset;

    return troth_build_fail(walk->problem, NAME,
                            "is no plain newc archive: %s: %s (offset %llu of it)",
                            fault->field ? fault->field : "cpio",
                            troth_err_text(fault->err), (unsigned long long)offset);
}

static bool check_packing(struct walk *walk)
{
    struct troth_span start;

    if (!look(walk, &start, TROTH_CPIO_HEADER_SIZE))
        return false;
    for (size_t i = 0; i < sizeof(packings) / sizeof(*packings); i++)
        if (troth_span_starts_with(
                start, (struct troth_span){packings[i].magic, packings[i].len}))
            return troth_build_fail(walk->problem, NAME,
                                    "is compressed (%s), and is not unpacked",
                                    packings[i].name);
    return true;
}

static bool read_member(struct walk *walk, struct troth_cpio_member *out)
{
    struct troth_fault fault;
    struct troth_span bytes;
    size_t len;

    if (!look(walk, &bytes, TROTH_CPIO_MEMBER_MAX))
        return false;
    if (troth_cpio_read_member(out, &len, &fault, bytes))
        return fail_archive(walk, &fault);
    walk->at += len;
    return true;
}

/* Zeros up to the next multiple of 4; `at` moves behind the data and them. */
static bool skip_data(struct walk *walk, uint64_t size)
{
    const uint64_t left = walk->ramdisk->size - walk->at;
    const size_t padding = (size_t)(-size & 3);
    struct troth_span zeros;

    if (size > left || padding > left - size)
        return fail(walk, "ends in the middle of a member", walk->ramdisk->size);
    walk->at += size;
    if (!look(walk, &zeros, padding))
        return false;
    for (size_t i = 0; i < zeros.len; i++)
        if (zeros.ptr[i] != 0)
            return fail(walk, "has something between two members", walk->at + i);
    walk->at += padding;
    return true;
}

/* Linux unpacks further archives behind the first: what is shown would not be all. And it
 * looks for one at each fourth byte, counted from where the first ramdisk began. */
static bool check_end(struct walk *walk)
{
    if (walk->ramdisk->size & 3)
        return fail(walk, "ends where Linux would not see the next one begin",
                    walk->ramdisk->size);
    while (walk->at < walk->ramdisk->size) {
        struct troth_span rest;

        if (!look(walk, &rest, WINDOW))
            return false;
        for (size_t i = 0; i < rest.len; i++)
            if (rest.ptr[i] != 0)
                return fail(walk, "has something behind its end", walk->at + i);
        walk->at += rest.len;
    }
    return true;
}

/* One member; the window still holds its name, and its target is copied. */
static bool visit_member(struct walk *walk, const struct troth_cpio_member *member,
                         troth_image_visit *visit, void *state)
{
    uint8_t path[TROTH_ENTRY_PATH_MAX + 1], target[TROTH_ENTRY_LINK_MAX + 1];
    struct troth_entry entry = member->entry;
    const struct troth_content content = {.descriptor = walk->file,
                                          .offset = walk->ramdisk->offset + walk->at};
    struct troth_span data;

    /* With a zero behind it, as entries of a tree have. */
    memset(path, 0, sizeof(path));
    if (entry.path.len > 0)
        memcpy(path, entry.path.ptr, entry.path.len);
    entry.path.ptr = path;
    if (member->data_size > walk->ramdisk->size - walk->at)
        return fail(walk, "ends in the middle of a member", walk->ramdisk->size);
    if (entry.kind == TROTH_ENTRY_SYMLINK) {
        if (!look(walk, &data, (size_t)member->data_size))
            return false;
        memset(target, 0, sizeof(target));
        memcpy(target, data.ptr, data.len);
        if (memchr(target, 0, data.len))
            return fail(walk, "has a link to a name with a zero in it", walk->at);
        entry.target = (struct troth_span){target, data.len};
        entry.size = 0;
    }
    return visit(state, &entry, &content);
}

static bool check_name(struct walk *walk, const struct troth_cpio_member *member)
{
    const char *why = troth_image_names_add(&walk->names, member);
    const struct troth_span path = member->entry.path;
    const int len = path.len < PATH_SHOWN ? (int)path.len : PATH_SHOWN;

    return !why ||
           troth_build_fail(walk->problem, NAME,
                            "may not be what it seems once Linux unpacks it: '%.*s' "
                            "%s",
                            len, (const char *)path.ptr, why);
}

static bool walk_members(struct walk *walk, troth_image_visit *visit, void *state)
{
    for (;;) {
        struct troth_cpio_member member;

        if (!read_member(walk, &member))
            return false;
        if (member.end)
            return check_end(walk);
        if (!check_name(walk, &member) || !visit_member(walk, &member, visit, state) ||
            !skip_data(walk, member.data_size))
            return false;
    }
}

bool troth_image_walk(struct troth_build_problem *problem, int file,
                      const struct troth_eif_section *ramdisk, troth_image_visit *visit,
                      void *state)
{
    struct walk walk;
    bool done;

    walk.problem = problem;
    walk.file = file;
    walk.ramdisk = ramdisk;
    walk.at = walk.start = 0;
    walk.len = 0;
    if (!troth_image_names_init(&walk.names))
        return troth_build_fail(problem, NAME, "cannot be read: out of memory");
    done = check_packing(&walk) && walk_members(&walk, visit, state);
    troth_image_names_release(&walk.names);
    return done;
}
