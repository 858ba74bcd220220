/* SPDX-License-Identifier: Apache-2.0 */
#include "regex/machine.h"

#include "base/arena.h"
#include "base/memory.h"
#include "regex/regex.h"

_Static_assert(sizeof(struct troth_regex_state) % _Alignof(max_align_t) == 0,
               "states that are taken in turn have no gap between them");

struct troth_regex_state *troth_regex_extend(struct troth_regex_machine *m,
                                             uint32_t count)
{
    if (m->err)
        return NULL;
    if (count > TROTH_REGEX_STATES_MAX - m->count) {
        m->err = TROTH_ERR_LIMIT;
        return NULL;
    }

    struct troth_regex_state *taken = troth_arena_take_unset(m->arena, count,
                                                             sizeof *taken);
    if (!taken) {
        m->err = TROTH_ERR_MEMORY;
        return NULL;
    }
    if (!m->states)
        m->states = taken;
    m->count += count;
    return taken;
}

void troth_regex_append(struct troth_regex_machine *m, enum troth_regex_op op)
{
    struct troth_regex_state *state = troth_regex_extend(m, 1);

    if (state)
        *state = (struct troth_regex_state){.op = op, .next = m->count};
}

void troth_regex_cut(struct troth_regex_machine *m, uint32_t count)
{
    m->arena->used -= (m->count - count) * sizeof *m->states;
    m->count = count;
}

/* The links of `count` states, after those have moved by `distance`. */
static void relocate(struct troth_regex_state *states, uint32_t count, uint32_t distance)
{
    for (uint32_t i = 0; i < count; i++) {
        states[i].next += distance;
        if (states[i].op == TROTH_REGEX_SPLIT)
            states[i].other += distance;
    }
}

void troth_regex_insert_split(struct troth_regex_machine *m, uint32_t at, uint32_t other)
{
    const uint32_t size = m->count - at;

    if (!troth_regex_extend(m, 1))
        return;

    struct troth_regex_state *const split = m->states + at;
    memmove(split + 1, split, size * sizeof *split);
    relocate(split + 1, size, 1);
    *split = (struct troth_regex_state){TROTH_REGEX_SPLIT, at + 1, {.other = other}, 0};
}

/* Once more what is at `from`. */
static void append_copy(struct troth_regex_machine *m, uint32_t from, uint32_t size)
{
    const uint32_t to = m->count;
    struct troth_regex_state *copy = troth_regex_extend(m, size);

    if (!copy)
        return;
    memcpy(copy, m->states + from, size * sizeof *copy);
    relocate(copy, size, to - from);
}

/* How many states the repeated fragment will be; more than there may be: LIMIT. */
static uint64_t size_of_all(uint32_t size, uint32_t min, uint32_t max)
{
    const uint64_t copies = min ? min : 1;

    if (max == TROTH_REGEX_UNBOUNDED)
        return copies * size + (min ? 1 : 2);
    return (uint64_t)min * size + (uint64_t)(max - min) * (size + 1);
}

/* The last of the copies, from `last` on, any number of times. */
static void close_loop(struct troth_regex_machine *m, uint32_t last, bool may_skip)
{
    if (may_skip) {
        troth_regex_insert_split(m, last, m->count + 2);
        troth_regex_append(m, TROTH_REGEX_JUMP);
    } else {
        troth_regex_append(m, TROTH_REGEX_SPLIT);
    }
    if (m->err)
        return;

    struct troth_regex_state *const end = &m->states[m->count - 1];
    end->other = m->count;
    end->next = last;
}

/* `count` copies, before each of which there is a way to `end`. */
static void append_optional(struct troth_regex_machine *m, uint32_t from, uint32_t size,
                            uint32_t count, uint32_t end)
{
    for (uint32_t i = 0; i < count && !m->err; i++) {
        troth_regex_insert_split(m, m->count, end);
        append_copy(m, from, size);
    }
}

void troth_regex_repeat(struct troth_regex_machine *m, uint32_t at, uint32_t min,
                        uint32_t max)
{
    const uint32_t size = m->count - at;

    if (size == 0)
        return; /* nothing, however often, is nothing; and no work for {1000}{1000} */
    if (max == 0) {
        troth_regex_cut(m, at);
        return;
    }

    const uint64_t all = size_of_all(size, min, max);
    if (all > TROTH_REGEX_STATES_MAX - at) {
        m->err = TROTH_ERR_LIMIT;
        return;
    }
    for (uint32_t i = 1; i < min; i++)
        append_copy(m, at, size);
    if (max == TROTH_REGEX_UNBOUNDED) {
        close_loop(m, m->count - size, min == 0);
        return;
    }

    const uint32_t end = at + (uint32_t)all;
    if (min == 0) {
        troth_regex_insert_split(m, at, end);
        append_optional(m, at + 1, size, max - 1, end);
    } else {
        append_optional(m, at, size, max - min, end);
    }
}

/* From the end, as all jumps that a jump leads to are behind it: those that go back lead
 * to the split of their loop. */
void troth_regex_thread_jumps(struct troth_regex_machine *m)
{
    for (uint32_t i = m->count; i-- > 0;) {
        struct troth_regex_state *const s = &m->states[i];

        if (s->next < m->count && m->states[s->next].op == TROTH_REGEX_JUMP)
            s->next = m->states[s->next].next;
        if (s->op == TROTH_REGEX_SPLIT && m->states[s->other].op == TROTH_REGEX_JUMP)
            s->other = m->states[s->other].next;
    }
}
