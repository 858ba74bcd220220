/*
 * nsm_message.h - what is asked of a Nitro secure module, and what it answers.
 *
 * Shape    CBOR: a request or an answer is a name, or a map of one name to its fields; an
 *          answer may be {"Error": word} instead
 * Spec     [NSM]
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_ATTESTER_NSM_MESSAGE_H
#define TROTH_ATTESTER_NSM_MESSAGE_H

#include "base/writer.h"

/* [NSM] What its driver takes, and most it gives. */
#define TROTH_NSM_REQUEST_MAX 0x1000
#define TROTH_NSM_ANSWER_MAX  0x3000

enum troth_nsm_kind {
    TROTH_NSM_ATTESTATION,
    TROTH_NSM_DESCRIBE_PCR,
    TROTH_NSM_EXTEND_PCR,
    TROTH_NSM_LOCK_PCR,
    TROTH_NSM_GET_RANDOM
};

/* Its name on the wire: "ExtendPCR". */
const char *troth_nsm_name(enum troth_nsm_kind kind);

/* Public key and nonce are null. */
void troth_nsm_write_attestation(struct troth_writer *w, struct troth_span user_data);
void troth_nsm_write_describe(struct troth_writer *w, uint16_t pcr);
void troth_nsm_write_extend(struct troth_writer *w, uint16_t pcr, struct troth_span data);
void troth_nsm_write_lock(struct troth_writer *w, uint16_t pcr);
void troth_nsm_write_random(struct troth_writer *w);

struct troth_nsm_answer {
    struct troth_span error; /* the module's word; empty: it has done what was asked */
    struct troth_span bytes; /* the document, a PCR's value, random bytes; else empty */
    bool is_locked;          /* of TROTH_NSM_DESCRIBE_PCR */
};

/*
 * troth_nsm_answer_parse - an answer to a request of this kind.
 *
 *   out   borrows `raw`
 *
 * Shape    fields that a later version may add are passed over
 * Errors   those of codec/cbor.h; TROTH_ERR_VALUE: the answer to something else
 */
TROTH_MUST_USE enum troth_err troth_nsm_answer_parse(struct troth_nsm_answer *out,
                                                     struct troth_fault *fault,
                                                     enum troth_nsm_kind kind,
                                                     struct troth_span raw);

#endif
