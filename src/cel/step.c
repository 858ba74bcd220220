/* SPDX-License-Identifier: Apache-2.0 */
/* The steps of machine.h, but for those of loops. */
#include "cel/machine.h"

#include "base/span.h"
#include "cel/dispatch.h"
#include "cel/operators.h"
#include "cel/standard.h"
#include "cel/value.h"

void troth_cel_place_error(const struct troth_cel_machine *m,
                           struct troth_cel_value *error,
                           const struct troth_cel_instruction *in)
{
    if (error->as.error.end)
        return;
    error->as.error.start = m->nodes[in->node].start;
    error->as.error.end = m->nodes[in->node].end;
}

const struct troth_cel_instruction *
troth_cel_step_constant(struct troth_cel_machine *m,
                        const struct troth_cel_instruction *in)
{
    *m->top++ = *in->constant;
    return in + 1;
}

const struct troth_cel_instruction *
troth_cel_step_variable(struct troth_cel_machine *m,
                        const struct troth_cel_instruction *in)
{
    const struct troth_cel_value *value = &m->variables[in->number];

    if (value->kind == TROTH_CEL_NONE)
        troth_cel_answer(m, m->top, TROTH_CEL_ERROR_VALUE(TROTH_CEL_ERROR_VARIABLE), in);
    else
        *m->top++ = *value;
    return in + 1;
}

const struct troth_cel_instruction *
troth_cel_step_has_variable(struct troth_cel_machine *m,
                            const struct troth_cel_instruction *in)
{
    const struct troth_cel_value *value = &m->variables[in->number];

    *m->top++ = value->kind == TROTH_CEL_ERROR || value->kind == TROTH_CEL_UNKNOWN
                    ? *value
                    : TROTH_CEL_BOOL_VALUE(value->kind != TROTH_CEL_NONE);
    return in + 1;
}

const struct troth_cel_instruction *
troth_cel_step_local(struct troth_cel_machine *m, const struct troth_cel_instruction *in)
{
    *m->top++ = m->slots[in->number];
    return in + 1;
}

const struct troth_cel_instruction *
troth_cel_step_fail(struct troth_cel_machine *m, const struct troth_cel_instruction *in)
{
    troth_cel_answer(m, m->top, TROTH_CEL_ERROR_VALUE((enum troth_cel_error)in->number),
                     in);
    return in + 1;
}

const struct troth_cel_instruction *
troth_cel_step_store(struct troth_cel_machine *m, const struct troth_cel_instruction *in)
{
    m->slots[in->number] = *--m->top;
    return in + 1;
}

const struct troth_cel_instruction *
troth_cel_step_operate(struct troth_cel_machine *m,
                       const struct troth_cel_instruction *in)
{
    struct troth_cel_value *arguments = m->top - in->number;

    troth_cel_answer(m, arguments, in->with.function(&m->call, arguments), in);
    return troth_cel_after(m, in);
}

const struct troth_cel_instruction *
troth_cel_step_operate_with(struct troth_cel_machine *m,
                            const struct troth_cel_instruction *in)
{
    const struct troth_cel_value arguments[2] = {m->top[-1], *in->constant};

    troth_cel_answer(m, m->top - 1, in->with.function(&m->call, arguments), in);
    return troth_cel_after(m, in);
}

/* The value on top becomes a bool. */
static const struct troth_cel_instruction *say(struct troth_cel_machine *m, bool answer,
                                               const struct troth_cel_instruction *in)
{
    m->top[-1].kind = TROTH_CEL_BOOL;
    m->top[-1].as.boolean = answer;
    return in + 1;
}

/* clang-format off */
#define RELATIONS(X) \
    X(is_int, ==)    \
    X(differs_int, !=) \
    X(less_int, <)   \
    X(at_most_int, <=) \
    X(greater_int, >) \
    X(at_least_int, >=)
/* clang-format on */

#define X(name, relation)                                                                \
    const struct troth_cel_instruction *troth_cel_step_##name(                           \
        struct troth_cel_machine *m, const struct troth_cel_instruction *in)             \
    {                                                                                    \
        const struct troth_cel_value *left = &m->top[-1];                                \
                                                                                         \
        return left->kind == TROTH_CEL_INT                                               \
                   ? say(m, left->as.integer relation in->constant->as.integer, in)      \
                   : troth_cel_step_operate_with(m, in);                                 \
    }
RELATIONS(X)
#undef X

static const struct troth_cel_instruction *
compare_text(struct troth_cel_machine *m, const struct troth_cel_instruction *in,
             bool wanted)
{
    const struct troth_cel_value *left = &m->top[-1];
    const struct troth_span text = in->constant->as.text;

    if (left->kind != in->constant->kind)
        return troth_cel_step_operate_with(m, in);
    if (left->as.text.len != text.len)
        return say(m, !wanted, in);
    if (!troth_cel_spend(&m->call, text.len / 16))
        return NULL;
    return say(m, troth_span_same_bytes(left->as.text, text) == wanted, in);
}

const struct troth_cel_instruction *
troth_cel_step_is_text(struct troth_cel_machine *m,
                       const struct troth_cel_instruction *in)
{
    return compare_text(m, in, true);
}

const struct troth_cel_instruction *
troth_cel_step_differs_text(struct troth_cel_machine *m,
                            const struct troth_cel_instruction *in)
{
    return compare_text(m, in, false);
}

const struct troth_cel_instruction *
troth_cel_step_call(struct troth_cel_machine *m, const struct troth_cel_instruction *in)
{
    struct troth_cel_value *arguments = m->top - in->number;

    troth_cel_answer(
        m, arguments,
        troth_cel_dispatch(&m->call, in->with.overloads, arguments, in->number), in);
    return troth_cel_after(m, in);
}

const struct troth_cel_instruction *
troth_cel_step_matches(struct troth_cel_machine *m,
                       const struct troth_cel_instruction *in)
{
    struct troth_cel_value *text = m->top - 1;

    troth_cel_answer(
        m, text,
        text->kind == TROTH_CEL_STRING
            ? troth_cel_matches_compiled(&m->call, in->with.regex, text->as.text)
            : troth_cel_refuse(text, 1),
        in);
    return troth_cel_after(m, in);
}

const struct troth_cel_instruction *
troth_cel_step_unless_false(struct troth_cel_machine *m,
                            const struct troth_cel_instruction *in)
{
    return m->top[-1].kind == TROTH_CEL_BOOL && !m->top[-1].as.boolean ? in->with.target
                                                                       : in + 1;
}

const struct troth_cel_instruction *
troth_cel_step_unless_true(struct troth_cel_machine *m,
                           const struct troth_cel_instruction *in)
{
    return m->top[-1].kind == TROTH_CEL_BOOL && m->top[-1].as.boolean ? in->with.target
                                                                      : in + 1;
}

const struct troth_cel_instruction *
troth_cel_step_unless_some(struct troth_cel_machine *m,
                           const struct troth_cel_instruction *in)
{
    struct troth_cel_value *value = m->top - 1;

    if (value->kind == TROTH_CEL_OPTIONAL)
        return value->as.optional ? in->with.target : in + 1;
    troth_cel_answer(m, value, troth_cel_refuse(value, 1), in);
    return in->with.target;
}

const struct troth_cel_instruction *
troth_cel_step_unless_value(struct troth_cel_machine *m,
                            const struct troth_cel_instruction *in)
{
    const struct troth_cel_instruction *following = troth_cel_step_unless_some(m, in);
    struct troth_cel_value *value = m->top - 1;

    if (value->kind == TROTH_CEL_OPTIONAL && value->as.optional)
        *value = *value->as.optional;
    return following;
}

const struct troth_cel_instruction *
troth_cel_step_and(struct troth_cel_machine *m, const struct troth_cel_instruction *in)
{
    troth_cel_answer(m, m->top - 2, troth_cel_and(m->top - 2), in);
    return in + 1;
}

const struct troth_cel_instruction *
troth_cel_step_or(struct troth_cel_machine *m, const struct troth_cel_instruction *in)
{
    troth_cel_answer(m, m->top - 2, troth_cel_or(m->top - 2), in);
    return in + 1;
}

const struct troth_cel_instruction *
troth_cel_step_branch(struct troth_cel_machine *m, const struct troth_cel_instruction *in)
{
    struct troth_cel_value *condition = m->top - 1;

    if (condition->kind != TROTH_CEL_BOOL) {
        troth_cel_answer(m, condition, troth_cel_refuse(condition, 1), in);
        return in + in->number;
    }
    m->top--;
    return condition->as.boolean ? in + 1 : in->with.target;
}

const struct troth_cel_instruction *
troth_cel_step_jump(struct troth_cel_machine *m, const struct troth_cel_instruction *in)
{
    (void)m;
    return in->with.target;
}

const struct troth_cel_instruction *
troth_cel_step_note(struct troth_cel_machine *m, const struct troth_cel_instruction *in)
{
    (void)m;
    return in + 1;
}

const struct troth_cel_instruction *
troth_cel_step_end(struct troth_cel_machine *m, const struct troth_cel_instruction *in)
{
    (void)m;
    (void)in;
    return NULL;
}
