/* SPDX-License-Identifier: Apache-2.0 */
#include "evidence/need_list.h"

#include "base/arena.h"

void troth_need_add(struct troth_need_list *list, const struct troth_need *need)
{
    if (list->count == TROTH_NEEDS_MAX)
        list->err = TROTH_ERR_MEMORY;
    else
        list->rows[list->count++] = *need;
}

const char *troth_need_text(struct troth_need_list *list, struct troth_writer *w)
{
    struct troth_span copy = {NULL, 0};

    if (!w->full)
        copy = troth_arena_copy(list->arena, troth_writer_span(w));
    if (!copy.ptr)
        list->err = TROTH_ERR_MEMORY;
    return (const char *)copy.ptr;
}
