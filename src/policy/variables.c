/* SPDX-License-Identifier: Apache-2.0 */
#include "policy/variables.h"

#include <limits.h>

#include "base/arena.h"
#include "base/span.h"
#include "cel/time.h"
#include "evidence/claim_list.h"

static const struct troth_cel_type list_of_texts = {
    TROTH_CEL_LIST, NULL, {&troth_cel_types[TROTH_CEL_STRING]}};

static const struct troth_cel_type *type_of(const struct troth_word *word)
{
    switch (word->type) {
    case TROTH_VALUE_NONE:
        return &troth_cel_types[TROTH_CEL_DYN];
    case TROTH_VALUE_BOOL:
        return &troth_cel_types[TROTH_CEL_BOOL];
    case TROTH_VALUE_UINT:
        return &troth_cel_types[TROTH_CEL_INT];
    case TROTH_VALUE_INSTANT:
        return &troth_cel_types[TROTH_CEL_TIMESTAMP];
    case TROTH_VALUE_TEXT:
        return word->is_list ? &list_of_texts : &troth_cel_types[TROTH_CEL_STRING];
    case TROTH_VALUE_BYTES:
        return &troth_cel_types[TROTH_CEL_BYTES];
    }
    return NULL;
}

enum troth_err troth_policy_env(struct troth_cel_env *out, struct troth_arena *arena)
{
    const struct troth_vocabulary all = troth_vocabulary();
    const size_t count = all.count + TROTH_POLICY_VARIABLES;
    struct troth_cel_variable *variables = troth_arena_take_unset(arena, count,
                                                                  sizeof *variables);

    *out = (struct troth_cel_env){0};
    if (!variables)
        return TROTH_ERR_MEMORY;
    for (size_t i = 0; i < all.count; i++)
        variables[i] = (struct troth_cel_variable){all.words[i].name,
                                                   type_of(&all.words[i])};
    variables[all.count] = (struct troth_cel_variable){
        "now", &troth_cel_types[TROTH_CEL_TIMESTAMP]};
    *out = (struct troth_cel_env){
        .variables = variables,
        .variable_count = count,
        .libraries = troth_cel_all_libraries,
        .library_count = TROTH_CEL_LIBRARIES,
        .result = &troth_cel_types[TROTH_CEL_BOOL],
    };
    return TROTH_OK;
}

static struct troth_cel_value instant_value(int64_t instant_s)
{
    if (instant_s < TROTH_CEL_TIMESTAMP_MIN_S || instant_s > TROTH_CEL_TIMESTAMP_MAX_S)
        return (struct troth_cel_value){.kind = TROTH_CEL_NONE};
    return TROTH_CEL_TIMESTAMP_VALUE(instant_s, 0);
}

/* Texts with commas between; none for an empty one. */
static enum troth_err list_value(struct troth_cel_value *out, struct troth_span text,
                                 struct troth_arena *arena)
{
    struct troth_cel_list *list = troth_arena_take(arena, sizeof *list);
    struct troth_cel_value *items;
    size_t count = text.len > 0;

    for (size_t i = 0; i < text.len; i++)
        count += text.ptr[i] == ',';
    items = troth_arena_take_unset(arena, count, sizeof *items);
    if (!list || !items)
        return TROTH_ERR_MEMORY;
    for (size_t i = 0; i < count; i++)
        items[i] = TROTH_CEL_STRING_VALUE(troth_span_next_item(&text, ','));
    *list = (struct troth_cel_list){items, count};
    *out = TROTH_CEL_LIST_VALUE(list);
    return TROTH_OK;
}

/* Only a value of the word's own type has one: rules were checked against that. */
static enum troth_err value_of(struct troth_cel_value *out, const struct troth_word *word,
                               const struct troth_value *value, struct troth_arena *arena)
{
    if (value->type != word->type)
        return TROTH_OK;
    switch (value->type) {
    case TROTH_VALUE_NONE:
        break;
    case TROTH_VALUE_BOOL:
        *out = TROTH_CEL_BOOL_VALUE(value->boolean);
        break;
    case TROTH_VALUE_UINT:
        if (value->number <= INT64_MAX)
            *out = TROTH_CEL_INT_VALUE((int64_t)value->number);
        break;
    case TROTH_VALUE_INSTANT:
        *out = instant_value(value->instant_s);
        break;
    case TROTH_VALUE_TEXT:
        if (word->is_list)
            return list_value(out, value->bytes, arena);
        *out = TROTH_CEL_STRING_VALUE(value->bytes);
        break;
    case TROTH_VALUE_BYTES:
        *out = TROTH_CEL_BYTES_VALUE(value->bytes);
        break;
    }
    return TROTH_OK;
}

/* What is being bound. */
struct binding {
    struct troth_vocabulary all;
    const struct troth_claims *claims;
    unsigned kinds; /* whose claims there may be */
    struct troth_cel_value *values;
    bool *is_bound;
    struct troth_arena *arena;
};

/* Every kind where the evidence does not say, or says another word than its family. */
static unsigned kinds_of(const struct troth_claims *claims)
{
    const struct troth_claim *claim = troth_claims_named(claims, "kind");
    enum troth_kind kind = TROTH_KIND_COUNT;

    if (claim && claim->value.type == TROTH_VALUE_TEXT)
        kind = troth_kind_named(claim->value.bytes);
    return kind < TROTH_KIND_COUNT ? 1U << kind : UINT_MAX;
}

static enum troth_err bind_word(struct binding *b, size_t index)
{
    const struct troth_word *word = &b->all.words[index];
    const struct troth_claim *claim = NULL;

    if (b->is_bound[index])
        return TROTH_OK;
    b->is_bound[index] = true;
    if (word->kinds & b->kinds)
        claim = troth_claims_named(b->claims, word->name);
    return claim ? value_of(&b->values[index], word, &claim->value, b->arena) : TROTH_OK;
}

static enum troth_err bind_program(struct binding *b,
                                   const struct troth_cel_program *program)
{
    enum troth_err err = TROTH_OK;

    for (size_t i = 0; !err && i < program->used_count; i++)
        if (program->used[i] < b->all.count)
            err = bind_word(b, program->used[i]);
    return err;
}

static enum troth_err take_values(struct binding *out, struct troth_arena *arena)
{
    *out = (struct binding){.all = troth_vocabulary(), .arena = arena};
    out->values = troth_arena_take_array(arena, out->all.count + TROTH_POLICY_VARIABLES,
                                         sizeof *out->values);
    out->is_bound = troth_arena_take(arena, out->all.count);
    return out->values && out->is_bound ? TROTH_OK : TROTH_ERR_MEMORY;
}

enum troth_err troth_policy_bind(struct troth_cel_value **out,
                                 const struct troth_rules *rules,
                                 const struct troth_claims *claims, int64_t now_s,
                                 struct troth_arena *arena)
{
    struct binding b;
    enum troth_err err = take_values(&b, arena);

    *out = NULL;
    if (err)
        return err;
    b.claims = claims;
    b.kinds = kinds_of(claims);
    b.values[b.all.count] = instant_value(now_s);
    for (size_t i = 0; !err && i < rules->count; i++)
        err = bind_program(&b, &rules->rows[i].program);
    if (!err)
        *out = b.values;
    return err;
}

enum troth_err troth_policy_bind_unknown(struct troth_cel_value **out,
                                         enum troth_kind kind, struct troth_arena *arena)
{
    static const struct troth_cel_value unknown = {.kind = TROTH_CEL_UNKNOWN};
    struct binding b;
    enum troth_err err = take_values(&b, arena);

    *out = NULL;
    if (err)
        return err;
    for (size_t i = 0; i < b.all.count; i++) {
        if (troth_span_is_text(TROTH_LITERAL("kind"), b.all.words[i].name))
            b.values[i] = TROTH_CEL_STRING_VALUE(
                troth_span_of_text(troth_kind_name(kind)));
        else if (b.all.words[i].kinds & 1U << kind)
            b.values[i] = unknown;
    }
    b.values[b.all.count] = unknown;
    *out = b.values;
    return TROTH_OK;
}
