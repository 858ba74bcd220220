/*
 * regex.h - regular expressions in time linear in the text, whatever the pattern.
 *
 * RE2's syntax, as far as this header says; no backtracking, so no pattern is a weapon.
 * It is asked whether there is a match, not where: which of several (greedy or lazy) and
 * what the groups hold makes no difference.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_REGEX_REGEX_H
#define TROTH_REGEX_REGEX_H

#include <stdbool.h>

#include "troth/arena.h"
#include "troth/error.h"
#include "troth/span.h"

#define TROTH_REGEX_PATTERN_MAX 4096  /* bytes */
#define TROTH_REGEX_STATES_MAX  16384 /* after counted repeats are written out */
#define TROTH_REGEX_REPEAT_MAX  1000  /* {n,m}, as RE2 */
#define TROTH_REGEX_NESTING_MAX 100

struct troth_regex_state;

/* Read-only once made; several threads may search with it. */
struct troth_regex {
    const struct troth_regex_state *states; /* the first is where it starts */
    uint32_t count;
    bool is_anchored;         /* matches at the text's beginning or not at all */
    struct troth_span prefix; /* what every match begins with, up to 32 bytes */
};

/*
 * troth_regex_compile - a pattern as a machine of states, in the arena.
 *
 *   fault   field "regex.…" and the offset in the pattern; may be NULL
 *
 * Shape    literals and escapes (\n \t \x{10FFFF} \x7F \Q…\E \. …); . [a-z] [^a-z]
 *          [[:alpha:]] \d \w \s \D \W \S; * + ? {n} {n,} {n,m} and their lazy forms;
 *          (…) (?:…) (?P<name>…) (?<name>…) (?i) (?s) (?m) (?U) and (?i:…); | ^ $ \A \z
 *          \b \B; Unicode by code points. $ is the text's end only, not the line feed
 *          before it. \d \w \s \b and [[:…:]] know ASCII alone.
 * Limits   (?i) folds as regex/fold.h says: Latin to U+017F, Greek, Cyrillic, Armenian.
 *          \pN, \p{Greek}, \C, references back and look-around: UNSUPPORTED
 * Errors   TROTH_ERR_VALUE (not a pattern), TROTH_ERR_UNSUPPORTED, TROTH_ERR_LIMIT,
 * TROTH_ERR_DEPTH, TROTH_ERR_TEXT (not UTF-8), TROTH_ERR_MEMORY Spec     [RE2] syntax
 */
TROTH_MUST_USE enum troth_err troth_regex_compile(struct troth_regex *out,
                                                  struct troth_fault *fault,
                                                  struct troth_span pattern,
                                                  struct troth_arena *arena);

/*
 * troth_regex_search - does the pattern match anywhere in the text?
 *
 *   text    UTF-8 (checked by the caller)
 *   steps   in: how many are allowed; out: how many are left. One for each code point,
 *           for each visit of a state, and for every 16 bytes that are passed over
 *   arena   room for two sets of states, about 4 bytes a state; given back before
 *           returning
 *
 * Errors   TROTH_ERR_LIMIT: out of steps; TROTH_ERR_MEMORY
 */
TROTH_MUST_USE enum troth_err troth_regex_search(bool *out,
                                                 const struct troth_regex *regex,
                                                 struct troth_span text, uint64_t *steps,
                                                 struct troth_arena *arena);

#endif
