/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "base/arena.h"
#include "evidence/claim_list.h"
#include "evidence/nitro/nitro.h"
#include "test/harness.h"

static const uint8_t zero[48], set[48] = {1};

static struct troth_nitro make(void)
{
    struct troth_nitro d = {
        .module_id = test_text("i-1-enc1"),
        .digest = test_text("SHA384"),
        .timestamp_ms = 1767225600999,
        .user_data = test_hex("aabb"),
    };

    for (size_t i = 0; i < 5; i++)
        d.pcrs[i] = (struct troth_span)TROTH_ARRAY_SPAN(set);
    d.pcrs[31] = (struct troth_span)TROTH_ARRAY_SPAN(zero);
    d.nonce = (struct troth_span){zero, 0};
    return d;
}

/* clang-format off */
static const struct {
    const char *name;
    enum troth_value_type type;
    const char *text; /* TEXT: itself; BYTES: hex, or NULL to leave it out */
} rows[] = {
    {"kind", TROTH_VALUE_TEXT, "nitro"},
    {"time", TROTH_VALUE_INSTANT, NULL},
    {"debug", TROTH_VALUE_BOOL, NULL},
    {"nonce", TROTH_VALUE_BYTES, ""},
    {"hardware_id", TROTH_VALUE_NONE, NULL},
    {"nitro.module_id", TROTH_VALUE_TEXT, "i-1-enc1"},
    {"nitro.timestamp_ms", TROTH_VALUE_UINT, NULL},
    {"nitro.digest", TROTH_VALUE_TEXT, "SHA384"},
    {"nitro.pcr0", TROTH_VALUE_BYTES, NULL},
    {"nitro.pcr1", TROTH_VALUE_BYTES, NULL},
    {"nitro.pcr2", TROTH_VALUE_BYTES, NULL},
    {"nitro.pcr3", TROTH_VALUE_BYTES, NULL},
    {"nitro.pcr4", TROTH_VALUE_BYTES, NULL},
    {"nitro.pcr31", TROTH_VALUE_BYTES, NULL},
    {"nitro.user_data", TROTH_VALUE_BYTES, "aabb"},
    {"nitro.nonce", TROTH_VALUE_BYTES, ""},
    {"nitro.public_key", TROTH_VALUE_NONE, NULL},
};
/* clang-format on */

static uint8_t memory[8192];

static void list_claims(void)
{
    struct troth_nitro d = make();
    struct troth_arena arena = TROTH_ARENA_OVER(memory);
    struct troth_claims claims;

    test_case("every claim of a document, in order");
    CHECK_ERR(troth_nitro_claims(&claims, &d, &arena), TROTH_OK);
    CHECK_INT(claims.count, COUNT(rows));
    for (size_t i = 0; i < COUNT(rows) && i < claims.count; i++) {
        const struct troth_claim *claim = &claims.rows[i];

        CHECK_TEXT(claim->name, rows[i].name);
        CHECK(claim->about && strlen(claim->about) > 5);
        CHECK_INT(claim->value.type, rows[i].type);
        if (rows[i].type == TROTH_VALUE_TEXT)
            CHECK_SPAN(claim->value.bytes, test_text(rows[i].text));
        else if (rows[i].type == TROTH_VALUE_BYTES && rows[i].text)
            CHECK_SPAN(claim->value.bytes, test_hex(rows[i].text));
    }
    CHECK_INT(claims.rows[1].value.instant_s, 1767225600);
    CHECK_INT(claims.rows[6].value.number, 1767225600999);
    CHECK(!claims.rows[2].value.boolean);

    test_case("too little memory");
    for (size_t size = 0; size < arena.used; size += 8) {
        struct troth_arena small = {memory, size, 0};

        CHECK_ERR(troth_nitro_claims(&claims, &d, &small), TROTH_ERR_MEMORY);
        CHECK(!claims.rows && claims.count == 0);
    }
}

static void list_extremes(void)
{
    struct troth_nitro d = make();
    struct troth_arena arena = TROTH_ARENA_OVER(memory);
    struct troth_claims claims;

    test_case("32 registers, debug, TPM");
    for (size_t i = 0; i < TROTH_NITRO_PCRS; i++)
        d.pcrs[i] = (struct troth_span)TROTH_ARRAY_SPAN(zero);
    d.is_tpm = true;
    d.nonce = d.user_data = (struct troth_span){NULL, 0};
    d.public_key = test_hex("01");
    d.timestamp_ms = INT64_MAX;
    CHECK_ERR(troth_nitro_claims(&claims, &d, &arena), TROTH_OK);
    CHECK_INT(claims.count, COUNT(rows) - 6 + TROTH_NITRO_PCRS);
    CHECK_SPAN(claims.rows[0].value.bytes, test_text("nitrotpm"));
    CHECK(claims.rows[2].value.boolean);
    CHECK_INT(troth_claims_find(&claims, test_text("nonce"))->value.type,
              TROTH_VALUE_NONE);
    CHECK_INT(troth_claims_find(&claims, test_text("nitro.public_key"))->value.type,
              TROTH_VALUE_BYTES);
    for (size_t i = 0; i < claims.count; i++)
        for (size_t k = 0; k < i; k++)
            CHECK(strcmp(claims.rows[i].name, claims.rows[k].name) != 0);
}

int main(void)
{
    list_claims();
    list_extremes();
    return test_finish();
}
