/* cbor_writer.h - write CBOR: definite lengths, shortest heads. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_CODEC_CBOR_WRITER_H
#define TROTH_CODEC_CBOR_WRITER_H

#include "base/writer.h"

void troth_cbor_write_uint(struct troth_writer *w, uint64_t value);
void troth_cbor_write_bytes(struct troth_writer *w, struct troth_span value);
void troth_cbor_write_text(struct troth_writer *w, const char *value); /* UTF-8 */
void troth_cbor_write_bool(struct troth_writer *w, bool value);
void troth_cbor_write_null(struct troth_writer *w);

/* The head alone: so many items, or pairs of key and value, follow. */
void troth_cbor_begin_array(struct troth_writer *w, uint64_t count);
void troth_cbor_begin_map(struct troth_writer *w, uint64_t count);

#endif
