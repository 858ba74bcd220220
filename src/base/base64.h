/* base64.h - base64 and base64url text to bytes and back (RFC 4648). */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_BASE_BASE64_H
#define TROTH_BASE_BASE64_H

#include "base/writer.h"

enum troth_base64_alphabet { TROTH_BASE64, TROTH_BASE64URL };

/*
 * troth_base64_parse - strict: canonical padding (TROTH_BASE64) or none
 * (TROTH_BASE64URL), unused bits zero, no white space inside.
 *
 *   out       receives the bytes; may be where `text` is
 *   out_size  room at `out`; 3 bytes for every 4 characters always suffice
 *
 * Errors   TROTH_ERR_VALUE, TROTH_ERR_ENCODING (padding, unused bits), TROTH_ERR_LIMIT
 * Spec     [RFC4648] sections 3.3, 3.5, 4, 5
 */
TROTH_MUST_USE enum troth_err troth_base64_parse(uint8_t *out, size_t out_size,
                                                 size_t *out_len, struct troth_span text,
                                                 enum troth_base64_alphabet alphabet);

/* `bytes` may lie in the room that is left, if they end where their text will, or later.
 */
void troth_base64_write(struct troth_writer *w, struct troth_span bytes,
                        enum troth_base64_alphabet alphabet);

#endif
