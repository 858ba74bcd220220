/* The values a genuine report and its certificates have. */
/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <string.h>

#include "sim/snp.h"

#define DAY       INT64_C(86400)
#define VCEK_LIFE (2557 * DAY) /* seven years, two of them leap years */
#define VLEK_LIFE (365 * DAY)
#define CSP_ID    "CN=cc-us-east-2.amazonaws.com" /* as in a genuine VLEK */

/* AMD 56421, "GHCB", names these GUIDs. */
/* clang-format off */
static const struct sim_snp_row rows[] = {
    {{0xc0, 0xb4, 0x06, 0xa4, 0xa8, 0x03, 0x49, 0x52,
      0x97, 0x43, 0x3f, 0xb6, 0x01, 0x4c, 0xd0, 0xae}, SIM_SNP_ARK},
    {{0x4a, 0xb7, 0xb3, 0x79, 0xbb, 0xac, 0x4f, 0xe4,
      0xa0, 0x2f, 0x05, 0xae, 0xf3, 0x27, 0xc7, 0x82}, SIM_SNP_ASK},
};
static const uint8_t vcek_guid[16] = {
    0x63, 0xda, 0x75, 0x8d, 0xe6, 0x64, 0x45, 0x64,
    0xad, 0xc5, 0xf4, 0xb9, 0x3b, 0xe8, 0xac, 0xcd,
};
static const uint8_t vlek_guid[16] = {
    0xa8, 0x07, 0x4b, 0xc2, 0xa2, 0x5a, 0x48, 0x3e,
    0xaa, 0xe6, 0x39, 0xc0, 0x45, 0xa0, 0xb8, 0xa1,
};
/* clang-format on */

static void set_name(struct sim_name *name, const char *prefix, const char *product)
{
    char common[32];

    (void)snprintf(common, sizeof common, "%s%s", prefix, product);
    sim_name_add(name, "OU", "Engineering");
    sim_name_add(name, "C", "US");
    sim_name_add(name, "L", "Santa Clara");
    sim_name_add(name, "ST", "CA");
    sim_name_add(name, "O", "Advanced Micro Devices");
    sim_name_add(name, "CN", common);
}

static void set_crl_point(struct sim_cert *cert, const char *kind, const char *product)
{
    char url[80];

    (void)snprintf(url, sizeof url, "https://kdsintf.amd.com/%s/v1/%s/crl", kind,
                   product);
    sim_extensions_set_crl_point(&cert->extensions, url);
}

static void set_algorithm(struct sim_cert *cert, struct troth_span algorithm)
{
    cert->signing.inner_algorithm = algorithm;
    cert->signing.outer_algorithm = algorithm;
}

static const struct sim_key *ca_key(struct sim_keyring *ring, const char *what,
                                    const char *product)
{
    struct sim_label label;

    (void)snprintf(label.text, sizeof label.text, "snp/%s/%s", product, what);
    return sim_keyring_key(ring, SIM_KEY_RSA4096, label.text);
}

static void set_ark(struct sim_snp *doc, struct sim_keyring *ring)
{
    const struct sim_snp_product_facts *facts = sim_snp_product_facts(doc->product);
    struct sim_cert *ark = &doc->certs[SIM_SNP_ARK];

    ark->version = 2;
    ark->serial = sim_serial_from(SIM_ARRAY(facts->ark_serial));
    ark->not_before_s = facts->ark.not_before_s;
    ark->not_after_s = facts->ark.not_after_s;
    ark->key = ca_key(ring, "ark", facts->name);
    set_name(&ark->subject, "ARK-", facts->name);
    set_algorithm(ark, sim_algorithm_pss_sha384_trailer());
    sim_extensions_set_usage(&ark->extensions, true, 1, 0x06);
    sim_extensions_set_subject_key(&ark->extensions, ark->key);
    sim_extensions_set_constraints(&ark->extensions, SIM_PATH_UNLIMITED);
    set_crl_point(ark, "vcek", facts->name);
    sim_cert_set_issuer(ark, ark);
}

/* keyUsage names one unused bit where DER would have two: so do AMD's own. */
static void set_ca(struct sim_snp *doc, enum sim_snp_place place)
{
    const bool is_vlek = place == SIM_SNP_ASVK;
    const struct sim_snp_product_facts *facts = sim_snp_product_facts(doc->product);
    struct sim_cert *ca = &doc->certs[place];

    ca->version = 2;
    set_name(&ca->subject, is_vlek ? "SEV-VLEK-" : "SEV-", facts->name);
    set_algorithm(ca, sim_algorithm_pss_sha384_trailer());
    sim_extensions_set_subject_key(&ca->extensions, ca->key);
    sim_extensions_set_authority_key(&ca->extensions, doc->certs[SIM_SNP_ARK].key);
    sim_extensions_set_constraints(&ca->extensions, 0);
    sim_extensions_set_usage(&ca->extensions, true, 1, 0x04);
    set_crl_point(ca, is_vlek ? "vlek" : "vcek", facts->name);
    sim_cert_set_issuer(ca, &doc->certs[SIM_SNP_ARK]);
}

static void set_cas(struct sim_snp *doc, struct sim_keyring *ring)
{
    const struct sim_snp_product_facts *facts = sim_snp_product_facts(doc->product);
    struct sim_cert *ask = &doc->certs[SIM_SNP_ASK];
    struct sim_cert *asvk = &doc->certs[SIM_SNP_ASVK];

    ask->key = ca_key(ring, "ask", facts->name);
    ask->serial = sim_serial_from(SIM_ARRAY(facts->ask_serial));
    ask->not_before_s = facts->ask.not_before_s;
    ask->not_after_s = facts->ask.not_after_s;
    set_ca(doc, SIM_SNP_ASK);

    asvk->key = ca_key(ring, "asvk", facts->name);
    asvk->serial = sim_serial_from(SIM_ARRAY(facts->asvk_serial));
    asvk->not_before_s = facts->asvk.not_before_s;
    asvk->not_after_s = facts->asvk.not_after_s;
    set_ca(doc, SIM_SNP_ASVK);
}

static void set_amd_text(struct sim_extensions *list, const char *oid, const char *text)
{
    struct sim_bytes value = {0};

    sim_der_put(&value, SIM_DER_IA5_STRING, sim_text(text));
    sim_extensions_set(list, oid, false, sim_bytes_span(value));
    sim_bytes_free(&value);
}

static void set_vek_extensions(struct sim_snp *doc)
{
    const struct sim_snp_product_facts *facts = sim_snp_product_facts(doc->product);
    const bool is_vlek = doc->signer == SIM_VLEK;
    struct sim_extensions *list = &doc->certs[SIM_SNP_VEK].extensions;
    const uint8_t version[] = {SIM_DER_INTEGER, 1, facts->struct_version};

    sim_extensions_set(list, SIM_OID_AMD_STRUCT_VERSION, false, SIM_ARRAY(version));
    set_amd_text(list, SIM_OID_AMD_PRODUCT_NAME,
                 is_vlek ? facts->name : facts->vcek_name);
    sim_snp_match_vek(doc);
    if (is_vlek)
        set_amd_text(list, SIM_OID_AMD_CSP_ID, CSP_ID);
    else /* raw, with no string around it */
        sim_extensions_set(
            list, SIM_OID_AMD_HARDWARE_ID, false,
            (struct troth_span){doc->report.chip_id, facts->hardware_id_len});
}

static void set_vek(struct sim_snp *doc, struct sim_keyring *ring, const char *label,
                    int64_t time_s)
{
    static const uint8_t zero[] = {0};
    const bool is_vlek = doc->signer == SIM_VLEK;
    struct sim_cert *vek = &doc->certs[SIM_SNP_VEK];

    vek->version = 2;
    vek->serial = sim_serial_from(SIM_ARRAY(zero));
    vek->not_before_s = time_s - 90 * DAY;
    vek->not_after_s = vek->not_before_s + (is_vlek ? VLEK_LIFE : VCEK_LIFE);
    vek->key = sim_keyring_key(ring, SIM_KEY_P384, label);
    set_name(&vek->subject, is_vlek ? "SEV-VLEK" : "SEV-VCEK", "");
    set_algorithm(vek, sim_algorithm_pss_sha384());
    set_vek_extensions(doc);
    sim_cert_set_issuer(vek, &doc->certs[is_vlek ? SIM_SNP_ASVK : SIM_SNP_ASK]);
    doc->key = vek->key;
}

static void set_chip_id(struct sim_snp *doc, const struct sim_keyring *ring,
                        const char *label)
{
    const struct sim_snp_product_facts *facts = sim_snp_product_facts(doc->product);

    if (doc->signer == SIM_VLEK)
        return;
    sim_keyring_fill(ring, label, doc->report.chip_id, facts->hardware_id_len);
    memcpy(doc->report.chip_id, "TROTH", 5);
}

static void set_report(struct sim_snp *doc, const struct sim_keyring *ring)
{
    const struct sim_snp_product_facts *facts = sim_snp_product_facts(doc->product);
    struct sim_snp_report *report = &doc->report;

    report->policy = 0x30000; /* SMT allowed, and the bit that is always set */
    report->family_id[0] = 1;
    report->image_id[0] = 2;
    report->guest_svn = 2;
    report->signature_algo = 1;   /* ECDSA P-384 with SHA-384 */
    report->platform_info = 0x25; /* SMT, ECC, alias check complete */
    report->signer_info = doc->signer == SIM_VLEK ? 1 << 2 : 0;
    sim_keyring_fill(ring, "snp/measurement", report->measurement, 48);
    sim_keyring_fill(ring, "snp/report_id", report->report_id, 32);
    memset(report->report_id_ma, 0xff, sizeof report->report_id_ma); /* no agent */
    memcpy(report->current_tcb, facts->tcb, 8);
    memcpy(report->reported_tcb, facts->tcb, 8);
    memcpy(report->committed_tcb, facts->tcb, 8);
    memcpy(report->launch_tcb, facts->tcb, 8);
    report->current_build = report->committed_build = facts->build;
    report->current_minor = report->committed_minor = facts->minor;
    report->current_major = report->committed_major = facts->major;
    sim_snp_set_version(doc, facts->version);
}

static void set_table(struct sim_snp *doc)
{
    const bool is_vlek = doc->signer == SIM_VLEK;
    struct sim_snp_row *vek = &doc->table[2];

    memcpy(doc->table, rows, sizeof rows);
    if (is_vlek)
        doc->table[1].place = SIM_SNP_ASVK;
    memcpy(vek->guid, is_vlek ? vlek_guid : vcek_guid, sizeof vek->guid);
    vek->place = SIM_SNP_VEK;
    doc->table_count = 3;
}

void sim_snp_default(struct sim_snp *out, struct sim_keyring *ring,
                     enum sim_snp_product product, enum sim_snp_signer signer,
                     unsigned number, int64_t time_s)
{
    const char *name = sim_snp_product_facts(product)->name;
    struct sim_label label;

    (void)snprintf(label.text, sizeof label.text, "snp/%s/%s/%u", name,
                   signer == SIM_VLEK ? "vlek" : "vcek", number);
    memset(out, 0, sizeof *out);
    out->product = product;
    out->signer = signer;
    set_report(out, ring);
    set_chip_id(out, ring, label.text);
    set_ark(out, ring);
    set_cas(out, ring);
    set_vek(out, ring, label.text, time_s);
    sim_crl_default(&out->crl, &out->certs[SIM_SNP_ARK], time_s);
    set_table(out);
}
