/* policy_file.h - a policy document named on a command line. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_CLI_POLICY_FILE_H
#define TROTH_CLI_POLICY_FILE_H

#include "cli/inputs.h"
#include "cli/policy_complaint.h"
#include "codec/tree.h"
#include "troth/policy.h"

/* A document and what became of it; all of it lives as long as the inputs. */
struct troth_policy_document {
    const struct troth_tree_node *tree; /* NULL: its notation is wrong already */
    const struct troth_policy *policy; /* NULL: it cannot be used, and `issue` says why */
    struct troth_policy_issue issue;
};

/*
 * troth_policy_document_read - YAML, or JSON where the first character that is no white
 * space is a brace.
 *
 *   path   "-" for standard input
 *
 * Shape    false, with a problem, where the document cannot be judged at all; a wrong one
 *          is true, without a policy
 */
bool troth_policy_document_read(struct troth_policy_document *out,
                                struct troth_inputs *inputs,
                                struct troth_problem *problem,
                                const struct troth_crypto *crypto, const char *path);

/* The same for text at hand. */
bool troth_policy_document_parse(struct troth_policy_document *out,
                                 struct troth_inputs *inputs,
                                 struct troth_problem *problem,
                                 const struct troth_crypto *crypto,
                                 struct troth_span text);

/* For those who cannot go on without a policy: NULL and false, with a problem. */
bool troth_policy_file_read(const struct troth_policy **out, struct troth_inputs *inputs,
                            struct troth_problem *problem,
                            const struct troth_crypto *crypto, const char *path);

#endif
