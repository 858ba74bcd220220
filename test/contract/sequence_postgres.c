/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <stdio.h>

#include "test/contract/postgres_server.h"
#include "test/contract/sequence_kind.h"

static char origin[64];

/* Logs of other origins stand in the same tables, and are nobody's business. */
static const char *fresh(void)
{
    static unsigned logs;
    static struct troth_log_problem problem;
    struct troth_sequence *sequence;

    (void)snprintf(origin, sizeof origin, "log.example/%u", ++logs);
    if (troth_sequence_open_postgres(&sequence, &problem, "=", origin, false) == ENOSYS)
        return problem.text;
    return postgres_server_start();
}

static int open_here(struct troth_sequence **out, struct troth_log_problem *problem,
                     bool create)
{
    return troth_sequence_open_postgres(out, problem, postgres_server_conninfo(), origin,
                                        create);
}

const struct test_sequence_kind test_sequence_postgres = {
    .name = "postgres",
    .fresh = fresh,
    .open = open_here,
    .finish = postgres_server_stop,
    .forgets = false,
};
