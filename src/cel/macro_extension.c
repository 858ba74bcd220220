/* SPDX-License-Identifier: Apache-2.0 */
#include "base/span.h"
#include "cel/macro.h"
#include "cel/written.h"

/* The receiver of optMap(), under a name that users cannot write: it is evaluated once.
 */
static const struct troth_span receiver = {(const uint8_t *)"@optional", 9};

/*
 * x.optMap(v, body): with the receiver as @optional,
 * @optional.hasValue() ? optional.of(let v = @optional.value() in body) : optional.none()
 */
static uint32_t expand_optional(const struct troth_cel_macro_call *call, bool wraps)
{
    struct troth_span name;

    if (!troth_written_variable(&name, call, 1))
        return 0;

    const uint32_t body = troth_written_take(call, 2);
    const uint32_t value = troth_written_take(call, 0);
    const uint32_t has = troth_written_member_call(call, "hasValue",
                                                   troth_written_name(call, receiver));
    const uint32_t inside = troth_written_member_call(call, "value",
                                                      troth_written_name(call, receiver));
    const uint32_t mapped = troth_written_let(call, name, inside, body);
    const uint32_t some = wraps ? troth_written_call(call, "optional.of", mapped, 0, 0)
                                : mapped;
    const uint32_t none = troth_written_call(call, "optional.none", 0, 0, 0);
    const uint32_t either = troth_written_call(call, "_?_:_", has, some, none);

    return troth_written_result(call, troth_written_let(call, receiver, value, either));
}

static uint32_t expand_opt_map(const struct troth_cel_macro_call *call)
{
    return expand_optional(call, true);
}

static uint32_t expand_opt_flat_map(const struct troth_cel_macro_call *call)
{
    return expand_optional(call, false);
}

static bool is_number(const struct troth_cel_node *node)
{
    return node->kind != TROTH_CEL_NODE_LITERAL || node->literal.kind == TROTH_CEL_INT ||
           node->literal.kind == TROTH_CEL_UINT || node->literal.kind == TROTH_CEL_DOUBLE;
}

/* math.greatest(a, b, …) is the function `name` of a list; of one argument, of that. */
static uint32_t expand_extreme(const struct troth_cel_macro_call *call, const char *name)
{
    struct troth_cel_tree *tree = call->tree;
    const uint32_t count = tree->nodes[call->node].child_count - 1;
    uint32_t list = 0;

    if (!count)
        return troth_written_refuse(call, call->node, "expected at least one number");
    for (uint32_t n = troth_cel_node_child(tree, call->node, 1); n;
         n = tree->nodes[n].next)
        if (!is_number(&tree->nodes[n]))
            return troth_written_refuse(call, n, "expected a number here");
    if (count == 1)
        return troth_written_result(
            call, troth_written_call(call, name, troth_written_take(call, 1), 0, 0));
    list = troth_written_node(call, TROTH_CEL_NODE_LIST);
    troth_cel_node_adopt_all(tree, list, call->node, 1);
    return troth_written_result(call, troth_written_call(call, name, list, 0, 0));
}

static uint32_t expand_greatest(const struct troth_cel_macro_call *call)
{
    return expand_extreme(call, "math.@max");
}

static uint32_t expand_least(const struct troth_cel_macro_call *call)
{
    return expand_extreme(call, "math.@min");
}

/* clang-format off */
const struct troth_cel_macro troth_cel_optional_macros[TROTH_CEL_OPTIONAL_MACROS] = {
    /* name         member arguments variables */
    {"optMap",        true,  2, 1, expand_opt_map},
    {"optFlatMap",    true,  2, 1, expand_opt_flat_map},
};

const struct troth_cel_macro troth_cel_math_macros[TROTH_CEL_MATH_MACROS] = {
    {"math.greatest", false, TROTH_CEL_MACRO_ANY, 0, expand_greatest},
    {"math.least",    false, TROTH_CEL_MACRO_ANY, 0, expand_least},
};
/* clang-format on */
