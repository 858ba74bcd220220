/*
 * cbor.h - a strict CBOR pull reader over a caller's bytes (RFC 8949).
 *
 * Read what must come next; the first failure sticks, as in base/cursor.h. Definite and
 * indefinite arrays and maps are both read (genuine AWS documents use both). Refused by
 * name: duplicate map keys (TROTH_ERR_DUPLICATE), bytes after the item
 * (TROTH_ERR_TRAILING), text that is not UTF-8 (TROTH_ERR_TEXT), more than
 * TROTH_CBOR_DEPTH open containers (TROTH_ERR_DEPTH), lengths and integers not in their
 * shortest form (TROTH_ERR_ENCODING, unless switched off), and map keys whose equality
 * is a matter of opinion: containers, tags, floats, strings in chunks
 * (TROTH_ERR_UNSUPPORTED). An item asked for where the container has ended is
 * TROTH_ERR_MISSING. A fault's offset is that of the item's first byte.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_CODEC_CBOR_H
#define TROTH_CODEC_CBOR_H

#include "base/cursor.h"

#define TROTH_CBOR_DEPTH 8  /* STYLE.md section 5: a fixed stack, then an error */
#define TROTH_CBOR_KEYS  64 /* keys of all maps open at once; more is TROTH_ERR_LIMIT */

enum troth_cbor_type {
    TROTH_CBOR_END = 0, /* no further item here, or a failure */
    TROTH_CBOR_UINT,
    TROTH_CBOR_NEGATIVE,
    TROTH_CBOR_BYTES,
    TROTH_CBOR_TEXT,
    TROTH_CBOR_ARRAY,
    TROTH_CBOR_MAP,
    TROTH_CBOR_TAG,
    TROTH_CBOR_BOOL,
    TROTH_CBOR_NULL,
    TROTH_CBOR_UNDEFINED,
    TROTH_CBOR_SIMPLE,
    TROTH_CBOR_FLOAT
};

enum troth_cbor_strictness {
    TROTH_CBOR_SHORTEST = 0, /* the default */
    TROTH_CBOR_ANY_LENGTH    /* longer heads than needed are read too */
};

/* One open container. Private to cbor.c. */
struct troth_cbor_frame {
    uint64_t left;   /* items still to come; in maps, a key is next when it is even */
    bool indefinite; /* until a break; `left` then begins at an even number never used up
                      */
    bool is_map;
    uint8_t keys_start; /* this map's first key in keys[] */
    uint8_t greatest;   /* its key that sorts last; later ones need only beat that */
};

struct troth_cbor {
    struct troth_cursor c;
    enum troth_cbor_strictness strictness;
    bool tagged; /* a tag was read and its item was not */
    unsigned depth;
    unsigned key_count;
    struct troth_cbor_frame frames[TROTH_CBOR_DEPTH + 1]; /* [0] is the outermost item */
    struct troth_span keys[TROTH_CBOR_KEYS];              /* raw keys of the open maps */
};

void troth_cbor_init(struct troth_cbor *r, struct troth_span input,
                     enum troth_cbor_strictness strictness);

/* What comes next. At the end of a container: TROTH_CBOR_END. Never fails: where the
 * next byte begins no item, it is the read that says so. */
enum troth_cbor_type troth_cbor_peek(struct troth_cbor *r);

uint64_t troth_cbor_uint(struct troth_cbor *r, const char *field);
/* Either sign; TROTH_ERR_LIMIT outside int64_t. */
int64_t troth_cbor_int(struct troth_cbor *r, const char *field);
/* Borrow the input. A string in chunks is TROTH_ERR_UNSUPPORTED. */
struct troth_span troth_cbor_bytes(struct troth_cbor *r, const char *field);
struct troth_span troth_cbor_text(struct troth_cbor *r, const char *field);
bool troth_cbor_bool(struct troth_cbor *r, const char *field);
void troth_cbor_null(struct troth_cbor *r, const char *field);
/* The tag number; the tagged item comes next. */
uint64_t troth_cbor_tag(struct troth_cbor *r, const char *field);

/*
 * Open the next array or map. Inside a map, keys and values are read in turn; every key
 * is compared with the ones before it. troth_cbor_leave() demands that nothing is left.
 */
void troth_cbor_enter_array(struct troth_cbor *r, const char *field);
void troth_cbor_enter_map(struct troth_cbor *r, const char *field);
bool troth_cbor_more(struct troth_cbor *r); /* another element, or another pair? */
void troth_cbor_leave(struct troth_cbor *r, const char *field);

/* Check the next item, whatever it is, to its end and hand out its bytes, tags included.
 * The only way past floats, simple values and strings in chunks. */
struct troth_span troth_cbor_skip(struct troth_cbor *r, const char *field);

/* Refuse a value that was well-formed but not allowed here. */
static inline void troth_cbor_expect(struct troth_cbor *r, bool holds, enum troth_err err,
                                     const char *field)
{
    troth_cursor_expect(&r->c, holds, err, field);
}

/* TROTH_OK only if nothing failed, every container was left, every byte was read. */
TROTH_MUST_USE enum troth_err troth_cbor_finish(struct troth_cbor *r,
                                                struct troth_fault *out_fault);

#endif
