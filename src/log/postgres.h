/*
 * postgres.h - one connection to PostgreSQL: opened within a bounded time, asked by
 * prepared statements, and given up as soon as it is in doubt.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_LOG_POSTGRES_H
#define TROTH_LOG_POSTGRES_H

#include <libpq-fe.h>

#include "log/sequence.h"

struct troth_postgres {
    PGconn *connection; /* NULL: none */
};

/* What a statement is asked with, in PostgreSQL's binary form. */
#define TROTH_POSTGRES_VALUES_MAX 4
struct troth_postgres_values {
    const char *bytes[TROTH_POSTGRES_VALUES_MAX];
    int lengths[TROTH_POSTGRES_VALUES_MAX];
    int count;
};

void troth_postgres_add_bytes(struct troth_postgres_values *values, const void *bytes,
                              size_t len);

/* A bigint, which has to last as long as the values. */
struct troth_postgres_number {
    char bytes[8];
};
struct troth_postgres_number troth_postgres_number_of(uint64_t value);
void troth_postgres_add_number(struct troth_postgres_values *values,
                               const struct troth_postgres_number *number);

/*
 * troth_postgres_open - connect, and settle what answers mean.
 *
 *   conninfo   libpq's
 *
 * Shape    commits are on the disk when they are answered, names mean pg_catalog's unless
 *          their schema is said, and no statement waits for ever
 * Errors   EINVAL: no conninfo, or one with a password; EHOSTUNREACH; EACCES…
 */
TROTH_MUST_USE int troth_postgres_open(struct troth_postgres *out,
                                       struct troth_log_problem *problem,
                                       const char *conninfo);
void troth_postgres_close(struct troth_postgres *postgres); /* takes a closed one */

/* Is it still there, as far as can be told without asking? Else it is closed. */
bool troth_postgres_is_open(struct troth_postgres *postgres);

/*
 * troth_postgres_say, _prepare, _ask - statements without values, in one transaction;
 * one kept under a name; and that one asked.
 *
 *   out   rows in binary form, once the transaction is over; for PQclear()
 *
 * Errors   an errno. Where the connection is closed afterwards, nobody knows whether it
 *          was done; else it was not
 */
TROTH_MUST_USE int troth_postgres_say(struct troth_postgres *postgres,
                                      struct troth_log_problem *problem,
                                      const char *statements);
TROTH_MUST_USE int troth_postgres_prepare(struct troth_postgres *postgres,
                                          struct troth_log_problem *problem,
                                          const char *name, const char *query);
TROTH_MUST_USE int troth_postgres_ask(PGresult **out, struct troth_postgres *postgres,
                                      struct troth_log_problem *problem, const char *name,
                                      const struct troth_postgres_values *values);

/* A field of a row that is a bigint there; UINT64_MAX for all that is none, or below 0.
 */
uint64_t troth_postgres_number(const PGresult *rows, int row, int column);

/* And one that is a bytea; `is_null` may be NULL. */
struct troth_span troth_postgres_bytes(const PGresult *rows, int row, int column);

#endif
