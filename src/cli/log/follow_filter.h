/* follow_filter.h - a CEL expression over entries: which of them is somebody told of? */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_CLI_LOG_FOLLOW_FILTER_H
#define TROTH_CLI_LOG_FOLLOW_FILTER_H

#include "cli/problem.h"
#include "troth/record.h"

struct troth_follow_filter;

/* False, with a problem that says where in the expression. The text stays the caller's.
 */
bool troth_follow_filter_create(struct troth_follow_filter **out,
                                struct troth_problem *problem, const char *text);
void troth_follow_filter_destroy(struct troth_follow_filter *filter); /* takes NULL */

enum troth_follow_answer {
    TROTH_FOLLOW_NO = 0,
    TROTH_FOLLOW_YES,
    TROTH_FOLLOW_UNJUDGED /* no answer within its limits, or an error: somebody has to
                             look, for whoever writes entries must not evade a filter */
};

/*
 * troth_follow_filter_ask - is this one of them?
 *
 *   out_why   static; NULL unless UNJUDGED
 *
 * Shape    index (int), entry (bytes); of a record kind, id (hex), time_ms and record, a
 *          map of its fields and its `commitments` and `tags`; of any other entry those
 *          are '', '', 0 and {}
 * Effects  the same memory for every entry
 */
enum troth_follow_answer troth_follow_filter_ask(struct troth_follow_filter *filter,
                                                 const char **out_why, uint64_t index,
                                                 struct troth_span entry);

#endif
