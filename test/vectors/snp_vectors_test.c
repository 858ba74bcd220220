/* SPDX-License-Identifier: Apache-2.0 */
/* Genuine SNP reports with genuine certificates: one row for each that is told apart. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "test/harness.h"
#include "test/support/starter.h"
#include "test/support/trial.h"
#include "test/vectors/manifest.h"
#include "test/vectors/opinion.h"

/* The instant at which MANIFEST.tsv says the report verifies. */
#define WHEN_IT_VERIFIES (-1)

#define ALIAS "--allow alias_check "
#define OLD   "--allow alias_check --allow provisional "
#define VLEK  "--allow provisional --any snp.vmpl "
#define NO_VEK                                                                           \
    "?product ?signing_key ?anchor ?chain ?validity ?revocation ?signature ?hardware "   \
    "?tcb"

#define AZURE    "azure-vtpm/trustee_az-snp-vtpm_"
#define V0_VCEK  AZURE "evidence-v0_vcek.pem"
#define GENOA    AZURE "evidence-genoa_snp_report.bin"
#define MILAN_22 "snp/trustee_milan_report_v2.bin"

/* clang-format off */
static const struct row {
    const char *why;
    const char *file;
    const char *collateral[4]; /* the VCEK or VLEK first */
    int64_t at_s;
    const char *options; /* besides TRIAL_ANY */
    const char *line;
} rows[] = {
    {"Genoa of 2026 and its VCEK alone: the issuer is pinned",
     "snp/ms_genoa_report_v3.bin", {"snp/ms_genoa_vcek.pem"}, WHEN_IT_VERIFIES, "", "accepted"},
    {"Milan of 2026 and its VCEK alone",
     "snp/ms_milan_report_v3.bin", {"snp/ms_milan_vcek.pem"}, WHEN_IT_VERIFIES, "", "accepted"},
    {"Turin of 2026, version 5, eight bytes of chip id",
     "snp/ms_turin_report_v5.bin", {"snp/ms_turin_vcek.pem"}, WHEN_IT_VERIFIES, "", "accepted"},
    {"the issuer's own certificate beside it changes nothing",
     "snp/ms_genoa_report_v3.bin", {"snp/ms_genoa_vcek.pem", "snp/ms_genoa_ask.pem", "roots/amd_ark_genoa.pem"}, WHEN_IT_VERIFIES, "", "accepted"},
    {"same for Milan",
     "snp/ms_milan_report_v3.bin", {"snp/ms_milan_vcek.pem", "snp/ms_milan_ask.pem", "roots/amd_ark_milan.pem"}, WHEN_IT_VERIFIES, "", "accepted"},
    {"same for Turin",
     "snp/ms_turin_report_v5.bin", {"snp/ms_turin_vcek.pem", "snp/ms_turin_ask.pem", "roots/amd_ark_turin.pem"}, WHEN_IT_VERIFIES, "", "accepted"},
    {"upstream refuses another product's chain, which it was told to use; here nothing points at that chain, and the pinned one is used",
     "snp/ms_milan_report_v3.bin", {"snp/ms_milan_vcek.pem", "snp/ms_genoa_ask.pem", "roots/amd_ark_genoa.pem"}, WHEN_IT_VERIFIES, "", "accepted"},
    {"another product's VCEK",
     "snp/ms_milan_report_v3.bin", {"snp/ms_genoa_vcek.pem"}, 1770257107, "", "refused: product signature ?hardware ?tcb"},
    {"a week before its VCEK begins",
     "snp/ms_turin_report_v5.bin", {"snp/ms_turin_vcek.pem"}, 1769648673, "", "refused: validity"},
    {"a second after its VCEK ends",
     "snp/ms_turin_report_v5.bin", {"snp/ms_turin_vcek.pem"}, 1991178274, "", "refused: validity"},

    {"upstream accepts: its memory was not checked for aliases (BadRAM)",
     "snp/mssidecar_report_v2.bin", {"snp/mssidecar_host_amd_cert.pem"}, WHEN_IT_VERIFIES, "", "refused: platform_bits"},
    {"its signature is good",
     "snp/mssidecar_report_v2.bin", {"snp/mssidecar_host_amd_cert.pem"}, WHEN_IT_VERIFIES, ALIAS, "accepted"},
    {"the same certificates as Azure's host hands them out, in JSON",
     "snp/mssidecar_report_v2.bin", {"snp/mssidecar_host_amd_cert.json"}, 1700000000, ALIAS, "accepted"},
    {"upstream accepts: BadRAM, and firmware that can be rolled back",
     MILAN_22, {"snp/trustee_vcek.der"}, WHEN_IT_VERIFIES, "", "refused: provisional platform_bits"},
    {"its signature is good",
     MILAN_22, {"snp/trustee_vcek.der"}, WHEN_IT_VERIFIES, OLD, "accepted"},
    {"with the chain as AMD hands it out",
     MILAN_22, {"snp/trustee_vcek.der", "roots/amd_ask_ark_milan.pem"}, WHEN_IT_VERIFIES, OLD, "accepted"},
    {"a VCEK that upstream damaged, old OID layout",
     MILAN_22, {"snp/trustee_vcek_invalid_legacy.der"}, 1700000000, OLD, "refused: chain signature hardware tcb"},
    {"a VCEK that upstream damaged, new OID layout",
     MILAN_22, {"snp/trustee_vcek_invalid_new.der"}, 1700000000, OLD, "refused: chain signature hardware tcb"},
    {"another chip's VCEK for the same firmware",
     MILAN_22, {"snp/virtee_vcek_milan.der"}, 1700000000, OLD, "refused: signature hardware"},
    {"both VCEKs, the wrong one first: the report says which is its own",
     MILAN_22, {"snp/virtee_vcek_milan.der", "snp/trustee_vcek.der"}, 1700000000, OLD, "accepted"},
    {"a VLEK for a report signed by a VCEK",
     MILAN_22, {"snp/trustee_vlek.der"}, 1734000000, OLD, "refused: signing_key chain signature hardware tcb"},
    {"no certificate at all",
     MILAN_22, {NULL}, 1700000000, OLD, "undetermined: " NO_VEK},
    {"the issuers, and no VCEK",
     MILAN_22, {"roots/amd_ask_ark_milan.pem"}, 1700000000, OLD, "undetermined: " NO_VEK},
    {"upstream accepts: VMPL 1, and firmware that can be rolled back",
     "snp/trustee_vlek_report_v3.bin", {"snp/trustee_vlek.der"}, WHEN_IT_VERIFIES, "", "refused: provisional requester"},
    {"its signature is good",
     "snp/trustee_vlek_report_v3.bin", {"snp/trustee_vlek.der"}, WHEN_IT_VERIFIES, VLEK, "accepted"},
    {"with the chain as AMD hands it out",
     "snp/trustee_vlek_report_v3.bin", {"snp/trustee_vlek.der", "roots/amd_ask_ark_milan_vlek.pem"}, WHEN_IT_VERIFIES, VLEK, "accepted"},
    {"a VLEK lives for one year",
     "snp/trustee_vlek_report_v3.bin", {"snp/trustee_vlek.der"}, 1765404862, VLEK, "refused: validity"},
    {"a VCEK for a report signed by a VLEK",
     "snp/trustee_vlek_report_v3.bin", {"snp/trustee_vcek.der"}, 1733868861, VLEK, "refused: signing_key chain signature tcb"},
    {"upstream accepts: BadRAM",
     "snp/virtee_milan_report_v2.hex", {"snp/virtee_vcek_milan.der"}, WHEN_IT_VERIFIES, "", "refused: platform_bits"},
    {"its signature is good",
     "snp/virtee_milan_report_v2.hex", {"snp/virtee_vcek_milan.der"}, WHEN_IT_VERIFIES, ALIAS, "accepted"},
    {"with the chain as AMD hands it out",
     "snp/virtee_milan_report_v2.hex", {"snp/virtee_vcek_milan.der", "snp/virtee_cert_chain_milan.pem"}, WHEN_IT_VERIFIES, ALIAS, "accepted"},

    {"Azure, Genoa",
     GENOA, {AZURE "evidence-genoa_vcek.pem"}, WHEN_IT_VERIFIES, "", "accepted"},
    {"Azure, Genoa: the same VCEK from another file",
     GENOA, {AZURE "vcek-genoa.pem"}, WHEN_IT_VERIFIES, "", "accepted"},
    {"Azure, Milan",
     AZURE "evidence-v0_snp_report.bin", {V0_VCEK}, WHEN_IT_VERIFIES, "", "accepted"},
    {"Azure, Milan, VCEK as DER",
     AZURE "evidence-v1_snp_report.bin", {AZURE "evidence-v1_vcek.der"}, WHEN_IT_VERIFIES, "", "accepted"},
    {"Azure, Milan, another machine",
     AZURE "evidence-v2_snp_report.bin", {AZURE "evidence-v2_vcek.der"}, WHEN_IT_VERIFIES, "", "accepted"},
    {"the first machine's VCEK, same firmware, for the other machine's report",
     AZURE "evidence-v2_snp_report.bin", {V0_VCEK}, 1738082023, "", "refused: signature hardware"},
    {"Azure of 2023: BadRAM, and firmware that can be rolled back",
     AZURE "hcl-report_snp_report.bin", {AZURE "vcek.pem"}, WHEN_IT_VERIFIES, "", "refused: provisional platform_bits"},
    {"its signature is good",
     AZURE "hcl-report_snp_report.bin", {AZURE "vcek.pem"}, WHEN_IT_VERIFIES, OLD, "accepted"},

    {"nobody published its VCEK: upstream asks AMD for it",
     "snp/lit_report_v2.bin", {NULL}, 1700000000, OLD, "undetermined: " NO_VEK},
    {"with someone else's VCEK",
     "snp/lit_report_v2.bin", {"snp/trustee_vcek.der"}, 1700000000, OLD, "refused: signature hardware tcb"},
    {"one byte too long; whether its signature is bad cannot be seen without its VCEK",
     "snp/lit_report_bad_sig.bin", {NULL}, 1700000000, OLD, "refused: trailing " NO_VEK},
    {"793 bytes of 1184",
     "snp/lit_report_corrupt_trunc.bin", {NULL}, 1700000000, OLD, "error: SHORT snp.report"},
    {"a device's response: 32 bytes before the report, zeros behind it",
     "snp/lit_report_msg_resp.bin", {NULL}, 1700000000, OLD, "undetermined: " NO_VEK},
    {"version 0: nobody ever specified it",
     "snp/mssidecar_lit_report_0.bin", {NULL}, 1700000000, OLD, "error: VERSION snp.version"},
    {"no VCEK published; BadRAM",
     "snp/mssidecar_lit_report_1.bin", {NULL}, 1700000000, "", "refused: " NO_VEK " platform_bits"},
    {"no VCEK published",
     "snp/mssidecar_lit_report_2.bin", {NULL}, 1770000000, "", "undetermined: " NO_VEK},
};
/* clang-format on */

static struct trial t;

static struct troth_span read_report(const char *file)
{
    struct troth_span bytes = test_vector(file);
    char text[2 * 1184 + 1];

    if (!strstr(file, ".hex"))
        return bytes;
    (void)snprintf(text, sizeof text, "%.*s", (int)bytes.len, (const char *)bytes.ptr);
    return test_hex(text);
}

static int64_t time_of(const struct row *row)
{
    return row->at_s == WHEN_IT_VERIFIES ? manifest_number(row->file, "verify_at_unix")
                                         : row->at_s;
}

static void prepare(const struct row *row, const char *options)
{
    trial_reset(&t);
    trial_require(&t, TRIAL_ANY);
    trial_require(&t, options);
    for (size_t i = 0; i < COUNT(row->collateral) && row->collateral[i]; i++)
        CHECK_ERR(trial_add_collateral(&t, test_vector(row->collateral[i])), TROTH_OK);
}

/* What MANIFEST.tsv found out with other code. */
static void hold_claims_against_manifest(const char *file)
{
    static const char *const names[] = {"measurement", "host_data", "report_data",
                                        "reported_tcb", "chip_id"};
    char claim_name[32];

    for (size_t i = 0; i < COUNT(names); i++) {
        const char *wanted = manifest_checked(file, names[i]);
        const struct troth_claim *claim;
        struct troth_span bytes;

        (void)snprintf(claim_name, sizeof claim_name, "snp.%s", names[i]);
        claim = troth_claims_find(&t.result.claims, test_text(claim_name));
        if (!*wanted || !CHECK(claim && claim->value.type == TROTH_VALUE_BYTES))
            continue;
        bytes = claim->value.bytes;
        CHECK_SPAN(bytes, test_hex(wanted));
    }
}

static struct troth_span root_of(const char *file)
{
    const char *check = manifest_text(file, "independent_check");
    const char *product = strstr(check, "Genoa")   ? "genoa"
                          : strstr(check, "Turin") ? "turin"
                                                   : "milan";
    char path[64];

    (void)snprintf(path, sizeof path, "roots/amd_ark_%s.pem", product);
    return test_vector(path);
}

/* The row's collateral and every issuer there is: finding the right one is easy. */
static bool ask_openssl(const struct row *row, struct troth_span report)
{
    static const char *const issuers[] = {
        "roots/amd_ask_milan.pem", "roots/amd_ask_genoa.pem", "roots/amd_ask_turin.pem",
        "roots/amd_ask_ark_milan_vlek.pem"};
    struct troth_span files[COUNT(row->collateral) + COUNT(issuers)];
    size_t count = 0;

    for (size_t i = 0; i < COUNT(row->collateral) && row->collateral[i]; i++)
        files[count++] = test_vector(row->collateral[i]);
    for (size_t i = 0; i < COUNT(issuers); i++)
        files[count++] = test_vector(issuers[i]);
    return opinion_on_snp(report, files, count, root_of(row->file), time_of(row));
}

static bool passed(enum troth_check_id id)
{
    const struct troth_check *check = trial_find(&t, id, NULL);

    return check && check->outcome == TROTH_PASSED;
}

static void judge_row(const struct row *row)
{
    struct troth_span report = read_report(row->file);
    bool signature_is_good;

    test_case("%s: %s", row->file, row->why);
    prepare(row, row->options);
    CHECK(report.len > 0);
    CHECK_TEXT(trial_judge(&t, report, time_of(row)), row->line);
    if (t.err)
        return;
    hold_claims_against_manifest(row->file);
    CHECK(!t.result.simulated);
    signature_is_good = passed(TROTH_CHECK_SIGNATURE) && passed(TROTH_CHECK_CHAIN) &&
                        passed(TROTH_CHECK_VALIDITY);
    if (row->at_s == WHEN_IT_VERIFIES) {
        CHECK_TEXT(manifest_checked(row->file, "sig"), "OK");
        CHECK(signature_is_good);
    }
    /* OpenSSL does not read Azure's JSON; the same certificates are in another row. */
    if (!row->collateral[0] || !strstr(row->collateral[0], ".json"))
        CHECK(ask_openssl(row, report) == signature_is_good);
}

/* What `troth policy init` writes of it accepts it, whatever had to be allowed. */
static void test_starter(const struct row *row)
{
    const char *unused;

    if (strcmp(row->line, "accepted") != 0)
        return;
    test_case("%s: %s: by its first policy", row->file, row->why);
    prepare(row, "");
    CHECK_TEXT(starter_judge(&t, &unused, read_report(row->file), time_of(row)),
               "accepted");
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

    test_case("every report of the manifest has a row");
    for (size_t i = 0; (file = manifest_file(i)) != NULL; i++) {
        bool is_report = (strncmp(file, "snp/", 4) == 0 ||
                          strncmp(file, "azure-vtpm/", 11) == 0) &&
                         (strncmp(manifest_text(file, "kind"), "report", 6) == 0 ||
                          manifest_says(file, "kind", "SNP_GET_REPORT"));

        if (is_report && !CHECK(has_row(file)))
            printf("#   %s\n", file);
    }
}

/* Upstream's refusals of another product's chain, in the only way there is to ask for one
 * here: only that product's keys are pinned. */
static void pin_another_product(void)
{
    static const char *const products[] = {"Milan", "Genoa", "Turin"};
    static const struct row reports[] = {
        {"",
         "snp/ms_milan_report_v3.bin",
         {"snp/ms_milan_vcek.pem", "snp/ms_milan_ask.pem"},
         0,
         "",
         ""},
        {"",
         "snp/ms_genoa_report_v3.bin",
         {"snp/ms_genoa_vcek.pem", "snp/ms_genoa_ask.pem"},
         0,
         "",
         ""},
        {"",
         "snp/ms_turin_report_v5.bin",
         {"snp/ms_turin_vcek.pem", "snp/ms_turin_ask.pem"},
         0,
         "",
         ""},
    };

    for (size_t i = 0; i < COUNT(reports) * COUNT(products); i++) {
        const struct row *row = &reports[i / COUNT(products)];
        const char *product = products[i % COUNT(products)];
        bool own = i / COUNT(products) == i % COUNT(products);
        size_t kept = 0;

        test_case("%s where only %s is pinned", row->file, product);
        prepare(row, "");
        for (size_t k = 0; k < t.anchors.count; k++)
            if (t.roots[k].product && strcmp(t.roots[k].product, product) == 0)
                t.roots[kept++] = t.roots[k];
        t.anchors.count = kept;
        CHECK_TEXT(trial_judge(&t, read_report(row->file), 1770257107),
                   own ? "accepted"
                       : "refused: anchor ?chain ?validity ?revocation ?signature");
    }
}

/* A certificate for which there is no report: its chain is asked for alone. */
static void judge_lone_certificate(void)
{
    static const char *const names[] = {"snp/virtee_vcek_turin.der",
                                        "snp/virtee_cert_chain_turin.pem"};
    struct troth_span files[] = {test_vector(names[0]), test_vector(names[1])};
    const struct row turin = {
        "", "snp/ms_turin_report_v5.bin", {names[0], names[1]}, 0, "", ""};

    test_case("a Turin VCEK without its report: chain good, the rest another chip's");
    prepare(&turin, "");
    CHECK_TEXT(trial_judge(&t, read_report(turin.file), 1770257107),
               "refused: signature hardware tcb");
    CHECK(passed(TROTH_CHECK_CHAIN) && passed(TROTH_CHECK_VALIDITY));
    CHECK(passed(TROTH_CHECK_ANCHOR) && passed(TROTH_CHECK_SIGNING_KEY));
    CHECK(opinion_on_vek(files, 2, test_vector("roots/amd_ark_turin.pem"), 1770257107));
}

/* Both ends belong to the validity; to OpenSSL the last second does not. */
static void judge_last_second(void)
{
    const struct row turin = {
        "", "snp/ms_turin_report_v5.bin", {"snp/ms_turin_vcek.pem"}, 0, "", ""};

    test_case("in the second in which a VCEK ends");
    prepare(&turin, "");
    CHECK_TEXT(trial_judge(&t, read_report(turin.file), 1991178273), "accepted");
    CHECK_INT(t.result.valid_until_s, 1991178273);
}

static void name_the_code(void)
{
    static const struct {
        const char *before; /* the right value */
        const char *line;
    } ways[] = {
        {"--any nonce --expect measurement=", "accepted"},
        {"--any nonce --expect snp.measurement=", "accepted"},
        {"--any nonce --expect measurement=00", "refused: measurement"},
        {"--any nonce --expect snp.measurement=00", "refused: measurement"},
        {"--any nonce --expect snp.host_data=", "refused: measurement claim"},
    };
    const char *file = "snp/ms_turin_report_v5.bin";
    char options[256];

    for (size_t i = 0; i < COUNT(ways); i++) {
        test_case("%s: %s…", file, ways[i].before);
        trial_reset(&t);
        CHECK_ERR(trial_add_collateral(&t, test_vector("snp/ms_turin_vcek.pem")),
                  TROTH_OK);
        (void)snprintf(options, sizeof options, "%s%s", ways[i].before,
                       manifest_checked(file, "measurement"));
        trial_require(&t, options);
        CHECK_TEXT(trial_judge(&t, test_vector(file), 1770253473), ways[i].line);
    }
}

int main(void)
{
    if (!test_vectors_dir()) {
        test_case("genuine SNP reports");
        test_skip("no vectors here");
        return test_finish();
    }
    trial_begin(&t);
    for (size_t i = 0; i < COUNT(rows); i++) {
        judge_row(&rows[i]);
        test_starter(&rows[i]);
    }
    require_a_row_for_each();
    pin_another_product();
    judge_lone_certificate();
    judge_last_second();
    name_the_code();
    trial_end(&t);
    return test_finish();
}
