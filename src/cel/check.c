/* SPDX-License-Identifier: Apache-2.0 */
#include "cel/check.h"

#include "cel/checker.h"
#include "cel/scope.h"

#define OF(kind) (&troth_cel_types[TROTH_CEL_##kind])

static const struct troth_cel_type *type_of(const struct troth_cel_checker *c,
                                            uint32_t node)
{
    return troth_cel_type_known(&c->unifier, c->tree->nodes[node].type);
}

/* An unknown that is used as something that has parts may be anything from now on. */
static bool is_anything(struct troth_cel_checker *c, const struct troth_cel_type *type)
{
    if (type->kind == TROTH_CEL_PARAMETER)
        return troth_cel_type_is_assignable(&c->unifier, OF(DYN), type);
    return type->kind == TROTH_CEL_DYN;
}

static const struct troth_cel_type *new_type(struct troth_cel_checker *c,
                                             enum troth_cel_kind kind,
                                             const struct troth_cel_type *first,
                                             const struct troth_cel_type *second)
{
    return troth_cel_type_new(&c->unifier, kind, first, second);
}

static enum troth_err expect(struct troth_cel_checker *c, uint32_t node,
                             const struct troth_cel_type *wanted)
{
    if (troth_cel_type_is_assignable(&c->unifier, c->tree->nodes[node].type, wanted))
        return TROTH_OK;
    return troth_cel_complain_type(c, node,
                                   troth_cel_type_resolve(&c->unifier, wanted, true));
}

static const struct troth_cel_type *type_of_local(const struct troth_cel_checker *c,
                                                  uint32_t owner,
                                                  enum troth_cel_local local)
{
    const struct troth_cel_node *node = &c->tree->nodes[owner];
    const uint32_t first = node->first_child;

    if (node->kind == TROTH_CEL_NODE_LET)
        return c->tree->nodes[first].type;
    if (local == TROTH_CEL_LOCAL_RESULT)
        return c->tree->nodes[c->tree->nodes[first].next].type;

    const struct troth_cel_type *range = type_of(c, first);
    const bool has_second = node->second.len > 0;

    if (range->kind == TROTH_CEL_MAP)
        return troth_cel_type_argument(range, local == TROTH_CEL_LOCAL_SECOND ? 1 : 0);
    if (range->kind != TROTH_CEL_LIST)
        return OF(DYN);
    return has_second && local == TROTH_CEL_LOCAL_TEXT
               ? OF(INT)
               : troth_cel_type_argument(range, 0);
}

/* A whole name that stands for something: it is not looked into. */
static bool resolve(struct troth_cel_checker *c, uint32_t node)
{
    struct troth_cel_node *n = &c->tree->nodes[node];
    struct troth_cel_chain chain;
    const struct troth_cel_type *type = NULL;

    if (!troth_cel_chain_of(&chain, c->tree, node) ||
        troth_cel_scope_find(&n->index, &n->local, c->tree, chain.first))
        return false;
    if (troth_cel_find_variable(&n->index, &chain, c->env)) {
        n->meaning = TROTH_CEL_MEANS_VARIABLE;
        n->type = n->is_test ? OF(BOOL)
                             : troth_cel_type_instance(&c->unifier, NULL,
                                                       c->env->variables[n->index].type);
        return true;
    }
    type = n->is_test ? NULL : troth_cel_find_type(&chain, c->env);
    if (!type)
        return false;
    n->meaning = TROTH_CEL_MEANS_TYPE;
    n->literal = TROTH_CEL_TYPE_VALUE(type);
    n->type = troth_cel_type_of_type(type);
    return true;
}

static enum troth_err enter_name(struct troth_cel_checker *c, uint32_t node)
{
    struct troth_cel_node *n = &c->tree->nodes[node];

    if (troth_cel_scope_find(&n->index, &n->local, c->tree, node)) {
        n->meaning = TROTH_CEL_MEANS_LOCAL;
        n->type = type_of_local(c, n->index, n->local);
        return TROTH_OK;
    }
    if (resolve(c, node))
        return TROTH_OK;
    n->meaning = TROTH_CEL_MEANS_NOTHING;
    return c->env->is_unchecked ? TROTH_OK : troth_cel_complain_undeclared(c, node);
}

static enum troth_err enter(struct troth_cel_checker *c, struct troth_cel_walk *walk)
{
    const struct troth_cel_node *n = &c->tree->nodes[walk->node];

    if (n->meaning == TROTH_CEL_MEANS_NAMESPACE) {
        troth_cel_walk_skip(walk);
        return TROTH_OK;
    }
    if (n->kind == TROTH_CEL_NODE_NAME)
        return enter_name(c, walk->node);
    if (n->kind == TROTH_CEL_NODE_SELECT && resolve(c, walk->node))
        troth_cel_walk_skip(walk);
    if (n->kind == TROTH_CEL_NODE_CALL)
        troth_cel_call_enter(c, walk->node);
    return TROTH_OK;
}

static bool has_fields(struct troth_cel_checker *c, const struct troth_cel_type *type)
{
    return type->kind == TROTH_CEL_MAP &&
           troth_cel_type_is_assignable(&c->unifier, OF(STRING),
                                        troth_cel_type_argument(type, 0));
}

static enum troth_err leave_select(struct troth_cel_checker *c, uint32_t node)
{
    struct troth_cel_node *n = &c->tree->nodes[node];
    const struct troth_cel_type *operand = type_of(c, n->first_child);
    const bool is_optional = operand->kind == TROTH_CEL_OPTIONAL;
    const struct troth_cel_type *type = OF(DYN);

    if (n->meaning != TROTH_CEL_MEANS_ITSELF)
        return TROTH_OK;
    if (is_optional)
        operand = troth_cel_type_known(&c->unifier, troth_cel_type_argument(operand, 0));
    if (has_fields(c, operand))
        type = troth_cel_type_argument(operand, 1);
    else if (!is_anything(c, operand))
        return troth_cel_complain_about(c, node, "type ", n->first_child,
                                        " does not support field selection");
    if (is_optional)
        type = new_type(c, TROTH_CEL_OPTIONAL, type, NULL);
    n->type = n->is_test ? OF(BOOL) : type;
    return TROTH_OK;
}

/* The type of an element of a literal: of what is in the optional where that is asked. */
static enum troth_err element_of(struct troth_cel_checker *c,
                                 const struct troth_cel_type **out, uint32_t node,
                                 bool is_optional)
{
    const struct troth_cel_type *type = type_of(c, node);

    *out = c->tree->nodes[node].type;
    if (!is_optional)
        return TROTH_OK;
    if (type->kind == TROTH_CEL_OPTIONAL) {
        *out = troth_cel_type_argument(type, 0);
        return TROTH_OK;
    }
    *out = OF(DYN);
    return is_anything(c, type) ? TROTH_OK
                                : troth_cel_complain_type(c, node, OF(OPTIONAL));
}

/* Elements of types that do not fit one another make a literal of dyn. */
static const struct troth_cel_type *join(struct troth_cel_checker *c,
                                         const struct troth_cel_type *so_far,
                                         const struct troth_cel_type *type)
{
    if (!so_far)
        return type;

    const struct troth_cel_type *joined = troth_cel_type_join(&c->unifier, so_far, type);
    return joined ? joined : OF(DYN);
}

static const struct troth_cel_type *or_unknown(struct troth_cel_checker *c,
                                               const struct troth_cel_type *type)
{
    return type ? type : troth_cel_unknown(&c->unifier);
}

static enum troth_err leave_list(struct troth_cel_checker *c, uint32_t node)
{
    const struct troth_cel_node *nodes = c->tree->nodes;
    const struct troth_cel_type *elements = NULL;

    for (uint32_t n = nodes[node].first_child; n; n = nodes[n].next) {
        const struct troth_cel_type *type = NULL;
        const enum troth_err err = element_of(c, &type, n, nodes[n].is_optional);

        if (err)
            return err;
        elements = join(c, elements, type);
    }
    c->tree->nodes[node].type = new_type(c, TROTH_CEL_LIST, or_unknown(c, elements),
                                         NULL);
    return TROTH_OK;
}

static enum troth_err leave_map(struct troth_cel_checker *c, uint32_t node)
{
    const struct troth_cel_node *nodes = c->tree->nodes;
    const struct troth_cel_type *keys = NULL;
    const struct troth_cel_type *values = NULL;
    uint32_t value = 0;

    for (uint32_t key = nodes[node].first_child; key; key = nodes[value].next) {
        const struct troth_cel_type *type = NULL;

        value = nodes[key].next;

        const enum troth_err err = element_of(c, &type, value, nodes[key].is_optional);
        if (err)
            return err;
        keys = join(c, keys, nodes[key].type);
        values = join(c, values, type);
    }
    c->tree->nodes[node].type = new_type(c, TROTH_CEL_MAP, or_unknown(c, keys),
                                         or_unknown(c, values));
    return TROTH_OK;
}

/* Lists and maps can be gone through, and what may be one. */
static enum troth_err check_range(struct troth_cel_checker *c, uint32_t node)
{
    const uint32_t range = c->tree->nodes[node].first_child;
    const struct troth_cel_type *type = type_of(c, range);

    if (type->kind == TROTH_CEL_LIST || type->kind == TROTH_CEL_MAP ||
        is_anything(c, type))
        return TROTH_OK;
    return troth_cel_complain_about(c, range, "expression of type ", range,
                                    " cannot be range of a comprehension (must be list, "
                                    "map, or dynamic)");
}

static enum troth_err leave_loop(struct troth_cel_checker *c, uint32_t node)
{
    const struct troth_cel_tree *tree = c->tree;
    const uint32_t init = troth_cel_node_child(tree, node, TROTH_CEL_LOOP_INIT);
    const uint32_t condition = troth_cel_node_child(tree, node, TROTH_CEL_LOOP_CONDITION);
    const uint32_t step = troth_cel_node_child(tree, node, TROTH_CEL_LOOP_STEP);
    enum troth_err err = expect(c, condition, OF(BOOL));

    if (!err)
        err = expect(c, step, tree->nodes[init].type);
    c->tree->nodes[node].type = tree->nodes[tree->nodes[node].last_child].type;
    return err;
}

static enum troth_err leave(struct troth_cel_checker *c, uint32_t node)
{
    struct troth_cel_node *n = &c->tree->nodes[node];

    switch ((enum troth_cel_node_kind)n->kind) {
    case TROTH_CEL_NODE_LITERAL:
        n->type = &troth_cel_types[n->literal.kind];
        return TROTH_OK;
    case TROTH_CEL_NODE_NAME: /* known since it was entered */
        return TROTH_OK;
    case TROTH_CEL_NODE_SELECT:
        return leave_select(c, node);
    case TROTH_CEL_NODE_CALL:
        return troth_cel_call_leave(c, node);
    case TROTH_CEL_NODE_LIST:
        return leave_list(c, node);
    case TROTH_CEL_NODE_MAP:
        return leave_map(c, node);
    case TROTH_CEL_NODE_LOOP:
        return leave_loop(c, node);
    case TROTH_CEL_NODE_LET:
        n->type = c->tree->nodes[n->last_child].type;
        return TROTH_OK;
    }
    return TROTH_OK;
}

static enum troth_err leave_unchecked(struct troth_cel_checker *c, uint32_t node)
{
    return c->tree->nodes[node].kind == TROTH_CEL_NODE_CALL
               ? troth_cel_call_leave(c, node)
               : TROTH_OK;
}

static enum troth_err check_step(struct troth_cel_checker *c, struct troth_cel_walk *walk)
{
    const bool is_checked = !c->env->is_unchecked;

    switch (walk->step) {
    case TROTH_CEL_ENTER:
        return enter(c, walk);
    case TROTH_CEL_BETWEEN:
        if (is_checked && walk->child == TROTH_CEL_LOOP_RANGE &&
            c->tree->nodes[walk->node].kind == TROTH_CEL_NODE_LOOP)
            return check_range(c, walk->node);
        return TROTH_OK;
    case TROTH_CEL_LEAVE:
        if (c->tree->nodes[walk->node].meaning == TROTH_CEL_MEANS_NAMESPACE)
            return TROTH_OK;
        return is_checked ? leave(c, walk->node) : leave_unchecked(c, walk->node);
    }
    return TROTH_OK;
}

/* Types as everybody else sees them: without unknowns, and none that is missing. */
static void settle_types(struct troth_cel_checker *c)
{
    for (uint32_t i = 1; i < c->tree->count; i++) {
        struct troth_cel_node *n = &c->tree->nodes[i];

        n->type = c->env->is_unchecked
                      ? OF(DYN)
                      : troth_cel_type_resolve(&c->unifier, n->type, true);
    }
}

/* An empty list or map has two unknowns at most, and a call few; more are dyn. */
enum { UNKNOWNS_A_NODE = 2, UNKNOWNS_MORE = 16 };

enum troth_err troth_cel_check(struct troth_cel_tree *tree, struct troth_cel_issue *issue,
                               const struct troth_cel_env *env)
{
    struct troth_cel_walk walk = troth_cel_walk_over(tree, tree->root);
    struct troth_cel_checker c;

    c.tree = tree;
    c.env = env;
    c.issue = issue;
    enum troth_err err = troth_cel_unifier_begin(
        &c.unifier, tree->arena, tree->count * UNKNOWNS_A_NODE + UNKNOWNS_MORE);

    while (!err && troth_cel_walk_next(&walk))
        err = check_step(&c, &walk);
    if (!err && env->result && !env->is_unchecked)
        err = expect(&c, tree->root, env->result);
    if (!err)
        settle_types(&c);
    if (!err && c.unifier.is_out_of_memory)
        err = TROTH_ERR_MEMORY;
    return err;
}
