/*
 * eif_certificate.h - the certificate of a signature section, as everybody reads it.
 *
 * What register 8 measures is what a reader of PEM and DER writes out again. Readers
 * disagree about what stands before a block, and about how much of its bytes a
 * certificate is: what any of them might read otherwise is refused.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_IMAGE_EIF_CERTIFICATE_H
#define TROTH_IMAGE_EIF_CERTIFICATE_H

#include "troth/arena.h"
#include "troth/crypto.h"

struct troth_eif_certificate {
    struct troth_span der; /* what register 8 measures */
    struct troth_public_key
        key; /* zeroed: one of a kind that this reader does not know */
};

/*
 * troth_eif_certificate_read - one certificate in PEM, of any version of X.509.
 *
 *   out   zeroed on failure; borrows the arena
 *
 * Shape    lines of text may stand before and behind it, with neither "-----" nor a zero
 *          in them; none is longer than what OpenSSL reads at once
 * Errors   TROTH_ERR_MISSING: no PEM; TROTH_ERR_UNSUPPORTED: another block;
 *          TROTH_ERR_VALUE, the PEM reader's, the DER reader's
 */
TROTH_MUST_USE enum troth_err
troth_eif_certificate_read(struct troth_eif_certificate *out, struct troth_span pem,
                           struct troth_arena *arena);

#endif
