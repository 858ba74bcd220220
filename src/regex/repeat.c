/* SPDX-License-Identifier: Apache-2.0 */
#include "regex/parser.h"

struct bounds {
    uint32_t min, max;
};

/* A number without a zero before it. */
static bool take_number(struct troth_cursor *c, uint32_t *out)
{
    const bool has_zero = troth_regex_is_next(c, '0');
    size_t count;

    *out = troth_regex_take_digits(c, 10, SIZE_MAX, &count);
    return count == 1 || (count > 1 && !has_zero);
}

/* {n}, {n,} or {n,m}. False: something else, and nothing is taken. */
static bool take_braces(struct troth_cursor *c, struct bounds *out)
{
    struct troth_cursor ahead = *c;

    ahead.next++;
    if (!take_number(&ahead, &out->min))
        return false;
    out->max = out->min;
    if (troth_regex_take_if(&ahead, ',')) {
        if (troth_regex_is_next(&ahead, '}'))
            out->max = TROTH_REGEX_UNBOUNDED;
        else if (!take_number(&ahead, &out->max))
            return false;
    }
    if (!troth_regex_take_if(&ahead, '}'))
        return false;
    *c = ahead;
    return true;
}

static bool take_bounds(struct troth_cursor *c, struct bounds *out)
{
    if (*c->next == '{')
        return take_braces(c, out);
    *out = (struct bounds){*c->next == '+', *c->next == '?' ? 1 : TROTH_REGEX_UNBOUNDED};
    c->next++;
    return true;
}

static enum troth_err check(const struct troth_regex_parser *p, struct bounds bounds)
{
    if (p->atom == TROTH_REGEX_NONE || p->is_repeated || bounds.min > bounds.max)
        return TROTH_ERR_VALUE;
    if (bounds.min > TROTH_REGEX_REPEAT_MAX ||
        (bounds.max > TROTH_REGEX_REPEAT_MAX && bounds.max != TROTH_REGEX_UNBOUNDED))
        return TROTH_ERR_LIMIT;
    return TROTH_OK;
}

bool troth_regex_take_repeat(struct troth_regex_parser *p)
{
    const uint8_t *const start = p->c.next;
    struct bounds bounds;

    if (!take_bounds(&p->c, &bounds))
        return false;
    /* The lazy form: which of several matches is meant, and all are one to a yes or no.
     */
    (void)troth_regex_take_if(&p->c, '?');

    const enum troth_err err = check(p, bounds);
    if (err)
        troth_regex_fail_at(&p->c, start, err, "regex.repeat");
    else
        troth_regex_repeat(&p->machine, p->atom, bounds.min, bounds.max);
    p->is_repeated = true;
    return true;
}
