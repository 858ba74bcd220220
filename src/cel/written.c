/* SPDX-License-Identifier: Apache-2.0 */
#include "cel/written.h"

#include "base/span.h"

uint32_t troth_written_node(const struct troth_cel_macro_call *call,
                            enum troth_cel_node_kind kind)
{
    struct troth_cel_tree *tree = call->tree;
    const uint32_t start = tree->nodes[call->node].start;
    const uint32_t end = tree->nodes[call->node].end;
    const uint32_t node = troth_cel_node_new(tree, kind, start, end);

    tree->nodes[node].is_written = true;
    return node;
}

uint32_t troth_written_name(const struct troth_cel_macro_call *call,
                            struct troth_span name)
{
    const uint32_t node = troth_written_node(call, TROTH_CEL_NODE_NAME);

    call->tree->nodes[node].text = name;
    return node;
}

uint32_t troth_written_literal(const struct troth_cel_macro_call *call,
                               struct troth_cel_value value)
{
    const uint32_t node = troth_written_node(call, TROTH_CEL_NODE_LITERAL);

    call->tree->nodes[node].literal = value;
    return node;
}

uint32_t troth_written_call(const struct troth_cel_macro_call *call, const char *function,
                            uint32_t first, uint32_t second, uint32_t third)
{
    const uint32_t node = troth_written_node(call, TROTH_CEL_NODE_CALL);

    call->tree->nodes[node].text = troth_span_of_text(function);
    troth_cel_node_adopt(call->tree, node, first);
    troth_cel_node_adopt(call->tree, node, second);
    troth_cel_node_adopt(call->tree, node, third);
    return node;
}

uint32_t troth_written_member_call(const struct troth_cel_macro_call *call,
                                   const char *function, uint32_t first)
{
    const uint32_t node = troth_written_call(call, function, first, 0, 0);

    call->tree->nodes[node].is_member = true;
    return node;
}

uint32_t troth_written_let(const struct troth_cel_macro_call *call,
                           struct troth_span name, uint32_t value, uint32_t body)
{
    const uint32_t node = troth_written_node(call, TROTH_CEL_NODE_LET);

    call->tree->nodes[node].text = name;
    troth_cel_node_adopt(call->tree, node, value);
    troth_cel_node_adopt(call->tree, node, body);
    return node;
}

uint32_t troth_written_take(const struct troth_cel_macro_call *call, unsigned n)
{
    const uint32_t child = troth_cel_node_child(call->tree, call->node, n);

    troth_cel_node_release(call->tree, child);
    return child;
}

bool troth_written_variable(struct troth_span *out,
                            const struct troth_cel_macro_call *call, unsigned n)
{
    const uint32_t child = troth_cel_node_child(call->tree, call->node, n);
    const struct troth_cel_node *node = &call->tree->nodes[child];

    *out = node->text;
    if (node->kind == TROTH_CEL_NODE_NAME && !node->is_absolute)
        return true;
    troth_written_refuse(call, child, "expected a simple name here, for the variable");
    return false;
}

uint32_t troth_written_result(const struct troth_cel_macro_call *call, uint32_t node)
{
    call->tree->nodes[node].is_written = false;
    return call->tree->is_full ? 0 : node;
}

uint32_t troth_written_refuse(const struct troth_cel_macro_call *call, uint32_t node,
                              const char *text)
{
    const struct troth_cel_node *where = &call->tree->nodes[node];

    (void)troth_cel_issue_set(call->issue, call->tree->source, where->start, where->end,
                              (const char *const[3]){text});
    return 0;
}
