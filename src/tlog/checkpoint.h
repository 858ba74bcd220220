/* checkpoint.h - what the text of a log's note says, and who signed it. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_TLOG_CHECKPOINT_H
#define TROTH_TLOG_CHECKPOINT_H

#include "troth/witness.h"

/*
 * troth_checkpoint_parse - read the text of a note; judges nothing.
 *
 *   out     borrows `text`; its witnessed_s is 0
 *   fault   field "checkpoint.…"
 *
 * Errors   TROTH_ERR_VALUE, TROTH_ERR_ENCODING, TROTH_ERR_LIMIT
 * Spec     [C2SP-CHECKPOINT] "Note text"
 */
TROTH_MUST_USE enum troth_err troth_checkpoint_parse(struct troth_checkpoint *out,
                                                     struct troth_fault *fault,
                                                     struct troth_span text);

/*
 * troth_checkpoint_check - as troth_checkpoint_verify(), of a note that shows a tree and
 * not how old something is.
 *
 *   witnesses   `needed` may be 0: then the log's word is enough, and out->witnessed_s is
 *               0. What known witnesses signed must be right all the same
 *
 * Shape    notes of up to TROTH_NOTE_MAX
 */
TROTH_MUST_USE enum troth_err
troth_checkpoint_check(struct troth_checkpoint *out, struct troth_fault *fault,
                       struct troth_span note, const struct troth_witnesses *witnesses,
                       const struct troth_crypto *crypto);

#endif
