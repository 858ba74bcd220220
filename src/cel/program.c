/* SPDX-License-Identifier: Apache-2.0 */
#include "base/arena.h"
#include "cel/check.h"
#include "cel/code.h"
#include "cel/parse.h"

static bool is_variable(const struct troth_cel_node *node)
{
    return (node->kind == TROTH_CEL_NODE_NAME || node->kind == TROTH_CEL_NODE_SELECT) &&
           node->meaning == TROTH_CEL_MEANS_VARIABLE;
}

/* A flag for each variable that the expression uses, and how many there are. */
static size_t mark_used(uint8_t *flags, const struct troth_cel_tree *tree)
{
    struct troth_cel_walk walk = troth_cel_walk_over(tree, tree->root);
    size_t count = 0;

    while (troth_cel_walk_next(&walk)) {
        const struct troth_cel_node *node = &tree->nodes[walk.node];

        if (walk.step != TROTH_CEL_ENTER || !is_variable(node))
            continue;
        troth_cel_walk_skip(&walk);
        count += !flags[node->index];
        flags[node->index] = 1;
    }
    return count;
}

static enum troth_err list_used(struct troth_cel_program *out, struct troth_arena *arena)
{
    uint8_t *flags = troth_arena_take(arena, out->variable_count);

    if (!flags)
        return TROTH_ERR_MEMORY;

    const size_t count = mark_used(flags, out->tree);
    uint32_t *used = troth_arena_take_array(arena, count, sizeof *used);

    if (!used)
        return TROTH_ERR_MEMORY;
    out->used = used;
    for (uint32_t i = 0; i < out->variable_count; i++)
        if (flags[i])
            used[out->used_count++] = i;
    return TROTH_OK;
}

static enum troth_err compile(struct troth_cel_program *out,
                              struct troth_cel_issue *issue,
                              const struct troth_cel_env *env, struct troth_arena *arena)
{
    struct troth_cel_tree *tree = troth_arena_take(arena, sizeof *tree);

    if (!tree)
        return TROTH_ERR_MEMORY;
    out->tree = tree;

    enum troth_err err = troth_cel_parse(tree, issue, env, out->source, arena);

    if (!err)
        err = troth_cel_check(tree, issue, env);
    if (!err)
        err = troth_cel_code_make(&out->code, tree, env);
    if (err)
        return err;
    out->type = tree->nodes[tree->root].type;
    return list_used(out, arena);
}

enum troth_err troth_cel_compile(struct troth_cel_program *out,
                                 struct troth_cel_issue *issue,
                                 const struct troth_cel_env *env,
                                 struct troth_span source, struct troth_arena *arena)
{
    if (issue)
        *issue = (struct troth_cel_issue){0};
    *out = (struct troth_cel_program){.source = source,
                                      .variable_count = env->variable_count};

    const enum troth_err err = compile(out, issue, env, arena);

    if (err)
        *out = (struct troth_cel_program){0};
    return err;
}
