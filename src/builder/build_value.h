/* build_value.h - what the keys of a build file hold, read from its tree. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_BUILDER_BUILD_VALUE_H
#define TROTH_BUILDER_BUILD_VALUE_H

#include "builder/build_file.h"
#include "builder/build_rules.h"

/* Of one list of words; far more than an image has, and few enough to compare each with
 * each. */
#define TROTH_BUILD_WORDS_MAX 1024

/* A reading in progress; the first objection ends it. */
struct troth_build_reading {
    struct troth_arena *arena;
    struct troth_build_problem *problem;
};

/* One row a key: what its value is, and where that goes. */
struct troth_build_key {
    const char *name;
    bool (*take)(struct troth_build_reading *r, const struct troth_build_key *key,
                 const struct troth_tree_node *node, void *out);
    size_t offset;                       /* of the member of what the map describes */
    const struct troth_build_rule *rule; /* of each text; NULL: none */
};

/* What is wrong at a place; each '%' of `text` is the next word. Returns false. */
bool troth_build_object(struct troth_build_reading *r, struct troth_place place,
                        const char *text, const char *first, struct troth_span second);
/* And what would help. */
void troth_build_advise(struct troth_build_reading *r, const char *hint);
/* The arena is full. */
bool troth_build_no_room(struct troth_build_reading *r);

/* For rows: *out filled, or an objection. */
#define TROTH_BUILD_TAKER(name)                                                          \
    bool troth_build_take_##name(struct troth_build_reading *r,                          \
                                 const struct troth_build_key *key,                      \
                                 const struct troth_tree_node *node, void *out)
TROTH_BUILD_TAKER(text);         /* const char * */
TROTH_BUILD_TAKER(place);        /* the same, without the / in front */
TROTH_BUILD_TAKER(list);         /* struct troth_build_words */
TROTH_BUILD_TAKER(set);          /* the same, none of them twice */
TROTH_BUILD_TAKER(program);      /* the same, with at least a first that is not empty */
TROTH_BUILD_TAKER(environment);  /* the same, of a map: "NAME=VALUE" */
TROTH_BUILD_TAKER(architecture); /* bool: is it aarch64? */
TROTH_BUILD_TAKER(time);         /* int64_t */
TROTH_BUILD_TAKER(sha256);       /* struct troth_build_file: of its kernel */
TROTH_BUILD_TAKER(cores);        /* uint32_t, from 1 to 64 */
TROTH_BUILD_TAKER(vcpus);        /* uint32_t, from 1 to 512 */
TROTH_BUILD_TAKER(features);     /* uint64_t */
TROTH_BUILD_TAKER(size);         /* uint64_t: bytes, of "512M", too */
TROTH_BUILD_TAKER(order);        /* bool: is it two passes? */
TROTH_BUILD_TAKER(flag);         /* bool */
TROTH_BUILD_TAKER(yes);          /* nothing: only true may stand there */
TROTH_BUILD_TAKER(run);          /* struct troth_build_file: run_file or run_json */
TROTH_BUILD_TAKER(map);          /* nothing: its names are rows of their own */
TROTH_BUILD_TAKER(rows);         /* nothing: a list, its rows are taken elsewhere */

/* A map or list of any depth as JSON: every scalar a string, keys in their order. */
TROTH_MUST_USE bool troth_build_json(struct troth_build_reading *r,
                                     const struct troth_tree_node *node,
                                     struct troth_span *out);

#endif
