/* SPDX-License-Identifier: Apache-2.0 */
#include "cel/token.h"

#include "base/span.h"

static const struct {
    const char *text;
    enum troth_cel_token_kind kind;
} signs[] = {
#define X(name, text) {text, TROTH_CEL_TOKEN_##name},
    TROTH_CEL_SIGNS(X)
#undef X
};

/* clang-format off */
static const struct {
    const char *text;
    enum troth_cel_token_kind kind;
} words[] = {
    {"true",      TROTH_CEL_TOKEN_TRUE},
    {"false",     TROTH_CEL_TOKEN_FALSE},
    {"null",      TROTH_CEL_TOKEN_NULL},
    {"in",        TROTH_CEL_TOKEN_IN},
    {"as",        TROTH_CEL_TOKEN_RESERVED},
    {"break",     TROTH_CEL_TOKEN_RESERVED},
    {"const",     TROTH_CEL_TOKEN_RESERVED},
    {"continue",  TROTH_CEL_TOKEN_RESERVED},
    {"else",      TROTH_CEL_TOKEN_RESERVED},
    {"for",       TROTH_CEL_TOKEN_RESERVED},
    {"function",  TROTH_CEL_TOKEN_RESERVED},
    {"if",        TROTH_CEL_TOKEN_RESERVED},
    {"import",    TROTH_CEL_TOKEN_RESERVED},
    {"let",       TROTH_CEL_TOKEN_RESERVED},
    {"loop",      TROTH_CEL_TOKEN_RESERVED},
    {"namespace", TROTH_CEL_TOKEN_RESERVED},
    {"package",   TROTH_CEL_TOKEN_RESERVED},
    {"return",    TROTH_CEL_TOKEN_RESERVED},
    {"var",       TROTH_CEL_TOKEN_RESERVED},
    {"void",      TROTH_CEL_TOKEN_RESERVED},
    {"while",     TROTH_CEL_TOKEN_RESERVED},
};

/* What people write who know other languages. */
static const struct {
    const char *text, *wrong;
} mistakes[] = {
    {"&",  "there is no '&': 'and' is written '&&'"},
    {"|",  "there is no '|': 'or' is written '||'"},
    {"=",  "there is no '=': values are compared with '=='"},
    {";",  "there is no ';': an expression ends where its text ends"},
    {"#",  "there is no '#': a comment begins with '//'"},
    {"`",  "a field's name in backquotes has letters, digits and \"_.-/ \" only"},
};
/* clang-format on */

/* 0 beyond the end. */
static uint8_t byte_at(struct troth_span source, uint32_t at)
{
    return at < source.len ? source.ptr[at] : 0;
}

static bool is_digit(uint8_t byte)
{
    return byte >= '0' && byte <= '9';
}

static bool is_hex_digit(uint8_t byte)
{
    return is_digit(byte) || ((byte | 32) >= 'a' && (byte | 32) <= 'f');
}

static bool begins_name(uint8_t byte)
{
    return ((byte | 32) >= 'a' && (byte | 32) <= 'z') || byte == '_';
}

static bool is_in_name(uint8_t byte)
{
    return begins_name(byte) || is_digit(byte);
}

static bool is_in_quoted_name(uint8_t byte)
{
    return is_in_name(byte) || byte == '.' || byte == '-' || byte == '/' || byte == ' ';
}

static bool is_blank(uint8_t byte)
{
    return byte == ' ' || byte == '\t' || byte == '\n' || byte == '\r' || byte == '\f';
}

static bool is_in_comment(uint8_t byte)
{
    return byte != '\n' && byte != '\r';
}

/* Where a run of such bytes ends. */
static uint32_t end_of_run(struct troth_span source, uint32_t at, bool (*is_in)(uint8_t))
{
    while (at < source.len && is_in(source.ptr[at]))
        at++;
    return at;
}

static uint32_t skip_blank(struct troth_span source, uint32_t at)
{
    for (;;) {
        at = end_of_run(source, at, is_blank);
        if (byte_at(source, at) != '/' || byte_at(source, at + 1) != '/')
            return at;
        at = end_of_run(source, at, is_in_comment);
    }
}

static struct troth_cel_token wrong_token(uint32_t start, uint32_t end, const char *wrong)
{
    return (struct troth_cel_token){TROTH_CEL_TOKEN_WRONG, start, end, wrong};
}

/* ---- numbers */

/* Where an exponent that begins here ends; `at` where none does. */
static uint32_t end_of_exponent(struct troth_span source, uint32_t at)
{
    uint32_t digits = at + 1;

    if ((byte_at(source, at) | 32) != 'e')
        return at;
    if (byte_at(source, digits) == '+' || byte_at(source, digits) == '-')
        digits++;
    return is_digit(byte_at(source, digits)) ? end_of_run(source, digits, is_digit) : at;
}

static struct troth_cel_token whole_number(struct troth_span source, uint32_t start,
                                           uint32_t end)
{
    if ((byte_at(source, end) | 32) == 'u')
        return (struct troth_cel_token){TROTH_CEL_TOKEN_UINT, start, end + 1, NULL};
    return (struct troth_cel_token){TROTH_CEL_TOKEN_INT, start, end, NULL};
}

/* Begins with a digit, or with a dot and a digit. */
static struct troth_cel_token number(struct troth_span source, uint32_t start)
{
    uint32_t end = end_of_run(source, start, is_digit);

    if (end == start + 1 && source.ptr[start] == '0' &&
        (byte_at(source, end) | 32) == 'x' && is_hex_digit(byte_at(source, end + 1)))
        return whole_number(source, start, end_of_run(source, end + 1, is_hex_digit));

    const uint32_t whole = end;
    if (byte_at(source, end) == '.' && is_digit(byte_at(source, end + 1)))
        end = end_of_run(source, end + 1, is_digit);
    end = end_of_exponent(source, end);
    if (end == whole)
        return whole_number(source, start, end);
    return (struct troth_cel_token){TROTH_CEL_TOKEN_DOUBLE, start, end, NULL};
}

/* ---- strings */

/* The length of b, r, br of either case before a quote; 0 too where no string begins. */
static uint32_t prefix_length(struct troth_span source, uint32_t at)
{
    uint32_t len = 0;

    if ((byte_at(source, at) | 32) == 'b')
        len++;
    if ((byte_at(source, at + len) | 32) == 'r')
        len++;
    const uint8_t quote = byte_at(source, at + len);
    return quote == '"' || quote == '\'' ? len : 0;
}

static bool has_three(struct troth_span source, uint32_t at, uint8_t quote)
{
    return byte_at(source, at) == quote && byte_at(source, at + 1) == quote &&
           byte_at(source, at + 2) == quote;
}

/* What comes before a string, and how its end is found. */
struct opening {
    uint8_t quote;
    uint32_t quotes; /* 1 or 3 */
    bool is_bytes, is_raw;
    uint32_t len; /* prefix and quotes */
};

static struct opening opening_at(struct troth_span source, uint32_t start)
{
    const uint32_t prefix = prefix_length(source, start);
    struct opening opening = {.quote = byte_at(source, start + prefix), .quotes = 1};

    if (prefix) {
        opening.is_bytes = (source.ptr[start] | 32) == 'b';
        opening.is_raw = (source.ptr[start + prefix - 1] | 32) == 'r';
    }
    if (has_three(source, start + prefix, opening.quote))
        opening.quotes = 3;
    opening.len = prefix + opening.quotes;
    return opening;
}

/* Does the string, which is inside its quotes, end here? */
static bool ends_string(struct troth_span source, uint32_t at,
                        const struct opening *opening)
{
    if (opening->quotes == 3)
        return has_three(source, at, opening->quote);
    return byte_at(source, at) == opening->quote;
}

static struct troth_cel_token string(struct troth_span source, uint32_t start)
{
    const struct opening opening = opening_at(source, start);
    uint32_t at = start + opening.len;

    while (!ends_string(source, at, &opening)) {
        if (byte_at(source, at) == '\\' && !opening.is_raw)
            at++;
        if (at >= source.len)
            return wrong_token(start, (uint32_t)source.len,
                               "the string has no closing quote");
        if (opening.quotes == 1 && !is_in_comment(source.ptr[at]))
            return wrong_token(start, at, "the string has no closing quote");
        at++;
    }
    return (struct troth_cel_token){opening.is_bytes ? TROTH_CEL_TOKEN_BYTES
                                                     : TROTH_CEL_TOKEN_STRING,
                                    start, at + opening.quotes, NULL};
}

/* ---- names, signs, and what is neither */

static struct troth_cel_token name(struct troth_span source, uint32_t start)
{
    const uint32_t end = end_of_run(source, start, is_in_name);
    const struct troth_span text = troth_span_slice(source, start, end);

    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (troth_span_is_text(text, words[i].text))
            return (struct troth_cel_token){words[i].kind, start, end, NULL};
    return (struct troth_cel_token){TROTH_CEL_TOKEN_NAME, start, end, NULL};
}

/* Of kind WRONG where there is no whole one. */
static struct troth_cel_token quoted_name(struct troth_span source, uint32_t start)
{
    const uint32_t end = end_of_run(source, start + 1, is_in_quoted_name);

    if (byte_at(source, end) != '`' || end == start + 1)
        return wrong_token(start, start + 1, NULL);
    return (struct troth_cel_token){TROTH_CEL_TOKEN_QUOTED_NAME, start, end + 1, NULL};
}

static struct troth_cel_token sign(struct troth_span source, uint32_t start)
{
    const struct troth_span rest = troth_span_slice(source, start, source.len);

    for (size_t i = 0; i < sizeof signs / sizeof signs[0]; i++) {
        const struct troth_span text = troth_span_of_text(signs[i].text);

        if (troth_span_starts_with(rest, text))
            return (struct troth_cel_token){signs[i].kind, start,
                                            start + (uint32_t)text.len, NULL};
    }
    return wrong_token(start, start + 1, NULL);
}

/* Say what is wrong with the character here. */
static struct troth_cel_token stranger(struct troth_span source, uint32_t start)
{
    const struct troth_span rest = troth_span_slice(source, start, source.len);
    uint32_t end = start + 1;

    for (size_t i = 0; i < sizeof mistakes / sizeof mistakes[0]; i++)
        if (troth_span_starts_with(rest, troth_span_of_text(mistakes[i].text)))
            return wrong_token(start, end, mistakes[i].wrong);
    while ((byte_at(source, end) & 0xc0) == 0x80)
        end++;
    return wrong_token(start, end, "this character can only stand in a string");
}

struct troth_cel_token troth_cel_token_at(struct troth_span source, uint32_t at)
{
    const uint32_t start = skip_blank(source, at);
    const uint8_t first = byte_at(source, start);
    struct troth_cel_token token;

    if (start >= source.len)
        return (struct troth_cel_token){TROTH_CEL_TOKEN_END, (uint32_t)source.len,
                                        (uint32_t)source.len, NULL};
    if (first == '"' || first == '\'' || prefix_length(source, start))
        token = string(source, start);
    else if (begins_name(first))
        token = name(source, start);
    else if (is_digit(first) || (first == '.' && is_digit(byte_at(source, start + 1))))
        token = number(source, start);
    else if (first == '`')
        token = quoted_name(source, start);
    else
        token = sign(source, start);
    if (token.kind == TROTH_CEL_TOKEN_WRONG && !token.wrong)
        return stranger(source, start);
    return token;
}

struct troth_span troth_cel_token_text(struct troth_span source,
                                       const struct troth_cel_token *token)
{
    return troth_span_slice(source, token->start, token->end);
}
