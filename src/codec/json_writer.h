/* json_writer.h - write JSON: commas and escapes are the writer's business. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_CODEC_JSON_WRITER_H
#define TROTH_CODEC_JSON_WRITER_H

#include "base/writer.h"

#define TROTH_JSON_WRITER_DEPTH 16

struct troth_json_writer {
    struct troth_writer *out;
    unsigned depth;
    bool pretty; /* two spaces a level, or no white space */
    bool has_member[TROTH_JSON_WRITER_DEPTH + 1];
    bool after_key;
};

struct troth_json_writer troth_json_writer_over(struct troth_writer *out, bool pretty);

void troth_json_begin_object(struct troth_json_writer *w);
void troth_json_end_object(struct troth_json_writer *w);
void troth_json_begin_array(struct troth_json_writer *w);
void troth_json_end_array(struct troth_json_writer *w);
void troth_json_write_key(struct troth_json_writer *w, const char *key);
/* Escaped; bytes that are not UTF-8 become U+FFFD. */
void troth_json_write_string(struct troth_json_writer *w, struct troth_span text);
void troth_json_write_text(struct troth_json_writer *w, const char *text);
void troth_json_write_hex(struct troth_json_writer *w, struct troth_span bytes);
void troth_json_write_uint(struct troth_json_writer *w, uint64_t value);
void troth_json_write_bool(struct troth_json_writer *w, bool value);
void troth_json_write_null(struct troth_json_writer *w);

#endif
