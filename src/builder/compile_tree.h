/* compile_tree.h - a file tree, written out to be used. For compile.c alone. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_BUILDER_COMPILE_TREE_H
#define TROTH_BUILDER_COMPILE_TREE_H

#include "builder/file_tree.h"

/* Who has everything, and since when. */
struct troth_compile_owner {
    bool is_given; /* else it is this user's, who cannot give anything away */
    uint32_t user, group;
    int64_t time_s;
};

/*
 * troth_compile_write_tree - all of a finished tree into an open, empty folder, in the
 * tree's order.
 *
 *   tree   NULL: nothing
 *
 * Shape    the modes of the tree without set-user-id and its kin
 */
TROTH_MUST_USE bool troth_compile_write_tree(struct troth_build_problem *problem,
                                             const struct troth_file_tree *tree,
                                             int folder,
                                             const struct troth_compile_owner *owner);

/* The folders that others are mounted on, and a user with a name, in a written tree. */
TROTH_MUST_USE bool troth_compile_write_places(struct troth_build_problem *problem,
                                               int folder,
                                               const struct troth_compile_owner *owner);

/* The times of a tree's folders, once nothing changes in them any more. */
TROTH_MUST_USE bool troth_compile_finish_tree(struct troth_build_problem *problem,
                                              const struct troth_file_tree *tree,
                                              int folder,
                                              const struct troth_compile_owner *owner);

#endif
