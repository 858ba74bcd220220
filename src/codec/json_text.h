/* json_text.h - what stands between the quotes of a JSON string. For json.c alone. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_CODEC_JSON_TEXT_H
#define TROTH_CODEC_JSON_TEXT_H

#include <stdbool.h>

#include "base/word.h"
#include "troth/error.h"
#include "troth/span.h"

/* Does it stand for itself in a string, and is ASCII? */
static inline bool troth_json_is_plain(uint8_t c)
{
    return c >= 0x20 && c < 0x80 && c != '"' && c != '\\';
}

/* The first character from `next` on that is not plain; or `end`. */
static inline const uint8_t *troth_json_skip_plain(const uint8_t *next,
                                                   const uint8_t *end)
{
    while (end - next >= TROTH_WORD_SIZE) {
        const uint64_t word = troth_word_at(next);
        const uint64_t marks = troth_word_below(word, 0x20) |
                               troth_word_equal(word, '"') |
                               troth_word_equal(word, '\\') |
                               (word & TROTH_WORD_OF(0x80));

        if (marks)
            return next + troth_word_first(marks);
        next += TROTH_WORD_SIZE;
    }
    while (next != end && troth_json_is_plain(*next))
        next++;
    return next;
}

/*
 * troth_json_text_scan - check a string up to its closing quote.
 *
 *   rest   begins after the opening quote; moved to the closing one, or on failure to
 *          the character at fault
 *
 * Errors   TROTH_ERR_SHORT, TROTH_ERR_VALUE (control character, escape), TROTH_ERR_TEXT
 * Spec     [RFC8259] 7
 */
TROTH_MUST_USE enum troth_err troth_json_text_scan(struct troth_span *rest);

/* Do two checked strings decode to the same text? */
bool troth_json_text_equal(struct troth_span a, struct troth_span b);

#endif
