/* SPDX-License-Identifier: Apache-2.0 */
/* A pattern, a zero, a text: compiled and searched within the steps that its size allows,
 * and alike by every other way of asking the same. */
#include "regex/regex.h"

#include <stdlib.h>
#include <string.h>

#include "base/span.h"
#include "base/utf8.h"

enum { ROOM = 1 << 20, PATTERN_ROOM = TROTH_REGEX_PATTERN_MAX + 64 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static _Alignas(max_align_t) uint8_t room[ROOM];

static void require(bool holds)
{
    if (!holds)
        abort();
}

/* Searched; with one step less it is out of steps. */
static bool search(const struct troth_regex *regex, struct troth_span text,
                   struct troth_arena *arena)
{
    /* At a code point: itself, all states visited, all asked what they read. */
    const uint64_t allowed = (text.len + 1) * (2 * (uint64_t)regex->count + 3);
    const size_t used = arena->used;
    uint64_t left = allowed;
    bool matches;
    bool again;

    require(troth_regex_search(&matches, regex, text, &left, arena) == TROTH_OK);

    uint64_t steps = allowed - left;
    require(steps > 0 || (!matches && text.len < regex->prefix.len));
    require(troth_regex_search(&again, regex, text, &steps, arena) == TROTH_OK);
    require(again == matches && steps == 0);
    steps = allowed - left;
    if (steps--)
        require(troth_regex_search(&again, regex, text, &steps, arena) ==
                TROTH_ERR_LIMIT);
    require(!again || steps == UINT64_MAX);
    require(arena->used == used);
    return matches;
}

static struct troth_span append(struct troth_span to, struct troth_span more)
{
    static uint8_t whole[PATTERN_ROOM];

    for (size_t i = 0; i < more.len; i++)
        whole[to.len + i] = more.ptr[i];
    return (struct troth_span){whole, to.len + more.len};
}

/* The same pattern between two others. */
static struct troth_span wrap(const char *before, struct troth_span pattern,
                              const char *after)
{
    struct troth_span whole = append((struct troth_span){NULL, 0},
                                     troth_span_of_text(before));

    whole = append(whole, pattern);
    return append(whole, troth_span_of_text(after));
}

/* Where a wrapped pattern is still one, it matches what the pattern matches. The second
 * has no prefix and no anchor to go by, the third begins at the beginning. */
static void check_wrapped(struct troth_span pattern, struct troth_span text, bool matches)
{
    static const char *const wraps[][2] = {
        {"(?:", ")"}, {"(?:[^\\x00-\\x{10FFFF}]|(?:", "))"}, {"\\A(?s:.*)(?:", ")"}};

    for (size_t i = 0; i < sizeof wraps / sizeof wraps[0]; i++) {
        struct troth_arena arena = TROTH_ARENA_OVER(room);
        struct troth_regex regex;
        const struct troth_span whole = wrap(wraps[i][0], pattern, wraps[i][1]);
        const enum troth_err err = troth_regex_compile(&regex, NULL, whole, &arena);

        require(!err || err == TROTH_ERR_LIMIT || err == TROTH_ERR_DEPTH);
        require(err || search(&regex, text, &arena) == matches);
    }
}

/* Behind \Q there may be no \E, so that nothing can follow. */
static bool has_quotes(struct troth_span pattern)
{
    for (size_t i = 1; i < pattern.len; i++)
        if (pattern.ptr[i - 1] == '\\' && pattern.ptr[i] == 'Q')
            return true;
    return false;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const uint8_t *const zero = size ? memchr(data, 0, size) : NULL;
    const struct troth_span pattern = {data, zero ? (size_t)(zero - data) : size};
    struct troth_arena arena = TROTH_ARENA_OVER(room);
    struct troth_span text = {NULL, 0};
    struct troth_regex regex;
    struct troth_fault fault;

    if (zero)
        text = (struct troth_span){zero + 1, size - pattern.len - 1};
    if (text.len > 256)
        text.len = 256;

    const enum troth_err err = troth_regex_compile(&regex, &fault, pattern, &arena);
    require(fault.err == err && fault.offset <= pattern.len);
    require(!err == !fault.field);
    if (err) {
        require(arena.used == 0 && !regex.states && regex.count == 0);
        return 0;
    }
    require(regex.count > 0 && regex.count <= TROTH_REGEX_STATES_MAX);

    const bool matches = search(&regex, text, &arena);
    if (troth_utf8_is_valid(text) && pattern.len <= TROTH_REGEX_PATTERN_MAX &&
        !has_quotes(pattern))
        check_wrapped(pattern, text, matches);
    return 0;
}
