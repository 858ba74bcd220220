/* SPDX-License-Identifier: Apache-2.0 */
#include "net/connection.h"

#include <stdio.h>
#include <stdlib.h>

static void copy_text(char *out, size_t size, const char *text)
{
    (void)snprintf(out, size, "%s", text ? text : "");
}

static void copy_value(char *out, size_t size, const struct troth_value *value)
{
    size_t len = 0;

    out[0] = '\0';
    if (value->type == TROTH_VALUE_NONE)
        return;
    if (troth_value_to_text((uint8_t *)out, size - 1, &len, value))
        len = 0;
    out[len] = '\0';
}

/* The first one that came out so, and how many more did. */
static const struct troth_check *find(const struct troth_verdict *verdict,
                                      enum troth_outcome outcome, size_t *out_more)
{
    const struct troth_check *first = NULL;

    *out_more = 0;
    for (size_t i = 0; i < verdict->count; i++)
        if (verdict->checks[i].outcome == outcome) {
            *out_more += first != NULL;
            first = first ? first : &verdict->checks[i];
        }
    return first;
}

void troth_connection_keep_check(struct troth_connection *connection,
                                 const struct troth_result *result)
{
    struct troth_connection_check *kept;
    size_t more;
    const struct troth_check *check = find(&result->verdict, TROTH_FAILED, &more);

    if (!check)
        check = find(&result->verdict, TROTH_NOT_MADE, &more);
    kept = check && !connection->check ? calloc(1, sizeof *kept) : NULL;
    if (!kept)
        return;
    kept->name = troth_check_name(check->id);
    kept->policy_line = check->policy_line;
    kept->more = more;
    copy_text(kept->subject, sizeof kept->subject, check->subject);
    copy_text(kept->why, sizeof kept->why,
              check->why ? check->why : troth_check_meaning(check->id));
    copy_value(kept->seen, sizeof kept->seen, &check->seen);
    copy_value(kept->wanted, sizeof kept->wanted, &check->wanted);
    copy_text(kept->flag, sizeof kept->flag, check->flag);
    copy_text(kept->flag_argument, sizeof kept->flag_argument, check->flag_argument);
    connection->check = kept;
}

const struct troth_connection_check *
troth_connection_check(const struct troth_connection *connection)
{
    return connection->check;
}
