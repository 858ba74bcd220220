/* question.h - one piece of evidence, asked about as a command line orders it. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_CLI_QUESTION_H
#define TROTH_CLI_QUESTION_H

#include "cli/order.h"
#include "cli/supplement.h"

/* Zeroed, it holds nothing and may be ended. It stays where it began. */
struct troth_question {
    struct troth_order *order;
    const struct troth_crypto *crypto;
    const char *file;
    struct troth_supplement supplement; /* collateral from the cache and from services */
    struct troth_result result;         /* borrows from the order */
};

/*
 * troth_question_ask - read the evidence, unless it was, and all that is named beside it,
 * add what it needs and judge it.
 *
 * Shape    false, with a problem, where there is no result. With a policy the flags may
 *          hold nonce and binding alone; without one they are made into a policy, unless
 *          they leave something open or the clock is the document's.
 * Effects  reads files, the cache and, unless the order forbids it, services
 */
bool troth_question_ask(struct troth_question *question, struct troth_problem *problem,
                        struct troth_order *order, const struct troth_crypto *crypto,
                        const char *file);
void troth_question_end(struct troth_question *question);

/* Notes and hints on standard error: what could not be had, and what would help. The
 * result has been printed; who did not get it needs none. */
void troth_question_hint(const struct troth_question *question);

#endif
