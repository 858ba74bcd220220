/* note_verify.h - what a known key says by its lines of a note. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_TLOG_NOTE_VERIFY_H
#define TROTH_TLOG_NOTE_VERIFY_H

#include "tlog/key.h"

struct troth_note_word {
    struct troth_span line; /* the first of its lines, with the newline */
    int64_t time_s;         /* of cosignatures the latest time; else 0 */
};

/*
 * troth_note_verify - has this key signed the note?
 *
 *   out    borrows the note
 *
 * Shape    lines of other keys are ignored; every one of this key must be good
 * Errors   TROTH_ERR_MISSING: it has not; TROTH_ERR_SIGNATURE, TROTH_ERR_KEY,
 *          TROTH_ERR_CRYPTO; TROTH_ERR_VALUE: a cosignature of no time
 * Spec     [C2SP-NOTE] "Signatures", [C2SP-COSIGNATURE] "Ed25519 signed message"
 */
TROTH_MUST_USE enum troth_err troth_note_verify(struct troth_note_word *out,
                                                const struct troth_crypto *crypto,
                                                const struct troth_note *note,
                                                const struct troth_note_key *key);

#endif
