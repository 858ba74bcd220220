/*
 * run_file.h - what a program may see, write and reach: the YAML that is measured.
 *
 * The table of keys is in run_file.c; docs/run.md is held against it.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_SERVICE_RUN_RUN_FILE_H
#define TROTH_SERVICE_RUN_RUN_FILE_H

#include "codec/tree.h"

#define TROTH_RUN_FILE_MAX        ((size_t)64 * 1024) /* bytes of its text */
/* Room for what is read of any. */
#define TROTH_RUN_FILE_ARENA_SIZE ((size_t)4 * 1024 * 1024)

enum troth_run_restart {
    TROTH_RUN_RESTART_NEVER = 0,
    TROTH_RUN_RESTART_ON_FAILURE,
    TROTH_RUN_RESTART_ALWAYS
};

/* `rows` ends with NULL, and is NULL where the key is not there. */
struct troth_run_words {
    const char *const *rows;
    size_t count;
};

/* NULL, 0: the key is not there. */
struct troth_run_file {
    struct troth_run_words program;
    const char *listen, *upstream, *upstream_outside;
    const char *policy, *ask, *certificate, *key;
    struct troth_run_words roots, collateral;
    const char *user, *directory;
    struct troth_run_words read, write;
    struct troth_run_words environment; /* "NAME=VALUE" */
    struct troth_run_words outbound, outbound_plain;
    struct {
        uint64_t memory, files, processes;
    } limits;
    enum troth_run_restart restart;
};

struct troth_run_issue {
    struct troth_place place;
    char text[256]; /* one clause, without a full stop */
    char hint[160]; /* what would help, or empty */
};

/*
 * troth_run_file_parse - a run file's text to what it says; nothing is looked up.
 *
 *   out     borrows the arena; zeroed on failure
 *   issue   filled on every failure but TROTH_ERR_MEMORY
 *
 * Errors   troth_tree_from_yaml()'s; TROTH_ERR_TYPE, TROTH_ERR_VALUE, TROTH_ERR_LIMIT;
 *          TROTH_ERR_UNSUPPORTED: a key that is not known
 */
TROTH_MUST_USE enum troth_err troth_run_file_parse(struct troth_run_file *out,
                                                   struct troth_run_issue *issue,
                                                   struct troth_span text,
                                                   struct troth_arena *arena);

/* The names of the keys one by one, "limits.memory" among them; NULL behind the last. */
const char *troth_run_file_key(size_t i);

#endif
