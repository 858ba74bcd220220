/* SPDX-License-Identifier: Apache-2.0 */
#include "policy/policy.h"

#include "base/arena.h"
#include "base/memory.h"
#include "base/span.h"
#include "policy/demands.h"
#include "policy/rule_check.h"
#include "policy/sections.h"

/* Every key there is: what reads it, and what writes its canonical form. They are read in
 * this order: `accept` first, as all others are about accepted kinds, and `tests` after
 * the rules. */
/* clang-format off */
#define READ(name) .read = troth_section_read_##name
#define READ_AND_WRITE(name) READ(name), .write = troth_section_write_##name
static const struct troth_key keys[] = {
    {.name = "accept",     READ_AND_WRITE(accept), .is_required = true, .hint = "accept: [tdx]"},
    {.name = "allow",      READ_AND_WRITE(allow)},
    {.name = "amd",        READ_AND_WRITE(amd), .is_there = troth_section_has_amd},
    {.name = "any",        READ_AND_WRITE(any)},
    {.name = "expect",     READ_AND_WRITE(expect)},
    {.name = "images",     READ_AND_WRITE(images), .is_required = true,
                           .hint = "name the code that may run, or say images: any"},
    {.name = "intel",      READ_AND_WRITE(intel), .is_there = troth_section_has_intel},
    {.name = "log",        READ_AND_WRITE(log), .is_there = troth_section_has_log},
    {.name = "machines",   READ_AND_WRITE(machines)},
    {.name = "max_age",    READ_AND_WRITE(max_age)},
    {.name = "nonce",      READ_AND_WRITE(nonce)},
    {.name = "policy",     READ_AND_WRITE(policy), .is_required = true, .hint = "policy: NAME"},
    {.name = "rules",      READ_AND_WRITE(rules)},
    {.name = "tests",      READ(tests)},
    {.name = "vocabulary", READ_AND_WRITE(vocabulary)},
};
/* clang-format on */

/* The draft in its canonical form, where the arena has room left. */
static void write_canonical(struct troth_policy *policy, struct troth_reader *r)
{
    struct troth_arena *arena = r->arena;
    struct troth_writer out = troth_writer_over(arena->base + arena->used,
                                                arena->size - arena->used);
    struct troth_json_writer w = troth_json_writer_over(&out, false);

    troth_read_write_map(&w, TROTH_KEYS(keys), &r->draft);
    if (troth_writer_finish(&out, &policy->canonical))
        r->err = TROTH_ERR_MEMORY;
    else
        arena->used += out.len;
}

static enum troth_err digest(struct troth_policy *policy,
                             const struct troth_crypto *crypto)
{
    static const char prefix[] = "troth/policy/v1"; /* and its zero byte */
    const struct troth_span spans[] = {{(const uint8_t *)prefix, sizeof prefix},
                                       policy->canonical};

    return crypto->ops->digest(crypto->state, policy->digest, TROTH_SHA256,
                               (struct troth_parts){spans, 2});
}

static void fill(struct troth_policy *policy, struct troth_reader *r)
{
    const struct troth_draft *draft = &r->draft;

    policy->name = draft->name;
    policy->nonce = draft->nonce;
    policy->nonce_line = draft->nonce_line;
    policy->has_max_age = draft->has_max_age;
    policy->max_age_s = draft->max_age_s;
    policy->max_age_line = draft->max_age_line;
    policy->log = draft->log;
    policy->rules = (struct troth_rules){draft->rules, draft->rule_count};
    policy->tests = draft->tests;
    troth_read_fill_kinds(policy, r);
    if (!r->err)
        write_canonical(policy, r);
}

enum troth_err troth_policy_read(const struct troth_policy **out,
                                 struct troth_policy_issue *issue,
                                 const struct troth_tree_node *document,
                                 const struct troth_crypto *crypto,
                                 struct troth_arena *arena)
{
    struct troth_reader r = {.arena = arena, .document = document, .crypto = crypto};
    struct troth_policy *policy = troth_read_take(&r, 1, sizeof *policy);

    *out = NULL;
    if (!policy)
        return TROTH_ERR_MEMORY;
    troth_read_map(&r, document, TROTH_KEYS(keys), NULL);
    troth_read_check_rules(&r);
    if (!r.err)
        fill(policy, &r);
    if (!r.err)
        r.err = digest(policy, crypto);
    *out = r.err ? NULL : policy;
    if (issue)
        *issue = r.issue;
    return r.err;
}

enum troth_err troth_policy_from_json(const struct troth_policy **out,
                                      struct troth_policy_issue *issue,
                                      struct troth_span text,
                                      const struct troth_crypto *crypto,
                                      struct troth_arena *arena)
{
    const struct troth_tree_node *document;
    struct troth_tree_issue why;
    const enum troth_err err = troth_tree_from_json(&document, &why, text, arena);

    if (!err)
        return troth_policy_read(out, issue, document, crypto, arena);
    *out = NULL;
    if (issue) {
        *issue = (struct troth_policy_issue){why.place.line, why.place.column, "", "",
                                             ""};
        memcpy(issue->text, why.text, sizeof why.text);
    }
    return err;
}

struct troth_span troth_policy_name(const struct troth_policy *policy)
{
    return policy->name;
}

const uint8_t *troth_policy_digest(const struct troth_policy *policy)
{
    return policy->digest;
}

struct troth_span troth_policy_canonical(const struct troth_policy *policy)
{
    return policy->canonical;
}

struct troth_rules troth_policy_rules(const struct troth_policy *policy)
{
    return policy->rules;
}
