/* crl.h - a certificate revocation list, every field settable, signed when minted. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_SIM_CRL_H
#define TROTH_SIM_CRL_H

#include "sim/cert.h"

#define SIM_REVOKED_MAX 16

struct sim_revoked {
    struct sim_serial serial;
    int64_t date_s;
    uint8_t reason; /* 1 is keyCompromise; 0: the entry names none */
};

struct sim_crl {
    bool has_version; /* v2; without, the list is v1 */
    struct sim_name issuer;
    int64_t this_update_s, next_update_s;
    bool has_next_update;
    struct sim_revoked revoked[SIM_REVOKED_MAX];
    size_t revoked_count; /* none: the whole entry is left out, as [RFC5280] demands */
    struct sim_extensions extensions;
    struct sim_signing signing;
};

/* A fresh list that `issuer` signs as it was signed: number 1, nothing on it, a year. */
void sim_crl_default(struct sim_crl *out, const struct sim_cert *issuer, int64_t time_s);

/* Put the certificate on the list, for no reason. */
void sim_crl_revoke(struct sim_crl *crl, const struct sim_cert *cert, int64_t date_s);

/* DER; the caller frees it. */
struct sim_bytes sim_crl_mint(const struct sim_crl *crl);

#endif
