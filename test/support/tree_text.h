/* tree_text.h - a tree on one line, for tests to compare. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_TEST_SUPPORT_TREE_TEXT_H
#define TROTH_TEST_SUPPORT_TREE_TEXT_H

#include "codec/tree.h"

/*
 * {a: x, b: ["quoted", {}]} without places. With them each key and value is followed by
 * @line:column, and each text by its text_place after '^', with '|' for a block's; what
 * is a line feed in a text is written '$'. Lives until the next call.
 */
const char *test_tree_text(const struct troth_tree_node *root, bool with_places);

#endif
