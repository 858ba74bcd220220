/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/cert.h"

void sim_cert_set_issuer(struct sim_cert *cert, const struct sim_cert *issuer)
{
    cert->issuer = issuer->subject;
    cert->signing.key = issuer->key;
    if (sim_extensions_find(&cert->extensions, SIM_OID_AUTHORITY_KEY_ID))
        sim_extensions_set_authority_key(&cert->extensions, issuer->key);
}

void sim_cert_set_key(struct sim_cert *cert, const struct sim_key *key)
{
    cert->key = key;
    if (sim_extensions_find(&cert->extensions, SIM_OID_SUBJECT_KEY_ID))
        sim_extensions_set_subject_key(&cert->extensions, key);
}

static void put_version(struct sim_bytes *out, uint8_t version)
{
    struct sim_bytes number = {0};

    sim_der_number(&number, version);
    sim_der_wrap(out, SIM_DER_CONTEXT(0), number);
}

static void put_validity(struct sim_bytes *out, const struct sim_cert *cert)
{
    struct sim_bytes times = {0};

    sim_der_time(&times, cert->not_before_s);
    sim_der_time(&times, cert->not_after_s);
    sim_der_wrap(out, SIM_DER_SEQUENCE, times);
}

struct sim_bytes sim_cert_mint(const struct sim_cert *cert)
{
    struct sim_bytes fields = {0};

    if (cert->version != 0)
        put_version(&fields, cert->version);
    sim_der_put(&fields, SIM_DER_INTEGER,
                (struct troth_span){cert->serial.bytes, cert->serial.len});
    sim_bytes_append(&fields, cert->signing.inner_algorithm);
    sim_name_put(&fields, &cert->issuer);
    put_validity(&fields, cert);
    sim_name_put(&fields, &cert->subject);
    sim_bytes_take(&fields, sim_key_info(cert->key));
    sim_extensions_put(&fields, SIM_DER_CONTEXT(3), &cert->extensions);
    return sim_signing_mint(&cert->signing, fields);
}
