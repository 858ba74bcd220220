/*
 * intel.h - an SGX or TDX quote, the certificates behind it and Intel's collateral.
 *
 * The defaults have the shape of genuine ones and pass every default check of a verifier
 * that is given their root. The marks of the simulator are keys that belong to nobody and
 * a PPID that begins with "TROTH".
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_SIM_INTEL_H
#define TROTH_SIM_INTEL_H

#include "sim/crl.h"
#include "sim/intel_pck.h"
#include "sim/intel_qe.h"
#include "sim/intel_quote.h"
#include "sim/intel_tcb.h"
#include "sim/keyring.h"

/* Quote version and what is quoted. */
enum sim_intel_kind {
    SIM_SGX_V3,
    SIM_SGX_V4,
    SIM_SGX_V5,
    SIM_TDX_V4,
    SIM_TDX_V5_TD10,
    SIM_TDX_V5_TD15,
    SIM_TDX_V5_TD15_EX,
    SIM_INTEL_KINDS
};

enum sim_intel_place {
    SIM_INTEL_ROOT,
    SIM_INTEL_PLATFORM_CA,  /* certifies server platforms, multi-package ones too */
    SIM_INTEL_PROCESSOR_CA, /* certifies all others */
    SIM_INTEL_PCK,
    SIM_INTEL_TCB_SIGNER, /* signs TCB info and QE identity */
    SIM_INTEL_CERTS
};

#define SIM_INTEL_CHAIN_MAX 8
#define SIM_INTEL_PER_FMSPC 16 /* platforms, by default */

struct sim_intel {
    bool is_tdx;
    enum sim_intel_place ca; /* which of the two certifies the platform */
    struct sim_cert certs[SIM_INTEL_CERTS];
    struct sim_intel_pck pck; /* becomes the PCK certificate's extension, if it has one */
    struct sim_crl root_crl;  /* by the root, for the CAs and the TCB signer */
    struct sim_crl pck_crl;   /* by `ca`, for PCK certificates */

    struct sim_intel_tcb tcb_info;
    struct sim_intel_qe qe_identity;
    struct sim_intel_signing tcb_info_signing, qe_identity_signing;

    struct sim_intel_quote quote;
    enum sim_intel_place chain[SIM_INTEL_CHAIN_MAX]; /* certification data of type 5 */
    size_t chain_count;
    bool chain_ends_with_zero;
    uint8_t encrypted_ppid[384]; /* types 2 and 3 */
};

/*
 * sim_intel_default - a genuine-looking quote and all it takes to verify it.
 *
 *   out     copy it freely: it owns nothing, its keys live in `ring`
 *   number  which platform; all share root, CAs and signer, SIM_INTEL_PER_FMSPC at
 *           a time an FMSPC
 *   time_s  when it is looked at; TCB info, QE identity and the PCK's list are ten days
 *           old then and end in twenty, the root's list began 100 days ago
 *
 * Shape    SGX version 3 by the Processor CA, all others by the Platform CA; the chain is
 *          embedded, its PCK first; TDX module version 1, of which there is an identity;
 *          TCB levels of every status (enum sim_intel_status), the platform at the top;
 *          report data is zero; strangers' certificates are revoked
 */
void sim_intel_default(struct sim_intel *out, struct sim_keyring *ring,
                       enum sim_intel_kind kind, unsigned number, int64_t time_s);

/* The default levels of a platform, the highest first. */
enum sim_intel_status {
    SIM_UP_TO_DATE,
    SIM_SW_HARDENING,
    SIM_CONFIGURATION,
    SIM_CONFIGURATION_SW_HARDENING,
    SIM_OUT_OF_DATE,
    SIM_OUT_OF_DATE_CONFIGURATION,
    SIM_REVOKED,
    SIM_NO_LEVEL /* below all of them */
};

/* The platform's processor gets the versions of this level: in PCK certificate, CPUSVN
 * and an enclave's report. */
void sim_intel_set_status(struct sim_intel *doc, enum sim_intel_status status);

/* The same of the part of TEE_TCB_SVN (or TEE_TCB_SVN2) that is not the module's. */
void sim_intel_set_td_status(uint8_t tee_tcb_svn[static 16],
                             enum sim_intel_status status);

/* The enclave or trust domain may be debugged. */
void sim_intel_set_debug(struct sim_intel *doc);

/* Which CA certifies the platform, and with it the list and what the PCK certificate
 * says. */
void sim_intel_set_ca(struct sim_intel *doc, enum sim_intel_place ca);

/* SGX: TCB info as the service's version 2 or 3 has it; 2 states no advisories. */
void sim_intel_set_tcb_version(struct sim_intel *doc, unsigned version);

/* Platform and TCB info. */
void sim_intel_set_fmspc(struct sim_intel *doc, const uint8_t fmspc[static 6]);

/* How the quote certifies its QE; all but 5 leave the PCK chain out. */
void sim_intel_set_certification(struct sim_intel *doc, uint16_t type);

/* A place's key changes; what it signs, lists and documents included, is signed with the
 * new one. */
void sim_intel_set_key(struct sim_intel *doc, enum sim_intel_place place,
                       const struct sim_key *key);

/* The certificate as it is minted: the PCK's with its extension, if it has that row. */
void sim_intel_get_cert(struct sim_cert *out, const struct sim_intel *doc,
                        enum sim_intel_place place);

/* Each is minted anew; the caller frees it. Lists: sim_crl_mint(&doc->root_crl). */
struct sim_bytes sim_intel_mint(const struct sim_intel *doc); /* the quote */
struct sim_bytes sim_intel_mint_cert(const struct sim_intel *doc,
                                     enum sim_intel_place place); /* DER */

/* Certificates in PEM, one behind the other. */
struct sim_bytes sim_intel_mint_chain(const struct sim_intel *doc,
                                      const enum sim_intel_place *places, size_t count);

/* The very bytes that are signed, and their signature, 64 bytes. */
struct sim_bytes sim_intel_tcb_info(const struct sim_intel *doc);
struct sim_bytes sim_intel_tcb_info_signature(const struct sim_intel *doc);
struct sim_bytes sim_intel_qe_identity(const struct sim_intel *doc);
struct sim_bytes sim_intel_qe_identity_signature(const struct sim_intel *doc);

/* As Intel's service sends them: JSON with the signature beside it. */
struct sim_bytes sim_intel_tcb_info_document(const struct sim_intel *doc);
struct sim_bytes sim_intel_qe_identity_document(const struct sim_intel *doc);

#endif
