/* cbor_key.h - is this map key a new one? For cbor.c alone. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_CODEC_CBOR_KEY_H
#define TROTH_CODEC_CBOR_KEY_H

#include "codec/cbor.h"

/*
 * troth_cbor_add_key - remember a key of the innermost open map.
 *
 *   key   the whole item as encoded: a number, a string or a simple value, checked
 *
 * Shape    keys are equal if they mean the same, whatever the lengths of their heads
 * Errors   TROTH_ERR_DUPLICATE, TROTH_ERR_LIMIT
 */
TROTH_MUST_USE enum troth_err troth_cbor_add_key(struct troth_cbor *r,
                                                 struct troth_span key);

#endif
