/* parsed_text.h - a tree as text, for tests to compare. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_TEST_PARSED_TEXT_H
#define TROTH_TEST_PARSED_TEXT_H

#include "cel/node.h"

/*
 * Names and literals as they are, "(select a b)", "(has a b)", "(f x y)", "(.f x y)" for
 * calls with a receiver, "[x ?y]", "{k: v}", "(loop i [j] range init condition step
 * result)", "(let x value body)". Valid until the next call.
 */
const char *parsed_text(const struct troth_cel_tree *tree);

#endif
