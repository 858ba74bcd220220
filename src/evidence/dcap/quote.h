/* quote.h - the container that SGX and TDX quotes come in, versions 3, 4 and 5. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_EVIDENCE_DCAP_QUOTE_H
#define TROTH_EVIDENCE_DCAP_QUOTE_H

#include "evidence/dcap/sgx_report.h"
#include "troth/error.h"

/* What is quoted; the numbers are version 5's. */
enum troth_quote_body {
    TROTH_QUOTE_BODY_SGX = 1,
    TROTH_QUOTE_BODY_TD10 = 2,
    TROTH_QUOTE_BODY_TD15 = 3,
    TROTH_QUOTE_BODY_TD15_EX = 4
};

/* Borrows the input. */
struct troth_quote {
#define X(name, size) struct troth_span name;
    TROTH_QUOTE_HEADER(X)
#undef X
    uint16_t number; /* the version: 3, 4 or 5 */
    bool is_tdx;
    enum troth_quote_body body_type;
    struct troth_span body;            /* of the type's size */
    struct troth_span signed_part;     /* what the attestation key signs */
    struct troth_span signature;       /* r ‖ s, 64 bytes */
    struct troth_span attestation_key; /* X ‖ Y, 64 bytes */
    struct troth_sgx_report qe;        /* the quoting enclave's own report */
    struct troth_span qe_report;       /* the same, whole: what the PCK signs */
    struct troth_span qe_signature;    /* r ‖ s, 64 bytes */
    struct troth_span qe_auth_data;
    enum troth_certification_type certification_type; /* never QE_REPORT */
    struct troth_span certification;
    struct troth_span trailing; /* behind the declared end; nothing signs it */
};

/* Does it begin like a quote of this TEE type (SGX also: of no known one)? */
bool troth_quote_recognise(struct troth_span raw, uint32_t tee_type);

/*
 * troth_quote_parse - split a quote at its declared lengths.
 *
 *   out     filled on success, zeroed on failure; borrows `raw`
 *
 * Shape    version 3: SGX, flat; 4: certification data of type 6 around the QE report; 5:
 *          also a body descriptor, whose type, size and TEE type must agree; the key is
 *          P-256; every declared length equals what is in it; bytes behind the declared
 *          end are kept apart
 * Errors   TROTH_ERR_SHORT, TROTH_ERR_VERSION, TROTH_ERR_ALGORITHM (key type),
 *          TROTH_ERR_VALUE (TEE type, QE vendor, body type or size, certification type),
 *          TROTH_ERR_TRAILING (a declared length is longer than what is in it); the
 *          offset is that of the field, or of the first byte left over
 * Effects  none: no allocation, no I/O, no clock
 * Spec     [SGX-DCAP] A.3, A.4; [TDX-DCAP] A.3, A.4
 */
TROTH_MUST_USE enum troth_err troth_quote_parse(struct troth_quote *out,
                                                struct troth_fault *fault,
                                                struct troth_span raw);

#endif
