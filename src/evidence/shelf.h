/* shelf.h - the certificates and revocation lists among prepared collateral, in order. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_EVIDENCE_SHELF_H
#define TROTH_EVIDENCE_SHELF_H

#include "pki/cert.h"
#include "pki/crl.h"
#include "troth/collateral.h"

/* Lives in an arena and borrows the items. */
struct troth_shelf {
    const struct troth_cert **certs;
    size_t cert_count;
    struct troth_crl *crls; /* copies, one behind the other, as chains want them */
    size_t crl_count;
};

/*
 * troth_shelf_fill - sort out prepared items.
 *
 *   out     filled on success, zeroed on failure
 *
 * Errors   TROTH_ERR_MEMORY
 */
TROTH_MUST_USE enum troth_err troth_shelf_fill(struct troth_shelf *out,
                                               const struct troth_collateral *collateral,
                                               struct troth_arena *arena);

#endif
