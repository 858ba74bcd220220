/* SPDX-License-Identifier: Apache-2.0 */
#include "cel/estimate.h"

#include "base/span.h"
#include "cel/code.h"
#include "cel/type.h"
#include "regex/regex.h"

enum {
    BYTES_A_STEP = 16,
    APPENDED = 2,  /* accumulators double: all copying together is twice their length */
    PLAIN = 8,     /* a number as text, or a time */
    TIMES_OVER = 4 /* functions read a text twice and write what is no longer than two */
};

static uint64_t least(uint64_t a, uint64_t b)
{
    return a < b ? a : b;
}

static uint64_t text_steps(const struct troth_cel_estimate *e)
{
    return e->size / BYTES_A_STEP;
}

/* To compare a key with another: they are numbers, or texts. */
static uint64_t key_steps(const struct troth_cel_estimate *e,
                          const struct troth_cel_type *type)
{
    const enum troth_cel_kind kind = troth_cel_type_kind(type);

    return kind == TROTH_CEL_STRING || kind == TROTH_CEL_DYN ? text_steps(e) : 0;
}

/* To go through a map for a key. */
static uint64_t find_steps(const struct troth_cel_estimate *e, uint64_t key)
{
    return troth_cel_steps_times(e->size, troth_cel_steps_sum(1, key));
}

/*
 * To look at all of a value beyond the first step, and for each key of a map for it in
 * another. What is dyn is taken for a list of texts.
 */
static uint64_t whole_of_type(const struct troth_cel_estimate *e,
                              const struct troth_cel_type *type)
{
    uint64_t steps = 0;
    uint64_t times = 1;

    for (unsigned depth = 0; depth < TROTH_CEL_TYPE_DEPTH; depth++) {
        const enum troth_cel_kind kind = troth_cel_type_kind(type);
        const struct troth_cel_type *part = troth_cel_type_argument(type, 0);

        if (kind == TROTH_CEL_STRING || kind == TROTH_CEL_BYTES)
            return troth_cel_steps_sum(steps,
                                       troth_cel_steps_times(times, text_steps(e)));
        if (kind == TROTH_CEL_DYN || kind == TROTH_CEL_ABSTRACT)
            return troth_cel_steps_sum(
                steps, troth_cel_steps_times(
                           times, troth_cel_steps_times(
                                      e->size, troth_cel_steps_sum(1, text_steps(e)))));
        if (kind != TROTH_CEL_LIST && kind != TROTH_CEL_MAP && kind != TROTH_CEL_OPTIONAL)
            return steps;
        if (kind != TROTH_CEL_OPTIONAL)
            times = troth_cel_steps_times(times, e->size);
        if (kind == TROTH_CEL_MAP) {
            const uint64_t key = key_steps(e, part);

            steps = troth_cel_steps_sum(
                steps, troth_cel_steps_times(
                           times, troth_cel_steps_sum(key, find_steps(e, key))));
            part = troth_cel_type_argument(type, 1);
        }
        steps = troth_cel_steps_sum(steps, times);
        type = part;
    }
    return UINT64_MAX;
}

static const struct troth_cel_type *element_type(const struct troth_cel_node *list)
{
    return troth_cel_type_argument(list->type, 0);
}

/* The same of a sub-expression: a literal is as long as it is. */
static uint64_t whole_of_element(const struct troth_cel_estimate *e, uint32_t node)
{
    const struct troth_cel_node *n = &e->nodes[node];

    if (n->kind != TROTH_CEL_NODE_LITERAL)
        return whole_of_type(e, n->type);
    return n->literal.kind == TROTH_CEL_STRING || n->literal.kind == TROTH_CEL_BYTES
               ? n->literal.as.text.len / BYTES_A_STEP
               : 0;
}

static bool is_list(const struct troth_cel_node *n)
{
    return n->kind == TROTH_CEL_NODE_LIST;
}

static uint64_t whole_of(const struct troth_cel_estimate *e, uint32_t node)
{
    uint64_t steps = 0;

    if (!is_list(&e->nodes[node]))
        return whole_of_element(e, node);
    for (uint32_t n = e->nodes[node].first_child; n; n = e->nodes[n].next)
        steps = troth_cel_steps_sum(steps,
                                    troth_cel_steps_sum(1, whole_of_element(e, n)));
    return steps;
}

uint64_t troth_cel_estimate_count(const struct troth_cel_estimate *e, uint32_t node)
{
    const struct troth_cel_node *n = &e->nodes[node];

    return is_list(n) ? n->child_count : e->size;
}

static uint64_t whole_of_all(const struct troth_cel_estimate *e, uint32_t first)
{
    uint64_t steps = 0;

    for (uint32_t n = first; n; n = e->nodes[n].next)
        steps = troth_cel_steps_sum(steps, whole_of(e, n));
    return steps;
}

/* What a call costs beside one step, and beside its arguments, the first of which is
 * `a` and has brothers. */
typedef uint64_t cost_function(const struct troth_cel_estimate *e, uint32_t a);

static uint64_t cost_of_nothing(const struct troth_cel_estimate *e, uint32_t a)
{
    (void)e;
    (void)a;
    return 0;
}

/* Those that jump take more instructions. */
static uint64_t cost_of_branches(const struct troth_cel_estimate *e, uint32_t a)
{
    (void)e;
    (void)a;
    return TROTH_CEL_STEPS_OF_NODE - 1;
}

/* Nothing deeper is compared than both are. */
static uint64_t cost_of_equality(const struct troth_cel_estimate *e, uint32_t a)
{
    return least(whole_of(e, a), whole_of(e, e->nodes[a].next));
}

static uint64_t cost_of_in(const struct troth_cel_estimate *e, uint32_t a)
{
    const uint32_t collection = e->nodes[a].next;
    const struct troth_cel_node *n = &e->nodes[collection];
    const uint64_t value = whole_of(e, a);
    uint64_t steps = 0;

    if (troth_cel_type_kind(n->type) != TROTH_CEL_LIST)
        return find_steps(e, value);
    if (!is_list(n))
        return troth_cel_steps_times(
            e->size,
            troth_cel_steps_sum(1, least(value, whole_of_type(e, element_type(n)))));
    for (uint32_t k = n->first_child; k; k = e->nodes[k].next)
        steps = troth_cel_steps_sum(
            steps, troth_cel_steps_sum(1, least(value, whole_of_element(e, k))));
    return steps;
}

static const struct troth_cel_type *unwrapped(const struct troth_cel_type *type)
{
    return troth_cel_type_kind(type) == TROTH_CEL_OPTIONAL
               ? troth_cel_type_argument(type, 0)
               : type;
}

/* Lists are not gone through. */
static uint64_t cost_of_index(const struct troth_cel_estimate *e, uint32_t a)
{
    const struct troth_cel_type *type = unwrapped(e->nodes[a].type);
    const uint64_t key = whole_of(e, e->nodes[a].next);

    return troth_cel_type_kind(type) == TROTH_CEL_LIST ? 0 : find_steps(e, key);
}

static uint64_t cost_of_addition(const struct troth_cel_estimate *e, uint32_t a)
{
    const enum troth_cel_kind kind = troth_cel_type_kind(e->nodes[a].type);

    if (kind == TROTH_CEL_STRING || kind == TROTH_CEL_BYTES)
        return troth_cel_steps_sum(whole_of(e, a),
                                   troth_cel_steps_sum(1, whole_of(e, e->nodes[a].next)));
    if (kind == TROTH_CEL_LIST || kind == TROTH_CEL_DYN)
        return troth_cel_steps_sum(troth_cel_estimate_count(e, a),
                                   troth_cel_estimate_count(e, e->nodes[a].next));
    return 0;
}

static uint64_t cost_of_append(const struct troth_cel_estimate *e, uint32_t a)
{
    (void)e;
    (void)a;
    return APPENDED;
}

static uint64_t cost_of_insert(const struct troth_cel_estimate *e, uint32_t a)
{
    return troth_cel_steps_sum(APPENDED, find_steps(e, whole_of(e, e->nodes[a].next)));
}

static uint64_t cost_of_insert_all(const struct troth_cel_estimate *e, uint32_t a)
{
    const struct troth_cel_type *type = e->nodes[e->nodes[a].next].type;
    const uint64_t key = key_steps(e, troth_cel_type_argument(type, 0));

    return troth_cel_steps_times(e->size,
                                 troth_cel_steps_sum(1 + APPENDED, find_steps(e, key)));
}

/* Every byte may be a place to cut, each found from the one before it, twice over. */
static uint64_t cost_of_pieces(const struct troth_cel_estimate *e, uint32_t a)
{
    const uint64_t places = troth_cel_steps_sum(e->size, 2);
    const uint64_t one = troth_cel_steps_sum(1, whole_of_all(e, a));

    return troth_cel_steps_times(2, troth_cel_steps_times(places, one));
}

static uint64_t cost_of_join(const struct troth_cel_estimate *e, uint32_t a)
{
    const uint64_t separator = whole_of_all(e, e->nodes[a].next);

    return troth_cel_steps_times(
        troth_cel_estimate_count(e, a),
        troth_cel_steps_sum(1, troth_cel_steps_sum(text_steps(e), separator)));
}

/* A text is all clauses at worst, of up to a thousand digits each. */
static uint64_t cost_of_format(const struct troth_cel_estimate *e, uint32_t a)
{
    enum { CLAUSE = 2 + (1000 + 330) / BYTES_A_STEP, REPEATED = TIMES_OVER * PLAIN };
    const struct troth_cel_node *format = &e->nodes[a];
    const uint64_t len = format->kind == TROTH_CEL_NODE_LITERAL
                             ? format->literal.as.text.len
                             : e->size;
    const uint64_t values = whole_of(e, format->next);

    return troth_cel_steps_sum(troth_cel_steps_times(len, CLAUSE),
                               troth_cel_steps_times(REPEATED, values));
}

/* States that a pattern becomes: two for each character, but for counted repeats. */
static uint64_t states_of(const struct troth_cel_node *pattern)
{
    const struct troth_span text = pattern->literal.as.text;

    if (pattern->kind != TROTH_CEL_NODE_LITERAL)
        return TROTH_REGEX_STATES_MAX;
    for (size_t i = 0; i < text.len; i++)
        if (text.ptr[i] == '{')
            return TROTH_REGEX_STATES_MAX;
    return 2 * (uint64_t)text.len + PLAIN;
}

static uint64_t cost_of_matches(const struct troth_cel_estimate *e, uint32_t a)
{
    const struct troth_cel_node *pattern = &e->nodes[e->nodes[a].next];
    const uint64_t compiled = pattern->kind == TROTH_CEL_NODE_LITERAL
                                  ? pattern->literal.as.text.len
                                  : e->size;
    const uint64_t states = states_of(pattern);

    return troth_cel_steps_sum(troth_cel_steps_sum(compiled, states),
                               troth_cel_steps_times(troth_cel_steps_sum(e->size, 1),
                                                     troth_cel_steps_sum(states, 2)));
}

/* What is not among them looks at its arguments, and writes no more than they are. */
static uint64_t cost_of_others(const struct troth_cel_estimate *e, uint32_t a)
{
    return troth_cel_steps_sum(PLAIN,
                               troth_cel_steps_times(TIMES_OVER, whole_of_all(e, a)));
}

static const struct {
    const char *name;
    cost_function *cost;
} costs[] = {
    {"_==_", cost_of_equality},
    {"_!=_", cost_of_equality},
    {"_&&_", cost_of_branches},
    {"_||_", cost_of_branches},
    {"_?_:_", cost_of_branches},
    {"!_", cost_of_nothing},
    {"@not_strictly_false", cost_of_nothing},
    {"dyn", cost_of_nothing},
    {"type", cost_of_nothing},
    {"_+_", cost_of_addition},
    {"@in", cost_of_in},
    {"_[_]", cost_of_index},
    {"_[?_]", cost_of_index},
    {"_?._", cost_of_index},
    {"@append", cost_of_append},
    {"@insert", cost_of_insert},
    {"@insert_all", cost_of_insert_all},
    {"split", cost_of_pieces},
    {"replace", cost_of_pieces},
    {"join", cost_of_join},
    {"format", cost_of_format},
    {"matches", cost_of_matches},
};

uint64_t troth_cel_estimate_call(const struct troth_cel_estimate *e,
                                 const struct troth_cel_node *call)
{
    const uint32_t first = call->has_namespace ? e->nodes[call->first_child].next
                                               : call->first_child;
    cost_function *cost = cost_of_others;

    for (size_t i = 0; !call->has_namespace && i < sizeof costs / sizeof costs[0]; i++)
        if (troth_span_is_text(call->text, costs[i].name))
            cost = costs[i].cost;
    return troth_cel_steps_sum(1, cost(e, first));
}

uint64_t troth_cel_estimate_select(const struct troth_cel_estimate *e,
                                   const struct troth_cel_node *select)
{
    if (select->meaning != TROTH_CEL_MEANS_ITSELF)
        return 1;
    return troth_cel_steps_sum(1, find_steps(e, select->text.len / BYTES_A_STEP));
}

/* Every key is looked for among those before it. */
uint64_t troth_cel_estimate_map(const struct troth_cel_estimate *e,
                                const struct troth_cel_node *map)
{
    const uint64_t count = map->child_count / 2;
    const uint64_t key = key_steps(e, troth_cel_type_argument(map->type, 0));

    return troth_cel_steps_sum(
        1, troth_cel_steps_times(
               count, troth_cel_steps_times(count, troth_cel_steps_sum(1, key))));
}
