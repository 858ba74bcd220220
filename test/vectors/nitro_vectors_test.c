/* SPDX-License-Identifier: Apache-2.0 */
/* Genuine Nitro documents: one row each, and what else is asked of those that verify. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/base64.h"
#include "test/harness.h"
#include "test/support/trial.h"
#include "test/vectors/manifest.h"
#include "test/vectors/opinion.h"

#define ROOT  "roots/aws_nitro_root_g1.pem"
#define DEBUG "--allow debug "

/* The instant at which MANIFEST.tsv says the document verifies. */
#define WHEN_IT_VERIFIES (-1)

/* clang-format off */
static const struct row {
    const char *why;
    const char *file;
    int64_t at_s;
    const char *options; /* besides TRIAL_ANY */
    const char *line;
} rows[] = {
    {"signature and chain are good, the enclave is in debug mode: upstream accepts, we do not",
     "nitro/anjuna_attester_doc_full.cose", WHEN_IT_VERIFIES, "", "refused: debug"},
    {"so it is accepted where debug is allowed",
     "nitro/anjuna_attester_doc_full.cose", WHEN_IT_VERIFIES, DEBUG, "accepted"},
    {"called a device response, but the wrapper is gone: a plain document",
     "nitro/anjuna_attester_prod_doc.bin", WHEN_IT_VERIFIES, "", "accepted"},
    {"of 2021",
     "nitro/anjuna_prod_doc.cose", WHEN_IT_VERIFIES, "", "accepted"},
    {"2050-01-01: every certificate of it has ended, the root too",
     "nitro/anjuna_prod_doc.cose", 2524608000, "", "refused: validity"},
    {"with a public key",
     "nitro/anjuna_prod_doc_pubkey.cose", WHEN_IT_VERIFIES, "", "accepted"},
    {"two hours after it was made, within the leaf's three",
     "nitro/base_attestation.cose", WHEN_IT_VERIFIES, "", "accepted"},
    {"base64 of a document",
     "nitro/blocky_nitro_attestation.b64", WHEN_IT_VERIFIES, "", "accepted"},
    {"base64 of a debug document",
     "nitro/blocky_nitro_attestation_debug.b64", WHEN_IT_VERIFIES, "", "refused: debug"},
    {"its signature is good",
     "nitro/blocky_nitro_attestation_debug.b64", WHEN_IT_VERIFIES, DEBUG, "accepted"},
    {"its unprotected header is null, and no map: not a COSE_Sign1 at all",
     "nitro/blocky_selfsigned_attestation.b64", 1725719859, DEBUG, "error: TYPE cose.unprotected"},
    {"of 2022", 
     "nitro/brave_initiator_doc.cose", WHEN_IT_VERIFIES, "", "accepted"},
    {"of 2022, signed twenty seconds after its leaf",
     "nitro/brave_responder_doc.cose", WHEN_IT_VERIFIES, "", "accepted"},
    {"upstream accepts debug",
     "nitro/distributedlab_doc.cose", WHEN_IT_VERIFIES, "", "refused: debug"},
    {"its signature is good",
     "nitro/distributedlab_doc.cose", WHEN_IT_VERIFIES, DEBUG, "accepted"},
    {"upstream accepts debug",
     "nitro/sparsity_1.cose", WHEN_IT_VERIFIES, "", "refused: debug"},
    {"its signature is good",
     "nitro/sparsity_1.cose", WHEN_IT_VERIFIES, DEBUG, "accepted"},
    {"with user data and a nonce",
     "nitro/sparsity_2.cose", WHEN_IT_VERIFIES, "", "accepted"},
};
/* clang-format on */

static struct trial t;

/* The document, armour removed. */
static struct troth_span read_document(const char *file)
{
    struct troth_span text = test_vector(file);
    size_t len;

    if (!strstr(file, ".b64"))
        return text;
    while (text.len && text.ptr[text.len - 1] <= ' ')
        text.len--;

    uint8_t *out = (uint8_t *)trial_keep(&t, text).ptr;

    CHECK_ERR(troth_base64_parse(out, text.len, &len, text, TROTH_BASE64), TROTH_OK);
    return (struct troth_span){out, len};
}

static int64_t time_of(const struct row *row)
{
    return row->at_s == WHEN_IT_VERIFIES ? manifest_number(row->file, "verify_at_unix")
                                         : row->at_s;
}

/* What MANIFEST.tsv found out with other code: the checks that are cryptography alone. */
static void hold_against_manifest(const struct row *row)
{
    static const enum troth_check_id ids[] = {TROTH_CHECK_SIGNATURE, TROTH_CHECK_CHAIN,
                                              TROTH_CHECK_ANCHOR, TROTH_CHECK_VALIDITY};
    static const char *const labels[] = {"sig", "chain"};

    if (row->at_s != WHEN_IT_VERIFIES)
        return;
    for (size_t i = 0; i < COUNT(labels); i++)
        CHECK_TEXT(manifest_checked(row->file, labels[i]), "OK");
    CHECK_TEXT(manifest_checked(row->file, "awsroot"), "True");
    for (size_t i = 0; i < COUNT(ids); i++) {
        const struct troth_check *check = trial_find(&t, ids[i], NULL);

        CHECK(check && check->outcome == TROTH_PASSED);
    }
}

static void hold_claims_against_manifest(const char *file)
{
    static const char *const labels[] = {"PCR0", "PCR1", "PCR2"};
    static const char *const names[] = {"nitro.pcr0", "nitro.pcr1", "nitro.pcr2"};
    const struct troth_claim *debug = troth_claims_find(&t.result.claims,
                                                        test_text("debug"));

    for (size_t i = 0; i < COUNT(names); i++) {
        const struct troth_claim *claim = troth_claims_find(&t.result.claims,
                                                            test_text(names[i]));

        if (CHECK(claim && claim->value.type == TROTH_VALUE_BYTES))
            CHECK_SPAN(claim->value.bytes, test_hex(manifest_checked(file, labels[i])));
    }
    if (CHECK(debug))
        CHECK_TEXT(debug->value.boolean ? "True" : "False",
                   manifest_checked(file, "debug"));
}

static void judge_rows(void)
{
    for (size_t i = 0; i < COUNT(rows); i++) {
        const struct row *row = &rows[i];

        test_case("%s: %s", row->file, row->why);
        trial_reset(&t);
        trial_require(&t, TRIAL_ANY);
        trial_require(&t, row->options);

        struct troth_span document = read_document(row->file);

        CHECK(document.len > 0);
        CHECK_TEXT(trial_judge(&t, document, time_of(row)), row->line);
        if (t.err)
            continue;
        hold_against_manifest(row);
        hold_claims_against_manifest(row->file);
        CHECK(!t.result.simulated && !t.result.archival);
        CHECK(opinion_on_nitro(document, test_vector(ROOT), time_of(row)) ==
              (row->at_s == WHEN_IT_VERIFIES));
    }
}

static bool has_row(const char *file)
{
    for (size_t i = 0; i < COUNT(rows); i++)
        if (strcmp(rows[i].file, file) == 0)
            return true;
    return false;
}

static void require_a_row_for_each(void)
{
    const char *file;

    test_case("every document of the manifest has a row");
    for (size_t i = 0; (file = manifest_file(i)) != NULL; i++) {
        bool is_document = strncmp(file, "nitro/", 6) == 0 &&
                           manifest_says(file, "kind", "nsm-");

        if (is_document && !CHECK(has_row(file)))
            printf("#   %s\n", file);
    }
}

/* The code named by the three registers the manifest gives: right, and one digit off. */
static void name_the_code(const char *file)
{
    char options[512];
    struct troth_span document;

    test_case("%s: the code is named", file);
    for (int wrong = -1; wrong < 3; wrong++) {
        char pcrs[3][97];

        trial_reset(&t);
        document = read_document(file);
        (void)snprintf(pcrs[0], 97, "%s", manifest_checked(file, "PCR0"));
        (void)snprintf(pcrs[1], 97, "%s", manifest_checked(file, "PCR1"));
        (void)snprintf(pcrs[2], 97, "%s", manifest_checked(file, "PCR2"));
        if (wrong >= 0)
            pcrs[wrong][95] = pcrs[wrong][95] == '0' ? '1' : '0';
        (void)snprintf(options, sizeof options,
                       "--any nonce --allow debug --expect "
                       "measurement=pcr0=%s,pcr1=%s,pcr2=%s",
                       pcrs[0], pcrs[1], pcrs[2]);
        trial_require(&t, options);
        CHECK_TEXT(trial_judge(&t, document, manifest_number(file, "verify_at_unix")),
                   wrong < 0 ? "accepted" : "refused: measurement");
    }
}

static void name_the_nonce(void)
{
    static const struct {
        const char *why;
        size_t len;
        int change;
        const char *line;
    } nonces[] = {
        {"as it is", 32, 0, "accepted"},       {"one bit", 32, 1, "refused: nonce"},
        {"a prefix", 31, 0, "refused: nonce"}, {"a zero more", 33, 0, "refused: nonce"},
        {"nothing", 0, 0, "refused: nonce"},
    };
    const char *file = "nitro/sparsity_2.cose";
    struct troth_span document = test_vector(file);

    for (size_t i = 0; i < COUNT(nonces); i++) {
        uint8_t nonce[64] = {0};
        const struct troth_claim *claim;

        test_case("%s: the nonce, %s", file, nonces[i].why);
        trial_reset(&t);
        trial_require(&t, TRIAL_ANY);
        (void)trial_judge(&t, document, TRIAL_AT_DOCUMENT);
        claim = troth_claims_find(&t.result.claims, test_text("nonce"));
        if (!CHECK(claim && claim->value.bytes.len == 32))
            return;
        memcpy(nonce, claim->value.bytes.ptr, 32);
        nonce[31] ^= (uint8_t)nonces[i].change;
        t.requirements.has_nonce = true;
        t.requirements.nonce = (struct troth_span){nonce, nonces[i].len};
        CHECK_TEXT(trial_judge(&t, document, TRIAL_AT_DOCUMENT), nonces[i].line);
    }
}

/* Both ends of the window, and how far ahead the signed time may be. */
static void move_the_clock(void)
{
    /* Leaf from 1695899304, signed at 1695899307, the zone's certificate ends later. */
    static const struct {
        int64_t at_s;
        const char *line;
    } moments[] = {
        {1695899303, "refused: validity"},
        {1695899304, "accepted"},
        {1695910107, "accepted"},
        {1695910108, "refused: validity"},
        {1695899246, "refused: validity time"},
        {0, "refused: validity time"},
        {INT64_MAX, "refused: validity"},
    };
    struct troth_span document = test_vector("nitro/sparsity_2.cose");

    for (size_t i = 0; i < COUNT(moments); i++) {
        test_case("sparsity_2 at %lld", (long long)moments[i].at_s);
        trial_reset(&t);
        trial_require(&t, TRIAL_ANY);
        CHECK_TEXT(trial_judge(&t, document, moments[i].at_s), moments[i].line);
    }
    test_case("sparsity_2 would stop verifying when its leaf ends");
    (void)trial_judge(&t, document, 1695899307);
    CHECK_INT(t.result.valid_until_s, 1695910107);
    CHECK(t.result.valid_until_what != NULL);
}

static void judge_archival(void)
{
    for (size_t i = 0; i < COUNT(rows); i++) {
        if (rows[i].at_s != WHEN_IT_VERIFIES)
            continue;
        test_case("%s at its own time", rows[i].file);
        trial_reset(&t);
        trial_require(&t, TRIAL_ANY DEBUG);
        CHECK_TEXT(trial_judge(&t, read_document(rows[i].file), TRIAL_AT_DOCUMENT),
                   "accepted");
        CHECK(t.result.archival && trial_leaves_open(&t, "archival"));
        CHECK(trial_leaves_open(&t, "freshness"));
        CHECK_INT(t.result.clock.at_s,
                  strtoll(manifest_checked(rows[i].file, "ts"), NULL, 10) / 1000);
    }
}

static void judge_without_the_root(void)
{
    test_case("a genuine document where only AMD's roots are pinned");
    trial_reset(&t);
    trial_require(&t, TRIAL_ANY);
    for (size_t i = 0; i < t.anchors.count; i++)
        if (t.roots[i].role == TROTH_ANCHOR_NITRO_ROOT)
            t.roots[i] = t.roots[--t.anchors.count];
    CHECK_TEXT(trial_judge(&t, test_vector("nitro/sparsity_2.cose"), 1695899307),
               "refused: anchor ?chain ?validity ?revocation ?signature");
}

int main(void)
{
    if (!test_vectors_dir()) {
        test_case("genuine Nitro documents");
        test_skip("no vectors here");
        return test_finish();
    }
    trial_begin(&t);
    judge_rows();
    require_a_row_for_each();
    name_the_code("nitro/sparsity_2.cose");
    name_the_code("nitro/distributedlab_doc.cose");
    name_the_nonce();
    move_the_clock();
    judge_archival();
    judge_without_the_root();
    trial_end(&t);
    return test_finish();
}
