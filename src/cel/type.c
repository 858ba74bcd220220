/* SPDX-License-Identifier: Apache-2.0 */
#include "cel/type.h"

#include "base/span.h"

const struct troth_cel_type troth_cel_types[TROTH_CEL_KIND_COUNT] = {
#define X(id, name) [TROTH_CEL_##id] = {.kind = TROTH_CEL_##id},
    TROTH_CEL_KINDS(X)
#undef X
};

static const struct troth_cel_type types_of_types[TROTH_CEL_KIND_COUNT] = {
#define X(id, name)                                                                      \
    [TROTH_CEL_##                                                                        \
        id] = {.kind = TROTH_CEL_TYPE, .arguments = {&troth_cel_types[TROTH_CEL_##id]}},
    TROTH_CEL_KINDS(X)
#undef X
};

const char *troth_cel_kind_name(enum troth_cel_kind kind)
{
    static const char *const names[TROTH_CEL_KIND_COUNT] = {
#define X(id, name) [TROTH_CEL_##id] = (name),
        TROTH_CEL_KINDS(X)
#undef X
    };

    return (unsigned)kind < TROTH_CEL_KIND_COUNT ? names[kind] : "";
}

enum troth_cel_kind troth_cel_type_kind(const struct troth_cel_type *type)
{
    return type ? type->kind : TROTH_CEL_DYN;
}

unsigned troth_cel_type_arity(const struct troth_cel_type *type)
{
    enum troth_cel_kind kind = troth_cel_type_kind(type);
    unsigned count = 0;

    if (kind == TROTH_CEL_LIST || kind == TROTH_CEL_OPTIONAL)
        return 1;
    if (kind == TROTH_CEL_MAP)
        return 2;
    if (kind == TROTH_CEL_TYPE)
        return type->arguments[0] ? 1 : 0;
    while (kind == TROTH_CEL_ABSTRACT && count < 3 && type->arguments[count])
        count++;
    return count;
}

const struct troth_cel_type *troth_cel_type_argument(const struct troth_cel_type *type,
                                                     unsigned n)
{
    const struct troth_cel_type *argument = type ? type->arguments[n] : NULL;

    return argument ? argument : &troth_cel_types[TROTH_CEL_DYN];
}

bool troth_cel_type_is_alike(const struct troth_cel_type *a,
                             const struct troth_cel_type *b)
{
    enum troth_cel_kind kind = troth_cel_type_kind(a);

    if (kind != troth_cel_type_kind(b) ||
        troth_cel_type_arity(a) != troth_cel_type_arity(b))
        return false;
    if (kind != TROTH_CEL_ABSTRACT && kind != TROTH_CEL_PARAMETER)
        return true;
    return a == b || (a->name && b->name &&
                      troth_span_is_text(troth_span_of_text(a->name), b->name));
}

/* Depth first, a stack holds two brothers a level beside the one that is looked at. */
enum { STACK = 2 * TROTH_CEL_TYPE_DEPTH + 1 };

bool troth_cel_type_is_same(const struct troth_cel_type *a,
                            const struct troth_cel_type *b)
{
    struct {
        const struct troth_cel_type *a, *b;
    } stack[STACK];
    size_t count = 1;

    stack[0].a = a;
    stack[0].b = b;
    for (unsigned looked = 0; count && looked < TROTH_CEL_TYPE_NODES; looked++) {
        a = stack[--count].a;
        b = stack[count].b;
        if (a == b)
            continue;
        if (!troth_cel_type_is_alike(a, b))
            return false;
        for (unsigned i = 0; i < troth_cel_type_arity(a) && count < STACK; i++) {
            stack[count].a = troth_cel_type_argument(a, i);
            stack[count++].b = troth_cel_type_argument(b, i);
        }
    }
    return true;
}

bool troth_cel_type_has_parameter(const struct troth_cel_type *type)
{
    const struct troth_cel_type *stack[STACK];
    size_t count = 0;

    stack[count++] = type;
    for (unsigned looked = 0; count && looked < TROTH_CEL_TYPE_NODES; looked++) {
        type = stack[--count];
        if (troth_cel_type_kind(type) == TROTH_CEL_PARAMETER)
            return true;
        for (unsigned i = 0; i < troth_cel_type_arity(type) && count < STACK; i++)
            stack[count++] = troth_cel_type_argument(type, i);
    }
    return false;
}

static void write_head(struct troth_writer *w, const struct troth_cel_type *type)
{
    enum troth_cel_kind kind = troth_cel_type_kind(type);

    if (kind != TROTH_CEL_ABSTRACT && kind != TROTH_CEL_PARAMETER)
        troth_write_text(w, troth_cel_kind_name(kind));
    else if (type->name)
        troth_write_text(w, type->name);
    if (troth_cel_type_arity(type))
        troth_write_text(w, "(");
}

void troth_cel_write_type(struct troth_writer *w, const struct troth_cel_type *type)
{
    struct {
        const struct troth_cel_type *type;
        unsigned next;
    } stack[TROTH_CEL_TYPE_DEPTH];
    size_t depth = 1;

    write_head(w, type);
    stack[0].type = type;
    stack[0].next = 0;
    while (depth && !w->full) {
        unsigned next = stack[depth - 1].next++;

        type = stack[depth - 1].type;
        if (next >= troth_cel_type_arity(type)) {
            troth_write_text(w, next ? ")" : "");
            depth--;
            continue;
        }
        troth_write_text(w, next ? ", " : "");
        type = depth < TROTH_CEL_TYPE_DEPTH ? troth_cel_type_argument(type, next) : NULL;
        write_head(w, type);
        if (depth < TROTH_CEL_TYPE_DEPTH) {
            stack[depth].type = type;
            stack[depth++].next = 0;
        }
    }
}

/* dyn() is a function, and nothing that a value could have for its type. */
static bool is_a_name(enum troth_cel_kind kind)
{
    return kind >= TROTH_CEL_NULL && kind < TROTH_CEL_DYN;
}

const struct troth_cel_type *troth_cel_type_named(struct troth_span name)
{
    for (unsigned kind = 0; kind < TROTH_CEL_KIND_COUNT; kind++)
        if (is_a_name(kind) && troth_span_is_text(name, troth_cel_kind_name(kind)))
            return &troth_cel_types[kind];
    return NULL;
}

const struct troth_cel_type *troth_cel_type_of_type(const struct troth_cel_type *type)
{
    return &types_of_types[troth_cel_type_kind(type)];
}
