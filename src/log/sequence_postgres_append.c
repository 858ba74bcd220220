/* SPDX-License-Identifier: Apache-2.0 */
#include "log/sequence_postgres.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "log/problem.h"
#include "troth/sealed.h"

/* The server takes 1 GiB in one message; whoever sends so much has lost count. */
#define APPEND_MAX ((size_t)256 * 1024 * 1024)

static char *put_word(char *to, size_t value)
{
    for (int shift = 24; shift >= 0; shift -= 8)
        *to++ = (char)(uint8_t)(value >> shift);
    return to;
}

/* One column of the items as an array of bytea: dimensions, are there nulls, the type of
 * elements, how many, the first one's number; then each behind its length. */
enum { ARRAY_HEAD = 20, BYTEA = 17 };

static struct troth_span column_of(const struct troth_log_item *item, bool is_sealed)
{
    return is_sealed ? item->sealed : item->entry;
}

static size_t array_size(const struct troth_log_item *items, size_t count, bool is_sealed)
{
    size_t size = ARRAY_HEAD;

    for (size_t i = 0; i < count; i++)
        size += 4 + column_of(&items[i], is_sealed).len;
    return size;
}

static char *put_array(char *to, const struct troth_log_item *items, size_t count,
                       bool is_sealed)
{
    const size_t head[] = {1, is_sealed, BYTEA, count, 1};

    for (size_t i = 0; i < sizeof head / sizeof *head; i++)
        to = put_word(to, head[i]);
    for (size_t i = 0; i < count; i++) {
        const struct troth_span bytes = column_of(&items[i], is_sealed);

        if (is_sealed && bytes.len == 0) {
            to = put_word(to, UINT32_MAX); /* null */
            continue;
        }
        to = put_word(to, bytes.len);
        if (bytes.len > 0)
            memcpy(to, bytes.ptr, bytes.len);
        to += bytes.len;
    }
    return to;
}

static int put_items(struct troth_postgres_sequence *sequence,
                     struct troth_log_problem *problem, uint64_t *out_first,
                     const struct troth_postgres_values *values, size_t count)
{
    struct troth_postgres_line *line = &sequence->appending;
    PGresult *rows;
    int failed = troth_postgres_ask(&rows, &line->postgres, problem, "append", values);

    if (failed && !line->postgres.connection)
        return troth_log_problem_say(problem, EIO,
                                     "the connection to PostgreSQL broke before it "
                                     "answered: entries may or may not be in the log");
    if (failed)
        return failed;
    *out_first = troth_postgres_number(rows, 0, 0);
    if (PQntuples(rows) != 1 || troth_postgres_number(rows, 0, 1) != count) {
        *out_first = 0;
        failed = troth_log_problem_say(problem, EBADMSG,
                                       "the log is gone from its database");
    }
    PQclear(rows);
    return failed;
}

static int check_items(struct troth_log_problem *problem,
                       const struct troth_log_item *items, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (items[i].entry.len > TROTH_LOG_ENTRY_MAX ||
            items[i].sealed.len > TROTH_SEALED_MAX)
            return troth_log_problem_say(problem, EFBIG,
                                         "an entry, or what is sealed, is too large");
    if (count > APPEND_MAX / 8 ||
        array_size(items, count, false) + array_size(items, count, true) > APPEND_MAX)
        return troth_log_problem_say(problem, EFBIG, "too much to append at once");
    return 0;
}

int troth_postgres_append(struct troth_sequence *base, struct troth_log_problem *problem,
                          uint64_t *out_first, const struct troth_log_item *items,
                          size_t count)
{
    struct troth_postgres_sequence *sequence = troth_postgres_of(base);
    struct troth_postgres_line *line = &sequence->appending;
    struct troth_postgres_values values = {.count = 0};
    struct troth_postgres_number id, how_many = troth_postgres_number_of(count);
    char *arrays, *middle, *end;
    int failed = check_items(problem, items, count);

    *out_first = 0;
    if (!failed)
        failed = troth_postgres_use_line(sequence, line, problem);
    if (failed)
        return failed;
    arrays = malloc(array_size(items, count, false) + array_size(items, count, true));
    if (!arrays)
        return troth_log_problem_say(problem, ENOMEM, "no memory to append");
    middle = put_array(arrays, items, count, false);
    end = put_array(middle, items, count, true);
    id = troth_postgres_number_of(line->id);
    troth_postgres_add_number(&values, &id);
    troth_postgres_add_number(&values, &how_many);
    troth_postgres_add_bytes(&values, arrays, (size_t)(middle - arrays));
    troth_postgres_add_bytes(&values, middle, (size_t)(end - middle));
    failed = put_items(sequence, problem, out_first, &values, count);
    free(arrays);
    return failed;
}
