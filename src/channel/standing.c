/* SPDX-License-Identifier: Apache-2.0 */
#include "channel/standing.h"

#include "base/clause.h"
#include "base/memory.h"
#include "base/span.h"
#include "evidence/claim_list.h"

/* The one place that knows: every policy that names a machine, by its list or by a claim,
 * leaves this limit out of what an accepted result does not prove. */
static bool names_machine(const struct troth_result *result)
{
    for (size_t i = 0; i < result->not_proven_count; i++)
        if (troth_span_is_text(TROTH_LITERAL("machine"), result->not_proven[i]->name))
            return false;
    return true;
}

/* A line decided only where the policy has one about machines. */
enum troth_machine_rule troth_machine_rule_of(const struct troth_result *result)
{
    const struct troth_check *row = troth_verdict_find(&result->verdict,
                                                       TROTH_CHECK_MACHINE);

    if (!row || result->answer != TROTH_ACCEPTED)
        return TROTH_MACHINE_UNSAID;
    if (row->outcome == TROTH_PASSED || names_machine(result))
        return TROTH_MACHINE_NAMED;
    return row->policy_line > 0 ? TROTH_MACHINE_ANY : TROTH_MACHINE_UNSAID;
}

enum troth_channel_reason troth_whose_decide(enum troth_whose *out,
                                             enum troth_machine_rule rule,
                                             enum troth_name_backing name)
{
    *out = TROTH_WHOSE_ANYBODYS;
    if (rule == TROTH_MACHINE_NAMED)
        *out = TROTH_WHOSE_LISTED;
    else if (name == TROTH_NAME_PINNED)
        *out = TROTH_WHOSE_PINNED;
    else if (name == TROTH_NAME_CERTIFIED)
        *out = TROTH_WHOSE_CERTIFIED;
    else if (rule != TROTH_MACHINE_ANY)
        return TROTH_REASON_NAME;
    return TROTH_REASON_NONE;
}

static void copy_text(char *out, size_t size, struct troth_span text)
{
    const struct troth_span words[TROTH_CLAUSE_WORDS] = {text};

    troth_clause_write(out, size, "%", words);
}

static void copy_machine(struct troth_standing *standing,
                         const struct troth_claims *claims)
{
    const struct troth_claim *claim = troth_claims_named(claims, "hardware_id");

    memset(standing->machine, 0, sizeof standing->machine);
    standing->machine_len = 0;
    if (!claim || claim->value.type != TROTH_VALUE_BYTES ||
        claim->value.bytes.len > sizeof standing->machine)
        return;
    standing->machine_len = claim->value.bytes.len;
    if (claim->value.bytes.len)
        memcpy(standing->machine, claim->value.bytes.ptr, claim->value.bytes.len);
}

void troth_standing_fill(struct troth_standing *standing,
                         const struct troth_result *result)
{
    standing->simulated = result->simulated;
    copy_text(standing->kind, sizeof standing->kind, troth_span_of_text(result->kind));
    copy_text(standing->image, sizeof standing->image, result->image);
    copy_machine(standing, &result->claims);
    memcpy(standing->policy_digest, troth_policy_digest(result->policy),
           sizeof standing->policy_digest);
    standing->valid_until_s = result->valid_until_s;
    copy_text(
        standing->valid_until_what, sizeof standing->valid_until_what,
        troth_span_of_text(result->valid_until_what ? result->valid_until_what : ""));
}
