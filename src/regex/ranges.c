/* SPDX-License-Identifier: Apache-2.0 */
#include "regex/ranges.h"

#include "base/memory.h"

struct troth_regex_ranges troth_regex_ranges_begin(struct troth_regex_machine *m)
{
    return (struct troth_regex_ranges){.machine = m};
}

/* Room for one more range at the end? */
static bool make_room(struct troth_regex_ranges *set)
{
    if (set->count < set->room)
        return true;

    struct troth_regex_state *const more = set->machine
                                               ? troth_regex_extend(set->machine, 1)
                                               : NULL;
    if (!more)
        return false;
    if (!set->items)
        set->items = more;
    set->room++;
    return true;
}

/* The first range that does not end below `first`, nor right before it. */
static uint32_t find(const struct troth_regex_ranges *set, uint32_t first)
{
    uint32_t low = 0;
    uint32_t high = set->count;

    while (low < high) {
        const uint32_t middle = low + (high - low) / 2;

        if (set->items[middle].last + 1 < first)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

void troth_regex_ranges_add(struct troth_regex_ranges *set, uint32_t first, uint32_t last)
{
    const uint32_t at = find(set, first);
    uint32_t end = at; /* behind those that become one with it */

    for (; end < set->count && set->items[end].first <= last + 1; end++) {
        if (set->items[end].first < first)
            first = set->items[end].first;
        if (set->items[end].last > last)
            last = set->items[end].last;
    }
    if (end == at && !make_room(set))
        return;

    struct troth_regex_state *const item = set->items + at;
    memmove(item + 1, set->items + end, (set->count - end) * sizeof *item);
    set->count = set->count - (end - at) + 1;
    *item = (struct troth_regex_state){TROTH_REGEX_RANGE, 0, {first}, last};
}

void troth_regex_ranges_negate(struct troth_regex_ranges *set)
{
    uint32_t gaps = 0;
    uint32_t from = 0;

    /* There is a gap before each range, but for a first that begins with 0. */
    for (uint32_t i = 0; i < set->count; i++) {
        const struct troth_regex_state range = set->items[i];

        if (range.first > from)
            set->items[gaps++] = (struct troth_regex_state){
                TROTH_REGEX_RANGE, 0, {from}, range.first - 1};
        from = range.last + 1;
    }
    set->count = gaps;
    if (from <= TROTH_REGEX_CODE_POINT_MAX && make_room(set))
        set->items[set->count++] = (struct troth_regex_state){
            TROTH_REGEX_RANGE, 0, {from}, TROTH_REGEX_CODE_POINT_MAX};
}

void troth_regex_ranges_end(struct troth_regex_ranges *set)
{
    struct troth_regex_machine *const m = set->machine;

    if (set->count == 0 && make_room(set)) /* a class of nothing: above all there is */
        set->items[set->count++] = (struct troth_regex_state){
            TROTH_REGEX_RANGE, 0, {UINT32_MAX}, UINT32_MAX};
    if (m->err)
        return;
    troth_regex_cut(m, m->count - (set->room - set->count));
    for (uint32_t i = 0; i < set->count; i++)
        set->items[i].next = m->count;
    set->items[set->count - 1].op = TROTH_REGEX_LAST_RANGE;
}
