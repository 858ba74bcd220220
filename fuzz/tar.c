/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes as a tar, as they are and with sums that are right: what is handed out is
 * what a tree may be asked to hold, and never leads out of it. */
#include "image/tar.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/span.h"
#include "image/oci.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { SUM_AT = 148, SUM_LEN = 8 };

static void require(bool holds)
{
    if (!holds)
        abort();
}

static void put_sum(uint8_t *block)
{
    unsigned sum = 0;
    char text[SUM_LEN];

    memset(block + SUM_AT, ' ', SUM_LEN);
    for (size_t i = 0; i < TROTH_TAR_BLOCK; i++)
        sum += block[i];
    (void)snprintf(text, sizeof(text), "%06o", sum);
    memcpy(block + SUM_AT, text, SUM_LEN - 1);
}

static void check_name(struct troth_span path)
{
    struct troth_span folder, name;
    const enum troth_oci_name kind = troth_oci_name(&folder, &name, path);

    require(troth_entry_path_is_plain(folder) && troth_entry_path_is_plain(name));
    if (kind == TROTH_OCI_NAME_PLAIN && path.len)
        require(folder.len + name.len + (folder.len > 0) == path.len);
    if (kind == TROTH_OCI_NAME_REMOVES)
        require(name.len > 0);
}

static void check_entry(const struct troth_tar *tar)
{
    const struct troth_entry *const entry = &tar->entry;
    const bool is_link = entry->kind == TROTH_ENTRY_SYMLINK ||
                         entry->kind == TROTH_ENTRY_HARD_LINK;

    require(entry->kind != TROTH_ENTRY_NONE && entry->mode <= 07777);
    require(troth_entry_path_is_plain(entry->path));
    require(entry->path.len || entry->kind == TROTH_ENTRY_FOLDER);
    require(is_link == (entry->target.len > 0));
    require(entry->target.len <= TROTH_ENTRY_LINK_MAX);
    require(entry->kind != TROTH_ENTRY_HARD_LINK ||
            troth_entry_path_is_plain(entry->target));
    require(entry->size <= INT64_MAX &&
            (entry->size == 0 || entry->kind == TROTH_ENTRY_FILE));
    require(!tar->grants_rights || tar->has_attributes);
    check_name(entry->path);
}

static void copy(uint8_t *block, const uint8_t *from, bool with_sum)
{
    memcpy(block, from, TROTH_TAR_BLOCK);
    if (with_sum && !troth_span_is_zero((struct troth_span){block, TROTH_TAR_BLOCK}))
        put_sum(block);
}

/* One block; false where there is no more to read. */
static bool take(struct troth_tar *tar, const uint8_t *block, size_t size)
{
    const uint64_t at = tar->offset;
    enum troth_tar_step step;
    struct troth_fault fault;
    const enum troth_err err = troth_tar_feed(tar, &step, &fault, block);

    require(fault.err == err && !err == !fault.field);
    require(!err || (fault.offset == at && step == TROTH_TAR_MORE && !tar->entry.kind));
    if (err || step == TROTH_TAR_END)
        return false;
    if (step == TROTH_TAR_ENTRY) {
        check_entry(tar);
        /* Contents are short here, so that there is more to read. */
        if (tar->entry.size <= size)
            troth_tar_skip(tar);
    }
    require(tar->offset % TROTH_TAR_BLOCK == 0 && tar->offset > at);
    return true;
}

static void read_all(const uint8_t *data, size_t size, bool with_sums)
{
    static struct troth_tar tar;
    uint8_t block[TROTH_TAR_BLOCK];

    memset(&tar, 0, sizeof(tar));
    while (tar.offset < size && size - tar.offset >= TROTH_TAR_BLOCK) {
        copy(block, data + tar.offset, with_sums && !tar.kind_of_text);
        if (!take(&tar, block, size))
            break;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    read_all(data, size, false);
    read_all(data, size, true);
    return 0;
}
