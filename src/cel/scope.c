/* SPDX-License-Identifier: Apache-2.0 */
#include "cel/scope.h"

#include "base/span.h"

/* Does the LOOP's child number `child` see this name? */
static bool is_in_loop(enum troth_cel_local *out, const struct troth_cel_node *loop,
                       uint32_t child, struct troth_span name)
{
    if (child >= TROTH_CEL_LOOP_CONDITION &&
        troth_span_is_text(name, TROTH_CEL_ACCUMULATOR)) {
        *out = TROTH_CEL_LOCAL_RESULT;
        return true;
    }
    if (child != TROTH_CEL_LOOP_CONDITION && child != TROTH_CEL_LOOP_STEP)
        return false;
    if (loop->second.len && troth_span_equal(loop->second, name)) {
        *out = TROTH_CEL_LOCAL_SECOND;
        return true;
    }
    *out = TROTH_CEL_LOCAL_TEXT;
    return troth_span_equal(loop->text, name);
}

static bool is_in_let(enum troth_cel_local *out, const struct troth_cel_node *let,
                      uint32_t child, struct troth_span name)
{
    *out = TROTH_CEL_LOCAL_TEXT;
    return child == 1 && troth_span_equal(let->text, name);
}

bool troth_cel_scope_find(uint32_t *out_owner, enum troth_cel_local *out_local,
                          const struct troth_cel_tree *tree, uint32_t node)
{
    const struct troth_span name = tree->nodes[node].text;

    if (tree->nodes[node].is_absolute)
        return false;
    for (uint32_t child = node; tree->nodes[child].parent;
         child = tree->nodes[child].parent) {
        const uint32_t number = tree->nodes[child].number;

        *out_owner = tree->nodes[child].parent;

        const struct troth_cel_node *owner = &tree->nodes[*out_owner];
        if (owner->kind == TROTH_CEL_NODE_LOOP &&
            is_in_loop(out_local, owner, number, name))
            return true;
        if (owner->kind == TROTH_CEL_NODE_LET &&
            is_in_let(out_local, owner, number, name))
            return true;
    }
    return false;
}
