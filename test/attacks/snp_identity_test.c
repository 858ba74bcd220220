/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <string.h>

#include "stage.h"

/* Which processor, which chip, which kind of key: report and certificate at odds. */

static struct sim_extensions *extensions(struct snp_stage *s)
{
    return &s->doc.certs[SIM_SNP_VEK].extensions;
}

/* Products. */

static void cpuid(struct snp_stage *s, int family_and_model)
{
    s->doc.report.cpuid_family = (uint64_t)family_and_model >> 8;
    s->doc.report.cpuid_model = (uint64_t)family_and_model & 0xff;
}

static void set_text(struct snp_stage *s, const char *oid, uint8_t tag, const char *text)
{
    struct sim_bytes value = {0};

    sim_der_put(&value, tag, sim_text(text));
    sim_extensions_set(extensions(s), oid, false, sim_bytes_span(value));
    sim_bytes_free(&value);
}

static const char *const names[] = {
    "Milan",  "Milan-B1", "Genoa", "Bergamo", "Siena", "Turin",
    "Venice", "",         "milan", "Milan0",  "Mila",  " Milan",
};
enum {
    MILAN,
    MILAN_B1,
    GENOA,
    BERGAMO,
    SIENA,
    TURIN,
    VENICE,
    NO_NAME,
    SMALL,
    MORE,
    LESS,
    SPACED
};

static void certified_name(struct snp_stage *s, int number)
{
    set_text(s, SIM_OID_AMD_PRODUCT_NAME, SIM_DER_IA5_STRING, names[number]);
}

static void certified_name_tagged(struct snp_stage *s, int tag)
{
    set_text(s, SIM_OID_AMD_PRODUCT_NAME, (uint8_t)tag, "Milan-B0");
}

static void no_certified_name(struct snp_stage *s, int number)
{
    (void)number;
    (void)sim_extensions_remove(extensions(s), SIM_OID_AMD_PRODUCT_NAME);
}

/* The issuer is another product's by name, and everything below it agrees. */
static void issuer_name(struct snp_stage *s, int number)
{
    const bool is_vlek = s->doc.signer == SIM_VLEK;
    struct sim_cert *issuer = &s->doc.certs[is_vlek ? SIM_SNP_ASVK : SIM_SNP_ASK];
    char common[32];

    (void)snprintf(common, sizeof common, "%s%s", is_vlek ? "SEV-VLEK-" : "SEV-",
                   names[number]);
    sim_name_set_common(&issuer->subject, common);
    sim_cert_set_issuer(&s->doc.certs[SIM_SNP_VEK], issuer);
}

/* Report and certificate of one product under the issuer of another. */
static void certified_and_cpuid(struct snp_stage *s, int number)
{
    (void)number;
    certified_name(s, GENOA);
    cpuid(s, 0x1911);
}

static void version_2_and_name(struct snp_stage *s, int number)
{
    sim_snp_set_version(&s->doc, 2);
    certified_name(s, number);
}

/* Kinds of key. */

static void signing_key(struct snp_stage *s, int key)
{
    s->doc.report.signer_info = (uint64_t)key << 2;
}

static void subject(struct snp_stage *s, int number)
{
    static const char *const subjects[] = {"SEV-VCEK", "SEV-VLEK", "VCEK", "SEV-VCEK "};

    sim_name_set_common(&s->doc.certs[SIM_SNP_VEK].subject, subjects[number]);
}

/* A VCEK made out of all but the words of a VLEK, and the other way round: the issuer is
 * the other kind's. */
static void issued_as_other_kind(struct snp_stage *s, int number)
{
    const bool is_vlek = s->doc.signer == SIM_VLEK;
    const struct sim_cert *issuer = &s->doc.certs[is_vlek ? SIM_SNP_ASK : SIM_SNP_ASVK];

    (void)number;
    sim_cert_set_issuer(&s->doc.certs[SIM_SNP_VEK], issuer);
    stage_add_cert(s->trial, issuer);
}

static void add_csp(struct snp_stage *s, int number)
{
    (void)number;
    set_text(s, SIM_OID_AMD_CSP_ID, SIM_DER_IA5_STRING, "CN=somebody");
}

static void swap_csp_for_hwid(struct snp_stage *s, int number)
{
    (void)sim_extensions_remove(extensions(s), SIM_OID_AMD_HARDWARE_ID);
    add_csp(s, number);
}

static void no_csp(struct snp_stage *s, int number)
{
    (void)number;
    (void)sim_extensions_remove(extensions(s), SIM_OID_AMD_CSP_ID);
}

/* Chips. */

static void set_hwid(struct snp_stage *s, struct troth_span value)
{
    sim_extensions_set(extensions(s), SIM_OID_AMD_HARDWARE_ID, false, value);
}

static size_t hwid_len(const struct snp_stage *s)
{
    return sim_snp_product_facts(s->doc.product)->hardware_id_len;
}

static void add_hwid(struct snp_stage *s, int number)
{
    (void)number;
    set_hwid(s, (struct troth_span){s->doc.report.chip_id, hwid_len(s)});
}

static void hwid_byte(struct snp_stage *s, int at)
{
    s->doc.report.chip_id[at] ^= 1;
    add_hwid(s, 0);
    s->doc.report.chip_id[at] ^= 1;
}

static void chip_byte(struct snp_stage *s, int at)
{
    s->doc.report.chip_id[at] ^= 1;
}

static void hwid_of_len(struct snp_stage *s, int len)
{
    set_hwid(s, (struct troth_span){s->doc.report.chip_id, (size_t)len});
}

static void hwid_longer(struct snp_stage *s, int number)
{
    struct sim_bytes value = {0};

    sim_bytes_append(&value, (struct troth_span){s->doc.report.chip_id, hwid_len(s)});
    sim_bytes_append_byte(&value, (uint8_t)number);
    set_hwid(s, sim_bytes_span(value));
    sim_bytes_free(&value);
}

static void hwid_wrapped(struct snp_stage *s, int tag)
{
    struct sim_bytes value = {0};

    sim_der_put(&value, (uint8_t)tag,
                (struct troth_span){s->doc.report.chip_id, hwid_len(s)});
    set_hwid(s, sim_bytes_span(value));
    sim_bytes_free(&value);
}

static void no_hwid(struct snp_stage *s, int number)
{
    (void)number;
    (void)sim_extensions_remove(extensions(s), SIM_OID_AMD_HARDWARE_ID);
}

static void other_chip(struct snp_stage *s, int number)
{
    static struct sim_snp other;

    sim_snp_default(&other, s->ring, s->doc.product, s->doc.signer, (unsigned)number,
                    MINTED_AT_S);
    memcpy(s->doc.report.chip_id, other.report.chip_id, 64);
}

/* The other chip's certificate lies beside the right one. */
static void other_chips_certificate_too(struct snp_stage *s, int number)
{
    static struct sim_snp other;

    sim_snp_default(&other, s->ring, s->doc.product, s->doc.signer, (unsigned)number,
                    MINTED_AT_S);
    stage_add_cert(s->trial, &other.certs[SIM_SNP_VEK]);
}

enum { ID_ZERO, ID_ZERO_AND_SAID, ID_SAID, ID_SAID_AND_OTHER };

static void mask(struct snp_stage *s, int number)
{
    if (number == ID_ZERO || number == ID_ZERO_AND_SAID)
        memset(s->doc.report.chip_id, 0, 64);
    if (number == ID_SAID_AND_OTHER)
        s->doc.report.chip_id[0] ^= 1;
    if (number != ID_ZERO)
        s->doc.report.signer_info |= 2;
}

static void mask_and_zero_hwid(struct snp_stage *s, int number)
{
    mask(s, ID_ZERO);
    add_hwid(s, number);
}

#define NO_PRODUCT "refused: product ?hardware ?tcb"
#define NO_KEY                                                                           \
    "refused: ?product signing_key ?anchor ?chain ?validity ?revocation "                \
    "?signature ?hardware ?tcb"

/* clang-format off */
static const struct snp_attack rows[] = {
    /* why, machine, change, number, options, line */
    {"processor of Genoa", ON_MILAN, cpuid, 0x1911, TRIAL_ANY, NO_PRODUCT},
    {"processor of Bergamo", ON_MILAN, cpuid, 0x19a0, TRIAL_ANY, NO_PRODUCT},
    {"processor of Turin", ON_MILAN, cpuid, 0x1a02, TRIAL_ANY, NO_PRODUCT},
    {"processor of Milan", ON_TURIN, cpuid, 0x1901, TRIAL_ANY, NO_PRODUCT},
    {"processor of Milan", ON_GENOA, cpuid, 0x190f, TRIAL_ANY, NO_PRODUCT},
    {"processor of Bergamo, which has Genoa's certificates", ON_GENOA, cpuid, 0x19af, TRIAL_ANY, "accepted"},
    {"no processor", ON_MILAN, cpuid, 0, TRIAL_ANY, NO_PRODUCT},
    {"processor of Naples", ON_MILAN, cpuid, 0x1701, TRIAL_ANY, NO_PRODUCT},
    {"processor between two products", ON_MILAN, cpuid, 0x1920, TRIAL_ANY, NO_PRODUCT},
    {"processor after Turin", ON_TURIN, cpuid, 0x1a50, TRIAL_ANY, NO_PRODUCT},
    {"certificate of another stepping", ON_MILAN, certified_name, MILAN_B1, TRIAL_ANY, "accepted"},
    {"certificate of no stepping", ON_MILAN, certified_name, MILAN, TRIAL_ANY, "accepted"},
    {"certificate of Genoa", ON_MILAN, certified_name, GENOA, TRIAL_ANY, NO_PRODUCT},
    {"certificate of Turin", ON_MILAN, certified_name, TURIN, TRIAL_ANY, NO_PRODUCT},
    {"certificate of Milan", ON_TURIN, certified_name, MILAN, TRIAL_ANY, NO_PRODUCT},
    {"certificate of Milan", ON_GENOA_BY_VLEK, certified_name, MILAN, TRIAL_ANY, NO_PRODUCT},
    {"certificate of Siena, which is Genoa", ON_GENOA, certified_name, SIENA, TRIAL_ANY, "accepted"},
    {"certificate of Bergamo", ON_TURIN, certified_name, BERGAMO, TRIAL_ANY, NO_PRODUCT},
    {"certificate of a product unknown", ON_TURIN, certified_name, VENICE, TRIAL_ANY, NO_PRODUCT},
    {"certificate of no product", ON_MILAN, certified_name, NO_NAME, TRIAL_ANY, NO_PRODUCT},
    {"certificate of milan", ON_MILAN, certified_name, SMALL, TRIAL_ANY, NO_PRODUCT},
    {"certificate of Milan0", ON_MILAN, certified_name, MORE, TRIAL_ANY, NO_PRODUCT},
    {"certificate of Mila", ON_MILAN, certified_name, LESS, TRIAL_ANY, NO_PRODUCT},
    {"certificate of a space and Milan", ON_MILAN, certified_name, SPACED, TRIAL_ANY, NO_PRODUCT},
    {"product name in UTF-8", ON_MILAN, certified_name_tagged, SIM_DER_UTF8_STRING, TRIAL_ANY, NO_PRODUCT},
    {"product name in bytes", ON_MILAN, certified_name_tagged, SIM_DER_OCTET_STRING, TRIAL_ANY, NO_PRODUCT},
    {"certificate names no product", ON_MILAN, no_certified_name, 0, TRIAL_ANY, NO_PRODUCT},
    {"issuer of Genoa", ON_MILAN, issuer_name, GENOA, TRIAL_ANY, NO_PRODUCT},
    {"issuer of Turin", ON_MILAN, issuer_name, TURIN, TRIAL_ANY, NO_PRODUCT},
    {"issuer of Milan", ON_TURIN, issuer_name, MILAN, TRIAL_ANY, NO_PRODUCT},
    {"issuer of Milan", ON_GENOA_BY_VLEK, issuer_name, MILAN, TRIAL_ANY, NO_PRODUCT},
    {"issuer of a product unknown", ON_MILAN, issuer_name, VENICE, TRIAL_ANY, NO_PRODUCT},
    {"issuer of no product", ON_MILAN, issuer_name, NO_NAME, TRIAL_ANY, NO_PRODUCT},
    {"report and certificate of Genoa, issuer of Milan", ON_MILAN, certified_and_cpuid, 0, TRIAL_ANY, NO_PRODUCT},
    {"version 2: certificate of Genoa, issuer of Milan", ON_MILAN, version_2_and_name, GENOA, TRIAL_ANY, NO_PRODUCT},
    {"version 2: certificate of Milan, issuer of Turin", ON_TURIN, version_2_and_name, MILAN, TRIAL_ANY, NO_PRODUCT},

    {"key of a kind unknown", ON_MILAN, signing_key, 2, TRIAL_ANY, NO_KEY},
    {"key of a kind unknown", ON_MILAN, signing_key, 3, TRIAL_ANY, NO_KEY},
    {"key of a kind unknown", ON_MILAN, signing_key, 6, TRIAL_ANY, NO_KEY},
    {"signed by no key", ON_MILAN, signing_key, 7, TRIAL_ANY, NO_KEY},
    {"signed by no key", ON_MILAN_BY_VLEK, signing_key, 7, TRIAL_ANY, NO_KEY},
    {"report says VLEK, signed by a VCEK", ON_MILAN, signing_key, 1, TRIAL_ANY, "refused: signing_key chain"},
    {"report says VCEK, signed by a VLEK", ON_MILAN_BY_VLEK, signing_key, 0, TRIAL_ANY, "refused: signing_key chain hardware"},
    {"VCEK named as VLEK", ON_MILAN, subject, 1, TRIAL_ANY, "refused: product signing_key chain ?hardware ?tcb"},
    {"VLEK named as VCEK", ON_MILAN_BY_VLEK, subject, 0, TRIAL_ANY, "refused: product signing_key chain ?hardware ?tcb"},
    {"VCEK of no such name", ON_MILAN, subject, 2, TRIAL_ANY, "undetermined: ?product ?signing_key ?anchor ?chain ?validity ?revocation ?signature ?hardware ?tcb"},
    {"VCEK and a space", ON_MILAN, subject, 3, TRIAL_ANY, "undetermined: ?product ?signing_key ?anchor ?chain ?validity ?revocation ?signature ?hardware ?tcb"},
    {"VCEK issued by the ASVK", ON_MILAN, issued_as_other_kind, 0, TRIAL_ANY, NO_PRODUCT},
    {"VLEK issued by the ASK", ON_MILAN_BY_VLEK, issued_as_other_kind, 0, TRIAL_ANY, NO_PRODUCT},
    {"VCEK of a provider, too", ON_MILAN, add_csp, 0, TRIAL_ANY, "refused: signing_key"},
    {"VCEK of a provider, not of a chip", ON_MILAN, swap_csp_for_hwid, 0, TRIAL_ANY, "refused: signing_key hardware"},
    {"VLEK of a chip, too", ON_MILAN_BY_VLEK, add_hwid, 0, TRIAL_ANY, "refused: signing_key"},
    {"VLEK of nobody", ON_MILAN_BY_VLEK, no_csp, 0, TRIAL_ANY, "refused: signing_key"},
    {"provider wanted", ON_MILAN_BY_VLEK, NULL, 0, TRIAL_ANY "--expect snp.csp_id=CN=cc-us-east-2.amazonaws.com", "accepted"},
    {"another provider wanted", ON_MILAN_BY_VLEK, NULL, 0, TRIAL_ANY "--expect snp.csp_id=CN=cc-us-east-1.amazonaws.com", "refused: claim"},
    {"provider wanted, chip's key", ON_MILAN, NULL, 0, TRIAL_ANY "--expect snp.csp_id=CN=cc-us-east-2.amazonaws.com", "refused: claim"},
    {"chip wanted, provider's key", ON_MILAN_BY_VLEK, NULL, 0, TRIAL_ANY "--expect hardware_id=00", "refused: claim"},

    {"certificate of another chip, first byte", ON_MILAN, hwid_byte, 0, TRIAL_ANY, "refused: hardware"},
    {"certificate of another chip, last byte", ON_MILAN, hwid_byte, 63, TRIAL_ANY, "refused: hardware"},
    {"certificate of another chip, last byte", ON_TURIN, hwid_byte, 7, TRIAL_ANY, "refused: hardware"},
    {"report of another chip, first byte", ON_GENOA, chip_byte, 0, TRIAL_ANY, "refused: hardware"},
    {"report of another chip, last byte", ON_GENOA, chip_byte, 63, TRIAL_ANY, "refused: hardware"},
    {"report of another chip, last byte", ON_TURIN, chip_byte, 7, TRIAL_ANY, "refused: hardware"},
    {"bytes behind Turin's short chip id", ON_TURIN, chip_byte, 8, TRIAL_ANY, "refused: hardware"},
    {"bytes at the end of Turin's field", ON_TURIN, chip_byte, 63, TRIAL_ANY, "refused: hardware"},
    {"report of another whole chip", ON_MILAN, other_chip, 1, TRIAL_ANY, "refused: hardware"},
    {"report of another whole chip, allowed what does not matter", ON_MILAN, other_chip, 1, TRIAL_ANY "--allow masked_chip", "refused: hardware"},
    {"other chip's certificate beside the right one", ON_MILAN, other_chips_certificate_too, 1, TRIAL_ANY, "accepted"},
    {"certificate of a chip id too short", ON_MILAN, hwid_of_len, 63, TRIAL_ANY, "refused: hardware"},
    {"certificate of eight bytes of it", ON_MILAN, hwid_of_len, 8, TRIAL_ANY, "refused: hardware"},
    {"certificate of all 64 bytes", ON_TURIN, hwid_of_len, 64, TRIAL_ANY, "refused: hardware"},
    {"certificate of seven bytes", ON_TURIN, hwid_of_len, 7, TRIAL_ANY, "refused: hardware"},
    {"certificate of no bytes", ON_MILAN, hwid_of_len, 0, TRIAL_ANY, "refused: hardware"},
    {"chip id, and a byte", ON_MILAN, hwid_longer, 0, TRIAL_ANY, "refused: hardware"},
    {"chip id, and a byte", ON_TURIN, hwid_longer, 0, TRIAL_ANY, "refused: hardware"},
    {"chip id in an OCTET STRING, as some have it", ON_MILAN, hwid_wrapped, SIM_DER_OCTET_STRING, TRIAL_ANY, "accepted"},
    {"chip id in an OCTET STRING, as some have it", ON_TURIN, hwid_wrapped, SIM_DER_OCTET_STRING, TRIAL_ANY, "accepted"},
    {"chip id in another string", ON_MILAN, hwid_wrapped, SIM_DER_IA5_STRING, TRIAL_ANY, "refused: hardware"},
    {"certificate names no chip", ON_MILAN, no_hwid, 0, TRIAL_ANY, "refused: signing_key hardware"},
    {"chip masked", ON_MILAN, mask, ID_ZERO, TRIAL_ANY, "refused: hardware"},
    {"chip masked, and said so", ON_MILAN, mask, ID_ZERO_AND_SAID, TRIAL_ANY, "refused: hardware"},
    {"chip said to be masked", ON_MILAN, mask, ID_SAID, TRIAL_ANY, "refused: hardware"},
    {"chip masked, allowed", ON_MILAN, mask, ID_ZERO, TRIAL_ANY "--allow masked_chip", "accepted, allowed"},
    {"chip masked, and said so, allowed", ON_TURIN, mask, ID_ZERO_AND_SAID, TRIAL_ANY "--allow masked_chip", "accepted, allowed"},
    {"chip masked, and the certificate is for no chip", ON_MILAN, mask_and_zero_hwid, 0, TRIAL_ANY, "refused: hardware"},
    {"other chip, said to be masked, allowed", ON_MILAN, mask, ID_SAID_AND_OTHER, TRIAL_ANY "--allow masked_chip", "refused: hardware"},
    {"chip masked, allowed, and one wanted", ON_MILAN, mask, ID_ZERO, TRIAL_ANY "--allow masked_chip --expect hardware_id=00", "refused: claim"},
};
/* clang-format on */

int main(void)
{
    snp_attacks_run(rows, COUNT(rows));
    return test_finish();
}
