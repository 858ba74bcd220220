/* SPDX-License-Identifier: Apache-2.0 */
/* Minted documents with one thing wrong each, signed anew: only that check may fail. */
#include "evidence/nitro/nitro.h"

#include <stdlib.h>
#include <string.h>

#include "base/span.h"
#include "test/harness.h"
#include "test/support/minted.h"

#define NO_CHAIN "?chain ?validity ?revocation ?signature"

static struct trial t;
static struct sim_keyring *ring;

static const struct sim_key *other_key(void)
{
    return sim_keyring_key(ring, SIM_KEY_P384, "somebody else's");
}

static void leave(struct sim_nitro *doc)
{
    (void)doc;
}

static void tag(struct sim_nitro *doc)
{
    doc->is_tagged = !doc->is_tagged;
}

static void make_definite(struct sim_nitro *doc)
{
    doc->is_definite = true;
}

static void make_tpm(struct sim_nitro *doc)
{
    sim_nitro_set_tpm(doc, ring);
}

static void set_header(uint8_t *header, size_t *len, const char *hex)
{
    struct troth_span bytes = test_hex(hex);

    memcpy(header, bytes.ptr, bytes.len);
    *len = bytes.len;
}

static void fill_unprotected(struct sim_nitro *doc)
{
    set_header(doc->unprotected_header, &doc->unprotected_len, "a1 04 41 00");
}

static void name_es256(struct sim_nitro *doc)
{
    set_header(doc->protected_header, &doc->protected_len, "a1 01 26");
}

static void name_no_algorithm(struct sim_nitro *doc)
{
    set_header(doc->protected_header, &doc->protected_len, "a1 04 41 00");
}

static void add_key_id(struct sim_nitro *doc)
{
    set_header(doc->protected_header, &doc->protected_len, "a2 01 38 22 04 41 00");
}

static void empty_protected(struct sim_nitro *doc)
{
    doc->protected_len = 0;
}

static void flip_signature(struct sim_nitro *doc)
{
    doc->edit_signature.apply = sim_flip_last_bit;
}

static void cut_signature(struct sim_bytes *bytes, const void *context)
{
    (void)context;
    bytes->len--;
}

static void shorten_signature(struct sim_nitro *doc)
{
    doc->edit_signature.apply = cut_signature;
}

static void sign_with_another_key(struct sim_nitro *doc)
{
    doc->key = other_key();
}

static void zero_pcr0(struct sim_nitro *doc)
{
    memset(doc->pcrs[0].value, 0, 48);
}

static void zero_pcr2(struct sim_nitro *doc)
{
    memset(doc->pcrs[2].value, 0, 48);
}

static void leave_out_pcr1(struct sim_nitro *doc)
{
    doc->pcrs[1].is_present = false;
}

static void zero_pcr3(struct sim_nitro *doc)
{
    memset(doc->pcrs[3].value, 0, 48);
}

static void sign_60_s_ahead(struct sim_nitro *doc)
{
    doc->timestamp_ms = (MINTED_AT_S + 60) * UINT64_C(1000) + 999;
}

static void sign_61_s_ahead(struct sim_nitro *doc)
{
    doc->timestamp_ms = (MINTED_AT_S + 61) * UINT64_C(1000);
}

static void sign_at_the_end_of_time(struct sim_nitro *doc)
{
    doc->timestamp_ms = INT64_MAX;
}

static void end_leaf(struct sim_nitro *doc)
{
    doc->certs[SIM_NITRO_ENCLAVE].not_after_s = MINTED_AT_S - 1;
}

static void end_leaf_now(struct sim_nitro *doc)
{
    doc->certs[SIM_NITRO_ENCLAVE].not_after_s = MINTED_AT_S;
}

static void end_zone(struct sim_nitro *doc)
{
    doc->certs[SIM_NITRO_ZONAL].not_after_s = MINTED_AT_S - 1;
}

static void begin_leaf_later(struct sim_nitro *doc)
{
    doc->certs[SIM_NITRO_ENCLAVE].not_before_s = MINTED_AT_S + 1;
}

static void end_root(struct sim_nitro *doc)
{
    doc->certs[SIM_NITRO_ROOT].not_after_s = MINTED_AT_S - 1;
}

static void flip_leaf_signature(struct sim_nitro *doc)
{
    doc->certs[SIM_NITRO_ENCLAVE].signing.edit_signature.apply = sim_flip_last_bit;
}

static void flip_region_signature(struct sim_nitro *doc)
{
    doc->certs[SIM_NITRO_REGIONAL].signing.edit_signature.apply = sim_flip_last_bit;
}

static void leave_out_zone(struct sim_nitro *doc)
{
    doc->cabundle[2] = SIM_NITRO_INSTANCE;
    doc->cabundle_count = 3;
}

static void leave_out_all_but_root(struct sim_nitro *doc)
{
    doc->cabundle_count = 1;
}

static void swap_bundle(struct sim_nitro *doc)
{
    doc->cabundle[1] = SIM_NITRO_ZONAL;
    doc->cabundle[2] = SIM_NITRO_REGIONAL;
}

static void reverse_bundle(struct sim_nitro *doc)
{
    for (size_t i = 0; i < 4; i++)
        doc->cabundle[i] = (enum sim_nitro_place)(3 - i);
}

static void add_leaf_to_bundle(struct sim_nitro *doc)
{
    doc->cabundle[doc->cabundle_count++] = SIM_NITRO_ENCLAVE;
}

static void fill_bundle(struct sim_nitro *doc)
{
    while (doc->cabundle_count < 8)
        doc->cabundle[doc->cabundle_count++] = SIM_NITRO_ENCLAVE;
}

static void make_leaf_a_ca(struct sim_nitro *doc)
{
    sim_extensions_set_constraints(&doc->certs[SIM_NITRO_ENCLAVE].extensions, 0);
}

static void let_leaf_only_sign_certs(struct sim_nitro *doc)
{
    sim_extensions_set_usage(&doc->certs[SIM_NITRO_ENCLAVE].extensions, false, 2, 0x04);
}

static void drop_leaf_usage(struct sim_nitro *doc)
{
    sim_extensions_remove(&doc->certs[SIM_NITRO_ENCLAVE].extensions, SIM_OID_KEY_USAGE);
}

static void make_instance_no_ca(struct sim_nitro *doc)
{
    sim_extensions_set_constraints(&doc->certs[SIM_NITRO_INSTANCE].extensions,
                                   SIM_PATH_NO_CA);
}

static void shorten_region_path(struct sim_nitro *doc)
{
    sim_extensions_set_constraints(&doc->certs[SIM_NITRO_REGIONAL].extensions, 0);
}

static void certify_the_instance(struct sim_nitro *doc)
{
    doc->certificate = SIM_NITRO_INSTANCE;
    doc->key = doc->certs[SIM_NITRO_INSTANCE].key;
}

static void issue_leaf_by_another(struct sim_nitro *doc)
{
    doc->certs[SIM_NITRO_ENCLAVE].signing.key = other_key();
}

static void break_leaf(struct sim_bytes *bytes, const void *context)
{
    (void)context;
    bytes->ptr[0] ^= 1; /* the version's tag */
}

static void make_leaf_unreadable(struct sim_nitro *doc)
{
    doc->certs[SIM_NITRO_ENCLAVE].signing.edit_signed.apply = break_leaf;
}

static void make_zone_unreadable(struct sim_nitro *doc)
{
    doc->certs[SIM_NITRO_ZONAL].signing.edit_signed.apply = break_leaf;
}

/* clang-format off */
static const struct {
    const char *why;
    void (*change)(struct sim_nitro *doc);
    const char *options; /* besides TRIAL_ANY */
    const char *line;
} rows[] = {
    {"as minted", leave, "", "accepted"},
    {"the other way round about COSE's tag", tag, "", "accepted"},
    {"a map that says how long it is", make_definite, "", "accepted"},
    {"a NitroTPM document is no enclave's", make_tpm, "", "refused: kind"},

    {"something in the header that nothing signs", fill_unprotected, "", "refused: reserved"},
    {"another algorithm is named, and signed over", name_es256, "", "refused: signature"},
    {"no algorithm is named", name_no_algorithm, "", "refused: signature"},
    {"more than the algorithm in the header", add_key_id, "", "refused: signature"},
    {"nothing in the header", empty_protected, "", "refused: signature"},

    {"one bit of the signature", flip_signature, "", "refused: signature"},
    {"a signature one byte short", shorten_signature, "", "refused: signature"},
    {"signed by a key that nothing certifies", sign_with_another_key, "", "refused: signature"},

    {"PCR0 zero: debug", zero_pcr0, "", "refused: debug"},
    {"PCR2 zero: debug", zero_pcr2, "", "refused: debug"},
    {"no PCR1 is no better", leave_out_pcr1, "", "refused: debug"},
    {"PCR3 zero is ordinary", zero_pcr3, "", "accepted"},
    {"debug, allowed", sim_nitro_set_debug, "--allow debug", "accepted"},
    {"debug, and something else allowed", sim_nitro_set_debug, "--allow trailing", "refused: debug"},
    {"to expect debug is not to allow it", sim_nitro_set_debug, "--expect debug=true", "refused: debug"},
    {"to expect none where there is some", sim_nitro_set_debug, "--allow debug --expect debug=false", "refused: claim"},

    {"signed a minute ahead of the clock", sign_60_s_ahead, "", "accepted"},
    {"signed more than a minute ahead", sign_61_s_ahead, "", "refused: time"},
    {"signed in another era", sign_at_the_end_of_time, "", "refused: time"},

    {"the leaf ended a second ago", end_leaf, "", "refused: validity"},
    {"the leaf ends this second", end_leaf_now, "", "accepted"},
    {"an intermediate ended a second ago", end_zone, "", "refused: validity"},
    {"the leaf begins next second", begin_leaf_later, "", "refused: validity"},
    {"the root ended a second ago", end_root, "", "refused: validity"},

    {"one bit of the leaf's signature", flip_leaf_signature, "", "refused: chain"},
    {"one bit of an intermediate's signature", flip_region_signature, "", "refused: chain"},
    {"the leaf is signed by another than it says", issue_leaf_by_another, "", "refused: chain"},
    {"an intermediate is missing", leave_out_zone, "", "refused: chain"},
    {"all intermediates are missing", leave_out_all_but_root, "", "refused: chain"},
    {"intermediates in another order", swap_bundle, "", "refused: chain"},
    {"leaf first, root last: the document says the other way round", reverse_bundle, "", "refused: anchor " NO_CHAIN},
    {"the leaf in the bundle too", add_leaf_to_bundle, "", "refused: chain"},
    {"as many as a bundle may hold", fill_bundle, "", "refused: chain"},
    {"the leaf is a certificate authority", make_leaf_a_ca, "", "refused: chain"},
    {"the leaf's key may not sign documents", let_leaf_only_sign_certs, "", "refused: chain"},
    {"the leaf does not say what its key is for", drop_leaf_usage, "", "refused: chain"},
    {"an intermediate is no authority", make_instance_no_ca, "", "refused: chain"},
    {"more intermediates than one of them allows", shorten_region_path, "", "refused: chain"},
    {"an intermediate for a leaf", certify_the_instance, "", "refused: chain"},
    {"the leaf cannot be read", make_leaf_unreadable, "", "refused: chain ?validity ?revocation ?signature"},
    {"an intermediate cannot be read", make_zone_unreadable, "", "refused: chain ?validity ?revocation ?signature"},
};
/* clang-format on */

static void judge_rows(void)
{
    static struct sim_nitro doc;

    for (size_t i = 0; i < COUNT(rows); i++) {
        test_case("%s", rows[i].why);
        trial_reset(&t);
        trial_require(&t, TRIAL_ANY);
        trial_require(&t, rows[i].options);
        sim_nitro_default(&doc, ring, 0, MINTED_AT_S);
        rows[i].change(&doc);
        CHECK_TEXT(trial_judge(&t, minted_nitro(&t, &doc), MINTED_AT_S), rows[i].line);
    }
}

/* A root beside the evidence, or in it, is worth nothing unless it is pinned for Nitro.
 */
static void judge_anchors(void)
{
    static struct sim_nitro doc;
    struct troth_span document;

    sim_nitro_default(&doc, ring, 0, MINTED_AT_S);
    test_case("the root is in the document and not pinned");
    trial_reset(&t);
    trial_require(&t, TRIAL_ANY);
    document = minted_nitro(&t, &doc);
    t.anchors.count--;
    CHECK_TEXT(trial_judge(&t, document, MINTED_AT_S), "refused: anchor " NO_CHAIN);
    CHECK(!t.result.anchor && !t.result.simulated);
    CHECK_TEXT(trial_find(&t, TROTH_CHECK_ANCHOR, NULL)->flag, "--root");

    test_case("it is pinned as another vendor's");
    t.anchors.count++;
    t.roots[t.anchors.count - 1].role = TROTH_ANCHOR_AMD_ARK;
    CHECK_TEXT(trial_judge(&t, document, MINTED_AT_S), "refused: anchor " NO_CHAIN);

    test_case("pinned by name and key, but another certificate");
    t.roots[t.anchors.count - 1].role = TROTH_ANCHOR_CUSTOM;
    t.roots[t.anchors.count - 1].sha256[31] ^= 1;
    CHECK_TEXT(trial_judge(&t, document, MINTED_AT_S), "refused: anchor " NO_CHAIN);

    test_case("no anchor at all");
    t.anchors.count = 0;
    CHECK_TEXT(trial_judge(&t, document, MINTED_AT_S), "refused: anchor " NO_CHAIN);
}

static void describe_result(void)
{
    static const char *const open[] = {"vendor",         "side_channels", "physical",
                                       "correctness",    "availability",  "code",
                                       "freshness",      "machine",       "revocation",
                                       "no_hardware_id", "custom_root"};
    static struct sim_nitro doc;

    test_case("what an accepted result says");
    sim_nitro_default(&doc, ring, 0, MINTED_AT_S);
    trial_reset(&t);
    trial_require(&t, TRIAL_ANY);
    CHECK_TEXT(trial_judge(&t, minted_nitro(&t, &doc), MINTED_AT_S), "accepted");
    CHECK(t.result.simulated && !t.result.archival);
    for (size_t i = 0; troth_nitro_plan[i] != TROTH_CHECK_COUNT; i++) {
        const struct troth_check *row = &t.result.verdict.checks[i];

        CHECK_TEXT(troth_check_name(row->id), troth_check_name(troth_nitro_plan[i]));
        CHECK_INT(row->outcome, row->id == TROTH_CHECK_REVOCATION ? TROTH_NOT_APPLICABLE
                                                                  : TROTH_PASSED);
        CHECK(!row->flag);
    }
    CHECK_TEXT(t.result.kind, "nitro");
    CHECK_INT(t.result.valid_until_s, doc.certs[SIM_NITRO_ENCLAVE].not_after_s);
    CHECK_TEXT(t.result.valid_until_what, "enclave certificate");
    for (size_t i = 0; i < COUNT(open); i++)
        if (!CHECK(trial_leaves_open(&t, open[i])))
            CHECK_TEXT("(missing)", open[i]);
    CHECK_INT(t.result.not_proven_count, COUNT(open));
    CHECK_INT(trial_find(&t, TROTH_CHECK_REVOCATION, NULL)->outcome,
              TROTH_NOT_APPLICABLE);

    test_case("allowed debug is left open");
    sim_nitro_set_debug(&doc);
    trial_reset(&t);
    trial_require(&t, TRIAL_ANY "--allow debug --expect nitro.pcr4=00");
    (void)trial_judge(&t, minted_nitro(&t, &doc), MINTED_AT_S);
    CHECK(trial_leaves_open(&t, "allowed"));
    CHECK(!trial_leaves_open(&t, "machine"));
}

/* The clock is the caller's, and may be any number. */
static void judge_any_clock(void)
{
    static const int64_t clocks[] = {INT64_MIN + 1, -1, 0, INT64_MAX};
    static struct sim_nitro doc;

    sim_nitro_default(&doc, ring, 0, MINTED_AT_S);
    doc.timestamp_ms = INT64_MAX;
    for (size_t i = 0; i < COUNT(clocks); i++) {
        test_case("clock %lld", (long long)clocks[i]);
        trial_reset(&t);
        trial_require(&t, TRIAL_ANY);
        (void)trial_judge(&t, minted_nitro(&t, &doc), clocks[i]);
        CHECK_INT(t.err, TROTH_OK);
        CHECK_INT(t.result.answer, TROTH_REFUSED);
    }
}

static void list_debug_rule(void)
{
    static const uint8_t zero[48], set[48] = {[47] = 1};
    struct troth_nitro d = {0};

    test_case("registers 0, 1 and 2 decide");
    for (unsigned bits = 0; bits < 8; bits++) {
        for (unsigned i = 0; i < 3; i++)
            d.pcrs[i] = (struct troth_span){bits >> i & 1 ? set : zero, 48};
        CHECK(troth_nitro_is_debug(&d) == (bits != 7));
    }
    d.pcrs[1] = (struct troth_span){NULL, 0};
    CHECK(troth_nitro_is_debug(&d));
}

int main(void)
{
    trial_begin(&t);
    ring = sim_keyring_create(1);
    judge_rows();
    judge_anchors();
    describe_result();
    judge_any_clock();
    list_debug_rule();
    sim_keyring_destroy(ring);
    trial_end(&t);
    return test_finish();
}
