/* SPDX-License-Identifier: Apache-2.0 */
#include "cel/literal.h"

#include "base/arena.h"
#include "base/number.h"
#include "base/span.h"
#include "base/utf8.h"

/* ---- numbers */

/* The value of digits, "0x" and hexadecimal digits included. */
static enum troth_err whole(uint64_t *out, struct troth_span digits)
{
    if (digits.len > 2 && (digits.ptr[1] | 32) == 'x')
        return troth_uint_parse(out, troth_span_slice(digits, 2, digits.len), 16);
    return troth_uint_parse(out, digits, 10);
}

static const char *read_int(struct troth_cel_value *out, struct troth_span digits,
                            bool is_negative)
{
    const uint64_t most = (uint64_t)INT64_MAX + (is_negative ? 1 : 0);
    uint64_t value;

    if (whole(&value, digits) || value > most)
        return "the number does not fit an int, which has 64 bits";
    if (is_negative && value)
        *out = TROTH_CEL_INT_VALUE(-(int64_t)(value - 1) - 1);
    else
        *out = TROTH_CEL_INT_VALUE((int64_t)value);
    return NULL;
}

static const char *read_uint(struct troth_cel_value *out, struct troth_span digits)
{
    uint64_t value;

    if (whole(&value, troth_span_slice(digits, 0, digits.len - 1)))
        return "the number does not fit a uint, which has 64 bits";
    *out = TROTH_CEL_UINT_VALUE(value);
    return NULL;
}

static const char *read_double(struct troth_cel_value *out, struct troth_span text,
                               bool is_negative)
{
    double value;

    if (troth_double_parse(&value, text) || !troth_double_is_finite(value))
        return "the number does not fit a double";
    *out = TROTH_CEL_DOUBLE_VALUE(is_negative ? -value : value);
    return NULL;
}

/* ---- strings */

/* What is between the quotes, and how it is to be read. */
struct quoted {
    struct troth_span source;
    uint32_t at, end;
    bool is_bytes, is_raw;
    struct troth_writer w;
    struct troth_cel_issue *issue;
};

static struct quoted open_quotes(struct troth_span source,
                                 const struct troth_cel_token *token)
{
    const struct troth_span text = troth_cel_token_text(source, token);
    const uint8_t quote = text.ptr[text.len - 1];
    uint32_t prefix = 0;
    uint32_t quotes = 1;

    while (text.ptr[prefix] != quote)
        prefix++;
    /* An empty string is two quotes, and three are not enough to open and to close. */
    if (text.len >= prefix + 6 && text.ptr[prefix + 1] == quote &&
        text.ptr[prefix + 2] == quote)
        quotes = 3;
    return (struct quoted){
        .source = source,
        .at = token->start + prefix + quotes,
        .end = token->end - quotes,
        .is_bytes = token->kind == TROTH_CEL_TOKEN_BYTES,
        .is_raw = prefix > 0 && (text.ptr[prefix - 1] | 32) == 'r',
    };
}

/* clang-format off */
static const struct {
    uint8_t letter, byte;
} simple_escapes[] = {
    {'\\', '\\'}, {'?', '?'}, {'"', '"'}, {'\'', '\''}, {'`', '`'}, {'a', '\a'},
    {'b', '\b'}, {'f', '\f'}, {'n', '\n'}, {'r', '\r'}, {'t', '\t'}, {'v', '\v'},
};

/* By number; an octal one has no letter. */
static const struct numbered {
    const char *letters;
    uint8_t digits, base;
    bool is_octet; /* in bytes: the byte itself; the others are not for bytes */
    const char *wrong;
} numbered_escapes[] = {
    {"xX",   2, 16, true,  "'\\x' is followed by two hexadecimal digits"},
    {"u",    4, 16, false, "'\\u' is followed by four hexadecimal digits"},
    {"U",    8, 16, false, "'\\U' is followed by eight hexadecimal digits"},
    {"0123", 3, 8,  true,  "an octal escape has three digits, 000 to 377"},
};
/* clang-format on */

static bool has_letter(const char *letters, uint8_t letter)
{
    while (*letters && (uint8_t)*letters != letter)
        letters++;
    return *letters != 0;
}

static bool read_digits(uint32_t *out, const struct quoted *q, uint32_t at,
                        const struct numbered *escape)
{
    const uint32_t end = at + escape->digits;
    uint32_t value = 0;

    if (end > q->end)
        return false;
    for (; at < end; at++) {
        const uint8_t byte = q->source.ptr[at];
        const uint8_t letter = byte | 32;
        uint32_t digit = UINT32_MAX;

        if (byte >= '0' && byte <= '9')
            digit = (uint32_t)(byte - '0');
        else if (letter >= 'a' && letter <= 'f')
            digit = (uint32_t)(letter - 'a' + 10);
        if (digit >= escape->base)
            return false;
        value = value * escape->base + digit;
    }
    *out = value;
    return true;
}

static enum troth_err refuse(struct quoted *q, uint32_t end, const char *wrong)
{
    return troth_cel_issue_set(q->issue, q->source, q->at, end,
                               (const char *const[3]){wrong});
}

/* Code points above U+FFFF may be written as two of those that UTF-16 has for them. */
static uint32_t join_surrogates(const struct quoted *q, uint32_t *at, uint32_t first,
                                const struct numbered *escape)
{
    uint32_t second;

    if (first < 0xd800 || first > 0xdbff || escape->digits != 4 || *at + 2 > q->end ||
        q->source.ptr[*at] != '\\' || q->source.ptr[*at + 1] != 'u' ||
        !read_digits(&second, q, *at + 2, escape) || second < 0xdc00 || second > 0xdfff)
        return first;
    *at += 6;
    return 0x10000 + ((first - 0xd800) << 10) + (second - 0xdc00);
}

static enum troth_err numbered_escape(struct quoted *q, const struct numbered *escape)
{
    /* The digits of an octal escape begin at its letter. */
    const uint32_t digits = q->at + (escape->base == 8 ? 1 : 2);
    uint32_t end = digits + escape->digits;
    uint8_t utf8[4];
    uint32_t value;

    if (!read_digits(&value, q, digits, escape))
        return refuse(q, digits, escape->wrong);
    if (q->is_bytes && !escape->is_octet)
        return refuse(q, end, "'\\u' and '\\U' are for strings; bytes are written '\\x'");
    if (q->is_bytes) {
        troth_write_u8(&q->w, (uint8_t)value);
    } else {
        value = join_surrogates(q, &end, value, escape);
        const size_t len = troth_utf8_encode(utf8, value);

        if (!len)
            return refuse(q, end, "there is no such code point");
        troth_write_bytes(&q->w, (struct troth_span){utf8, len});
    }
    q->at = end;
    return TROTH_OK;
}

/* At a backslash, which another byte follows. */
static enum troth_err unescape(struct quoted *q)
{
    const uint8_t letter = q->source.ptr[q->at + 1];
    uint32_t end = q->at + 2;

    for (size_t i = 0; i < sizeof simple_escapes / sizeof simple_escapes[0]; i++)
        if (simple_escapes[i].letter == letter) {
            troth_write_u8(&q->w, simple_escapes[i].byte);
            q->at = end;
            return TROTH_OK;
        }
    for (size_t i = 0; i < sizeof numbered_escapes / sizeof numbered_escapes[0]; i++)
        if (has_letter(numbered_escapes[i].letters, letter))
            return numbered_escape(q, &numbered_escapes[i]);
    while (end < q->end && (q->source.ptr[end] & 0xc0) == 0x80)
        end++;
    return troth_cel_issue_quote(
        q->issue, q->source, q->at, end, "unknown escape ",
        "; a backslash is written \\\\, or stands in a raw string: r'...'");
}

static bool has_backslash(struct troth_span text)
{
    for (size_t i = 0; i < text.len; i++)
        if (text.ptr[i] == '\\')
            return true;
    return false;
}

static enum troth_err read_text(struct troth_span *out, struct quoted *q,
                                struct troth_arena *arena)
{
    const struct troth_span raw = troth_span_slice(q->source, q->at, q->end);

    *out = raw;
    if (q->is_raw || !has_backslash(raw))
        return TROTH_OK;

    /* No escape stands for more bytes than it has itself. */
    uint8_t *room = troth_arena_take_unset(arena, raw.len, 1);
    if (!room)
        return TROTH_ERR_MEMORY;
    q->w = troth_writer_over(room, raw.len);
    while (q->at < q->end) {
        if (q->source.ptr[q->at] != '\\')
            troth_write_u8(&q->w, q->source.ptr[q->at++]);
        else if (unescape(q))
            return TROTH_ERR_VALUE;
    }
    *out = troth_writer_span(&q->w);
    return TROTH_OK;
}

static enum troth_err read_string(struct troth_cel_value *out,
                                  struct troth_cel_issue *issue, struct troth_span source,
                                  const struct troth_cel_token *token,
                                  struct troth_arena *arena)
{
    struct quoted q = open_quotes(source, token);
    struct troth_span text;

    q.issue = issue;
    const enum troth_err err = read_text(&text, &q, arena);
    if (!err)
        *out = q.is_bytes ? TROTH_CEL_BYTES_VALUE(text) : TROTH_CEL_STRING_VALUE(text);
    return err;
}

enum troth_err troth_cel_literal(struct troth_cel_value *out,
                                 struct troth_cel_issue *issue, struct troth_span source,
                                 const struct troth_cel_token *token, bool is_negative,
                                 struct troth_arena *arena)
{
    const struct troth_span text = troth_cel_token_text(source, token);
    const char *wrong;

    *out = (struct troth_cel_value){0};
    if (token->kind == TROTH_CEL_TOKEN_INT)
        wrong = read_int(out, text, is_negative);
    else if (token->kind == TROTH_CEL_TOKEN_UINT)
        wrong = read_uint(out, text);
    else if (token->kind == TROTH_CEL_TOKEN_DOUBLE)
        wrong = read_double(out, text, is_negative);
    else
        return read_string(out, issue, source, token, arena);
    if (!wrong)
        return TROTH_OK;
    return troth_cel_issue_set(issue, source, token->start, token->end,
                               (const char *const[3]){wrong});
}
