/* SPDX-License-Identifier: Apache-2.0 */
/* What is asked for, of whom, and what is at hand already. */
#include "troth/needs.h"

#include <string.h>

#include "test/harness.h"
#include "test/support/minted.h"

static struct trial t;
static struct sim_keyring *ring;
static struct troth_needs needs;

static enum troth_err ask(struct troth_span evidence, struct troth_fault *fault)
{
    const struct troth_collateral given = {t.items, t.item_count};

    t.arena.used = 0;
    return troth_needs(&needs, fault, evidence, &given, &t.crypto, &t.arena);
}

static const struct troth_need *find(enum troth_need_kind kind)
{
    for (size_t i = 0; i < needs.count; i++)
        if (needs.rows[i].kind == kind)
            return &needs.rows[i];
    return NULL;
}

static void check(enum troth_need_kind kind, const char *name, const char *path,
                  bool is_met)
{
    const struct troth_need *need = find(kind);

    if (!CHECK(need != NULL))
        return;
    CHECK_TEXT(need->name, name);
    CHECK_TEXT(need->path, path);
    CHECK(need->about != NULL);
    CHECK_INT(need->is_met, is_met);
}

static void ask_of_intel(void)
{
    static struct sim_intel doc;
    struct troth_span quote;
    struct troth_fault fault;

    test_case("a quote that embeds its chain, nothing at hand");
    trial_reset(&t);
    sim_intel_default(&doc, ring, SIM_TDX_V4, 0, MINTED_AT_S);
    quote = minted_keep(&t, sim_intel_mint(&doc));
    CHECK_ERR(ask(quote, &fault), TROTH_OK);
    CHECK_INT(needs.count, 4);
    CHECK(!find(TROTH_NEED_PCK));
    check(TROTH_NEED_TCB_INFO, "intel/tdx/tcb/90c06f000000",
          "tdx/certification/v4/tcb?fmspc=90c06f000000", false);
    check(TROTH_NEED_QE_IDENTITY, "intel/tdx/qe", "tdx/certification/v4/qe/identity",
          false);
    check(TROTH_NEED_PCK_CRL, "intel/pckcrl/platform",
          "sgx/certification/v4/pckcrl?ca=platform&encoding=der", false);
    check(TROTH_NEED_ROOT_CRL, "intel/rootcrl", "IntelSGXRootCA.der", false);
    CHECK_TEXT(find(TROTH_NEED_ROOT_CRL)->pccs_path, "sgx/certification/v4/rootcacrl");
    CHECK_INT(find(TROTH_NEED_ROOT_CRL)->service, TROTH_SERVICE_INTEL_ROOT);
    CHECK(find(TROTH_NEED_TCB_INFO)->takes_update);
    CHECK(find(TROTH_NEED_QE_IDENTITY)->takes_update);
    CHECK(!find(TROTH_NEED_PCK_CRL)->takes_update);

    test_case("the same with all at hand");
    (void)minted_intel(&t, &doc);
    CHECK_ERR(ask(quote, &fault), TROTH_OK);
    for (size_t i = 0; i < needs.count; i++)
        CHECK(needs.rows[i].is_met && !needs.rows[i].is_optional);

    test_case("an enclave of the Processor CA");
    trial_reset(&t);
    sim_intel_default(&doc, ring, SIM_SGX_V3, 0, MINTED_AT_S);
    quote = minted_keep(&t, sim_intel_mint(&doc));
    CHECK_ERR(ask(quote, &fault), TROTH_OK);
    check(TROTH_NEED_TCB_INFO, "intel/sgx/tcb/00606a000000",
          "sgx/certification/v4/tcb?fmspc=00606a000000", false);
    check(TROTH_NEED_QE_IDENTITY, "intel/sgx/qe", "sgx/certification/v4/qe/identity",
          false);
    check(TROTH_NEED_PCK_CRL, "intel/pckcrl/processor",
          "sgx/certification/v4/pckcrl?ca=processor&encoding=der", false);

    test_case("a platform that is encrypted, and then the answer");
    sim_intel_set_certification(&doc, 3);
    trial_reset(&t);
    quote = minted_keep(&t, sim_intel_mint(&doc));
    CHECK_ERR(ask(quote, &fault), TROTH_OK);
    CHECK_INT(needs.count, 3);
    CHECK(!find(TROTH_NEED_TCB_INFO) && !find(TROTH_NEED_PCK_CRL));
    if (CHECK(find(TROTH_NEED_PCK) != NULL)) {
        const struct troth_need *pck = find(TROTH_NEED_PCK);

        CHECK(strncmp(pck->path, "sgx/certification/v4/pckcert?encrypted_ppid=", 44) ==
              0);
        CHECK(strstr(pck->path, "&cpusvn=") && strstr(pck->path, "&pcesvn=0d00&pceid="));
        CHECK(strncmp(pck->pccs_path, "sgx/certification/v4/pckcert?qeid=", 34) == 0);
        CHECK(strstr(pck->pccs_path, "&encrypted_ppid=") != NULL);
        CHECK(strncmp(pck->name, "intel/pck/", 10) == 0);
        CHECK(!pck->is_met);
    }
    (void)minted_intel(&t, &doc);
    CHECK_ERR(ask(quote, &fault), TROTH_OK);
    CHECK_INT(needs.count, 5);
    for (size_t i = 0; i < needs.count; i++)
        CHECK(needs.rows[i].is_met);

    test_case("a leaf alone needs what the list comes with");
    sim_intel_set_certification(&doc, 4);
    trial_reset(&t);
    quote = minted_keep(&t, sim_intel_mint(&doc));
    CHECK_ERR(ask(quote, &fault), TROTH_OK);
    CHECK_INT(needs.count, 4);
    CHECK(!find(TROTH_NEED_PCK));
    check(TROTH_NEED_PCK_CRL, "intel/pckcrl/processor",
          "sgx/certification/v4/pckcrl?ca=processor&encoding=der", false);
}

static void ask_of_amd(void)
{
    static struct sim_snp doc;
    struct troth_span report;
    struct troth_fault fault;

    test_case("a chip of Genoa");
    trial_reset(&t);
    sim_snp_default(&doc, ring, SIM_GENOA, SIM_VCEK, 0, MINTED_AT_S);
    report = minted_keep(&t, sim_snp_mint(&doc));
    CHECK_ERR(ask(report, &fault), TROTH_OK);
    CHECK_INT(needs.count, 3);
    if (CHECK(find(TROTH_NEED_VCEK) != NULL)) {
        const char *path = find(TROTH_NEED_VCEK)->path;

        CHECK(strncmp(path, "vcek/v1/Genoa/", 14) == 0);
        CHECK_INT(strcspn(path + 14, "?"), 128);
        CHECK(strncmp(path + 14 + 128, "?blSPL=", 7) == 0);
        CHECK(strstr(path, "&teeSPL=") && strstr(path, "&snpSPL=") &&
              strstr(path, "&ucodeSPL="));
        CHECK(!strstr(path, "fmcSPL"));
    }
    CHECK_TEXT(find(TROTH_NEED_AMD_CHAIN)->path, "vcek/v1/Genoa/cert_chain");
    CHECK_TEXT(find(TROTH_NEED_AMD_CRL)->path, "vcek/v1/Genoa/crl");
    CHECK_TEXT(find(TROTH_NEED_AMD_CRL)->name, "amd/vcek/Genoa/crl");
    CHECK(find(TROTH_NEED_AMD_CHAIN)->is_optional);
    CHECK(find(TROTH_NEED_AMD_CRL)->is_optional);
    CHECK(!find(TROTH_NEED_VCEK)->is_optional);

    test_case("with its certificate, whose issuer has a pinned one's name");
    (void)minted_snp(&t, &doc);
    CHECK_ERR(ask(report, &fault), TROTH_OK);
    CHECK(find(TROTH_NEED_VCEK)->is_met && find(TROTH_NEED_AMD_CHAIN)->is_met &&
          find(TROTH_NEED_AMD_CRL)->is_met);

    test_case("a chip of Turin: eight bytes, and the FMC's version first");
    trial_reset(&t);
    sim_snp_default(&doc, ring, SIM_TURIN, SIM_VCEK, 0, MINTED_AT_S);
    CHECK_ERR(ask(minted_keep(&t, sim_snp_mint(&doc)), &fault), TROTH_OK);
    if (CHECK(find(TROTH_NEED_VCEK) != NULL)) {
        const char *path = find(TROTH_NEED_VCEK)->path;

        CHECK(strncmp(path, "vcek/v1/Turin/", 14) == 0);
        CHECK_INT(strcspn(path + 14, "?"), 16);
        CHECK(strncmp(path + 14 + 16, "?fmcSPL=", 8) == 0);
    }

    test_case("a VLEK cannot be asked for, its issuer can");
    trial_reset(&t);
    sim_snp_default(&doc, ring, SIM_MILAN, SIM_VLEK, 0, MINTED_AT_S);
    CHECK_ERR(ask(minted_keep(&t, sim_snp_mint(&doc)), &fault), TROTH_OK);
    CHECK_INT(needs.count, 2);
    CHECK_TEXT(find(TROTH_NEED_AMD_CHAIN)->path, "vlek/v1/Milan/cert_chain");
    CHECK_TEXT(find(TROTH_NEED_AMD_CRL)->path, "vlek/v1/Milan/crl");
}

static void ask_of_nobody(void)
{
    static struct sim_nitro doc;
    struct troth_fault fault;

    test_case("a family that needs none");
    trial_reset(&t);
    sim_nitro_default(&doc, ring, 0, MINTED_AT_S);
    CHECK_ERR(ask(minted_keep(&t, sim_nitro_mint(&doc)), &fault), TROTH_OK);
    CHECK_INT(needs.count, 0);

    test_case("no evidence");
    CHECK_ERR(ask(test_text("hello"), &fault), TROTH_ERR_KIND);
    CHECK_TEXT(fault.field, "evidence");
    CHECK(!needs.rows && !needs.count);

    test_case("collateral that cannot be read");
    t.items[0] = (struct troth_collateral_item){.kind = TROTH_COLLATERAL_CRL,
                                                .bytes = test_text("0")};
    t.item_count = 1;
    CHECK(ask(minted_keep(&t, sim_nitro_mint(&doc)), &fault) != TROTH_OK);
    CHECK_TEXT(fault.field, "crl");
}

int main(void)
{
    trial_begin(&t);
    ring = sim_keyring_create(1);
    ask_of_intel();
    ask_of_amd();
    ask_of_nobody();
    sim_keyring_destroy(ring);
    trial_end(&t);
    return test_finish();
}
