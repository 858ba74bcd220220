/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

#include "builder/building.h"

struct comparison {
    struct troth_building *b;
    size_t wrong;
    enum troth_lock_change change;
    char name[512];
};

static void take_difference(void *state, enum troth_lock_change change,
                            const struct troth_input *locked,
                            const struct troth_input *seen)
{
    struct comparison *comparison = state;
    const struct troth_build_order *order = comparison->b->order;
    const struct troth_input *either = seen ? seen : locked;
    static const bool is_foreign[] = {
#define X(name, text, foreign) foreign,
        TROTH_INPUT_KINDS(X)
#undef X
    };

    if (order->changed)
        order->changed(order->state, change, locked, seen);
    if (order->lock == TROTH_BUILD_OWN_MAY_DIFFER && !is_foreign[either->kind])
        return;
    if (comparison->wrong++ > 0)
        return;
    comparison->change = change;
    (void)snprintf(comparison->name, sizeof comparison->name, "%s", either->name);
}

static bool judge(const struct comparison *comparison)
{
    static const char *const words[] = {
        [TROTH_LOCK_CHANGED] = "is not what was locked",
        [TROTH_LOCK_MISSING] = "was locked and is not there",
        [TROTH_LOCK_ADDED] = "was not there when the inputs were locked",
    };
    struct troth_building *b = comparison->b;
    char more[64] = "";

    if (comparison->wrong == 0)
        return true;
    if (comparison->wrong > 1)
        (void)snprintf(more, sizeof more, ", and %zu more inputs differ",
                       comparison->wrong - 1);
    (void)troth_build_fail(b->problem, comparison->name, "%s%s",
                           words[comparison->change], more);
    if (b->order->lock == TROTH_BUILD_AS_LOCKED)
        troth_build_hint(b->problem, "troth build --lock %s takes all inputs as they are",
                         b->order->path);
    return false;
}

/* Sorted by kind, and what is the author's own comes first. */
static struct troth_inputs_list part(const struct troth_inputs_list *list, bool own)
{
    size_t split = 0;

    while (split < list->count && list->rows[split].kind <= TROTH_INPUT_FOLDER)
        split++;
    if (own)
        return (struct troth_inputs_list){list->rows, split, split};
    return (struct troth_inputs_list){list->rows ? list->rows + split : NULL,
                                      list->count - split, list->count - split};
}

static bool has_unread(const struct troth_inputs_list *list)
{
    for (size_t i = 0; i < list->count; i++)
        if (list->rows[i].is_unread)
            return true;
    return false;
}

/* Is it too early to say? What differs by more than its digest does so now, and all that
 * differs is told at once. */
static bool comes_later(const struct troth_building *b,
                        const struct troth_inputs_list *locked,
                        const struct troth_inputs_list *seen)
{
    return has_unread(seen) && (b->order->lock == TROTH_BUILD_OWN_MAY_DIFFER ||
                                troth_lock_compare(locked, seen, NULL, NULL) == 0);
}

bool troth_building_compare(struct troth_building *b, bool own)
{
    struct comparison comparison = {.b = b};
    struct troth_inputs_list locked, seen;

    if (!troth_inputs_sort(&b->out->inputs, b->problem))
        return false;
    if (b->order->lock == TROTH_BUILD_LOCK_ANEW)
        return true;
    locked = part(&b->locked, own);
    seen = part(&b->out->inputs, own);
    if (comes_later(b, &locked, &seen)) {
        b->compares_later = true;
        return true;
    }
    if (has_unread(&seen) && !troth_building_read_rest(b))
        return false;
    (void)troth_lock_compare(&locked, &seen, take_difference, &comparison);
    return judge(&comparison);
}
