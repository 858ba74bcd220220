/* SPDX-License-Identifier: Apache-2.0 */
#include "regex/parser.h"

bool troth_regex_is_next(const struct troth_cursor *c, uint8_t byte)
{
    return c->next != c->end && *c->next == byte;
}

bool troth_regex_take_if(struct troth_cursor *c, uint8_t byte)
{
    if (!troth_regex_is_next(c, byte))
        return false;
    c->next++;
    return true;
}

void troth_regex_fail_at(struct troth_cursor *c, const uint8_t *at, enum troth_err err,
                         const char *field)
{
    if (!c->fault.err)
        c->next = at;
    troth_cursor_fail(c, err, field);
}

uint32_t troth_regex_take_code_point(struct troth_cursor *c)
{
    uint32_t code_point;

    c->next += troth_regex_decode(&code_point, c->next, troth_cursor_left(c));
    return code_point;
}

static uint32_t digit_of(uint8_t byte)
{
    const uint8_t letter = byte | 0x20;

    if (byte >= '0' && byte <= '9')
        return byte - (uint32_t)'0';
    return letter >= 'a' && letter <= 'f' ? letter - (uint32_t)'a' + 10 : UINT32_MAX;
}

uint32_t troth_regex_take_digits(struct troth_cursor *c, uint32_t base, size_t max,
                                 size_t *out_count)
{
    uint32_t value = 0;
    size_t count = 0;

    for (; count < max && c->next != c->end && digit_of(*c->next) < base; count++) {
        const uint32_t digit = digit_of(*c->next++);

        if (value <= TROTH_REGEX_CODE_POINT_MAX)
            value = value * base + digit;
    }
    *out_count = count;
    return value;
}

/* Behind \x: two digits, or any number of them in braces. */
static uint32_t take_hex(struct troth_cursor *c, const uint8_t *start)
{
    const bool has_braces = troth_regex_take_if(c, '{');
    size_t count;
    const uint32_t value = troth_regex_take_digits(c, 16, has_braces ? SIZE_MAX : 2,
                                                   &count);

    if (has_braces ? count == 0 || !troth_regex_take_if(c, '}') : count != 2)
        troth_regex_fail_at(c, start, TROTH_ERR_VALUE, "regex.escape");
    if (value > TROTH_REGEX_CODE_POINT_MAX)
        troth_regex_fail_at(c, start, TROTH_ERR_VALUE, "regex.escape");
    return value;
}

/* An octal number of three digits, or fewer; the first is next. One digit alone, but
 * for 0, would refer back to a group. */
static uint32_t take_octal(struct troth_cursor *c, const uint8_t *start)
{
    const bool is_zero = *c->next == '0';
    size_t count;
    const uint32_t value = troth_regex_take_digits(c, 8, 3, &count);

    if (count == 1 && !is_zero)
        troth_regex_fail_at(c, start, TROTH_ERR_UNSUPPORTED, "regex.escape");
    return value;
}

/* A letter that means another code point; or nothing here. */
static uint32_t take_letter(struct troth_cursor *c, const uint8_t *start)
{
    static const uint8_t meanings[][2] = {{'a', '\a'}, {'f', '\f'}, {'n', '\n'},
                                          {'r', '\r'}, {'t', '\t'}, {'v', '\v'}};
    /* References back, classes of Unicode, and bytes. */
    static const char unsupported[] = "89pPC";
    const uint8_t letter = *c->next++;

    for (size_t i = 0; i < sizeof meanings / sizeof meanings[0]; i++)
        if (meanings[i][0] == letter)
            return meanings[i][1];
    for (size_t i = 0; unsupported[i]; i++)
        if ((uint8_t)unsupported[i] == letter)
            troth_regex_fail_at(c, start, TROTH_ERR_UNSUPPORTED, "regex.escape");
    troth_regex_fail_at(c, start, TROTH_ERR_VALUE, "regex.escape");
    return 0;
}

static bool is_letter_or_digit(uint8_t byte)
{
    const uint8_t letter = byte | 0x20;

    return (letter >= 'a' && letter <= 'z') || (byte >= '0' && byte <= '9');
}

uint32_t troth_regex_take_escape(struct troth_cursor *c)
{
    const uint8_t *const start = c->next++;

    if (c->next == c->end || *c->next >= 0x80) {
        troth_regex_fail_at(c, start, TROTH_ERR_VALUE, "regex.escape");
        return 0;
    }
    if (!is_letter_or_digit(*c->next))
        return *c->next++;
    if (*c->next >= '0' && *c->next <= '7')
        return take_octal(c, start);
    if (troth_regex_take_if(c, 'x'))
        return take_hex(c, start);
    return take_letter(c, start);
}
