/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/snp.h"

#include <string.h>

#define POLICY_DEBUG (UINT64_C(1) << 19)
#define TABLE_ROW    24 /* GUID, offset, length */

void sim_snp_set_version(struct sim_snp *doc, uint64_t version)
{
    const struct sim_snp_product_facts *facts = sim_snp_product_facts(doc->product);
    struct sim_snp_report *report = &doc->report;

    report->version = version;
    report->cpuid_family = version >= 3 ? facts->family : 0;
    report->cpuid_model = version >= 3 ? facts->model : 0;
    report->cpuid_stepping = version >= 3 ? facts->stepping : 0;
    report->launch_mit_vector = version >= 5 ? facts->mit_vector : 0;
    report->current_mit_vector = version >= 5 ? facts->mit_vector : 0;
}

void sim_snp_set_debug(struct sim_snp *doc)
{
    doc->report.policy |= POLICY_DEBUG;
}

static size_t tcb_byte(const struct sim_snp *doc, enum sim_tcb_part part)
{
    const int byte = sim_snp_product_facts(doc->product)->tcb_byte[part];

    if (byte < 0)
        sim_die("this product has no such firmware part");
    return (size_t)byte;
}

void sim_snp_set_tcb_part(const struct sim_snp *doc, uint8_t tcb[static 8],
                          enum sim_tcb_part part, uint8_t version)
{
    tcb[tcb_byte(doc, part)] = version;
}

static void set_spl(struct sim_snp *doc, const struct sim_spl *spl, uint8_t version)
{
    struct sim_bytes value = {0};

    sim_der_number(&value, version);
    sim_extensions_set(&doc->certs[SIM_SNP_VEK].extensions, spl->oid, false,
                       sim_bytes_span(value));
    sim_bytes_free(&value);
}

void sim_snp_set_vek_part(struct sim_snp *doc, enum sim_tcb_part part, uint8_t version)
{
    const struct sim_snp_product_facts *facts = sim_snp_product_facts(doc->product);
    const size_t byte = tcb_byte(doc, part);

    for (size_t i = 0; i < SIM_SPLS; i++)
        if (facts->spls[i].tcb_byte == byte)
            set_spl(doc, &facts->spls[i], version);
}

void sim_snp_match_vek(struct sim_snp *doc)
{
    const struct sim_snp_product_facts *facts = sim_snp_product_facts(doc->product);

    for (size_t i = 0; i < SIM_SPLS; i++)
        set_spl(doc, &facts->spls[i], doc->report.reported_tcb[facts->spls[i].tcb_byte]);
}

void sim_snp_set_key(struct sim_snp *doc, enum sim_snp_place place,
                     const struct sim_key *key)
{
    struct sim_cert *certs = doc->certs;

    sim_cert_set_key(&certs[place], key);
    switch (place) {
    case SIM_SNP_ARK:
        for (int signed_by_ark = SIM_SNP_ARK; signed_by_ark <= SIM_SNP_ASVK;
             signed_by_ark++)
            sim_cert_set_issuer(&certs[signed_by_ark], &certs[SIM_SNP_ARK]);
        doc->crl.signing.key = key;
        sim_extensions_set_authority_key(&doc->crl.extensions, key);
        break;
    case SIM_SNP_ASK:
    case SIM_SNP_ASVK:
        if ((place == SIM_SNP_ASVK) == (doc->signer == SIM_VLEK))
            sim_cert_set_issuer(&certs[SIM_SNP_VEK], &certs[place]);
        break;
    case SIM_SNP_VEK:
        doc->key = key;
        break;
    case SIM_SNP_CERTS:
        break;
    }
}

struct sim_bytes sim_snp_mint(const struct sim_snp *doc)
{
    return sim_snp_report_mint(&doc->report, doc->key, doc->edit_report,
                               doc->edit_signature);
}

static void put_u32(struct sim_bytes *out, size_t number)
{
    for (size_t i = 0; i < 4; i++)
        sim_bytes_append_byte(out, (uint8_t)(number >> 8 * i));
}

struct sim_bytes sim_snp_mint_table(const struct sim_snp *doc)
{
    const size_t head_len = (doc->table_count + 1) * TABLE_ROW; /* ends with a zero row */
    struct sim_bytes head = {0};
    struct sim_bytes blobs = {0};

    for (size_t i = 0; i < doc->table_count; i++) {
        struct sim_bytes der = sim_cert_mint(&doc->certs[doc->table[i].place]);

        sim_bytes_append(&head, SIM_ARRAY(doc->table[i].guid));
        put_u32(&head, head_len + blobs.len);
        put_u32(&head, der.len);
        sim_bytes_take(&blobs, der);
    }
    sim_bytes_append_zeros(&head, TABLE_ROW);
    sim_bytes_take(&head, blobs);
    return head;
}

struct sim_bytes sim_snp_mint_extended(const struct sim_snp *doc)
{
    struct sim_bytes out = sim_snp_mint(doc);

    sim_bytes_take(&out, sim_snp_mint_table(doc));
    return out;
}
