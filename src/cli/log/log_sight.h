/* log_sight.h - a checkpoint as it was found: what it says, and who signed it. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_CLI_LOG_SIGHT_H
#define TROTH_CLI_LOG_SIGHT_H

#include "cli/log/log_trust.h"
#include "cli/page.h"
#include "codec/json_writer.h"
#include "tlog/note.h"
#include "troth/log.h"

/* What is verified of a note, and what is not. Borrows the note and the trust. */
struct troth_log_sight {
    struct troth_checkpoint checkpoint;
    struct troth_log_tree tree; /* the same size and root */
    struct troth_note note;
    bool is_verified; /* by keys that were named; else it is nobody's word */
    /* Those of the trusted witnesses that signed, once it is verified. */
    struct {
        struct troth_span name;
        int64_t time_s;
    } seen[TROTH_WITNESSES_MAX];
    size_t seen_count;
    size_t known, needed; /* witnesses that are trusted; how many it takes */
};

/*
 * troth_log_sight_parse - split a note; judges nothing.
 *
 *   fault   field "note.…", "checkpoint.…"
 */
TROTH_MUST_USE enum troth_err troth_log_sight_parse(struct troth_log_sight *out,
                                                    struct troth_fault *fault,
                                                    struct troth_span note);

/* Judge what was parsed. Errors of troth_checkpoint_check(). */
TROTH_MUST_USE enum troth_err troth_log_sight_verify(struct troth_log_sight *sight,
                                                     struct troth_fault *fault,
                                                     struct troth_span note,
                                                     const struct troth_witnesses *trust,
                                                     const struct troth_crypto *crypto);

/* Both, the second only of a trust that is known; false, with a problem about `subject`.
 */
bool troth_log_sight_take(struct troth_log_sight *out, struct troth_problem *problem,
                          const char *subject, struct troth_span note,
                          const struct troth_log_trust *trust,
                          const struct troth_crypto *crypto);

/* Is this error an answer, "no", and not a question that could not be answered? */
bool troth_log_sight_refuses(const struct troth_fault *fault);

/* Lines for people; "unverified" where it is. */
void troth_log_sight_print(struct troth_page *page, const struct troth_log_sight *sight);

/* Members of the object that is open. */
void troth_log_sight_json(struct troth_json_writer *w,
                          const struct troth_log_sight *sight);

#endif
