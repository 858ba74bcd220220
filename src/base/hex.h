/* hex.h - hexadecimal text to bytes. Writing hex is base/writer.h. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_BASE_HEX_H
#define TROTH_BASE_HEX_H

#include "troth/error.h"
#include "troth/span.h"

/* The value of one hex digit of either case; 16 for any other character. */
unsigned troth_hex_digit(uint8_t character);

/*
 * troth_hex_parse - an even number of hex digits, either case, nothing else.
 *
 *   out       receives the bytes
 *   out_size  room at `out`; out_len is how much was used
 *
 * Errors   TROTH_ERR_VALUE (a character or an odd count), TROTH_ERR_LIMIT (no room)
 */
TROTH_MUST_USE enum troth_err troth_hex_parse(uint8_t *out, size_t out_size,
                                              size_t *out_len, struct troth_span text);

#endif
