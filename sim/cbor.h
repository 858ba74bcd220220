/* cbor.h - write CBOR, shortest heads; shares nothing with src/codec (see der.h). */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_SIM_CBOR_H
#define TROTH_SIM_CBOR_H

#include "sim/bytes.h"

/* Major types of [RFC8949] 3.1. */
enum sim_cbor_major {
    SIM_CBOR_UINT,
    SIM_CBOR_NEGATIVE,
    SIM_CBOR_BYTES,
    SIM_CBOR_TEXT,
    SIM_CBOR_ARRAY,
    SIM_CBOR_MAP,
    SIM_CBOR_TAG
};

/* Each appends one head or one item. */
void sim_cbor_head(struct sim_bytes *out, enum sim_cbor_major major, uint64_t argument);
void sim_cbor_bytes(struct sim_bytes *out, struct troth_span value);
void sim_cbor_text(struct sim_bytes *out, const char *value);
void sim_cbor_null(struct sim_bytes *out);

/* A map of unknown length, and its end. */
void sim_cbor_open_map(struct sim_bytes *out);
void sim_cbor_break(struct sim_bytes *out);

#endif
