/* json_value.h - the values that claims have, as JSON. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_CODEC_JSON_VALUE_H
#define TROTH_CODEC_JSON_VALUE_H

#include "codec/json_writer.h"
#include "troth/claims.h"

/* A string of RFC 3339; null for TROTH_INSTANT_NEVER. */
void troth_json_write_instant(struct troth_json_writer *w, int64_t instant_s);

/* As docs/claims.md says: bytes as hex, numbers from 2^53 on as strings, NONE as null. */
void troth_json_write_value(struct troth_json_writer *w, const struct troth_value *value);

#endif
