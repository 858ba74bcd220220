/* SPDX-License-Identifier: Apache-2.0 */
#include "base/span.h"
#include "cel/macro.h"
#include "cel/written.h"

/* A macro over a collection: receiver.macro(variable, [second,] argument, [argument]). */
struct loop {
    const struct troth_cel_macro_call *call;
    uint32_t node;
    struct troth_span variable, second; /* `second` is empty where there is one only */
    uint32_t arguments[2];              /* 0 where there is none */
};

/* The call's parts, and a LOOP over its receiver; without a node where there is an issue.
 * What is made of it all the same is never reached. */
static struct loop begin(const struct troth_cel_macro_call *call)
{
    const unsigned variables = call->macro->variables;
    struct troth_cel_tree *tree = call->tree;
    struct loop loop = {.call = call};

    if (!troth_written_variable(&loop.variable, call, 1) ||
        (variables > 1 && !troth_written_variable(&loop.second, call, 2)))
        return loop;
    if (troth_span_equal(loop.variable, loop.second)) {
        troth_written_refuse(call, troth_cel_node_child(tree, call->node, 2),
                             "the two variables have the same name");
        return loop;
    }

    const uint32_t range = troth_written_take(call, 0);
    /* The variables are the first children now. */
    loop.arguments[0] = troth_written_take(call, variables);
    loop.arguments[1] = troth_written_take(call, variables);
    loop.node = troth_written_node(call, TROTH_CEL_NODE_LOOP);
    tree->nodes[loop.node].text = loop.variable;
    tree->nodes[loop.node].second = loop.second;
    troth_cel_node_adopt(tree, loop.node, range);
    return loop;
}

static uint32_t accumulator(const struct loop *loop)
{
    return troth_written_name(loop->call, troth_span_of_text(TROTH_CEL_ACCUMULATOR));
}

/* `result` 0: the accumulator. */
static uint32_t finish(const struct loop *loop, uint32_t init, uint32_t condition,
                       uint32_t step, uint32_t result)
{
    struct troth_cel_tree *tree = loop->call->tree;

    troth_cel_node_adopt(tree, loop->node, init);
    troth_cel_node_adopt(tree, loop->node, condition);
    troth_cel_node_adopt(tree, loop->node, step);
    troth_cel_node_adopt(tree, loop->node, result ? result : accumulator(loop));
    return troth_written_result(loop->call, loop->node);
}

static uint32_t boolean(const struct loop *loop, bool value)
{
    return troth_written_literal(loop->call, TROTH_CEL_BOOL_VALUE(value));
}

static uint32_t integer(const struct loop *loop, int64_t value)
{
    return troth_written_literal(loop->call, TROTH_CEL_INT_VALUE(value));
}

static uint32_t apply(const struct loop *loop, const char *function, uint32_t first,
                      uint32_t second)
{
    return troth_written_call(loop->call, function, first, second, 0);
}

/* Where `condition` holds, or there is none, `step`; elsewhere nothing changes. */
static uint32_t where(const struct loop *loop, uint32_t condition, uint32_t step)
{
    if (!condition)
        return step;
    return troth_written_call(loop->call, "_?_:_", condition, step, accumulator(loop));
}

/* ---- what each macro becomes */

/* Goes on while all have held so far, or failed: an error gives way to a false. */
static uint32_t expand_all(const struct troth_cel_macro_call *call)
{
    const struct loop loop = begin(call);
    const uint32_t condition = apply(&loop, "@not_strictly_false", accumulator(&loop), 0);
    const uint32_t step = apply(&loop, "_&&_", accumulator(&loop), loop.arguments[0]);

    return finish(&loop, boolean(&loop, true), condition, step, 0);
}

static uint32_t expand_exists(const struct troth_cel_macro_call *call)
{
    const struct loop loop = begin(call);
    const uint32_t none = apply(&loop, "!_", accumulator(&loop), 0);
    const uint32_t condition = apply(&loop, "@not_strictly_false", none, 0);
    const uint32_t step = apply(&loop, "_||_", accumulator(&loop), loop.arguments[0]);

    return finish(&loop, boolean(&loop, false), condition, step, 0);
}

static uint32_t expand_exists_one(const struct troth_cel_macro_call *call)
{
    const struct loop loop = begin(call);
    const uint32_t more = apply(&loop, "_+_", accumulator(&loop), integer(&loop, 1));
    const uint32_t step = where(&loop, loop.arguments[0], more);
    const uint32_t is_one = apply(&loop, "_==_", accumulator(&loop), integer(&loop, 1));

    return finish(&loop, integer(&loop, 0), boolean(&loop, true), step, is_one);
}

/* `grown` is the accumulator with what this round adds to it. */
static uint32_t collect(const struct loop *loop, enum troth_cel_node_kind kind,
                        uint32_t condition, uint32_t grown)
{
    const uint32_t empty = troth_written_node(loop->call, kind);

    return finish(loop, empty, boolean(loop, true), where(loop, condition, grown), 0);
}

static uint32_t expand_filter(const struct troth_cel_macro_call *call)
{
    const struct loop loop = begin(call);
    const uint32_t element = troth_written_name(loop.call, loop.variable);
    const uint32_t grown = apply(&loop, "@append", accumulator(&loop), element);

    return collect(&loop, TROTH_CEL_NODE_LIST, loop.arguments[0], grown);
}

/* The last argument, and the condition before it, if there is one. */
static uint32_t split(const struct loop *loop, uint32_t *out_condition)
{
    *out_condition = loop->arguments[1] ? loop->arguments[0] : 0;
    return loop->arguments[1] ? loop->arguments[1] : loop->arguments[0];
}

static uint32_t expand_map(const struct troth_cel_macro_call *call)
{
    const struct loop loop = begin(call);
    uint32_t condition;
    const uint32_t element = split(&loop, &condition);
    const uint32_t grown = apply(&loop, "@append", accumulator(&loop), element);

    return collect(&loop, TROTH_CEL_NODE_LIST, condition, grown);
}

static uint32_t expand_transform_map(const struct troth_cel_macro_call *call)
{
    const struct loop loop = begin(call);
    uint32_t condition;
    const uint32_t value = split(&loop, &condition);
    const uint32_t key = troth_written_name(loop.call, loop.variable);
    const uint32_t grown = troth_written_call(loop.call, "@insert", accumulator(&loop),
                                              key, value);

    return collect(&loop, TROTH_CEL_NODE_MAP, condition, grown);
}

static uint32_t expand_transform_map_entry(const struct troth_cel_macro_call *call)
{
    const struct loop loop = begin(call);
    uint32_t condition;
    const uint32_t entry = split(&loop, &condition);
    const uint32_t grown = apply(&loop, "@insert_all", accumulator(&loop), entry);

    return collect(&loop, TROTH_CEL_NODE_MAP, condition, grown);
}

/* has(a.b) is a.b, and asks whether it is there. */
static uint32_t expand_has(const struct troth_cel_macro_call *call)
{
    const uint32_t field = call->tree->nodes[call->node].first_child;
    struct troth_cel_node *select = &call->tree->nodes[field];

    if (select->kind != TROTH_CEL_NODE_SELECT || select->is_test)
        return troth_written_refuse(call, field,
                                    "has() asks for a field: it is written has(a.b)");
    troth_cel_node_release(call->tree, field);
    select->is_test = true;
    select->start = call->tree->nodes[call->node].start;
    select->end = call->tree->nodes[call->node].end;
    return field;
}

/* clang-format off */
const struct troth_cel_macro troth_cel_standard_macros[TROTH_CEL_STANDARD_MACROS] = {
    /* name       member arguments variables */
    {"has",        false, 1, 0, expand_has},
    {"all",        true,  2, 1, expand_all},
    {"exists",     true,  2, 1, expand_exists},
    {"exists_one", true,  2, 1, expand_exists_one},
    {"existsOne",  true,  2, 1, expand_exists_one},
    {"map",        true,  2, 1, expand_map},
    {"map",        true,  3, 1, expand_map},
    {"filter",     true,  2, 1, expand_filter},
};

const struct troth_cel_macro
    troth_cel_two_variable_macros[TROTH_CEL_TWO_VARIABLE_MACROS] = {
    {"all",               true, 3, 2, expand_all},
    {"exists",            true, 3, 2, expand_exists},
    {"exists_one",        true, 3, 2, expand_exists_one},
    {"existsOne",         true, 3, 2, expand_exists_one},
    {"transformList",     true, 3, 2, expand_map},
    {"transformList",     true, 4, 2, expand_map},
    {"transformMap",      true, 3, 2, expand_transform_map},
    {"transformMap",      true, 4, 2, expand_transform_map},
    {"transformMapEntry", true, 3, 2, expand_transform_map_entry},
    {"transformMapEntry", true, 4, 2, expand_transform_map_entry},
};
/* clang-format on */
