/* SPDX-License-Identifier: Apache-2.0 */
#include "cel/resolve.h"

#include "base/span.h"
#include "cel/type.h"

bool troth_cel_chain_of(struct troth_cel_chain *out, const struct troth_cel_tree *tree,
                        uint32_t node)
{
    const struct troth_cel_node *n = &tree->nodes[node];

    *out = (struct troth_cel_chain){tree, node, node};
    if (n->kind == TROTH_CEL_NODE_CALL && !n->is_member)
        return true;
    if (n->kind == TROTH_CEL_NODE_CALL || n->kind == TROTH_CEL_NODE_SELECT)
        out->first = n->first_child;
    while (tree->nodes[out->first].kind == TROTH_CEL_NODE_SELECT &&
           !tree->nodes[out->first].is_test && !tree->nodes[out->first].is_grouped)
        out->first = tree->nodes[out->first].first_child;
    return tree->nodes[out->first].kind == TROTH_CEL_NODE_NAME &&
           (out->first == node || !tree->nodes[out->first].is_grouped);
}

void troth_cel_write_chain(struct troth_writer *w, const struct troth_cel_chain *chain)
{
    const struct troth_cel_node *nodes = chain->tree->nodes;

    troth_write_bytes(w, nodes[chain->first].text);
    for (uint32_t n = chain->first; n != chain->last;) {
        n = nodes[n].parent;
        troth_write_text(w, ".");
        troth_write_bytes(w, nodes[n].text);
    }
}

/* What follows `start` in `text`, or NULL where it does not start so. */
static const char *after(const char *text, struct troth_span start)
{
    for (size_t i = 0; text && i < start.len; i++)
        if (text[i] == 0 || text[i] != (char)start.ptr[i])
            return NULL;
    return text ? text + start.len : NULL;
}

static const char *after_dot(const char *text)
{
    return text && *text == '.' ? text + 1 : NULL;
}

/* Is `declared` the chain in this container? */
static bool is_chain(const struct troth_cel_chain *chain, struct troth_span container,
                     const char *declared)
{
    const struct troth_cel_node *nodes = chain->tree->nodes;
    const char *rest = declared;

    if (container.len)
        rest = after_dot(after(rest, container));
    rest = after(rest, nodes[chain->first].text);
    for (uint32_t n = chain->first; rest && n != chain->last;) {
        n = nodes[n].parent;
        rest = after(after_dot(rest), nodes[n].text);
    }
    return rest && !*rest;
}

/* The innermost container for a name, then each of its parents, then none. */
struct containers {
    struct troth_span next;
    bool is_done;
};

static struct containers containers_for(const struct troth_cel_chain *chain,
                                        const struct troth_cel_env *env)
{
    const bool is_absolute = chain->tree->nodes[chain->first].is_absolute;

    if (is_absolute || !env->container)
        return (struct containers){{NULL, 0}, false};
    return (struct containers){troth_span_of_text(env->container), false};
}

static bool next_container(struct containers *c, struct troth_span *out)
{
    if (c->is_done)
        return false;
    *out = c->next;
    c->is_done = !c->next.len;
    while (c->next.len && c->next.ptr[c->next.len - 1] != '.')
        c->next.len--;
    if (c->next.len)
        c->next.len--;
    return true;
}

bool troth_cel_find_variable(uint32_t *out, const struct troth_cel_chain *chain,
                             const struct troth_cel_env *env)
{
    struct containers containers = containers_for(chain, env);
    struct troth_span container;

    while (next_container(&containers, &container))
        for (size_t i = 0; i < env->variable_count; i++)
            if (is_chain(chain, container, env->variables[i].name)) {
                *out = (uint32_t)i;
                return true;
            }
    return false;
}

const struct troth_cel_type *troth_cel_find_type(const struct troth_cel_chain *chain,
                                                 const struct troth_cel_env *env)
{
    struct containers containers = containers_for(chain, env);
    struct troth_span container;

    while (next_container(&containers, &container))
        for (unsigned kind = 0; kind < TROTH_CEL_KIND_COUNT; kind++) {
            const char *name = troth_cel_kind_name(kind);

            if (is_chain(chain, container, name))
                return troth_cel_type_named(troth_span_of_text(name));
        }
    return NULL;
}

const struct troth_cel_library *troth_cel_env_library(const struct troth_cel_env *env,
                                                      size_t n)
{
    if (n == 0)
        return &troth_cel_standard;
    return n <= env->library_count ? env->libraries[n - 1] : NULL;
}

static const char *find_in_library(const struct troth_cel_library *library,
                                   const struct troth_cel_chain *chain,
                                   struct troth_span container)
{
    for (size_t i = 0; i < library->overload_count; i++) {
        const struct troth_cel_overload *overload = &library->overloads[i];

        if (!overload->is_member && is_chain(chain, container, overload->name))
            return overload->name;
    }
    return NULL;
}

const char *troth_cel_find_function(const struct troth_cel_chain *chain,
                                    const struct troth_cel_env *env)
{
    struct containers containers = containers_for(chain, env);
    struct troth_span container;

    while (next_container(&containers, &container)) {
        const struct troth_cel_library *library = NULL;

        for (size_t i = 0; (library = troth_cel_env_library(env, i)); i++) {
            const char *name = find_in_library(library, chain, container);

            if (name)
                return name;
        }
    }
    return NULL;
}
