/* SPDX-License-Identifier: Apache-2.0 */
#include "image/cpio.h"

#include "base/memory.h"
#include "base/span.h"
#include "base/writer.h"
#include "image/cpio_layout.h"

/* Numbers stand there as eight hexadecimal digits. */
static void write_number(struct troth_writer *w, uint32_t value)
{
    static const uint8_t digits[] = "0123456789ABCDEF";

    for (unsigned shift = 32; shift > 0; shift -= 4)
        troth_write_u8(w, digits[value >> (shift - 4) & 15]);
}

static size_t padding(uint64_t len)
{
    return (size_t)(-len & 3);
}

static void write_zeros(struct troth_writer *w, size_t count)
{
    while (count--)
        troth_write_u8(w, 0);
}

struct numbers {
    uint32_t ino, mode, user, group, mtime, size;
};

static void write_header(struct troth_writer *w, const struct numbers *numbers,
                         struct troth_span name)
{
    const uint32_t fields[TROTH_CPIO_FIELDS] = {
        [TROTH_CPIO_INO] = numbers->ino,
        [TROTH_CPIO_MODE] = numbers->mode,
        [TROTH_CPIO_UID] = numbers->user,
        [TROTH_CPIO_GID] = numbers->group,
        [TROTH_CPIO_NLINK] = 1,
        [TROTH_CPIO_MTIME] = numbers->mtime,
        [TROTH_CPIO_FILESIZE] = numbers->size,
        [TROTH_CPIO_NAMESIZE] = (uint32_t)name.len + 1,
    };

    troth_write_text(w, TROTH_CPIO_MAGIC);
    for (size_t i = 0; i < TROTH_CPIO_FIELDS; i++)
        write_number(w, fields[i]);
    troth_write_bytes(w, name);
    write_zeros(w, 1 + padding(TROTH_CPIO_HEADER_SIZE + name.len + 1));
}

static uint64_t data_size(const struct troth_entry *entry)
{
    switch (entry->kind) {
    case TROTH_ENTRY_FILE:
        return entry->size;
    case TROTH_ENTRY_SYMLINK:
        return entry->target.len;
    case TROTH_ENTRY_NONE:
    case TROTH_ENTRY_FOLDER:
    case TROTH_ENTRY_HARD_LINK:
    case TROTH_ENTRY_DEVICE:
    case TROTH_ENTRY_PIPE:
    case TROTH_ENTRY_SOCKET:
        break;
    }
    return 0;
}

static bool type_of(uint32_t *out, enum troth_entry_kind kind)
{
    switch (kind) {
    case TROTH_ENTRY_FILE:
        *out = TROTH_CPIO_TYPE_FILE;
        return true;
    case TROTH_ENTRY_FOLDER:
        *out = TROTH_CPIO_TYPE_FOLDER;
        return true;
    case TROTH_ENTRY_SYMLINK:
        *out = TROTH_CPIO_TYPE_SYMLINK;
        return true;
    case TROTH_ENTRY_NONE:
    case TROTH_ENTRY_HARD_LINK:
    case TROTH_ENTRY_DEVICE:
    case TROTH_ENTRY_PIPE:
    case TROTH_ENTRY_SOCKET:
        break;
    }
    *out = 0;
    return false;
}

/* A target that Linux would not make a link of: it skips such a member silently. */
static bool is_bad_target(const struct troth_entry *entry)
{
    return entry->kind == TROTH_ENTRY_SYMLINK &&
           (entry->target.len == 0 || entry->target.len > TROTH_ENTRY_LINK_MAX);
}

enum troth_err troth_cpio_write_member(struct troth_cpio_writer *writer, uint8_t *out,
                                       size_t *out_len, const struct troth_entry *entry,
                                       uint32_t mtime)
{
    struct troth_writer w = troth_writer_over(out, TROTH_CPIO_MEMBER_MAX);
    struct numbers numbers = {.user = entry->user, .group = entry->group, .mtime = mtime};

    *out_len = 0;
    /* A file of the trailer's name would be dropped by whoever unpacks the archive. */
    if (!type_of(&numbers.mode, entry->kind) || entry->path.len == 0 ||
        !troth_entry_path_is_plain(entry->path) || is_bad_target(entry) ||
        troth_span_is_text(entry->path, TROTH_CPIO_TRAILER))
        return TROTH_ERR_VALUE;
    if (data_size(entry) > TROTH_CPIO_FILE_MAX || writer->members == UINT32_MAX)
        return TROTH_ERR_LIMIT;

    numbers.ino = ++writer->members;
    numbers.mode |= entry->mode & TROTH_CPIO_PERMISSIONS;
    numbers.size = (uint32_t)data_size(entry);
    write_header(&w, &numbers, entry->path);
    writer->written += troth_cpio_member_size(entry);
    *out_len = w.len;
    return TROTH_OK;
}

size_t troth_cpio_padding(const struct troth_entry *entry)
{
    return padding(data_size(entry));
}

void troth_cpio_write_end(struct troth_cpio_writer *writer, uint8_t *out, size_t *out_len)
{
    struct troth_writer w = troth_writer_over(out, TROTH_CPIO_MEMBER_MAX +
                                                       TROTH_CPIO_ALIGNMENT);
    const uint64_t end = troth_cpio_end_size(writer->written);

    write_header(&w, &(struct numbers){0}, troth_span_of_text(TROTH_CPIO_TRAILER));
    write_zeros(&w, (size_t)(end - w.len));
    writer->written += end;
    *out_len = w.len;
}

static uint64_t header_size(uint64_t name_len)
{
    const uint64_t len = TROTH_CPIO_HEADER_SIZE + name_len + 1;

    return len + padding(len);
}

uint64_t troth_cpio_member_size(const struct troth_entry *entry)
{
    return header_size(entry->path.len) + data_size(entry) + troth_cpio_padding(entry);
}

uint64_t troth_cpio_end_size(uint64_t members_size)
{
    const uint64_t trailer = header_size(sizeof(TROTH_CPIO_TRAILER) - 1);

    return trailer + (-(members_size + trailer) & (TROTH_CPIO_ALIGNMENT - 1));
}
