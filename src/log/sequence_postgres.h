/*
 * sequence_postgres.h - the parts of the order in PostgreSQL. For sequence_postgres*.c.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_LOG_SEQUENCE_POSTGRES_H
#define TROTH_LOG_SEQUENCE_POSTGRES_H

#include "log/postgres.h"

/* A connection whose log has been found. */
struct troth_postgres_line {
    struct troth_postgres postgres;
    uint64_t id;
};

struct troth_postgres_sequence {
    struct troth_sequence base;
    char *conninfo, *origin;
    struct troth_postgres_line appending; /* of the thread that appends */
    struct troth_postgres_line others; /* and of the other one, which leads by this one */
    bool is_leading;
    uint64_t epoch;
};

/* Opened again if it is gone. Who has lost `others` does not lead any more. */
TROTH_MUST_USE int troth_postgres_use_line(struct troth_postgres_sequence *sequence,
                                           struct troth_postgres_line *line,
                                           struct troth_log_problem *problem);

/* troth_postgres_ask() by `others`. */
TROTH_MUST_USE int troth_postgres_ask_others(PGresult **out,
                                             struct troth_postgres_sequence *sequence,
                                             struct troth_log_problem *problem,
                                             const char *name,
                                             const struct troth_postgres_values *values);

struct troth_postgres_state {
    struct troth_sequence_state is;
    uint64_t epoch;
};
TROTH_MUST_USE int troth_postgres_read_state(struct troth_postgres_state *out,
                                             struct troth_postgres_sequence *sequence,
                                             struct troth_log_problem *problem);

/* The functions of the table, by file. */
int troth_postgres_append(struct troth_sequence *base, struct troth_log_problem *problem,
                          uint64_t *out_first, const struct troth_log_item *items,
                          size_t count);
int troth_postgres_read(struct troth_sequence *base, struct troth_log_problem *problem,
                        uint64_t first, uint64_t most,
                        int (*take)(void *state, uint64_t index, struct troth_span entry),
                        void *taker);
int troth_postgres_sealed(struct troth_sequence *base, struct troth_log_problem *problem,
                          uint64_t index, struct troth_file *out);
int troth_postgres_state(struct troth_sequence *base, struct troth_log_problem *problem,
                         struct troth_sequence_state *out);

static inline struct troth_postgres_sequence *
troth_postgres_of(struct troth_sequence *base)
{
    return (struct troth_postgres_sequence *)(void *)base;
}

#endif
