/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/armour.h"

#include <stdbool.h>

#include "base/arena.h"
#include "base/base64.h"
#include "base/hex.h"
#include "base/span.h"
#include "codec/pem.h"

/* Which characters a text has, white space aside. */
struct census {
    size_t count;   /* all of them */
    size_t digits;  /* 0-9 a-f A-F */
    size_t letters; /* of base64 and base64url alike, digits included */
    size_t plus;    /* + and / */
    size_t minus;   /* - and _ */
    size_t padding; /* = at the end */
};

static bool is_blank(uint8_t c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static bool is_letter(uint8_t c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_text(struct troth_span text)
{
    for (size_t i = 0; i < text.len; i++)
        if (!is_blank(text.ptr[i]) && (text.ptr[i] < 0x20 || text.ptr[i] > 0x7e))
            return false;
    return true;
}

static struct census count(struct troth_span text)
{
    struct census n = {0};

    for (size_t i = 0; i < text.len; i++) {
        uint8_t c = text.ptr[i];

        if (is_blank(c))
            continue;
        n.count++;
        n.digits += troth_hex_digit(c) < 16;
        n.letters += is_letter(c);
        n.plus += c == '+' || c == '/';
        n.minus += c == '-' || c == '_';
        n.padding = c == '=' ? n.padding + 1 : 0;
    }
    return n;
}

/* Without the white space around it, and without "0x". */
static struct troth_span without_prefix(struct troth_span text)
{
    size_t start = 0, end = text.len;

    while (start < end && is_blank(text.ptr[start]))
        start++;
    text = troth_span_slice(text, start, end);
    if (troth_span_starts_with(text, TROTH_LITERAL("0x")) ||
        troth_span_starts_with(text, TROTH_LITERAL("0X")))
        return troth_span_slice(text, 2, text.len);
    return text;
}

enum troth_armour troth_armour_recognise(struct troth_span text)
{
    struct census n;

    if (!is_text(text))
        return TROTH_ARMOUR_NONE;
    if (troth_pem_recognise(text))
        return TROTH_ARMOUR_PEM;
    n = count(without_prefix(text));
    if (n.count == 0)
        return TROTH_ARMOUR_NONE;
    if (n.digits == n.count)
        return TROTH_ARMOUR_HEX;
    n = count(text);
    if (n.letters + n.plus + n.minus + n.padding != n.count || n.padding > 2 ||
        (n.plus && n.minus))
        return TROTH_ARMOUR_NONE;
    if (n.minus || (!n.plus && n.count % 4))
        return TROTH_ARMOUR_BASE64URL;
    return TROTH_ARMOUR_BASE64;
}

/* The first of the only block. */
static enum troth_err remove_pem(struct troth_span *out, struct troth_span text,
                                 struct troth_arena *arena)
{
    struct troth_pem_block first, second;
    enum troth_err err = troth_pem_next(&first, &text, arena);

    if (!err && troth_pem_next(&second, &text, arena) != TROTH_ERR_MISSING)
        err = TROTH_ERR_TRAILING;
    *out = first.bytes;
    return err;
}

/* The text without any white space, in the arena. */
static struct troth_span squeeze(struct troth_span text, struct troth_arena *arena)
{
    uint8_t *to = troth_arena_take(arena, text.len);
    struct troth_span squeezed = {to, 0};

    for (size_t i = 0; to && i < text.len; i++)
        if (!is_blank(text.ptr[i]))
            to[squeezed.len++] = text.ptr[i];
    return squeezed;
}

/* Many write the padding that base64url can do without. */
static struct troth_span without_padding(struct troth_span text)
{
    bool whole = text.len > 0 && text.len % 4 == 0;

    for (int i = 0; whole && i < 2 && text.ptr[text.len - 1] == '='; i++)
        text.len--;
    return text;
}

static enum troth_err decode(struct troth_span *out, enum troth_armour armour,
                             struct troth_span text, struct troth_arena *arena)
{
    struct troth_span tight = squeeze(text, arena);
    uint8_t *to = troth_arena_take(arena, text.len);
    size_t len = 0;
    enum troth_err err;

    if (!tight.ptr || !to)
        return TROTH_ERR_MEMORY;
    if (armour == TROTH_ARMOUR_HEX) {
        err = troth_hex_parse(to, text.len, &len, tight);
    } else if (armour == TROTH_ARMOUR_BASE64) {
        err = troth_base64_parse(to, text.len, &len, tight, TROTH_BASE64);
    } else {
        tight = without_padding(tight);
        err = troth_base64_parse(to, text.len, &len, tight, TROTH_BASE64URL);
    }
    *out = (struct troth_span){to, len};
    return err;
}

enum troth_err troth_armour_remove(struct troth_span *out, struct troth_fault *fault,
                                   struct troth_span text, struct troth_arena *arena)
{
    static const char *const fields[] = {
        [TROTH_ARMOUR_NONE] = NULL,
        [TROTH_ARMOUR_PEM] = "armour.pem",
        [TROTH_ARMOUR_HEX] = "armour.hex",
        [TROTH_ARMOUR_BASE64] = "armour.base64",
        [TROTH_ARMOUR_BASE64URL] = "armour.base64url",
    };
    enum troth_armour armour = troth_armour_recognise(text);
    enum troth_err err = TROTH_OK;

    *out = text;
    if (armour == TROTH_ARMOUR_PEM)
        err = remove_pem(out, text, arena);
    else if (armour == TROTH_ARMOUR_HEX)
        err = decode(out, armour, without_prefix(text), arena);
    else if (armour != TROTH_ARMOUR_NONE)
        err = decode(out, armour, text, arena);
    if (err)
        *out = (struct troth_span){NULL, 0};
    if (fault)
        *fault = (struct troth_fault){err, err ? fields[armour] : NULL, 0};
    return err;
}
