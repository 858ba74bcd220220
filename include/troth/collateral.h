/*
 * collateral.h - endorsements that travel beside evidence: certificates and lists.
 *
 * Files are recognised by content, never by name. What is in them is checked as strictly
 * as evidence is.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_COLLATERAL_H
#define TROTH_COLLATERAL_H

#include "troth/arena.h"
#include "troth/error.h"
#include "troth/span.h"

enum troth_collateral_kind {
    TROTH_COLLATERAL_CERTIFICATE = 1, /* X.509, DER */
    TROTH_COLLATERAL_CRL              /* X.509 revocation list, DER */
};

struct troth_collateral_item {
    enum troth_collateral_kind kind;
    struct troth_span der;
};

struct troth_collateral {
    const struct troth_collateral_item *items;
    size_t count;
};

/* Items one call may hold; more is TROTH_ERR_LIMIT. */
#define TROTH_COLLATERAL_MAX 64

/*
 * troth_collateral_read - unpack one file and append what is in it.
 *
 *   items   room for TROTH_COLLATERAL_MAX; `*count` of them are filled
 *   file    DER; PEM with any number of blocks; an SNP certificate table; Azure's host
 *           certificate JSON (vcekCert, certificateChain)
 *   arena   holds what had to be decoded; DER is borrowed from `file`
 *
 * Errors   TROTH_ERR_KIND when the content is none of these; TROTH_ERR_LIMIT; the
 *          readers' own
 * Effects  none
 */
TROTH_MUST_USE enum troth_err troth_collateral_read(struct troth_collateral_item *items,
                                                    size_t *count,
                                                    struct troth_fault *fault,
                                                    struct troth_span file,
                                                    struct troth_arena *arena);

#endif
