/* SPDX-License-Identifier: Apache-2.0 */
/* Minted reports with one thing wrong each, signed anew: only that check may fail. */
#include "evidence/snp/snp.h"

#include <stdlib.h>
#include <string.h>

#include "test/harness.h"
#include "test/support/failing_crypto.h"
#include "test/support/minted.h"

#define DAY 86400

static struct trial t;
static struct sim_keyring *ring;

static struct sim_cert *vek(struct sim_snp *doc)
{
    return &doc->certs[SIM_SNP_VEK];
}

static void leave(struct sim_snp *doc)
{
    (void)doc;
}

static void make_version_2(struct sim_snp *doc)
{
    sim_snp_set_version(doc, 2);
}

static void make_version_5(struct sim_snp *doc)
{
    sim_snp_set_version(doc, 5);
}

static void set_cpuid_genoa(struct sim_snp *doc)
{
    doc->report.cpuid_model = 0x11;
}

static void set_cpuid_unknown(struct sim_snp *doc)
{
    doc->report.cpuid_family = 0x17;
}

static void set_product(struct sim_snp *doc, const char *name)
{
    struct sim_bytes value = {0};

    sim_der_put(&value, SIM_DER_IA5_STRING, sim_text(name));
    sim_extensions_set(&vek(doc)->extensions, SIM_OID_AMD_PRODUCT_NAME, false,
                       sim_bytes_span(value));
    sim_bytes_free(&value);
}

static void certify_genoa(struct sim_snp *doc)
{
    set_product(doc, "Genoa");
}

static void certify_unknown_product(struct sim_snp *doc)
{
    set_product(doc, "Venice");
}

static void certify_no_product(struct sim_snp *doc)
{
    sim_extensions_remove(&vek(doc)->extensions, SIM_OID_AMD_PRODUCT_NAME);
}

static void rename_issuer(struct sim_snp *doc)
{
    sim_name_set_common(&doc->certs[SIM_SNP_ASK].subject, "SEV-Genoa");
    sim_cert_set_issuer(vek(doc), &doc->certs[SIM_SNP_ASK]);
}

static void name_vlek(struct sim_snp *doc)
{
    doc->report.signer_info = 1 << 2;
}

static void name_no_key(struct sim_snp *doc)
{
    doc->report.signer_info = 7 << 2;
}

static void name_unknown_key(struct sim_snp *doc)
{
    doc->report.signer_info = 3 << 2;
}

static void add_provider(struct sim_snp *doc)
{
    static const uint8_t value[] = {SIM_DER_IA5_STRING, 1, 'x'};

    sim_extensions_set(&vek(doc)->extensions, SIM_OID_AMD_CSP_ID, false,
                       SIM_ARRAY(value));
}

static void drop_hardware_id(struct sim_snp *doc)
{
    sim_extensions_remove(&vek(doc)->extensions, SIM_OID_AMD_HARDWARE_ID);
}

static void wrap_hardware_id(struct sim_snp *doc)
{
    struct sim_extension *id = sim_extensions_find(&vek(doc)->extensions,
                                                   SIM_OID_AMD_HARDWARE_ID);
    struct sim_bytes value = {0};

    sim_der_put(&value, SIM_DER_OCTET_STRING,
                (struct troth_span){id->value, id->value_len});
    sim_extensions_set(&vek(doc)->extensions, SIM_OID_AMD_HARDWARE_ID, false,
                       sim_bytes_span(value));
    sim_bytes_free(&value);
}

static void change_chip(struct sim_snp *doc)
{
    doc->report.chip_id[5] ^= 1;
}

static void change_last_byte_of_chip(struct sim_snp *doc)
{
    doc->report.chip_id[63] ^= 1;
}

static void mask_chip(struct sim_snp *doc)
{
    memset(doc->report.chip_id, 0, 64);
    doc->report.signer_info |= 2;
}

static void hide_chip_without_saying(struct sim_snp *doc)
{
    memset(doc->report.chip_id, 0, 64);
}

static void name_another_vcek(struct sim_snp *doc)
{
    sim_name_set_common(&vek(doc)->subject, "SEV-VCEK2");
}

static void raise_certified_microcode(struct sim_snp *doc)
{
    sim_snp_set_vek_part(doc, SIM_TCB_MICROCODE, 255);
}

static void drop_certified_part(struct sim_snp *doc)
{
    sim_extensions_remove(&vek(doc)->extensions, "1.3.6.1.4.1.3704.1.3.3");
}

static void report_newer_than_runs(struct sim_snp *doc)
{
    sim_snp_set_tcb_part(doc, doc->report.reported_tcb, SIM_TCB_MICROCODE, 255);
    sim_snp_match_vek(doc);
}

static void report_older_than_runs(struct sim_snp *doc)
{
    sim_snp_set_tcb_part(doc, doc->report.reported_tcb, SIM_TCB_MICROCODE, 1);
    sim_snp_match_vek(doc);
}

/* Newer in a high byte, older in a low one: as one number it is not above. */
static void report_newer_in_one_part(struct sim_snp *doc)
{
    sim_snp_set_tcb_part(doc, doc->report.reported_tcb, SIM_TCB_MICROCODE, 1);
    sim_snp_set_tcb_part(doc, doc->report.reported_tcb, SIM_TCB_BOOTLOADER, 255);
    sim_snp_match_vek(doc);
}

static void commit_newer_than_runs(struct sim_snp *doc)
{
    sim_snp_set_tcb_part(doc, doc->report.committed_tcb, SIM_TCB_SNP, 255);
}

static void commit_older_than_runs(struct sim_snp *doc)
{
    sim_snp_set_tcb_part(doc, doc->report.committed_tcb, SIM_TCB_SNP, 1);
}

static void set_algorithm_2(struct sim_snp *doc)
{
    doc->report.signature_algo = 2;
}

static void flip_signature_end(struct sim_snp *doc)
{
    doc->edit_signature.apply = sim_flip_last_bit;
}

static void flip_first_bit(struct sim_bytes *bytes, const void *context)
{
    (void)context;
    bytes->ptr[0] ^= 1;
}

static void flip_r(struct sim_snp *doc)
{
    doc->edit_signature.apply = flip_first_bit;
}

static void sign_with_another_key(struct sim_snp *doc)
{
    doc->key = sim_keyring_key(ring, SIM_KEY_P384, "somebody else's");
}

static void flip_vek_signature(struct sim_snp *doc)
{
    vek(doc)->signing.edit_signature.apply = sim_flip_last_bit;
}

static void flip_ask_signature(struct sim_snp *doc)
{
    doc->certs[SIM_SNP_ASK].signing.edit_signature.apply = sim_flip_last_bit;
}

static void end_vek(struct sim_snp *doc)
{
    vek(doc)->not_after_s = MINTED_AT_S - 1;
}

static void begin_vek_later(struct sim_snp *doc)
{
    vek(doc)->not_before_s = MINTED_AT_S + 1;
}

static void end_ask(struct sim_snp *doc)
{
    doc->certs[SIM_SNP_ASK].not_after_s = MINTED_AT_S - 1;
}

static void revoke_ask(struct sim_snp *doc)
{
    sim_crl_revoke(&doc->crl, &doc->certs[SIM_SNP_ASK], MINTED_AT_S - DAY);
}

static void revoke_asvk(struct sim_snp *doc)
{
    sim_crl_revoke(&doc->crl, &doc->certs[SIM_SNP_ASVK], MINTED_AT_S - DAY);
}

static void let_list_end(struct sim_snp *doc)
{
    doc->crl.next_update_s = MINTED_AT_S - 1;
}

static void flip_list_signature(struct sim_snp *doc)
{
    doc->crl.signing.edit_signature.apply = sim_flip_last_bit;
}

static void issue_list_elsewhere(struct sim_snp *doc)
{
    sim_name_set_common(&doc->crl.issuer, "ARK-Elsewhere");
}

static void forbid_lists(struct sim_snp *doc)
{
    sim_extensions_set_usage(&doc->certs[SIM_SNP_ARK].extensions, true, 2, 0x04);
}

static void set_reserved_end(struct sim_snp *doc)
{
    doc->report.reserved_208[151] = 1;
}

/* clang-format off */
static const struct {
    const char *why;
    enum sim_snp_product product;
    enum sim_snp_signer signer;
    void (*change)(struct sim_snp *doc);
    const char *options; /* besides TRIAL_ANY */
    const char *line;
} rows[] = {
    {"Milan as minted", SIM_MILAN, SIM_VCEK, leave, "", "accepted"},
    {"Genoa as minted", SIM_GENOA, SIM_VCEK, leave, "", "accepted"},
    {"Turin as minted", SIM_TURIN, SIM_VCEK, leave, "", "accepted"},
    {"Milan by a provider's key", SIM_MILAN, SIM_VLEK, leave, "", "accepted"},
    {"version 2 has no CPUID: the certificate names the product", SIM_MILAN, SIM_VCEK, make_version_2, "", "accepted"},
    {"version 5", SIM_GENOA, SIM_VCEK, make_version_5, "", "accepted"},

    {"another product's CPUID", SIM_MILAN, SIM_VCEK, set_cpuid_genoa, "", "refused: product ?hardware ?tcb"},
    {"a CPUID nobody knows", SIM_MILAN, SIM_VCEK, set_cpuid_unknown, "", "refused: product ?hardware ?tcb"},
    {"the certificate names another product", SIM_MILAN, SIM_VCEK, certify_genoa, "", "refused: product ?hardware ?tcb"},
    {"the certificate names a product nobody knows", SIM_MILAN, SIM_VCEK, certify_unknown_product, "", "refused: product ?hardware ?tcb"},
    {"the certificate names none", SIM_MILAN, SIM_VCEK, certify_no_product, "", "refused: product ?hardware ?tcb"},
    {"its issuer names another", SIM_MILAN, SIM_VCEK, rename_issuer, "", "refused: product ?hardware ?tcb"},

    {"the report names a VLEK, the certificate is a VCEK", SIM_MILAN, SIM_VCEK, name_vlek, "", "refused: signing_key chain"},
    {"a report that nobody signed", SIM_MILAN, SIM_VCEK, name_no_key, "", "refused: ?product signing_key ?anchor ?chain ?validity ?revocation ?signature ?hardware ?tcb"},
    {"a kind of key nobody knows", SIM_MILAN, SIM_VCEK, name_unknown_key, "", "refused: ?product signing_key ?anchor ?chain ?validity ?revocation ?signature ?hardware ?tcb"},
    {"a VCEK that names a provider too", SIM_MILAN, SIM_VCEK, add_provider, "", "refused: signing_key"},
    {"a VCEK that names no chip", SIM_MILAN, SIM_VCEK, drop_hardware_id, "", "refused: signing_key hardware"},
    {"another common name is no VCEK: it is passed over", SIM_MILAN, SIM_VCEK, name_another_vcek, "", "undetermined: ?product ?signing_key ?anchor ?chain ?validity ?revocation ?signature ?hardware ?tcb"},

    {"one bit of r", SIM_MILAN, SIM_VCEK, flip_r, "", "refused: signature"},
    {"one bit behind s, which must be zero", SIM_MILAN, SIM_VCEK, flip_signature_end, "", "refused: reserved"},
    {"signed by a key that nothing certifies", SIM_MILAN, SIM_VCEK, sign_with_another_key, "", "refused: signature"},
    {"another algorithm is named", SIM_MILAN, SIM_VCEK, set_algorithm_2, "", "refused: signature"},

    {"the hardware id inside a string, as some certificates have it", SIM_MILAN, SIM_VCEK, wrap_hardware_id, "", "accepted"},
    {"the same of eight bytes", SIM_TURIN, SIM_VCEK, wrap_hardware_id, "", "accepted"},
    {"another chip", SIM_MILAN, SIM_VCEK, change_chip, "", "refused: hardware"},
    {"another chip by its last byte", SIM_MILAN, SIM_VCEK, change_last_byte_of_chip, "", "refused: hardware"},
    {"Turin's 56 bytes behind the id must be zero", SIM_TURIN, SIM_VCEK, change_last_byte_of_chip, "", "refused: hardware"},
    {"the host hides the chip", SIM_MILAN, SIM_VCEK, mask_chip, "", "refused: hardware"},
    {"and the caller allows it", SIM_MILAN, SIM_VCEK, mask_chip, "--allow masked_chip", "accepted"},
    {"no chip, and no mask", SIM_MILAN, SIM_VCEK, hide_chip_without_saying, "", "refused: hardware"},
    {"a provider's key belongs to no chip", SIM_MILAN, SIM_VLEK, mask_chip, "", "accepted"},

    {"the certificate is for newer firmware", SIM_MILAN, SIM_VCEK, raise_certified_microcode, "", "refused: tcb"},
    {"the certificate leaves a part out", SIM_MILAN, SIM_VCEK, drop_certified_part, "", "refused: tcb"},
    {"Turin's certificate has another layout", SIM_TURIN, SIM_VCEK, raise_certified_microcode, "", "refused: tcb"},
    {"reported firmware newer than what runs", SIM_MILAN, SIM_VCEK, report_newer_than_runs, "", "refused: tcb"},
    {"reported firmware older than what runs", SIM_MILAN, SIM_VCEK, report_older_than_runs, "", "accepted"},
    {"newer in one part, older in another", SIM_MILAN, SIM_VCEK, report_newer_in_one_part, "", "refused: tcb"},
    {"committed firmware newer than what runs", SIM_MILAN, SIM_VCEK, commit_newer_than_runs, "--allow provisional", "refused: tcb"},
    {"committed firmware older than what runs", SIM_MILAN, SIM_VCEK, commit_older_than_runs, "", "refused: provisional"},
    {"and the caller allows it", SIM_MILAN, SIM_VCEK, commit_older_than_runs, "--allow provisional", "accepted"},

    {"one bit of the VCEK's signature", SIM_MILAN, SIM_VCEK, flip_vek_signature, "", "refused: chain"},
    {"one bit of the ASK's signature", SIM_MILAN, SIM_VCEK, flip_ask_signature, "", "refused: chain"},
    {"the VCEK ended a second ago", SIM_MILAN, SIM_VCEK, end_vek, "", "refused: validity"},
    {"the VCEK begins next second", SIM_MILAN, SIM_VCEK, begin_vek_later, "", "refused: validity"},
    {"the ASK ended a second ago", SIM_MILAN, SIM_VCEK, end_ask, "", "refused: validity"},

    {"the ASK is revoked", SIM_MILAN, SIM_VCEK, revoke_ask, "", "refused: revocation"},
    {"the ASVK is revoked, which did not sign here", SIM_MILAN, SIM_VCEK, revoke_asvk, "", "accepted"},
    {"the ASVK is revoked", SIM_MILAN, SIM_VLEK, revoke_asvk, "", "refused: revocation"},
    {"the list is stale", SIM_MILAN, SIM_VCEK, let_list_end, "", "refused: revocation"},
    {"one bit of the list's signature", SIM_MILAN, SIM_VCEK, flip_list_signature, "", "refused: revocation"},
    {"the root may sign no lists", SIM_MILAN, SIM_VCEK, forbid_lists, "", "refused: revocation"},
    {"another root's list is no list", SIM_MILAN, SIM_VCEK, issue_list_elsewhere, "", "undetermined: ?revocation"},

    {"a byte that must be zero", SIM_MILAN, SIM_VCEK, set_reserved_end, "", "refused: reserved"},
};
/* clang-format on */

static void judge_rows(void)
{
    static struct sim_snp doc;

    for (size_t i = 0; i < COUNT(rows); i++) {
        test_case("%s", rows[i].why);
        trial_reset(&t);
        trial_require(&t, TRIAL_ANY);
        trial_require(&t, rows[i].options);
        sim_snp_default(&doc, ring, rows[i].product, rows[i].signer, 0, MINTED_AT_S);
        rows[i].change(&doc);
        CHECK_TEXT(trial_judge(&t, minted_snp(&t, &doc), MINTED_AT_S), rows[i].line);
    }
}

/* The same report with less beside it. */
static void judge_without(void)
{
    static const struct {
        const char *why;
        unsigned dropped; /* bits: issuer, VCEK, list */
        const char *line;
        enum troth_check_id hint;
        const char *argument;
    } withouts[] = {
        {"the issuer's certificate", 1,
         "undetermined: ?anchor ?chain ?validity ?revocation ?signature",
         TROTH_CHECK_ANCHOR, "FILE"},
        {"the VCEK", 2,
         "undetermined: ?product ?signing_key ?anchor ?chain ?validity ?revocation "
         "?signature ?hardware ?tcb",
         TROTH_CHECK_CHAIN, "VCEK"},
        {"the list", 4, "undetermined: ?revocation", TROTH_CHECK_REVOCATION, "CRL"},
    };
    static struct sim_snp doc;

    sim_snp_default(&doc, ring, SIM_MILAN, SIM_VCEK, 0, MINTED_AT_S);
    for (size_t i = 0; i < COUNT(withouts); i++) {
        const struct troth_check *row;
        struct troth_span report;
        size_t kept = 0;

        test_case("without %s", withouts[i].why);
        trial_reset(&t);
        trial_require(&t, TRIAL_ANY);
        report = minted_snp(&t, &doc);
        for (size_t k = 0; k < t.item_count; k++)
            if (!(withouts[i].dropped >> k & 1))
                t.items[kept++] = t.items[k];
        t.item_count = kept;
        /* The genuine issuer of this name is not to be found either. */
        t.roots[0] = t.roots[t.anchors.count - 1];
        t.anchors.count = 1;
        CHECK_TEXT(trial_judge(&t, report, MINTED_AT_S), withouts[i].line);
        /* Whatever is missing, the result says how to give it. */
        row = trial_find(&t, withouts[i].hint, NULL);
        CHECK_TEXT(row->flag, "--collateral");
        CHECK_TEXT(row->flag_argument, withouts[i].argument);
    }

    test_case("a genuine issuer is pinned under the minted one's name");
    trial_reset(&t);
    trial_require(&t, TRIAL_ANY);
    struct troth_span genuine_name = minted_snp(&t, &doc);
    t.items[0] = t.items[1];
    t.item_count = 1;
    CHECK_TEXT(trial_judge(&t, genuine_name, MINTED_AT_S), "refused: chain");

    test_case("without the root pinned");
    trial_reset(&t);
    trial_require(&t, TRIAL_ANY);
    struct troth_span report = minted_snp(&t, &doc);
    t.anchors.count--;
    CHECK_TEXT(trial_judge(&t, report, MINTED_AT_S),
               "refused: anchor ?chain ?validity ?revocation ?signature");
    CHECK_TEXT(trial_find(&t, TROTH_CHECK_ANCHOR, NULL)->flag, "--root");
}

static struct troth_anchor pin(struct troth_span der, enum troth_anchor_role role)
{
    struct troth_anchor anchor = {0};

    trial_add_root(&t, der);
    anchor = t.roots[--t.anchors.count];
    anchor.role = role;
    anchor.product = "Milan";
    anchor.name = role == TROTH_ANCHOR_AMD_ARK ? "ARK under test" : "ASK under test";
    return anchor;
}

/* An ASK is no root of its own: its row is filled in as tools/anchor-rows would. */
static struct troth_anchor pin_ask(const struct sim_cert *ask)
{
    struct sim_cert self_signed = *ask;
    struct troth_anchor anchor;

    self_signed.signing.key = self_signed.key;
    self_signed.issuer = self_signed.subject;
    sim_extensions_remove(&self_signed.extensions, SIM_OID_AUTHORITY_KEY_ID);
    anchor = pin(minted_keep(&t, sim_cert_mint(&self_signed)), TROTH_ANCHOR_AMD_ASK);
    return anchor;
}

/* In either order: nothing may hang on it. */
static void pin_both(const struct sim_snp *doc, bool ark_first)
{
    struct troth_anchor ark = pin(
        minted_keep(&t, sim_cert_mint(&doc->certs[SIM_SNP_ARK])), TROTH_ANCHOR_AMD_ARK);
    struct troth_anchor ask = pin_ask(&doc->certs[SIM_SNP_ASK]);

    t.roots[ark_first ? 0 : 1] = ark;
    t.roots[ark_first ? 1 : 0] = ask;
    t.anchors.count = 2;
}

/* With the issuer pinned, as the built-in ones are, a list is welcome and not owed. */
static void judge_pinned_issuer(void)
{
    static const struct {
        const char *why;
        void (*change)(struct sim_snp *doc);
        bool with_list;
        const char *line;
        enum troth_outcome revocation;
    } pins[] = {
        {"no list", leave, false, "accepted", TROTH_NOT_APPLICABLE},
        {"a good list", leave, true, "accepted", TROTH_PASSED},
        {"a list with the issuer on it", revoke_ask, true, "refused: revocation",
         TROTH_FAILED},
        {"a list with another on it", revoke_asvk, true, "accepted", TROTH_PASSED},
        {"a stale list", let_list_end, true, "refused: revocation", TROTH_FAILED},
        {"a forged list", flip_list_signature, true, "refused: revocation", TROTH_FAILED},
        {"a list by a root that may sign none", forbid_lists, true, "refused: revocation",
         TROTH_FAILED},
        {"another root's list", issue_list_elsewhere, true, "accepted",
         TROTH_NOT_APPLICABLE},
    };
    static struct sim_snp doc;

    for (size_t i = 0; i < COUNT(pins); i++) {
        struct troth_span report;

        test_case("issuer pinned, %s", pins[i].why);
        sim_snp_default(&doc, ring, SIM_MILAN, SIM_VCEK, 0, MINTED_AT_S);
        pins[i].change(&doc);
        trial_reset(&t);
        trial_require(&t, TRIAL_ANY);
        report = minted_snp(&t, &doc);
        pin_both(&doc, i % 2 == 0);
        t.items[0] = t.items[1]; /* the VCEK in place of the issuer */
        t.items[1] = t.items[2];
        t.item_count = pins[i].with_list ? 2 : 1;
        CHECK_TEXT(trial_judge(&t, report, MINTED_AT_S), pins[i].line);
        CHECK_INT(trial_find(&t, TROTH_CHECK_REVOCATION, NULL)->outcome,
                  pins[i].revocation);
        CHECK(trial_leaves_open(&t, "revocation") ==
              (pins[i].revocation == TROTH_NOT_APPLICABLE));
        CHECK_TEXT(t.result.anchor ? t.result.anchor->name : NULL, "ASK under test");
        if (pins[i].revocation == TROTH_PASSED)
            CHECK_INT(t.result.valid_until_s, doc.crl.next_update_s);
        else if (pins[i].revocation == TROTH_NOT_APPLICABLE)
            CHECK_INT(t.result.valid_until_s, vek(&doc)->not_after_s);
    }
}

/* Whichever call fails, also where the list of a pinned issuer's root is looked at. */
static void fail_with_pinned_issuer(void)
{
    const struct troth_crypto real = t.crypto;
    struct failing_crypto failing;
    static struct sim_snp doc;
    struct troth_span report;
    unsigned calls;

    test_case("issuer pinned, every call of the library fails once");
    sim_snp_default(&doc, ring, SIM_MILAN, SIM_VCEK, 0, MINTED_AT_S);
    trial_reset(&t);
    trial_require(&t, TRIAL_ANY);
    report = minted_snp(&t, &doc);
    pin_both(&doc, true);
    t.items[0] = t.items[--t.item_count]; /* the list in place of the issuer */
    t.crypto = failing_crypto_over(&failing, &real, 0);
    CHECK_TEXT(trial_judge(&t, report, MINTED_AT_S), "accepted");
    calls = failing.calls;
    CHECK(calls >= 3);
    for (unsigned n = 1; n <= calls; n++) {
        t.crypto = failing_crypto_over(&failing, &real, n);
        /* What is at hand is hashed first. */
        CHECK_TEXT(trial_judge(&t, report, MINTED_AT_S), n <= t.item_count
                                                             ? "error: CRYPTO collateral"
                                                             : "error: CRYPTO evidence");
    }
    t.crypto = real;
}

static void judge_extended(void)
{
    static struct sim_snp doc;
    struct troth_span crl, extended;

    test_case("an extended report brings its own certificates");
    sim_snp_default(&doc, ring, SIM_MILAN, SIM_VCEK, 0, MINTED_AT_S);
    trial_reset(&t);
    trial_require(&t, TRIAL_ANY);
    trial_add_root(&t, minted_keep(&t, sim_cert_mint(&doc.certs[SIM_SNP_ARK])));
    crl = minted_keep(&t, sim_crl_mint(&doc.crl));
    CHECK_ERR(trial_add_collateral(&t, crl), TROTH_OK);
    extended = minted_keep(&t, sim_snp_mint_extended(&doc));
    CHECK_TEXT(trial_judge(&t, extended, MINTED_AT_S), "accepted");

    test_case("a root in the table is not trusted for being there");
    t.anchors.count--;
    CHECK_TEXT(trial_judge(&t, extended, MINTED_AT_S),
               "refused: anchor ?chain ?validity ?revocation ?signature");

    test_case("a table that points outside itself");
    uint8_t *row = (uint8_t *)extended.ptr + 1184;
    row[19] = 0xff;
    CHECK_TEXT(trial_judge(&t, extended, MINTED_AT_S), "error: SHORT snp.table.entry");
}

/* Of an accepted result: every check that is owed, and which of them do not apply. */
static void check_outcomes(unsigned not_applicable)
{
    size_t i = 0;

    for (; troth_snp_plan[i] != TROTH_CHECK_COUNT; i++) {
        const struct troth_check *row = &t.result.verdict.checks[i];

        CHECK_TEXT(troth_check_name(row->id), troth_check_name(troth_snp_plan[i]));
        CHECK_INT(row->outcome,
                  not_applicable >> row->id & 1 ? TROTH_NOT_APPLICABLE : TROTH_PASSED);
        CHECK(row->outcome != TROTH_PASSED || !row->flag);
    }
    CHECK_INT(t.result.verdict.count, i + 2); /* measurement, nonce */
}

static void describe_result(void)
{
    static struct sim_snp doc;

    test_case("what an accepted result says of a Milan VCEK");
    sim_snp_default(&doc, ring, SIM_MILAN, SIM_VCEK, 0, MINTED_AT_S);
    trial_reset(&t);
    trial_require(&t, TRIAL_ANY);
    CHECK_TEXT(trial_judge(&t, minted_snp(&t, &doc), MINTED_AT_S), "accepted");
    check_outcomes(0);
    CHECK(t.result.simulated);
    CHECK_TEXT(t.result.kind, "snp");
    CHECK(trial_leaves_open(&t, "milan_keys") && trial_leaves_open(&t, "kernel"));
    CHECK(trial_leaves_open(&t, "acpi") && !trial_leaves_open(&t, "no_hardware_id"));
    CHECK(!trial_leaves_open(&t, "revocation"));
    CHECK_INT(t.result.valid_until_s, doc.crl.next_update_s);
    CHECK_TEXT(t.result.valid_until_what, "revocation list");

    test_case("and of a Genoa VLEK");
    sim_snp_default(&doc, ring, SIM_GENOA, SIM_VLEK, 0, MINTED_AT_S);
    trial_reset(&t);
    trial_require(&t, TRIAL_ANY);
    CHECK_TEXT(trial_judge(&t, minted_snp(&t, &doc), MINTED_AT_S), "accepted");
    check_outcomes(1U << TROTH_CHECK_HARDWARE);
    CHECK(!trial_leaves_open(&t, "milan_keys") &&
          trial_leaves_open(&t, "no_hardware_id"));
    CHECK_INT(trial_find(&t, TROTH_CHECK_HARDWARE, NULL)->outcome, TROTH_NOT_APPLICABLE);
    CHECK_SPAN(troth_claims_find(&t.result.claims, test_text("snp.csp_id"))->value.bytes,
               test_text("CN=cc-us-east-2.amazonaws.com"));

    test_case("a report has no signed time");
    CHECK_TEXT(trial_judge(&t, minted_keep(&t, sim_snp_mint(&doc)), TRIAL_AT_DOCUMENT),
               "error: CLOCK evidence");
}

int main(void)
{
    trial_begin(&t);
    ring = sim_keyring_create(1);
    judge_rows();
    judge_without();
    judge_pinned_issuer();
    fail_with_pinned_issuer();
    judge_extended();
    describe_result();
    sim_keyring_destroy(ring);
    trial_end(&t);
    return test_finish();
}
