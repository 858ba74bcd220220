/* SPDX-License-Identifier: Apache-2.0 */
#include "pki/chain.h"

#include <string.h>

#include "base/instant.h"
#include "base/span.h"
#include "test/harness.h"
#include "test/support/failing_crypto.h"
#include "test/support/x509_make.h"
#include "troth/provider.h"

#define DAY  ((int64_t)86400)
#define NOON ((int64_t)1767225600) /* 2026-01-01T00:00:00Z */

enum { ROOT, FIRST, SECOND, LEAF, PLACES };

/* A chain of three below its root, and a list from each issuer: what every case starts
 * from, before it breaks one thing. */
struct fixture {
    struct x509_cert_recipe certs[PLACES];
    struct x509_crl_recipe crls[3]; /* [0] from the root, about FIRST */
    size_t crl_count;
    struct troth_cert_role roles[3];
    size_t count;
    int64_t at_s;
    struct troth_crypto *crypto;
    struct troth_cache *cache;
    bool spoil_signature[PLACES], spoil_list;
};

static struct troth_crypto crypto;

static struct x509_cert_recipe cert_recipe(const char *subject, const char *issuer,
                                           enum x509_key key, enum x509_key signer)
{
    return (struct x509_cert_recipe){
        .subject = subject,
        .issuer = issuer,
        .organization = "Troth Test",
        .issuer_organization = "Troth Test",
        .serial = 10 + (unsigned)key,
        .not_before_s = NOON - 10 * DAY,
        .not_after_s = NOON + 10 * DAY,
        .key = key,
        .signer = signer,
        .has_constraints = true,
        .is_ca = true,
        .key_usage = TROTH_USE_CERT_SIGN | TROTH_USE_CRL_SIGN,
        .key_ids = true,
    };
}

static struct x509_crl_recipe crl_recipe(const char *issuer, enum x509_key signer)
{
    return (struct x509_crl_recipe){
        .issuer = issuer,
        .issuer_organization = "Troth Test",
        .this_update_s = NOON - DAY,
        .next_update_s = NOON + DAY,
        .signer = signer,
        .key_id = true,
        .number = 7,
        .revoked = {99, 98},
    };
}

static struct troth_cert_role role(const char *name, bool is_ca, uint16_t usage)
{
    return (struct troth_cert_role){
        .name = name,
        .signed_with = TROTH_ECDSA_P384_SHA384,
        .key = TROTH_KEY_P384,
        .is_ca = is_ca,
        .key_usage = usage,
        .may_be_revoked = true,
    };
}

static struct fixture sound(void)
{
    struct fixture f = {
        .certs = {cert_recipe("root", "root", X509_P384_A, X509_P384_A),
                  cert_recipe("first", "root", X509_P384_B, X509_P384_A),
                  cert_recipe("second", "first", X509_P384_C, X509_P384_B),
                  cert_recipe("leaf", "second", X509_P384_D, X509_P384_C)},
        .crls = {crl_recipe("root", X509_P384_A), crl_recipe("first", X509_P384_B),
                 crl_recipe("second", X509_P384_C)},
        .crl_count = 3,
        .roles = {role("test.first", true, TROTH_USE_CERT_SIGN),
                  role("test.second", true, TROTH_USE_CERT_SIGN),
                  role("test.leaf", false, TROTH_USE_DIGITAL_SIGNATURE)},
        .count = 3,
        .at_s = NOON,
        .crypto = &crypto,
    };

    f.certs[LEAF].is_ca = false;
    f.certs[LEAF].key_usage = TROTH_USE_DIGITAL_SIGNATURE;
    f.roles[2].common_name = "leaf";
    f.roles[2].organization = "Troth Test";
    return f;
}

static struct troth_span spoil(struct troth_span der)
{
    uint8_t *copy = x509_copy(der);

    copy[der.len - 1] ^= 1; /* the last byte of s */
    return (struct troth_span){copy, der.len};
}

/* Make everything the fixture says and judge it. */
static struct troth_chain_report judge(const struct fixture *f)
{
    struct troth_anchor anchor = {0};
    struct troth_cert certs[3];
    struct troth_crl crls[3];
    struct troth_chain_report report;

    x509_forget();
    CHECK_ERR(troth_anchor_from_certificate(&anchor, NULL, &crypto,
                                            x509_make_cert(&f->certs[ROOT])),
              TROTH_OK);
    for (size_t i = 0; i < f->count; i++) {
        struct troth_span der = x509_make_cert(&f->certs[i + 1]);

        if (f->spoil_signature[i + 1])
            der = spoil(der);
        CHECK_ERR(troth_cert_parse(&certs[i], NULL, der), TROTH_OK);
    }
    for (size_t i = 0; i < f->crl_count; i++) {
        struct troth_span der = x509_make_crl(&f->crls[i]);

        if (f->spoil_list && i == 0)
            der = spoil(der);
        CHECK_ERR(troth_crl_parse(&crls[i], NULL, der), TROTH_OK);
    }
    const struct troth_chain chain = {
        &anchor,
        certs,
        f->roles,
        f->count,
        crls,
        f->crl_count,
        TROTH_ECDSA_P384_SHA384,
        f->at_s,
        f->crypto,
        f->cache,
    };

    CHECK_ERR(troth_chain_verify(&report, &chain), TROTH_OK);
    return report;
}

/* ---- one thing broken at a time ---- */

static void nothing(struct fixture *f)
{
    (void)f;
}

static void wrong_root_same_name(struct fixture *f)
{
    f->certs[ROOT].key = f->certs[ROOT].signer = X509_P384_OTHER;
}

static void wrong_root_without_ids(struct fixture *f)
{
    wrong_root_same_name(f);
    f->certs[ROOT].key_ids = false;
}

static void wrong_root_name(struct fixture *f)
{
    f->certs[ROOT].subject = f->certs[ROOT].issuer = "other root";
}

static void other_organization(struct fixture *f)
{
    f->certs[SECOND].issuer_organization = "Troth test";
}

static void self_issued_intermediate(struct fixture *f)
{
    f->certs[FIRST].subject = "root";
    f->certs[SECOND].issuer = "root";
    f->crls[1].issuer = "root";
    f->roles[0].may_be_revoked = f->roles[1].may_be_revoked = false;
    f->certs[ROOT].has_path_length = true;
    f->certs[ROOT].path_length = 1; /* first does not count, second does */
}

static void anchor_path_length(struct fixture *f)
{
    f->certs[ROOT].has_path_length = true;
    f->certs[ROOT].path_length = 1;
}

static void anchor_path_length_enough(struct fixture *f)
{
    f->certs[ROOT].has_path_length = true;
    f->certs[ROOT].path_length = 2;
}

static void path_length(struct fixture *f)
{
    f->certs[FIRST].has_path_length = true;
    f->certs[FIRST].path_length = 0;
}

static void path_length_enough(struct fixture *f)
{
    f->certs[FIRST].has_path_length = true;
    f->certs[FIRST].path_length = 1;
    f->certs[SECOND].has_path_length = true;
    f->certs[SECOND].path_length = 0;
}

static void leaf_is_ca(struct fixture *f)
{
    f->certs[LEAF].is_ca = true;
}

static void leaf_signs_certificates(struct fixture *f)
{
    f->certs[LEAF].key_usage |= TROTH_USE_CERT_SIGN;
}

static void leaf_in_the_middle(struct fixture *f)
{
    f->certs[SECOND].is_ca = false;
}

static void constraints_missing(struct fixture *f)
{
    f->certs[SECOND].has_constraints = false;
}

/* A table of roles that forgets a CA does not make a leaf one. */
static void forgetful_roles(struct fixture *f)
{
    f->certs[FIRST].is_ca = false;
    f->certs[FIRST].key_usage = TROTH_USE_CRL_SIGN;
    f->roles[0].is_ca = false;
    f->roles[0].key_usage = 0;
}

static void no_cert_sign(struct fixture *f)
{
    f->certs[FIRST].key_usage = TROTH_USE_CRL_SIGN;
    f->roles[0].key_usage = 0;
}

static void no_key_usage_where_needed(struct fixture *f)
{
    f->certs[FIRST].key_usage = 0;
}

static void no_key_usage_where_free(struct fixture *f)
{
    f->certs[FIRST].key_usage = 0;
    f->roles[0].key_usage = 0;
}

static void no_digital_signature(struct fixture *f)
{
    f->certs[LEAF].key_usage = 1U << 2;
}

static void unknown_critical(struct fixture *f)
{
    f->certs[SECOND].extras[0] = (struct x509_extension){"1.2.3.4", true, "0500"};
}

static void unknown_not_critical(struct fixture *f)
{
    f->certs[SECOND].extras[0] = (struct x509_extension){"1.2.3.4", false, "0500"};
}

static void key_ids_differ(struct fixture *f)
{
    f->certs[LEAF].flip_authority_key_id = true;
}

static void no_key_ids(struct fixture *f)
{
    f->certs[LEAF].key_ids = f->certs[SECOND].key_ids = false;
}

static void other_algorithm(struct fixture *f)
{
    f->certs[LEAF].way = X509_SHA256;
}

static void other_key_kind(struct fixture *f)
{
    f->certs[LEAF].key = X509_P256_A;
}

/* The role asks for it, but the issuer's key cannot have made it. */
static void algorithm_not_of_issuer_key(struct fixture *f)
{
    f->certs[LEAF].way = X509_SHA256;
    f->roles[2].signed_with = TROTH_ECDSA_P256_SHA256;
}

static void roles_swapped(struct fixture *f)
{
    f->roles[0].common_name = "second";
}

static void other_common_name(struct fixture *f)
{
    f->certs[LEAF].subject = "LEAF";
}

static void no_organization(struct fixture *f)
{
    f->certs[LEAF].organization = NULL;
}

static void signed_by_another(struct fixture *f)
{
    f->certs[LEAF].signer = X509_P384_OTHER;
    f->certs[LEAF].key_ids = false;
}

static void spoilt_first(struct fixture *f)
{
    f->spoil_signature[FIRST] = true;
}

static void spoilt_second(struct fixture *f)
{
    f->spoil_signature[SECOND] = true;
}

static void spoilt_leaf(struct fixture *f)
{
    f->spoil_signature[LEAF] = true;
}

static void empty_chain(struct fixture *f)
{
    f->count = 0;
}

#define EXPIRED(place)                                                                   \
    static void expired_##place(struct fixture *f)                                       \
    {                                                                                    \
        f->certs[place].not_after_s = NOON - 1;                                          \
    }                                                                                    \
    static void early_##place(struct fixture *f)                                         \
    {                                                                                    \
        f->certs[place].not_before_s = NOON + 1;                                         \
    }
EXPIRED(ROOT)
EXPIRED(FIRST)
EXPIRED(SECOND)
EXPIRED(LEAF)

static void last_second(struct fixture *f)
{
    for (size_t i = 0; i < PLACES; i++)
        f->certs[i].not_after_s = NOON;
}

static void first_second(struct fixture *f)
{
    for (size_t i = 0; i < PLACES; i++)
        f->certs[i].not_before_s = NOON;
}

static void revoked_first(struct fixture *f)
{
    f->crls[0].revoked[1] = f->certs[FIRST].serial;
}

static void revoked_second(struct fixture *f)
{
    f->crls[1].revoked[2] = f->certs[SECOND].serial;
}

static void revoked_leaf(struct fixture *f)
{
    f->crls[2].revoked[0] = f->certs[LEAF].serial;
}

/* The serial number is on a list, but on another issuer's. */
static void revoked_elsewhere(struct fixture *f)
{
    f->crls[0].revoked[0] = f->certs[LEAF].serial;
}

static void no_list_for_leaf(struct fixture *f)
{
    f->crl_count = 2;
}

static void nobody_revokes(struct fixture *f)
{
    for (size_t i = 0; i < 3; i++)
        f->roles[i].may_be_revoked = false;
    f->crl_count = 0;
}

static void only_leaf_may_be_revoked(struct fixture *f)
{
    f->roles[0].may_be_revoked = f->roles[1].may_be_revoked = false;
    f->crls[0] = f->crls[2];
    f->crl_count = 1;
}

static void list_by_wrong_authority(struct fixture *f)
{
    f->crls[2].signer = X509_P384_A;
}

static void list_spoilt(struct fixture *f)
{
    f->spoil_list = true;
}

static void list_expired(struct fixture *f)
{
    f->crls[1].next_update_s = NOON - 1;
}

static void list_early(struct fixture *f)
{
    f->crls[1].this_update_s = NOON + 1;
}

static void issuer_without_crl_sign(struct fixture *f)
{
    f->certs[SECOND].key_usage = TROTH_USE_CERT_SIGN;
}

static void anchor_without_crl_sign(struct fixture *f)
{
    f->certs[ROOT].key_usage = TROTH_USE_CERT_SIGN;
}

/* All three rows at once. */
static void everything(struct fixture *f)
{
    spoilt_first(f);
    expired_LEAF(f);
    revoked_second(f);
}

#define GOOD TROTH_PASSED, NULL, NULL
/* clang-format off */
static const struct {
    const char *why;
    void (*change)(struct fixture *f);
    struct {
        enum troth_outcome outcome;
        const char *subject, *why;
    } chain, validity, revocation;
} cases[] = {
    {"sound", nothing, {GOOD}, {GOOD}, {GOOD}},

    {"wrong root with the same name", wrong_root_same_name,
     {TROTH_FAILED, "test.first", "key identifiers differ"}, {GOOD},
     {TROTH_FAILED, "test.first", "revocation list names another key"}},
    {"wrong root, no identifiers", wrong_root_without_ids,
     {TROTH_FAILED, "test.first", "signature does not verify"}, {GOOD},
     {TROTH_FAILED, "test.first", "signature of the revocation list does not verify"}},
    {"wrong root name", wrong_root_name,
     {TROTH_FAILED, "test.first", "issued by another name"}, {GOOD},
     {TROTH_NOT_MADE, "test.first", "no revocation list from its issuer was given"}},
    {"issuer differs in a letter's case", other_organization,
     {TROTH_FAILED, "test.second", "issued by another name"}, {GOOD}, {GOOD}},

    {"self-issued intermediate is not counted", self_issued_intermediate,
     {GOOD}, {GOOD}, {GOOD}},
    {"anchor's path length", anchor_path_length,
     {TROTH_FAILED, "custom", "path length exceeded"}, {GOOD}, {GOOD}},
    {"anchor's path length is just enough", anchor_path_length_enough, {GOOD}, {GOOD}, {GOOD}},
    {"path length", path_length,
     {TROTH_FAILED, "test.first", "path length exceeded"}, {GOOD}, {GOOD}},
    {"path lengths are just enough", path_length_enough, {GOOD}, {GOOD}, {GOOD}},

    {"leaf is a CA", leaf_is_ca,
     {TROTH_FAILED, "test.leaf", "may issue certificates, which its role may not"}, {GOOD}, {GOOD}},
    {"leaf has keyCertSign", leaf_signs_certificates,
     {TROTH_FAILED, "test.leaf", "may issue certificates, which its role may not"}, {GOOD}, {GOOD}},
    {"leaf in the middle", leaf_in_the_middle,
     {TROTH_FAILED, "test.second", "may not issue certificates"}, {GOOD}, {GOOD}},
    {"CA without basicConstraints", constraints_missing,
     {TROTH_FAILED, "test.second", "may not issue certificates"}, {GOOD}, {GOOD}},
    {"role forgets that it issues", forgetful_roles,
     {TROTH_FAILED, "test.first", "may not issue certificates"}, {GOOD}, {GOOD}},
    {"CA without keyCertSign", no_cert_sign,
     {TROTH_FAILED, "test.first", "may not issue certificates"}, {GOOD}, {GOOD}},
    {"no keyUsage where the role needs one", no_key_usage_where_needed,
     {TROTH_FAILED, "test.first", "lacks a key usage its role needs"}, {GOOD}, {GOOD}},
    {"no keyUsage where the role does not", no_key_usage_where_free, {GOOD}, {GOOD}, {GOOD}},
    {"leaf without digitalSignature", no_digital_signature,
     {TROTH_FAILED, "test.leaf", "lacks a key usage its role needs"}, {GOOD}, {GOOD}},

    {"unknown critical extension", unknown_critical,
     {TROTH_FAILED, "test.second", "unknown critical extension"}, {GOOD}, {GOOD}},
    {"unknown extension that is not critical", unknown_not_critical, {GOOD}, {GOOD}, {GOOD}},
    {"key identifiers differ", key_ids_differ,
     {TROTH_FAILED, "test.leaf", "key identifiers differ"}, {GOOD}, {GOOD}},
    {"no key identifiers", no_key_ids, {GOOD}, {GOOD}, {GOOD}},

    {"another algorithm", other_algorithm,
     {TROTH_FAILED, "test.leaf", "signed with another algorithm than its role's"}, {GOOD}, {GOOD}},
    {"another kind of key", other_key_kind,
     {TROTH_FAILED, "test.leaf", "key of another kind than its role's"}, {GOOD}, {GOOD}},
    {"algorithm is not for the issuer's key", algorithm_not_of_issuer_key,
     {TROTH_FAILED, "test.leaf", "signed with an algorithm that its issuer's key is not for"}, {GOOD}, {GOOD}},
    {"roles swapped", roles_swapped,
     {TROTH_FAILED, "test.first", "common name is not its role's"}, {GOOD}, {GOOD}},
    {"another common name", other_common_name,
     {TROTH_FAILED, "test.leaf", "common name is not its role's"}, {GOOD}, {GOOD}},
    {"no organization", no_organization,
     {TROTH_FAILED, "test.leaf", "organization is not its role's"}, {GOOD}, {GOOD}},

    {"signed by another key", signed_by_another,
     {TROTH_FAILED, "test.leaf", "signature does not verify"}, {GOOD}, {GOOD}},
    {"first signature spoilt", spoilt_first,
     {TROTH_FAILED, "test.first", "signature does not verify"}, {GOOD}, {GOOD}},
    {"second signature spoilt", spoilt_second,
     {TROTH_FAILED, "test.second", "signature does not verify"}, {GOOD}, {GOOD}},
    {"leaf signature spoilt", spoilt_leaf,
     {TROTH_FAILED, "test.leaf", "signature does not verify"}, {GOOD}, {GOOD}},
    {"no certificate", empty_chain,
     {TROTH_FAILED, "custom", "chain is empty"}, {GOOD},
     {TROTH_NOT_APPLICABLE, NULL, "no issuer in this chain publishes a revocation list"}},

    {"anchor expired", expired_ROOT, {GOOD}, {TROTH_FAILED, "custom", "certificate has expired"}, {GOOD}},
    {"first expired", expired_FIRST, {GOOD}, {TROTH_FAILED, "test.first", "certificate has expired"}, {GOOD}},
    {"second expired", expired_SECOND, {GOOD}, {TROTH_FAILED, "test.second", "certificate has expired"}, {GOOD}},
    {"leaf expired", expired_LEAF, {GOOD}, {TROTH_FAILED, "test.leaf", "certificate has expired"}, {GOOD}},
    {"anchor early", early_ROOT, {GOOD}, {TROTH_FAILED, "custom", "certificate is not yet valid"}, {GOOD}},
    {"first early", early_FIRST, {GOOD}, {TROTH_FAILED, "test.first", "certificate is not yet valid"}, {GOOD}},
    {"second early", early_SECOND, {GOOD}, {TROTH_FAILED, "test.second", "certificate is not yet valid"}, {GOOD}},
    {"leaf early", early_LEAF, {GOOD}, {TROTH_FAILED, "test.leaf", "certificate is not yet valid"}, {GOOD}},
    {"the last second is still good", last_second, {GOOD}, {GOOD}, {GOOD}},
    {"the first second is good already", first_second, {GOOD}, {GOOD}, {GOOD}},

    {"first revoked", revoked_first, {GOOD}, {GOOD}, {TROTH_FAILED, "test.first", "certificate is revoked"}},
    {"second revoked", revoked_second, {GOOD}, {GOOD}, {TROTH_FAILED, "test.second", "certificate is revoked"}},
    {"leaf revoked", revoked_leaf, {GOOD}, {GOOD}, {TROTH_FAILED, "test.leaf", "certificate is revoked"}},
    {"serial number on another issuer's list", revoked_elsewhere, {GOOD}, {GOOD}, {GOOD}},
    {"no list about the leaf", no_list_for_leaf, {GOOD}, {GOOD},
     {TROTH_NOT_MADE, "test.leaf", "no revocation list from its issuer was given"}},
    {"no issuer has a list", nobody_revokes, {GOOD}, {GOOD},
     {TROTH_NOT_APPLICABLE, NULL, "no issuer in this chain publishes a revocation list"}},
    {"only the leaf may be revoked", only_leaf_may_be_revoked, {GOOD}, {GOOD}, {GOOD}},
    {"list signed by the CA above", list_by_wrong_authority, {GOOD}, {GOOD},
     {TROTH_FAILED, "test.leaf", "revocation list names another key"}},
    {"list spoilt", list_spoilt, {GOOD}, {GOOD},
     {TROTH_FAILED, "test.first", "signature of the revocation list does not verify"}},
    {"list expired", list_expired, {GOOD}, {GOOD},
     {TROTH_FAILED, "test.second", "revocation list has expired"}},
    {"list from the future", list_early, {GOOD}, {GOOD},
     {TROTH_FAILED, "test.second", "revocation list is not yet valid"}},
    {"issuer without cRLSign", issuer_without_crl_sign, {GOOD}, {GOOD},
     {TROTH_FAILED, "test.leaf", "issuer may not sign revocation lists"}},
    {"anchor without cRLSign", anchor_without_crl_sign, {GOOD}, {GOOD},
     {TROTH_FAILED, "test.first", "issuer may not sign revocation lists"}},

    {"everything at once", everything,
     {TROTH_FAILED, "test.first", "signature does not verify"},
     {TROTH_FAILED, "test.leaf", "certificate has expired"},
     {TROTH_FAILED, "test.second", "certificate is revoked"}},
};
/* clang-format on */

static void check_row(const struct troth_check *row, enum troth_check_id id,
                      enum troth_outcome outcome, const char *subject, const char *why)
{
    CHECK_INT(row->id, id);
    CHECK_INT(row->outcome, outcome);
    CHECK_TEXT(row->why, why);
    if (outcome != TROTH_PASSED)
        CHECK_TEXT(row->subject, subject);
}

static void test_rules(void)
{
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct fixture f = sound();

        test_case("chain: %s", cases[i].why);
        cases[i].change(&f);
        struct troth_chain_report r = judge(&f);

        check_row(&r.chain, TROTH_CHECK_CHAIN, cases[i].chain.outcome,
                  cases[i].chain.subject, cases[i].chain.why);
        check_row(&r.validity, TROTH_CHECK_VALIDITY, cases[i].validity.outcome,
                  cases[i].validity.subject, cases[i].validity.why);
        check_row(&r.revocation, TROTH_CHECK_REVOCATION, cases[i].revocation.outcome,
                  cases[i].revocation.subject, cases[i].revocation.why);
    }
}

/* What a failed row shows beside its clause. */
static void test_values(void)
{
    struct fixture f = sound();

    test_case("values: expiry shows both instants");
    expired_SECOND(&f);
    struct troth_chain_report r = judge(&f);

    CHECK_INT(r.validity.seen.type, TROTH_VALUE_INSTANT);
    CHECK_INT(r.validity.seen.instant_s, NOON - 1);
    CHECK_INT(r.validity.wanted.instant_s, NOON);

    test_case("values: algorithms by name");
    f = sound();
    other_algorithm(&f);
    r = judge(&f);
    CHECK_SPAN(r.chain.seen.bytes, TROTH_LITERAL("ECDSA P-256 with SHA-256"));
    CHECK_SPAN(r.chain.wanted.bytes, TROTH_LITERAL("ECDSA P-384 with SHA-384"));

    test_case("values: path lengths are numbers");
    f = sound();
    path_length(&f);
    r = judge(&f);
    CHECK_INT(r.chain.seen.number, 1);
    CHECK_INT(r.chain.wanted.number, 0);

    test_case("values: common names are text");
    f = sound();
    other_common_name(&f);
    r = judge(&f);
    CHECK_INT(r.chain.seen.type, TROTH_VALUE_TEXT);
    CHECK_SPAN(r.chain.seen.bytes, TROTH_LITERAL("LEAF"));
    CHECK_SPAN(r.chain.wanted.bytes, TROTH_LITERAL("leaf"));

    test_case("values: the key usage that is missing");
    f = sound();
    no_digital_signature(&f);
    r = judge(&f);
    CHECK_SPAN(r.chain.wanted.bytes, TROTH_LITERAL("digitalSignature"));

    test_case("values: the serial number that is revoked");
    f = sound();
    revoked_leaf(&f);
    r = judge(&f);
    CHECK_INT(r.revocation.seen.type, TROTH_VALUE_BYTES);
    CHECK_INT(r.revocation.seen.bytes.ptr[0], (int)f.certs[LEAF].serial);
}

static void test_until(void)
{
    struct fixture f = sound();

    test_case("until: a list ends first");
    f.crls[1].next_update_s = NOON + 60;
    struct troth_chain_report r = judge(&f);

    CHECK_INT(r.valid_until_s, NOON + 60);
    CHECK_TEXT(r.valid_until_what, "revocation list");

    test_case("until: a certificate ends first");
    f.certs[SECOND].not_after_s = NOON + 59;
    r = judge(&f);
    CHECK_INT(r.valid_until_s, NOON + 59);
    CHECK_TEXT(r.valid_until_what, "test.second");

    test_case("until: the anchor ends first");
    f.certs[ROOT].not_after_s = NOON + 58;
    r = judge(&f);
    CHECK_INT(r.valid_until_s, NOON + 58);
    CHECK_TEXT(r.valid_until_what, "custom");
}

static void test_other_algorithms(void)
{
    struct fixture f = sound();

    test_case("RSA-PSS root and intermediate, P-256 leaf");
    f.count = 2;
    f.crl_count = 0;
    f.roles[0].may_be_revoked = f.roles[1].may_be_revoked = false;
    f.certs[ROOT].key = f.certs[ROOT].signer = f.certs[FIRST].signer = X509_RSA_A;
    f.certs[FIRST].key = f.certs[SECOND].signer = X509_P256_A;
    f.certs[SECOND].key = X509_P256_B;
    f.certs[SECOND].is_ca = false;
    f.certs[SECOND].key_usage = TROTH_USE_DIGITAL_SIGNATURE;
    f.roles[0].signed_with = TROTH_RSA_PSS_SHA384;
    f.roles[0].key = f.roles[1].key = TROTH_KEY_P256;
    f.roles[1].signed_with = TROTH_ECDSA_P256_SHA256;
    f.roles[1].is_ca = false;
    f.roles[1].key_usage = 0;
    struct troth_chain_report r = judge(&f);

    check_row(&r.chain, TROTH_CHECK_CHAIN, TROTH_PASSED, NULL, NULL);

    test_case("PKCS#1 where the role wants PSS");
    f.certs[FIRST].way = X509_PKCS1_SHA384;
    r = judge(&f);
    check_row(&r.chain, TROTH_CHECK_CHAIN, TROTH_FAILED, "test.first",
              "signed with another algorithm than its role's");

    test_case("PKCS#1 where the role wants that");
    f.roles[0].signed_with = TROTH_RSA_PKCS1_SHA384;
    r = judge(&f);
    check_row(&r.chain, TROTH_CHECK_CHAIN, TROTH_PASSED, NULL, NULL);
}

/* A hit says that a signature was verified, and nothing else. */
static void test_cache(void)
{
    struct troth_cache_entry entries[64];
    struct troth_cache cache;
    struct fixture f = sound();

    f.cache = &cache;
    /* The same bytes every time: signatures are random. */
    struct troth_anchor anchor, elsewhere;
    struct troth_cert certs[3];
    struct troth_crl crls[3], revoking;
    struct troth_chain_report r;

    x509_forget();
    test_case("cache: the fixture");
    CHECK_ERR(troth_anchor_from_certificate(&anchor, NULL, &crypto,
                                            x509_make_cert(&f.certs[ROOT])),
              TROTH_OK);
    for (size_t i = 0; i < 3; i++) {
        CHECK_ERR(troth_cert_parse(&certs[i], NULL, x509_make_cert(&f.certs[i + 1])),
                  TROTH_OK);
        CHECK_ERR(troth_crl_parse(&crls[i], NULL, x509_make_crl(&f.crls[i])), TROTH_OK);
    }
    struct troth_chain chain = {
        &anchor, certs,   f.roles, 3, crls, 3, TROTH_ECDSA_P384_SHA384,
        NOON,    &crypto, &cache,
    };

    test_case("cache: the second time, every signature is known");
    troth_cache_init(&cache, entries, COUNT(entries));
    CHECK_ERR(troth_chain_verify(&r, &chain), TROTH_OK);
    CHECK_INT(r.chain.outcome, TROTH_PASSED);
    CHECK_INT(cache.hits, 0);
    CHECK_INT(cache.misses, 6);
    CHECK_ERR(troth_chain_verify(&r, &chain), TROTH_OK);
    CHECK_INT(r.chain.outcome, TROTH_PASSED);
    CHECK_INT(r.revocation.outcome, TROTH_PASSED);
    CHECK_INT(cache.hits, 6);
    CHECK_INT(cache.misses, 6);

    test_case("cache: a hit hides no expiry");
    chain.at_s = NOON + 11 * DAY;
    CHECK_ERR(troth_chain_verify(&r, &chain), TROTH_OK);
    CHECK_INT(cache.hits, 12);
    CHECK_INT(r.validity.outcome, TROTH_FAILED);
    CHECK_TEXT(r.revocation.why, "revocation list has expired");
    chain.at_s = NOON;

    test_case("cache: a hit hides no revocation");
    revoked_leaf(&f);
    CHECK_ERR(troth_crl_parse(&revoking, NULL, x509_make_crl(&f.crls[2])), TROTH_OK);
    struct troth_crl with[3] = {crls[0], crls[1], revoking};

    chain.crls = with;
    CHECK_ERR(troth_chain_verify(&r, &chain), TROTH_OK);
    CHECK_INT(r.chain.outcome, TROTH_PASSED);
    CHECK_TEXT(r.revocation.why, "certificate is revoked");
    CHECK_ERR(troth_chain_verify(&r, &chain), TROTH_OK);
    CHECK_TEXT(r.revocation.why, "certificate is revoked");
    chain.crls = crls;

    test_case("cache: a hit hides no broken rule");
    struct troth_cert_role roles[3] = {f.roles[0], f.roles[1], f.roles[2]};

    roles[2].common_name = "someone else";
    chain.roles = roles;
    CHECK_ERR(troth_chain_verify(&r, &chain), TROTH_OK);
    CHECK_TEXT(r.chain.why, "common name is not its role's");
    chain.roles = f.roles;

    test_case("cache: another anchor is another question");
    elsewhere = anchor;
    elsewhere.sha256[31] ^= 1;
    chain.anchor = &elsewhere;
    unsigned long long misses = cache.misses;

    CHECK_ERR(troth_chain_verify(&r, &chain), TROTH_OK);
    CHECK_INT(cache.misses - misses, 6);
    chain.anchor = &anchor;

    test_case("cache: another role is another question");
    roles[2] = f.roles[2];
    roles[2].name = "test.other";
    chain.roles = roles;
    misses = cache.misses;
    CHECK_ERR(troth_chain_verify(&r, &chain), TROTH_OK);
    CHECK_INT(cache.misses - misses, 1);
    chain.roles = f.roles;

    test_case("cache: another issuer key is another question, and the answer is no");
    elsewhere = anchor;
    elsewhere.key = *x509_public_key(X509_P384_OTHER);
    elsewhere.key_id = (struct troth_span){NULL, 0};
    chain.anchor = &elsewhere;
    for (unsigned times = 0; times < 2; times++) {
        CHECK_ERR(troth_chain_verify(&r, &chain), TROTH_OK);
        CHECK_TEXT(r.chain.why, "signature does not verify");
        CHECK_TEXT(r.chain.subject, "test.first");
    }
    chain.anchor = &anchor;

    test_case("cache: failures are not remembered");
    struct troth_cert broken[3] = {certs[0], certs[1], certs[2]};

    CHECK_ERR(troth_cert_parse(&broken[2], NULL, spoil(certs[2].raw)), TROTH_OK);
    chain.certs = broken;
    for (unsigned times = 0; times < 3; times++) {
        misses = cache.misses;
        CHECK_ERR(troth_chain_verify(&r, &chain), TROTH_OK);
        CHECK_TEXT(r.chain.why, "signature does not verify");
        CHECK_INT(cache.misses - misses, 1);
    }
}

static void test_failing_library(void)
{
    struct failing_crypto failing;
    struct troth_crypto broken;
    struct troth_cache_entry entries[16];
    struct troth_cache cache;
    struct fixture f = sound();
    struct troth_anchor anchor;
    struct troth_cert certs[3];
    struct troth_crl crls[3];
    struct troth_chain_report r;
    const struct troth_chain_report zero = {.valid_until_s = 0};
    unsigned fail_at = 1;
    enum troth_err err;

    test_case("library: each call fails once");
    x509_forget();
    CHECK_ERR(troth_anchor_from_certificate(&anchor, NULL, &crypto,
                                            x509_make_cert(&f.certs[ROOT])),
              TROTH_OK);
    for (size_t i = 0; i < 3; i++) {
        CHECK_ERR(troth_cert_parse(&certs[i], NULL, x509_make_cert(&f.certs[i + 1])),
                  TROTH_OK);
        CHECK_ERR(troth_crl_parse(&crls[i], NULL, x509_make_crl(&f.crls[i])), TROTH_OK);
    }
    const struct troth_chain chain = {
        &anchor, certs,   f.roles, 3, crls, 3, TROTH_ECDSA_P384_SHA384,
        NOON,    &broken, &cache,
    };

    do {
        troth_cache_init(&cache, entries, COUNT(entries));
        broken = failing_crypto_over(&failing, &crypto, fail_at++);
        memset(&r, 0xff, sizeof r);
        err = troth_chain_verify(&r, &chain);
        if (!err)
            break;
        CHECK_ERR(err, TROTH_ERR_CRYPTO);
        CHECK_INT(r.chain.outcome, zero.chain.outcome);
        CHECK_INT(r.validity.outcome, zero.validity.outcome);
        CHECK_INT(r.revocation.outcome, zero.revocation.outcome);
        CHECK_INT(r.valid_until_s, 0);
    } while (fail_at < 100);
    CHECK_INT(fail_at, 20); /* twelve digests and six signatures, then none fails */
    CHECK_INT(r.chain.outcome, TROTH_PASSED);
}

int main(void)
{
    if (troth_provider_create(&crypto))
        return 1;
    test_rules();
    test_values();
    test_until();
    test_other_algorithms();
    test_cache();
    test_failing_library();
    troth_provider_destroy(&crypto);
    return test_finish();
}
