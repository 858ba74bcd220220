/*
 * json.h - a strict JSON pull reader over a caller's bytes (RFC 8259).
 *
 * Read what must come next; the first failure sticks. Refused by name: duplicate object
 * keys, compared as decoded (TROTH_ERR_DUPLICATE), bytes after the value
 * (TROTH_ERR_TRAILING), text that is not UTF-8, lone surrogates and a byte order mark
 * (TROTH_ERR_TEXT), more than TROTH_JSON_DEPTH open containers (TROTH_ERR_DEPTH). A value
 * asked for where the container has ended is TROTH_ERR_MISSING.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_CODEC_JSON_H
#define TROTH_CODEC_JSON_H

#include "base/cursor.h"
#include "troth/arena.h"

#define TROTH_JSON_DEPTH 32 /* Intel's own limit for collateral */
#define TROTH_JSON_KEYS                                                                  \
    128 /* keys of all objects open at once; more is TROTH_ERR_LIMIT */

enum troth_json_type {
    TROTH_JSON_END = 0, /* no further value here, or a failure */
    TROTH_JSON_OBJECT,
    TROTH_JSON_ARRAY,
    TROTH_JSON_STRING,
    TROTH_JSON_NUMBER,
    TROTH_JSON_BOOL,
    TROTH_JSON_NULL
};

/* One open container. Private to json.c. */
struct troth_json_frame {
    bool is_object;
    bool started;       /* a first member or element was read */
    bool has_odd_key;   /* one with escapes, or beyond ASCII */
    uint8_t keys_start; /* this object's first key in keys[] */
    uint32_t seen[2];   /* a set of 64 marks: those of this object's keys */
};

struct troth_json {
    struct troth_cursor c;
    bool after_key; /* a key was read and its value was not */
    unsigned depth;
    unsigned key_count;
    struct troth_json_frame frames[TROTH_JSON_DEPTH + 1];
    struct troth_span keys[TROTH_JSON_KEYS]; /* raw, between the quotes */
};

void troth_json_init(struct troth_json *r, struct troth_span input);

/* What comes next, a key counting as a string. At the end of a container:
 * TROTH_JSON_END. Never fails: where the next byte begins no value, it is the read that
 * says so. */
enum troth_json_type troth_json_peek(struct troth_json *r);

/* Open the next object or array; troth_json_leave() demands that nothing is left. */
void troth_json_enter_object(struct troth_json *r, const char *field);
void troth_json_enter_array(struct troth_json *r, const char *field);
bool troth_json_more(struct troth_json *r); /* another element or member? */
void troth_json_leave(struct troth_json *r, const char *field);

/* Inside an object, before each value: the key as it stands between its quotes. */
struct troth_span troth_json_key(struct troth_json *r, const char *field);

/* To the next member and its key; false where there is none, or after a failure. */
bool troth_json_member(struct troth_json *r, struct troth_span *out_key,
                       const char *field);

/*
 * The same where the key is already known: true if the next member begins with exactly
 * `quoted`, which is a key of plain ASCII between its quotes, and the colon. False says
 * nothing; then nothing was read, and troth_json_member() has to look.
 */
bool troth_json_member_is(struct troth_json *r, struct troth_span quoted);

/* As troth_json_leave() if the closing bracket is next. False says nothing, as above. */
bool troth_json_leave_at_end(struct troth_json *r);

/* A string as it stands between its quotes; troth_json_unescape() decodes it. */
struct troth_span troth_json_string(struct troth_json *r, const char *field);
/* A number as it stands. */
struct troth_span troth_json_number(struct troth_json *r, const char *field);
/* A number that is a non-negative integer without fraction or exponent, else
 * TROTH_ERR_VALUE; TROTH_ERR_LIMIT above 2^64 - 1. */
uint64_t troth_json_uint(struct troth_json *r, const char *field);
bool troth_json_bool(struct troth_json *r, const char *field);
void troth_json_null(struct troth_json *r, const char *field);

/* Check the next value, whatever it is, to its end and hand out its exact bytes. */
struct troth_span troth_json_skip(struct troth_json *r, const char *field);

static inline void troth_json_expect(struct troth_json *r, bool holds, enum troth_err err,
                                     const char *field)
{
    troth_cursor_expect(&r->c, holds, err, field);
}

/* TROTH_OK only if nothing failed, every container was left, every byte was read. */
TROTH_MUST_USE enum troth_err troth_json_finish(struct troth_json *r,
                                                struct troth_fault *out_fault);

/* Decode what stood between a string's quotes (already checked by the reader): `raw`
 * itself where nothing is escaped, else in the arena. TROTH_ERR_MEMORY if that is full.
 */
TROTH_MUST_USE enum troth_err troth_json_unescape(struct troth_span *out,
                                                  struct troth_arena *arena,
                                                  struct troth_span raw);

/* Does a raw key or string decode to exactly this text? */
bool troth_json_text_is(struct troth_span raw, const char *text);

#endif
