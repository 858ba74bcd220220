/* SPDX-License-Identifier: Apache-2.0 */
#include "builder/lock.h"

#include <stdlib.h>
#include <string.h>

#include "base/span.h"
#include "builder/lock_fields.h"

#define FIRST_ROOM 64

static void release(struct troth_input *input)
{
    for (unsigned i = 0; i < TROTH_LOCK_FIELD_COUNT; i++) {
        const char **text = troth_lock_text_of(input, (enum troth_lock_field)i);

        if (text)
            free((char *)*text);
    }
}

/* Each text of `to` is the list's own; false: no memory. */
static bool copy(struct troth_input *to, const struct troth_input *from)
{
    struct troth_input source = *from;
    bool is_whole = true;

    *to = source;
    for (unsigned i = 0; i < TROTH_LOCK_FIELD_COUNT; i++) {
        const char **old = troth_lock_text_of(&source, (enum troth_lock_field)i);
        const char **text = troth_lock_text_of(to, (enum troth_lock_field)i);

        if (!text || !*old)
            continue;
        *text = strdup(*old);
        is_whole = is_whole && *text;
    }
    if (!is_whole)
        release(to);
    return is_whole;
}

static bool grow(struct troth_inputs_list *list)
{
    const size_t room = list->room ? list->room * 2 : FIRST_ROOM;
    struct troth_input *rows;

    if (list->count < list->room)
        return true;
    rows = realloc(list->rows, room * sizeof *rows);
    if (!rows)
        return false;
    list->rows = rows;
    list->room = room;
    return true;
}

bool troth_inputs_add(struct troth_inputs_list *list, struct troth_build_problem *problem,
                      const struct troth_input *input)
{
    if (list->count >= TROTH_LOCK_INPUTS_MAX)
        return troth_build_fail(problem, input->name, "is one input too many");
    if (!grow(list) || !copy(&list->rows[list->count], input))
        return troth_build_fail(problem, input->name, "out of memory");
    list->count++;
    return true;
}

void troth_inputs_list_release(struct troth_inputs_list *list)
{
    for (size_t i = 0; i < list->count; i++)
        release(&list->rows[i]);
    free(list->rows);
    *list = (struct troth_inputs_list){NULL, 0, 0};
}

static int compare(const void *a, const void *b)
{
    return troth_lock_order(a, b);
}

bool troth_inputs_sort(struct troth_inputs_list *list,
                       struct troth_build_problem *problem)
{
    if (list->count > 1)
        qsort(list->rows, list->count, sizeof *list->rows, compare);
    for (size_t i = 1; i < list->count; i++)
        if (troth_lock_order(&list->rows[i - 1], &list->rows[i]) == 0)
            return troth_build_fail(problem, list->rows[i].name,
                                    "is there twice as an input of one kind");
    return true;
}

struct troth_input *troth_inputs_find(const struct troth_inputs_list *list,
                                      const struct troth_input *key)
{
    if (list->count == 0)
        return NULL;
    return bsearch(key, list->rows, list->count, sizeof *list->rows, compare);
}

static bool is_same_text(const char *a, const char *b)
{
    return (!a && !b) || (a && b && strcmp(a, b) == 0);
}

/* In all that a lock says of its kind. */
static bool is_same(const struct troth_input *a, const struct troth_input *b)
{
    const unsigned fields = troth_lock_fields_of(a->kind);
    const struct troth_span first = TROTH_ARRAY_SPAN(a->sha256);
    const struct troth_span second = TROTH_ARRAY_SPAN(b->sha256);

    return is_same_text(a->version, b->version) &&
           is_same_text(a->architecture, b->architecture) &&
           is_same_text(a->target, b->target) &&
           (!(fields & TROTH_LOCK_BIT(MODE)) || a->mode == b->mode) &&
           (!(fields & TROTH_LOCK_BIT(SIZE)) || a->size == b->size) &&
           (!(fields & (TROTH_LOCK_BIT(SHA256) | TROTH_LOCK_BIT(DIGEST))) ||
            a->is_unread || b->is_unread || troth_span_equal(first, second));
}

/* The next of both lists: less than zero where only the first has it, zero where both do.
 */
static int next(const struct troth_input *old, const struct troth_input *new)
{
    if (!old)
        return 1;
    return new ? troth_lock_order(old, new) : -1;
}

static const struct troth_input *row(const struct troth_inputs_list *list, size_t i)
{
    return i < list->count ? &list->rows[i] : NULL;
}

static enum troth_lock_change change_of(int order)
{
    if (order == 0)
        return TROTH_LOCK_CHANGED;
    return order < 0 ? TROTH_LOCK_MISSING : TROTH_LOCK_ADDED;
}

size_t troth_lock_compare(const struct troth_inputs_list *locked,
                          const struct troth_inputs_list *seen,
                          troth_lock_difference *report, void *state)
{
    size_t i = 0, j = 0, count = 0;

    while (i < locked->count || j < seen->count) {
        const struct troth_input *old = row(locked, i);
        const struct troth_input *new = row(seen, j);
        const int order = next(old, new);

        i += order <= 0;
        j += order >= 0;
        if (order == 0 && is_same(old, new))
            continue;
        count++;
        if (report)
            report(state, change_of(order), order <= 0 ? old : NULL,
                   order >= 0 ? new : NULL);
    }
    return count;
}
