/*
 * snp.h - an SEV-SNP report, the certificates behind it and AMD's revocation list.
 *
 * The defaults have the shape of genuine ones of each product and pass every default
 * check of a verifier that is given their ARK. The marks of the simulator are keys that
 * belong to nobody and a hardware id that begins with "TROTH".
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_SIM_SNP_H
#define TROTH_SIM_SNP_H

#include "sim/crl.h"
#include "sim/keyring.h"
#include "sim/snp_product.h"
#include "sim/snp_report.h"

/* Which key signs the report: the chip's own, or the one a cloud provider loaded. */
enum sim_snp_signer { SIM_VCEK, SIM_VLEK };

enum sim_snp_place {
    SIM_SNP_ARK,
    SIM_SNP_ASK,  /* signs VCEKs */
    SIM_SNP_ASVK, /* signs VLEKs */
    SIM_SNP_VEK,  /* VCEK or VLEK */
    SIM_SNP_CERTS
};

/* Extensions of the VEK; the security versions are in snp_product.c. */
#define SIM_OID_AMD_STRUCT_VERSION "1.3.6.1.4.1.3704.1.1"
#define SIM_OID_AMD_PRODUCT_NAME   "1.3.6.1.4.1.3704.1.2"
#define SIM_OID_AMD_HARDWARE_ID    "1.3.6.1.4.1.3704.1.4"
#define SIM_OID_AMD_CSP_ID         "1.3.6.1.4.1.3704.1.5"

/* One row of the certificate table that the host hands to its guest. */
struct sim_snp_row {
    uint8_t guid[16]; /* as RFC 4122 writes it */
    enum sim_snp_place place;
};

struct sim_snp {
    enum sim_snp_product product;
    enum sim_snp_signer signer;
    struct sim_snp_report report;
    struct sim_cert certs[SIM_SNP_CERTS];
    struct sim_crl crl; /* by the ARK, for ASK and ASVK */
    struct sim_snp_row table[8];
    size_t table_count;

    const struct sim_key *key; /* signs the report */
    struct sim_edit edit_report;
    struct sim_edit edit_signature;
};

/*
 * sim_snp_default - a genuine-looking report of a guest that may not be debugged.
 *
 *   out     copy it freely: it owns nothing, its keys live in `ring`
 *   number  which chip; all of one product share ARK, ASK and ASVK
 *   time_s  when it is looked at; the VEK is 90 days old then, the list 30 days
 *
 * Shape    version 3 (Turin: 5); policy 0x30000, VMPL 0, platform info 0x25; the four
 *          TCBs equal; nothing revoked; a table of ARK, ASK or ASVK, and VEK
 */
void sim_snp_default(struct sim_snp *out, struct sim_keyring *ring,
                     enum sim_snp_product product, enum sim_snp_signer signer,
                     unsigned number, int64_t time_s);

/* 2, 3 or 5: fields that came with a later version become zero. */
void sim_snp_set_version(struct sim_snp *doc, uint64_t version);

/* The policy's debug bit. */
void sim_snp_set_debug(struct sim_snp *doc);

/* One part's security version, in one TCB of the report. */
void sim_snp_set_tcb_part(const struct sim_snp *doc, uint8_t tcb[static 8],
                          enum sim_tcb_part part, uint8_t version);

/* The same in the VEK: its extension. */
void sim_snp_set_vek_part(struct sim_snp *doc, enum sim_tcb_part part, uint8_t version);

/* All the VEK's security versions become those of the report's reported_tcb. */
void sim_snp_match_vek(struct sim_snp *doc);

/* A place's key changes; what it signs, the list included, is signed with the new one. */
void sim_snp_set_key(struct sim_snp *doc, enum sim_snp_place place,
                     const struct sim_key *key);

/* Each is minted anew; the caller frees it. Certificates: sim_cert_mint(&doc->certs[…]),
 * list: sim_crl_mint(&doc->crl). */
struct sim_bytes sim_snp_mint(const struct sim_snp *doc);          /* the report */
struct sim_bytes sim_snp_mint_table(const struct sim_snp *doc);    /* the table */
struct sim_bytes sim_snp_mint_extended(const struct sim_snp *doc); /* one, the other */

#endif
