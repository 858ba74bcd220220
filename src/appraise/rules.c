/* SPDX-License-Identifier: Apache-2.0 */
#include "appraise/policy.h"
#include "base/arena.h"
#include "base/value.h"
#include "cel/node.h"
#include "policy/variables.h"

/* Rules being evaluated, one after the other. */
struct judging {
    struct troth_judgement *j;
    const struct troth_rules rules;
    const char **names; /* of each, zero-terminated */
    struct troth_cel_value *variables;
    struct troth_arena scratch; /* of one evaluation */
    struct troth_arena kept;    /* of all explanations */
    struct troth_explanation *explanations;
    size_t explanation_count;
};

static enum troth_err evaluate(struct troth_cel_value *out, const struct judging *r,
                               const struct troth_rule *rule, struct troth_arena *arena,
                               struct troth_cel_value *trace)
{
    return troth_cel_evaluate(out, &rule->program,
                              &(struct troth_cel_run){
                                  .variables = r->variables,
                                  .steps = TROTH_RULE_STEPS_MAX,
                                  .arena = arena,
                                  .trace = trace,
                              });
}

static bool is_true(const struct troth_cel_value *value)
{
    return value->kind == TROTH_CEL_BOOL && value->as.boolean;
}

/* Why a rule that does not hold does not. */
static void describe(struct troth_check *row, enum troth_err err,
                     const struct troth_cel_value *value)
{
    row->outcome = TROTH_FAILED;
    if (err == TROTH_ERR_LIMIT) {
        row->why = "takes more steps than a rule may";
    } else if (err == TROTH_ERR_MEMORY) {
        row->why = "takes more memory than a rule may";
    } else if (err) {
        row->why = troth_err_text(err);
    } else if (value->kind == TROTH_CEL_ERROR) {
        row->why = troth_cel_error_text(value->as.error.code);
    } else if (value->kind == TROTH_CEL_BOOL) {
        row->why = "false";
        row->seen = troth_value_bool(false);
    } else {
        row->why = value->kind == TROTH_CEL_UNKNOWN ? "cannot be told from what is known"
                                                    : "neither true nor false";
    }
}

/* Once more, with everything written down. What does not fit is left out. */
static void find_reasons(struct troth_explanation *e, struct judging *r)
{
    const size_t before = r->kept.used;
    struct troth_cel_reason *reasons = troth_arena_take_unset(
        &r->kept, TROTH_EXPLANATION_REASONS, sizeof *reasons);
    struct troth_cel_value *trace = troth_arena_take_array(
        &r->kept, e->rule->program.tree->count, sizeof *trace);

    if (!reasons || !trace || evaluate(&e->value, r, e->rule, &r->kept, trace)) {
        r->kept.used = before;
        return;
    }
    troth_cel_explain(reasons, &e->count, TROTH_EXPLANATION_REASONS, &e->rule->program,
                      trace);
    e->reasons = reasons;
}

static void explain(struct judging *r, const struct troth_rule *rule, enum troth_err err,
                    const struct troth_cel_value *value)
{
    struct troth_explanation *e = &r->explanations[r->explanation_count++];

    *e = (struct troth_explanation){.rule = rule};
    if (err)
        return;
    find_reasons(e, r);
    /* Of what may lie in memory that the next rule takes, nothing is kept. */
    if (!e->reasons && (value->kind == TROTH_CEL_BOOL || value->kind == TROTH_CEL_ERROR))
        e->value = *value;
}

static void judge(struct judging *r, size_t index)
{
    const struct troth_rule *rule = &r->rules.rows[index];
    struct troth_check row = {
        .id = TROTH_CHECK_RULE,
        .outcome = TROTH_PASSED,
        .subject = r->names[index],
        .policy_line = rule->line,
    };
    struct troth_cel_value value;

    r->scratch.used = 0;
    enum troth_err err = evaluate(&value, r, rule, &r->scratch, NULL);

    if (err || !is_true(&value)) {
        describe(&row, err, &value);
        explain(r, rule, err, &value);
    }
    troth_judge(r->j, row);
}

static enum troth_err copy_names(struct judging *r, struct troth_arena *arena)
{
    for (size_t i = 0; i < r->rules.count; i++) {
        r->names[i] = (const char *)troth_arena_copy(arena, r->rules.rows[i].name).ptr;
        if (!r->names[i])
            return TROTH_ERR_MEMORY;
    }
    return TROTH_OK;
}

/* A piece of the arena as an arena of its own. */
static struct troth_arena carve(struct troth_arena *arena, size_t size)
{
    uint8_t *base = troth_arena_take_unset(arena, size, 1);

    return (struct troth_arena){base, base ? size : 0, 0};
}

static enum troth_err prepare(struct judging *r, const struct troth_policy_case *c)
{
    struct troth_arena *arena = r->j->input->arena;
    enum troth_err err = troth_policy_bind(&r->variables, &r->rules, c->claims,
                                           r->j->at_s, arena);

    if (err)
        return err;
    r->names = troth_arena_take_unset(arena, r->rules.count, sizeof *r->names);
    r->explanations = troth_arena_take_unset(arena, r->rules.count,
                                             sizeof *r->explanations);
    if (!r->names || !r->explanations || copy_names(r, arena))
        return TROTH_ERR_MEMORY;
    /* Last, so that what is not used of them can be given back. */
    r->kept = carve(arena, TROTH_EXPLANATIONS_MEMORY);
    r->scratch = carve(arena, TROTH_RULE_MEMORY);
    return r->kept.base && r->scratch.base ? TROTH_OK : TROTH_ERR_MEMORY;
}

enum troth_err troth_policy_judge_rules(struct troth_policy_outcome *out,
                                        const struct troth_policy_case *c)
{
    struct troth_arena *arena = c->j->input->arena;
    struct judging r = {.j = c->j, .rules = c->policy->rules};
    enum troth_err err = TROTH_OK;

    if (r.rules.count == 0)
        return TROTH_OK;
    err = prepare(&r, c);
    if (err)
        return err;
    for (size_t i = 0; i < r.rules.count; i++)
        judge(&r, i);
    arena->used = (size_t)(r.kept.base - arena->base) + r.kept.used;
    out->explanations = r.explanations;
    out->explanation_count = r.explanation_count;
    return TROTH_OK;
}
