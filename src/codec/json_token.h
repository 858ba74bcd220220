/* json_token.h - the JSON values that are one token, and what stands between tokens. For
 * json.c alone. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_CODEC_JSON_TOKEN_H
#define TROTH_CODEC_JSON_TOKEN_H

#include "codec/json.h"

static inline bool troth_json_is_digit(uint8_t c)
{
    return c >= '0' && c <= '9';
}

static inline bool troth_json_is_space(uint8_t c)
{
    /* Mostly it is none: one comparison tells. */
    return c <= ' ' && (c == ' ' || c == '\n' || c == '\r' || c == '\t');
}

static inline bool troth_json_is_next(const struct troth_cursor *c, uint8_t byte)
{
    return c->next != c->end && *c->next == byte;
}

static inline void troth_json_skip_space(struct troth_cursor *c)
{
    while (c->next != c->end && troth_json_is_space(*c->next))
        c->next++;
}

/* The next byte is none of those that may stand here: `err`, or TROTH_ERR_SHORT where
 * there is none. */
void troth_json_fail_here(struct troth_cursor *c, enum troth_err err, const char *field);

/* What a value is, by its first byte; TROTH_JSON_END if none begins so. */
enum troth_json_type troth_json_type_of(uint8_t first);

/* A number, as it stands. [RFC8259] 6 */
struct troth_span troth_json_take_number(struct troth_cursor *c, const char *field);

/* "true", "false" or "null": its first letter is next, and says which. */
void troth_json_take_word(struct troth_cursor *c, const char *field);

#endif
