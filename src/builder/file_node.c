/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "base/span.h"
#include "builder/file_index.h"

static bool same_content(const struct troth_content *a, const struct troth_content *b,
                         uint64_t size)
{
    if (!a->bytes != !b->bytes)
        return false;
    if (a->bytes)
        return a->bytes == b->bytes ||
               (size <= TROTH_CONTENT_COPIED_MAX &&
                troth_span_equal((struct troth_span){a->bytes, (size_t)size},
                                 (struct troth_span){b->bytes, (size_t)size}));
    if (size == 0)
        return true;
    if (!a->path != !b->path)
        return false;
    return a->descriptor == b->descriptor && a->offset == b->offset &&
           (!a->path || strcmp(a->path, b->path) == 0);
}

bool troth_file_node_same(const struct troth_file_node *node,
                          const struct troth_entry *entry,
                          const struct troth_content *content)
{
    const struct troth_tree_entry *const a = &node->entry;

    return a->entry.kind == entry->kind && a->entry.mode == entry->mode &&
           a->entry.user == entry->user && a->entry.group == entry->group &&
           (entry->kind == TROTH_ENTRY_SYMLINK
                ? troth_span_equal(a->entry.target, entry->target)
                : a->entry.size == entry->size &&
                      same_content(&a->content, content, entry->size));
}

bool troth_file_node_fill(struct troth_file_tree *tree, struct troth_file_node *node,
                          const struct troth_entry *entry,
                          const struct troth_content *content)
{
    const struct troth_span path = node->entry.entry.path;
    struct troth_tree_entry *const out = &node->entry;

    out->entry = *entry;
    out->entry.path = path;
    out->entry.target = (struct troth_span){NULL, 0};
    out->content = (struct troth_content){.descriptor = -1};
    if (entry->kind == TROTH_ENTRY_SYMLINK) {
        out->entry.size = 0;
        out->entry.target = (struct troth_span){
            troth_file_index_copy(tree, entry->target.ptr, entry->target.len),
            entry->target.len};
        return out->entry.target.ptr;
    }
    if (entry->kind != TROTH_ENTRY_FILE) {
        out->entry.size = 0;
        return true;
    }
    out->content = *content;
    if (content->path) {
        out->content.path = (const char *)troth_file_index_copy(
            tree, (const uint8_t *)content->path, strlen(content->path));
        return out->content.path;
    }
    if (content->bytes && entry->size <= TROTH_CONTENT_COPIED_MAX) {
        out->content.bytes = troth_file_index_copy(tree, content->bytes,
                                                   (size_t)entry->size);
        return out->content.bytes;
    }
    return true;
}
