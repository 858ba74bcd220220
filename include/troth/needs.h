/*
 * needs.h - evidence in, the list of collateral it needs out.
 *
 * A need says what, from whose service, and by which request; nothing here fetches. What
 * some evidence needs is only known once an earlier need is answered (a quote that names
 * its platform by an encrypted identity, say): ask again with the answer, until the list
 * no longer grows.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_NEEDS_H
#define TROTH_NEEDS_H

#include <stdbool.h>

#include "troth/collateral.h"

/* Who answers; the base address is the caller's to choose. */
enum troth_service {
    TROTH_SERVICE_INTEL_PCS =
        1,                    /* Intel's Provisioning Certification Service, or a PCCS */
    TROTH_SERVICE_INTEL_ROOT, /* where Intel publishes its root's revocation list */
    TROTH_SERVICE_AMD_KDS     /* AMD's Key Distribution Service */
};

enum troth_need_kind {
    TROTH_NEED_PCK = 1,     /* the platform's certificate, where the quote has none */
    TROTH_NEED_TCB_INFO,    /* what Intel says of a kind of platform */
    TROTH_NEED_QE_IDENTITY, /* what Intel says of its quoting enclave */
    TROTH_NEED_PCK_CRL,     /* of the PCK CA that certified the platform */
    TROTH_NEED_ROOT_CRL,    /* of Intel's root */
    TROTH_NEED_VCEK,        /* the chip's certificate for its firmware versions */
    TROTH_NEED_AMD_CHAIN,   /* ASK or ASVK, and ARK */
    TROTH_NEED_AMD_CRL      /* of the ARK */
};

/* Texts live in the arena of the call. */
struct troth_need {
    enum troth_need_kind kind;
    enum troth_service service;
    const char *name; /* stable and safe as a file's path: "intel/tdx/tcb/b0c06f000000" */
    const char *about; /* for people: "TCB info of TDX platforms b0c06f000000" */
    const char *path;  /* path and query below the service's address, without a slash */
    const char *pccs_path; /* what a PCCS is asked instead; NULL: the same */
    bool takes_update; /* "&update=early" or "…=standard" may be put behind the path */
    bool is_optional;  /* the verdict does not depend on it: a list, where the issuer is
                          pinned */
    bool is_met;       /* something fitting is among the collateral given */
};

struct troth_needs {
    const struct troth_need *rows;
    size_t count;
};

/* No evidence needs more. */
#define TROTH_NEEDS_MAX 8

/*
 * troth_needs - what collateral would the verification of this evidence use?
 *
 *   out         all needs, met or not; zeroed on failure; a family that needs none, or
 *               evidence that holds all, gives an empty list
 *   collateral  what is at hand, certificates above all; prepared or not
 *   arena       TROTH_VERIFY_ARENA_SIZE bytes always suffice
 *
 * Errors   TROTH_ERR_KIND; the family parser's own; the collateral parsers';
 *          TROTH_ERR_MEMORY, TROTH_ERR_CRYPTO
 * Effects  writes the arena
 * Spec     [PCS] v4; [KDS] 4
 */
TROTH_MUST_USE enum troth_err
troth_needs(struct troth_needs *out, struct troth_fault *fault,
            struct troth_span evidence, const struct troth_collateral *collateral,
            const struct troth_crypto *crypto, struct troth_arena *arena);

#endif
