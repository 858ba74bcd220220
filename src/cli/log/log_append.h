/* log_append.h - what `troth log append` is asked, and its two ways into a log. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_CLI_LOG_APPEND_H
#define TROTH_CLI_LOG_APPEND_H

#include "cli/log/log_draft.h"
#include "log/sequence.h"

struct troth_log_appending {
    struct troth_problem problem;
    struct troth_crypto crypto;
    struct troth_inputs inputs;
    struct troth_log_draft_order draft;
    const char *to, *origin, *ca;
    int64_t wait_s; /* 0: none */
    bool json;
    const char **words;
    size_t word_count;
    const char *const *files; /* those of the words that are entries */
    size_t count;             /* of entries */
    struct troth_log_item *items;
    uint64_t *indices; /* of those that are in the log: */
    size_t done;
    bool is_shown; /* in a tree that others see */
};

/* Make the items. `origin` is what private values are bound to. */
bool troth_log_append_read(struct troth_log_appending *a, struct troth_span origin);

/* Both: false with a problem; what is `done` is in the log all the same. */
bool troth_log_append_folder(struct troth_log_appending *a, const char *folder);
bool troth_log_append_remote(struct troth_log_appending *a);

#endif
