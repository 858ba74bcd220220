/*
 * issue.h - say what is wrong with an expression, and where.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_CEL_ISSUE_H
#define TROTH_CEL_ISSUE_H

#include "base/writer.h"
#include "troth/cel.h"

/* Fill `issue` (may be NULL) from up to three texts put together, unless one is there
 * already; NULL texts are left out. Always TROTH_ERR_VALUE. */
enum troth_err troth_cel_issue_set(struct troth_cel_issue *issue,
                                   struct troth_span source, uint32_t start, uint32_t end,
                                   const char *const texts[3]);

/* The same with text that was written elsewhere. */
enum troth_err troth_cel_issue_write(struct troth_cel_issue *issue,
                                     struct troth_span source, uint32_t start,
                                     uint32_t end, struct troth_span text);

/* The source from `start` to `end`, or as much of it as is good to read, between two
 * texts. */
enum troth_err troth_cel_issue_quote(struct troth_cel_issue *issue,
                                     struct troth_span source, uint32_t start,
                                     uint32_t end, const char *before, const char *after);

#endif
