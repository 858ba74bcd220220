/* SPDX-License-Identifier: Apache-2.0 */
#include "builder/image_ramdisk.h"

#include "image/cpio.h"

/* An archive under way. */
struct ramdisk {
    struct troth_passes *passes;
    struct troth_build_problem *problem;
    const struct troth_ramdisk_ear *ear;
    struct troth_cpio_writer writer;
    uint64_t done; /* bytes */
    uint32_t mtime;
};

uint64_t troth_ramdisk_size(const struct troth_file_tree *tree)
{
    uint64_t size = 0;

    for (size_t i = 0; i < troth_file_tree_count(tree); i++)
        size += troth_cpio_member_size(&troth_file_tree_at(tree, i)->entry);
    return size + troth_cpio_end_size(size);
}

static bool passed(const struct ramdisk *r, int error)
{
    return error == 0 ||
           troth_build_fail_errno(r->problem, "the image", "cannot be written", error);
}

static bool feed(struct ramdisk *r, struct troth_span bytes)
{
    r->done += bytes.len;
    return passed(r, troth_passes_feed(r->passes, bytes));
}

/* The bytes of a file, read to where they are needed. */
static bool write_content(struct ramdisk *r, struct troth_content_reader *reader)
{
    for (uint64_t left = reader->entry->entry.size; left > 0;) {
        uint8_t *room;
        size_t len, got;

        if (!passed(r, troth_passes_room(r->passes, &room, &len)))
            return false;
        if (len > left)
            len = (size_t)left;
        if (!troth_content_read(reader, r->problem, room, len, &got))
            return false;
        if (got == 0)
            return troth_build_fail(r->problem,
                                    (const char *)reader->entry->entry.path.ptr,
                                    "has become shorter since the build began");
        if (!passed(r, troth_passes_filled(r->passes, got)))
            return false;
        r->done += got;
        left -= got;
    }
    return true;
}

/* What is digested is what is written: no one reads the file once more for it. */
static bool write_part(struct ramdisk *r, struct troth_content_reader *reader,
                       uint8_t *out_sha256)
{
    if (!out_sha256)
        return write_content(r, reader);
    return passed(r, troth_passes_begin_part(r->passes)) && write_content(r, reader) &&
           passed(r, troth_passes_end_part(r->passes, out_sha256));
}

static bool write_file(struct ramdisk *r, const struct troth_tree_entry *entry)
{
    struct troth_content_reader reader;
    uint8_t *out_sha256 = r->ear->digest_of ? r->ear->digest_of(r->ear->state, entry)
                                            : NULL;
    bool done;

    if (!troth_content_open(&reader, r->problem, entry))
        return false;
    done = write_part(r, &reader, out_sha256);
    troth_content_close(&reader);
    return done;
}

static bool write_data(struct ramdisk *r, const struct troth_tree_entry *entry)
{
    if (entry->entry.kind == TROTH_ENTRY_FILE)
        return write_file(r, entry);
    return entry->entry.kind != TROTH_ENTRY_SYMLINK || feed(r, entry->entry.target);
}

static bool write_member(struct ramdisk *r, const struct troth_tree_entry *entry)
{
    static const uint8_t zeros[4];
    uint8_t header[TROTH_CPIO_MEMBER_MAX];
    size_t len;
    const enum troth_err err = troth_cpio_write_member(&r->writer, header, &len,
                                                       &entry->entry, r->mtime);

    if (err)
        return troth_build_fail(r->problem, (const char *)entry->entry.path.ptr,
                                "cannot stand in a ramdisk: %s", troth_err_text(err));
    return feed(r, (struct troth_span){header, len}) && write_data(r, entry) &&
           feed(r, (struct troth_span){zeros, troth_cpio_padding(&entry->entry)});
}

bool troth_ramdisk_write(struct troth_passes *passes, struct troth_build_problem *problem,
                         const struct troth_file_tree *tree, uint32_t mtime,
                         const struct troth_ramdisk_ear *ear)
{
    struct ramdisk r = {.passes = passes, .problem = problem, .ear = ear, .mtime = mtime};
    uint8_t end[TROTH_CPIO_MEMBER_MAX + TROTH_CPIO_ALIGNMENT];
    size_t len;

    for (size_t i = 0; i < troth_file_tree_count(tree); i++) {
        if (!write_member(&r, troth_file_tree_at(tree, i)))
            return false;
        if (ear->wrote)
            ear->wrote(ear->state, r.done);
    }
    troth_cpio_write_end(&r.writer, end, &len);
    return feed(&r, (struct troth_span){end, len});
}
