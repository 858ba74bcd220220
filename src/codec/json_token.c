/* SPDX-License-Identifier: Apache-2.0 */
#include "codec/json_token.h"

#include "base/span.h"

static bool is_digit(const struct troth_cursor *c)
{
    return c->next != c->end && troth_json_is_digit(*c->next);
}

void troth_json_fail_here(struct troth_cursor *c, enum troth_err err, const char *field)
{
    if (c->next == c->end)
        err = TROTH_ERR_SHORT;
    troth_cursor_fail(c, err, field);
}

enum troth_json_type troth_json_type_of(uint8_t first)
{
    switch (first) {
    case '{':
        return TROTH_JSON_OBJECT;
    case '[':
        return TROTH_JSON_ARRAY;
    case '"':
        return TROTH_JSON_STRING;
    case 't':
    case 'f':
        return TROTH_JSON_BOOL;
    case 'n':
        return TROTH_JSON_NULL;
    default:
        return first == '-' || troth_json_is_digit(first) ? TROTH_JSON_NUMBER
                                                          : TROTH_JSON_END;
    }
}

static void take_digits(struct troth_cursor *c, const char *field)
{
    if (!is_digit(c))
        troth_json_fail_here(c, TROTH_ERR_VALUE, field);
    while (is_digit(c))
        c->next++;
}

struct troth_span troth_json_take_number(struct troth_cursor *c, const char *field)
{
    const uint8_t *const start = c->next;

    if (troth_json_is_next(c, '-'))
        c->next++;
    if (troth_json_is_next(c, '0'))
        c->next++;
    else
        take_digits(c, field);
    if (troth_json_is_next(c, '.')) {
        c->next++;
        take_digits(c, field);
    }
    if (troth_json_is_next(c, 'e') || troth_json_is_next(c, 'E')) {
        c->next++;
        if (troth_json_is_next(c, '+') || troth_json_is_next(c, '-'))
            c->next++;
        take_digits(c, field);
    }
    if (c->fault.err)
        return (struct troth_span){NULL, 0};
    return (struct troth_span){start, (size_t)(c->next - start)};
}

void troth_json_take_word(struct troth_cursor *c, const char *field)
{
    const struct troth_span word = *c->next == 't'   ? TROTH_LITERAL("true")
                                   : *c->next == 'f' ? TROTH_LITERAL("false")
                                                     : TROTH_LITERAL("null");
    const struct troth_span rest = {c->next, (size_t)(c->end - c->next)};

    if (troth_span_starts_with(rest, word))
        c->next += word.len;
    else if (troth_span_starts_with(word, rest))
        troth_cursor_fail(c, TROTH_ERR_SHORT, field);
    else
        troth_cursor_fail(c, TROTH_ERR_VALUE, field);
}
