/* cert.h - an X.509 certificate, every field settable, signed when it is minted. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_SIM_CERT_H
#define TROTH_SIM_CERT_H

#include "sim/x509.h"

struct sim_cert {
    uint8_t version; /* as encoded: 2 is v3 */
    struct sim_serial serial;
    struct sim_name issuer, subject;
    int64_t not_before_s, not_after_s; /* since 1970, UTC */
    const struct sim_key *key;         /* whose certificate this is */
    struct sim_extensions extensions;
    struct sim_signing signing; /* by its issuer */
};

/* The issuer's name, key and key identifier, where the certificate has one, change. */
void sim_cert_set_issuer(struct sim_cert *cert, const struct sim_cert *issuer);

/* The certificate's own key and key identifier, where it has one, change. */
void sim_cert_set_key(struct sim_cert *cert, const struct sim_key *key);

/* DER; the caller frees it. */
struct sim_bytes sim_cert_mint(const struct sim_cert *cert);

#endif
