/*
 * fold.h - letters that are one where case does not matter.
 *
 * Unicode's simple folding for all letters of ASCII, Latin-1, Latin Extended-A, Greek,
 * Cyrillic and Armenian (to U+0556, without U+0180 to U+036F), and for the letters
 * elsewhere that fold to one of them. Others are as they are.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_REGEX_FOLD_H
#define TROTH_REGEX_FOLD_H

#include "regex/ranges.h"

/* First to last, and the letters of the other case of all that are letters there. */
void troth_regex_fold_add(struct troth_regex_ranges *set, uint32_t first, uint32_t last);

#endif
