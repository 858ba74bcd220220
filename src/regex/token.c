/* SPDX-License-Identifier: Apache-2.0 */
#include "base/span.h"
#include "regex/fold.h"
#include "regex/parser.h"

static void append_code_point(struct troth_regex_parser *p, uint32_t code_point)
{
    struct troth_regex_ranges set = troth_regex_ranges_begin(&p->machine);

    if (p->flags.folds)
        troth_regex_fold_add(&set, code_point, code_point);
    else
        troth_regex_ranges_add(&set, code_point, code_point);
    troth_regex_ranges_end(&set);
}

static void append_dot(struct troth_regex_parser *p)
{
    struct troth_regex_ranges set = troth_regex_ranges_begin(&p->machine);

    if (!p->flags.dot_is_any)
        troth_regex_ranges_add(&set, '\n', '\n');
    troth_regex_ranges_negate(&set);
    troth_regex_ranges_end(&set);
}

/* \A, \z, \b or \B, if that is next. */
static bool take_place(struct troth_regex_parser *p)
{
    static const struct {
        uint8_t letter;
        enum troth_regex_op op;
    } places[] = {
        {'A', TROTH_REGEX_BEGIN_TEXT},
        {'z', TROTH_REGEX_END_TEXT},
        {'b', TROTH_REGEX_WORD_EDGE},
        {'B', TROTH_REGEX_NO_WORD_EDGE},
    };

    if (troth_cursor_left(&p->c) < 2)
        return false;
    for (size_t i = 0; i < sizeof places / sizeof places[0]; i++)
        if (p->c.next[1] == places[i].letter) {
            p->c.next += 2;
            troth_regex_append(&p->machine, places[i].op);
            return true;
        }
    return false;
}

/* A backslash is next. */
static void take_backslash(struct troth_regex_parser *p)
{
    const uint32_t here = p->machine.count;

    if (troth_cursor_left(&p->c) >= 2 && p->c.next[1] == 'Q') {
        p->c.next += 2;
        p->is_quoted = true;
        return;
    }
    if (!take_place(p)) {
        struct troth_regex_ranges set = troth_regex_ranges_begin(&p->machine);

        if (troth_regex_take_letter_class(p, &set))
            troth_regex_ranges_end(&set);
        else
            append_code_point(p, troth_regex_take_escape(&p->c));
    }
    p->atom = here;
}

/* Between \Q and \E, every character stands for itself. */
static void take_quoted(struct troth_regex_parser *p)
{
    const struct troth_span rest = {p->c.next, troth_cursor_left(&p->c)};

    if (troth_span_starts_with(rest, TROTH_LITERAL("\\E"))) {
        p->c.next += 2;
        p->is_quoted = false;
        return;
    }
    p->atom = p->machine.count;
    append_code_point(p, troth_regex_take_code_point(&p->c));
    p->is_repeated = false;
}

/* What stands for one code point or one place, but for what has a backslash. */
static void take_atom(struct troth_regex_parser *p)
{
    const bool lines = p->flags.is_multi_line;

    p->atom = p->machine.count;
    switch (*p->c.next) {
    case '[':
        troth_regex_take_bracket(p);
        break;
    case '.':
        p->c.next++;
        append_dot(p);
        break;
    case '^':
        p->c.next++;
        troth_regex_append(&p->machine,
                           lines ? TROTH_REGEX_BEGIN_LINE : TROTH_REGEX_BEGIN_TEXT);
        break;
    case '$':
        p->c.next++;
        troth_regex_append(&p->machine,
                           lines ? TROTH_REGEX_END_LINE : TROTH_REGEX_END_TEXT);
        break;
    default:
        append_code_point(p, troth_regex_take_code_point(&p->c));
    }
}

static bool begins_repeat(uint8_t byte)
{
    return byte == '*' || byte == '+' || byte == '?' || byte == '{';
}

void troth_regex_take_token(struct troth_regex_parser *p)
{
    if (p->is_quoted) {
        take_quoted(p);
        return;
    }
    if (begins_repeat(*p->c.next) && troth_regex_take_repeat(p))
        return;
    p->is_repeated = false;
    switch (*p->c.next) {
    case '(':
        troth_regex_open_group(p);
        break;
    case '|':
        troth_regex_next_alternative(p);
        break;
    case ')':
        troth_regex_close_group(p);
        break;
    case '\\':
        take_backslash(p);
        break;
    default:
        take_atom(p);
    }
}
