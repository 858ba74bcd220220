/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/span.h"
#include "builder/building.h"

/* Where a bzImage says which version it is. [X86-BOOT] kernel_version */
enum { VERSION_AT = 0x20e, VERSION_BASE = 0x200, HEAD_SIZE = 0x10000 };

/* ---- the kernel ---- */

/* Packages are unpacked with a merged /usr, whose old names still lead there. */
static const struct troth_tree_entry *find_file(const struct troth_file_tree *tree,
                                                const char *path)
{
    char merged[TROTH_ENTRY_PATH_MAX + 1];
    const struct troth_tree_entry *found = troth_file_tree_find(tree,
                                                                troth_span_of_text(path));

    if (!found) {
        (void)snprintf(merged, sizeof merged, "usr/%s", path);
        found = troth_file_tree_find(tree, troth_span_of_text(merged));
    }
    return found && found->entry.kind == TROTH_ENTRY_FILE ? found : NULL;
}

static const struct troth_tree_entry *find_kernel(struct troth_building *b,
                                                  struct troth_file_tree *packages)
{
    const char *path = b->file->kernel.file;
    const struct troth_tree_entry *found = NULL;
    struct troth_file_tree *tree;
    int file;

    if (packages) {
        found = find_file(packages, path);
        if (!found)
            (void)troth_build_fail(b->problem, path,
                                   "is no file in the kernel's packages");
    } else if (troth_building_open_any(b, &file, path) &&
               troth_building_file_tree(b, &tree, path, file)) {
        found = troth_file_tree_at(tree, 0);
    }
    return found;
}

/* The first word of what the kernel says of itself, which is not measured. */
static void find_version(struct troth_building *b)
{
    uint8_t head[HEAD_SIZE];
    const ssize_t len = pread(b->kernel, head, sizeof head, 0);
    size_t at, n = 0;

    (void)snprintf(b->kernel_version, sizeof b->kernel_version, "unknown");
    if (len < VERSION_AT + 2)
        return;
    at = (size_t)(head[VERSION_AT] | head[VERSION_AT + 1] << 8) + VERSION_BASE;
    if (!troth_span_equal((struct troth_span){head + 0x202, 4}, TROTH_LITERAL("HdrS")))
        return;
    while (at + n < (size_t)len && head[at + n] > ' ' && head[at + n] < 0x7f &&
           n + 1 < sizeof b->kernel_version) {
        b->kernel_version[n] = (char)head[at + n];
        n++;
    }
    if (n > 0)
        b->kernel_version[n] = '\0';
}

bool troth_building_kernel(struct troth_building *b,
                           struct troth_file_tree **out_packages)
{
    const struct troth_tree_entry *entry;
    struct troth_input input = {.kind = TROTH_INPUT_KERNEL, .name = b->file->kernel.file};

    *out_packages = NULL;
    if (b->file->kernel.packages.count > 0 &&
        (!troth_building_list_packages(b, &b->file->kernel.packages, "kernel", true) ||
         !troth_building_tree(b, out_packages) ||
         !troth_building_unpack(b, *out_packages, "kernel", 0)))
        return false;
    entry = find_kernel(b, *out_packages);
    if (!entry || !troth_building_copy(b, &b->kernel, &input, entry))
        return false;
    if (b->file->kernel.has_sha256 &&
        !troth_span_equal((struct troth_span){input.sha256, 32},
                          (struct troth_span){b->file->kernel.sha256, 32}))
        return troth_build_fail(b->problem, input.name,
                                "is not the kernel of kernel.sha256");
    find_version(b);
    return troth_inputs_add(&b->out->inputs, b->problem, &input);
}
