/* SPDX-License-Identifier: Apache-2.0 */
/* Every kind of answer, good and spoilt. */
#include "evidence/answer.h"

#include <string.h>

#include "sim/intel_bundle.h"
#include "test/harness.h"
#include "test/support/failing_crypto.h"
#include "test/support/minted.h"

static struct trial t;
static struct sim_keyring *ring;
static struct sim_intel doc;
static struct sim_snp chip;
static struct troth_answer_report report;
static int64_t at_s;

static enum troth_err judge(enum troth_need_kind kind, enum troth_service service,
                            const char *name)
{
    const struct troth_need need = {
        .kind = kind, .service = service, .name = name, .about = "what was asked for"};
    struct troth_answer_question question = {.need = &need,
                                             .items = t.items,
                                             .count = t.item_count,
                                             .anchors = &t.anchors,
                                             .crypto = &t.crypto,
                                             .at_s = at_s,
                                             .arena = &t.arena};
    enum troth_err err;

    t.arena.used = 0;
    for (size_t i = 0; i < t.item_count; i++)
        t.items[i].parsed = NULL;
    err = troth_collateral_prepare(t.items, t.item_count, NULL, NULL, &t.crypto,
                                   &t.arena);
    return err ? err : troth_answer_judge(&report, NULL, &question);
}

static void add(struct sim_bytes file)
{
    CHECK_ERR(trial_add_collateral(&t, minted_keep(&t, file)), TROTH_OK);
}

/* Each puts an answer into the trial. */
static void tcb_info(void)
{
    add(sim_intel_answer(&doc, SIM_ANSWER_TCB_INFO));
}
static void qe_identity(void)
{
    add(sim_intel_answer(&doc, SIM_ANSWER_QE_IDENTITY));
}
static void pck_crl(void)
{
    add(sim_intel_answer(&doc, SIM_ANSWER_PCK_CRL));
}
static void root_crl(void)
{
    add(sim_crl_mint(&doc.root_crl));
}
static void pck(void)
{
    add(sim_intel_mint_cert(&doc, SIM_INTEL_PCK));
    add(sim_intel_ca_chain(&doc));
}
static void vcek(void)
{
    add(sim_cert_mint(&chip.certs[SIM_SNP_VEK]));
    add(sim_cert_mint(&chip.certs[SIM_SNP_ASK]));
}
static void amd_chain(void)
{
    add(sim_cert_mint(&chip.certs[SIM_SNP_ASK]));
    add(sim_cert_mint(&chip.certs[SIM_SNP_ARK]));
}
static void amd_crl(void)
{
    add(sim_crl_mint(&chip.crl));
}

/* What may be wrong. */
static void nothing(void)
{
}
static void later(void)
{
    at_s += 400 * INT64_C(86400);
}
static void earlier(void)
{
    at_s -= 40000 * INT64_C(86400);
}
static void bad_info(void)
{
    doc.tcb_info_signing.edit_signature = (struct sim_edit){sim_flip_last_bit, NULL};
}
static void info_by_pck(void)
{
    doc.tcb_info_signing.key = doc.certs[SIM_INTEL_PCK].key;
}
static void bad_identity(void)
{
    doc.qe_identity_signing.edit_signature = (struct sim_edit){sim_flip_last_bit, NULL};
}
static void identity_of_sgx(void)
{
    doc.qe_identity.id = "QE";
}
static void identity_of_qve(void)
{
    doc.qe_identity.id = "QVE";
}
static void bad_pck_crl(void)
{
    doc.pck_crl.signing.edit_signature = (struct sim_edit){sim_flip_last_bit, NULL};
}
static void bad_root_crl(void)
{
    doc.root_crl.signing.edit_signature = (struct sim_edit){sim_flip_last_bit, NULL};
}
static void bad_pck(void)
{
    doc.certs[SIM_INTEL_PCK].signing.edit_signature = (struct sim_edit){sim_flip_last_bit,
                                                                        NULL};
}
static void bad_signer(void)
{
    doc.certs[SIM_INTEL_TCB_SIGNER].signing.edit_signature = (struct sim_edit){
        sim_flip_last_bit, NULL};
}
static void pck_unspoken(void)
{
    sim_extensions_remove(&doc.certs[SIM_INTEL_PCK].extensions, SIM_OID_INTEL_PCK);
}
static void other_fmspc(void)
{
    doc.tcb_info.fmspc[5] ^= 1;
}
static void unpin(void)
{
    t.anchors.count--;
}
static void revoke_pck(void)
{
    sim_crl_revoke(&doc.pck_crl, &doc.certs[SIM_INTEL_PCK], MINTED_AT_S);
}
static void bad_vcek(void)
{
    chip.certs[SIM_SNP_VEK].signing.edit_signature = (struct sim_edit){sim_flip_last_bit,
                                                                       NULL};
}
static void bad_amd_crl(void)
{
    chip.crl.signing.edit_signature = (struct sim_edit){sim_flip_last_bit, NULL};
}
static void bad_ask(void)
{
    chip.certs[SIM_SNP_ASK].signing.edit_signature = (struct sim_edit){sim_flip_last_bit,
                                                                       NULL};
}

#define TCB  TROTH_NEED_TCB_INFO, "intel/tdx/tcb/90c06f000000"
#define QE   TROTH_NEED_QE_IDENTITY, "intel/tdx/qe"
#define LIST TROTH_NEED_PCK_CRL, "intel/pckcrl/platform"
#define ROOT TROTH_NEED_ROOT_CRL, "intel/rootcrl"
#define PCK  TROTH_NEED_PCK, "intel/pck/x"

/* clang-format off */
static const struct {
    const char *what;
    void (*answer)(void);
    enum troth_need_kind kind;
    const char *name;
    void (*spoil)(void);
    const char *why; /* NULL: it passes */
} rows[] = {
    {"TCB info", tcb_info, TCB, nothing, NULL},
    {"TCB info", tcb_info, TCB, bad_info, "signature does not verify"},
    {"TCB info", tcb_info, TCB, info_by_pck, "signature does not verify"},
    {"TCB info", tcb_info, TCB, bad_signer, "signature does not verify"},
    {"TCB info", tcb_info, TCB, other_fmspc, "not what was asked for"},
    {"TCB info", tcb_info, TCB, later, "has expired"},
    {"TCB info", tcb_info, TCB, earlier, "issued after the clock's time"},
    {"TCB info", tcb_info, TCB, unpin, "its signer is not below a root that is pinned"},
    {"TCB info of SGX wanted", tcb_info, TROTH_NEED_TCB_INFO, "intel/sgx/tcb/90c06f000000", nothing, "not what was asked for"},
    {"a QE identity for TCB info", qe_identity, TCB, nothing, "holds no TCB info"},
    {"QE identity", qe_identity, QE, nothing, NULL},
    {"QE identity", qe_identity, QE, bad_identity, "signature does not verify"},
    {"QE identity", qe_identity, QE, identity_of_sgx, "not what was asked for"},
    {"QE identity", qe_identity, QE, identity_of_qve, "not what was asked for"},
    {"QE identity", qe_identity, QE, later, "has expired"},
    {"TCB info for a QE identity", tcb_info, QE, nothing, "holds no QE identity"},
    {"PCK list", pck_crl, LIST, nothing, NULL},
    {"PCK list with one on it", pck_crl, LIST, revoke_pck, NULL},
    {"PCK list", pck_crl, LIST, bad_pck_crl, "signature of the revocation list does not verify"},
    {"PCK list", pck_crl, LIST, later, "revocation list has expired"},
    {"PCK list", pck_crl, LIST, unpin, "not below a root that is pinned"},
    {"the other CA's wanted", pck_crl, TROTH_NEED_PCK_CRL, "intel/pckcrl/processor", nothing, "not what was asked for"},
    {"the root's list for the PCK CA's", root_crl, LIST, nothing, "came without its issuer's certificate"},
    {"no list", tcb_info, LIST, nothing, "holds no revocation list"},
    {"root's list", root_crl, ROOT, nothing, NULL},
    {"root's list", root_crl, ROOT, bad_root_crl, "signature of the revocation list does not verify"},
    {"root's list", root_crl, ROOT, unpin, "not of a root that is pinned"},
    {"the PCK CA's list for the root's", pck_crl, ROOT, nothing, "not of a root that is pinned"},
    {"PCK", pck, PCK, nothing, NULL},
    {"PCK", pck, PCK, bad_pck, "signature does not verify"},
    {"PCK", pck, PCK, pck_unspoken, "required field is missing"},
    {"PCK", pck, PCK, unpin, "not below a root that is pinned"},
    {"no PCK", tcb_info, PCK, nothing, "holds no PCK certificate"},
};
/* clang-format on */

static void begin(void)
{
    trial_reset(&t);
    at_s = MINTED_AT_S;
    sim_intel_default(&doc, ring, SIM_TDX_V4, 0, MINTED_AT_S);
    sim_snp_default(&chip, ring, SIM_MILAN, SIM_VCEK, 0, MINTED_AT_S);
}

static void judge_intel(void)
{
    for (size_t i = 0; i < COUNT(rows); i++) {
        test_case("%zu %s: %s", i, rows[i].what, rows[i].why ? rows[i].why : "good");
        begin();
        trial_add_root(&t, minted_keep(&t, sim_intel_mint_cert(&doc, SIM_INTEL_ROOT)));
        rows[i].spoil();
        rows[i].answer();
        CHECK_ERR(judge(rows[i].kind, TROTH_SERVICE_INTEL_PCS, rows[i].name), TROTH_OK);
        CHECK_INT(report.row.outcome, rows[i].why ? TROTH_FAILED : TROTH_PASSED);
        if (rows[i].why)
            CHECK_TEXT(report.row.why, rows[i].why);
    }
}

static void read_reports(void)
{
    begin();
    trial_add_root(&t, minted_keep(&t, sim_intel_mint_cert(&doc, SIM_INTEL_ROOT)));
    test_case("dates and number of a TCB info");
    tcb_info();
    CHECK_ERR(
        judge(TROTH_NEED_TCB_INFO, TROTH_SERVICE_INTEL_PCS, "intel/tdx/tcb/90c06f000000"),
        TROTH_OK);
    CHECK_INT(report.issued_s, doc.tcb_info.issue_date_s);
    CHECK_INT(report.expires_s, doc.tcb_info.next_update_s);
    CHECK(report.has_evaluation_number);
    CHECK_INT(report.evaluation_number, 18);

    test_case("dates and number of a list");
    t.item_count = 0;
    pck_crl();
    CHECK_ERR(judge(TROTH_NEED_PCK_CRL, TROTH_SERVICE_INTEL_PCS, "intel/pckcrl/platform"),
              TROTH_OK);
    CHECK_INT(report.issued_s, doc.pck_crl.this_update_s);
    CHECK_INT(report.expires_s, doc.pck_crl.next_update_s);
    CHECK_INT(report.crl_number.len, 1);
    CHECK(!report.has_evaluation_number);
}

/* The name that the chip's certificate has to answer to. */
static const char *vcek_name(const struct sim_snp *of)
{
    static char name[256];
    const struct troth_collateral none = {NULL, 0};
    struct troth_needs needs;

    t.arena.used = 0;
    name[0] = '\0';
    if (troth_needs(&needs, NULL, minted_keep(&t, sim_snp_mint(of)), &none, &t.crypto,
                    &t.arena))
        return name;
    for (size_t i = 0; i < needs.count; i++)
        if (needs.rows[i].kind == TROTH_NEED_VCEK && strlen(needs.rows[i].name) < 256)
            memcpy(name, needs.rows[i].name, strlen(needs.rows[i].name) + 1);
    return name;
}

static void judge_amd(void)
{
    static const struct {
        const char *what;
        void (*answer)(void);
        enum troth_need_kind kind;
        const char *name; /* NULL: of the chip */
        void (*spoil)(void);
        const char *why;
    } cases[] = {
        {"VCEK", vcek, TROTH_NEED_VCEK, NULL, nothing, NULL},
        {"VCEK", vcek, TROTH_NEED_VCEK, NULL, bad_vcek, "signature does not verify"},
        {"VCEK", vcek, TROTH_NEED_VCEK, NULL, unpin, "not below a root that is pinned"},
        {"another chip's", vcek, TROTH_NEED_VCEK, "amd/vcek/Milan/00/00", nothing,
         "not what was asked for"},
        {"no VCEK", amd_chain, TROTH_NEED_VCEK, NULL, nothing, "holds no VCEK"},
        {"chain", amd_chain, TROTH_NEED_AMD_CHAIN, "amd/vcek/Milan/chain", nothing, NULL},
        {"chain", amd_chain, TROTH_NEED_AMD_CHAIN, "amd/vcek/Milan/chain", bad_ask,
         "signature does not verify"},
        {"another product's", amd_chain, TROTH_NEED_AMD_CHAIN, "amd/vcek/Genoa/chain",
         nothing, "not what was asked for"},
        {"the VLEK's", amd_chain, TROTH_NEED_AMD_CHAIN, "amd/vlek/Milan/chain", nothing,
         "not what was asked for"},
        {"list", amd_crl, TROTH_NEED_AMD_CRL, "amd/vcek/Milan/crl", nothing, NULL},
        {"list by the VLEK's name", amd_crl, TROTH_NEED_AMD_CRL, "amd/vlek/Milan/crl",
         nothing, NULL},
        {"list", amd_crl, TROTH_NEED_AMD_CRL, "amd/vcek/Milan/crl", bad_amd_crl,
         "signature of the revocation list does not verify"},
        {"another product's list", amd_crl, TROTH_NEED_AMD_CRL, "amd/vcek/Turin/crl",
         nothing, "not what was asked for"},
        {"no list", amd_chain, TROTH_NEED_AMD_CRL, "amd/vcek/Milan/crl", nothing,
         "holds no revocation list"},
        {"Intel's need", amd_crl, TROTH_NEED_ROOT_CRL, "intel/rootcrl", nothing,
         "not a need of AMD's"},
    };

    for (size_t i = 0; i < COUNT(cases); i++) {
        const char *name = cases[i].name;

        test_case("AMD %zu %s: %s", i, cases[i].what,
                  cases[i].why ? cases[i].why : "good");
        begin();
        trial_add_root(&t, minted_keep(&t, sim_cert_mint(&chip.certs[SIM_SNP_ARK])));
        cases[i].spoil();
        cases[i].answer();
        if (!name)
            name = vcek_name(&chip);
        CHECK_ERR(judge(cases[i].kind, TROTH_SERVICE_AMD_KDS, name), TROTH_OK);
        CHECK_INT(report.row.outcome, cases[i].why ? TROTH_FAILED : TROTH_PASSED);
        if (cases[i].why)
            CHECK_TEXT(report.row.why, cases[i].why);
    }
}

static void fail_calls(void)
{
    const struct troth_crypto real = t.crypto;
    struct failing_crypto failing;
    unsigned calls;

    test_case("each call fails once");
    begin();
    trial_add_root(&t, minted_keep(&t, sim_intel_mint_cert(&doc, SIM_INTEL_ROOT)));
    pck_crl();
    t.crypto = failing_crypto_over(&failing, &real, 0);
    CHECK_ERR(judge(TROTH_NEED_PCK_CRL, TROTH_SERVICE_INTEL_PCS, "intel/pckcrl/platform"),
              TROTH_OK);
    calls = failing.calls;
    for (unsigned n = 1; n <= calls; n++) {
        t.crypto = failing_crypto_over(&failing, &real, n);
        memset(&report, 0xff, sizeof report);
        report.row.outcome = TROTH_FAILED;
        CHECK_ERR(
            judge(TROTH_NEED_PCK_CRL, TROTH_SERVICE_INTEL_PCS, "intel/pckcrl/platform"),
            TROTH_ERR_CRYPTO);
        CHECK(report.row.outcome != TROTH_PASSED);
    }
    t.crypto = real;
}

int main(void)
{
    trial_begin(&t);
    ring = sim_keyring_create(1);
    judge_intel();
    read_reports();
    judge_amd();
    fail_calls();
    sim_keyring_destroy(ring);
    trial_end(&t);
    return test_finish();
}
