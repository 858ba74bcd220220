/* pck.h - what Intel's certificate says of a platform: the PCK's extension. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_EVIDENCE_DCAP_PCK_H
#define TROTH_EVIDENCE_DCAP_PCK_H

#include <stdbool.h>

#include "troth/error.h"
#include "troth/span.h"

#define TROTH_TCB_COMPONENTS 16

/* Contents of the OBJECT IDENTIFIER 1.2.840.113741.1.13.1. */
#define TROTH_PCK_OID TROTH_LITERAL("\x2a\x86\x48\x86\xf8\x4d\x01\x0d\x01")

enum troth_sgx_type {
    TROTH_SGX_STANDARD = 0,
    TROTH_SGX_SCALABLE = 1,
    TROTH_SGX_SCALABLE_WITH_INTEGRITY = 2
};

/* Borrows the certificate. */
struct troth_pck {
    struct troth_span ppid; /* 16 bytes: the platform's identity */
    uint8_t components[TROTH_TCB_COMPONENTS];
    uint16_t pce_svn;
    struct troth_span cpu_svn; /* 16 bytes */
    struct troth_span pce_id;  /* 2 bytes */
    struct troth_span fmspc;   /* 6 bytes: which kind of platform */
    enum troth_sgx_type sgx_type;

    /* By the Platform CA only; empty and false where the certificate has none. */
    struct troth_span platform_instance_id; /* 16 bytes */
    bool has_configuration;
    bool has_dynamic_platform, has_cached_keys, has_smt; /* each is optional in it */
    bool dynamic_platform, cached_keys, smt;
};

/*
 * troth_pck_parse - split the extension's value.
 *
 *   out     filled on success, zeroed on failure; borrows `extension`
 *
 * Shape    entries in any order; ones without a meaning are skipped; all sixteen
 *          components, PCESVN, CPUSVN, PPID, PCEID, FMSPC and SGX type must be there; of
 *          those with a meaning none twice
 * Errors   the DER reader's; TROTH_ERR_MISSING, TROTH_ERR_DUPLICATE, TROTH_ERR_VALUE
 * Effects  none
 * Spec     [PCK] 1.3.5 "SGX Extensions"
 */
TROTH_MUST_USE enum troth_err troth_pck_parse(struct troth_pck *out,
                                              struct troth_fault *fault,
                                              struct troth_span extension);

#endif
