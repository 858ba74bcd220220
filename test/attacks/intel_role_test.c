/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "stage.h"

/*
 * Every key below the root in every other's place. All of them are the vendor's, all
 * chain up to the one root: what tells them apart is the role that each is for.
 */

#define STATED    "refused: collateral ?quoting_enclave ?tcb_status"
#define SIGNER    "refused: chain collateral ?quoting_enclave ?tcb_status"
#define NO_SIGNER "undetermined: ?collateral ?quoting_enclave ?tcb_status"
#define NO_ROOT                                                                          \
    "refused: anchor ?chain ?revocation ?collateral ?quoting_enclave ?tcb_status"

static struct sim_cert *cert(struct intel_stage *s, int place)
{
    return &s->doc.certs[place];
}

static const struct sim_key *stranger(struct intel_stage *s)
{
    return sim_keyring_key(s->ring, SIM_KEY_P256, "stranger");
}

/* Who states things. */

static void state_by(struct intel_stage *s, const struct sim_key *key)
{
    s->doc.tcb_info_signing.key = key;
    s->doc.qe_identity_signing.key = key;
}

/* Signed by another's key, and the signer's certificate beside it as it was. */
static void state_with_key_of(struct intel_stage *s, int place)
{
    state_by(s, cert(s, place)->key);
}

/* The same, and beside it the certificate that is for this key: no signer's at all. */
static void state_by_certificate_of(struct intel_stage *s, int place)
{
    state_with_key_of(s, place);
    s->lacks_signer = true;
    s->adds_chain = place == SIM_INTEL_PCK || place == (int)s->doc.ca;
    if (!s->adds_chain)
        stage_add_cert(s->trial, cert(s, place));
}

/* The certificate of one place in the signer's: its key, its rights, its issuer, only
 * its name is the signer's. What the root did not sign it did not say. */
static void rename_as_signer(struct intel_stage *s, int place)
{
    const struct sim_name name = cert(s, SIM_INTEL_TCB_SIGNER)->subject;

    state_with_key_of(s, place);
    *cert(s, SIM_INTEL_TCB_SIGNER) = *cert(s, place);
    cert(s, SIM_INTEL_TCB_SIGNER)->subject = name;
    cert(s, SIM_INTEL_TCB_SIGNER)->signing.edit_signature = (struct sim_edit){
        sim_flip_last_bit, NULL};
}

/* A platform's owner has its PCK's key: with it he makes a signer of the right name. */
static void signer_issued_by(struct intel_stage *s, int place)
{
    sim_intel_set_key(&s->doc, SIM_INTEL_TCB_SIGNER, stranger(s));
    sim_cert_set_issuer(cert(s, SIM_INTEL_TCB_SIGNER), cert(s, place));
    stage_add_cert(s->trial, cert(s, place));
}

/* … and names the root as its issuer all the same. */
static void signer_signed_by(struct intel_stage *s, int place)
{
    sim_intel_set_key(&s->doc, SIM_INTEL_TCB_SIGNER, stranger(s));
    cert(s, SIM_INTEL_TCB_SIGNER)->signing.key = cert(s, place)->key;
}

/* A signer of the right name under a root of the right name, which is not pinned. */
static void signer_of_other_root(struct intel_stage *s, int sends_root)
{
    struct sim_cert root = *cert(s, SIM_INTEL_ROOT);

    sim_cert_set_key(&root, stranger(s));
    sim_cert_set_issuer(&root, &root);
    sim_intel_set_key(&s->doc, SIM_INTEL_TCB_SIGNER,
                      sim_keyring_key(s->ring, SIM_KEY_P256, "stranger/signer"));
    sim_cert_set_issuer(cert(s, SIM_INTEL_TCB_SIGNER), &root);
    if (sends_root)
        stage_add_cert(s->trial, &root);
}

/* Beside the genuine signer another of that name, a day newer. */
static void newer_signer(struct intel_stage *s, int states)
{
    struct sim_cert newer = *cert(s, SIM_INTEL_TCB_SIGNER);

    sim_cert_set_key(&newer, stranger(s));
    newer.signing.key = cert(s, SIM_INTEL_PCK)->key;
    newer.not_before_s += INT64_C(86400);
    stage_add_cert(s->trial, &newer);
    if (states)
        state_by(s, newer.key);
}

static void signer_may_issue(struct intel_stage *s, int number)
{
    (void)number;
    sim_extensions_set_constraints(&cert(s, SIM_INTEL_TCB_SIGNER)->extensions,
                                   SIM_PATH_UNLIMITED);
}

/* One of the two statements alone. */
static void tcb_info_by(struct intel_stage *s, int place)
{
    s->doc.tcb_info_signing.key = cert(s, place)->key;
}

static void qe_identity_by(struct intel_stage *s, int place)
{
    s->doc.qe_identity_signing.key = cert(s, place)->key;
}

/* Who certifies platforms. */

/* The PCK certificate is issued, name and key, by what stands at another place. */
static void pck_issued_by(struct intel_stage *s, int place)
{
    sim_cert_set_issuer(cert(s, SIM_INTEL_PCK), cert(s, place));
    s->doc.chain[1] = (enum sim_intel_place)place;
}

static void pck_signed_by(struct intel_stage *s, int place)
{
    cert(s, SIM_INTEL_PCK)->signing.key = cert(s, place)->key;
}

/* A genuine platform's certificate issues that of a platform there is not. */
enum { AS_ITSELF, AS_AUTHORITY, AS_AUTHORITY_OF_ROOT };
static void pck_issued_by_pck(struct intel_stage *s, int as)
{
    struct sim_cert *ca = cert(s, (int)s->doc.ca);
    const struct sim_name name = ca->subject;

    *ca = *cert(s, SIM_INTEL_PCK);
    (void)sim_extensions_remove(&ca->extensions, SIM_OID_INTEL_PCK);
    if (as >= AS_AUTHORITY)
        ca->subject = name;
    if (as == AS_AUTHORITY_OF_ROOT) {
        ca->issuer = s->root.subject;
        sim_extensions_set_authority_key(&ca->extensions, s->root.key);
    }
    sim_intel_set_key(&s->doc, SIM_INTEL_PCK, stranger(s));
    sim_cert_set_issuer(cert(s, SIM_INTEL_PCK), ca);
    s->doc.chain[0] = SIM_INTEL_PCK;
}

/* The signer's certificate under the name of the authority, and the other way round. */
static void exchange_keys(struct intel_stage *s, int number)
{
    const struct sim_key *ca = cert(s, (int)s->doc.ca)->key;
    const struct sim_key *signer = cert(s, SIM_INTEL_TCB_SIGNER)->key;

    (void)number;
    pck_signed_by(s, SIM_INTEL_TCB_SIGNER);
    state_by(s, ca);
    s->doc.pck_crl.signing.key = signer;
}

/* The enclave's report is signed by another key than the platform's. */
static void enclave_signed_by(struct intel_stage *s, int place)
{
    s->doc.quote.qe_key = cert(s, place)->key;
}

/* … and the certificate of that key stands where the PCK's should. */
static void leaf_is(struct intel_stage *s, int place)
{
    enclave_signed_by(s, place);
    s->doc.chain[0] = (enum sim_intel_place)place;
    s->doc.chain_count = 1;
}

static void quote_signed_by(struct intel_stage *s, int place)
{
    s->doc.quote.key = cert(s, place)->key;
    s->doc.quote.keeps_report_data = true;
}

/* A whole family of certificates, names and all, under a root of its own. */
static void other_root(struct intel_stage *s, int sends_genuine_root)
{
    const struct sim_cert root = *cert(s, SIM_INTEL_ROOT);

    sim_intel_set_key(&s->doc, SIM_INTEL_ROOT, stranger(s));
    if (sends_genuine_root)
        stage_add_cert(s->trial, &root);
}

static void other_root_unnamed(struct intel_stage *s, int number)
{
    static const int below[] = {SIM_INTEL_PLATFORM_CA, SIM_INTEL_PROCESSOR_CA,
                                SIM_INTEL_TCB_SIGNER};

    (void)number;
    sim_intel_set_key(&s->doc, SIM_INTEL_ROOT, stranger(s));
    for (size_t i = 0; i < COUNT(below); i++)
        sim_extensions_set_authority_key(&cert(s, below[i])->extensions, s->root.key);
}

/* Names. */

static void common_name(struct intel_stage *s, int place, const char *text)
{
    sim_name_set_common(&cert(s, place)->subject, text);
    if (place == (int)s->doc.ca) {
        sim_cert_set_issuer(cert(s, SIM_INTEL_PCK), cert(s, place));
        s->doc.pck_crl.issuer = cert(s, place)->subject;
    }
}

static void other_name(struct intel_stage *s, int place)
{
    common_name(s, place, "Intel SGX Attestation Report Signing");
}

static void name_in_capitals(struct intel_stage *s, int place)
{
    static const char *const names[] = {
        [SIM_INTEL_PLATFORM_CA] = "INTEL SGX PCK PLATFORM CA",
        [SIM_INTEL_PROCESSOR_CA] = "INTEL SGX PCK PROCESSOR CA",
        [SIM_INTEL_PCK] = "INTEL SGX PCK CERTIFICATE",
        [SIM_INTEL_TCB_SIGNER] = "INTEL SGX TCB SIGNING",
    };

    common_name(s, place, names[place]);
}

static void name_longer(struct intel_stage *s, int place)
{
    static const char *const names[] = {
        [SIM_INTEL_PLATFORM_CA] = "Intel SGX PCK Platform CA ",
        [SIM_INTEL_PROCESSOR_CA] = "Intel SGX PCK Processor CA ",
        [SIM_INTEL_PCK] = "Intel SGX PCK Certificate ",
        [SIM_INTEL_TCB_SIGNER] = "Intel SGX TCB Signing ",
    };

    common_name(s, place, names[place]);
}

/* Whom the root calls so is so: that is what names are for. */
static void named_as_other_ca(struct intel_stage *s, int place)
{
    common_name(s, place,
                place == SIM_INTEL_PLATFORM_CA ? "Intel SGX PCK Processor CA"
                                               : "Intel SGX PCK Platform CA");
}

static void name_twice(struct intel_stage *s, int place)
{
    sim_name_add(&cert(s, place)->subject, "CN", "Intel SGX Root CA");
    if (place == (int)s->doc.ca) {
        sim_cert_set_issuer(cert(s, SIM_INTEL_PCK), cert(s, place));
        s->doc.pck_crl.issuer = cert(s, place)->subject;
    }
}

static void other_organization(struct intel_stage *s, int place)
{
    struct sim_name *name = &cert(s, place)->subject;

    for (size_t i = 0; i < name->count; i++)
        if (strcmp(name->rows[i].text, "Intel Corporation") == 0)
            name->rows[i].text[16] = 0;
    if (place == (int)s->doc.ca) {
        sim_cert_set_issuer(cert(s, SIM_INTEL_PCK), cert(s, place));
        s->doc.pck_crl.issuer = cert(s, place)->subject;
    }
}

/* clang-format off */
#define SGX(why, change, place, line) {why, SIM_SGX_V3, change, place, TRIAL_ANY, line}
#define TDX(why, change, place, line) {why, SIM_TDX_V5_TD15, change, place, TRIAL_ANY, line}

static const struct intel_attack rows[] = {
    /* why, kind, change, number, options, line */
    SGX("stated by a PCK's key", state_with_key_of, SIM_INTEL_PCK, STATED),
    SGX("stated by the CA's key", state_with_key_of, SIM_INTEL_PROCESSOR_CA, STATED),
    SGX("stated by the other CA's key", state_with_key_of, SIM_INTEL_PLATFORM_CA, STATED),
    SGX("stated by the root's key", state_with_key_of, SIM_INTEL_ROOT, STATED),
    TDX("stated by a PCK's key", state_with_key_of, SIM_INTEL_PCK, "refused: collateral ?quoting_enclave ?module ?tcb_status"),
    TDX("stated by the root's key", state_with_key_of, SIM_INTEL_ROOT, "refused: collateral ?quoting_enclave ?module ?tcb_status"),
    TDX("TCB info by a PCK's key", tcb_info_by, SIM_INTEL_PCK, "refused: collateral ?module ?tcb_status"),
    TDX("QE identity by a PCK's key", qe_identity_by, SIM_INTEL_PCK, STATED),
    SGX("TCB info by the root's key", tcb_info_by, SIM_INTEL_ROOT, "refused: collateral ?tcb_status"),
    SGX("QE identity by the root's key", qe_identity_by, SIM_INTEL_ROOT, STATED),
    SGX("stated by a PCK certificate", state_by_certificate_of, SIM_INTEL_PCK, NO_SIGNER),
    SGX("stated by the CA's certificate", state_by_certificate_of, SIM_INTEL_PROCESSOR_CA, NO_SIGNER),
    SGX("stated by the other CA's certificate", state_by_certificate_of, SIM_INTEL_PLATFORM_CA, NO_SIGNER),
    SGX("stated by the root's certificate", state_by_certificate_of, SIM_INTEL_ROOT, NO_SIGNER),
    TDX("stated by a PCK certificate", state_by_certificate_of, SIM_INTEL_PCK, "undetermined: ?collateral ?quoting_enclave ?module ?tcb_status"),
    SGX("PCK certificate renamed as the signer's", rename_as_signer, SIM_INTEL_PCK, SIGNER),
    SGX("CA's certificate renamed as the signer's", rename_as_signer, SIM_INTEL_PROCESSOR_CA, SIGNER),
    SGX("root renamed as the signer", rename_as_signer, SIM_INTEL_ROOT, SIGNER),
    SGX("signer issued by a PCK", signer_issued_by, SIM_INTEL_PCK, SIGNER),
    SGX("signer issued by the CA", signer_issued_by, SIM_INTEL_PROCESSOR_CA, SIGNER),
    TDX("signer issued by the CA", signer_issued_by, SIM_INTEL_PLATFORM_CA, "refused: chain collateral ?quoting_enclave ?module ?tcb_status"),
    SGX("signer signed by a PCK in the root's name", signer_signed_by, SIM_INTEL_PCK, SIGNER),
    SGX("signer signed by the CA in the root's name", signer_signed_by, SIM_INTEL_PROCESSOR_CA, SIGNER),
    SGX("signer under another root of this name", signer_of_other_root, 0, SIGNER),
    SGX("signer under another root of this name, beside it", signer_of_other_root, 1, SIGNER),
    SGX("false signer beside the genuine", newer_signer, 0, SIGNER),
    SGX("false signer beside the genuine, and states", newer_signer, 1, SIGNER),
    SGX("signer is an authority", signer_may_issue, 0, SIGNER),

    TDX("PCK issued by the root", pck_issued_by, SIM_INTEL_ROOT, "refused: chain"),
    TDX("PCK issued by the TCB signer", pck_issued_by, SIM_INTEL_TCB_SIGNER, "refused: chain ?revocation"),
    TDX("PCK issued by the other CA", pck_issued_by, SIM_INTEL_PROCESSOR_CA, "undetermined: ?revocation"),
    SGX("PCK issued by the other CA", pck_issued_by, SIM_INTEL_PLATFORM_CA, "undetermined: ?revocation"),
    SGX("PCK signed by the root in the CA's name", pck_signed_by, SIM_INTEL_ROOT, "refused: chain"),
    SGX("PCK signed by the TCB signer in the CA's name", pck_signed_by, SIM_INTEL_TCB_SIGNER, "refused: chain"),
    SGX("PCK signed by the other CA in the CA's name", pck_signed_by, SIM_INTEL_PLATFORM_CA, "refused: chain"),
    SGX("PCK signed by itself in the CA's name", pck_signed_by, SIM_INTEL_PCK, "refused: chain"),
    SGX("PCK issued by a PCK", pck_issued_by_pck, AS_ITSELF, NO_ROOT),
    SGX("PCK issued by a PCK named as the CA", pck_issued_by_pck, AS_AUTHORITY, NO_ROOT),
    SGX("PCK issued by a PCK that says it is the CA", pck_issued_by_pck, AS_AUTHORITY_OF_ROOT, "refused: chain revocation"),
    TDX("CA and TCB signer exchange their keys", exchange_keys, 0, "refused: chain revocation collateral ?quoting_enclave ?module ?tcb_status"),
    SGX("enclave's report by the CA's key", enclave_signed_by, SIM_INTEL_PROCESSOR_CA, "refused: quoting_enclave"),
    SGX("enclave's report by the TCB signer's key", enclave_signed_by, SIM_INTEL_TCB_SIGNER, "refused: quoting_enclave"),
    TDX("enclave's report by the root's key", enclave_signed_by, SIM_INTEL_ROOT, "refused: quoting_enclave"),
    SGX("CA's certificate in the PCK's place", leaf_is, SIM_INTEL_PROCESSOR_CA, "refused: ?anchor chain ?revocation ?collateral ?quoting_enclave ?tcb_status"),
    SGX("TCB signer's certificate in the PCK's place", leaf_is, SIM_INTEL_TCB_SIGNER, "refused: ?anchor chain ?revocation ?collateral ?quoting_enclave ?tcb_status"),
    SGX("root in the PCK's place", leaf_is, SIM_INTEL_ROOT, "refused: chain ?collateral ?tcb_status"),
    TDX("quote by the PCK's own key", quote_signed_by, SIM_INTEL_PCK, "refused: quoting_enclave"),
    TDX("quote by the TCB signer's key", quote_signed_by, SIM_INTEL_TCB_SIGNER, "refused: quoting_enclave"),
    SGX("all of it under another root of this name", other_root, 0, NO_ROOT),
    SGX("all of it under another root, the genuine beside it", other_root, 1, NO_ROOT),
    TDX("all of it under another root that it says is ours", other_root_unnamed, 0, "refused: chain revocation collateral ?quoting_enclave ?module ?tcb_status"),

    SGX("other common name", other_name, SIM_INTEL_PROCESSOR_CA, "refused: chain"),
    SGX("other common name", other_name, SIM_INTEL_PCK, "refused: chain"),
    SGX("other common name", other_name, SIM_INTEL_TCB_SIGNER, NO_SIGNER),
    TDX("other common name", other_name, SIM_INTEL_PLATFORM_CA, "refused: chain"),
    SGX("common name in capitals", name_in_capitals, SIM_INTEL_PROCESSOR_CA, "refused: chain"),
    SGX("common name in capitals", name_in_capitals, SIM_INTEL_PCK, "refused: chain"),
    SGX("common name in capitals", name_in_capitals, SIM_INTEL_TCB_SIGNER, NO_SIGNER),
    SGX("common name a blank longer", name_longer, SIM_INTEL_PROCESSOR_CA, "refused: chain"),
    SGX("common name a blank longer", name_longer, SIM_INTEL_PCK, "refused: chain"),
    SGX("common name a blank longer", name_longer, SIM_INTEL_TCB_SIGNER, NO_SIGNER),
    SGX("root calls the Processor CA the Platform CA", named_as_other_ca, SIM_INTEL_PROCESSOR_CA, "accepted"),
    TDX("root calls the Platform CA the Processor CA", named_as_other_ca, SIM_INTEL_PLATFORM_CA, "accepted"),
    SGX("second common name", name_twice, SIM_INTEL_PROCESSOR_CA, "refused: chain"),
    SGX("second common name", name_twice, SIM_INTEL_PCK, "refused: chain"),
    SGX("second common name", name_twice, SIM_INTEL_TCB_SIGNER, NO_SIGNER),
    SGX("other organization", other_organization, SIM_INTEL_PROCESSOR_CA, "refused: chain"),
    SGX("other organization", other_organization, SIM_INTEL_PCK, "refused: chain"),
    SGX("other organization", other_organization, SIM_INTEL_TCB_SIGNER, "refused: chain collateral ?quoting_enclave ?tcb_status"),
};
/* clang-format on */

int main(void)
{
    intel_attacks_run(rows, COUNT(rows));
    return test_finish();
}
