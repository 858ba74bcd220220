/* run_value.h - what the keys of a run file hold, read from its tree. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_SERVICE_RUN_RUN_VALUE_H
#define TROTH_SERVICE_RUN_RUN_VALUE_H

#include "service/run/rules.h"
#include "service/run/run_file.h"

/* A reading in progress; the first objection ends it. */
struct troth_run_reading {
    struct troth_arena *arena;
    struct troth_run_issue *issue;
};

/* One row a key: what its value is, and where that goes. */
struct troth_run_key {
    const char *name;
    enum troth_err (*take)(struct troth_run_reading *r, const struct troth_run_key *key,
                           const struct troth_tree_node *node, void *out);
    size_t offset;                     /* of the member of struct troth_run_file */
    const struct troth_run_rule *rule; /* of each text; NULL: none */
};

/* What is wrong at a place; each '%' of `text` is the next word. Returns `err`. */
enum troth_err troth_run_object(struct troth_run_reading *r, enum troth_err err,
                                struct troth_place place, const char *text,
                                struct troth_span first, struct troth_span second);
/* And what would help. */
void troth_run_advise(struct troth_run_reading *r, const char *hint);

/* For rows: TROTH_OK with *out filled, or the objection's error. */
#define TROTH_RUN_TAKER(name)                                                            \
    enum troth_err troth_run_take_##name(struct troth_run_reading *r,                    \
                                         const struct troth_run_key *key,                \
                                         const struct troth_tree_node *node, void *out)
TROTH_RUN_TAKER(text);        /* const char * */
TROTH_RUN_TAKER(list);        /* struct troth_run_words */
TROTH_RUN_TAKER(program);     /* the same, with at least a first that is not empty */
TROTH_RUN_TAKER(environment); /* the same, of a map: "NAME=VALUE" */
TROTH_RUN_TAKER(count);       /* uint64_t, from 1 on */
TROTH_RUN_TAKER(size);        /* uint64_t: bytes, of "512M", too */
TROTH_RUN_TAKER(restart);     /* enum troth_run_restart */
TROTH_RUN_TAKER(map);         /* nothing: its names are rows of their own */

#endif
