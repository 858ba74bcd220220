/* SPDX-License-Identifier: Apache-2.0 */
/* Rules of a policy, before a minted report. */
#include "appraise/policy.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "policy/variables.h"
#include "test/harness.h"
#include "test/support/minted.h"

#define RULES TROTH_POLICY_RULES_MAX

static struct trial t;
static struct sim_keyring *ring;
static struct sim_snp doc;
static struct troth_policy policy;
static struct troth_rule rules[RULES];
static struct troth_arena programs;

static void start(void)
{
    trial_reset(&t);
    policy = (struct troth_policy){
        .name = test_text("test"), .nonce = TROTH_NONCE_ANY, .rules = {rules, 0}};
    policy.kinds[TROTH_KIND_SNP] = (struct troth_kind_policy){
        .accepted = true, .any_image = true, .machines = {.any = true}};
    t.policy = &policy;
    programs.used = 0;
}

static void add_rule(const char *name, const char *source)
{
    struct troth_rule *rule = &rules[policy.rules.count];
    struct troth_cel_issue issue;
    struct troth_cel_env env;

    *rule = (struct troth_rule){.name = test_text(name),
                                .source = test_text(source),
                                .line = (uint32_t)policy.rules.count + 30};
    if (troth_policy_env(&env, &programs) ||
        troth_cel_compile(&rule->program, &issue, &env, rule->source, &programs)) {
        printf("# %s: %s\n", source, issue.text);
        abort();
    }
    policy.rules.count++;
}

static const char *judge(void)
{
    return trial_judge(&t, minted_snp(&t, &doc), MINTED_AT_S);
}

static const struct troth_check *row_of(const char *name)
{
    return trial_find(&t, TROTH_CHECK_RULE, name);
}

/* clang-format off */
#define TEN(x) "[" x "," x "," x "," x "," x "," x "," x "," x "," x "," x "]"
#define FORTY  "[1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20," \
               "21,22,23,24,25,26,27,28,29,30,31,32,33,34,35,36,37,38,39,40]"
static const struct {
    const char *why, *rule;
    const char *row; /* why the row fails; NULL: it passes */
} rows[] = {
    {"true", "true", NULL},
    {"a claim", "kind == 'snp'", NULL},
    {"several", "snp.product == 'Genoa' && snp.reported_tcb.snp >= 23 && !debug", NULL},
    {"bytes", "snp.measurement.size() == 48 && snp.host_data == b'" "\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00" "'", NULL},
    {"the clock", "now == timestamp('2026-01-01T00:00:00Z')", NULL},
    {"the clock, a second off", "now == timestamp('2026-01-01T00:00:01Z')", "false"},
    {"false", "kind == 'tdx'", "false"},
    {"false && an error", "kind == 'tdx' && 1 / (snp.vmpl * 0) > 0", "false"},
    {"true || an error", "kind == 'snp' || 1 / (snp.vmpl * 0) > 0", NULL},
    {"true && an error", "kind == 'snp' && 1 / (snp.vmpl * 0) > 0", "division by zero"},
    {"an overflow", "snp.vmpl + 9223372036854775807 + 1 > 0", "the result does not fit its type"},
    {"what the evidence does not say", "snp.csp_id == 'x'", "the variable has no value here"},
    {"not what the evidence does not say", "snp.csp_id != 'x'", "the variable has no value here"},
    {"another family's claim", "tdx.mr_td == b''", "the variable has no value here"},
    {"another family's claim, asked for", "!has(tdx.mr_td) && has(snp.measurement)", NULL},
    {"another family's claim, behind its kind", "kind != 'tdx' || tdx.mr_td == b''", NULL},
    {"too many steps", FORTY ".all(a, " FORTY ".all(b, " FORTY ".all(c, " FORTY ".all(d, a + b + c + d > snp.vmpl))))", "takes more steps than a rule may"},
    {"too many steps, and an error absorbed", "true || " FORTY ".all(a, " FORTY ".all(b, " FORTY ".all(c, " FORTY ".all(d, a + b + c + d > snp.vmpl))))", NULL},
    {"too much memory", "size(" FORTY ".map(a, " FORTY ".map(b, " FORTY ".map(c, snp.vmpl + c)))) == 40", "takes more memory than a rule may"},
    {"neither true nor false", "dyn(kind)", "neither true nor false"},
};
/* clang-format on */

/* Each alone between two that hold. */
static void judge_rules(void)
{
    for (size_t i = 0; i < COUNT(rows); i++) {
        test_case("a rule: %s", rows[i].why);
        start();
        add_rule("before", "snp.vmpl == 0");
        add_rule("it", rows[i].rule);
        add_rule("behind", "snp.vmpl < 1");
        CHECK_TEXT(judge(), rows[i].row ? "refused: rule" : "accepted");
        CHECK_INT(t.result.explanation_count, rows[i].row != NULL);
        const struct troth_check *row = row_of("it");

        if (!CHECK(row != NULL))
            continue;
        CHECK_INT(row->policy_line, 31);
        CHECK_INT(row->outcome, rows[i].row ? TROTH_FAILED : TROTH_PASSED);
        CHECK_TEXT(row->why, rows[i].row);
        CHECK(row_of("before")->outcome == TROTH_PASSED);
        CHECK(row_of("behind")->outcome == TROTH_PASSED);
    }
}

static void judge_no_rules(void)
{
    test_case("no rules");
    start();
    CHECK_TEXT(judge(), "accepted");
    CHECK(!row_of(NULL));
    CHECK(!t.result.explanations && !t.result.explanation_count);
}

static struct troth_span source_of(const struct troth_explanation *e, size_t i)
{
    return (struct troth_span){e->rule->source.ptr + e->reasons[i].start,
                               e->reasons[i].end - e->reasons[i].start};
}

static void explain(void)
{
    const struct troth_explanation *e = t.result.explanations;

    test_case("what was false, and the values it was made of");
    start();
    add_rule("holds", "snp.vmpl == 0");
    add_rule("does not", "snp.product == 'Genoa' && snp.reported_tcb.snp > 23");
    add_rule("has no value", "snp.csp_id == 'x'");
    CHECK_TEXT(judge(), "refused: rule");
    CHECK_INT(t.result.explanation_count, 2);
    e = t.result.explanations;
    CHECK(e[0].rule == &rules[1] && e[1].rule == &rules[2]);
    CHECK_INT(e[0].value.kind, TROTH_CEL_BOOL);
    CHECK(!e[0].value.as.boolean);
    if (CHECK(e[0].count >= 2)) {
        CHECK_SPAN(source_of(&e[0], 0), test_text("snp.reported_tcb.snp > 23"));
        CHECK_INT(e[0].reasons[0].depth, 0);
        CHECK_SPAN(source_of(&e[0], 1), test_text("snp.reported_tcb.snp"));
        CHECK_INT(e[0].reasons[1].value.as.integer, 23);
        CHECK_INT(e[0].reasons[1].depth, 1);
    }
    CHECK_INT(e[1].value.kind, TROTH_CEL_ERROR);
    CHECK_INT(e[1].value.as.error.code, TROTH_CEL_ERROR_VARIABLE);

    test_case("a rule over budget has no value and no reasons");
    start();
    add_rule("big", rows[18].rule);
    CHECK_TEXT(judge(), "refused: rule");
    e = t.result.explanations;
    CHECK(e->value.kind == TROTH_CEL_NONE && !e->count && !e->reasons);
}

/* "TROTH_VERIFY_ARENA_SIZE bytes always suffice": as many rules as there may be, none of
 * which holds, each with a value of its own to be explained. */
static void fill_up(void)
{
    size_t explained = 0;

    test_case("all the rules there may be, and what is kept of them");
    start();
    for (size_t i = 0; i < RULES; i++)
        add_rule("big",
                 "size(" FORTY ".map(a, " TEN("snp.host_data") ".map(b, b + b))) == 0");
    CHECK_TEXT(judge(), "refused: rule");
    CHECK_INT(t.result.explanation_count, RULES);
    for (size_t i = 0; i < RULES; i++) {
        const struct troth_explanation *e = &t.result.explanations[i];

        explained += e->reasons != NULL;
        CHECK_INT(e->value.kind, TROTH_CEL_BOOL);
    }
    CHECK(explained > 0 && explained < RULES);
    CHECK(t.arena.used < TROTH_VERIFY_ARENA_SIZE);
    printf("# %zu of %d explained; %zu of %zu bytes\n", explained, RULES, t.arena.used,
           TROTH_VERIFY_ARENA_SIZE);

    test_case("what rules do not use of the arena is given back");
    start();
    CHECK_TEXT(judge(), "accepted");
    const size_t without = t.arena.used;

    add_rule("small", "snp.vmpl == 0");
    CHECK_TEXT(judge(), "accepted");
    CHECK(t.arena.used < without + 16384);
}

/* Too little memory is an error of the verification, never of a rule alone. */
static void starve(void)
{
    const size_t whole = t.arena.size;

    test_case("with less memory the same answer or none");
    start();
    add_rule("false", "snp.vmpl == 1");
    add_rule("big", rows[18].rule);
    struct troth_span report = minted_snp(&t, &doc);

    for (size_t size = 0; size < whole; size += 65521) {
        t.arena.size = size;
        (void)trial_judge(&t, report, MINTED_AT_S);
        CHECK(t.err == TROTH_ERR_MEMORY || strcmp(t.line, "refused: rule") == 0);
    }
    t.arena.size = whole;
}

int main(void)
{
    ring = sim_keyring_create(1);
    trial_begin(&t);
    programs = (struct troth_arena){malloc(TROTH_POLICY_ARENA_SIZE),
                                    TROTH_POLICY_ARENA_SIZE, 0};
    if (!programs.base)
        abort();
    sim_snp_default(&doc, ring, SIM_GENOA, SIM_VCEK, 0, MINTED_AT_S);
    judge_rules();
    judge_no_rules();
    explain();
    fill_up();
    starve();
    free(programs.base);
    trial_end(&t);
    sim_keyring_destroy(ring);
    return test_finish();
}
