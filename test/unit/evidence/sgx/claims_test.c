/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <string.h>

#include "appraise/appraise.h"
#include "base/arena.h"
#include "base/span.h"
#include "evidence/claim_list.h"
#include "evidence/sgx/sgx.h"
#include "test/harness.h"
#include "test/support/handmade.h"

static struct handmade made;
static uint8_t memory[32 * 1024];
static struct troth_arena arena;

static struct troth_claims list(void)
{
    struct troth_claims claims;
    struct troth_sgx sgx;

    arena = (struct troth_arena){memory, sizeof memory, 0};
    CHECK_ERR(troth_sgx_parse(&sgx, NULL, handmade_span(&made)), TROTH_OK);
    CHECK_ERR(troth_sgx_claims(&claims, &sgx, &arena), TROTH_OK);
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
        (void)snprintf(text + 2 * i, 3, "%02x", made.bytes[made.at[AT_BODY] + at + i]);
    return text;
}

static const char *number_of(size_t at, size_t len)
{
    static char text[32];

    (void)snprintf(text, sizeof text, "%llu",
                   (unsigned long long)troth_dcap_uint(
                       (struct troth_span){made.bytes + made.at[AT_BODY] + at, len}));
    return text;
}

static void show_fields(unsigned version)
{
    static const struct {
        const char *name;
        size_t at, len;
        bool is_number;
    } fields[] = {
        {"sgx.cpu_svn", 0, 16, false},
        {"sgx.misc_select", 16, 4, true},
        {"sgx.isv_ext_prod_id", 32, 16, false},
        {"sgx.attributes", 48, 16, false},
        {"sgx.mr_enclave", 64, 32, false},
        {"sgx.mr_signer", 128, 32, false},
        {"sgx.config_id", 192, 64, false},
        {"sgx.isv_prod_id", 256, 2, true},
        {"sgx.isv_svn", 258, 2, true},
        {"sgx.config_svn", 260, 2, true},
        {"sgx.isv_family_id", 304, 16, false},
        {"sgx.report_data", 320, 64, false},
        {"nonce", 320, 64, false},
    };
    char version_text[4];
    struct troth_claims claims;

    handmade_quote(&made, version, TROTH_QUOTE_BODY_SGX);
    claims = list();
    for (size_t i = 0; i < COUNT(fields); i++) {
        test_case("%s in version %u", fields[i].name, version);
        CHECK_TEXT(text_of(&claims, fields[i].name),
                   fields[i].is_number ? number_of(fields[i].at, fields[i].len)
                                       : hex_of(fields[i].at, fields[i].len));
    }
    test_case("the rest in version %u", version);
    (void)snprintf(version_text, sizeof version_text, "%u", version);
    CHECK_TEXT(text_of(&claims, "sgx.quote_version"), version_text);
    CHECK_TEXT(text_of(&claims, "kind"), "sgx");
    CHECK_TEXT(claims.rows[0].name, "kind");
    CHECK_TEXT(text_of(&claims, "sgx.reserved_20"), "(no such claim)");
}

static void check_names(void)
{
    struct troth_claims claims;

    test_case("names are told once, each with a sentence");
    handmade_quote(&made, 3, TROTH_QUOTE_BODY_SGX);
    claims = list();
    for (size_t i = 0; i < claims.count; i++) {
        CHECK(strlen(claims.rows[i].about) > 5);
        for (size_t k = 0; k < i; k++)
            CHECK(strcmp(claims.rows[i].name, claims.rows[k].name) != 0);
    }
}

/* Every flag with a name, alone. */
static void show_bits(void)
{
    static const struct {
        unsigned bit;
        const char *name;
    } bits[] = {
        {0, "sgx.attributes.init"},
        {1, "sgx.attributes.debug"},
        {2, "sgx.attributes.mode64bit"},
        {4, "sgx.attributes.provision_key"},
        {5, "sgx.attributes.einittoken_key"},
        {6, "sgx.attributes.cet"},
        {7, "sgx.attributes.kss"},
        {10, "sgx.attributes.aex_notify"},
    };

    for (unsigned bit = 0; bit < 128; bit++) {
        struct troth_claims claims;

        test_case("attribute %u", bit);
        handmade_quote(&made, 3, TROTH_QUOTE_BODY_SGX);
        memset(made.bytes + made.at[AT_BODY] + 48, 0, 16);
        made.bytes[made.at[AT_BODY] + 48 + bit / 8] = (uint8_t)(1 << bit % 8);
        claims = list();
        for (size_t i = 0; i < COUNT(bits); i++)
            CHECK_TEXT(text_of(&claims, bits[i].name),
                       bits[i].bit == bit ? "true" : "false");
        CHECK_TEXT(text_of(&claims, "debug"), bit == 1 ? "true" : "false");
    }
}

static void starve(void)
{
    struct troth_claims claims;
    struct troth_sgx sgx;
    size_t needed;

    test_case("too little memory");
    handmade_quote(&made, 4, TROTH_QUOTE_BODY_SGX);
    (void)list();
    needed = arena.used;
    CHECK_ERR(troth_sgx_parse(&sgx, NULL, handmade_span(&made)), TROTH_OK);
    for (size_t size = 0; size < needed; size += 64) {
        arena = (struct troth_arena){memory, size, 0};
        CHECK_ERR(troth_sgx_claims(&claims, &sgx, &arena), TROTH_ERR_MEMORY);
        CHECK(!claims.rows && claims.count == 0);
    }
}

int main(void)
{
    for (unsigned version = 3; version <= 5; version++)
        show_fields(version);
    check_names();
    show_bits();
    starve();
    return test_finish();
}
