/* SPDX-License-Identifier: Apache-2.0 */
#include "base/nearest.h"

#include "base/span.h"

/* Longer words are nobody's. */
#define WORD_MAX 64

static size_t least(size_t a, size_t b, size_t c)
{
    size_t ab = a < b ? a : b;

    return ab < c ? ab : c;
}

/* Levenshtein's, one row at a time. */
static size_t distance(struct troth_span a, struct troth_span b)
{
    size_t row[WORD_MAX + 1];

    for (size_t k = 0; k <= b.len; k++)
        row[k] = k;
    for (size_t i = 0; i < a.len; i++) {
        size_t diagonal = row[0];

        row[0] = i + 1;
        for (size_t k = 0; k < b.len; k++) {
            size_t changed = diagonal + (a.ptr[i] != b.ptr[k]);

            diagonal = row[k + 1];
            row[k + 1] = least(changed, diagonal + 1, row[k] + 1);
        }
    }
    return row[b.len];
}

void troth_nearest_offer(struct troth_nearest *best, struct troth_span typed,
                         const char *word)
{
    struct troth_span offered = troth_span_of_text(word);
    size_t away;

    if (typed.len > WORD_MAX || offered.len > WORD_MAX)
        return;
    away = distance(typed, offered);
    if (away > (typed.len + 2) / 3 || away == offered.len)
        return;
    if (!best->word || away < best->distance)
        *best = (struct troth_nearest){word, away};
}
