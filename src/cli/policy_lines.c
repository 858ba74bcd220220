/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/policy_lines.h"

#include <string.h>

#include "base/span.h"

/* A result and the document that it is by. */
struct search {
    const struct troth_result *result;
    const struct troth_tree_node *document;
};

static uint32_t line_of(const struct troth_tree_node *node)
{
    return node ? node->key_place.line ? node->key_place.line : node->place.line : 0;
}

/* The text `word` in a list, in the lists of a map, or 0. */
static uint32_t find_word(const struct troth_tree_node *in, const char *word)
{
    const struct troth_tree_node *n = in ? in->first_child : NULL;
    const struct troth_tree_node *inner;

    for (; n; n = n->next) {
        inner = n->kind == TROTH_TREE_LIST ? n->first_child : NULL;
        if (n->kind == TROTH_TREE_TEXT && troth_span_is_text(n->text, word))
            return n->place.line;
        while (inner && !troth_span_is_text(inner->text, word))
            inner = inner->next;
        if (inner)
            return inner->place.line;
    }
    return 0;
}

static const struct troth_tree_node *find(const struct search *s, const char *key)
{
    return troth_tree_find(s->document, key);
}

/* An expectation, or of the platform's bits what `amd` says. */
static uint32_t claim_line(const struct search *s, const char *claim)
{
    static const char prefix[] = "snp.platform.";
    const struct troth_tree_node *node = troth_tree_find(find(s, "expect"), claim);

    if (!node && strncmp(claim, prefix, sizeof prefix - 1) == 0)
        node = troth_tree_find(troth_tree_find(find(s, "amd"), "platform"),
                               claim + sizeof prefix - 1);
    return node ? line_of(node) : find_word(find(s, "any"), claim);
}

/* The part of the product's minimum, or what stands above it. */
static uint32_t minimum_line(const struct search *s, const char *claim)
{
    const struct troth_claim *product = troth_claims_find(&s->result->claims,
                                                          TROTH_LITERAL("snp.product"));
    const struct troth_tree_node *all = troth_tree_find(find(s, "amd"), "min_tcb");
    const struct troth_tree_node *of = all ? all->first_child : NULL;
    const char *part = claim ? strrchr(claim, '.') : NULL;
    const struct troth_tree_node *node;

    while (of && (!product || !troth_span_equal(of->key, product->value.bytes)))
        of = of->next;
    node = part ? troth_tree_find(of, part + 1) : NULL;
    return line_of(node ? node : of ? of : all);
}

static uint32_t status_line(const struct search *s, const char *status)
{
    const struct troth_tree_node *tcb = troth_tree_find(find(s, "intel"), "tcb");
    const uint32_t line = status ? find_word(tcb, status) : 0;

    return line ? line : line_of(tcb);
}

static uint32_t floor_line(const struct search *s, const struct troth_check *check)
{
    if (strcmp(s->result->kind, "snp") == 0)
        return minimum_line(s, check->subject);
    return line_of(troth_tree_find(find(s, "intel"), "min_evaluation"));
}

static uint32_t finding_line(const struct search *s, const struct troth_check *check)
{
    return check->flag && strcmp(check->flag, "--allow") == 0
               ? find_word(find(s, "allow"), check->flag_argument)
               : 0;
}

static uint32_t setting_line(const struct search *s, const struct troth_check *check)
{
    static const char *const keys[TROTH_CHECK_COUNT] = {
        [TROTH_CHECK_KIND] = "accept",      [TROTH_CHECK_MEASUREMENT] = "images",
        [TROTH_CHECK_NONCE] = "nonce",      [TROTH_CHECK_AGE] = "max_age",
        [TROTH_CHECK_MACHINE] = "machines", [TROTH_CHECK_LOG] = "log",
    };

    if (keys[check->id])
        return line_of(find(s, keys[check->id]));
    if (check->id == TROTH_CHECK_TCB_STATUS)
        return status_line(s, check->subject);
    if (check->id == TROTH_CHECK_FLOOR)
        return floor_line(s, check);
    if (check->id == TROTH_CHECK_PRODUCT && check->outcome == TROTH_FAILED)
        return line_of(troth_tree_find(find(s, "amd"), "distrust"));
    if (check->subject &&
        (check->id == TROTH_CHECK_CLAIM || check->id == TROTH_CHECK_REQUESTER))
        return claim_line(s, check->subject);
    return finding_line(s, check);
}

void troth_policy_lines_add(const struct troth_result *result,
                            const struct troth_tree_node *document)
{
    const struct search s = {result, document};

    for (size_t i = 0; i < result->verdict.count; i++) {
        struct troth_check *check = &result->verdict.checks[i];

        if (check->policy_line == 0)
            check->policy_line = setting_line(&s, check);
    }
}
