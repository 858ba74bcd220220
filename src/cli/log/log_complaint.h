/* log_complaint.h - why something of a log could not be done, in the program's words. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_CLI_LOG_COMPLAINT_H
#define TROTH_CLI_LOG_COMPLAINT_H

#include "cli/problem.h"
#include "log/sequence.h"

/* False, for callers to return; `subject` is the folder or the URL. */
bool troth_log_complain(struct troth_problem *problem, const char *subject,
                        const struct troth_log_problem *why);

/* The same on one line, for who goes on. */
void troth_log_complaint_line(char *out, size_t size,
                              const struct troth_log_problem *why);

/* A key's file that could not be read. */
bool troth_log_complain_key(struct troth_problem *problem, const char *path, int failed);

/* What was read of it is no key: "no Ed25519 private key", and how one is made. */
bool troth_log_complain_no_key(struct troth_problem *problem, const char *path,
                               const char *kind);

/* Why a checkpoint or a bundle does not hold: a clause for a fault of its verification.
 */
const char *troth_log_refusal(const struct troth_fault *fault);

#endif
