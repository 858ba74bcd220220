/* SPDX-License-Identifier: Apache-2.0 */
#include "appraise/policy.h"
#include "base/span.h"
#include "evidence/claim_list.h"

/* Does `expect` name the machine by a claim that the family tells it by? */
static bool is_expected(const struct troth_policy_case *c)
{
    const char *const *claim = c->format->machine_claims;

    while (*claim && !troth_judge_expects(c->j, *claim))
        claim++;
    return *claim != NULL;
}

static void judge_any(const struct troth_policy_case *c)
{
    if (!is_expected(c))
        troth_limits_add(&c->j->not_proven, TROTH_LIMIT_MACHINE);
    troth_judge(c->j, (struct troth_check){.id = TROTH_CHECK_MACHINE,
                                           .outcome = TROTH_NOT_APPLICABLE,
                                           .why = "the policy takes any machine",
                                           .policy_line = c->kind->machines.line});
}

/* The place of an identity in the list; its end if it is not there. */
static size_t find(const struct troth_machines *machines, struct troth_span id)
{
    size_t at = 0;

    while (at < machines->count && !troth_span_equal(machines->ids[at], id))
        at++;
    return at;
}

void troth_policy_judge_machine(const struct troth_policy_case *c)
{
    const struct troth_machines *machines = &c->kind->machines;
    const struct troth_claim *claim = troth_claims_named(c->claims, "hardware_id");
    const bool is_said = claim && claim->value.type == TROTH_VALUE_BYTES;
    struct troth_check row = {
        .id = TROTH_CHECK_MACHINE,
        .outcome = TROTH_FAILED,
        .subject = "hardware_id",
        .policy_line = machines->line,
    };
    size_t at = machines->count;

    if (machines->any) {
        judge_any(c);
        return;
    }
    if (is_said) {
        row.seen = claim->value;
        at = find(machines, claim->value.bytes);
    }
    if (at < machines->count) {
        row.outcome = TROTH_PASSED;
        row.policy_line = machines->lines[at];
    } else {
        row.why = is_said ? "not one of the machines that the policy lists"
                          : "the evidence does not say which machine it is of";
        troth_limits_add(&c->j->not_proven, TROTH_LIMIT_MACHINE);
    }
    troth_judge(c->j, row);
}
