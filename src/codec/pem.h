/* pem.h - find the labelled base64 blocks in a text file (RFC 7468). */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_CODEC_PEM_H
#define TROTH_CODEC_PEM_H

#include <stdbool.h>

#include "troth/arena.h"
#include "troth/error.h"
#include "troth/span.h"

struct troth_pem_block {
    struct troth_span label; /* "CERTIFICATE"; borrows the text */
    struct troth_span bytes; /* decoded; lives in the arena */
};

/* Does a line beginning "-----BEGIN " occur? */
bool troth_pem_recognise(struct troth_span text);

/*
 * troth_pem_next - decode the first block at or after `*text`, and move `*text` past it.
 *
 *   out    label and bytes; zeroed on failure and when there is no further block
 *   text   what is still to be searched; text between blocks is ignored; stays where it
 *          is on failure
 *
 * Shape    lines of any length that end in LF or CRLF, none of them empty; no other white
 *          space; an END label other than its BEGIN is refused
 * Errors   TROTH_ERR_MISSING: no further block; TROTH_ERR_VALUE, TROTH_ERR_ENCODING,
 *          TROTH_ERR_SHORT: a broken one; TROTH_ERR_MEMORY
 * Spec     [RFC7468] section 3
 */
TROTH_MUST_USE enum troth_err troth_pem_next(struct troth_pem_block *out,
                                             struct troth_span *text,
                                             struct troth_arena *arena);

#endif
