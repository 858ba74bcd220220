/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <string.h>

#include "stage.h"

/* The certificates behind a report, spoilt one at a time. Rows that follow one pattern
 * for each place have the place as their number. */

#define NO_ANCHOR "refused: anchor ?chain ?validity ?revocation ?signature"
#define NO_VEK                                                                           \
    "undetermined: ?product ?signing_key ?anchor ?chain ?validity ?revocation "          \
    "?signature ?hardware ?tcb"

static const struct sim_key *rsa_stranger(struct snp_stage *s)
{
    return sim_keyring_key(s->ring, SIM_KEY_RSA4096, "stranger");
}

static struct sim_cert *cert(struct snp_stage *s, int place)
{
    return &s->doc.certs[place];
}

static void pin(struct snp_stage *s)
{
    s->ark = *cert(s, SIM_SNP_ARK);
}

/* Keys, names and signatures. */

static void lack_issuer(struct snp_stage *s, int number)
{
    (void)number;
    s->lacks_issuer = true;
}

static void lack_vek(struct snp_stage *s, int number)
{
    (void)number;
    s->lacks_vek = true;
}

/* The ASK has another key than the one that signed the VEK. */
static void replace_issuer_key(struct snp_stage *s, int number)
{
    (void)number;
    sim_cert_set_key(cert(s, SIM_SNP_ASK), rsa_stranger(s));
}

static void sign_by_stranger(struct snp_stage *s, int place)
{
    cert(s, place)->signing.key = rsa_stranger(s);
}

static void sign_by_root(struct snp_stage *s, int place)
{
    cert(s, place)->signing.key = cert(s, SIM_SNP_ARK)->key;
}

static void issue_by_root(struct snp_stage *s, int place)
{
    sim_cert_set_issuer(cert(s, place), cert(s, SIM_SNP_ARK));
    stage_add_cert(s->trial, cert(s, SIM_SNP_ARK));
}

/* A VCEK, honestly come by, issues another. */
static void issue_by_vek(struct snp_stage *s, int number)
{
    static struct sim_snp rogue;

    (void)number;
    sim_snp_default(&rogue, s->ring, s->doc.product, SIM_VCEK, 7, MINTED_AT_S);
    stage_add_cert(s->trial, cert(s, SIM_SNP_VEK)); /* as before: the rogue's issuer */
    sim_cert_set_issuer(&rogue.certs[SIM_SNP_VEK], cert(s, SIM_SNP_VEK));
    rogue.certs[SIM_SNP_VEK].signing.inner_algorithm = sim_algorithm_ecdsa_sha384();
    rogue.certs[SIM_SNP_VEK].signing.outer_algorithm = sim_algorithm_ecdsa_sha384();
    *cert(s, SIM_SNP_VEK) = rogue.certs[SIM_SNP_VEK];
    s->doc.report = rogue.report;
    s->doc.key = rogue.key;
}

static void other_issuer_name(struct snp_stage *s, int place)
{
    sim_name_add(&cert(s, place)->issuer, "OU", "SEV");
}

static void other_authority_key(struct snp_stage *s, int place)
{
    sim_extensions_set_authority_key(&cert(s, place)->extensions, rsa_stranger(s));
}

static void other_organization(struct snp_stage *s, int place)
{
    struct sim_name *name = &cert(s, place)->subject;

    for (size_t i = 0; i < name->count; i++)
        if (strcmp(name->rows[i].type, "2.5.4.10") == 0)
            (void)snprintf(name->rows[i].text, sizeof name->rows[i].text,
                           "Advanced Macro Devices");
    if (place != SIM_SNP_VEK)
        sim_cert_set_issuer(cert(s, SIM_SNP_VEK), cert(s, place));
}

static void organization_twice(struct snp_stage *s, int place)
{
    sim_name_add(&cert(s, place)->subject, "O", "Advanced Micro Devices");
    if (place != SIM_SNP_VEK)
        sim_cert_set_issuer(cert(s, SIM_SNP_VEK), cert(s, place));
}

static void vek_of_rsa(struct snp_stage *s, int number)
{
    (void)number;
    sim_cert_set_key(cert(s, SIM_SNP_VEK), rsa_stranger(s));
}

static void issuer_of_p384(struct snp_stage *s, int number)
{
    struct sim_cert *vek = cert(s, SIM_SNP_VEK);

    (void)number;
    sim_snp_set_key(&s->doc, SIM_SNP_ASK,
                    sim_keyring_key(s->ring, SIM_KEY_P384, "stranger"));
    vek->signing.inner_algorithm = sim_algorithm_ecdsa_sha384();
    vek->signing.outer_algorithm = sim_algorithm_ecdsa_sha384();
}

static void spoil_signature(struct snp_stage *s, int place)
{
    cert(s, place)->signing.edit_signature = (struct sim_edit){sim_flip_last_bit, NULL};
}

static void drop_byte(struct sim_bytes *signature, const void *context)
{
    (void)context;
    signature->len--;
}

static void short_signature(struct snp_stage *s, int place)
{
    cert(s, place)->signing.edit_signature = (struct sim_edit){drop_byte, NULL};
}

/* The same signature, said to be RSA PKCS#1 v1.5 with SHA-384. */
static const uint8_t pkcs1_sha384[] = {
    0x30, 0x0d, 0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x0c, 0x05, 0,
};

static void pkcs1(struct snp_stage *s, int place)
{
    cert(s, place)->signing.inner_algorithm = SIM_ARRAY(pkcs1_sha384);
    cert(s, place)->signing.outer_algorithm = SIM_ARRAY(pkcs1_sha384);
}

static void pkcs1_outside(struct snp_stage *s, int place)
{
    cert(s, place)->signing.outer_algorithm = SIM_ARRAY(pkcs1_sha384);
}

/* Rights. */

static void constrain(struct snp_stage *s, int place, int path_len)
{
    sim_extensions_set_constraints(&cert(s, place)->extensions, path_len);
    if (place == SIM_SNP_ARK)
        pin(s);
}

static void no_authority(struct snp_stage *s, int place)
{
    constrain(s, place, SIM_PATH_NO_CA);
}

static void authority(struct snp_stage *s, int place)
{
    constrain(s, place, SIM_PATH_UNLIMITED);
}

static void no_path(struct snp_stage *s, int place)
{
    constrain(s, place, 0);
}

static void path_of_one(struct snp_stage *s, int place)
{
    constrain(s, place, 1);
}

static void no_constraints(struct snp_stage *s, int place)
{
    (void)sim_extensions_remove(&cert(s, place)->extensions, SIM_OID_BASIC_CONSTRAINTS);
}

static void sign_lists_only(struct snp_stage *s, int place)
{
    sim_extensions_set_usage(&cert(s, place)->extensions, true, 1, 0x02);
}

static void sign_certificates(struct snp_stage *s, int place)
{
    sim_extensions_set_usage(&cert(s, place)->extensions, true, 2, 0x04);
}

static void no_usage(struct snp_stage *s, int place)
{
    (void)sim_extensions_remove(&cert(s, place)->extensions, SIM_OID_KEY_USAGE);
}

/* Times. */

static void expire(struct snp_stage *s, int place)
{
    cert(s, place)->not_after_s = MINTED_AT_S - 1;
    pin(s);
}

static void expire_next(struct snp_stage *s, int place)
{
    cert(s, place)->not_after_s = MINTED_AT_S;
    pin(s);
}

static void not_yet(struct snp_stage *s, int place)
{
    cert(s, place)->not_before_s = MINTED_AT_S + 1;
    pin(s);
}

static void just_now(struct snp_stage *s, int place)
{
    cert(s, place)->not_before_s = MINTED_AT_S;
    pin(s);
}

static void clock_moves(struct snp_stage *s, int days)
{
    s->at_s += INT64_C(86400) * days;
}

static void clock_of_document(struct snp_stage *s, int number)
{
    (void)number;
    s->at_s = TRIAL_AT_DOCUMENT;
}

/* Extensions. */

static void unknown(struct snp_stage *s, int place, bool is_critical)
{
    static const uint8_t nothing[] = {SIM_DER_SEQUENCE, 0};

    sim_extensions_set(&cert(s, place)->extensions, "1.2.3.4", is_critical,
                       SIM_ARRAY(nothing));
}

static void unknown_critical(struct snp_stage *s, int place)
{
    unknown(s, place, true);
}

static void unknown_uncritical(struct snp_stage *s, int place)
{
    unknown(s, place, false);
}

static void amd_critical(struct snp_stage *s, int place)
{
    sim_extensions_find(&cert(s, place)->extensions, SIM_OID_AMD_HARDWARE_ID)->critical =
        true;
}

static void same_twice(struct snp_stage *s, int place)
{
    struct sim_extensions *list = &cert(s, place)->extensions;

    list->rows[list->count++] = list->rows[0];
}

/* A second chip id, behind the genuine one. */
static void second_chip_id(struct snp_stage *s, int place)
{
    struct sim_extensions *list = &cert(s, place)->extensions;

    list->rows[list->count] = *sim_extensions_find(list, SIM_OID_AMD_HARDWARE_ID);
    list->rows[list->count++].value[0] ^= 1;
}

static void first_version(struct snp_stage *s, int place)
{
    cert(s, place)->version = 0;
}

/* clang-format off */
#define EACH(why, change, line)                             \
    {why, ON_MILAN, change, SIM_SNP_ARK, TRIAL_ANY, line},  \
    BELOW(why, change, line)
#define BELOW(why, change, line)                            \
    {why, ON_MILAN, change, SIM_SNP_ASK, TRIAL_ANY, line},  \
    {why, ON_MILAN, change, SIM_SNP_VEK, TRIAL_ANY, line},  \
    {why, ON_TURIN_BY_VLEK, change, SIM_SNP_ASVK, TRIAL_ANY, line}, \
    {why, ON_TURIN_BY_VLEK, change, SIM_SNP_VEK, TRIAL_ANY, line}

static const struct snp_attack rows[] = {
    /* why, machine, change, number, options, line */
    {"no certificate of the issuer: AMD's own ASK of that name is taken", ON_MILAN, lack_issuer, 0, TRIAL_ANY, "refused: chain revocation"},
    {"no certificate of the chip", ON_MILAN, lack_vek, 0, TRIAL_ANY, NO_VEK},
    {"no certificate of the provider", ON_MILAN_BY_VLEK, lack_vek, 0, TRIAL_ANY, NO_VEK},
    {"issuer's key is not the one that signed", ON_MILAN, replace_issuer_key, 0, TRIAL_ANY, "refused: chain"},
    BELOW("signed by a stranger", sign_by_stranger, "refused: chain"),
    {"signed by the root in the ASK's name", ON_MILAN, sign_by_root, SIM_SNP_VEK, TRIAL_ANY, "refused: chain"},
    {"issued by the root itself", ON_MILAN, issue_by_root, SIM_SNP_VEK, TRIAL_ANY, "refused: product chain revocation ?hardware ?tcb"},
    {"issued by another chip's certificate", ON_MILAN, issue_by_vek, 0, TRIAL_ANY, "refused: product anchor ?chain ?validity ?revocation ?signature ?hardware ?tcb"},
    {"names another issuer", ON_MILAN, other_issuer_name, SIM_SNP_ASK, TRIAL_ANY, NO_ANCHOR},
    {"names another issuer", ON_MILAN, other_issuer_name, SIM_SNP_VEK, TRIAL_ANY, "undetermined: ?anchor ?chain ?validity ?revocation ?signature"},
    {"names another key", ON_MILAN, other_authority_key, SIM_SNP_ASK, TRIAL_ANY, NO_ANCHOR},
    {"names another key", ON_MILAN, other_authority_key, SIM_SNP_VEK, TRIAL_ANY, "refused: chain"},
    BELOW("of another organization", other_organization, "refused: chain"),
    BELOW("of its organization twice", organization_twice, "refused: chain"),
    {"RSA key", ON_MILAN, vek_of_rsa, 0, TRIAL_ANY, "refused: chain signature"},
    {"P-384 key", ON_MILAN, issuer_of_p384, 0, TRIAL_ANY, "refused: chain"},
    BELOW("signature spoilt", spoil_signature, "refused: chain"),
    BELOW("signature a byte short", short_signature, "refused: chain"),
    BELOW("says it is PKCS#1 v1.5", pkcs1, "refused: chain"),
    {"algorithm differs outside", ON_MILAN, pkcs1_outside, SIM_SNP_ASK, TRIAL_ANY, "error: ALGORITHM cert.algorithm"},
    {"algorithm differs outside", ON_MILAN, pkcs1_outside, SIM_SNP_VEK, TRIAL_ANY, "error: ALGORITHM cert.algorithm"},

    {"no authority", ON_MILAN, no_authority, SIM_SNP_ASK, TRIAL_ANY, "refused: chain"},
    {"no authority", ON_TURIN_BY_VLEK, no_authority, SIM_SNP_ASVK, TRIAL_ANY, "refused: chain"},
    {"no basic constraints", ON_MILAN, no_constraints, SIM_SNP_ASK, TRIAL_ANY, "refused: chain"},
    {"key usage without keyCertSign", ON_MILAN, sign_lists_only, SIM_SNP_ASK, TRIAL_ANY, "refused: chain"},
    {"no key usage", ON_MILAN, no_usage, SIM_SNP_ASK, TRIAL_ANY, "refused: chain"},
    {"chip's is an authority", ON_MILAN, authority, SIM_SNP_VEK, TRIAL_ANY, "refused: chain"},
    {"chip's may sign certificates", ON_MILAN, sign_certificates, SIM_SNP_VEK, TRIAL_ANY, "refused: chain"},
    {"provider's is an authority", ON_TURIN_BY_VLEK, authority, SIM_SNP_VEK, TRIAL_ANY, "refused: chain"},
    {"path just long enough", ON_MILAN, path_of_one, SIM_SNP_ARK, TRIAL_ANY, "accepted"},
    {"path too long", ON_MILAN, no_path, SIM_SNP_ARK, TRIAL_ANY, "refused: chain"},

    EACH("expired a second ago", expire, "refused: validity"),
    EACH("expires this second", expire_next, "accepted"),
    EACH("valid a second from now", not_yet, "refused: validity"),
    EACH("valid from this second", just_now, "accepted"),
    {"clock seven years on", ON_MILAN, clock_moves, 7 * 366, TRIAL_ANY, "refused: validity revocation"},
    {"clock a hundred days back", ON_MILAN, clock_moves, -100, TRIAL_ANY, "refused: validity revocation"},
    {"clock forty days back", ON_MILAN, clock_moves, -40, TRIAL_ANY, "refused: revocation"},
    {"clock of the document, which signs none", ON_MILAN, clock_of_document, 0, TRIAL_ANY, "error: CLOCK evidence"},

    BELOW("unknown critical extension", unknown_critical, "refused: chain"),
    BELOW("unknown extension", unknown_uncritical, "accepted"),
    {"chip id marked critical", ON_MILAN, amd_critical, SIM_SNP_VEK, TRIAL_ANY, "refused: chain"},
    BELOW("extension twice", same_twice, "error: DUPLICATE cert.extensions"),
    {"chip id twice", ON_MILAN, second_chip_id, SIM_SNP_VEK, TRIAL_ANY, "error: DUPLICATE cert.extensions"},
    BELOW("version 1", first_version, "error: VERSION cert.version"),
};
/* clang-format on */

int main(void)
{
    snp_attacks_run(rows, COUNT(rows));
    return test_finish();
}
