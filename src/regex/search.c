/* SPDX-License-Identifier: Apache-2.0 */
#include "base/arena.h"
#include "base/memory.h"
#include "base/span.h"
#include "base/word.h"
#include "regex/regex.h"
#include "regex/state.h"

/* All states that the text so far may lead to are followed at once, one code point after
 * the other, each state once a place: that is why time is linear. */

enum { MARK_BITS = 32, SCANNED_PER_STEP = 16 };

_Static_assert(TROTH_REGEX_STATES_MAX <= UINT16_MAX, "states have numbers of two bytes");

/* The states that read a code point, at one place of the text. */
struct list {
    uint16_t *items; /* as many as there are states */
    uint32_t count;
};

struct search {
    const struct troth_regex *regex;
    struct troth_span text;
    uint64_t steps;
    uint32_t *marks; /* a bit for each state, set when it was visited at this place */
    uint32_t mark_words;
    bool has_matched, is_out_of_steps;
};

static void spend(struct search *s, uint64_t steps)
{
    if (steps > s->steps) {
        s->is_out_of_steps = true;
        steps = s->steps;
    }
    s->steps -= steps;
}

static bool is_over(const struct search *s)
{
    return s->has_matched || s->is_out_of_steps;
}

static void clear_marks(struct search *s)
{
    for (uint32_t i = 0; i < s->mark_words; i++)
        s->marks[i] = 0;
}

/* Visit a state; false if it was visited before. */
static bool mark(struct search *s, uint32_t state)
{
    uint32_t *const word = &s->marks[state / MARK_BITS];
    const uint32_t bit = UINT32_C(1) << state % MARK_BITS;

    if (*word & bit)
        return false;
    *word |= bit;
    return true;
}

/* Is there such a byte before or behind a place? Letters of ASCII alone make words. */
static bool is_word_at(struct troth_span text, size_t at)
{
    if (at >= text.len)
        return false;

    const uint8_t byte = text.ptr[at];
    const uint8_t letter = byte | 0x20;
    return (letter >= 'a' && letter <= 'z') || (byte >= '0' && byte <= '9') ||
           byte == '_';
}

/* Is this such a place as the state wants? */
static bool holds(const struct search *s, enum troth_regex_op op, size_t at)
{
    const struct troth_span text = s->text;

    switch (op) {
    case TROTH_REGEX_BEGIN_TEXT:
        return at == 0;
    case TROTH_REGEX_END_TEXT:
        return at == text.len;
    case TROTH_REGEX_BEGIN_LINE:
        return at == 0 || text.ptr[at - 1] == '\n';
    case TROTH_REGEX_END_LINE:
        return at == text.len || text.ptr[at] == '\n';
    case TROTH_REGEX_WORD_EDGE: /* before the text there is no byte: at - 1 is too great
                                 */
        return is_word_at(text, at - 1) != is_word_at(text, at);
    case TROTH_REGEX_NO_WORD_EDGE:
        return is_word_at(text, at - 1) == is_word_at(text, at);
    case TROTH_REGEX_RANGE:
    case TROTH_REGEX_LAST_RANGE:
    case TROTH_REGEX_SPLIT:
    case TROTH_REGEX_JUMP:
    case TROTH_REGEX_MATCH:
        break;
    }
    return true;
}

/*
 * To the list, the states that read a code point and that `first` leads to without
 * reading one. Those still to be visited are on a stack that grows down from the end of
 * the list's array: each state that was visited is on the list, or has put one more on
 * the stack than it took, or neither, so the two do not meet.
 */
static void follow(struct search *s, struct list *list, uint32_t first, size_t at)
{
    uint16_t *const bottom = list->items + s->regex->count;
    uint16_t *top = bottom;

    *--top = (uint16_t)first;
    while (top != bottom && !is_over(s)) {
        const uint16_t i = *top++;
        const struct troth_regex_state *const state = &s->regex->states[i];

        if (!mark(s, i))
            continue;
        spend(s, 1);
        switch (state->op) {
        case TROTH_REGEX_RANGE:
        case TROTH_REGEX_LAST_RANGE:
            list->items[list->count++] = i;
            break;
        case TROTH_REGEX_MATCH:
            s->has_matched = true;
            break;
        case TROTH_REGEX_SPLIT:
            *--top = (uint16_t)state->other;
            *--top = (uint16_t)state->next;
            break;
        case TROTH_REGEX_JUMP:
        case TROTH_REGEX_BEGIN_TEXT:
        case TROTH_REGEX_END_TEXT:
        case TROTH_REGEX_BEGIN_LINE:
        case TROTH_REGEX_END_LINE:
        case TROTH_REGEX_WORD_EDGE:
        case TROTH_REGEX_NO_WORD_EDGE:
            if (holds(s, state->op, at))
                *--top = (uint16_t)state->next;
        }
    }
}

/* The state of the class that begins with `state` whose range this code point is in. */
static const struct troth_regex_state *
find_range(struct search *s, const struct troth_regex_state *state, uint32_t code_point)
{
    while (code_point > state->last && state->op == TROTH_REGEX_RANGE) {
        spend(s, 1);
        state++;
    }
    return code_point >= state->first && code_point <= state->last ? state : NULL;
}

/* Over the code point at `at`, which there is: from the states of one place to those of
 * the next, which is the result. */
static size_t read_one(struct search *s, const struct list *from, struct list *to,
                       size_t at)
{
    uint32_t code_point;
    const size_t next = at + troth_regex_decode(&code_point, s->text.ptr + at,
                                                s->text.len - at);

    to->count = 0;
    clear_marks(s);
    spend(s, 1);
    for (uint32_t i = 0; i < from->count && !is_over(s); i++) {
        const struct troth_regex_state *const state = find_range(
            s, &s->regex->states[from->items[i]], code_point);

        if (state)
            follow(s, to, state->next, next);
    }
    return next;
}

/* To the first such byte from `at` on, or to the text's end. */
static size_t find_byte(struct troth_span text, size_t at, uint8_t byte)
{
    for (; text.len - at >= TROTH_WORD_SIZE; at += TROTH_WORD_SIZE) {
        const uint64_t marks = troth_word_equal(troth_word_at(text.ptr + at), byte);

        if (marks)
            return at + troth_word_first(marks);
    }
    while (at < text.len && text.ptr[at] != byte)
        at++;
    return at;
}

/* Nothing is under way: to the next place where a match can begin. False: nowhere. What
 * is marked stays so: a prefix begins with a state that reads, and no such was visited.
 */
static bool to_beginning(struct search *s, size_t *at)
{
    const struct troth_span prefix = s->regex->prefix;

    if (s->regex->is_anchored)
        return *at == 0;
    if (prefix.len == 0)
        return true;
    while (!is_over(s)) {
        const size_t found = find_byte(s->text, *at, prefix.ptr[0]);

        spend(s, 1 + (found - *at) / SCANNED_PER_STEP);
        if (s->text.len - found < prefix.len)
            return false;
        *at = found;
        if (troth_word_same(s->text.ptr + found, prefix.ptr, prefix.len))
            break;
        ++*at;
    }
    return true;
}

static void run(struct search *s, struct list lists[static 2])
{
    struct list *now = &lists[0];
    struct list *next = &lists[1];
    size_t at = 0;

    while (!is_over(s)) {
        if (now->count == 0 && !to_beginning(s, &at))
            return;
        if (at == 0 || !s->regex->is_anchored)
            follow(s, now, 0, at);
        if (is_over(s) || at == s->text.len)
            return;
        at = read_one(s, now, next, at);

        struct list *const other = now;
        now = next;
        next = other;
    }
}

enum troth_err troth_regex_search(bool *out, const struct troth_regex *regex,
                                  struct troth_span text, uint64_t *steps,
                                  struct troth_arena *arena)
{
    const size_t used = arena->used;
    struct search s = {
        .regex = regex,
        .text = text,
        .steps = *steps,
        .mark_words = regex->count / MARK_BITS + 1,
    };
    struct list lists[2] = {0};

    *out = false;
    s.marks = troth_arena_take_array(arena, s.mark_words, sizeof *s.marks);
    lists[0].items = troth_arena_take_unset(arena, regex->count, sizeof(uint16_t));
    lists[1].items = troth_arena_take_unset(arena, regex->count, sizeof(uint16_t));
    const bool has_room = s.marks && lists[0].items && lists[1].items;
    if (has_room)
        run(&s, lists);
    arena->used = used;
    if (!has_room)
        return TROTH_ERR_MEMORY;
    *steps = s.steps;
    if (s.is_out_of_steps)
        return TROTH_ERR_LIMIT;
    *out = s.has_matched;
    return TROTH_OK;
}
