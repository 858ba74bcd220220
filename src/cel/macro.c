/* SPDX-License-Identifier: Apache-2.0 */
#include "cel/macro.h"

#include "base/span.h"
#include "cel/written.h"

static bool has_name(const struct troth_cel_macro *macro,
                     const struct troth_cel_tree *tree, const struct troth_cel_node *call)
{
    const struct troth_cel_node *receiver = &tree->nodes[call->first_child];
    const struct troth_span name = troth_span_of_text(macro->name);
    size_t dot = name.len;

    while (dot && name.ptr[dot - 1] != '.')
        dot--;
    if (!dot)
        return call->is_member == macro->is_member && !call->is_absolute &&
               troth_span_equal(name, call->text);
    return call->is_member && receiver->kind == TROTH_CEL_NODE_NAME &&
           !receiver->is_absolute &&
           troth_span_equal(troth_span_slice(name, 0, dot - 1), receiver->text) &&
           troth_span_equal(troth_span_slice(name, dot, name.len), call->text);
}

static const struct troth_cel_macro *find(const struct troth_cel_macro *macros,
                                          size_t count, const struct troth_cel_tree *tree,
                                          const struct troth_cel_node *call)
{
    const uint32_t arguments = call->child_count - (call->is_member ? 1 : 0);

    for (size_t i = 0; i < count; i++)
        if ((macros[i].argument_count == arguments ||
             macros[i].argument_count == TROTH_CEL_MACRO_ANY) &&
            has_name(&macros[i], tree, call))
            return &macros[i];
    return NULL;
}

const struct troth_cel_macro *troth_cel_macro_find(const struct troth_cel_env *env,
                                                   const struct troth_cel_tree *tree,
                                                   uint32_t call)
{
    const struct troth_cel_node *node = &tree->nodes[call];
    const struct troth_cel_macro *macro = find(troth_cel_standard_macros,
                                               TROTH_CEL_STANDARD_MACROS, tree, node);

    for (size_t i = 0; !macro && i < env->library_count; i++)
        macro = find(env->libraries[i]->macros, env->libraries[i]->macro_count, tree,
                     node);
    return macro;
}
