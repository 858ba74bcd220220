/* SPDX-License-Identifier: Apache-2.0 */
#include "cel/rewrite.h"

#include "base/arena.h"
#include "base/span.h"

#define DYN (&troth_cel_types[TROTH_CEL_DYN])

/* How a type is made anew. */
struct rewriting {
    struct troth_cel_unifier *u;
    struct troth_cel_parameters *parameters; /* an instance's; or NULL */
    bool is_instance; /* a host's parameters are replaced, not unknowns */
    bool is_final;
    unsigned made;
    size_t depth;
    struct {
        struct troth_cel_type *type; /* a copy, with arguments from `next` as they were */
        unsigned next;
    } stack[TROTH_CEL_TYPE_DEPTH];
};

/* The stack is written before it is read. */
static void begin(struct rewriting *r, struct troth_cel_unifier *u)
{
    r->u = u;
    r->parameters = NULL;
    r->is_instance = r->is_final = false;
    r->made = 0;
    r->depth = 0;
}

static const struct troth_cel_type *unknown_for(struct rewriting *r, const char *name)
{
    struct troth_cel_parameters *p = r->parameters;

    if (!p || !name)
        return DYN;
    for (unsigned i = 0; i < p->count; i++)
        if (troth_span_is_text(troth_span_of_text(name), p->names[i]))
            return p->unknowns[i];
    if (p->count == TROTH_CEL_PARAMETERS_MAX)
        return DYN;
    p->names[p->count] = name;
    p->unknowns[p->count] = troth_cel_unknown(r->u);
    return p->unknowns[p->count++];
}

/* What stands for the outermost constructor. */
static const struct troth_cel_type *head_of(struct rewriting *r,
                                            const struct troth_cel_type *type)
{
    if (!type || type->kind != TROTH_CEL_PARAMETER)
        return type ? type : DYN;
    if (r->is_instance)
        return unknown_for(r, type->name);
    type = troth_cel_type_known(r->u, type);
    return r->is_final && type->kind == TROTH_CEL_PARAMETER ? DYN : type;
}

/* The whole type is asked once: of its parts, those are copied too that could stay. */
static bool stays(const struct rewriting *r, const struct troth_cel_type *type)
{
    return !troth_cel_type_arity(type) ||
           (r->depth == 0 && !troth_cel_type_has_parameter(type));
}

/* NULL where the type is too large, or there is no memory. */
static struct troth_cel_type *copy_of(struct rewriting *r,
                                      const struct troth_cel_type *type)
{
    struct troth_cel_type *copy = NULL;

    if (r->made == TROTH_CEL_TYPE_NODES || r->depth == TROTH_CEL_TYPE_DEPTH)
        return NULL;
    copy = troth_arena_take(r->u->arena, sizeof *copy);
    r->u->is_out_of_memory |= !copy;
    if (!copy)
        return NULL;
    *copy = *type;
    r->made++;
    r->stack[r->depth].type = copy;
    r->stack[r->depth++].next = 0;
    return copy;
}

static const struct troth_cel_type *rewrite_part(struct rewriting *r,
                                                 const struct troth_cel_type *type)
{
    type = head_of(r, type);
    if (stays(r, type))
        return type;

    const struct troth_cel_type *copy = copy_of(r, type);
    return copy ? copy : DYN;
}

static const struct troth_cel_type *rewrite(struct rewriting *r,
                                            const struct troth_cel_type *type)
{
    const struct troth_cel_type *const top = rewrite_part(r, type);

    while (r->depth) {
        struct troth_cel_type *copy = r->stack[r->depth - 1].type;
        const unsigned next = r->stack[r->depth - 1].next++;

        if (next < troth_cel_type_arity(copy))
            copy->arguments[next] = rewrite_part(r, copy->arguments[next]);
        else
            r->depth--;
    }
    return top;
}

const struct troth_cel_type *troth_cel_type_resolve(struct troth_cel_unifier *u,
                                                    const struct troth_cel_type *type,
                                                    bool is_final)
{
    struct rewriting r;

    begin(&r, u);
    r.is_final = is_final;
    return rewrite(&r, type);
}

const struct troth_cel_type *
troth_cel_type_instance(struct troth_cel_unifier *u,
                        struct troth_cel_parameters *parameters,
                        const struct troth_cel_type *type)
{
    struct rewriting r;

    begin(&r, u);
    r.parameters = parameters;
    r.is_instance = true;
    return rewrite(&r, type);
}

const struct troth_cel_type *troth_cel_type_new(struct troth_cel_unifier *u,
                                                enum troth_cel_kind kind,
                                                const struct troth_cel_type *first,
                                                const struct troth_cel_type *second)
{
    struct troth_cel_type *type = troth_arena_take(u->arena, sizeof *type);

    if (!type) {
        u->is_out_of_memory = true;
        return DYN;
    }
    *type = (struct troth_cel_type){.kind = kind, .arguments = {first, second}};
    return type;
}
