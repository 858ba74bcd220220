/* SPDX-License-Identifier: Apache-2.0 */
#include "base/arena.h"
#include "base/span.h"
#include "cel/checker.h"
#include "cel/scope.h"

/* Every overload of one name, through all libraries. */
struct rows {
    const struct troth_cel_env *env;
    struct troth_span name;
    size_t library, row;
};

/* As troth_span_is_text(), but here: it is asked of every row for every call. */
static bool has_name(const struct troth_cel_overload *row, struct troth_span name)
{
    size_t i = 0;

    while (i < name.len && row->name[i] && row->name[i] == (char)name.ptr[i])
        i++;
    return i == name.len && !row->name[i];
}

static const struct troth_cel_overload *next_row(struct rows *rows)
{
    const struct troth_cel_library *library = NULL;

    while ((library = troth_cel_env_library(rows->env, rows->library))) {
        while (rows->row < library->overload_count) {
            const struct troth_cel_overload *row = &library->overloads[rows->row++];

            if (has_name(row, rows->name))
                return row;
        }
        rows->library++;
        rows->row = 0;
    }
    return NULL;
}

/* Of the form x.f(…), and not n.f(…) for a namespace n? */
static bool is_method(const struct troth_cel_node *node)
{
    return node->is_member && !node->has_namespace;
}

static uint32_t argument_count(const struct troth_cel_node *node)
{
    return node->child_count - (node->has_namespace ? 1 : 0);
}

static uint32_t first_argument(const struct troth_cel_tree *tree,
                               const struct troth_cel_node *node)
{
    return node->has_namespace ? tree->nodes[node->first_child].next : node->first_child;
}

void troth_cel_call_enter(struct troth_cel_checker *c, uint32_t node)
{
    struct troth_cel_node *call = &c->tree->nodes[node];
    struct troth_cel_chain chain;
    enum troth_cel_local local = TROTH_CEL_LOCAL_TEXT;
    uint32_t owner = 0;

    if (!call->is_member || !troth_cel_chain_of(&chain, c->tree, node) ||
        troth_cel_scope_find(&owner, &local, c->tree, chain.first))
        return;

    const char *name = troth_cel_find_function(&chain, c->env);
    if (!name)
        return;
    call->has_namespace = true;
    call->qualified = troth_span_of_text(name);
    c->tree->nodes[call->first_child].meaning = TROTH_CEL_MEANS_NAMESPACE;
}

/* The name of the rows that the call may mean. */
static struct troth_span name_of(const struct troth_cel_checker *c, uint32_t node)
{
    const struct troth_cel_node *call = &c->tree->nodes[node];
    struct troth_cel_chain chain;

    if (call->has_namespace)
        return call->qualified;
    /* Without containers, a function has the name it is called by. */
    if (call->is_member || !c->env->container ||
        !troth_cel_chain_of(&chain, c->tree, node))
        return call->text;

    const char *name = troth_cel_find_function(&chain, c->env);
    return name ? troth_span_of_text(name) : call->text;
}

static bool has_shape(const struct troth_cel_node *call,
                      const struct troth_cel_overload *row)
{
    return row->is_member == is_method(call) &&
           row->argument_count == argument_count(call);
}

static size_t count_rows(const struct troth_cel_env *env)
{
    const struct troth_cel_library *library = NULL;
    size_t count = 0;

    for (size_t i = 0; (library = troth_cel_env_library(env, i)); i++)
        count += library->overload_count;
    return count;
}

/* All rows of that name and shape, and NULL; whether there are any of that name. Rows are
 * gone through once: there is room for all of them, and what is left is given back. */
static const struct troth_cel_overload **gather(bool *out_is_declared,
                                                const struct troth_cel_checker *c,
                                                const struct troth_cel_node *call,
                                                struct troth_span name)
{
    const struct troth_cel_overload *row = NULL;
    struct rows rows = {c->env, name, 0, 0};
    struct troth_arena *arena = c->tree->arena;
    const size_t most = count_rows(c->env) + 1;
    const struct troth_cel_overload **found = troth_arena_take_unset(
        arena, most, sizeof(struct troth_cel_overload *));
    size_t count = 0;

    *out_is_declared = false;
    if (!found)
        return NULL;
    while ((row = next_row(&rows))) {
        *out_is_declared = true;
        if (has_shape(call, row))
            found[count++] = row;
    }
    found[count++] = NULL;
    arena->used -= (most - count) * sizeof(struct troth_cel_overload *);
    return found;
}

/* Of two kinds that nothing can make one: spares most rows of an operator the rest. */
static bool is_out_of_question(const struct troth_cel_type *given,
                               const struct troth_cel_type *wanted)
{
    const enum troth_cel_kind a = troth_cel_type_kind(given);
    const enum troth_cel_kind b = troth_cel_type_kind(wanted);

    return a != b && a != TROTH_CEL_DYN && b != TROTH_CEL_DYN && a != TROTH_CEL_NULL &&
           b != TROTH_CEL_NULL && a != TROTH_CEL_PARAMETER && b != TROTH_CEL_PARAMETER;
}

/* What one row makes of the arguments' types, or NULL if it does not take them. */
static const struct troth_cel_type *result_of(struct troth_cel_checker *c, uint32_t first,
                                              const struct troth_cel_overload *row)
{
    const struct troth_cel_node *nodes = c->tree->nodes;
    struct troth_cel_unifier *u = &c->unifier;
    struct troth_cel_parameters parameters;
    unsigned i = 0;

    for (uint32_t n = first; n; n = nodes[n].next)
        if (is_out_of_question(troth_cel_type_known(u, nodes[n].type),
                               row->arguments[i++]))
            return NULL;

    const struct troth_cel_question question = troth_cel_question_begin(u);

    parameters.count = 0;
    i = 0;
    for (uint32_t n = first; n; n = nodes[n].next) {
        const struct troth_cel_type *wanted = troth_cel_type_instance(
            u, &parameters, row->arguments[i++]);

        if (!troth_cel_type_fits(u, nodes[n].type, wanted)) {
            troth_cel_question_undo(u, question);
            return NULL;
        }
    }
    return troth_cel_type_resolve(u, troth_cel_type_instance(u, &parameters, row->result),
                                  false);
}

/* Keep the rows that the types allow; their common result, or NULL if there are none. */
static const struct troth_cel_type *choose(struct troth_cel_checker *c, uint32_t first,
                                           const struct troth_cel_overload **rows)
{
    const struct troth_cel_type *type = NULL;
    size_t kept = 0;

    for (size_t i = 0; rows[i]; i++) {
        const struct troth_cel_type *result = result_of(c, first, rows[i]);

        if (!result)
            continue;
        if (!type)
            type = result;
        else if (!troth_cel_type_is_same(type, result))
            type = &troth_cel_types[TROTH_CEL_DYN];
        rows[kept++] = rows[i];
    }
    rows[kept] = NULL;
    return type;
}

enum troth_err troth_cel_call_leave(struct troth_cel_checker *c, uint32_t node)
{
    struct troth_cel_node *call = &c->tree->nodes[node];
    const struct troth_span name = name_of(c, node);
    bool is_declared = false;
    const struct troth_cel_overload **found = gather(&is_declared, c, call, name);

    call->overloads = found;
    if (!found)
        return TROTH_ERR_MEMORY;
    if (c->env->is_unchecked)
        return TROTH_OK;
    if (!is_declared)
        return troth_cel_complain_undeclared(c, node);
    call->type = choose(c, first_argument(c->tree, call), found);
    return call->type ? TROTH_OK : troth_cel_complain_overload(c, node);
}
