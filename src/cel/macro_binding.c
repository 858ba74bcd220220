/* SPDX-License-Identifier: Apache-2.0 */
/* Names for values: as people write them, and as optimizers do, by number. */
#include "base/arena.h"
#include "base/span.h"
#include "base/writer.h"
#include "cel/macro.h"
#include "cel/written.h"

/* cel.bind(name, value, body) */
static uint32_t expand_bind(const struct troth_cel_macro_call *call)
{
    struct troth_span name;

    if (!troth_written_variable(&name, call, 1))
        return 0;

    const uint32_t body = troth_written_take(call, 3);
    const uint32_t value = troth_written_take(call, 2);
    return troth_written_result(call, troth_written_let(call, name, value, body));
}

/* A prefix and two numbers. */
enum { NAME_MAX = 8 + 2 * 20 };

static void write_name(struct troth_writer *w, const char *prefix, uint64_t number)
{
    troth_write_text(w, prefix);
    troth_write_decimal(w, number);
}

/* A name that users cannot write, in the arena; empty where there is no room. */
static struct troth_span keep_name(const struct troth_cel_macro_call *call,
                                   const struct troth_writer *w)
{
    const struct troth_span name = troth_arena_copy(call->tree->arena,
                                                    troth_writer_span(w));

    call->tree->is_full |= !name.ptr;
    return name;
}

/* cel.index(0) is @index0, cel.iterVar(0, 1) is @variable0_1. */
static uint32_t expand_name(const struct troth_cel_macro_call *call, const char *prefix)
{
    uint8_t room[NAME_MAX];
    struct troth_writer w = troth_writer_over(room, sizeof room);
    const struct troth_cel_node *nodes = call->tree->nodes;

    for (uint32_t n = troth_cel_node_child(call->tree, call->node, 1); n;
         n = nodes[n].next) {
        const struct troth_cel_value *number = &nodes[n].literal;

        if (nodes[n].kind != TROTH_CEL_NODE_LITERAL || number->kind != TROTH_CEL_INT ||
            number->as.integer < 0)
            return troth_written_refuse(call, n, "expected a number here, from 0");
        write_name(&w, w.len ? "_" : prefix, (uint64_t)number->as.integer);
    }
    return troth_written_result(call, troth_written_name(call, keep_name(call, &w)));
}

static uint32_t expand_index(const struct troth_cel_macro_call *call)
{
    return expand_name(call, "@index");
}

static uint32_t expand_variable(const struct troth_cel_macro_call *call)
{
    return expand_name(call, "@variable");
}

/* The list's last element, under its index in what has been put together so far. */
static uint32_t bind_last(const struct troth_cel_macro_call *call, uint32_t list,
                          uint32_t body)
{
    struct troth_cel_tree *tree = call->tree;
    const uint32_t value = tree->nodes[list].last_child;
    uint8_t room[NAME_MAX];
    struct troth_writer w = troth_writer_over(room, sizeof room);

    write_name(&w, "@index", tree->nodes[value].number);
    troth_cel_node_release(tree, value);
    return troth_written_let(call, keep_name(call, &w), value, body);
}

/* cel.block([a, b], body): let @index0 = a in let @index1 = b in body */
static uint32_t expand_block(const struct troth_cel_macro_call *call)
{
    struct troth_cel_tree *tree = call->tree;
    const uint32_t list = troth_cel_node_child(tree, call->node, 1);

    if (tree->nodes[list].kind != TROTH_CEL_NODE_LIST)
        return troth_written_refuse(call, list, "expected a list of values here");
    /* Each is a level; that there is no end to them is not found out one by one. */
    if (tree->nodes[list].child_count >= TROTH_CEL_NESTING_MAX)
        return troth_written_refuse(call, list, "too many values in a block");
    for (uint32_t n = tree->nodes[list].first_child; n; n = tree->nodes[n].next)
        if (tree->nodes[n].is_optional)
            return troth_written_refuse(call, n, "a value in a block is not optional");

    uint32_t body = troth_written_take(call, 2);

    while (tree->nodes[list].child_count && !tree->is_full)
        body = bind_last(call, list, body);
    return troth_written_result(call, body);
}

/* clang-format off */
const struct troth_cel_macro troth_cel_binding_macros[TROTH_CEL_BINDING_MACROS] = {
    /* name         member arguments variables */
    {"cel.bind",      false, 3, 1, expand_bind},
    {"cel.block",     false, 2, 0, expand_block},
    {"cel.index",     false, 1, 0, expand_index},
    {"cel.iterVar",   false, 2, 0, expand_variable},
};
/* clang-format on */
