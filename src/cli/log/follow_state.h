/*
 * follow_state.h - what a monitor remembers of a log: the checkpoint up to which it has
 * hashed every entry; and notes that are kept because they contradict each other.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_CLI_LOG_FOLLOW_STATE_H
#define TROTH_CLI_LOG_FOLLOW_STATE_H

#include "os/file.h"
#include "troth/crypto.h"
#include "troth/witness.h"

/* A line of ours, and a note. */
#define TROTH_FOLLOW_STATE_MAX (TROTH_NOTE_MAX + (size_t)64)

/*
 * troth_follow_state_parse - the note in a state file; its signature is for the caller.
 *
 *   out     borrows `text`
 *   fault   field "state.…"
 *
 * Errors   TROTH_ERR_VERSION: no state, or another program's; those of
 *          troth_note_parse() and troth_checkpoint_parse()
 */
TROTH_MUST_USE enum troth_err troth_follow_state_parse(struct troth_span *out,
                                                       struct troth_fault *fault,
                                                       struct troth_span text);

/* Instead of what was remembered: whole or not at all, and on the disk. Returns 0 or an
 * errno. */
TROTH_MUST_USE int troth_follow_state_write(const char *path, struct troth_span note);

/*
 * troth_follow_evidence_write - keep a note beside the state.
 *
 *   out_path   "STATE.evidence-SIZE-HASH.note", which is the same for the same note
 *
 * Errors   returns 0 or an errno
 */
#define TROTH_FOLLOW_PATH_ROOM 4096
TROTH_MUST_USE int
troth_follow_evidence_write(char out_path[static TROTH_FOLLOW_PATH_ROOM],
                            const char *state_path, uint64_t size, struct troth_span note,
                            const struct troth_crypto *crypto);

#endif
