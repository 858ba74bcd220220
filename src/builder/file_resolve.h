/* file_resolve.h - where a path leads inside of a tree, links on the way followed. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_BUILDER_FILE_RESOLVE_H
#define TROTH_BUILDER_FILE_RESOLVE_H

#include "builder/file_tree.h"

/* As many links as Linux follows in one path. */
#define TROTH_FILE_RESOLVE_LINKS 40
/* Twice as many folders as a path can have. Without it, links that lead through deep
 * folders would make each of a million paths one of 20,000 steps. */
#define TROTH_FILE_RESOLVE_STEPS 1024

struct troth_resolved {
    uint8_t path[TROTH_ENTRY_PATH_MAX];
    size_t len;
};

/*
 * troth_file_resolve - the path of the same thing without links among its folders; what
 * is last in it is not followed. Nothing leads above the root, as in a root file system.
 *
 * Errors   TROTH_ERR_LIMIT: too many links, too far, or too long
 */
TROTH_MUST_USE enum troth_err troth_file_resolve(struct troth_resolved *out,
                                                 const struct troth_file_tree *tree,
                                                 struct troth_span path);

/* The same for a folder, which is followed itself, and a name in it; "" is none. */
TROTH_MUST_USE enum troth_err troth_file_resolve_in(struct troth_resolved *out,
                                                    const struct troth_file_tree *tree,
                                                    struct troth_span folder,
                                                    struct troth_span name);

#endif
