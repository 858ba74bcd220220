/* armour.h - text that stands for bytes: PEM, hex, base64. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_CLI_ARMOUR_H
#define TROTH_CLI_ARMOUR_H

#include "troth/arena.h"
#include "troth/error.h"
#include "troth/span.h"

enum troth_armour {
    TROTH_ARMOUR_NONE = 0, /* not text, or text of no kind below */
    TROTH_ARMOUR_PEM,
    TROTH_ARMOUR_HEX,
    TROTH_ARMOUR_BASE64,
    TROTH_ARMOUR_BASE64URL
};

/*
 * troth_armour_recognise - by the characters alone, so that one text has one meaning.
 *
 * Shape    all printable ASCII or white space, or it is none; then the first that fits of
 *          PEM: a line begins "-----BEGIN "
 *          hex: digits and white space, "0x" may stand in front
 *          base64: its alphabet and white space, "=" at the end
 *          base64url: the same with "-" and "_", or without the "=" that base64 needs
 */
enum troth_armour troth_armour_recognise(struct troth_span text);

/*
 * troth_armour_remove - the bytes that a text stands for.
 *
 *   out     text without armour is returned as it is; else the bytes live in the arena
 *   arena   TROTH_ARMOUR_ROOM(text.len) bytes always suffice
 *
 * Errors   the decoders'; TROTH_ERR_TRAILING: more than one PEM block; TROTH_ERR_MEMORY
 */
TROTH_MUST_USE enum troth_err troth_armour_remove(struct troth_span *out,
                                                  struct troth_fault *fault,
                                                  struct troth_span text,
                                                  struct troth_arena *arena);

/* The text without its white space, the bytes, and what alignment may cost. */
#define TROTH_ARMOUR_ROOM(len) (2 * (len) + 64)

#endif
