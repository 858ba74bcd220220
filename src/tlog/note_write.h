/* note_write.h - checkpoints and cosignatures as they are signed and written. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_TLOG_NOTE_WRITE_H
#define TROTH_TLOG_NOTE_WRITE_H

#include "base/writer.h"
#include "tlog/key.h"
#include "troth/log.h"
#include "troth/signer.h"

/* Who signs: Ed25519. */
struct troth_note_signer {
    struct troth_span name; /* as in the signature line */
    const struct troth_signer *signer;
};

/* "ORIGIN\nSIZE\nROOT\n". TROTH_ERR_VALUE: an origin that no checkpoint may have;
 * TROTH_ERR_LIMIT. */
TROTH_MUST_USE enum troth_err troth_checkpoint_write(struct troth_writer *w,
                                                     struct troth_span origin,
                                                     const struct troth_log_tree *tree);

/*
 * troth_note_sign, troth_note_cosign - one signature line for a note's text.
 *
 *   text     with its last newline, without the empty line
 *   time_s   seconds since 1970, above 0
 *
 * Shape    the line alone, with its newline. A note is its text, an empty line, its lines
 * Errors   TROTH_ERR_VALUE: a name that no line may have, a text that is none, or a time;
 *          TROTH_ERR_KEY: not Ed25519; TROTH_ERR_LIMIT, TROTH_ERR_CRYPTO
 * Spec     [C2SP-NOTE], [C2SP-COSIGNATURE]
 */
TROTH_MUST_USE enum troth_err troth_note_sign(struct troth_writer *w,
                                              const struct troth_crypto *crypto,
                                              const struct troth_note_signer *by,
                                              struct troth_span text);
TROTH_MUST_USE enum troth_err troth_note_cosign(struct troth_writer *w,
                                                const struct troth_crypto *crypto,
                                                const struct troth_note_signer *by,
                                                struct troth_span text, int64_t time_s);

/* "NAME+HASH+BASE64". */
TROTH_MUST_USE enum troth_err troth_note_key_write(struct troth_writer *w,
                                                   const struct troth_crypto *crypto,
                                                   const struct troth_note_key *key);

/* A bundle [C2SP-PROOF]; `proof->extra` is base64 already, or empty. TROTH_ERR_LIMIT. */
TROTH_MUST_USE enum troth_err troth_log_proof_write(struct troth_writer *w,
                                                    const struct troth_log_proof *proof);

#endif
