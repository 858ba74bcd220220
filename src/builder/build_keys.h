/* build_keys.h - the keys of a build file, and the rows of its root file system. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_BUILDER_BUILD_KEYS_H
#define TROTH_BUILDER_BUILD_KEYS_H

#include "builder/build_value.h"

/*
 * troth_build_read_map - take all that is in a map.
 *
 *   out      the struct that its keys describe
 *   map      NULL: nothing is taken
 *   prefix   the map's own name with a dot: "kernel."
 */
TROTH_MUST_USE bool troth_build_read_map(struct troth_build_reading *r, void *out,
                                         const struct troth_tree_node *map,
                                         const char *prefix);

/* What `rootfs` says, and the row that is there without a word: what was compiled. */
TROTH_MUST_USE bool troth_build_read_layers(struct troth_build_reading *r,
                                            struct troth_build_file *out,
                                            const struct troth_tree_node *root);

#endif
