/* seal_key.h - the key that one private value of one record is sealed under. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_RECORD_SEAL_KEY_H
#define TROTH_RECORD_SEAL_KEY_H

#include "record/bound.h"
#include "troth/sealed.h"

#define TROTH_SEALED_VERSION "troth/v1"

/* Which value of which record. */
struct troth_seal_place {
    struct troth_span origin;
    struct troth_span id;
    struct troth_span name;
};

/*
 * troth_seal_key_derive - a record's key from its epoch's, and a field's from that.
 *
 *   out   secret; the caller wipes it
 *
 * Shape    HKDF-SHA256 without salt; as info LP("troth/record/seal/record/v1") ‖ LP(id),
 *          then LP("troth/record/seal/field/v1") ‖ LP(name)
 */
TROTH_MUST_USE enum troth_err
troth_seal_key_derive(uint8_t out[static TROTH_AEAD_KEY_SIZE],
                      const struct troth_crypto *crypto,
                      const uint8_t epoch_key[static TROTH_SEAL_KEY_SIZE],
                      const struct troth_seal_place *place);

/* What a sealed value is bound to: LP("troth/record/seal/v1") ‖ LP(origin) ‖ LP(id) ‖
 * LP(name). */
void troth_seal_bind(struct troth_bound *out, const struct troth_seal_place *place);

#endif
