/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/intel_pki.h"

#include <stdio.h>

#define DAY          INT64_C(86400)
#define ROOT_CRL_URL "https://certificates.trustedservices.intel.com/IntelSGXRootCA.der"
#define PCK_CRL_URL                                                                      \
    "https://api.trustedservices.intel.com/sgx/certification/v4/pckcrl?ca="
#define CERTIFIES      0x06 /* keyCertSign and cRLSign: one unused bit */
#define SIGNS          0xc0 /* digitalSignature and nonRepudiation: six */
#define NO_VALUE       TROTH_LITERAL("\x30\x00")
#define RENEWED_FROM   1746523500 /* 2025-05-06T09:25:00Z */
#define KEY_COMPROMISE 1

/* As the genuine ones have it. */
static const struct {
    const char *common;
    const char *key; /* its label */
    int64_t not_before_s, not_after_s;
    int path_len;
} facts[SIM_INTEL_CERTS] = {
    [SIM_INTEL_ROOT] = {"Intel SGX Root CA", "intel/root", 1526899510, 2524607999, 1},
    [SIM_INTEL_PLATFORM_CA] = {"Intel SGX PCK Platform CA", "intel/platform", 1526899810,
                               2000285410, 0},
    [SIM_INTEL_PROCESSOR_CA] = {"Intel SGX PCK Processor CA", "intel/processor",
                                1526899810, 2000285410, 0},
    [SIM_INTEL_PCK] = {"Intel SGX PCK Certificate", NULL, 0, 0, SIM_PATH_NO_CA},
    [SIM_INTEL_TCB_SIGNER] = {"Intel SGX TCB Signing", "intel/signer", 1526899810,
                              1747824610, SIM_PATH_NO_CA},
};

static void set_subject(struct sim_cert *cert, const char *common)
{
    sim_name_add(&cert->subject, "CN", common);
    sim_name_add(&cert->subject, "O", "Intel Corporation");
    sim_name_add(&cert->subject, "L", "Santa Clara");
    sim_name_add(&cert->subject, "ST", "CA");
    sim_name_add(&cert->subject, "C", "US");
}

/* Intel numbers the certificates of its own keys by their identifiers. */
static struct sim_serial serial_of(const struct sim_key *key)
{
    const struct sim_key_id id = sim_key_id_of(key);
    struct sim_bytes contents = {0};

    if (id.bytes[0] & 0x80)
        sim_bytes_append_byte(&contents, 0);
    sim_bytes_append(&contents, SIM_ARRAY(id.bytes));
    const struct sim_serial serial = sim_serial_from(sim_bytes_span(contents));
    sim_bytes_free(&contents);
    return serial;
}

/* Twenty bytes, neither negative nor with a zero in front. */
static struct sim_serial random_serial(const struct sim_keyring *ring, const char *label)
{
    uint8_t bytes[20];

    sim_keyring_fill(ring, label, bytes, sizeof bytes);
    bytes[0] = (uint8_t)((bytes[0] & 0x3f) | 0x40);
    return sim_serial_from(SIM_ARRAY(bytes));
}

static void set_extensions(struct sim_cert *cert, const struct sim_key *issuer,
                           const char *list_url, int path_len)
{
    const bool is_ca = path_len != SIM_PATH_NO_CA;

    sim_extensions_set_authority_key(&cert->extensions, issuer);
    sim_extensions_set_crl_point(&cert->extensions, list_url);
    sim_extensions_set_subject_key(&cert->extensions, cert->key);
    sim_extensions_set_usage(&cert->extensions, true, is_ca ? 1 : 6,
                             is_ca ? CERTIFIES : SIGNS);
    sim_extensions_set_constraints(&cert->extensions, path_len);
}

static void set_cert(struct sim_intel *doc, enum sim_intel_place place,
                     const struct sim_key *key, const char *list_url)
{
    const enum sim_intel_place issuer = place == SIM_INTEL_PCK ? doc->ca : SIM_INTEL_ROOT;
    struct sim_cert *cert = &doc->certs[place];

    cert->version = 2;
    cert->not_before_s = facts[place].not_before_s;
    cert->not_after_s = facts[place].not_after_s;
    cert->key = key;
    cert->serial = serial_of(key);
    cert->signing.inner_algorithm = sim_algorithm_ecdsa_sha256();
    cert->signing.outer_algorithm = sim_algorithm_ecdsa_sha256();
    set_subject(cert, facts[place].common);
    set_extensions(cert, doc->certs[issuer].key, list_url, facts[place].path_len);
    sim_cert_set_issuer(cert, &doc->certs[issuer]);
}

/* What is called "v4/pckcrl?ca=platform". */
static void pck_list_url(char url[static 128], enum sim_intel_place ca)
{
    (void)snprintf(url, 128, PCK_CRL_URL "%s&encoding=der",
                   ca == SIM_INTEL_PLATFORM_CA ? "platform" : "processor");
}

static void set_pck(struct sim_intel *doc, struct sim_keyring *ring, const char *label,
                    int64_t time_s)
{
    struct sim_cert *pck = &doc->certs[SIM_INTEL_PCK];
    char url[128];

    pck_list_url(url, doc->ca);
    set_cert(doc, SIM_INTEL_PCK, sim_keyring_key(ring, SIM_KEY_P256, label), url);
    pck->serial = random_serial(ring, label);
    pck->not_before_s = time_s - 90 * DAY;
    pck->not_after_s = pck->not_before_s + 2557 * DAY; /* seven years */
    sim_extensions_set(&pck->extensions, SIM_OID_INTEL_PCK, false, NO_VALUE);
}

static void set_list(struct sim_crl *list, const struct sim_cert *issuer,
                     int64_t this_update_s, int64_t next_update_s)
{
    static const uint8_t number_one[] = {SIM_DER_INTEGER, 1, 1};

    *list = (struct sim_crl){
        .has_version = true,
        .issuer = issuer->subject,
        .this_update_s = this_update_s,
        .next_update_s = next_update_s,
        .has_next_update = true,
        .signing = {.key = issuer->key,
                    .inner_algorithm = issuer->signing.inner_algorithm,
                    .outer_algorithm = issuer->signing.outer_algorithm},
    };
    sim_extensions_set(&list->extensions, SIM_OID_CRL_NUMBER, false,
                       SIM_ARRAY(number_one));
    sim_extensions_set_authority_key(&list->extensions, issuer->key);
}

static void revoke_strangers(struct sim_crl *list, const struct sim_keyring *ring)
{
    static const char *const strangers[] = {"intel/stranger/0", "intel/stranger/1"};

    for (size_t i = 0; i < sizeof strangers / sizeof strangers[0]; i++)
        list->revoked[list->revoked_count++] = (struct sim_revoked){
            .serial = random_serial(ring, strangers[i]),
            .date_s = list->this_update_s,
            .reason = KEY_COMPROMISE};
}

void sim_intel_pki_default(struct sim_intel *doc, struct sim_keyring *ring,
                           const char *label, int64_t time_s)
{
    static const enum sim_intel_place fixed[] = {SIM_INTEL_ROOT, SIM_INTEL_PLATFORM_CA,
                                                 SIM_INTEL_PROCESSOR_CA,
                                                 SIM_INTEL_TCB_SIGNER};
    struct sim_cert *signer = &doc->certs[SIM_INTEL_TCB_SIGNER];

    doc->certs[SIM_INTEL_ROOT].key = sim_keyring_key(ring, SIM_KEY_P256,
                                                     facts[SIM_INTEL_ROOT].key);
    for (size_t i = 0; i < sizeof fixed / sizeof fixed[0]; i++)
        set_cert(doc, fixed[i], sim_keyring_key(ring, SIM_KEY_P256, facts[fixed[i]].key),
                 ROOT_CRL_URL);
    if (time_s - 10 * DAY >= RENEWED_FROM) { /* the same key, as Intel did it */
        signer->not_before_s = RENEWED_FROM;
        signer->not_after_s = RENEWED_FROM + 2557 * DAY;
    }
    set_pck(doc, ring, label, time_s);
    set_list(&doc->root_crl, &doc->certs[SIM_INTEL_ROOT], time_s - 100 * DAY,
             time_s + 265 * DAY);
    set_list(&doc->pck_crl, &doc->certs[doc->ca], time_s - 10 * DAY, time_s + 20 * DAY);
    revoke_strangers(&doc->pck_crl, ring);
}

void sim_intel_set_ca(struct sim_intel *doc, enum sim_intel_place ca)
{
    const bool is_platform = ca == SIM_INTEL_PLATFORM_CA;
    struct sim_cert *pck = &doc->certs[SIM_INTEL_PCK];
    char url[128];

    pck_list_url(url, ca);
    doc->ca = ca;
    sim_cert_set_issuer(pck, &doc->certs[ca]);
    sim_extensions_set_crl_point(&pck->extensions, url);
    doc->pck_crl.issuer = doc->certs[ca].subject;
    doc->pck_crl.signing.key = doc->certs[ca].key;
    sim_extensions_set_authority_key(&doc->pck_crl.extensions, doc->certs[ca].key);
    doc->pck.has_instance = is_platform;
    doc->pck.has_configuration = is_platform;
    doc->pck.sgx_type = is_platform ? 1 : 0;
    for (size_t i = 0; i < doc->chain_count; i++)
        if (doc->chain[i] == SIM_INTEL_PLATFORM_CA ||
            doc->chain[i] == SIM_INTEL_PROCESSOR_CA)
            doc->chain[i] = ca;
}
