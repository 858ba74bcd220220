/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "sim/pem.h"
#include "stage.h"

/* Certificates and lists beside a report: broken, false, too many, and those the host
 * puts into its table to stand in the way of the caller's own. */

static struct sim_bytes kept; /* what an edit's context points into, until the next row */

/* Behind the report stands the certificate table of another document. */
static void append_table(struct sim_bytes *bytes, const void *context)
{
    sim_bytes_take(bytes, sim_snp_mint_table(context));
}

static struct sim_snp *host_table(struct snp_stage *s)
{
    static struct sim_snp host;

    host = s->doc;
    s->edit_whole = (struct sim_edit){append_table, &host};
    return &host;
}

static const struct sim_key *rsa_stranger(struct snp_stage *s)
{
    return sim_keyring_key(s->ring, SIM_KEY_RSA4096, "stranger");
}

static void table_genuine(struct snp_stage *s, int number)
{
    (void)number;
    (void)host_table(s);
}

/* All the host's certificates are its own make, names and all; the report is genuine. */
static void table_false(struct snp_stage *s, int caller_has_none)
{
    struct sim_snp *host = host_table(s);

    sim_snp_set_key(host, SIM_SNP_ARK, rsa_stranger(s));
    sim_snp_set_key(host, SIM_SNP_ASK, rsa_stranger(s));
    sim_snp_set_key(host, SIM_SNP_VEK,
                    sim_keyring_key(s->ring, SIM_KEY_P384, "stranger"));
    s->lacks_issuer = s->lacks_vek = caller_has_none != 0;
}

/* … and signs the report with its own key, too. */
static void table_and_report_false(struct snp_stage *s, int caller_has_none)
{
    table_false(s, caller_has_none);
    s->doc.key = sim_keyring_key(s->ring, SIM_KEY_P384, "stranger");
}

/* The caller's certificate is one for older firmware; the host's would fit. */
static void caller_outdated(struct snp_stage *s, int host_is_false)
{
    struct sim_snp *host = host_table(s);

    sim_snp_set_vek_part(&s->doc, SIM_TCB_MICROCODE, 1);
    if (host_is_false)
        host->certs[SIM_SNP_VEK].signing.key = rsa_stranger(s);
}

static void table_of_other_chip(struct snp_stage *s, int number)
{
    sim_snp_default(host_table(s), s->ring, SIM_MILAN, SIM_VCEK, (unsigned)number,
                    MINTED_AT_S);
}

static void table_of_other_product(struct snp_stage *s, int product)
{
    sim_snp_default(host_table(s), s->ring, (enum sim_snp_product)product, SIM_VCEK, 0,
                    MINTED_AT_S);
}

static void table_broken(struct snp_stage *s, int place)
{
    struct sim_cert *cert = &host_table(s)->certs[place];

    cert->extensions.rows[cert->extensions.count++] = cert->extensions.rows[0];
}

/* The root in the table is not looked at, so it may be anybody's. */
static void table_root_false(struct snp_stage *s, int number)
{
    (void)number;
    sim_cert_set_key(&host_table(s)->certs[SIM_SNP_ARK], rsa_stranger(s));
}

/* Items of the caller's, by hand. */

static void add_item(struct snp_stage *s, enum troth_collateral_kind kind,
                     struct troth_span der)
{
    struct trial *t = s->trial;

    t->items[t->item_count++] = (struct troth_collateral_item){kind, trial_keep(t, der)};
}

static void mint_kept(struct sim_bytes bytes)
{
    sim_bytes_free(&kept);
    kept = bytes;
}

static void mislabelled(struct snp_stage *s, int number)
{
    if (number == TROTH_COLLATERAL_CRL)
        mint_kept(sim_cert_mint(&s->doc.certs[SIM_SNP_ASK]));
    else
        mint_kept(sim_crl_mint(&s->doc.crl));
    add_item(s, (enum troth_collateral_kind)number, sim_bytes_span(kept));
}

static void cut_short(struct snp_stage *s, int by)
{
    mint_kept(sim_cert_mint(&s->doc.certs[SIM_SNP_ASK]));
    kept.len -= (size_t)by;
    add_item(s, TROTH_COLLATERAL_CERTIFICATE, sim_bytes_span(kept));
}

static void byte_more(struct snp_stage *s, int kind)
{
    mint_kept(kind == TROTH_COLLATERAL_CRL ? sim_crl_mint(&s->doc.crl)
                                           : sim_cert_mint(&s->doc.certs[SIM_SNP_ASK]));
    sim_bytes_append_byte(&kept, 0);
    add_item(s, (enum troth_collateral_kind)kind, sim_bytes_span(kept));
}

static void empty(struct snp_stage *s, int kind)
{
    add_item(s, (enum troth_collateral_kind)kind, (struct troth_span){NULL, 0});
}

static void no_der(struct snp_stage *s, int kind)
{
    add_item(s, (enum troth_collateral_kind)kind, test_hex("3080 0000"));
}

/* So many of them that with the stage's three there are `number`. */
static void many(struct snp_stage *s, int number)
{
    mint_kept(sim_cert_mint(&s->doc.certs[SIM_SNP_VEK]));
    while (s->trial->item_count + 3 < (size_t)number)
        add_item(s, TROTH_COLLATERAL_CERTIFICATE, sim_bytes_span(kept));
}

static void many_and_a_table(struct snp_stage *s, int number)
{
    many(s, number);
    (void)host_table(s);
}

#define CERT TROTH_COLLATERAL_CERTIFICATE
#define LIST TROTH_COLLATERAL_CRL

/* clang-format off */
static const struct snp_attack rows[] = {
    /* why, machine, change, number, options, line */
    {"host's table says the same", ON_MILAN, table_genuine, 0, TRIAL_ANY, "accepted"},
    {"host's certificates are false, the caller's are not", ON_MILAN, table_false, 0, TRIAL_ANY, "accepted"},
    {"host's certificates are false, the caller has none", ON_MILAN, table_false, 1, TRIAL_ANY, "refused: anchor ?chain ?validity ?revocation ?signature"},
    {"host's certificates and report are false", ON_MILAN, table_and_report_false, 0, TRIAL_ANY, "refused: signature"},
    {"host's certificates and report are false, the caller has none", ON_MILAN, table_and_report_false, 1, TRIAL_ANY, "refused: anchor ?chain ?validity ?revocation ?signature"},
    {"caller's certificate is outdated, the host's fits", ON_MILAN, caller_outdated, 0, TRIAL_ANY, "accepted"},
    {"caller's certificate is outdated, the host's is false", ON_MILAN, caller_outdated, 1, TRIAL_ANY, "refused: chain"},
    {"host's table is another chip's", ON_MILAN, table_of_other_chip, 1, TRIAL_ANY, "accepted"},
    {"host's table is another product's", ON_MILAN, table_of_other_product, SIM_TURIN, TRIAL_ANY, "accepted"},
    {"host's root is false, and of no use", ON_MILAN, table_root_false, 0, TRIAL_ANY, "accepted"},
    {"host's certificate is broken", ON_MILAN, table_broken, SIM_SNP_VEK, TRIAL_ANY, "error: DUPLICATE cert.extensions"},
    {"host's root is broken", ON_MILAN, table_broken, SIM_SNP_ARK, TRIAL_ANY, "error: DUPLICATE cert.extensions"},

    {"list called a certificate", ON_MILAN, mislabelled, CERT, TRIAL_ANY, "error: VERSION cert.version"},
    {"certificate called a list", ON_MILAN, mislabelled, LIST, TRIAL_ANY, "error: VERSION crl.version"},
    {"certificate cut short", ON_MILAN, cut_short, 1, TRIAL_ANY, "error: SHORT cert"},
    {"byte behind a certificate", ON_MILAN, byte_more, CERT, TRIAL_ANY, "error: TRAILING (no field)"},
    {"byte behind a list", ON_MILAN, byte_more, LIST, TRIAL_ANY, "error: TRAILING (no field)"},
    {"empty certificate", ON_MILAN, empty, CERT, TRIAL_ANY, "error: SHORT cert"},
    {"empty list", ON_MILAN, empty, LIST, TRIAL_ANY, "error: SHORT crl"},
    {"certificate of unknown length", ON_MILAN, no_der, CERT, TRIAL_ANY, "error: ENCODING cert"},
    {"list of unknown length", ON_MILAN, no_der, LIST, TRIAL_ANY, "error: ENCODING crl"},
    {"as many as there may be", ON_MILAN, many, TROTH_COLLATERAL_MAX, TRIAL_ANY, "accepted"},
    {"as many as there may be, and the host's", ON_MILAN, many_and_a_table, TROTH_COLLATERAL_MAX, TRIAL_ANY, "error: LIMIT collateral"},
    {"room for the host's", ON_MILAN, many_and_a_table, TROTH_COLLATERAL_MAX - 3, TRIAL_ANY, "accepted"},
};

/* Files, before a report is looked at: `%s` stands for a genuine block. */
static const struct {
    const char *why;
    const char *before, *after;
    const char *label;
    enum troth_err err;
    size_t items;
} files[] = {
    {"a certificate", "", "", "CERTIFICATE", TROTH_OK, 1},
    {"a list", "", "", "X509 CRL", TROTH_OK, 1},
    {"text before and after", "Bag Attributes\n", "the end\n", "CERTIFICATE", TROTH_OK, 1},
    {"private key", "", "", "PRIVATE KEY", TROTH_ERR_KIND, 0},
    {"certificate of OpenSSL's own kind", "", "", "TRUSTED CERTIFICATE", TROTH_ERR_KIND, 0},
    {"block that is never closed, behind", "", "-----BEGIN CERTIFICATE-----\nAAAA\n", "CERTIFICATE", TROTH_ERR_SHORT, 0},
    {"block that is no base64, behind", "", "-----BEGIN CERTIFICATE-----\n####\n-----END CERTIFICATE-----\n", "CERTIFICATE", TROTH_ERR_VALUE, 0},
    {"block that ends as another, behind", "", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END X509 CRL-----\n", "CERTIFICATE", TROTH_ERR_VALUE, 0},
    {"JSON in front", "{", "", "CERTIFICATE", TROTH_ERR_VALUE, 0},
};
/* clang-format on */

static void test_files(void)
{
    static struct trial trial;
    static struct snp_stage stage;
    struct sim_keyring *ring = sim_keyring_create(1);

    trial_begin(&trial);
    snp_stage_set(&stage, &trial, ring, ON_MILAN);
    mint_kept(sim_cert_mint(&stage.doc.certs[SIM_SNP_VEK]));
    for (size_t i = 0; i < COUNT(files); i++) {
        struct sim_bytes file = {0};

        test_case("file: %s", files[i].why);
        trial_reset(&trial);
        sim_bytes_append(&file, sim_text(files[i].before));
        sim_bytes_take(&file, sim_pem_mint(files[i].label, sim_bytes_span(kept)));
        sim_bytes_append(&file, sim_text(files[i].after));
        CHECK_ERR(trial_add_collateral(&trial, sim_bytes_span(file)), files[i].err);
        CHECK_INT(trial.item_count, files[i].items);
        sim_bytes_free(&file);
    }
    trial_end(&trial);
    sim_keyring_destroy(ring);
}

/* One more than the type of trial.h has room for. */
static void test_too_many(void)
{
    static struct trial trial;
    static struct snp_stage stage;
    struct troth_collateral_item items[TROTH_COLLATERAL_MAX + 1];
    struct sim_keyring *ring = sim_keyring_create(1);
    struct troth_fault fault;
    struct troth_result result;

    test_case("one item too many");
    trial_begin(&trial);
    snp_stage_set(&stage, &trial, ring, ON_MILAN);
    struct troth_span evidence = snp_stage_mint(&stage);

    for (size_t i = 0; i < COUNT(items); i++)
        items[i] = trial.items[i % trial.item_count];
    const struct troth_verify_input input = {
        .evidence = evidence,
        .collateral = {items, COUNT(items)},
        .anchors = &trial.anchors,
        .crypto = &trial.crypto,
        .clock = {TROTH_CLOCK_GIVEN, MINTED_AT_S},
        .arena = &trial.arena,
    };
    CHECK_ERR(troth_verify(&result, &fault, &input), TROTH_ERR_LIMIT);
    CHECK(result.answer == TROTH_REFUSED && !result.kind);
    trial_end(&trial);
    sim_keyring_destroy(ring);
}

int main(void)
{
    snp_attacks_run(rows, COUNT(rows));
    test_files();
    test_too_many();
    sim_bytes_free(&kept);
    return test_finish();
}
