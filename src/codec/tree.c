/* SPDX-License-Identifier: Apache-2.0 */
#include "codec/tree.h"

#include "base/span.h"

const struct troth_tree_node *troth_tree_find(const struct troth_tree_node *map,
                                              const char *key)
{
    const struct troth_tree_node *child = NULL;

    if (map && map->kind == TROTH_TREE_MAP)
        child = map->first_child;
    while (child && !troth_span_is_text(child->key, key))
        child = child->next;
    return child;
}

bool troth_tree_next(const struct troth_tree_node *way[static TROTH_TREE_WAY],
                     unsigned *depth)
{
    if (way[*depth]->first_child) {
        way[*depth + 1] = way[*depth]->first_child;
        ++*depth;
        return true;
    }
    while (*depth > 0 && !way[*depth]->next)
        --*depth;
    /* The root may have no neighbour. */
    if (*depth == 0)
        return false;
    way[*depth] = way[*depth]->next;
    return true;
}
