/* follow_sight.h - a checkpoint that was shown, and the note it stands in. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_CLI_LOG_FOLLOW_SIGHT_H
#define TROTH_CLI_LOG_FOLLOW_SIGHT_H

#include "cli/log/follow.h"

/* Zeroed, it holds nothing and may be released. */
struct troth_follow_sight {
    struct troth_file file; /* the note */
    struct troth_log_tree tree;
    bool is_known; /* it was verified, and `tree` is what it says */
};

/* What is wrong with a note, as far as its signatures go: false with `why`. */
bool troth_follow_sight_verify(struct troth_follow_sight *sight, char *why, size_t size,
                               const struct troth_witnesses *trust,
                               const struct troth_crypto *crypto);

/* A copy of a note. ENOMEM. */
TROTH_MUST_USE int troth_follow_sight_copy(struct troth_follow_sight *out,
                                           struct troth_span note);

struct troth_span troth_follow_sight_note(const struct troth_follow_sight *sight);
void troth_follow_sight_release(struct troth_follow_sight *sight);

#endif
