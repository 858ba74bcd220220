/* log_verify.h - what `troth log verify` is asked, and its three kinds of question. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_CLI_LOG_VERIFY_H
#define TROTH_CLI_LOG_VERIFY_H

#include "cli/log/log_bundle.h"
#include "cli/log/log_entry.h"

#define TROTH_LOG_VERIFY_WORDS 3

struct troth_log_verifying {
    struct troth_problem problem;
    struct troth_crypto crypto;
    struct troth_inputs inputs;
    struct troth_log_trust trust;
    bool json, is_consistency;
    const char *entry, *disclosure, *ca;
    const char *words[TROTH_LOG_VERIFY_WORDS];
    size_t word_count;
    const char *why; /* it is not so; NULL: it is, or nobody knows */
};

/* Each fills the problem, or answers: the exit status. */
int troth_log_verify_bundle(struct troth_log_verifying *v);
int troth_log_verify_consistency(struct troth_log_verifying *v);
int troth_log_verify_disclosure(struct troth_log_verifying *v);

/* What a bundle shows, once it has been judged. */
struct troth_log_finding {
    struct troth_log_sight sight;
    struct troth_log_bundle bundle;
    struct troth_span given; /* the entry that was asked about */
    struct troth_log_entry entry;
};

/* Judge a bundle for an entry: true with v->why, or without if it holds; false with a
 * problem. */
bool troth_log_verify_find(struct troth_log_finding *out, struct troth_log_verifying *v,
                           const char *subject);

/* "no: WHY" for people; YES and NO as the exit status. */
int troth_log_verify_conclude(struct troth_page *page,
                              const struct troth_log_verifying *v, const char *yes);
/* The members "answer" and "why". */
void troth_log_verify_json(struct troth_json_writer *w,
                           const struct troth_log_verifying *v);

#endif
