/* SPDX-License-Identifier: Apache-2.0 */
/* The steps of machine.h that go round loops. */
#include "cel/machine.h"
#include "cel/operators.h"

const struct troth_cel_instruction *
troth_cel_step_range(struct troth_cel_machine *m, const struct troth_cel_instruction *in)
{
    struct troth_cel_value *range = m->top - 1;

    if (range->kind != TROTH_CEL_LIST && range->kind != TROTH_CEL_MAP) {
        troth_cel_answer(m, range, troth_cel_refuse(range, 1), in);
        return in->with.target;
    }
    m->slots[in->number + TROTH_CEL_SLOT_RANGE] = *range;
    m->slots[in->number + TROTH_CEL_SLOT_NEXT] = TROTH_CEL_INT_VALUE(0);
    m->top--;
    return in + 1;
}

/* The number of the round that begins; SIZE_MAX if there is none. */
static size_t begin(struct troth_cel_value *slots)
{
    const struct troth_cel_value *range = &slots[TROTH_CEL_SLOT_RANGE];
    const size_t count = range->kind == TROTH_CEL_LIST ? range->as.list->count
                                                       : range->as.map->count;
    const size_t round = (size_t)slots[TROTH_CEL_SLOT_NEXT].as.integer;

    if (round >= count)
        return SIZE_MAX;
    slots[TROTH_CEL_SLOT_NEXT].as.integer++;
    return round;
}

const struct troth_cel_instruction *
troth_cel_step_next(struct troth_cel_machine *m, const struct troth_cel_instruction *in)
{
    struct troth_cel_value *slots = &m->slots[in->number];
    const struct troth_cel_value *range = &slots[TROTH_CEL_SLOT_RANGE];
    const size_t round = begin(slots);

    if (round == SIZE_MAX)
        return in->with.target;
    slots[TROTH_CEL_SLOT_TEXT] = range->kind == TROTH_CEL_LIST
                                     ? range->as.list->items[round]
                                     : range->as.map->entries[round].key;
    return in + 1;
}

const struct troth_cel_instruction *
troth_cel_step_next_pair(struct troth_cel_machine *m,
                         const struct troth_cel_instruction *in)
{
    struct troth_cel_value *slots = &m->slots[in->number];
    const struct troth_cel_value *range = &slots[TROTH_CEL_SLOT_RANGE];
    const size_t round = begin(slots);

    if (round == SIZE_MAX)
        return in->with.target;
    if (range->kind == TROTH_CEL_LIST) {
        slots[TROTH_CEL_SLOT_TEXT] = TROTH_CEL_INT_VALUE((int64_t)round);
        slots[TROTH_CEL_SLOT_SECOND] = range->as.list->items[round];
    } else {
        slots[TROTH_CEL_SLOT_TEXT] = range->as.map->entries[round].key;
        slots[TROTH_CEL_SLOT_SECOND] = range->as.map->entries[round].value;
    }
    return in + 1;
}

const struct troth_cel_instruction *
troth_cel_step_go_on(struct troth_cel_machine *m, const struct troth_cel_instruction *in)
{
    const struct troth_cel_value *condition = --m->top;

    return condition->kind == TROTH_CEL_BOOL && !condition->as.boolean ? in->with.target
                                                                       : in + 1;
}
