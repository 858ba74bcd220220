/* SPDX-License-Identifier: Apache-2.0 */
#include "cel/strings.h"

#include "base/span.h"
#include "cel/text.h"
#include "cel/value.h"

/* Nothing a function needs is charged elsewhere: all of these look at the whole text. */
static bool charge(struct troth_cel_call *call, const struct troth_cel_value *text)
{
    return troth_cel_spend(call, text->as.text.len / TROTH_CEL_BYTES_A_STEP);
}

static struct troth_cel_value index_error(void)
{
    return TROTH_CEL_ERROR_VALUE(TROTH_CEL_ERROR_INDEX);
}

static struct troth_cel_value char_at(struct troth_cel_call *call,
                                      const struct troth_cel_value *arguments)
{
    const struct troth_span text = arguments[0].as.text;

    if (!charge(call, &arguments[0]))
        return index_error();

    const size_t at = troth_cel_text_offset(text, arguments[1].as.integer);

    if (at == SIZE_MAX)
        return index_error();
    if (at == text.len)
        return TROTH_CEL_STRING_VALUE(TROTH_LITERAL(""));
    return TROTH_CEL_STRING_VALUE(
        troth_span_slice(text, at, at + troth_cel_character_len(text.ptr[at])));
}

/* The code point that begins at byte `at`, or -1. */
static struct troth_cel_value index_of_byte(struct troth_span text, size_t at)
{
    if (at == SIZE_MAX)
        return TROTH_CEL_INT_VALUE(-1);
    return TROTH_CEL_INT_VALUE(
        (int64_t)troth_cel_text_count(troth_span_slice(text, 0, at)));
}

/* `edge` bounds the search from the front or, for the last place, from behind. */
static struct troth_cel_value index_of(struct troth_cel_call *call,
                                       const struct troth_cel_value *arguments,
                                       size_t edge, bool wants_last)
{
    const struct troth_span text = arguments[0].as.text;
    const struct troth_span needle = arguments[1].as.text;

    if (edge == SIZE_MAX || !charge(call, &arguments[0]))
        return index_error();
    return index_of_byte(text, wants_last
                                   ? troth_cel_text_find_last(call, text, needle, edge)
                                   : troth_cel_text_find(call, text, needle, edge));
}

static struct troth_cel_value first_index(struct troth_cel_call *call,
                                          const struct troth_cel_value *arguments)
{
    return index_of(call, arguments, 0, false);
}

static struct troth_cel_value first_index_from(struct troth_cel_call *call,
                                               const struct troth_cel_value *arguments)
{
    return index_of(call, arguments,
                    troth_cel_text_offset(arguments[0].as.text, arguments[2].as.integer),
                    false);
}

static struct troth_cel_value last_index(struct troth_cel_call *call,
                                         const struct troth_cel_value *arguments)
{
    return index_of(call, arguments, arguments[0].as.text.len, true);
}

static struct troth_cel_value last_index_to(struct troth_cel_call *call,
                                            const struct troth_cel_value *arguments)
{
    return index_of(call, arguments,
                    troth_cel_text_offset(arguments[0].as.text, arguments[2].as.integer),
                    true);
}

/* The text with the letters from `first` to `last` moved by `by`. */
static struct troth_cel_value move_letters(struct troth_cel_call *call,
                                           struct troth_span text, uint8_t first, int by)
{
    struct troth_cel_text made = troth_cel_text_begin(call);

    if (troth_cel_text_reserve(&made, text.len))
        for (size_t i = 0; i < text.len; i++) {
            const uint8_t byte = text.ptr[i];
            const bool is_one = byte >= first && byte - first < 26;

            troth_write_u8(&made.w, (uint8_t)(is_one ? byte + by : byte));
        }
    return troth_cel_text_finish(&made, TROTH_CEL_STRING);
}

static struct troth_cel_value lower_ascii(struct troth_cel_call *call,
                                          const struct troth_cel_value *arguments)
{
    return move_letters(call, arguments[0].as.text, 'A', 'a' - 'A');
}

static struct troth_cel_value upper_ascii(struct troth_cel_call *call,
                                          const struct troth_cel_value *arguments)
{
    return move_letters(call, arguments[0].as.text, 'a', 'A' - 'a');
}

static struct troth_cel_value slice_of(struct troth_span text, size_t start, size_t end)
{
    if (start == SIZE_MAX || end == SIZE_MAX || start > end)
        return index_error();
    return TROTH_CEL_STRING_VALUE(troth_span_slice(text, start, end));
}

static struct troth_cel_value substring_from(struct troth_cel_call *call,
                                             const struct troth_cel_value *arguments)
{
    const struct troth_span text = arguments[0].as.text;

    if (!charge(call, &arguments[0]))
        return index_error();
    return slice_of(text, troth_cel_text_offset(text, arguments[1].as.integer), text.len);
}

static struct troth_cel_value substring(struct troth_cel_call *call,
                                        const struct troth_cel_value *arguments)
{
    const struct troth_span text = arguments[0].as.text;

    if (!charge(call, &arguments[0]))
        return index_error();
    return slice_of(text, troth_cel_text_offset(text, arguments[1].as.integer),
                    troth_cel_text_offset(text, arguments[2].as.integer));
}

/* Unicode's White_Space, in UTF-8, but for the six that are ASCII. */
static const struct {
    uint8_t len, bytes[3], last; /* `last`: of a row whose last bytes are a range */
} spaces[] = {
    {2, {0xc2, 0x85}, 0x85},       {2, {0xc2, 0xa0}, 0xa0},
    {3, {0xe1, 0x9a, 0x80}, 0x80}, {3, {0xe2, 0x80, 0x80}, 0x8a},
    {3, {0xe2, 0x80, 0xa8}, 0xa9}, {3, {0xe2, 0x80, 0xaf}, 0xaf},
    {3, {0xe2, 0x81, 0x9f}, 0x9f}, {3, {0xe3, 0x80, 0x80}, 0x80},
};

/* Is this one character white space? */
static bool is_space(struct troth_span character)
{
    const uint8_t *p = character.ptr;
    const size_t len = character.len;

    if (len == 1)
        return p[0] == ' ' || (p[0] >= '\t' && p[0] <= '\r');
    for (size_t i = 0; i < sizeof spaces / sizeof spaces[0]; i++)
        if (len == spaces[i].len && p[0] == spaces[i].bytes[0] &&
            (len == 2 || p[1] == spaces[i].bytes[1]) &&
            p[len - 1] >= spaces[i].bytes[len - 1] && p[len - 1] <= spaces[i].last)
            return true;
    return false;
}

static size_t last_character_len(struct troth_span text)
{
    size_t len = 1;

    while (len < text.len && (text.ptr[text.len - len] & 0xc0) == 0x80)
        len++;
    return len;
}

static struct troth_cel_value trim(struct troth_cel_call *call,
                                   const struct troth_cel_value *arguments)
{
    struct troth_span text = arguments[0].as.text;

    (void)charge(call, &arguments[0]);
    while (text.len) {
        const size_t len = troth_cel_character_len(text.ptr[0]);

        if (!is_space(troth_span_slice(text, 0, len)))
            break;
        text = troth_span_slice(text, len, text.len);
    }
    while (text.len) {
        const size_t rest = text.len - last_character_len(text);

        if (!is_space(troth_span_slice(text, rest, text.len)))
            break;
        text.len = rest;
    }
    return TROTH_CEL_STRING_VALUE(text);
}

static struct troth_cel_value reverse(struct troth_cel_call *call,
                                      const struct troth_cel_value *arguments)
{
    struct troth_span text = arguments[0].as.text;
    struct troth_cel_text made = troth_cel_text_begin(call);

    if (!troth_cel_text_reserve(&made, text.len))
        return index_error();
    while (text.len) {
        const size_t rest = text.len - last_character_len(text);

        troth_write_bytes(&made.w, troth_span_slice(text, rest, text.len));
        text.len = rest;
    }
    return troth_cel_text_finish(&made, TROTH_CEL_STRING);
}

/* The letter of an escape, or zero. */
static uint8_t escape_of(uint8_t byte)
{
    static const uint8_t letters[] = {'a', 'b', 't', 'n', 'v', 'f', 'r'};

    if (byte >= '\a' && byte <= '\r')
        return letters[byte - '\a'];
    return byte == '"' || byte == '\\' ? byte : 0;
}

static struct troth_cel_value quote(struct troth_cel_call *call,
                                    const struct troth_cel_value *arguments)
{
    const struct troth_span text = arguments[0].as.text;
    struct troth_cel_text made = troth_cel_text_begin(call);

    /* Every byte may become two. */
    if (!troth_cel_text_reserve(&made, text.len * 2 + 2))
        return index_error();
    troth_write_u8(&made.w, '"');
    for (size_t i = 0; i < text.len; i++) {
        const uint8_t letter = escape_of(text.ptr[i]);

        if (letter)
            troth_write_u8(&made.w, '\\');
        troth_write_u8(&made.w, letter ? letter : text.ptr[i]);
    }
    troth_write_u8(&made.w, '"');
    return troth_cel_text_finish(&made, TROTH_CEL_STRING);
}

#define STRING TROTH_CEL_OF(STRING)
#define INT    TROTH_CEL_OF(INT)
#define LIST   &troth_cel_type_list_string

/* clang-format off */
static const struct troth_cel_overload overloads[] = {
    /*                name             call                       result  arguments     */
    TROTH_CEL_METHOD("charAt",        char_at,                   STRING, STRING, INT)
    TROTH_CEL_METHOD("indexOf",       first_index,               INT,    STRING, STRING)
    TROTH_CEL_METHOD("indexOf",       first_index_from,          INT,    STRING, STRING, INT)
    TROTH_CEL_METHOD("lastIndexOf",   last_index,                INT,    STRING, STRING)
    TROTH_CEL_METHOD("lastIndexOf",   last_index_to,             INT,    STRING, STRING, INT)
    TROTH_CEL_METHOD("join",          troth_cel_join,            STRING, LIST)
    TROTH_CEL_METHOD("join",          troth_cel_join_with,       STRING, LIST, STRING)
    TROTH_CEL_METHOD("lowerAscii",    lower_ascii,               STRING, STRING)
    TROTH_CEL_METHOD("upperAscii",    upper_ascii,               STRING, STRING)
    TROTH_CEL_METHOD("replace",       troth_cel_replace,         STRING, STRING, STRING, STRING)
    TROTH_CEL_METHOD("replace",       troth_cel_replace_at_most, STRING, STRING, STRING, STRING, INT)
    TROTH_CEL_METHOD("split",         troth_cel_split,           LIST,   STRING, STRING)
    TROTH_CEL_METHOD("split",         troth_cel_split_at_most,   LIST,   STRING, STRING, INT)
    TROTH_CEL_METHOD("substring",     substring_from,            STRING, STRING, INT)
    TROTH_CEL_METHOD("substring",     substring,                 STRING, STRING, INT, INT)
    TROTH_CEL_METHOD("trim",          trim,                      STRING, STRING)
    TROTH_CEL_METHOD("reverse",       reverse,                   STRING, STRING)
    TROTH_CEL_METHOD("format",        troth_cel_format,          STRING, STRING, TROTH_CEL_OF(LIST))
    TROTH_CEL_FUNCTION("strings.quote", quote,                   STRING, STRING)
};
/* clang-format on */

const struct troth_cel_library troth_cel_strings = {
    .name = "strings",
    .overloads = overloads,
    .overload_count = sizeof overloads / sizeof overloads[0],
};
