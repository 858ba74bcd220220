/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "test/contract/sequence_kind.h"

static char folder[] = "/tmp/troth-sequence-XXXXXX";
static char path[96];
static bool is_there;

static void clear(void)
{
    static const char *const names[] = {"sequence.db", "sequence.db-wal",
                                        "sequence.db-shm", "lock"};
    char each[96];

    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        (void)snprintf(each, sizeof each, "%s/%s", folder, names[i]);
        (void)unlink(each);
    }
}

static const char *fresh(void)
{
    if (!is_there && !mkdtemp(folder))
        return "no temporary folder";
    is_there = true;
    clear();
    (void)snprintf(path, sizeof path, "%s/sequence.db", folder);
    return NULL;
}

static int open_here(struct troth_sequence **out, struct troth_log_problem *problem,
                     bool create)
{
    return troth_sequence_open_sqlite(out, problem, path, create, false);
}

static void finish(void)
{
    clear();
    (void)rmdir(folder);
}

const struct test_sequence_kind test_sequence_sqlite = {
    .name = "sqlite",
    .fresh = fresh,
    .open = open_here,
    .finish = finish,
    .forgets = true,
};
