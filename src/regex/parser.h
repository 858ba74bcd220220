/* parser.h - a pattern while it is being read; for the files that read parts of one. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_REGEX_PARSER_H
#define TROTH_REGEX_PARSER_H

#include "base/cursor.h"
#include "regex/ranges.h"
#include "regex/regex.h"

#define TROTH_REGEX_NONE UINT32_MAX

struct troth_regex_flags {
    bool folds;         /* (?i) */
    bool dot_is_any;    /* (?s) */
    bool is_multi_line; /* (?m) */
};

/* A group that is open. The pattern as a whole is the first of them. */
struct troth_regex_group {
    const uint8_t *at;              /* its parenthesis */
    struct troth_regex_flags flags; /* that hold again behind it */
    uint32_t first;                 /* state */
    uint32_t alternative;           /* first state of the one that is being read */
    uint32_t
        jumps; /* the last jump to its end, whose `next` is the one before; or NONE */
};

struct troth_regex_parser {
    struct troth_cursor c; /* over a pattern that is UTF-8 */
    struct troth_regex_machine machine;
    struct troth_regex_flags flags;
    uint32_t atom;    /* first state of what a repeat would repeat; or NONE */
    bool is_repeated; /* what was read last is a repeat */
    bool is_quoted;   /* behind \Q */
    unsigned depth;
    struct troth_regex_group groups[1 + TROTH_REGEX_NESTING_MAX];
};

/* ---- escape.c */

/* Is this byte next? And is it, and not any more? */
bool troth_regex_is_next(const struct troth_cursor *c, uint8_t byte);
bool troth_regex_take_if(struct troth_cursor *c, uint8_t byte);

/* Fail at an earlier place. */
void troth_regex_fail_at(struct troth_cursor *c, const uint8_t *at, enum troth_err err,
                         const char *field);

/* The code point that comes next; there is one. */
uint32_t troth_regex_take_code_point(struct troth_cursor *c);

/* The one code point that an escape means; its backslash is next. */
uint32_t troth_regex_take_escape(struct troth_cursor *c);

/* The digits that are next, at most `max` of them; how many into `*out_count`. The
 * number is right up to TROTH_REGEX_CODE_POINT_MAX, and above it for those above. */
uint32_t troth_regex_take_digits(struct troth_cursor *c, uint32_t base, size_t max,
                                 size_t *out_count);

/* ---- bracket.c */

/* \d, \W and their like into the set, if that is next. */
bool troth_regex_take_letter_class(struct troth_regex_parser *p,
                                   struct troth_regex_ranges *set);

/* [a-z] and its like, whose bracket is next, as a fragment. */
void troth_regex_take_bracket(struct troth_regex_parser *p);

/* ---- group.c */

/* What has a parenthesis next: a group begins, or only flags change. */
void troth_regex_open_group(struct troth_regex_parser *p);

/* The same without looking: flags are already those inside. */
void troth_regex_push_group(struct troth_regex_parser *p, const uint8_t *at,
                            struct troth_regex_flags outer);

/* At a | and at a ): */
void troth_regex_next_alternative(struct troth_regex_parser *p);
void troth_regex_close_group(struct troth_regex_parser *p);

/* All alternatives of the innermost group lead to its end, which is here. */
void troth_regex_join_alternatives(struct troth_regex_parser *p);

/* ---- repeat.c */

/* At one of * + ? {: repeats the atom. False: a { that is a character like any other. */
bool troth_regex_take_repeat(struct troth_regex_parser *p);

/* ---- token.c */

/* The next token of the pattern; there is one. */
void troth_regex_take_token(struct troth_regex_parser *p);

#endif
