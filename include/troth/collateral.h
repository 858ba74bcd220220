/*
 * collateral.h - endorsements that travel beside evidence: certificates, revocation lists
 * and what a vendor states under its signature.
 *
 * Files are recognised by content, never by name. What is in them is checked as strictly
 * as evidence is.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_COLLATERAL_H
#define TROTH_COLLATERAL_H

#include "troth/arena.h"
#include "troth/crypto.h"

enum troth_collateral_kind {
    TROTH_COLLATERAL_CERTIFICATE = 1, /* X.509, DER */
    TROTH_COLLATERAL_CRL,             /* X.509 revocation list, DER */
    TROTH_COLLATERAL_TCB_INFO,        /* Intel's TCB info, JSON */
    TROTH_COLLATERAL_QE_IDENTITY      /* Intel's identity of a quoting enclave, JSON */
};

struct troth_collateral_item {
    enum troth_collateral_kind kind;
    struct troth_span bytes;     /* DER; of JSON the very bytes that are signed */
    struct troth_span signature; /* of JSON: r ‖ s, 64 bytes; else empty */

    /* Set by troth_collateral_prepare(); NULL and zeros until then. */
    const void *parsed; /* private to the core */
    uint8_t sha256[32]; /* of bytes ‖ signature */
};

struct troth_collateral {
    const struct troth_collateral_item *items;
    size_t count;
};

/* Items one call may hold; more is TROTH_ERR_LIMIT. */
#define TROTH_COLLATERAL_MAX 64

/* What reading a file of this length may take of an arena. */
#define TROTH_COLLATERAL_ROOM(len) (4 * (len) + 4096)

/*
 * troth_collateral_read - unpack one file and append what is in it.
 *
 *   items   room for TROTH_COLLATERAL_MAX; `*count` of them are filled
 *   file    DER; PEM with any number of blocks; hex of either; an SNP certificate table;
 *           Azure's host certificate JSON (vcekCert, certificateChain); Intel's signed
 *           JSON as PCS and PCCS send it ({"tcbInfo":…} or {"enclaveIdentity":…} with its
 *           signature); one JSON bundle of all that a quote needs, with dcap-qvl's names;
 *           or any of these behind the HTTP headers of the answer it came in, whose
 *           …-Issuer-Chain headers are read too
 *   arena   holds what had to be decoded, TROTH_COLLATERAL_ROOM(file.len) bytes always
 *           suffice; the rest is borrowed from `file`
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

/*
 * troth_collateral_prepare - parse items once, so that many verifications can share them.
 *
 * Optional: troth_verify() prepares in its own arena what was not prepared. Prepared
 * items are only read afterwards, also by several threads at once. Nothing is judged
 * here.
 *
 *   items   those already prepared are left alone; on failure none is changed
 *   failed  index of the item that the fault is about; may be NULL
 *   arena   keeps the parsed form as long as the items are used; TROTH_PREPARE_ARENA_SIZE
 *           bytes always suffice for TROTH_COLLATERAL_MAX items
 *
 * Errors   the parsers' own; TROTH_ERR_MEMORY, TROTH_ERR_CRYPTO
 */
TROTH_MUST_USE enum troth_err
troth_collateral_prepare(struct troth_collateral_item *items, size_t count,
                         size_t *failed, struct troth_fault *fault,
                         const struct troth_crypto *crypto, struct troth_arena *arena);
#define TROTH_PREPARE_ARENA_SIZE ((size_t)2 * 1024 * 1024)

#endif
