/* SPDX-License-Identifier: Apache-2.0 */
#include "stage.h"

/* The certificates behind a quote, spoilt one at a time: signatures, rights, times,
 * and extensions. Rows that follow one pattern for
 * each place have the place as their number. */

static struct sim_cert *cert(struct intel_stage *s, int place)
{
    return &s->doc.certs[place];
}

static void pin(struct intel_stage *s)
{
    s->root = *cert(s, SIM_INTEL_ROOT);
}

static const struct sim_key *stranger(struct intel_stage *s)
{
    return sim_keyring_key(s->ring, SIM_KEY_P256, "stranger");
}

/* Keys and signatures. */

static void sign_by_stranger(struct intel_stage *s, int place)
{
    cert(s, place)->signing.key = stranger(s);
}

static void spoil_signature(struct intel_stage *s, int place)
{
    cert(s, place)->signing.edit_signature = (struct sim_edit){sim_flip_last_bit, NULL};
}

static void replace_key_alone(struct intel_stage *s, int place)
{
    sim_cert_set_key(cert(s, place), stranger(s));
}

static void other_authority_key(struct intel_stage *s, int place)
{
    sim_extensions_set_authority_key(&cert(s, place)->extensions, stranger(s));
}

static void other_issuer_name(struct intel_stage *s, int place)
{
    sim_name_add(&cert(s, place)->issuer, "OU", "SGX");
}

static void key_of_p384(struct intel_stage *s, int place)
{
    sim_cert_set_key(cert(s, place), sim_keyring_key(s->ring, SIM_KEY_P384, "stranger"));
}

static void says_sha384(struct intel_stage *s, int place)
{
    cert(s, place)->signing.inner_algorithm = sim_algorithm_ecdsa_sha384();
    cert(s, place)->signing.outer_algorithm = sim_algorithm_ecdsa_sha384();
}

static void says_sha384_outside(struct intel_stage *s, int place)
{
    cert(s, place)->signing.outer_algorithm = sim_algorithm_ecdsa_sha384();
}

/* Rights. */

static void constrain(struct intel_stage *s, int place, int path_len)
{
    sim_extensions_set_constraints(&cert(s, place)->extensions, path_len);
    if (place == SIM_INTEL_ROOT)
        pin(s);
}

static void no_authority(struct intel_stage *s, int place)
{
    constrain(s, place, SIM_PATH_NO_CA);
}

static void authority(struct intel_stage *s, int place)
{
    constrain(s, place, SIM_PATH_UNLIMITED);
}

static void no_path(struct intel_stage *s, int place)
{
    constrain(s, place, 0);
}

static void usage(struct intel_stage *s, int place, uint8_t unused, uint8_t bits)
{
    sim_extensions_set_usage(&cert(s, place)->extensions, true, unused, bits);
}

static void sign_lists_only(struct intel_stage *s, int place)
{
    usage(s, place, 1, 0x02);
}

static void sign_certificates_only(struct intel_stage *s, int place)
{
    usage(s, place, 2, 0x04);
}

static void sign_all(struct intel_stage *s, int place)
{
    usage(s, place, 1, 0x86);
}

static void agree_on_keys_only(struct intel_stage *s, int place)
{
    usage(s, place, 3, 0x08);
}

/* Times. */

static void expire(struct intel_stage *s, int place)
{
    cert(s, place)->not_after_s = MINTED_AT_S - 1;
    pin(s);
}

static void expire_next(struct intel_stage *s, int place)
{
    cert(s, place)->not_after_s = MINTED_AT_S;
    pin(s);
}

static void not_yet(struct intel_stage *s, int place)
{
    cert(s, place)->not_before_s = MINTED_AT_S + 1;
    pin(s);
}

static void just_now(struct intel_stage *s, int place)
{
    cert(s, place)->not_before_s = MINTED_AT_S;
    pin(s);
}

static void clock_moves(struct intel_stage *s, int days)
{
    s->at_s += INT64_C(86400) * days;
}

static void clock_of_document(struct intel_stage *s, int number)
{
    (void)number;
    s->at_s = TRIAL_AT_DOCUMENT;
}

/* Extensions. */

static const char *const needed[] = {SIM_OID_AUTHORITY_KEY_ID, SIM_OID_SUBJECT_KEY_ID,
                                     SIM_OID_CRL_POINTS, SIM_OID_KEY_USAGE,
                                     SIM_OID_BASIC_CONSTRAINTS};

static void lack(struct intel_stage *s, int place, size_t which)
{
    (void)sim_extensions_remove(&cert(s, place)->extensions, needed[which]);
}

static void lack_authority_key(struct intel_stage *s, int place)
{
    lack(s, place, 0);
}

static void lack_subject_key(struct intel_stage *s, int place)
{
    lack(s, place, 1);
}

static void lack_list_point(struct intel_stage *s, int place)
{
    lack(s, place, 2);
}

static void lack_usage(struct intel_stage *s, int place)
{
    lack(s, place, 3);
}

static void lack_constraints(struct intel_stage *s, int place)
{
    lack(s, place, 4);
}

static void lack_platform(struct intel_stage *s, int place)
{
    (void)sim_extensions_remove(&cert(s, place)->extensions, SIM_OID_INTEL_PCK);
}

static void unknown(struct intel_stage *s, int place, bool is_critical)
{
    static const uint8_t nothing[] = {SIM_DER_SEQUENCE, 0};

    sim_extensions_set(&cert(s, place)->extensions, "1.2.3.4", is_critical,
                       SIM_ARRAY(nothing));
}

static void unknown_critical(struct intel_stage *s, int place)
{
    unknown(s, place, true);
}

static void unknown_uncritical(struct intel_stage *s, int place)
{
    unknown(s, place, false);
}

static void platform_critical(struct intel_stage *s, int place)
{
    sim_extensions_find(&cert(s, place)->extensions, SIM_OID_INTEL_PCK)->critical = true;
}

static void same_twice(struct intel_stage *s, int place)
{
    struct sim_extensions *list = &cert(s, place)->extensions;

    list->rows[list->count++] = list->rows[0];
}

/* clang-format off */
#define TD(why, change, number, line) {why, SIM_TDX_V4, change, number, TRIAL_ANY, line}
#define SGX(why, change, place, line) {why, SIM_SGX_V3, change, place, TRIAL_ANY, line}
#define CA(why, change, line)                                                  \
    {why, SIM_SGX_V3, change, SIM_INTEL_PROCESSOR_CA, TRIAL_ANY, line},        \
    {why, SIM_TDX_V4, change, SIM_INTEL_PLATFORM_CA, TRIAL_ANY, line}
#define LEAF(why, change, line, signer_line)                                   \
    {why, SIM_SGX_V3, change, SIM_INTEL_PCK, TRIAL_ANY, line},                 \
    {why, SIM_SGX_V3, change, SIM_INTEL_TCB_SIGNER, TRIAL_ANY, signer_line}
#define EACH(why, change, line)                                                \
    CA(why, change, line), LEAF(why, change, line, line),                      \
    {why, SIM_SGX_V3, change, SIM_INTEL_ROOT, TRIAL_ANY, line}
#define SIGNER "refused: chain collateral ?quoting_enclave ?tcb_status"
#define CHAIN  "refused: chain"
#define TD_SIGNER "refused: chain collateral ?quoting_enclave ?module ?tcb_status"
#define NO_ROOT                                                                \
    "refused: anchor ?chain ?revocation ?collateral ?quoting_enclave ?module ?tcb_status"
#define NO_CHAIN                                                               \
    "undetermined: ?anchor ?chain ?revocation ?collateral ?quoting_enclave "   \
    "?module ?tcb_status"

static const struct intel_attack rows[] = {
    /* why, change, (number,) line */
    CA("signed by a stranger", sign_by_stranger, CHAIN),
    LEAF("signed by a stranger", sign_by_stranger, CHAIN, SIGNER),
    CA("signature spoilt", spoil_signature, CHAIN),
    LEAF("signature spoilt", spoil_signature, CHAIN, SIGNER),
    TD("another key", replace_key_alone, SIM_INTEL_PLATFORM_CA, NO_CHAIN),
    TD("another key", replace_key_alone, SIM_INTEL_PCK, "refused: quoting_enclave"),
    TD("another key", replace_key_alone, SIM_INTEL_TCB_SIGNER, "refused: collateral ?quoting_enclave ?module ?tcb_status"),
    TD("names another issuer's key", other_authority_key, SIM_INTEL_PLATFORM_CA, NO_ROOT),
    TD("names another issuer's key", other_authority_key, SIM_INTEL_PCK, NO_CHAIN),
    TD("names another issuer's key", other_authority_key, SIM_INTEL_TCB_SIGNER, TD_SIGNER),
    TD("names another issuer", other_issuer_name, SIM_INTEL_PLATFORM_CA, NO_ROOT),
    TD("names another issuer", other_issuer_name, SIM_INTEL_PCK, NO_CHAIN),
    TD("names another issuer", other_issuer_name, SIM_INTEL_TCB_SIGNER, TD_SIGNER),
    TD("P-384 key", key_of_p384, SIM_INTEL_PLATFORM_CA, NO_CHAIN),
    TD("P-384 key", key_of_p384, SIM_INTEL_PCK, "refused: chain quoting_enclave"),
    TD("P-384 key", key_of_p384, SIM_INTEL_TCB_SIGNER, TD_SIGNER),
    CA("says it is SHA-384", says_sha384, CHAIN),
    LEAF("says it is SHA-384", says_sha384, CHAIN, SIGNER),
    TD("algorithm differs outside", says_sha384_outside, SIM_INTEL_PCK, "error: ALGORITHM cert.algorithm"),
    TD("algorithm differs outside", says_sha384_outside, SIM_INTEL_TCB_SIGNER, "error: ALGORITHM cert.algorithm"),

    CA("no authority", no_authority, CHAIN),
    CA("key usage without keyCertSign", sign_lists_only, CHAIN),
    CA("key usage without cRLSign", sign_certificates_only, "refused: chain revocation"),
    LEAF("is an authority", authority, CHAIN, SIGNER),
    LEAF("may sign certificates", sign_all, CHAIN, SIGNER),
    LEAF("may not sign", agree_on_keys_only, CHAIN, SIGNER),
    TD("path too long", no_path, SIM_INTEL_ROOT, CHAIN),
    TD("no limit to the path", authority, SIM_INTEL_ROOT, "accepted"),
    TD("no limit to the path", authority, SIM_INTEL_PLATFORM_CA, "accepted"),

    EACH("expired a second ago", expire, "refused: validity"),
    EACH("expires this second", expire_next, "accepted"),
    EACH("valid a second from now", not_yet, "refused: validity"),
    EACH("valid from this second", just_now, "accepted"),
    TD("clock eight years on", clock_moves, 8 * 366, "refused: validity revocation"),
    TD("clock twenty-one days on", clock_moves, 21, "refused: validity revocation"),
    TD("clock eleven days back", clock_moves, -11, "refused: validity revocation"),
    TD("clock of the document, which signs none", clock_of_document, 0, "error: CLOCK evidence"),

    SGX("lacks the issuer's key identifier: Intel's own root is taken", lack_authority_key, SIM_INTEL_PROCESSOR_CA, "refused: chain revocation collateral ?quoting_enclave ?tcb_status"),
    LEAF("lacks the issuer's key identifier", lack_authority_key, CHAIN, SIGNER),
    CA("lacks its key identifier", lack_subject_key, CHAIN),
    LEAF("lacks its key identifier", lack_subject_key, CHAIN, SIGNER),
    CA("lacks where the list is", lack_list_point, CHAIN),
    LEAF("lacks where the list is", lack_list_point, CHAIN, SIGNER),
    CA("lacks the key usage", lack_usage, CHAIN),
    LEAF("lacks the key usage", lack_usage, CHAIN, SIGNER),
    CA("lacks constraints", lack_constraints, CHAIN),
    LEAF("lacks constraints", lack_constraints, CHAIN, SIGNER),
    TD("lacks what it says of the platform", lack_platform, SIM_INTEL_PCK, "refused: chain ?collateral ?module ?tcb_status"),
    CA("unknown critical extension", unknown_critical, CHAIN),
    LEAF("unknown critical extension", unknown_critical, CHAIN, SIGNER),
    CA("unknown extension", unknown_uncritical, "accepted"),
    LEAF("unknown extension", unknown_uncritical, "accepted", "accepted"),
    TD("platform marked critical", platform_critical, SIM_INTEL_PCK, "refused: chain"),
    TD("extension twice", same_twice, SIM_INTEL_PCK, "error: DUPLICATE cert.extensions"),
    TD("extension twice", same_twice, SIM_INTEL_TCB_SIGNER, "error: DUPLICATE cert.extensions"),
};
/* clang-format on */

int main(void)
{
    intel_attacks_run(rows, COUNT(rows));
    return test_finish();
}
