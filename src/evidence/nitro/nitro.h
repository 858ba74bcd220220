/* nitro.h - AWS Nitro attestation documents. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_EVIDENCE_NITRO_NITRO_H
#define TROTH_EVIDENCE_NITRO_NITRO_H

#include "codec/cose.h"
#include "evidence/format.h"
#include "evidence/nitro/layout.h"

/* The fields of a document; borrows the input. Absent and null are both {NULL, 0}; an
 * empty byte string has a pointer. */
struct troth_nitro {
    struct troth_cose_sign1 envelope;
    bool is_tpm; /* "nitrotpm_pcrs": an instance's document, not an enclave's */
    struct troth_span module_id;
    struct troth_span digest;
    uint64_t timestamp_ms;
    struct troth_span pcrs[TROTH_NITRO_PCRS]; /* {NULL, 0} where the document has none */
    struct troth_span certificate;
    struct troth_span bundle[TROTH_NITRO_BUNDLE_MAX]; /* root first */
    size_t bundle_count;
    struct troth_span public_key, user_data, nonce;
};

/*
 * troth_nitro_parse - split a document into its fields.
 *
 *   out     filled on success, zeroed on failure; borrows `raw`
 *   raw     one COSE_Sign1, tagged or not
 *
 * Shape    payload map of module_id, digest, timestamp, pcrs or nitrotpm_pcrs,
 *          certificate, cabundle; public_key, user_data, nonce may be absent or null;
 *          definite or indefinite lengths; unknown keys are refused
 * Units    timestamp in milliseconds since 1970, UTC
 * Errors   the COSE and CBOR readers'; TROTH_ERR_MISSING, TROTH_ERR_LIMIT,
 *          TROTH_ERR_VALUE, TROTH_ERR_UNSUPPORTED (an unknown key)
 * Effects  none: no allocation, no I/O, no clock
 * Spec     [NITRO] "Attestation document specification"
 */
TROTH_MUST_USE enum troth_err troth_nitro_parse(struct troth_nitro *out,
                                                struct troth_fault *fault,
                                                struct troth_span raw);

/* Would an enclave with these registers be open to its host? */
bool troth_nitro_is_debug(const struct troth_nitro *document);

/* The three other words of the family; see evidence/format.h. */
TROTH_MUST_USE enum troth_err troth_nitro_verify(struct troth_judgement *j,
                                                 struct troth_fault *fault, void *fields);
TROTH_MUST_USE enum troth_err troth_nitro_claims(struct troth_claims *out,
                                                 const void *fields,
                                                 struct troth_arena *arena);

extern const enum troth_check_id troth_nitro_plan[];
extern const struct troth_format troth_nitro_format;

#endif
