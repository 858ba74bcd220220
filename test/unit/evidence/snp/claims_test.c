/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <string.h>

#include "appraise/appraise.h"
#include "base/arena.h"
#include "base/span.h"
#include "evidence/claim_list.h"
#include "evidence/snp/snp.h"
#include "test/harness.h"
#include "troth/verify.h"

static uint8_t raw[TROTH_SNP_REPORT_SIZE];
static uint8_t memory[16 * 1024];
static struct troth_arena arena;

/* A report of distinct bytes, so that no field can stand for another. */
static struct troth_snp parse(uint8_t version, uint8_t family, uint8_t model)
{
    struct troth_snp snp;

    for (size_t i = 0; i < sizeof raw; i++)
        raw[i] = (uint8_t)(i * 7 + (i >> 8));
    memset(raw, 0, 0x48 + 4);
    raw[0] = version;
    raw[0x188] = family;
    raw[0x189] = model;
    CHECK_ERR(troth_snp_parse(&snp, NULL, (struct troth_span)TROTH_ARRAY_SPAN(raw)),
              TROTH_OK);
    return snp;
}

static struct troth_claims list(const struct troth_snp *snp)
{
    struct troth_claims claims;

    arena = (struct troth_arena){memory, sizeof memory, 0};
    CHECK_ERR(troth_snp_claims(&claims, snp, &arena), TROTH_OK);
    return claims;
}

/* The claim as `troth show` prints it. */
static const char *text_of(const struct troth_claims *claims, const char *name)
{
    static char text[256];
    const struct troth_claim *claim = troth_claims_find(claims, test_text(name));
    size_t len = 0;

    if (!claim)
        return "(no such claim)";
    CHECK_ERR(troth_value_to_text((uint8_t *)text, sizeof text - 1, &len, &claim->value),
              TROTH_OK);
    text[len] = 0;
    return text;
}

static const char *hex_of(size_t at, size_t len)
{
    static char text[256];

    text[0] = 0;
    for (size_t i = 0; i < len; i++)
        (void)snprintf(text + 2 * i, 3, "%02x", raw[at + i]);
    return text;
}

static void show_fields(void)
{
    struct troth_snp snp = parse(5, 0x19, 0x01);
    struct troth_claims claims = list(&snp);

    test_case("bytes, from where the specification puts them");
    CHECK_TEXT(text_of(&claims, "snp.measurement"), hex_of(0x90, 48));
    CHECK_TEXT(text_of(&claims, "snp.report_data"), hex_of(0x50, 64));
    CHECK_TEXT(text_of(&claims, "nonce"), hex_of(0x50, 64));
    CHECK_TEXT(text_of(&claims, "snp.chip_id"), hex_of(0x1a0, 64));
    CHECK_TEXT(text_of(&claims, "hardware_id"), hex_of(0x1a0, 64));
    CHECK_TEXT(text_of(&claims, "snp.host_data"), hex_of(0xc0, 32));
    CHECK_TEXT(text_of(&claims, "snp.reported_tcb"), hex_of(0x180, 8));
    CHECK_TEXT(text_of(&claims, "snp.committed_tcb"), hex_of(0x1e0, 8));
    CHECK_TEXT(text_of(&claims, "snp.launch_tcb"), hex_of(0x1f0, 8));
    CHECK_TEXT(text_of(&claims, "snp.report_id"), hex_of(0x140, 32));
    CHECK_TEXT(text_of(&claims, "snp.product"), "Milan");
    CHECK_TEXT(text_of(&claims, "kind"), "snp");
    CHECK_TEXT(text_of(&claims, "snp.csp_id"), "none");

    test_case("what has no meaning makes no claim");
    CHECK_TEXT(text_of(&claims, "snp.reserved_4c"), "(no such claim)");
    CHECK_TEXT(text_of(&claims, "snp.signature_r"), "(no such claim)");

    test_case("names are told once, each with a sentence");
    for (size_t i = 0; i < claims.count; i++) {
        CHECK(strlen(claims.rows[i].about) > 5);
        for (size_t k = 0; k < i; k++)
            CHECK(strcmp(claims.rows[i].name, claims.rows[k].name) != 0);
    }
}

/* Fields that came with a later version are not said before it. */
static void show_versions(void)
{
    static const struct {
        uint8_t version;
        bool has_cpuid, has_mitigations;
    } versions[] = {{2, false, false}, {3, true, false}, {5, true, true}};

    for (size_t i = 0; i < COUNT(versions); i++) {
        struct troth_snp snp = parse(versions[i].version, 0x1a, 0x02);
        struct troth_claims claims = list(&snp);

        test_case("version %d", versions[i].version);
        CHECK_TEXT(text_of(&claims, "snp.cpuid_family"),
                   versions[i].has_cpuid ? "26" : "none");
        CHECK((strcmp(text_of(&claims, "snp.launch_mit_vector"), "none") != 0) ==
              versions[i].has_mitigations);
        CHECK_TEXT(text_of(&claims, "snp.product"),
                   versions[i].has_cpuid ? "Turin" : "none");
    }
}

/* The same eight bytes, split as each product does; by none where it is unknown. */
static void split_tcbs(void)
{
    static const struct {
        uint8_t family, model;
        const char *fmc, *bootloader, *tee, *snp, *microcode;
    } splits[] = {
        {0x19, 0x01, "none", "1", "2", "7", "8"},
        {0x19, 0x11, "none", "1", "2", "7", "8"},
        {0x1a, 0x02, "1", "2", "3", "4", "8"},
        {0x17, 0x00, "none", "none", "none", "none", "none"},
    };
    static const struct {
        const char *name;
        size_t at;
    } tcbs[] = {{"current_tcb", 0x38},
                {"reported_tcb", 0x180},
                {"committed_tcb", 0x1e0},
                {"launch_tcb", 0x1f0}};

    for (size_t i = 0; i < COUNT(splits) * COUNT(tcbs); i++) {
        const char *const values[] = {splits[i / 4].fmc, splits[i / 4].bootloader,
                                      splits[i / 4].tee, splits[i / 4].snp,
                                      splits[i / 4].microcode};
        static const char *const parts[] = {"fmc", "bootloader", "tee", "snp",
                                            "microcode"};
        struct troth_snp snp = parse(3, splits[i / 4].family, splits[i / 4].model);
        struct troth_claims claims;

        test_case("%s of family %02x model %02x", tcbs[i % 4].name, splits[i / 4].family,
                  splits[i / 4].model);
        memcpy(raw + tcbs[i % 4].at, "\1\2\3\4\5\6\7\10", 8);
        claims = list(&snp);
        for (size_t k = 0; k < COUNT(parts); k++) {
            char name[64];

            (void)snprintf(name, sizeof name, "snp.%s.%s", tcbs[i % 4].name, parts[k]);
            CHECK_TEXT(text_of(&claims, name), values[k]);
        }
    }
}

/* Every bit with a meaning, alone. */
static void show_bits(void)
{
    static const struct {
        unsigned at;
        unsigned bit;
        const char *name;
    } bits[] = {
        {0x08, 16, "snp.policy.smt"},
        {0x08, 17, "snp.policy.reserved_one"},
        {0x08, 18, "snp.policy.migrate_ma"},
        {0x08, 19, "snp.policy.debug"},
        {0x08, 20, "snp.policy.single_socket"},
        {0x08, 21, "snp.policy.cxl_allow"},
        {0x08, 22, "snp.policy.mem_aes_256_xts"},
        {0x08, 23, "snp.policy.rapl_dis"},
        {0x08, 24, "snp.policy.ciphertext_hiding"},
        {0x08, 25, "snp.policy.page_swap_disable"},
        {0x40, 0, "snp.platform.smt_en"},
        {0x40, 1, "snp.platform.tsme_en"},
        {0x40, 2, "snp.platform.ecc_en"},
        {0x40, 3, "snp.platform.rapl_dis"},
        {0x40, 4, "snp.platform.ciphertext_hiding_en"},
        {0x40, 5, "snp.platform.alias_check_complete"},
        {0x40, 6, "snp.platform.bit6"},
        {0x40, 7, "snp.platform.tio_en"},
    };

    for (size_t i = 0; i < COUNT(bits); i++) {
        struct troth_snp snp = parse(3, 0x19, 0x01);
        struct troth_claims claims = list(&snp);

        test_case("%s", bits[i].name);
        CHECK_TEXT(text_of(&claims, bits[i].name), "false");
        raw[bits[i].at + bits[i].bit / 8] = (uint8_t)(1 << bits[i].bit % 8);
        claims = list(&snp);
        for (size_t k = 0; k < COUNT(bits); k++)
            CHECK_TEXT(text_of(&claims, bits[k].name), k == i ? "true" : "false");
        CHECK_TEXT(text_of(&claims, "debug"),
                   strcmp(bits[i].name, "snp.policy.debug") == 0 ? "true" : "false");
    }
    struct troth_snp snp = parse(3, 0x19, 0x01);
    test_case("the lowest ABI of the policy");
    raw[0x08] = 55;
    raw[0x09] = 1;
    struct troth_claims claims = list(&snp);
    CHECK_TEXT(text_of(&claims, "snp.policy.abi_minor"), "55");
    CHECK_TEXT(text_of(&claims, "snp.policy.abi_major"), "1");
}

static void show_signer(void)
{
    static const struct {
        uint8_t signer;
        const char *key, *author, *mask;
    } signers[] = {
        {0x00, "VCEK", "false", "false"},    {0x01, "VCEK", "true", "false"},
        {0x02, "VCEK", "false", "true"},     {0x04, "VLEK", "false", "false"},
        {0x1c, "none", "false", "false"},    {0x08, "unknown", "false", "false"},
        {0x18, "unknown", "false", "false"},
    };

    for (size_t i = 0; i < COUNT(signers); i++) {
        struct troth_snp snp = parse(3, 0x19, 0x01);
        struct troth_claims claims;

        test_case("signer_info %02x", signers[i].signer);
        raw[0x48] = signers[i].signer;
        claims = list(&snp);
        CHECK_TEXT(text_of(&claims, "snp.signing_key"), signers[i].key);
        CHECK_TEXT(text_of(&claims, "snp.author_key_en"), signers[i].author);
        CHECK_TEXT(text_of(&claims, "snp.mask_chip_key"), signers[i].mask);
    }
    struct troth_snp snp = parse(3, 0x19, 0x01);
    test_case("no chip, and a provider");
    memset(raw + 0x1a0, 0, 64);
    snp.csp_id = test_text("somebody");
    struct troth_claims claims = list(&snp);
    CHECK_TEXT(text_of(&claims, "hardware_id"), "none");
    CHECK_TEXT(text_of(&claims, "snp.csp_id"), "somebody");
}

static void starve(void)
{
    struct troth_snp snp = parse(3, 0x19, 0x01);
    struct troth_claims claims = list(&snp);
    size_t needed = arena.used;

    test_case("too little memory");
    for (size_t size = 0; size < needed; size += 64) {
        arena = (struct troth_arena){memory, size, 0};
        CHECK_ERR(troth_snp_claims(&claims, &snp, &arena), TROTH_ERR_MEMORY);
        CHECK(!claims.rows && claims.count == 0);
    }
}

int main(void)
{
    show_fields();
    show_versions();
    split_tcbs();
    show_bits();
    show_signer();
    starve();
    return test_finish();
}
