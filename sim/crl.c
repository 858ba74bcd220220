/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/crl.h"

#define DAY INT64_C(86400)

void sim_crl_default(struct sim_crl *out, const struct sim_cert *issuer, int64_t time_s)
{
    static const uint8_t number_one[] = {0x02, 0x01, 0x01};

    *out = (struct sim_crl){
        .has_version = true,
        .issuer = issuer->subject,
        .this_update_s = time_s - 30 * DAY,
        .next_update_s = time_s + 335 * DAY,
        .has_next_update = true,
        .signing = {.key = issuer->key,
                    .inner_algorithm = issuer->signing.inner_algorithm,
                    .outer_algorithm = issuer->signing.outer_algorithm},
    };
    sim_extensions_set_authority_key(&out->extensions, issuer->key);
    sim_extensions_set(&out->extensions, SIM_OID_CRL_NUMBER, false,
                       SIM_ARRAY(number_one));
}

void sim_crl_revoke(struct sim_crl *crl, const struct sim_cert *cert, int64_t date_s)
{
    if (crl->revoked_count == SIM_REVOKED_MAX)
        sim_die("no room for another revoked certificate");
    crl->revoked[crl->revoked_count++] = (struct sim_revoked){.serial = cert->serial,
                                                              .date_s = date_s};
}

/* crlEntryExtensions that hold a reasonCode alone. */
static void put_reason(struct sim_bytes *out, uint8_t reason)
{
    const uint8_t value[] = {SIM_DER_ENUMERATED, 1, reason};
    struct sim_bytes extension = {0};
    struct sim_bytes list = {0};

    if (reason == 0)
        return;
    sim_der_oid(&extension, "2.5.29.21");
    sim_der_put(&extension, SIM_DER_OCTET_STRING, SIM_ARRAY(value));
    sim_der_wrap(&list, SIM_DER_SEQUENCE, extension);
    sim_der_wrap(out, SIM_DER_SEQUENCE, list);
}

static void put_revoked(struct sim_bytes *out, const struct sim_crl *crl)
{
    struct sim_bytes rows = {0};

    if (crl->revoked_count == 0)
        return;
    for (size_t i = 0; i < crl->revoked_count; i++) {
        const struct sim_revoked *row = &crl->revoked[i];
        struct sim_bytes entry = {0};

        sim_der_put(&entry, SIM_DER_INTEGER,
                    (struct troth_span){row->serial.bytes, row->serial.len});
        sim_der_time(&entry, row->date_s);
        put_reason(&entry, row->reason);
        sim_der_wrap(&rows, SIM_DER_SEQUENCE, entry);
    }
    sim_der_wrap(out, SIM_DER_SEQUENCE, rows);
}

struct sim_bytes sim_crl_mint(const struct sim_crl *crl)
{
    struct sim_bytes fields = {0};

    if (crl->has_version)
        sim_der_number(&fields, 1);
    sim_bytes_append(&fields, crl->signing.inner_algorithm);
    sim_name_put(&fields, &crl->issuer);
    sim_der_time(&fields, crl->this_update_s);
    if (crl->has_next_update)
        sim_der_time(&fields, crl->next_update_s);
    put_revoked(&fields, crl);
    sim_extensions_put(&fields, SIM_DER_CONTEXT(0), &crl->extensions);
    return sim_signing_mint(&crl->signing, fields);
}
