/* SPDX-License-Identifier: Apache-2.0 */
#include "cel/text.h"

#include "base/memory.h"
#include "base/span.h"

enum {
    ROOM_MIN = 64,        /* bytes of a text in the making, to begin with */
    NEEDLE_ON_STACK = 64, /* bytes; longer ones have their table in the arena */
};

size_t troth_cel_character_len(uint8_t first)
{
    return first < 0x80 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
}

static bool begins_character(uint8_t byte)
{
    return (byte & 0xc0) != 0x80;
}

size_t troth_cel_text_count(struct troth_span text)
{
    size_t count = 0;

    for (size_t i = 0; i < text.len; i++)
        count += begins_character(text.ptr[i]);
    return count;
}

size_t troth_cel_text_offset(struct troth_span text, int64_t index)
{
    size_t at = 0;

    if (index < 0)
        return SIZE_MAX;
    for (; at < text.len && index > 0; index--)
        at += troth_cel_character_len(text.ptr[at]);
    /* A host's text may end within a character. */
    return index || at > text.len ? SIZE_MAX : at;
}

/*
 * Knuth, Morris and Pratt: table[i] is how many of the needle's first bytes are also the
 * last of its first i + 1, so that no byte of the text is looked at again.
 */
static void fill_table(uint32_t *table, struct troth_span needle)
{
    uint32_t same = 0;

    table[0] = 0;
    for (size_t i = 1; i < needle.len; i++) {
        while (same && needle.ptr[i] != needle.ptr[same])
            same = table[same - 1];
        same += needle.ptr[i] == needle.ptr[same];
        table[i] = same;
    }
}

/* The first or the last place whose first byte is not before `from`. */
static size_t scan(const uint32_t *table, struct troth_span text,
                   struct troth_span needle, size_t from, bool wants_last)
{
    size_t found = SIZE_MAX;
    uint32_t same = 0;

    for (size_t i = from; i < text.len; i++) {
        while (same && (same == needle.len || text.ptr[i] != needle.ptr[same]))
            same = table[same - 1];
        same += text.ptr[i] == needle.ptr[same];
        if (same == needle.len) {
            found = i + 1 - needle.len;
            if (!wants_last)
                return found;
        }
    }
    return found;
}

static size_t find(struct troth_cel_call *call, struct troth_span text,
                   struct troth_span needle, size_t from, bool wants_last)
{
    const size_t mark = call->arena->used;
    uint32_t small[NEEDLE_ON_STACK];
    uint32_t *table = small;

    if (text.len < from || needle.len > text.len - from)
        return SIZE_MAX;
    if (needle.len == 0)
        return wants_last ? text.len : from;
    if (!troth_cel_spend(call, (text.len - from) / TROTH_CEL_BYTES_A_STEP))
        return SIZE_MAX;
    if (needle.len > NEEDLE_ON_STACK)
        table = troth_cel_take(call, needle.len, sizeof *table);
    if (!table)
        return SIZE_MAX;
    fill_table(table, needle);
    call->arena->used = mark;
    return scan(table, text, needle, from, wants_last);
}

size_t troth_cel_text_find(struct troth_cel_call *call, struct troth_span text,
                           struct troth_span needle, size_t from)
{
    return find(call, text, needle, from, false);
}

size_t troth_cel_text_find_last(struct troth_cel_call *call, struct troth_span text,
                                struct troth_span needle, size_t to)
{
    if (needle.len < text.len && to < text.len - needle.len)
        text.len = to + needle.len;
    return find(call, text, needle, 0, true);
}

struct troth_cel_text troth_cel_text_begin(struct troth_cel_call *call)
{
    return (struct troth_cel_text){call, troth_writer_over(NULL, 0)};
}

/* Is the text the last thing in the arena? Then it grows and shrinks where it is. */
static bool stands_last(const struct troth_cel_text *text)
{
    const struct troth_arena *arena = text->call->arena;

    return text->w.base && text->w.base + text->w.size == arena->base + arena->used;
}

static void give_back(struct troth_cel_text *text, size_t keep)
{
    struct troth_arena *arena = text->call->arena;

    if (stands_last(text))
        arena->used = (size_t)(text->w.base - arena->base) + keep;
}

static bool grow(struct troth_cel_text *text, size_t size)
{
    struct troth_writer *w = &text->w;

    give_back(text, 0);

    uint8_t *base = troth_cel_take(text->call, size, 1);

    if (!base) {
        w->full = true;
        return false;
    }
    if (w->len && base != w->base)
        memcpy(base, w->base, w->len);
    w->base = base;
    w->size = size;
    return true;
}

bool troth_cel_text_reserve(struct troth_cel_text *text, size_t len)
{
    struct troth_writer *w = &text->w;

    if (w->full || !troth_cel_spend(text->call, len / TROTH_CEL_BYTES_A_STEP)) {
        w->full = true;
        return false;
    }
    if (len <= w->size - w->len)
        return true;
    if (len > SIZE_MAX / 4 || w->size > SIZE_MAX / 4) {
        text->call->out_of_memory = true;
        w->full = true;
        return false;
    }

    size_t size = w->size * 2 < w->len + len ? w->len + len : w->size * 2;

    return grow(text, size < ROOM_MIN ? ROOM_MIN : size);
}

void troth_cel_text_add(struct troth_cel_text *text, struct troth_span more)
{
    if (troth_cel_text_reserve(text, more.len))
        troth_write_bytes(&text->w, more);
}

struct troth_cel_value troth_cel_text_finish(struct troth_cel_text *text,
                                             enum troth_cel_kind kind)
{
    struct troth_cel_value value = {.kind = kind};

    if (text->w.full)
        return TROTH_CEL_ERROR_VALUE(TROTH_CEL_ERROR_RANGE);
    give_back(text, text->w.len);
    value.as.text = troth_writer_span(&text->w);
    return value;
}
