/* SPDX-License-Identifier: Apache-2.0 */
#include "codec/json_text.h"

#include "base/arena.h"
#include "base/memory.h"
#include "base/span.h"
#include "base/utf8.h"
#include "codec/json.h"

enum {
    HIGH_SURROGATE = 0xd800,
    LOW_SURROGATE = 0xdc00,
    AFTER_SURROGATES = 0xe000,
    UNICODE_ESCAPE = 6 /* "\uXXXX" */
};

static void advance(struct troth_span *rest, size_t len)
{
    rest->ptr += len;
    rest->len -= len;
}

/* The value of a hexadecimal digit, or 16. */
static uint32_t hex_digit(uint8_t c)
{
    if (c >= '0' && c <= '9')
        return c - (uint32_t)'0';
    if (c >= 'a' && c <= 'f')
        return c - (uint32_t)'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - (uint32_t)'A' + 10;
    return 16;
}

/* "\uXXXX" at the start of `rest`: one unit of UTF-16. */
static enum troth_err unicode_escape(struct troth_span rest, uint32_t *out_unit)
{
    *out_unit = 0;
    for (size_t i = 2; i < UNICODE_ESCAPE; i++) {
        if (i >= rest.len)
            return TROTH_ERR_SHORT;
        const uint32_t digit = hex_digit(rest.ptr[i]);
        if (digit > 15)
            return TROTH_ERR_VALUE;
        *out_unit = *out_unit << 4 | digit;
    }
    return TROTH_OK;
}

/* One or, for a pair of surrogates, two such escapes. */
static enum troth_err next_unicode(struct troth_span *rest, uint32_t *out_code_point)
{
    uint32_t high;
    uint32_t low;
    enum troth_err err = unicode_escape(*rest, &high);

    if (err)
        return err;
    if (high < HIGH_SURROGATE || high >= AFTER_SURROGATES) {
        advance(rest, UNICODE_ESCAPE);
        *out_code_point = high;
        return TROTH_OK;
    }

    const struct troth_span second = troth_span_slice(*rest, UNICODE_ESCAPE, rest->len);
    if (high >= LOW_SURROGATE || !troth_span_starts_with(second, TROTH_LITERAL("\\u")))
        return TROTH_ERR_TEXT;
    err = unicode_escape(second, &low);
    if (err)
        return err;
    if (low < LOW_SURROGATE || low >= AFTER_SURROGATES)
        return TROTH_ERR_TEXT;
    advance(rest, 2 * (size_t)UNICODE_ESCAPE);
    *out_code_point = 0x10000 + ((high - HIGH_SURROGATE) << 10) + (low - LOW_SURROGATE);
    return TROTH_OK;
}

static enum troth_err next_escape(struct troth_span *rest, uint32_t *out_code_point)
{
    static const uint8_t meanings[][2] = {{'"', '"'},  {'\\', '\\'}, {'/', '/'},
                                          {'b', '\b'}, {'f', '\f'},  {'n', '\n'},
                                          {'r', '\r'}, {'t', '\t'}};

    if (rest->len < 2)
        return TROTH_ERR_SHORT;
    if (rest->ptr[1] == 'u')
        return next_unicode(rest, out_code_point);
    for (size_t i = 0; i < sizeof meanings / sizeof meanings[0]; i++) {
        if (meanings[i][0] != rest->ptr[1])
            continue;
        *out_code_point = meanings[i][1];
        advance(rest, 2);
        return TROTH_OK;
    }
    return TROTH_ERR_VALUE;
}

/* One character of UTF-8 that is not ASCII. */
static enum troth_err next_beyond_ascii(struct troth_span *rest, uint32_t *out_code_point)
{
    const uint8_t lead = rest->ptr[0];
    const size_t width = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
    const struct troth_span sequence = troth_span_slice(*rest, 0, width);

    if (sequence.len != width || !troth_utf8_is_valid(sequence))
        return TROTH_ERR_TEXT;
    *out_code_point = lead & (0x7fU >> width);
    for (size_t i = 1; i < width; i++)
        *out_code_point = *out_code_point << 6 | (rest->ptr[i] & 0x3f);
    advance(rest, width);
    return TROTH_OK;
}

/* Decode one character and move past it; on failure `rest` stays. */
static enum troth_err next_character(struct troth_span *rest, uint32_t *out_code_point)
{
    *out_code_point = 0;
    if (rest->len == 0)
        return TROTH_ERR_SHORT;

    const uint8_t c = rest->ptr[0];
    if (c == '\\')
        return next_escape(rest, out_code_point);
    if (c >= 0x80)
        return next_beyond_ascii(rest, out_code_point);
    if (c < 0x20)
        return TROTH_ERR_VALUE;
    *out_code_point = c;
    advance(rest, 1);
    return TROTH_OK;
}

enum troth_err troth_json_text_scan(struct troth_span *rest)
{
    enum troth_err err = TROTH_OK;
    uint32_t ignored;

    while (!err) {
        const uint8_t *const end = rest->ptr + rest->len;

        advance(rest, (size_t)(troth_json_skip_plain(rest->ptr, end) - rest->ptr));
        if (rest->len && rest->ptr[0] == '"')
            break;
        err = next_character(rest, &ignored);
    }
    return err;
}

bool troth_json_text_equal(struct troth_span a, struct troth_span b)
{
    while (a.len && b.len) {
        uint32_t in_a;
        uint32_t in_b;
        if (next_character(&a, &in_a) || next_character(&b, &in_b) || in_a != in_b)
            return false;
    }
    return a.len == b.len;
}

static bool has_escape(struct troth_span raw)
{
    for (size_t i = 0; i < raw.len; i++)
        if (raw.ptr[i] == '\\')
            return true;
    return false;
}

/* Decode into `out`, or only count where that is NULL. */
static enum troth_err decode(uint8_t *out, size_t *out_len, struct troth_span raw)
{
    *out_len = 0;
    while (raw.len) {
        uint8_t bytes[4];
        uint32_t code_point;
        const enum troth_err err = next_character(&raw, &code_point);
        if (err)
            return err;
        const size_t width = troth_utf8_encode(bytes, code_point);
        if (out)
            memcpy(out + *out_len, bytes, width);
        *out_len += width;
    }
    return TROTH_OK;
}

enum troth_err troth_json_unescape(struct troth_span *out, struct troth_arena *arena,
                                   struct troth_span raw)
{
    size_t len;

    *out = (struct troth_span){NULL, 0};
    if (!has_escape(raw)) {
        *out = raw;
        return TROTH_OK;
    }
    enum troth_err err = decode(NULL, &len, raw);
    if (err)
        return err;
    uint8_t *const bytes = troth_arena_take(arena, len);
    if (!bytes)
        return TROTH_ERR_MEMORY;
    err = decode(bytes, &len, raw);
    if (!err)
        *out = (struct troth_span){bytes, len};
    return err;
}

bool troth_json_text_is(struct troth_span raw, const char *text)
{
    struct troth_span wanted = troth_span_of_text(text);

    while (raw.len) {
        uint8_t bytes[4];
        uint32_t code_point;
        if (next_character(&raw, &code_point))
            return false;
        const struct troth_span character = {bytes, troth_utf8_encode(bytes, code_point)};
        if (!troth_span_starts_with(wanted, character))
            return false;
        wanted = troth_span_slice(wanted, character.len, wanted.len);
    }
    return wanted.len == 0;
}
