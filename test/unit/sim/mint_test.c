/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sim/intel_bundle.h"
#include "sim/nitro.h"
#include "sim/pem.h"
#include "sim/snp.h"
#include "test/harness.h"

#define PROGRAM TROTH_BUILD_DIR "/sim/troth-mint"
#define NOW     1771000000

/* The exit status. */
static int run(const char *arguments, const char *directory)
{
    char command[1024];

    (void)snprintf(command, sizeof command, "'%s' %s '%s' >/dev/null 2>&1", PROGRAM,
                   arguments, directory);
    const int status = system(command); /* NOLINT: a test's own words, and no threads */
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static struct troth_span file_in(const char *directory, const char *name)
{
    char path[256];

    (void)snprintf(path, sizeof path, "%s/%s", directory, name);
    return test_file(path);
}

/* The file holds these bytes, which are freed. */
static void check_file(const char *directory, const char *name, struct sim_bytes wanted)
{
    CHECK_SPAN(file_in(directory, name), sim_bytes_span(wanted));
    sim_bytes_free(&wanted);
}

static void check_pem(const char *directory, const char *name, const char *label,
                      struct sim_bytes der)
{
    check_file(directory, name, sim_pem_mint(label, sim_bytes_span(der)));
    sim_bytes_free(&der);
}

static void remove_all(const char *directory)
{
    static const char *const names[] = {
        "evidence.bin",
        "evidence-1.bin",
        "root.pem",
        "vek.pem",
        "vek-1.pem",
        "ask.pem",
        "crl.pem",
        "collateral.json",
        "collateral-1.json",
        "collateral/tcb-info.json",
        "collateral/tcb-info-1.json",
        "collateral/qe-identity.json",
        "collateral/tcb-signing-chain.pem",
        "collateral/root-crl.der",
        "collateral/pck-crl.der",
    };
    char path[256];

    for (size_t i = 0; i < COUNT(names); i++) {
        (void)snprintf(path, sizeof path, "%s/%s", directory, names[i]);
        (void)unlink(path);
    }
    (void)snprintf(path, sizeof path, "%s/collateral", directory);
    (void)rmdir(path);
    for (unsigned i = 2; i <= SIM_INTEL_PER_FMSPC; i++) {
        (void)snprintf(path, sizeof path, "%s/evidence-%u.bin", directory, i);
        (void)unlink(path);
    }
    CHECK_INT(rmdir(directory), 0);
}

static void nitro(struct sim_keyring *ring, const char *directory)
{
    struct sim_nitro doc;

    test_case("two Nitro documents in debug mode, and their root");
    CHECK_INT(run("nitro --seed 5 --time 1771000000 --debug --count 2", directory), 0);
    for (unsigned i = 0; i < 2; i++) {
        sim_nitro_default(&doc, ring, i, NOW);
        sim_nitro_set_debug(&doc);
        check_file(directory, i ? "evidence-1.bin" : "evidence.bin",
                   sim_nitro_mint(&doc));
    }
    check_pem(directory, "root.pem", "CERTIFICATE",
              sim_cert_mint(&doc.certs[SIM_NITRO_ROOT]));
    remove_all(directory);
}

static void snp(struct sim_keyring *ring, const char *directory)
{
    struct sim_snp doc;

    test_case("a report, its certificates and list");
    CHECK_INT(run("--time 1771000000 snp-turin --seed 5", directory), 0);
    sim_snp_default(&doc, ring, SIM_TURIN, SIM_VCEK, 0, NOW);
    check_file(directory, "evidence.bin", sim_snp_mint(&doc));
    check_pem(directory, "root.pem", "CERTIFICATE",
              sim_cert_mint(&doc.certs[SIM_SNP_ARK]));
    check_pem(directory, "ask.pem", "CERTIFICATE",
              sim_cert_mint(&doc.certs[SIM_SNP_ASK]));
    check_pem(directory, "vek.pem", "CERTIFICATE",
              sim_cert_mint(&doc.certs[SIM_SNP_VEK]));
    check_pem(directory, "crl.pem", "X509 CRL", sim_crl_mint(&doc.crl));
    remove_all(directory);
}

static const struct {
    const char *name;
    enum sim_intel_kind kind;
} intel_kinds[] = {
    {"sgx", SIM_SGX_V3}, {"tdx", SIM_TDX_V4}, {"tdx-1.5", SIM_TDX_V5_TD15}};

static void intel(struct sim_keyring *ring, const char *directory)
{
    static struct sim_intel doc;
    char arguments[80];

    for (size_t i = 0; i < COUNT(intel_kinds); i++) {
        test_case("seventeen quotes, of two kinds of platform: %s", intel_kinds[i].name);
        (void)snprintf(arguments, sizeof arguments,
                       "%s --seed 5 --time 1771000000 --count 17 --debug",
                       intel_kinds[i].name);
        CHECK_INT(run(arguments, directory), 0);
        sim_intel_default(&doc, ring, intel_kinds[i].kind, 16, NOW);
        sim_intel_set_debug(&doc);
        check_file(directory, "evidence-16.bin", sim_intel_mint(&doc));
        check_file(directory, "collateral-1.json", sim_intel_bundle(&doc));
        check_file(directory, "collateral/tcb-info-1.json",
                   sim_intel_tcb_info_document(&doc));
        check_pem(directory, "root.pem", "CERTIFICATE",
                  sim_intel_mint_cert(&doc, SIM_INTEL_ROOT));
        sim_intel_default(&doc, ring, intel_kinds[i].kind, 0, NOW);
        sim_intel_set_debug(&doc);
        check_file(directory, "evidence.bin", sim_intel_mint(&doc));
        check_file(directory, "collateral.json", sim_intel_bundle(&doc));
        check_file(directory, "collateral/tcb-info.json",
                   sim_intel_tcb_info_document(&doc));
        check_file(directory, "collateral/qe-identity.json",
                   sim_intel_qe_identity_document(&doc));
        check_file(directory, "collateral/tcb-signing-chain.pem",
                   sim_intel_signer_chain(&doc));
        check_file(directory, "collateral/root-crl.der", sim_crl_mint(&doc.root_crl));
        check_file(directory, "collateral/pck-crl.der", sim_crl_mint(&doc.pck_crl));
        remove_all(directory);
    }
}

/* What --set writes is in what is signed. */
static void wishes(struct sim_keyring *ring, const char *directory)
{
    static struct sim_intel quote;
    struct sim_nitro doc;
    struct sim_snp report;

    test_case("a Nitro document that says other things");
    CHECK_INT(run("nitro --seed 5 --time 1771000000 --set nonce=5f1c "
                  "--set nitro.user_data= --set nitro.pcr8=00ff",
                  directory),
              0);
    sim_nitro_default(&doc, ring, 0, NOW);
    sim_nitro_set_optional(&doc.nonce, TROTH_LITERAL("\x5f\x1c"));
    sim_nitro_set_optional(&doc.user_data, (struct troth_span){NULL, 0});
    doc.pcrs[8] = (struct sim_pcr){true, {0, 0xff}, 2};
    check_file(directory, "evidence.bin", sim_nitro_mint(&doc));
    remove_all(directory);

    test_case("a report of other firmware, whose certificate follows");
    CHECK_INT(run("snp-milan --seed 5 --time 1771000000 --set snp.vmpl=0x2 "
                  "--set snp.reported_tcb=04000000000018d0",
                  directory),
              0);
    sim_snp_default(&report, ring, SIM_MILAN, SIM_VCEK, 0, NOW);
    report.report.vmpl = 2;
    report.report.reported_tcb[7] = 0xd0;
    sim_snp_match_vek(&report);
    check_file(directory, "evidence.bin", sim_snp_mint(&report));
    check_pem(directory, "vek.pem", "CERTIFICATE",
              sim_cert_mint(&report.certs[SIM_SNP_VEK]));
    remove_all(directory);

    test_case("a quote of a platform of another status");
    CHECK_INT(run("sgx --seed 5 --time 1771000000 --set tcb.status=SWHardeningNeeded "
                  "--set sgx.isv_svn=7",
                  directory),
              0);
    sim_intel_default(&quote, ring, SIM_SGX_V3, 0, NOW);
    sim_intel_set_status(&quote, SIM_SW_HARDENING);
    quote.quote.enclave.isv_svn = 7;
    check_file(directory, "evidence.bin", sim_intel_mint(&quote));
    remove_all(directory);
}

/* These are seen when the directory is made already. */
static void unfit_wishes(const char *directory)
{
    static const char *const unfit[] = {
        "nitro --set tdx.rtmr0=00",
        "nitro --set nonce=0",
        "nitro --set nonce=0G",
        "nitro --set nitro.pcr32=00",
        "snp-milan --set snp.host_data=00",
        "snp-milan --set snp.vmpl=4294967296",
        "snp-milan --set snp.vmpl=-1",
        "sgx --set tcb.status=Fine",
        "sgx --set sgx.isv_svn=2x",
        "tdx --set sgx.isv_svn=2",
    };

    for (size_t i = 0; i < COUNT(unfit); i++) {
        test_case("refused: %s", unfit[i]);
        CHECK_INT(run(unfit[i], directory), 2);
        remove_all(directory);
    }
}

static const struct {
    const char *why;
    const char *arguments;
    int wanted;
} usages[] = {
    {"help", "--help", 0},
    {"no directory", "", 2},
    {"no such kind", "csv", 2},
    {"no such option", "nitro --sed 5", 2},
    {"too many arguments", "nitro here", 2},
    {"no number", "nitro --seed x", 2},
    {"a number and more", "nitro --seed 5x", 2},
    {"a negative number", "nitro --time -5", 2},
    {"a time beyond X.509's", "nitro --time 99999999999999", 2},
    {"nothing to set", "nitro --set", 2},
    {"no value to set", "nitro --set nonce", 2},
    {"no claim to set", "nitro --set =00", 2},
    {"more documents than any", "nitro --count 99999999999", 2},
};

static void usage_cases(const char *directory)
{
    for (size_t i = 0; i < COUNT(usages); i++) {
        test_case("exit status: %s", usages[i].why);
        CHECK_INT(run(usages[i].arguments, directory), usages[i].wanted);
        CHECK_INT(access(directory, F_OK), -1);
    }
}

int main(void)
{
    char parent[] = "/tmp/troth-mint-XXXXXX";
    char directory[64];
    struct sim_keyring *ring = sim_keyring_create(5);

    if (!mkdtemp(parent))
        return 1;
    (void)snprintf(directory, sizeof directory, "%s/out", parent);
    nitro(ring, directory);
    snp(ring, directory);
    intel(ring, directory);
    wishes(ring, directory);
    unfit_wishes(directory);
    usage_cases(directory);
    sim_keyring_destroy(ring);
    CHECK_INT(rmdir(parent), 0);
    return test_finish();
}
