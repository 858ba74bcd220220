/*
 * policy.h - a policy, read: what appraise/ and the families look at.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_POLICY_POLICY_H
#define TROTH_POLICY_POLICY_H

#include "codec/tree.h"
#include "evidence/format.h"
#include "troth/policy.h"
#include "troth/witness.h"

/* `claim` must be `value`; a place, so that a refusal can point at the line. */
struct troth_demand {
    const char *claim;       /* of the vocabulary: "tdx.rtmr1" */
    bool any;                /* written `any`: every value will do */
    struct troth_span value; /* BYTES: decoded; else as written */
    uint32_t line;
};
struct troth_demands {
    const struct troth_demand *rows;
    size_t count;
};

/* The complete code identity of one family, by the name of a release. */
struct troth_image {
    struct troth_span name;
    enum troth_kind kind;
    struct troth_demands
        demands; /* each row of the family's identity table, and others */
    uint32_t line;
};

/* Which machines of a kind: `any`, or identities that hardware_id must be one of. */
struct troth_machines {
    bool any;
    const struct troth_span *ids;
    const uint32_t *lines; /* of each */
    size_t count;
    uint32_t line;
};

enum troth_nonce_rule { TROTH_NONCE_REQUIRED = 0, TROTH_NONCE_ANY };

/* What the document says for evidence of one kind. */
struct troth_kind_policy {
    bool accepted;
    /* any, allow and expect of that kind; nonce and binding come from the question. The
     * families read nothing else. */
    struct troth_requirements requirements;
    struct troth_machines machines;
    bool any_image; /* `images: any` */
    const struct troth_image *images;
    size_t image_count;
};

/* What runs has to be a release in this log (troth/log.h). */
struct troth_log_demand {
    bool is_made;
    struct troth_witnesses witnesses; /* `needed` may be 0: the log's word alone */
    struct troth_span release;        /* whose: the record's `name`; empty: any */
    bool has_max_age;
    int64_t max_age_s; /* of what the witnesses signed */
    uint32_t line;
};

struct troth_policy {
    struct troth_span name;
    uint8_t digest[TROTH_POLICY_DIGEST_SIZE];
    struct troth_span canonical;
    enum troth_nonce_rule nonce;
    bool has_max_age;
    int64_t max_age_s;
    uint32_t max_age_line, nonce_line;
    struct troth_log_demand log;
    struct troth_kind_policy kinds[TROTH_KIND_COUNT];
    struct troth_rules rules;
    /* Variables of the rules: every word of the vocabulary, in its order, then
     * TROTH_POLICY_VARIABLES more (policy/variables.h). */
    const struct troth_tree_node *tests; /* the `tests:` list as it stands, or NULL */
};

/* Rules that together may take more steps than this, where no list, map or text is larger
 * than that, are refused: loops in loops in loops, which no sound policy has. */
#define TROTH_POLICY_COST_SIZE 64
#define TROTH_POLICY_COST_MAX  1000000

/* Memory that is enough for any one evaluation of a rule that was taken, as far as can be
 * told without evidence. */
#define TROTH_POLICY_RULE_MEMORY ((size_t)1024 * 1024)

/*
 * troth_policy_read - a document as a tree to a policy; as troth_policy_from_json().
 */
TROTH_MUST_USE enum troth_err troth_policy_read(const struct troth_policy **out,
                                                struct troth_policy_issue *issue,
                                                const struct troth_tree_node *document,
                                                const struct troth_crypto *crypto,
                                                struct troth_arena *arena);

#endif
