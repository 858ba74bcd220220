/*
 * sections.h - the keys of a policy document: each is read into the draft, and written
 * from it.
 *
 * A section whose key is not there is read too, with a NULL node: it then says what that
 * means. Of two ways to say the same, the draft keeps one.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_POLICY_SECTIONS_H
#define TROTH_POLICY_SECTIONS_H

#include "policy/reader.h"

/* clang-format off */
#define TROTH_SECTION(name)                                                              \
    void troth_section_read_##name(struct troth_reader *r,                               \
                                   const struct troth_tree_node *node, void *unused);    \
    void troth_section_write_##name(struct troth_json_writer *w,                         \
                                    const struct troth_draft *draft);
TROTH_SECTION(accept)
TROTH_SECTION(allow)
TROTH_SECTION(amd)
TROTH_SECTION(any)
TROTH_SECTION(expect)
TROTH_SECTION(images)
TROTH_SECTION(intel)
TROTH_SECTION(log)
TROTH_SECTION(machines)
TROTH_SECTION(max_age)
TROTH_SECTION(nonce)
TROTH_SECTION(policy)
TROTH_SECTION(rules)
TROTH_SECTION(vocabulary)
#undef TROTH_SECTION
/* clang-format on */

/* Tests say nothing about evidence: they are checked for their shape, not written. */
void troth_section_read_tests(struct troth_reader *r, const struct troth_tree_node *node,
                              void *unused);

/* Do these have anything to say of the kinds that the policy accepts? */
bool troth_section_has_intel(const struct troth_draft *draft);
bool troth_section_has_amd(const struct troth_draft *draft);
bool troth_section_has_log(const struct troth_draft *draft);

/* What claims may be asked for, and their values: section_claims.c. */
bool troth_read_wish(struct troth_wish *out, struct troth_reader *r,
                     const struct troth_word *word, const struct troth_tree_node *node);
void troth_read_sort_wishes(struct troth_reader *r, const struct troth_wishes *wishes);
void troth_read_write_wish(struct troth_json_writer *w, const struct troth_wish *wish);

/* Is it one of Intel's words for a platform's state, which `intel` is for? */
bool troth_section_is_status(struct troth_span finding);

/* The family's format; there is one for each kind. */
const struct troth_format *troth_read_format(enum troth_kind kind);
bool troth_read_format_has(enum troth_kind kind, struct troth_span finding);

#endif
