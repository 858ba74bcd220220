/* SPDX-License-Identifier: Apache-2.0 */
#include "log/sequence_postgres.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "log/problem.h"

/* Rows that are read at once: a bundle of the largest entries is 16 MiB. */
enum { PAGE = 256 };

int troth_postgres_read_state(struct troth_postgres_state *out,
                              struct troth_postgres_sequence *sequence,
                              struct troth_log_problem *problem)
{
    struct troth_postgres_values values = {.count = 0};
    const struct troth_postgres_number id = troth_postgres_number_of(sequence->others.id);
    struct troth_span checkpoint;
    PGresult *rows;
    int failed;

    *out = (struct troth_postgres_state){.epoch = 0};
    troth_postgres_add_number(&values, &id);
    failed = troth_postgres_ask_others(&rows, sequence, problem, "state", &values);
    if (failed)
        return failed;
    checkpoint = troth_postgres_bytes(rows, 0, 2);
    if (PQntuples(rows) != 1)
        failed = troth_log_problem_say(problem, EBADMSG,
                                       "the log is gone from its database");
    else if (checkpoint.len > sizeof out->is.checkpoint)
        failed = troth_log_problem_say(problem, EBADMSG,
                                       "the database keeps a checkpoint that is too "
                                       "long to be one");
    if (!failed) {
        out->is.next = troth_postgres_number(rows, 0, 0);
        out->is.signed_at = troth_postgres_number(rows, 0, 1);
        out->is.checkpoint_len = checkpoint.len;
        memcpy(out->is.checkpoint, checkpoint.ptr, checkpoint.len);
        out->epoch = troth_postgres_number(rows, 0, 3);
    }
    PQclear(rows);
    return failed;
}

int troth_postgres_state(struct troth_sequence *base, struct troth_log_problem *problem,
                         struct troth_sequence_state *out)
{
    struct troth_postgres_sequence *sequence = troth_postgres_of(base);
    struct troth_postgres_state now = {.epoch = 0};
    int failed = troth_postgres_use_line(sequence, &sequence->others, problem);

    if (!failed)
        failed = troth_postgres_read_state(&now, sequence, problem);
    *out = now.is;
    return failed;
}

/* Whom a page's rows are for. */
struct listener {
    int (*take)(void *state, uint64_t index, struct troth_span entry);
    void *state;
};

static int give_page(const PGresult *rows, struct troth_log_problem *problem,
                     uint64_t first, const struct listener *listener)
{
    int failed = 0;

    for (int i = 0; i < PQntuples(rows) && !failed; i++) {
        char number[TROTH_LOG_NUMBER_ROOM];
        const uint64_t index = first + (uint64_t)i;

        if (troth_postgres_number(rows, i, 0) != index)
            return troth_log_problem_set(
                problem, EBADMSG, "entry % is missing in the database",
                (const char *const[3]){troth_log_number(number, index), NULL, NULL});
        failed = listener->take(listener->state, index, troth_postgres_bytes(rows, i, 1));
        if (failed)
            (void)troth_log_problem_say(problem, failed, "what reads the order ended it");
    }
    return failed;
}

/* Moves `first` to behind them. */
static int read_page(struct troth_postgres_sequence *sequence,
                     struct troth_log_problem *problem, uint64_t *first, uint64_t end,
                     const struct listener *listener)
{
    const uint64_t count = end - *first < PAGE ? end - *first : PAGE;
    const struct troth_postgres_number id = troth_postgres_number_of(sequence->others.id),
                                       from = troth_postgres_number_of(*first),
                                       most = troth_postgres_number_of(count);
    struct troth_postgres_values values = {.count = 0};
    PGresult *rows;
    int failed;

    troth_postgres_add_number(&values, &id);
    troth_postgres_add_number(&values, &from);
    troth_postgres_add_number(&values, &most);
    failed = troth_postgres_ask_others(&rows, sequence, problem, "read", &values);
    if (failed)
        return failed;
    failed = give_page(rows, problem, *first, listener);
    if (!failed && (uint64_t)PQntuples(rows) != count)
        failed = troth_log_problem_say(problem, EBADMSG,
                                       "entries are missing in the database");
    *first += count;
    PQclear(rows);
    return failed;
}

int troth_postgres_read(struct troth_sequence *base, struct troth_log_problem *problem,
                        uint64_t first, uint64_t most,
                        int (*take)(void *state, uint64_t index, struct troth_span entry),
                        void *taker)
{
    struct troth_postgres_sequence *sequence = troth_postgres_of(base);
    const struct listener listener = {take, taker};
    struct troth_postgres_state now = {.epoch = 0};
    uint64_t end;
    int failed = troth_postgres_use_line(sequence, &sequence->others, problem);

    if (!failed)
        failed = troth_postgres_read_state(&now, sequence, problem);
    end = now.is.next;
    if (end > first && end - first > most)
        end = first + most;
    while (!failed && first < end)
        failed = read_page(sequence, problem, &first, end, &listener);
    return failed;
}

static int copy_sealed(struct troth_file *out, struct troth_log_problem *problem,
                       const PGresult *rows)
{
    const struct troth_span bytes = troth_postgres_bytes(rows, 0, 0);

    if (PQntuples(rows) != 1)
        return troth_log_problem_say(problem, ENOENT,
                                     "no values are sealed for this entry");
    out->bytes = malloc(bytes.len + 1);
    if (!out->bytes)
        return troth_log_problem_say(problem, ENOMEM, "no memory to read the order");
    memcpy(out->bytes, bytes.ptr, bytes.len);
    out->len = bytes.len;
    return 0;
}

int troth_postgres_sealed(struct troth_sequence *base, struct troth_log_problem *problem,
                          uint64_t index, struct troth_file *out)
{
    struct troth_postgres_sequence *sequence = troth_postgres_of(base);
    struct troth_postgres_values values = {.count = 0};
    const struct troth_postgres_number number = troth_postgres_number_of(index);
    struct troth_postgres_number id;
    PGresult *rows = NULL;
    int failed = troth_postgres_use_line(sequence, &sequence->others, problem);

    *out = (struct troth_file){NULL, 0};
    if (failed)
        return failed;
    id = troth_postgres_number_of(sequence->others.id);
    troth_postgres_add_number(&values, &id);
    troth_postgres_add_number(&values, &number);
    failed = troth_postgres_ask_others(&rows, sequence, problem, "sealed", &values);
    if (!failed)
        failed = copy_sealed(out, problem, rows);
    PQclear(rows);
    return failed;
}
