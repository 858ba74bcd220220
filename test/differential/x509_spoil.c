/* SPDX-License-Identifier: Apache-2.0 */
#include "pki/cert.h"
#include "test/differential/x509_exhibit.h"

static void spoil_time(int64_t *time_s, struct test_random *random)
{
    static const int shifts[] = {-30, -11, -2, 2, 11, 30, 9000, 20000};

    *time_s += shifts[test_random_below(random, COUNT(shifts))] * DAY;
    if (test_random_below(random, 4) == 0)
        *time_s = CLOCK + (int64_t)test_random_below(random, 21) * 2 -
                  21; /* seconds around it */
}

static enum x509_key any_key(struct test_random *random)
{
    static const enum x509_key some[] = {
        X509_P256_A,     X509_P256_B, X509_P256_C,    X509_P256_D,
        X509_P256_OTHER, X509_P384_A, X509_ED25519_A,
    };

    return some[test_random_below(random, COUNT(some))];
}

static const char *any_name(struct test_random *random)
{
    static const char *const some[] = {
        "root", "first", "second", "leaf", "Root", "FIRST", "leaf ", NULL,
    };

    return some[test_random_below(random, COUNT(some))];
}

static enum x509_way any_way(struct test_random *random)
{
    static const enum x509_way some[] = {X509_USUAL, X509_SHA256, X509_SHA512};

    return some[test_random_below(random, COUNT(some))];
}

/* clang-format off */
static const struct x509_extension cert_extensions[] = {
    {"1.2.3.4", true, "0500"},
    {"1.2.3.4", false, "0500"},
    {"1.2.3.5", false, "ff"},
    {"2.5.29.19", true, "30030101ff"},
    {"2.5.29.15", true, "03020780"},
    {"2.5.29.37", true, "300a06082b06010505070301"},
    {"2.5.29.37", false, "300a06082b06010505070301"},
    {"2.5.29.17", false, "300382016c"},
    {"2.5.29.17", true, "300382016c"},
    {"2.5.29.30", true, "3009a007300582036162 63"},
    {"2.5.29.30", false, "3009a007300582036162 63"},
    {"2.5.29.35", false, "3000"},
    {"2.5.29.14", true, "04020102"},
    {"2.5.29.36", true, "3003800100"},
    {"2.5.29.54", true, "020100"},
    {"2.5.29.32", false, "300530030601 2a"},
};

static const struct x509_extension crl_extensions[] = {
    {"1.2.3.4", true, "0500"},         {"1.2.3.4", false, "0500"},
    {"2.5.29.27", true, "020101"},     {"2.5.29.27", false, "020101"},
    {"2.5.29.28", true, "30038401ff"}, {"2.5.29.28", true, "30038101ff"},
    {"2.5.29.28", true, "30038201ff"}, {"2.5.29.20", false, "020109"},
    {"2.5.29.46", false, "3000"},
};

static const struct x509_extension entry_extensions[] = {
    {"2.5.29.21", false, "0a0101"},
    {"2.5.29.21", false, "0a0106"},
    {"2.5.29.21", false, "0a0108"},
    {"1.2.3.4", true, "0500"},
    {"2.5.29.24", false, "180f32303235303130313030303030305a"},
};
/* clang-format on */

/* ---- one thing of a certificate ---- */

static void spoil_serial(struct x509_cert_recipe *cert, struct test_random *random)
{
    cert->serial = test_random_below(random, 3) * 40;
}

static void spoil_not_before(struct x509_cert_recipe *cert, struct test_random *random)
{
    spoil_time(&cert->not_before_s, random);
}

static void spoil_not_after(struct x509_cert_recipe *cert, struct test_random *random)
{
    spoil_time(&cert->not_after_s, random);
}

static void spoil_key(struct x509_cert_recipe *cert, struct test_random *random)
{
    cert->key = any_key(random);
}

static void spoil_signer(struct x509_cert_recipe *cert, struct test_random *random)
{
    cert->signer = any_key(random);
}

static void spoil_way(struct x509_cert_recipe *cert, struct test_random *random)
{
    cert->way = any_way(random);
}

static void spoil_subject(struct x509_cert_recipe *cert, struct test_random *random)
{
    cert->subject = any_name(random);
}

static void spoil_issuer(struct x509_cert_recipe *cert, struct test_random *random)
{
    cert->issuer = any_name(random);
}

static void spoil_constraints(struct x509_cert_recipe *cert, struct test_random *random)
{
    cert->has_constraints = test_random_below(random, 2);
    cert->constraints_not_critical = test_random_below(random, 2);
}

static void spoil_authority(struct x509_cert_recipe *cert, struct test_random *random)
{
    (void)random;
    cert->is_ca = !cert->is_ca;
}

static void spoil_path_length(struct x509_cert_recipe *cert, struct test_random *random)
{
    cert->has_path_length = true;
    cert->path_length = test_random_below(random, 4);
}

static void spoil_key_usage(struct x509_cert_recipe *cert, struct test_random *random)
{
    cert->key_usage = test_random_below(random, 4)
                          ? 1U << test_random_below(random, 8) |
                                1U << test_random_below(random, 8)
                          : 0;
}

static void spoil_key_ids(struct x509_cert_recipe *cert, struct test_random *random)
{
    cert->key_ids = test_random_below(random, 2);
    cert->flip_authority_key_id = test_random_below(random, 2);
}

static void spoil_extensions(struct x509_cert_recipe *cert, struct test_random *random)
{
    cert->extras[cert->extras[0].oid ? 1 : 0] =
        cert_extensions[test_random_below(random, COUNT(cert_extensions))];
}

static void (*const cert_spoilers[])(struct x509_cert_recipe *, struct test_random *) = {
    spoil_serial,      spoil_not_before, spoil_not_after,   spoil_key,
    spoil_signer,      spoil_way,        spoil_subject,     spoil_issuer,
    spoil_constraints, spoil_authority,  spoil_path_length, spoil_key_usage,
    spoil_key_ids,     spoil_extensions, spoil_extensions,
};

/* ---- one thing of a list ---- */

static void spoil_this_update(struct x509_crl_recipe *crl, struct test_random *random)
{
    spoil_time(&crl->this_update_s, random);
}

static void spoil_next_update(struct x509_crl_recipe *crl, struct test_random *random)
{
    if (test_random_below(random, 2))
        spoil_time(&crl->next_update_s, random);
    else
        crl->next_update_s = 0;
}

static void spoil_list_signer(struct x509_crl_recipe *crl, struct test_random *random)
{
    crl->signer = any_key(random);
}

static void spoil_list_way(struct x509_crl_recipe *crl, struct test_random *random)
{
    crl->way = any_way(random);
}

static void spoil_list_issuer(struct x509_crl_recipe *crl, struct test_random *random)
{
    crl->issuer = any_name(random);
}

static void spoil_entries(struct x509_crl_recipe *crl, struct test_random *random)
{
    crl->revoked[test_random_below(random, 2)] = 10 + test_random_below(random, 4);
    if (test_random_below(random, 2))
        crl->entry_extra =
            entry_extensions[test_random_below(random, COUNT(entry_extensions))];
}

static void spoil_list_key_id(struct x509_crl_recipe *crl, struct test_random *random)
{
    crl->key_id = test_random_below(random, 2);
    crl->flip_authority_key_id = test_random_below(random, 2);
}

static void spoil_list_extensions(struct x509_crl_recipe *crl, struct test_random *random)
{
    crl->extras[0] = crl_extensions[test_random_below(random, COUNT(crl_extensions))];
}

static void (*const list_spoilers[])(struct x509_crl_recipe *, struct test_random *) = {
    spoil_this_update, spoil_next_update, spoil_list_signer, spoil_list_way,
    spoil_list_issuer, spoil_entries,     spoil_list_key_id, spoil_list_extensions,
};

/* ---- the chain ---- */

/* Two certificates change places: names and keys stay with them. */
static void swap(struct recipes *r, struct test_random *random)
{
    size_t a = 1 + test_random_below(random, 3), b = 1 + test_random_below(random, 3);
    struct x509_cert_recipe cert = r->certs[a];

    r->certs[a] = r->certs[b];
    r->certs[b] = cert;
}

/* An intermediate that its own name issued: it counts towards no path length. */
static void issue_to_itself(struct recipes *r)
{
    r->certs[FIRST].subject = r->certs[FIRST].issuer;
    r->certs[SECOND].issuer = r->certs[FIRST].subject;
    r->crls[FIRST].issuer = r->certs[FIRST].subject;
}

static void spoil_once(struct recipes *r, bool with_lists, struct test_random *random)
{
    unsigned what = test_random_below(random, 20);

    if (what == 0)
        swap(r, random);
    else if (what == 1)
        issue_to_itself(r);
    else if (with_lists && what < 8)
        list_spoilers[test_random_below(random, COUNT(list_spoilers))](
            &r->crls[test_random_below(random, LISTS)], random);
    else
        cert_spoilers[test_random_below(random, COUNT(cert_spoilers))](
            &r->certs[test_random_below(random, PLACES)], random);
}

void spoil_recipes(struct recipes *recipes, bool with_lists, struct test_random *random)
{
    for (unsigned times = test_random_below(random, 4); times > 0; times--)
        spoil_once(recipes, with_lists, random);
    /* Ed25519 has one way only. */
    for (size_t i = 0; i < PLACES; i++)
        if (recipes->certs[i].signer == X509_ED25519_A)
            recipes->certs[i].way = X509_USUAL;
    for (size_t i = 0; i < LISTS; i++)
        if (recipes->crls[i].signer == X509_ED25519_A)
            recipes->crls[i].way = X509_USUAL;
}

void spoil_byte(uint8_t *bytes, size_t len, struct test_random *random)
{
    uint8_t *at = bytes + test_random_below(random, (unsigned)len);

    switch (test_random_below(random, 3)) {
    case 0:
        *at ^= (uint8_t)(1U << test_random_below(random, 8));
        break;
    case 1:
        *at = (uint8_t)test_random_below(random, 256);
        break;
    default:
        *at = (uint8_t)(*at + (test_random_below(random, 2) ? 1 : 255));
        break;
    }
}
