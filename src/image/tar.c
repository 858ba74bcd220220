/* SPDX-License-Identifier: Apache-2.0 */
#include "image/tar.h"

#include "base/memory.h"
#include "base/span.h"
#include "image/tar_header.h"
#include "image/tar_pax.h"

/* A user or group of this number means "as it is" to the system. */
#define NOBODY UINT32_MAX

static const struct {
    uint8_t type;
    enum troth_entry_kind kind;
} kinds[] = {
    {0, TROTH_ENTRY_FILE},        {'0', TROTH_ENTRY_FILE},    {'7', TROTH_ENTRY_FILE},
    {'1', TROTH_ENTRY_HARD_LINK}, {'2', TROTH_ENTRY_SYMLINK}, {'3', TROTH_ENTRY_DEVICE},
    {'4', TROTH_ENTRY_DEVICE},    {'5', TROTH_ENTRY_FOLDER},  {'6', TROTH_ENTRY_PIPE},
};

static enum troth_entry_kind kind_of(uint8_t type)
{
    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
        if (kinds[i].type == type)
            return kinds[i].kind;
    return TROTH_ENTRY_NONE;
}

static enum troth_err fail(struct troth_fault *fault, enum troth_err err,
                           const char *field)
{
    fault->err = err;
    fault->field = field;
    return err;
}

/* Nothing of the entry before counts for the next. */
static void forget_entry(struct troth_tar *tar)
{
    tar->entry = (struct troth_entry){.kind = TROTH_ENTRY_NONE};
    tar->has_attributes = tar->grants_rights = false;
    tar->path_len = tar->target_len = 0;
    tar->path_is_folder = false;
    tar->has_path = tar->has_target = tar->has_size = false;
    tar->has_user = tar->has_group = tar->handed_out = false;
    tar->size = tar->user = tar->group = 0;
}

/* What the header says counts where nothing before it has said otherwise. */
static enum troth_err take_names(struct troth_tar *tar, struct troth_fault *fault,
                                 const struct troth_tar_header *header)
{
    uint8_t joined[TROTH_TAR_BLOCK];
    size_t len = 0;
    enum troth_err err;

    if (!tar->has_path) {
        if (header->prefix.len) {
            memcpy(joined, header->prefix.ptr, header->prefix.len);
            len = header->prefix.len;
            joined[len++] = '/';
        }
        if (header->name.len)
            memcpy(joined + len, header->name.ptr, header->name.len);
        len += header->name.len;
        err = troth_tar_take_path(tar, (struct troth_span){joined, len});
        if (err)
            return fail(fault, err, "tar.path");
    }
    if (!tar->has_target && (err = troth_tar_take_target(tar, header->link)))
        return fail(fault, err, "tar.linkpath");
    return TROTH_OK;
}

static enum troth_err take_numbers(struct troth_tar *tar, struct troth_fault *fault,
                                   const struct troth_tar_header *header)
{
    if (!tar->has_size)
        tar->size = header->size;
    if (!tar->has_user)
        tar->user = header->user;
    if (!tar->has_group)
        tar->group = header->group;
    if (tar->user >= NOBODY)
        return fail(fault, TROTH_ERR_LIMIT, "tar.uid");
    if (tar->group >= NOBODY)
        return fail(fault, TROTH_ERR_LIMIT, "tar.gid");
    if (tar->size > INT64_MAX)
        return fail(fault, TROTH_ERR_LIMIT, "tar.size");
    return TROTH_OK;
}

/* Where readers would disagree what the entry is, or how long, nobody is right. */
static enum troth_err check_shape(struct troth_tar *tar, struct troth_fault *fault,
                                  const struct troth_tar_header *header)
{
    struct troth_entry *const entry = &tar->entry;

    /* As archives were written before there was a letter for folders. */
    if (header->type == 0 && tar->path_is_folder)
        entry->kind = TROTH_ENTRY_FOLDER;
    if (entry->kind != TROTH_ENTRY_FOLDER && (tar->path_len == 0 || tar->path_is_folder))
        return fail(fault, TROTH_ERR_VALUE, "tar.path");
    if (entry->kind != TROTH_ENTRY_FILE && (tar->size || header->size))
        return fail(fault, TROTH_ERR_VALUE, "tar.size");
    return TROTH_OK;
}

static enum troth_err take_link(struct troth_tar *tar, struct troth_fault *fault)
{
    const bool is_hard = tar->entry.kind == TROTH_ENTRY_HARD_LINK;
    enum troth_err err = TROTH_OK;

    if (!is_hard && tar->entry.kind != TROTH_ENTRY_SYMLINK)
        return TROTH_OK;
    if (is_hard)
        err = troth_entry_path_clean(tar->target, &tar->target_len,
                                     (struct troth_span){tar->target, tar->target_len});
    if (!err && tar->target_len == 0)
        err = TROTH_ERR_VALUE;
    if (err)
        return fail(fault, err, "tar.linkpath");
    tar->entry.target = (struct troth_span){tar->target, tar->target_len};
    return TROTH_OK;
}

static enum troth_err take_entry(struct troth_tar *tar, struct troth_fault *fault,
                                 const struct troth_tar_header *header)
{
    enum troth_err err;

    tar->entry = (struct troth_entry){.kind = kind_of(header->type),
                                      .mode = header->mode};
    if (!tar->entry.kind)
        return fail(fault, TROTH_ERR_UNSUPPORTED, "tar.type");
    if ((err = take_names(tar, fault, header)) ||
        (err = take_numbers(tar, fault, header)) ||
        (err = check_shape(tar, fault, header)) || (err = take_link(tar, fault)))
        return err;
    tar->entry.path = (struct troth_span){tar->path, tar->path_len};
    tar->entry.size = tar->size;
    tar->entry.user = (uint32_t)tar->user;
    tar->entry.group = (uint32_t)tar->group;
    tar->handed_out = true;
    return TROTH_OK;
}

static bool is_text(uint8_t type)
{
    return type == 'x' || type == 'g' || type == 'L' || type == 'K';
}

static enum troth_err begin_text(struct troth_tar *tar, struct troth_fault *fault,
                                 const struct troth_tar_header *header)
{
    if (header->size == 0)
        return fail(fault, TROTH_ERR_VALUE, "tar.size");
    if (header->size > sizeof(tar->text))
        return fail(fault, TROTH_ERR_LIMIT, "tar.size");
    tar->kind_of_text = header->type;
    tar->text_len = tar->text_left = header->size;
    return TROTH_OK;
}

static enum troth_err take_text(struct troth_tar *tar, struct troth_fault *fault,
                                const uint8_t *block)
{
    const size_t done = (size_t)(tar->text_len - tar->text_left);
    const size_t part = tar->text_left < TROTH_TAR_BLOCK ? (size_t)tar->text_left
                                                         : TROTH_TAR_BLOCK;
    const struct troth_span text = {tar->text, (size_t)tar->text_len};
    const uint8_t type = tar->kind_of_text;

    memcpy(tar->text + done, block, part);
    tar->text_left -= part;
    if (tar->text_left)
        return TROTH_OK;
    tar->kind_of_text = 0;
    if (type == 'L' || type == 'K')
        return troth_tar_long_name_apply(tar, fault, text, type);
    return troth_tar_pax_apply(tar, fault, text, type == 'g');
}

static enum troth_err take_zeros(struct troth_tar *tar, enum troth_tar_step *out,
                                 struct troth_fault *fault)
{
    /* A header for an entry that never comes. */
    if (tar->has_path || tar->has_target || tar->has_size || tar->has_user ||
        tar->has_group || tar->has_attributes)
        return fail(fault, TROTH_ERR_VALUE, "tar.pax");
    *out = tar->zero_block ? TROTH_TAR_END : TROTH_TAR_MORE;
    tar->zero_block = true;
    return TROTH_OK;
}

static enum troth_err take_header(struct troth_tar *tar, enum troth_tar_step *out,
                                  struct troth_fault *fault, const uint8_t *block)
{
    struct troth_tar_header header;
    enum troth_err err;

    if (tar->zero_block)
        return fail(fault, TROTH_ERR_VALUE, "tar.end");
    err = troth_tar_header_parse(&header, fault, block);
    if (err)
        return err;
    if (is_text(header.type))
        return begin_text(tar, fault, &header);
    err = take_entry(tar, fault, &header);
    if (!err)
        *out = TROTH_TAR_ENTRY;
    return err;
}

enum troth_err troth_tar_feed(struct troth_tar *tar, enum troth_tar_step *out,
                              struct troth_fault *fault,
                              const uint8_t block[static TROTH_TAR_BLOCK])
{
    struct troth_fault seen = {TROTH_OK, NULL, 0};
    enum troth_err err;

    *out = TROTH_TAR_MORE;
    if (tar->handed_out)
        forget_entry(tar);
    if (tar->kind_of_text)
        err = take_text(tar, &seen, block);
    else if (troth_span_is_zero((struct troth_span){block, TROTH_TAR_BLOCK}))
        err = take_zeros(tar, out, &seen);
    else
        err = take_header(tar, out, &seen, block);
    if (err)
        forget_entry(tar);
    seen.offset = (size_t)tar->offset;
    tar->offset += TROTH_TAR_BLOCK;
    if (fault)
        *fault = err ? seen : (struct troth_fault){TROTH_OK, NULL, 0};
    return err;
}

void troth_tar_skip(struct troth_tar *tar)
{
    const uint64_t last = TROTH_TAR_BLOCK - 1;

    tar->offset += (tar->entry.size + last) & ~last;
}
