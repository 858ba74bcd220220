/* json_key.h - the keys of open objects, so that none comes twice. For json.c alone. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_CODEC_JSON_KEY_H
#define TROTH_CODEC_JSON_KEY_H

#include "codec/json.h"

/* Remember a checked key of the open object: TROTH_ERR_DUPLICATE, TROTH_ERR_LIMIT. */
TROTH_MUST_USE enum troth_err troth_json_key_add(struct troth_json *r,
                                                 struct troth_span key);

/* The same for a key of plain ASCII, if it is easily told that it is new; false, and
 * nothing changed, if that takes a closer look. */
bool troth_json_key_add_further(struct troth_json *r, struct troth_span key);

/* The same, and quicker for the first key of an object. */
static inline bool troth_json_key_add_plain(struct troth_json *r, struct troth_span key)
{
    if (r->key_count > r->frames[r->depth].keys_start || r->key_count == TROTH_JSON_KEYS)
        return troth_json_key_add_further(r, key);
    r->keys[r->key_count++] = key;
    return true;
}

#endif
