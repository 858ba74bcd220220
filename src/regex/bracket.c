/* SPDX-License-Identifier: Apache-2.0 */
#include "regex/fold.h"
#include "regex/named_class.h"
#include "regex/parser.h"

bool troth_regex_take_letter_class(struct troth_regex_parser *p,
                                   struct troth_regex_ranges *set)
{
    struct troth_cursor *const c = &p->c;

    if (!troth_regex_is_next(c, '\\') || troth_cursor_left(c) < 2)
        return false;

    const uint8_t letter = c->next[1];
    const bool is_negated = letter >= 'A' && letter <= 'Z';
    const struct troth_regex_named_class *const named = troth_regex_class_of_letter(
        is_negated ? letter | 0x20 : letter);
    if (!named)
        return false;
    c->next += 2;
    troth_regex_class_add(set, named, is_negated, p->flags.folds);
    return true;
}

/* [:alpha:] or [:^alpha:], if that is next; without its end it is but a bracket. */
static bool take_named_class(struct troth_regex_parser *p, struct troth_regex_ranges *set)
{
    struct troth_cursor *const c = &p->c;
    const uint8_t *const start = c->next;

    if (troth_cursor_left(c) < 2 || start[0] != '[' || start[1] != ':')
        return false;

    const uint8_t *end = start + 2;
    while (c->end - end >= 2 && (end[0] != ':' || end[1] != ']'))
        end++;
    if (c->end - end < 2)
        return false;

    const bool is_negated = start[2] == '^';
    const uint8_t *const name = start + 2 + is_negated;
    const struct troth_regex_named_class *const named = troth_regex_class_of_name(
        (struct troth_span){name, (size_t)(end - name)});
    if (!named) {
        troth_cursor_fail(c, TROTH_ERR_VALUE, "regex.class");
        return true;
    }
    c->next = end + 2;
    troth_regex_class_add(set, named, is_negated, p->flags.folds);
    return true;
}

static uint32_t take_character(struct troth_cursor *c)
{
    if (c->next == c->end)
        return 0; /* the bracket is never closed, which its reader says */
    return *c->next == '\\' ? troth_regex_take_escape(c) : troth_regex_take_code_point(c);
}

/* One code point, or first to last. */
static void take_range(struct troth_regex_parser *p, struct troth_regex_ranges *set)
{
    struct troth_cursor *const c = &p->c;
    const uint8_t *const start = c->next;
    const uint32_t first = take_character(c);
    uint32_t last = first;

    if (troth_cursor_left(c) >= 2 && c->next[0] == '-' && c->next[1] != ']') {
        c->next++;
        last = take_character(c);
    }
    if (last < first)
        troth_regex_fail_at(c, start, TROTH_ERR_VALUE, "regex.range");
    if (c->fault.err)
        return;
    if (p->flags.folds)
        troth_regex_fold_add(set, first, last);
    else
        troth_regex_ranges_add(set, first, last);
}

void troth_regex_take_bracket(struct troth_regex_parser *p)
{
    struct troth_cursor *const c = &p->c;
    const uint8_t *const start = c->next++;
    const bool is_negated = troth_regex_take_if(c, '^');
    const uint8_t *const first = c->next; /* where a ] is a character */
    struct troth_regex_ranges set = troth_regex_ranges_begin(&p->machine);

    while (c->next != c->end && (*c->next != ']' || c->next == first))
        if (!take_named_class(p, &set) && !troth_regex_take_letter_class(p, &set))
            take_range(p, &set);
    if (!troth_regex_take_if(c, ']'))
        troth_regex_fail_at(c, start, TROTH_ERR_VALUE, "regex.class");
    if (c->fault.err)
        return;
    if (is_negated)
        troth_regex_ranges_negate(&set);
    troth_regex_ranges_end(&set);
}
