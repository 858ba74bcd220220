/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes as a cpio archive: what is read is within them and is what an image may hold,
 * what is written of it is read as the same, and what is refused leaves nothing. */
#include "image/cpio.h"

#include <stdlib.h>

#include "base/span.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool holds)
{
    if (!holds)
        abort();
}

static bool same(const struct troth_cpio_member *a, const struct troth_cpio_member *b)
{
    return a->entry.kind == b->entry.kind && a->entry.mode == b->entry.mode &&
           a->entry.user == b->entry.user && a->entry.group == b->entry.group &&
           a->data_size == b->data_size && a->mtime == b->mtime &&
           troth_span_equal(a->entry.path, b->entry.path);
}

static void write_again(const struct troth_cpio_member *member)
{
    static uint8_t target[TROTH_ENTRY_LINK_MAX];
    struct troth_cpio_writer writer = {0};
    uint8_t out[TROTH_CPIO_MEMBER_MAX];
    struct troth_entry entry = member->entry;
    struct troth_cpio_member again;
    size_t len, read_len;

    entry.size = member->data_size;
    if (entry.kind == TROTH_ENTRY_SYMLINK)
        entry.target = (struct troth_span){target, (size_t)member->data_size};
    if (troth_cpio_write_member(&writer, out, &len, &entry, member->mtime))
        return;
    require(writer.written == len + member->data_size + troth_cpio_padding(&entry));
    require(
        !troth_cpio_read_member(&again, &read_len, NULL, (struct troth_span){out, len}));
    require(read_len == len && same(member, &again));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct troth_span rest = {data, size};

    while (rest.len) {
        struct troth_cpio_member member;
        struct troth_fault fault;
        size_t len;
        const enum troth_err err = troth_cpio_read_member(&member, &len, &fault, rest);

        require(fault.err == err && fault.offset <= rest.len && !err == !fault.field);
        if (err) {
            require(!len && !member.entry.kind && !member.end && !member.data_size);
            break;
        }
        require(len >= TROTH_CPIO_HEADER_SIZE && len <= rest.len && len % 4 == 0);
        require(troth_entry_path_is_plain(member.entry.path));
        require(member.end == !member.entry.kind);
        if (member.end)
            break;
        write_again(&member);
        len += (size_t)((member.data_size + 3) & ~UINT64_C(3));
        rest = troth_span_slice(rest, len < rest.len ? len : rest.len, rest.len);
    }
    return 0;
}
