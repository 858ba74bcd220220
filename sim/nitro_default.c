/* The values a genuine document has. */
/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <string.h>

#include "sim/nitro.h"

#define HOUR            INT64_C(3600)
#define DAY             (24 * HOUR)
#define REGION          "us-east-1"
#define ROOT_NOT_BEFORE 1572269285 /* 2019-10-28T13:28:05Z, as AWS's own */
#define ROOT_NOT_AFTER  2519044085 /* 2049-10-28T14:28:05Z */

/* The lists AWS names in the certificates of a region and a zone. */
#define REGIONAL_CRL                                                                     \
    "http://aws-nitro-enclaves-crl.s3.amazonaws.com/crl/"                                \
    "ab4960cc-7d63-42bd-9e9f-59338cb67f84.crl"
#define ZONAL_CRL                                                                        \
    "http://crl-us-east-1-aws-nitro-enclaves.s3.us-east-1.amazonaws.com/crl/"            \
    "fd33b706-63c7-4374-acc1-573b7dc7d9be.crl"

/* Names by place: each row one attribute, %s the part that differs. */
struct name_row {
    const char *key;
    const char *text;
};

/* clang-format off */
static const struct name_row names[SIM_NITRO_CERTS][6] = {
    [SIM_NITRO_ROOT] = {
        {"C", "US"}, {"O", "Amazon"}, {"OU", "AWS"}, {"CN", "aws.nitro-enclaves"},
    },
    [SIM_NITRO_REGIONAL] = {
        {"C", "US"}, {"O", "Amazon"}, {"OU", "AWS"}, {"CN", ""},
    },
    [SIM_NITRO_ZONAL] = {
        {"CN", ""}, {"OU", "AWS"}, {"O", "Amazon"}, {"C", "US"}, {"ST", "WA"},
        {"L", "Seattle"},
    },
    [SIM_NITRO_INSTANCE] = {
        {"C", "US"}, {"ST", "Washington"}, {"L", "Seattle"}, {"O", "Amazon"}, {"OU", "AWS"},
        {"CN", ""},
    },
    [SIM_NITRO_ENCLAVE] = {
        {"C", "US"}, {"ST", "Washington"}, {"L", "Seattle"}, {"O", "Amazon"}, {"OU", "AWS"},
        {"CN", ""},
    },
};

/* How long before the document each certificate was made, and how long it lives. */
static const struct {
    int64_t age_s;
    int64_t life_s;
} lives[SIM_NITRO_CERTS] = {
    [SIM_NITRO_REGIONAL] = {4 * DAY,  20 * DAY + HOUR},
    [SIM_NITRO_ZONAL]    = {6 * HOUR, 6 * DAY},
    [SIM_NITRO_INSTANCE] = {5 * HOUR, DAY},
    [SIM_NITRO_ENCLAVE]  = {3,        3 * HOUR + 3},
};
/* clang-format on */

/* What the identifiers of one document are made of. */
struct identity {
    unsigned long long instance; /* "i-0" and 16 digits */
    unsigned long long enclave;  /* "-enc" and 16: start in ms, then 16 random bits */
};

static unsigned long long number_from(const struct sim_keyring *ring, const char *label)
{
    uint8_t bytes[8];
    unsigned long long number = 0;

    sim_keyring_fill(ring, label, bytes, sizeof bytes);
    for (size_t i = 0; i < sizeof bytes; i++)
        number = number << 8 | bytes[i];
    return number;
}

static void set_name(struct sim_cert *cert, enum sim_nitro_place place)
{
    for (size_t i = 0; i < 6 && names[place][i].key; i++)
        sim_name_add(&cert->subject, names[place][i].key, names[place][i].text);
}

/* A serial of `len` random bytes whose top bit is set, and so a zero in front. */
static struct sim_serial random_serial(const struct sim_keyring *ring, const char *label,
                                       size_t len)
{
    struct sim_serial serial = {.len = len + 1};

    sim_keyring_fill(ring, label, serial.bytes + 1, len);
    serial.bytes[1] |= 0x80;
    return serial;
}

/* The enclave's identifier, four zeros, the second of the document. */
static struct sim_serial enclave_serial(const struct identity *identity, int64_t time_s)
{
    struct sim_serial serial = {.len = 16};

    for (size_t i = 0; i < 8; i++)
        serial.bytes[i] = (uint8_t)(identity->enclave >> (56 - 8 * i));
    for (size_t i = 0; i < 4; i++)
        serial.bytes[12 + i] = (uint8_t)((uint64_t)time_s >> (24 - 8 * i));
    return serial;
}

static void set_extensions(struct sim_nitro *doc)
{
    struct sim_extensions *root = &doc->certs[SIM_NITRO_ROOT].extensions;
    struct sim_extensions *instance = &doc->certs[SIM_NITRO_INSTANCE].extensions;
    struct sim_extensions *enclave = &doc->certs[SIM_NITRO_ENCLAVE].extensions;

    sim_extensions_set_constraints(root, SIM_PATH_UNLIMITED);
    sim_extensions_set_subject_key(root, doc->certs[SIM_NITRO_ROOT].key);
    sim_extensions_set_usage(root, true, 1, 0x86);

    for (int place = SIM_NITRO_REGIONAL; place <= SIM_NITRO_ZONAL; place++) {
        struct sim_extensions *list = &doc->certs[place].extensions;

        sim_extensions_set_constraints(list, SIM_NITRO_INSTANCE - place);
        sim_extensions_set_authority_key(list, doc->certs[place - 1].key);
        sim_extensions_set_subject_key(list, doc->certs[place].key);
        sim_extensions_set_usage(list, true, 1, 0x86);
        sim_extensions_set_crl_point(list,
                                     place == SIM_NITRO_ZONAL ? ZONAL_CRL : REGIONAL_CRL);
    }

    sim_extensions_set_constraints(instance, 0);
    sim_extensions_set_usage(instance, true, 2, 0x04);
    sim_extensions_set_subject_key(instance, doc->certs[SIM_NITRO_INSTANCE].key);
    sim_extensions_set_authority_key(instance, doc->certs[SIM_NITRO_ZONAL].key);

    sim_extensions_set_constraints(enclave, SIM_PATH_NO_CA);
    sim_extensions_set_usage(enclave, false, 6, 0xc0);
}

static void set_common_names(struct sim_nitro *doc, const struct sim_keyring *ring,
                             const struct identity *identity)
{
    char text[72];

    (void)snprintf(text, sizeof text, "%016llx." REGION ".aws.nitro-enclaves",
                   number_from(ring, "nitro/regional") | 1ULL << 63);
    sim_name_set_common(&doc->certs[SIM_NITRO_REGIONAL].subject, text);
    (void)snprintf(text, sizeof text, "%016llx.zonal." REGION ".aws.nitro-enclaves",
                   number_from(ring, "nitro/zonal") | 1ULL << 63);
    sim_name_set_common(&doc->certs[SIM_NITRO_ZONAL].subject, text);
    (void)snprintf(text, sizeof text, "i-0%016llx." REGION ".aws.nitro-enclaves",
                   identity->instance);
    sim_name_set_common(&doc->certs[SIM_NITRO_INSTANCE].subject, text);
    (void)snprintf(text, sizeof text, "i-0%016llx-enc%016llx." REGION ".aws",
                   identity->instance, identity->enclave);
    sim_name_set_common(&doc->certs[SIM_NITRO_ENCLAVE].subject, text);
}

static void set_serials(struct sim_nitro *doc, const struct sim_keyring *ring,
                        const struct identity *identity, int64_t time_s)
{
    const struct sim_label instance = sim_label_of("nitro/serial/instance",
                                                   (unsigned)identity->instance);

    doc->certs[SIM_NITRO_ROOT].serial = sim_serial_from(TROTH_LITERAL("\x00\xf9"
                                                                      "TROTH-SIMULATED"));
    doc->certs[SIM_NITRO_REGIONAL].serial = random_serial(ring, "nitro/serial/regional",
                                                          16);
    doc->certs[SIM_NITRO_ZONAL].serial = random_serial(ring, "nitro/serial/zonal", 16);
    doc->certs[SIM_NITRO_INSTANCE].serial = random_serial(ring, instance.text, 20);
    doc->certs[SIM_NITRO_ENCLAVE].serial = enclave_serial(identity, time_s);
}

static void set_lives(struct sim_nitro *doc, int64_t time_s)
{
    for (size_t place = SIM_NITRO_REGIONAL; place < SIM_NITRO_CERTS; place++) {
        doc->certs[place].not_before_s = time_s - lives[place].age_s;
        doc->certs[place].not_after_s = time_s - lives[place].age_s + lives[place].life_s;
    }
    doc->certs[SIM_NITRO_ROOT].not_before_s = ROOT_NOT_BEFORE;
    doc->certs[SIM_NITRO_ROOT].not_after_s = ROOT_NOT_AFTER;
}

/* Names, keys and algorithms; what hangs on other certificates comes after. */
static void set_certs(struct sim_nitro *doc, struct sim_keyring *ring, unsigned number)
{
    const struct sim_label instance = sim_label_of("nitro/instance", number);
    const struct sim_label enclave = sim_label_of("nitro/enclave", number);
    const char *const labels[SIM_NITRO_CERTS] = {
        "nitro/root", "nitro/regional", "nitro/zonal", instance.text, enclave.text};

    for (size_t place = 0; place < SIM_NITRO_CERTS; place++) {
        struct sim_cert *cert = &doc->certs[place];

        cert->version = 2;
        cert->key = sim_keyring_key(ring, SIM_KEY_P384, labels[place]);
        cert->signing.inner_algorithm = sim_algorithm_ecdsa_sha384();
        cert->signing.outer_algorithm = sim_algorithm_ecdsa_sha384();
        set_name(cert, (enum sim_nitro_place)place);
    }
    doc->key = doc->certs[SIM_NITRO_ENCLAVE].key;
}

static void set_pcr(struct sim_nitro *doc, const struct sim_keyring *ring, unsigned index)
{
    const struct sim_label label = sim_label_of("nitro/pcr", index);

    sim_keyring_fill(ring, label.text, doc->pcrs[index].value, 48);
}

/* The register of the instance is a machine's own; all others are its image's. */
static void set_instance_pcr(struct sim_nitro *doc, const struct sim_keyring *ring,
                             unsigned number)
{
    const struct sim_label label = sim_label_of("nitro/instance-pcr", number);

    if (number > 0)
        sim_keyring_fill(ring, label.text, doc->pcrs[4].value, 48);
}

static void set_pcrs(struct sim_nitro *doc, const struct sim_keyring *ring, size_t count)
{
    memset(doc->pcrs, 0, sizeof doc->pcrs);
    for (size_t i = 0; i < count; i++) {
        doc->pcrs[i].is_present = true;
        doc->pcrs[i].len = 48;
    }
    for (unsigned i = 0; i <= 4; i++)
        set_pcr(doc, ring, i);
}

static void set_payload(struct sim_nitro *doc, const struct identity *identity,
                        int64_t time_s)
{
    static const uint8_t es384[] = {0xa1, 0x01, 0x38, 0x22}; /* {1: -35} */

    (void)snprintf(doc->module_id, sizeof doc->module_id, "i-0%016llx-enc%016llx",
                   identity->instance, identity->enclave);
    (void)snprintf(doc->digest, sizeof doc->digest, "SHA384");
    (void)snprintf(doc->pcrs_key, sizeof doc->pcrs_key, "pcrs");
    doc->timestamp_ms = (uint64_t)time_s * 1000 + 491;
    doc->certificate = SIM_NITRO_ENCLAVE;
    doc->cabundle_count = SIM_NITRO_ENCLAVE;
    for (size_t i = 0; i < doc->cabundle_count; i++)
        doc->cabundle[i] = (enum sim_nitro_place)i;
    memcpy(doc->protected_header, es384, sizeof es384);
    doc->protected_len = sizeof es384;
    doc->unprotected_header[0] = 0xa0;
    doc->unprotected_len = 1;
}

void sim_nitro_default(struct sim_nitro *out, struct sim_keyring *ring, unsigned number,
                       int64_t time_s)
{
    const struct sim_label label = sim_label_of("nitro/identity", number);
    const unsigned long long drawn = number_from(ring, label.text);
    const struct identity identity = {
        .instance = drawn,
        .enclave = ((unsigned long long)time_s - 60) * 1000 << 16 | (drawn & 0xffff),
    };

    memset(out, 0, sizeof *out);
    set_certs(out, ring, number);
    set_common_names(out, ring, &identity);
    set_serials(out, ring, &identity, time_s);
    set_lives(out, time_s);
    set_extensions(out);
    sim_cert_set_issuer(&out->certs[SIM_NITRO_ROOT], &out->certs[SIM_NITRO_ROOT]);
    for (size_t place = SIM_NITRO_REGIONAL; place < SIM_NITRO_CERTS; place++)
        sim_cert_set_issuer(&out->certs[place], &out->certs[place - 1]);
    set_payload(out, &identity, time_s);
    set_pcrs(out, ring, 16);
    set_instance_pcr(out, ring, number);
}

void sim_nitro_set_tpm(struct sim_nitro *doc, struct sim_keyring *ring)
{
    (void)snprintf(doc->pcrs_key, sizeof doc->pcrs_key, "nitrotpm_pcrs");
    set_pcrs(doc, ring, 24);
}
