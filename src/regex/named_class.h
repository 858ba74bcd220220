/* named_class.h - \d, [:alpha:] and their like: classes of ASCII. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_REGEX_NAMED_CLASS_H
#define TROTH_REGEX_NAMED_CLASS_H

#include "regex/ranges.h"
#include "troth/span.h"

struct troth_regex_named_class;

/* Of d, w, s; NULL for any other letter. */
const struct troth_regex_named_class *troth_regex_class_of_letter(uint8_t letter);

/* Of alpha, digit, …; NULL for any other name. */
const struct troth_regex_named_class *troth_regex_class_of_name(struct troth_span name);

/* All that is in it, or with `is_negated` all that is not. With `folds`, letters bring
 * those of the other case, before that. */
void troth_regex_class_add(struct troth_regex_ranges *set,
                           const struct troth_regex_named_class *named, bool is_negated,
                           bool folds);

#endif
