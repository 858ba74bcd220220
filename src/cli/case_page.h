/* case_page.h - what came of one test of a policy's, in TAP and as JSON. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_CLI_CASE_PAGE_H
#define TROTH_CLI_CASE_PAGE_H

#include "cli/problem.h"
#include "codec/json_writer.h"
#include "codec/tree.h"
#include "troth/verify.h"

struct troth_case {
    const struct troth_tree_node *node; /* as the document has it */
    size_t number;                      /* from 1 */
    bool ran;                           /* else `problem` says why not */
    bool is_as_expected;
    const struct troth_result *result; /* zeroed if it did not run */
    const struct troth_problem *problem;
};

/* A text of the test, or {NULL, 0}. */
struct troth_span troth_case_text(const struct troth_tree_node *node, const char *key);

/* On standard output. */
void troth_case_page_print(const struct troth_case *c);

/* The same as an object of docs/policy-test.schema.json. */
void troth_case_page_write_json(struct troth_json_writer *w, const struct troth_case *c);

#endif
