/*
 * draft.h - what a document says, typed, before it is taken apart by kinds of evidence.
 *
 * The canonical form is written from this, and so is the policy: what counts is what is
 * in the digest.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_POLICY_DRAFT_H
#define TROTH_POLICY_DRAFT_H

#include "policy/policy.h"

/* A text of the document, and where it stands. */
struct troth_entry {
    struct troth_span text;
    const struct troth_tree_node *node;
};
struct troth_entries {
    struct troth_entry *rows;
    size_t count;
};

/* `word` has to have this value. */
struct troth_wish {
    const struct troth_word *word;
    bool any;
    struct troth_span text; /* as troth_value_is() wants it, in the one way to write it */
    struct troth_span bytes; /* BYTES: decoded */
    const struct troth_tree_node *node;
};
struct troth_wishes {
    struct troth_wish *rows; /* sorted by the word's name */
    size_t count;
};

struct troth_release {
    struct troth_span name;
    const struct troth_tree_node *node;
    struct troth_wishes wishes[TROTH_KIND_COUNT];
    const struct troth_tree_node *nodes[TROTH_KIND_COUNT]; /* NULL: nothing is said */
};

struct troth_draft {
    struct troth_span name;
    unsigned kinds; /* accepted: 1u << TROTH_KIND_… */
    enum troth_nonce_rule nonce;
    uint32_t nonce_line;
    bool has_max_age;
    int64_t max_age_s;
    uint32_t max_age_line;

    struct troth_entries allow[TROTH_KIND_COUNT];
    struct troth_entries any;
    struct troth_wishes expect;
    struct troth_wishes platform; /* of amd: expectations too */

    struct troth_entries statuses; /* those of Intel's but UpToDate that are accepted */
    struct troth_intel_settings intel;
    struct troth_amd_settings amd;

    struct troth_log_demand log;
    struct troth_span log_key; /* verifier keys as written; sorted */
    struct troth_entries log_witnesses;

    bool any_image;
    const struct troth_release *releases; /* sorted by name */
    size_t release_count;
    struct {
        bool any;
        uint32_t line;
        struct troth_entries ids; /* hex, lower case, sorted */
    } machines[TROTH_KIND_COUNT];

    struct troth_rule *rules; /* in the document's order: name, source and place */
    const struct troth_tree_node **rule_nodes;
    size_t rule_count;
    const struct troth_tree_node *tests;
};

/* Kinds in the order of their names. */
extern const enum troth_kind troth_kinds_by_name[TROTH_KIND_COUNT];

static inline bool troth_draft_accepts(const struct troth_draft *draft,
                                       enum troth_kind kind)
{
    return draft->kinds >> kind & 1;
}

/* Which is first by UTF-16 code units, as RFC 8785 orders keys? Both are UTF-8. */
int troth_canonical_order(struct troth_span a, struct troth_span b);

#endif
