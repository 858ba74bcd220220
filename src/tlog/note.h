/*
 * note.h - a signed note: a text, and lines by which keys sign it.
 *
 * What stands in a note is nobody's word until a known key's line has been verified.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_TLOG_NOTE_H
#define TROTH_TLOG_NOTE_H

#include <stdbool.h>

#include "base/writer.h"
#include "troth/witness.h"

/* The specification wants 16 to be taken at least; the note's size bounds them too. */
#define TROTH_NOTE_SIGNATURES_MAX 64

#define TROTH_NOTE_TEXT_MAX ((size_t)4 * 1024) /* bytes of the text alone */

#define TROTH_NOTE_KEY_ID_SIZE 4

struct troth_note_signature {
    struct troth_span line; /* all of it, with its newline */
    struct troth_span name;
    uint8_t key_id[TROTH_NOTE_KEY_ID_SIZE];
    struct troth_span encoded; /* base64: the key ID, and what the key made */
};

struct troth_note {
    struct troth_span text; /* with its last newline: what is signed */
    struct troth_note_signature rows[TROTH_NOTE_SIGNATURES_MAX];
    size_t count; /* at least 1 */
};

/*
 * troth_note_parse - split a note; judges nothing.
 *
 *   out    borrows `note`, which has at most TROTH_NOTE_MAX bytes
 *
 * Errors   TROTH_ERR_LIMIT, TROTH_ERR_TEXT, TROTH_ERR_VALUE, TROTH_ERR_ENCODING;
 *          TROTH_ERR_MISSING: no signature line
 * Spec     [C2SP-NOTE] "Format"
 */
TROTH_MUST_USE enum troth_err troth_note_parse(struct troth_note *out,
                                               struct troth_fault *fault,
                                               struct troth_span note);

/* What follows the key ID, if it has exactly `size` bytes; else TROTH_ERR_SIGNATURE. At
 * most TROTH_NOTE_SIGNATURE_MAX of them. */
#define TROTH_NOTE_SIGNATURE_MAX 128
TROTH_MUST_USE enum troth_err
troth_note_signature_read(uint8_t *out, size_t size,
                          const struct troth_note_signature *row);

/* Of bytes that are UTF-8: not empty, without Unicode's spaces and '+'. */
bool troth_note_name_is_valid(struct troth_span name);

/* May this be the text of a note: UTF-8 without control characters but newlines, the last
 * character one? TROTH_ERR_LIMIT, TROTH_ERR_TEXT, TROTH_ERR_VALUE. */
TROTH_MUST_USE enum troth_err troth_note_text_check(struct troth_span text);

/* What a cosignature signs; TROTH_NOTE_COSIGNED_MAX bytes always suffice.
 * spec: [C2SP-COSIGNATURE] "Ed25519 signed message" */
#define TROTH_NOTE_COSIGNED_MAX (TROTH_NOTE_TEXT_MAX + 64)
void troth_note_write_cosigned(struct troth_writer *w, uint64_t time_s,
                               struct troth_span text);

#endif
