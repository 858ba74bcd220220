/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "builder/file_index.h"

/* One entry of another tree, at its new place. */
static bool merge_entry(struct troth_file_tree *into, struct troth_build_problem *problem,
                        const struct troth_tree_entry *from, struct troth_entry *entry,
                        size_t row, enum troth_tree_clash clash)
{
    const struct troth_file_node *const there = troth_file_index_find(into, entry->path);
    const bool is_own = from->row == SIZE_MAX;

    /* A folder that nobody has asked for says nothing of one that somebody has. */
    if (is_own && there && there->entry.entry.kind == TROTH_ENTRY_FOLDER)
        return true;
    return troth_file_tree_add(into, problem, entry, &from->content,
                               is_own ? SIZE_MAX : row, clash);
}

/* Where it all is to go. */
static bool make_folder(struct troth_file_tree *tree, struct troth_build_problem *problem,
                        struct troth_span at)
{
    const struct troth_entry folder = {
        .kind = TROTH_ENTRY_FOLDER, .path = at, .mode = 0755};
    const struct troth_tree_entry *const there = troth_file_tree_find(tree, at);

    if (there && there->entry.kind == TROTH_ENTRY_FOLDER)
        return true;
    return troth_file_tree_add(tree, problem, &folder, NULL, SIZE_MAX, TROTH_TREE_REFUSE);
}

bool troth_file_tree_merge(struct troth_file_tree *into,
                           struct troth_build_problem *problem,
                           const struct troth_file_tree *from, struct troth_span at,
                           size_t row, enum troth_tree_clash clash)
{
    uint8_t path[TROTH_ENTRY_PATH_MAX];
    const size_t lead = at.len ? at.len + 1 : 0;

    if (!make_folder(into, problem, at))
        return false;
    if (at.len) {
        memcpy(path, at.ptr, at.len);
        path[at.len] = '/';
    }
    for (const struct troth_file_node *node = &from->root;
         (node = troth_file_index_after(&from->root, node));) {
        struct troth_entry entry = node->entry.entry;

        if (lead > sizeof(path) || entry.path.len > sizeof(path) - lead)
            return troth_build_fail(problem, (const char *)entry.path.ptr,
                                    "has too long a path, where it is to go");
        memcpy(path + lead, entry.path.ptr, entry.path.len);
        entry.path = (struct troth_span){path, lead + entry.path.len};
        if (!merge_entry(into, problem, &node->entry, &entry, row, clash))
            return false;
    }
    return true;
}
