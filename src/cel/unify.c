/* SPDX-License-Identifier: Apache-2.0 */
#include "cel/unify.h"

#include "base/arena.h"

#define DYN (&troth_cel_types[TROTH_CEL_DYN])

/* Depth first, a stack holds two brothers a level beside the one that is looked at. An
 * unknown adds one: what to do once its pair fits. */
enum {
    STACK = 2 * TROTH_CEL_TYPE_DEPTH + 1,
    FIT_STACK = STACK + TROTH_CEL_TYPE_DEPTH,
    /* Both types, and what their unknowns stand for. */
    PAIRS_MAX = 4 * TROTH_CEL_TYPE_NODES,
};

/* The name tells our unknowns from a host's parameters; issues show them as dyn. */
static const char unknown_name[] = "dyn";

static bool is_unknown(const struct troth_cel_type *type)
{
    return type && type->kind == TROTH_CEL_PARAMETER && type->name == unknown_name;
}

static uint32_t index_of(const struct troth_cel_unifier *u,
                         const struct troth_cel_type *unknown)
{
    return (uint32_t)(unknown - u->unknowns);
}

enum troth_err troth_cel_unifier_begin(struct troth_cel_unifier *out,
                                       struct troth_arena *arena, uint32_t capacity)
{
    out->arena = arena;
    out->is_out_of_memory = false;
    out->count = out->trail_count = 0;
    out->capacity = capacity;
    out->unknowns = troth_arena_take_unset(arena, capacity, sizeof *out->unknowns);
    out->bound = troth_arena_take_unset(arena, capacity, sizeof(struct troth_cel_type *));
    return out->unknowns && out->bound ? TROTH_OK : TROTH_ERR_MEMORY;
}

const struct troth_cel_type *troth_cel_unknown(struct troth_cel_unifier *u)
{
    if (u->count == u->capacity)
        return DYN;
    u->unknowns[u->count] = (struct troth_cel_type){.kind = TROTH_CEL_PARAMETER,
                                                    .name = unknown_name};
    u->bound[u->count] = NULL;
    return &u->unknowns[u->count++];
}

struct troth_cel_question troth_cel_question_begin(struct troth_cel_unifier *u)
{
    u->trail_count = 0;
    return (struct troth_cel_question){u->count, u->arena->used};
}

void troth_cel_question_undo(struct troth_cel_unifier *u,
                             struct troth_cel_question question)
{
    while (u->trail_count) {
        u->trail_count--;
        u->bound[u->trail[u->trail_count].unknown] = u->trail[u->trail_count].before;
    }
    u->count = question.count;
    u->arena->used = question.used;
}

/* Without room to take it back, nothing is found out. */
static void bind(struct troth_cel_unifier *u, const struct troth_cel_type *unknown,
                 const struct troth_cel_type *type)
{
    const uint32_t index = index_of(u, unknown);

    if (u->trail_count == TROTH_CEL_TRAIL_MAX)
        return;
    u->trail[u->trail_count].unknown = index;
    u->trail[u->trail_count++].before = u->bound[index];
    u->bound[index] = type;
}

/* The last of unknowns that stand for one another. */
static const struct troth_cel_type *last_of(const struct troth_cel_unifier *u,
                                            const struct troth_cel_type *type)
{
    while (is_unknown(type) && is_unknown(u->bound[index_of(u, type)]))
        type = u->bound[index_of(u, type)];
    return type;
}

const struct troth_cel_type *troth_cel_type_known(const struct troth_cel_unifier *u,
                                                  const struct troth_cel_type *type)
{
    type = last_of(u, type);
    if (is_unknown(type) && u->bound[index_of(u, type)])
        type = u->bound[index_of(u, type)];
    return type ? type : DYN;
}

/* Is `unknown` a part of `type`? Then it cannot stand for it. */
static bool occurs_in(const struct troth_cel_unifier *u,
                      const struct troth_cel_type *unknown,
                      const struct troth_cel_type *type)
{
    const struct troth_cel_type *stack[STACK];
    size_t count = 0;

    stack[count++] = type;
    for (unsigned looked = 0; count; looked++) {
        type = last_of(u, stack[--count]);
        if (type == unknown || looked == PAIRS_MAX)
            return true;
        type = troth_cel_type_known(u, type);
        for (unsigned i = 0; i < troth_cel_type_arity(type) && count < STACK; i++)
            stack[count++] = troth_cel_type_argument(type, i);
    }
    return false;
}

struct pair {
    const struct troth_cel_type *a, *b;
    bool settles; /* a fits what the unknown b stands for: which of them is it now? */
};

/* How two constructors that are known compare: as such, or by their arguments. */
enum generality { MORE_GENERAL, LESS_GENERAL, BY_ARGUMENTS };

static enum generality compare_heads(const struct troth_cel_type *a,
                                     const struct troth_cel_type *b)
{
    const enum troth_cel_kind kind_a = troth_cel_type_kind(a);
    const enum troth_cel_kind kind_b = troth_cel_type_kind(b);

    if (kind_a == TROTH_CEL_DYN || kind_a == TROTH_CEL_PARAMETER)
        return MORE_GENERAL;
    if (kind_b == TROTH_CEL_DYN || kind_b == TROTH_CEL_PARAMETER)
        return LESS_GENERAL;
    /* A timestamp or null is a timestamp. */
    if (kind_b == TROTH_CEL_NULL || (kind_a == TROTH_CEL_TYPE && kind_b == kind_a))
        return MORE_GENERAL;
    return troth_cel_type_is_alike(a, b) ? BY_ARGUMENTS : LESS_GENERAL;
}

/* Is `a`, which fits `b` or the other way about, as general as that? */
static bool is_as_general(const struct troth_cel_unifier *u,
                          const struct troth_cel_type *a, const struct troth_cel_type *b)
{
    struct pair stack[STACK];
    size_t count = 0;

    stack[count++] = (struct pair){a, b, false};
    for (unsigned looked = 0; count && looked < PAIRS_MAX; looked++) {
        count--;
        a = troth_cel_type_known(u, stack[count].a);
        b = troth_cel_type_known(u, stack[count].b);
        if (a == b)
            continue;

        const enum generality generality = compare_heads(a, b);
        if (generality == LESS_GENERAL)
            return false;
        if (generality == MORE_GENERAL)
            continue;
        for (unsigned i = 0; i < troth_cel_type_arity(a) && count < STACK; i++)
            stack[count++] = (struct pair){troth_cel_type_argument(a, i),
                                           troth_cel_type_argument(b, i), false};
    }
    return true;
}

/* What null may be given for: CEL's nullable types. */
static bool takes_null(const struct troth_cel_type *type)
{
    static const bool nullable[TROTH_CEL_KIND_COUNT] = {
        [TROTH_CEL_NULL] = true,     [TROTH_CEL_TIMESTAMP] = true,
        [TROTH_CEL_DURATION] = true, [TROTH_CEL_OPTIONAL] = true,
        [TROTH_CEL_ADDRESS] = true,  [TROTH_CEL_NETWORK] = true,
        [TROTH_CEL_ABSTRACT] = true,
    };

    return nullable[troth_cel_type_kind(type)];
}

struct fitting {
    struct troth_cel_unifier *u;
    struct pair stack[FIT_STACK];
    size_t count;
};

static void push(struct fitting *f, const struct troth_cel_type *a,
                 const struct troth_cel_type *b, bool settles)
{
    if (f->count < FIT_STACK)
        f->stack[f->count++] = (struct pair){a, b, settles};
}

/* `type` meets an unknown. */
static bool meet(struct fitting *f, const struct troth_cel_type *type,
                 const struct troth_cel_type *unknown)
{
    const struct troth_cel_type *bound = f->u->bound[index_of(f->u, unknown)];

    if (type == unknown || type == bound)
        return true;
    if (bound) {
        push(f, type, unknown, true);
        push(f, type, bound, false);
        return true;
    }
    if (occurs_in(f->u, unknown, type))
        return false;
    bind(f->u, unknown, type);
    return true;
}

static void push_all(struct fitting *f, const struct troth_cel_type *type)
{
    for (unsigned i = 0; i < troth_cel_type_arity(type); i++)
        push(f, DYN, troth_cel_type_argument(type, i), false);
}

static bool fit_known(struct fitting *f, const struct troth_cel_type *a,
                      const struct troth_cel_type *b)
{
    const enum troth_cel_kind kind_a = troth_cel_type_kind(a);
    const enum troth_cel_kind kind_b = troth_cel_type_kind(b);

    /* What is not known yet in the other is then anything. */
    if (kind_a == TROTH_CEL_DYN || kind_b == TROTH_CEL_DYN) {
        push_all(f, kind_a == TROTH_CEL_DYN ? b : a);
        return true;
    }
    if (kind_a == TROTH_CEL_NULL)
        return takes_null(b);
    if (kind_b == TROTH_CEL_NULL)
        return takes_null(a);
    /* A type as value may be that of anything. */
    if (kind_a == TROTH_CEL_TYPE && kind_b == kind_a)
        return true;
    if (!troth_cel_type_is_alike(a, b))
        return false;
    /* The first argument is on top: what it finds out holds for the others. */
    for (unsigned i = troth_cel_type_arity(a); i-- > 0;)
        push(f, troth_cel_type_argument(a, i), troth_cel_type_argument(b, i), false);
    return true;
}

/* The unknown now stands for the more general of two types that fit. */
static void settle(struct troth_cel_unifier *u, const struct troth_cel_type *type,
                   const struct troth_cel_type *unknown)
{
    const struct troth_cel_type *bound = u->bound[index_of(u, unknown)];

    if (type != bound && is_as_general(u, type, bound) && !occurs_in(u, unknown, type))
        bind(u, unknown, type);
}

static bool fit_pair(struct fitting *f, struct pair pair)
{
    if (pair.settles) {
        settle(f->u, pair.a, pair.b);
        return true;
    }
    pair.a = last_of(f->u, pair.a);
    pair.b = last_of(f->u, pair.b);
    if (pair.a == pair.b)
        return true;
    if (is_unknown(pair.b))
        return meet(f, pair.a ? pair.a : DYN, pair.b);
    if (is_unknown(pair.a))
        return meet(f, pair.b ? pair.b : DYN, pair.a);
    return fit_known(f, pair.a, pair.b);
}

bool troth_cel_type_fits(struct troth_cel_unifier *u, const struct troth_cel_type *given,
                         const struct troth_cel_type *wanted)
{
    struct fitting f;

    f.u = u;
    f.count = 0;
    push(&f, given, wanted, false);
    for (unsigned looked = 0; f.count && looked < PAIRS_MAX; looked++)
        if (!fit_pair(&f, f.stack[--f.count]))
            return false;
    return true;
}

bool troth_cel_type_is_assignable(struct troth_cel_unifier *u,
                                  const struct troth_cel_type *given,
                                  const struct troth_cel_type *wanted)
{
    const struct troth_cel_question question = troth_cel_question_begin(u);

    if (troth_cel_type_fits(u, given, wanted))
        return true;
    troth_cel_question_undo(u, question);
    return false;
}

const struct troth_cel_type *troth_cel_type_join(struct troth_cel_unifier *u,
                                                 const struct troth_cel_type *a,
                                                 const struct troth_cel_type *b)
{
    if (!troth_cel_type_is_assignable(u, a, b))
        return NULL;
    return is_as_general(u, a, b) ? a : b;
}
