/* problem.h - saying why something of a log could not be done. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_LOG_PROBLEM_H
#define TROTH_LOG_PROBLEM_H

#include "log/sequence.h"

/* "WHAT" or "WHAT: WHERE", cut if that is longer; gives `failed` back. */
int troth_log_fail(struct troth_log_problem *problem, int failed, const char *what,
                   const char *where);

#endif
