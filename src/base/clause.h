/* clause.h - a sentence for people, made of a pattern and of words, in a given room. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_BASE_CLAUSE_H
#define TROTH_BASE_CLAUSE_H

#include "troth/span.h"

/* Words of one clause. */
#define TROTH_CLAUSE_WORDS 3

/*
 * troth_clause_write - `pattern` with each '%' replaced by the next of the words.
 *
 *   out    `size` bytes, at least 4; ends with a zero byte
 *   words  TROTH_CLAUSE_WORDS of them, UTF-8; control characters become spaces, so that
 *          a clause is one line whatever was quoted in it
 *
 * Shape    what does not fit is cut between two characters and ends with "..."
 */
void troth_clause_write(char *out, size_t size, const char *pattern,
                        const struct troth_span *words);

#endif
