/* cbor_reader.h - read CBOR of definite lengths; shares nothing with src/codec (der.h).
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_SIM_CBOR_READER_H
#define TROTH_SIM_CBOR_READER_H

#include <stdbool.h>

#include "sim/cbor.h"

/* The first failure sticks: what is read then is empty. */
struct sim_cbor_reader {
    struct troth_span left;
    bool has_failed;
};

/* The argument of a head of this type. */
uint64_t sim_cbor_read_head(struct sim_cbor_reader *r, enum sim_cbor_major major);
/* A string of this type. */
struct troth_span sim_cbor_read_string(struct sim_cbor_reader *r,
                                       enum sim_cbor_major major);
/* A byte string, or null: then false. */
bool sim_cbor_read_optional(struct sim_cbor_reader *r, struct troth_span *out);
bool sim_cbor_next_is(const struct sim_cbor_reader *r, enum sim_cbor_major major);

#endif
