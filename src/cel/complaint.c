/* SPDX-License-Identifier: Apache-2.0 */
#include "base/nearest.h"
#include "base/span.h"
#include "cel/checker.h"

enum { TEXT_MAX = sizeof((struct troth_cel_issue *)NULL)->text };

struct complaint {
    uint8_t bytes[TEXT_MAX];
    struct troth_writer w;
};

static void begin(struct complaint *complaint)
{
    complaint->w = troth_writer_over(complaint->bytes, sizeof complaint->bytes);
}

static enum troth_err say(const struct troth_cel_checker *c, uint32_t node,
                          const struct complaint *complaint)
{
    const struct troth_cel_node *n = &c->tree->nodes[node];

    return troth_cel_issue_write(c->issue, c->tree->source, n->start, n->end,
                                 troth_writer_span(&complaint->w));
}

static void write_type_of(struct troth_cel_checker *c, struct troth_writer *w,
                          uint32_t node)
{
    troth_cel_write_type(
        w, troth_cel_type_resolve(&c->unifier, c->tree->nodes[node].type, true));
}

enum troth_err troth_cel_complain_about(struct troth_cel_checker *c, uint32_t node,
                                        const char *before, uint32_t typed,
                                        const char *after)
{
    struct complaint complaint;

    begin(&complaint);
    troth_write_text(&complaint.w, before);
    troth_write_text(&complaint.w, "'");
    write_type_of(c, &complaint.w, typed);
    troth_write_text(&complaint.w, "'");
    troth_write_text(&complaint.w, after);
    return say(c, node, &complaint);
}

enum troth_err troth_cel_complain_type(struct troth_cel_checker *c, uint32_t node,
                                       const struct troth_cel_type *wanted)
{
    struct complaint complaint;

    begin(&complaint);
    troth_write_text(&complaint.w, "expected type '");
    troth_cel_write_type(&complaint.w, wanted);
    troth_write_text(&complaint.w, "' but found '");
    write_type_of(c, &complaint.w, node);
    troth_write_text(&complaint.w, "'");
    return say(c, node, &complaint);
}

/* What a macro writes asks for a bool where it takes what the user wrote. */
static uint32_t find_condition(const struct troth_cel_checker *c, uint32_t node)
{
    const struct troth_cel_node *nodes = c->tree->nodes;

    if (!nodes[node].is_written || (!troth_cel_node_is_call(&nodes[node], "_&&_") &&
                                    !troth_cel_node_is_call(&nodes[node], "_||_") &&
                                    !troth_cel_node_is_call(&nodes[node], "!_") &&
                                    !troth_cel_node_is_call(&nodes[node], "_?_:_")))
        return 0;
    for (uint32_t n = nodes[node].first_child; n; n = nodes[n].next)
        if (!nodes[n].is_written)
            return nodes[n].type && nodes[n].type->kind == TROTH_CEL_BOOL ? 0 : n;
    return 0;
}

enum troth_err troth_cel_complain_overload(struct troth_cel_checker *c, uint32_t node)
{
    const struct troth_cel_node *call = &c->tree->nodes[node];
    const uint32_t condition = find_condition(c, node);
    const bool is_method = call->is_member && !call->has_namespace;
    uint32_t n = call->first_child;
    struct complaint complaint;

    if (condition)
        return troth_cel_complain_type(c, condition, &troth_cel_types[TROTH_CEL_BOOL]);
    begin(&complaint);
    troth_write_text(&complaint.w, "found no matching overload for '");
    troth_write_bytes(&complaint.w, call->has_namespace ? call->qualified : call->text);
    troth_write_text(&complaint.w, "' applied to '");
    if (is_method)
        write_type_of(c, &complaint.w, n);
    if (call->is_member)
        n = c->tree->nodes[n].next;
    troth_write_text(&complaint.w, is_method ? ".(" : "(");
    for (bool is_first = true; n; n = c->tree->nodes[n].next) {
        troth_write_text(&complaint.w, is_first ? "" : ", ");
        write_type_of(c, &complaint.w, n);
        is_first = false;
    }
    troth_write_text(&complaint.w, ")'");
    return say(c, node, &complaint);
}

static const char *nearest_variable(const struct troth_cel_checker *c,
                                    struct troth_span typed)
{
    struct troth_nearest nearest = {NULL, 0};

    for (size_t i = 0; i < c->env->variable_count; i++)
        troth_nearest_offer(&nearest, typed, c->env->variables[i].name);
    return nearest.word;
}

/* Operators have names that nobody types. */
static const char *nearest_function(const struct troth_cel_checker *c,
                                    struct troth_span typed)
{
    struct troth_nearest nearest = {NULL, 0};
    const struct troth_cel_library *library = NULL;

    for (size_t i = 0; (library = troth_cel_env_library(c->env, i)); i++)
        for (size_t k = 0; k < library->overload_count; k++) {
            const char *name = library->overloads[k].name;

            if (name[0] != '_' && name[0] != '@')
                troth_nearest_offer(&nearest, typed, name);
        }
    return nearest.word;
}

/* Variables have dots: what is not declared is as much of a.b.c as was written. */
static struct troth_cel_chain longest_chain(const struct troth_cel_checker *c,
                                            uint32_t node)
{
    const struct troth_cel_node *nodes = c->tree->nodes;
    struct troth_cel_chain chain = {c->tree, node, node};
    uint32_t above = nodes[node].parent;

    while (above && nodes[above].kind == TROTH_CEL_NODE_SELECT) {
        chain.last = above;
        above = nodes[above].parent;
    }
    return chain;
}

/* Is there a variable of which this is the first word? */
static bool begins_variable(const struct troth_cel_checker *c, struct troth_span word)
{
    for (size_t i = 0; i < c->env->variable_count; i++) {
        const struct troth_span name = troth_span_of_text(c->env->variables[i].name);

        if (name.len > word.len && name.ptr[word.len] == '.' &&
            troth_span_starts_with(name, word))
            return true;
    }
    return false;
}

enum troth_err troth_cel_complain_undeclared(const struct troth_cel_checker *c,
                                             uint32_t node)
{
    const struct troth_cel_node *n = &c->tree->nodes[node];
    const bool is_call = n->kind == TROTH_CEL_NODE_CALL;
    struct troth_cel_chain chain = {c->tree, node, node};
    struct complaint typed;
    struct complaint complaint;

    if (!is_call && begins_variable(c, n->text))
        chain = longest_chain(c, node);
    begin(&typed);
    troth_cel_write_chain(&typed.w, &chain);

    const struct troth_span name = troth_writer_span(&typed.w);
    const char *nearest = is_call ? nearest_function(c, name) : nearest_variable(c, name);

    begin(&complaint);
    troth_write_text(&complaint.w, "undeclared reference to '");
    troth_write_bytes(&complaint.w, name);
    troth_write_text(&complaint.w, "' (in container '");
    troth_write_text(&complaint.w, c->env->container ? c->env->container : "");
    troth_write_text(&complaint.w, "')");
    if (nearest) {
        troth_write_text(&complaint.w, "; did you mean '");
        troth_write_text(&complaint.w, nearest);
        troth_write_text(&complaint.w, "'?");
    }
    return say(c, chain.last, &complaint);
}
