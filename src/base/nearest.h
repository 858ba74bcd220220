/* nearest.h - what a mistyped word was meant to be. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_BASE_NEAREST_H
#define TROTH_BASE_NEAREST_H

#include "troth/span.h"

/* The search so far; start from a zeroed one. */
struct troth_nearest {
    const char *word; /* NULL: nothing near enough */
    size_t distance;
};

/* Take `word` if it is nearer to `typed` than what is there: fewer single letters to
 * change, add or leave out, and no more of them than a third of what was typed. */
void troth_nearest_offer(struct troth_nearest *best, struct troth_span typed,
                         const char *word);

#endif
