/*
 * yaml.h - the YAML that policies are written in, as a tree.
 *
 * libyaml reads it; only what a person sees counts: one document, plain and quoted
 * scalars, maps, lists. Refused with line and column: anchors, aliases, merge keys, tags,
 * directives, a second document, duplicate keys, keys that are no scalars, text that is
 * not UTF-8, and an empty document.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_YAML_YAML_H
#define TROTH_YAML_YAML_H

#include "codec/tree.h"

/*
 * troth_tree_from_yaml - YAML, or JSON as YAML reads it.
 *
 *   out     copies into the arena; NULL on failure
 *   issue   filled on every failure but TROTH_ERR_MEMORY; may be NULL
 *
 * Errors   TROTH_ERR_VALUE, TROTH_ERR_DUPLICATE, TROTH_ERR_UNSUPPORTED, TROTH_ERR_TEXT,
 *          TROTH_ERR_LIMIT, TROTH_ERR_DEPTH, TROTH_ERR_MEMORY
 * Spec     [YAML] 1.1, failsafe schema
 */
TROTH_MUST_USE enum troth_err troth_tree_from_yaml(const struct troth_tree_node **out,
                                                   struct troth_tree_issue *issue,
                                                   struct troth_span text,
                                                   struct troth_arena *arena);

#endif
