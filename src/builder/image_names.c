/* SPDX-License-Identifier: Apache-2.0 */
#include "builder/image_names.h"

#include "base/span.h"
#include "base/writer.h"

enum { NUMBER_SIZE = 8 };

bool troth_image_names_init(struct troth_image_names *names)
{
    names->paths = troth_file_tree_create();
    names->linked = troth_file_tree_create();
    if (names->paths && names->linked)
        return true;
    troth_image_names_release(names);
    return false;
}

void troth_image_names_release(struct troth_image_names *names)
{
    troth_file_tree_destroy(names->paths);
    troth_file_tree_destroy(names->linked);
    *names = (struct troth_image_names){NULL, NULL};
}

static struct troth_span folder_of(struct troth_span path)
{
    while (path.len && path.ptr[path.len - 1] != '/')
        path.len--;
    return troth_span_slice(path, 0, path.len ? path.len - 1 : 0);
}

/* Its path, and whether it is a folder: nothing else of it counts. */
static const char *keep(struct troth_file_tree *tree, struct troth_span path,
                        bool is_folder)
{
    const struct troth_entry entry = {
        .kind = is_folder ? TROTH_ENTRY_FOLDER : TROTH_ENTRY_FILE, .path = path};

    return troth_file_tree_add(tree, NULL, &entry, NULL, 0, TROTH_TREE_REFUSE)
               ? NULL
               : "is one too many to be kept in mind";
}

static const char *add_path(struct troth_image_names *names,
                            const struct troth_entry *entry)
{
    const struct troth_span above = folder_of(entry->path);
    const struct troth_tree_entry *folder = troth_file_tree_find(names->paths, above);

    if (troth_file_tree_find(names->paths, entry->path))
        return "comes twice";
    if (above.len && !folder)
        return "stands before its folder, or has none";
    if (above.len && folder->entry.kind != TROTH_ENTRY_FOLDER)
        return "lies below what is no folder";
    return keep(names->paths, entry->path, entry->kind == TROTH_ENTRY_FOLDER);
}

/* Linux tells such files apart by their device, too; none is taken here for two. */
static const char *add_number(struct troth_image_names *names,
                              const struct troth_cpio_member *member)
{
    uint8_t text[NUMBER_SIZE];
    struct troth_writer w = troth_writer_over(text, sizeof text);

    for (int shift = 24; shift >= 0; shift -= 8) {
        const uint8_t byte = (uint8_t)(member->ino >> shift);

        troth_write_hex(&w, (struct troth_span){&byte, 1});
    }
    if (troth_file_tree_find(names->linked, troth_writer_span(&w)))
        return "is a hard link to another file";
    return keep(names->linked, troth_writer_span(&w), false);
}

const char *troth_image_names_add(struct troth_image_names *names,
                                  const struct troth_cpio_member *member)
{
    const struct troth_entry *entry = &member->entry;
    const bool may_be_linked = entry->kind != TROTH_ENTRY_FOLDER &&
                               entry->kind != TROTH_ENTRY_SYMLINK;
    const char *why = entry->path.len ? add_path(names, entry) : NULL;

    return !why && may_be_linked && member->links > 1 ? add_number(names, member) : why;
}
