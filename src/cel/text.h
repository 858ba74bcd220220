/*
 * text.h - strings as CEL's functions see them: by code points, searched, in the making.
 *
 * Strings are UTF-8 that was checked before. What is long is charged, one step for each
 * 16 bytes.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_CEL_TEXT_H
#define TROTH_CEL_TEXT_H

#include "base/writer.h"
#include "troth/cel_function.h"

#define TROTH_CEL_BYTES_A_STEP 16

/* Bytes of the character that begins with this one. */
size_t troth_cel_character_len(uint8_t first);

/* How many code points. */
size_t troth_cel_text_count(struct troth_span text);

/* The byte where code point `index` begins, or the end for the one after the last;
 * SIZE_MAX if there are fewer, or `index` is negative. */
size_t troth_cel_text_offset(struct troth_span text, int64_t index);

/*
 * Where `needle` is in `text`: the first place at byte `from` or after it, or the last at
 * byte `to` or before it; SIZE_MAX if there is none, or the evaluation ends. Both take
 * time linear in the text, whatever the needle.
 */
size_t troth_cel_text_find(struct troth_cel_call *call, struct troth_span text,
                           struct troth_span needle, size_t from);
size_t troth_cel_text_find_last(struct troth_cel_call *call, struct troth_span text,
                                struct troth_span needle, size_t to);

/* A string that is being written: it grows at the end of the evaluation's arena. */
struct troth_cel_text {
    struct troth_cel_call *call;
    struct troth_writer w; /* full: the evaluation ends */
};

struct troth_cel_text troth_cel_text_begin(struct troth_cel_call *call);

/* Room for `len` more bytes in text->w, charged; false when the evaluation ends. */
bool troth_cel_text_reserve(struct troth_cel_text *text, size_t len);

void troth_cel_text_add(struct troth_cel_text *text, struct troth_span more);

/* The STRING or BYTES, and the room that is left over given back. */
struct troth_cel_value troth_cel_text_finish(struct troth_cel_text *text,
                                             enum troth_cel_kind kind);

#endif
