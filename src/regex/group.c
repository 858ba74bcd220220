/* SPDX-License-Identifier: Apache-2.0 */
#include "base/span.h"
#include "regex/parser.h"

void troth_regex_push_group(struct troth_regex_parser *p, const uint8_t *at,
                            struct troth_regex_flags outer)
{
    const uint32_t here = p->machine.count;

    p->groups[p->depth++] = (struct troth_regex_group){at, outer, here, here,
                                                       TROTH_REGEX_NONE};
    p->atom = TROTH_REGEX_NONE;
}

static bool is_word(uint8_t byte)
{
    const uint8_t letter = byte | 0x20;

    return (letter >= 'a' && letter <= 'z') || (byte >= '0' && byte <= '9') ||
           byte == '_';
}

/* Behind the < of a group's name. As nothing asks for what a group has matched, it does
 * not matter what the name is, nor whether another group has it. */
static void take_name(struct troth_cursor *c)
{
    const uint8_t *const start = c->next;

    while (c->next != c->end && is_word(*c->next))
        c->next++;

    if (c->next == start || !troth_regex_take_if(c, '>'))
        troth_regex_fail_at(c, start, TROTH_ERR_VALUE, "regex.name");
}

/* One letter of flags; false if it is none. */
static bool set_flag(struct troth_regex_flags *flags, uint8_t letter, bool on)
{
    switch (letter) {
    case 'i':
        flags->folds = on;
        return true;
    case 's':
        flags->dot_is_any = on;
        return true;
    case 'm':
        flags->is_multi_line = on;
        return true;
    case 'U': /* which of several matches is meant: all are one to a yes or no */
        return true;
    default:
        return false;
    }
}

/* Letters, and behind a - those to unset, as far as the : or ). */
static void take_flags(struct troth_regex_parser *p)
{
    struct troth_cursor *const c = &p->c;
    bool on = true;
    bool is_due = false; /* a letter, behind the - */

    while (c->next != c->end && *c->next != ':' && *c->next != ')') {
        if (on && troth_regex_take_if(c, '-')) {
            on = false;
            is_due = true;
        } else if (set_flag(&p->flags, *c->next, on)) {
            c->next++;
            is_due = false;
        } else {
            troth_cursor_fail(c, TROTH_ERR_VALUE, "regex.flags");
        }
    }
    if (c->next == c->end || is_due)
        troth_cursor_fail(c, TROTH_ERR_VALUE, "regex.flags");
}

/* Is a pattern next that looks ahead or behind? */
static bool looks_around(const struct troth_cursor *c)
{
    const struct troth_span rest = {c->next, troth_cursor_left(c)};

    return troth_span_starts_with(rest, TROTH_LITERAL("=")) ||
           troth_span_starts_with(rest, TROTH_LITERAL("!")) ||
           troth_span_starts_with(rest, TROTH_LITERAL("<=")) ||
           troth_span_starts_with(rest, TROTH_LITERAL("<!"));
}

/* Behind "(?", as far as the group's pattern. False: there is none, only flags. */
static bool take_kind(struct troth_regex_parser *p, const uint8_t *start)
{
    struct troth_cursor *const c = &p->c;
    const struct troth_span rest = {c->next, troth_cursor_left(c)};
    const bool has_p = troth_span_starts_with(rest, TROTH_LITERAL("P<"));

    if (looks_around(c)) {
        troth_regex_fail_at(c, start, TROTH_ERR_UNSUPPORTED, "regex.group");
        return false;
    }
    if (has_p || troth_regex_is_next(c, '<')) {
        c->next += has_p ? 2 : 1;
        take_name(c);
        return true;
    }
    take_flags(p);
    if (troth_regex_take_if(c, ':'))
        return true;
    (void)troth_regex_take_if(c, ')');
    return false;
}

void troth_regex_open_group(struct troth_regex_parser *p)
{
    const uint8_t *const start = p->c.next++;
    const struct troth_regex_flags outer = p->flags;

    if (troth_regex_take_if(&p->c, '?') && !take_kind(p, start))
        return;
    if (p->depth > TROTH_REGEX_NESTING_MAX)
        troth_regex_fail_at(&p->c, start, TROTH_ERR_DEPTH, "regex.group");
    else
        troth_regex_push_group(p, start, outer);
}

void troth_regex_next_alternative(struct troth_regex_parser *p)
{
    struct troth_regex_group *const group = &p->groups[p->depth - 1];
    struct troth_regex_machine *const m = &p->machine;

    p->c.next++;
    p->atom = TROTH_REGEX_NONE;
    troth_regex_insert_split(m, group->alternative, m->count + 2);
    troth_regex_append(m, TROTH_REGEX_JUMP);
    if (m->err)
        return;
    m->states[m->count - 1].next = group->jumps;
    group->jumps = m->count - 1;
    group->alternative = m->count;
}

void troth_regex_join_alternatives(struct troth_regex_parser *p)
{
    uint32_t jump = p->groups[p->depth - 1].jumps;

    while (jump != TROTH_REGEX_NONE) {
        struct troth_regex_state *const state = &p->machine.states[jump];

        jump = state->next;
        state->next = p->machine.count;
    }
}

void troth_regex_close_group(struct troth_regex_parser *p)
{
    if (p->depth == 1) {
        troth_cursor_fail(&p->c, TROTH_ERR_VALUE, "regex.group");
        return;
    }
    p->c.next++;
    troth_regex_join_alternatives(p);
    p->depth--;
    p->flags = p->groups[p->depth].flags;
    p->atom = p->groups[p->depth].first;
}
