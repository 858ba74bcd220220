/* sequence_kind.h - an order that the contract is held against: where it comes from. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_TEST_SEQUENCE_KIND_H
#define TROTH_TEST_SEQUENCE_KIND_H

#include "log/sequence.h"
#include "troth/sealed.h"

struct test_sequence_kind {
    const char *name;
    /* A new place, of which nothing is known yet. NULL, or why there is none here. */
    const char *(*fresh)(void);
    /* Open what is at the present place; several times, one after the other. */
    int (*open)(struct troth_sequence **out, struct troth_log_problem *problem,
                bool create);
    void (*finish)(void); /* all places are gone */
    bool forgets;         /* what it was told that it may */
};

extern const struct test_sequence_kind test_sequence_sqlite;
extern const struct test_sequence_kind test_sequence_postgres;

#endif
