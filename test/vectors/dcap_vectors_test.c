/* SPDX-License-Identifier: Apache-2.0 */
/* Genuine SGX and TDX quotes with genuine collateral: every pairing that somebody else's
 * code has judged (COLLATERAL_MATCH.tsv), at the instant it names. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "test/harness.h"
#include "test/support/starter.h"
#include "test/support/trial.h"
#include "test/vectors/cut.h"
#include "test/vectors/yaml_bundle.h"

#define ANY_STATUS                                                                       \
    "--allow SWHardeningNeeded --allow ConfigurationNeeded "                             \
    "--allow ConfigurationAndSWHardeningNeeded --allow OutOfDate "                       \
    "--allow OutOfDateConfigurationNeeded --allow TDRelaunchAdvised "                    \
    "--allow TDRelaunchAdvisedConfigurationNeeded "

/* Intel's signer renewed its certificate, with the same key, in May 2025. */
#define OLD_SIGNER      "tdx/dcaprs_signing_cert.pem"
#define NEW_SIGNER      "sgx/automata_tcb_signing.der"
#define OLD_SIGNER_ENDS 1747824610

enum column {
    QUOTE,
    FMSPC,
    QUOTE_SIG,
    TCB_INFO,
    QE_IDENTITY,
    PCK_CRL,
    ROOT_CRL,
    VALID_FROM,
    VALID_UNTIL,
    SUGGESTED_TIME,
    TCB_STATUS,
    TDX_MODULE,
    QE_STATUS,
    PCK_REVOCATION,
    EVALUATION_NUMBER,
    COLUMNS
};

struct pairing {
    const char *cells[COLUMNS];
};

/* clang-format off */
/* Genuine quotes that the default refuses for what their bodies say. */
static const struct {
    const char *quote;
    const char *options; /* without which it is refused */
    const char *check;   /* by this */
    const char *why;
} exceptions[] = {
    {"sgx/trustee_occlum_sgx_v3_quote.bin", "--allow debug ", "debug", "a debug enclave"},
    {"sgx/automata_solana_sgx_v3_quote.bin", "--allow debug ", "debug", "a debug enclave"},
    {"tdx/trustee_tdx_v4_quote.bin", "--allow debug ", "debug", "a debug trust domain"},
    {"tdx/oe_tdx_v4_quote.bin", "--allow tdx.td_attributes.bit28 ", "attributes",
     "SEPT_VE_DISABLE is clear"},
    {"azure-vtpm/trustee_az-tdx-vtpm_td-quote.bin", "--allow tdx.td_attributes.bit28 ",
     "attributes", "the same, under a paravisor"},
    {"tdx/oe_tdx_v5_quote.bin", "--allow tdx.td_attributes.bit29 --allow service_td ",
     "migration", "migratable, and a migration service is bound to it"},
    {"tdx/trustee_tdx_v5_quote.bin", "--allow service_td ", "migration", "Alibaba's service TD"},
    {"tdx/automata_rust_tdx_v5_quote.bin", "--allow service_td ", "migration", "the same"},
    {"tdx/automata_alibaba_tdx_v5_quote.bin", "--allow service_td ", "migration", "the same"},
    {"tdx/automata_tdx_v5_quote.bin", "--allow service_td ", "migration", "the same"},
};
/* clang-format on */

static struct trial t;

static char *text_of(struct troth_span bytes)
{
    char *text = calloc(1, bytes.len + 1);

    if (!text)
        abort();
    if (bytes.len)
        memcpy(text, bytes.ptr, bytes.len);
    return text;
}

/* The next line of cells, cut up in place; false at the end. */
static bool next_pairing(struct pairing *out, char **rest)
{
    char *line = cut_at(rest, '\n');

    *out = (struct pairing){{NULL}};
    if (!line || !*line)
        return false;
    for (size_t i = 0; i < COLUMNS; i++) {
        const char *cell = line ? cut_at(&line, '\t') : NULL;

        out->cells[i] = cell ? cell : "";
    }
    return true;
}

static bool ends_with(const char *text, const char *end)
{
    size_t len = strlen(text), end_len = strlen(end);

    return len >= end_len && strcmp(text + len - end_len, end) == 0;
}

/* The first run of hex digits that begins like a quote; in some files JSON stands around
 * it. */
static struct troth_span hex_in(struct troth_span file)
{
    static const char *const starts[] = {"0300020000000000", "0400020081000000",
                                         "0500020081000000"};
    char *text = text_of(file), *start = NULL;
    struct troth_span bytes = {NULL, 0};

    for (size_t i = 0; i < COUNT(starts) && !start; i++)
        start = strstr(text, starts[i]);
    if (start) {
        start[strspn(start, "0123456789abcdefABCDEF") & ~(size_t)1] = '\0';
        bytes = test_hex(start);
    }
    free(text);
    return bytes;
}

static struct troth_span read_quote(const char *path)
{
    struct troth_span file = test_vector(path);

    return ends_with(path, ".bin") ? file : hex_in(file);
}

/* "FILE" or "FILE:member", whose bundle is read whole. */
static void add(const char *cell)
{
    char path[256];
    struct troth_span file, json = {NULL, 0};

    (void)snprintf(path, sizeof path, "%.*s", (int)strcspn(cell, ":"), cell);
    file = test_vector(path);
    if (ends_with(path, ".yaml"))
        json = yaml_bundle_to_json(file);
    if (!CHECK_ERR(trial_add_collateral(&t, json.ptr ? json : file), TROTH_OK))
        printf("#   %s\n", path);
    free((void *)json.ptr);
}

static bool is_bundle(const char *path)
{
    return strstr(path, "collateral") != NULL;
}

static void add_collateral(const struct pairing *p, int64_t at_s)
{
    add(p->cells[TCB_INFO]);
    if (!is_bundle(p->cells[TCB_INFO])) {
        add(p->cells[QE_IDENTITY]);
        add(p->cells[PCK_CRL]);
        add(p->cells[ROOT_CRL]);
        add(at_s < OLD_SIGNER_ENDS ? OLD_SIGNER : NEW_SIGNER);
    }
}

/* The claim as text, or "" where there is none. */
static const char *claim(const char *name)
{
    static char text[2048];
    const struct troth_claim *found = troth_claims_find(&t.result.claims,
                                                        test_text(name));
    size_t len = 0;

    text[0] = '\0';
    if (found && found->value.type != TROTH_VALUE_NONE &&
        !troth_value_to_text((uint8_t *)text, sizeof text - 1, &len, &found->value))
        text[len] = '\0';
    return text;
}

/* "WORD" of "WORD date=… adv=…", and the values of its labels. */
static const char *part(const char *cell, const char *label)
{
    static char text[2048];
    const char *start = *label ? strstr(cell, label) : cell;

    text[0] = '\0';
    if (start) {
        start += strlen(label);
        (void)snprintf(text, sizeof text, "%.*s", (int)strcspn(start, " "), start);
    }
    return text;
}

static bool has_match(const struct pairing *p)
{
    return strcmp(p->cells[TCB_STATUS], "NO-MATCHING-LEVEL") != 0;
}

static void check_standings(const struct pairing *p)
{
    const char *module = strchr(p->cells[TDX_MODULE], ':');

    if (has_match(p)) {
        CHECK_TEXT(claim("dcap.platform.status"), part(p->cells[TCB_STATUS], ""));
        CHECK_TEXT(claim("dcap.platform.date"), part(p->cells[TCB_STATUS], "date="));
        CHECK_TEXT(claim("dcap.platform.advisories"), part(p->cells[TCB_STATUS], "adv="));
    } else {
        CHECK_TEXT(claim("tcb.status"), "");
        CHECK_TEXT(claim("dcap.platform.status"), "");
    }
    CHECK_TEXT(claim("dcap.module.status"), module ? module + 1 : "");
    CHECK_TEXT(claim("dcap.qe.status"), part(p->cells[QE_STATUS], "QE="));
    CHECK_TEXT(claim("dcap.tcb_info.evaluation_number"), p->cells[EVALUATION_NUMBER]);
    CHECK_TEXT(claim("dcap.fmspc"), p->cells[FMSPC]);
}

static const char *options_for(const char *quote)
{
    for (size_t i = 0; i < COUNT(exceptions); i++)
        if (strcmp(exceptions[i].quote, quote) == 0)
            return exceptions[i].options;
    return "";
}

/* Each exception is one: with any status allowed and nothing else, its check refuses. */
static void test_exceptions(const struct pairing *p)
{
    char line[64];

    for (size_t i = 0; i < COUNT(exceptions); i++) {
        if (strcmp(exceptions[i].quote, p->cells[QUOTE]) != 0)
            continue;
        test_case("%s with %s: %s", p->cells[QUOTE], p->cells[TCB_INFO],
                  exceptions[i].why);
        trial_reset(&t);
        trial_require(&t, TRIAL_ANY ANY_STATUS);
        add_collateral(p, strtoll(p->cells[SUGGESTED_TIME], NULL, 10));
        (void)trial_judge(&t, read_quote(p->cells[QUOTE]),
                          strtoll(p->cells[SUGGESTED_TIME], NULL, 10));
        (void)snprintf(line, sizeof line, "refused: %s%s",
                       has_match(p) ? "" : "tcb_status ", exceptions[i].check);
        CHECK_TEXT(t.line, line);
    }
}

static const char *judge(const struct pairing *p, struct troth_span quote, int64_t at_s)
{
    trial_reset(&t);
    trial_require(&t, TRIAL_ANY);
    trial_require(&t, ANY_STATUS);
    trial_require(&t, options_for(p->cells[QUOTE]));
    add_collateral(p, at_s);
    return trial_judge(&t, quote, at_s);
}

static void test_pairing(const struct pairing *p)
{
    struct troth_span quote = read_quote(p->cells[QUOTE]);
    int64_t at_s = strtoll(p->cells[SUGGESTED_TIME], NULL, 10);
    int64_t from_s = strtoll(p->cells[VALID_FROM], NULL, 10);
    int64_t until_s = strtoll(p->cells[VALID_UNTIL], NULL, 10);
    const struct troth_check *signature;

    test_case("%s with %s", p->cells[QUOTE], p->cells[TCB_INFO]);
    if (ends_with(p->cells[QUOTE], "evidence-v1.json")) {
        test_skip("Azure's evidence around a quote, which is the next row's");
        return;
    }
    if (!CHECK(quote.len > 0))
        return;
    CHECK_TEXT(judge(p, quote, at_s), has_match(p) ? "accepted" : "refused: tcb_status");
    if (t.err)
        return;
    signature = troth_verdict_find(&t.result.verdict, TROTH_CHECK_SIGNATURE);
    CHECK(!t.result.simulated);
    CHECK_TEXT(p->cells[QUOTE_SIG], "OK");
    CHECK(signature && signature->outcome == TROTH_PASSED);
    check_standings(p);
    CHECK_INT(t.result.valid_until_s, until_s);

    /* A second before the collateral is all there, and a second after it ends. */
    CHECK(strstr(judge(p, quote, from_s - 1), "validity") ||
          strstr(t.line, "revocation"));
    CHECK(strstr(judge(p, quote, until_s + 1), "validity") ||
          strstr(t.line, "revocation"));
}

/* Without a word from the caller only what is up to date is accepted. */
static void test_default(const struct pairing *p)
{
    int64_t at_s = strtoll(p->cells[SUGGESTED_TIME], NULL, 10);
    bool accepts;

    if (ends_with(p->cells[QUOTE], "evidence-v1.json"))
        return;
    test_case("%s with %s, nothing allowed", p->cells[QUOTE], p->cells[TCB_INFO]);
    trial_reset(&t);
    trial_require(&t, TRIAL_ANY);
    trial_require(&t, options_for(p->cells[QUOTE]));
    add_collateral(p, at_s);
    accepts = strcmp(trial_judge(&t, read_quote(p->cells[QUOTE]), at_s), "accepted") == 0;
    CHECK(accepts == (strcmp(claim("tcb.status"), "UpToDate") == 0));
    if (!accepts)
        CHECK_TEXT(t.line, "refused: tcb_status");
}

/* What `troth policy init` writes of it accepts it, whatever had to be allowed. */
static void test_starter(const struct pairing *p)
{
    const int64_t at_s = strtoll(p->cells[SUGGESTED_TIME], NULL, 10);
    const char *unused;

    if (ends_with(p->cells[QUOTE], "evidence-v1.json"))
        return;
    test_case("%s with %s, by its first policy", p->cells[QUOTE], p->cells[TCB_INFO]);
    trial_reset(&t);
    add_collateral(p, at_s);
    CHECK_TEXT(starter_judge(&t, &unused, read_quote(p->cells[QUOTE]), at_s),
               has_match(p) ? "accepted" : "refused: tcb_status");
}

int main(void)
{
    struct pairing p;
    char *table, *rest;
    size_t count = 0;

    if (!test_vectors_dir()) {
        test_case("genuine SGX and TDX quotes");
        test_skip("no vectors here");
        return test_finish();
    }
    table = text_of(test_vector("COLLATERAL_MATCH.tsv"));
    rest = table;
    trial_begin(&t);
    (void)next_pairing(&p, &rest); /* the heading */
    for (; next_pairing(&p, &rest); count++) {
        test_pairing(&p);
        test_default(&p);
        test_exceptions(&p);
        test_starter(&p);
    }
    test_case("there are pairings");
    CHECK(count > 0);
    trial_end(&t);
    free(table);
    return test_finish();
}
