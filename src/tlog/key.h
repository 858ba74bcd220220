/* key.h - the keys that sign notes: how they are named and written. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_TLOG_KEY_H
#define TROTH_TLOG_KEY_H

#include "tlog/note.h"

/* What a key signs: [C2SP-NOTE] "Signature types". */
enum troth_note_key_type {
    TROTH_NOTE_ED25519 = 0x01,    /* the note's text */
    TROTH_NOTE_COSIGNATURE = 0x04 /* a time, and the text */
};

/*
 * What there is to know of a type. ML-DSA-44 (0x06: 1312, 8, 2420) would be a row more,
 * room in struct troth_note_key, and its message in note_verify.c. Until then its keys
 * are refused and its lines are strangers'.
 */
struct troth_note_key_facts {
    enum troth_note_key_type type;
    enum troth_signature_algorithm algorithm;
    size_t key_size;
    size_t time_size; /* of what stands before a signature */
    size_t signature_size;
};
/* NULL: no type that is known here. */
const struct troth_note_key_facts *troth_note_key_facts(unsigned type);

struct troth_note_key {
    struct troth_span name;
    enum troth_note_key_type type;
    uint8_t bytes[32]; /* Ed25519 */
};

/* SHA-256(name ‖ newline ‖ type ‖ key), its first bytes. TROTH_ERR_CRYPTO. */
TROTH_MUST_USE enum troth_err
troth_note_key_id(uint8_t out[static TROTH_NOTE_KEY_ID_SIZE],
                  const struct troth_crypto *crypto, const struct troth_note_key *key);

/* As troth_witness_key_parse(), and which type it is. */
TROTH_MUST_USE enum troth_err troth_note_key_parse(struct troth_note_key *out,
                                                   struct troth_span text,
                                                   const struct troth_crypto *crypto);

#endif
