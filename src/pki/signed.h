/* signed.h - the envelope that certificates and revocation lists share: SIGNED { tbs }.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_PKI_SIGNED_H
#define TROTH_PKI_SIGNED_H

#include "base/cursor.h"
#include "troth/crypto.h"

/* What faults call the parts. */
struct troth_signed_fields {
    const char *whole, *tbs, *signed_with, *algorithm, *signature;
};

/* An envelope being read. */
struct troth_signed {
    const struct troth_signed_fields *fields;
    struct troth_cursor whole, outer;
    struct troth_cursor tbs; /* for the caller to read */
    const uint8_t *start;    /* of the tbs, header included */
    struct troth_span inner; /* the AlgorithmIdentifier inside the tbs */
    enum troth_signature_algorithm signed_with;
    struct troth_span tbs_raw;   /* what is signed; set by troth_signed_leave() */
    struct troth_span signature; /* likewise */
};

/* Open the envelope; the caller reads `tbs` and calls the next at the algorithm's place.
 */
struct troth_signed troth_signed_enter(struct troth_span der,
                                       const struct troth_signed_fields *fields);
void troth_signed_read_algorithm(struct troth_signed *s);

/*
 * troth_signed_leave - the rest: the algorithm again, byte for byte, and the signature.
 *
 * Errors   the DER reader's; TROTH_ERR_ALGORITHM where the two differ or it is none that
 *          this build knows
 * Spec     [RFC5280] 4.1.1, 5.1.1
 */
TROTH_MUST_USE enum troth_err troth_signed_leave(struct troth_signed *s,
                                                 struct troth_fault *fault);

#endif
