/* SPDX-License-Identifier: Apache-2.0 */
/* The entry to everything: what it does when something below it cannot be had. */
#include "troth/verify.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/pem.h"
#include "test/harness.h"
#include "test/support/failing_crypto.h"
#include "test/support/minted.h"

enum { JSON_ROOM = 256 * 1024, CACHE_ENTRIES = 16 };

static struct trial t;
static struct sim_keyring *ring;
static char wanted[JSON_ROOM], seen[JSON_ROOM];

/* The whole result as text: two results are the same if their texts are. */
static void write_result(char *out)
{
    size_t len = 0;

    CHECK_ERR(troth_result_to_json((uint8_t *)out, JSON_ROOM - 1, &len, &t.result),
              TROTH_OK);
    out[len] = 0;
}

static bool is_zeroed(const struct troth_result *r)
{
    return r->answer == TROTH_REFUSED && !r->kind && !r->title && !r->anchor &&
           !r->verdict.checks && r->verdict.count == 0 && !r->claims.rows &&
           r->claims.count == 0 && !r->not_proven && r->not_proven_count == 0 &&
           r->clock.at_s == 0 && r->valid_until_s == 0 && !r->valid_until_what;
}

/* A document or report that passes; options ask for all that may be asked. */
static struct troth_span mint_nitro(void)
{
    static struct sim_nitro doc;

    sim_nitro_default(&doc, ring, 0, MINTED_AT_S);
    trial_reset(&t);
    trial_require(&t, TRIAL_ANY "--expect kind=nitro --expect debug=false");
    return minted_nitro(&t, &doc);
}

static struct troth_span mint_snp(void)
{
    static struct sim_snp doc;

    sim_snp_default(&doc, ring, SIM_TURIN, SIM_VCEK, 0, MINTED_AT_S);
    trial_reset(&t);
    trial_require(&t, TRIAL_ANY "--expect kind=snp");
    (void)minted_snp(&t, &doc);
    t.item_count = 1; /* the ASK, so that the table is not all there is */
    CHECK_ERR(trial_add_collateral(&t, minted_keep(&t, sim_crl_mint(&doc.crl))),
              TROTH_OK);
    return minted_keep(&t, sim_snp_mint_extended(&doc));
}

static const struct {
    const char *name;
    struct troth_span (*mint)(void);
} kinds[] = {{"nitro", mint_nitro}, {"snp", mint_snp}};

/* Too little memory is an error, and enough gives the one result there is. */
static void starve(void)
{
    static struct troth_cache_entry entries[CACHE_ENTRIES];
    static struct troth_cache cache;
    uint8_t *whole = t.arena.base;

    troth_cache_init(&cache, entries, CACHE_ENTRIES);
    t.cache = &cache;
    for (size_t k = 0; k < COUNT(kinds); k++) {
        struct troth_span evidence = kinds[k].mint();
        size_t needed;

        test_case("%s in arenas of every size", kinds[k].name);
        CHECK_TEXT(trial_judge(&t, evidence, MINTED_AT_S), "accepted");
        write_result(wanted);
        needed = t.arena.used;
        CHECK(needed < TROTH_VERIFY_ARENA_SIZE / 2);
        for (size_t size = 0; size <= needed + 64; size += size < needed - 40 ? 40 : 1) {
            t.arena.base = malloc(size ? size : 1);
            t.arena.size = size;
            (void)trial_judge(&t, evidence, MINTED_AT_S);
            if (t.err) {
                CHECK_ERR(t.err, TROTH_ERR_MEMORY);
                CHECK(is_zeroed(&t.result));
            } else {
                write_result(seen);
                CHECK_TEXT(seen, wanted);
            }
            CHECK((t.err == TROTH_OK) == (size >= needed));
            free(t.arena.base);
        }
        t.arena.base = whole;
        t.arena.size = TROTH_VERIFY_ARENA_SIZE;
    }
    t.cache = NULL;
}

static void misalign(void)
{
    struct troth_span evidence = mint_snp();

    test_case("an arena may begin anywhere");
    CHECK_TEXT(trial_judge(&t, evidence, MINTED_AT_S), "accepted");
    write_result(wanted);
    for (size_t i = 1; i < 16; i++) {
        t.arena.base += 1;
        t.arena.size -= 1;
        CHECK_TEXT(trial_judge(&t, evidence, MINTED_AT_S), "accepted");
        write_result(seen);
        CHECK_TEXT(seen, wanted);
    }
    t.arena.base -= 15;
    t.arena.size += 15;
}

/* Whichever call of the library fails, there is no answer. */
static void fail_everything(void)
{
    static struct troth_cache_entry entries[CACHE_ENTRIES];
    static struct troth_cache cache;
    const struct troth_crypto real = t.crypto;
    struct failing_crypto failing;

    for (size_t k = 0; k < 2 * COUNT(kinds); k++) {
        const bool is_cached = k % 2;
        struct troth_span evidence = kinds[k / 2].mint();
        unsigned calls;

        test_case("%s%s, every call fails once", kinds[k / 2].name,
                  is_cached ? " with a cache" : "");
        trial_require(&t, k / 2 == 0 ? "--binding app:nonce=,user_data=" : "");
        t.cache = is_cached ? &cache : NULL;
        troth_cache_init(&cache, entries, CACHE_ENTRIES);
        t.crypto = failing_crypto_over(&failing, &real, 0);
        (void)trial_judge(&t, evidence, MINTED_AT_S);
        CHECK_ERR(t.err, TROTH_OK);
        calls = failing.calls;
        CHECK(calls >= 4);
        for (unsigned n = 1; n <= calls; n++) {
            troth_cache_init(&cache, entries, CACHE_ENTRIES);
            t.crypto = failing_crypto_over(&failing, &real, n);
            (void)trial_judge(&t, evidence, MINTED_AT_S);
            CHECK_ERR(t.err, TROTH_ERR_CRYPTO);
            CHECK(is_zeroed(&t.result));
            CHECK_INT(failing.calls, n);
            CHECK_ERR(t.fault.err, TROTH_ERR_CRYPTO);
        }
    }
    t.crypto = real;
    t.cache = NULL;
}

/* A second look with a warm cache: the same result, fewer signatures. */
static void warm_the_cache(void)
{
    static struct troth_cache_entry entries[CACHE_ENTRIES];
    static struct troth_cache cache;

    for (size_t k = 0; k < COUNT(kinds); k++) {
        struct troth_span evidence = kinds[k].mint();

        test_case("%s with a warm cache", kinds[k].name);
        troth_cache_init(&cache, entries, CACHE_ENTRIES);
        t.cache = &cache;
        CHECK_TEXT(trial_judge(&t, evidence, MINTED_AT_S), "accepted");
        write_result(wanted);
        CHECK(cache.hits == 0 && cache.misses > 0);
        CHECK_TEXT(trial_judge(&t, evidence, MINTED_AT_S), "accepted");
        write_result(seen);
        CHECK_TEXT(seen, wanted);
        CHECK(cache.hits == cache.misses);

        /* Time is asked about again, and the evidence's own signature too. */
        CHECK_TEXT(trial_judge(&t, evidence, MINTED_AT_S + 400LL * 86400 * 365),
                   k == 0 ? "refused: validity" : "refused: validity revocation");
        uint8_t *spoilt = (uint8_t *)trial_keep(&t, evidence).ptr;
        spoilt[k == 0 ? evidence.len - 1 : 0x2a0] ^= 1;
        CHECK_TEXT(
            trial_judge(&t, (struct troth_span){spoilt, evidence.len}, MINTED_AT_S),
            "refused: signature");
    }
    t.cache = NULL;
}

static void judge_no_evidence(void)
{
    static const struct {
        const char *why;
        const char *hex;
        const char *line;
    } nothings[] = {
        {"nothing", "", "error: KIND evidence"},
        {"a byte", "d2", "error: KIND evidence"},
        {"text", "68 65 6c 6c 6f 20 77 6f 72 6c 64", "error: KIND evidence"},
        {"an array of five", "85 40 a0 40 40 40", "error: KIND evidence"},
        {"an array of four, cut off", "84 40 a0", "error: SHORT cose"},
        {"a device's refusal", "01 00 00 00 00 00 00 00", "error: SHORT snp.report"},
    };

    for (size_t i = 0; i < COUNT(nothings); i++) {
        test_case("%s", nothings[i].why);
        trial_reset(&t);
        CHECK_TEXT(trial_judge(&t, test_hex(nothings[i].hex), 0), nothings[i].line);
        CHECK(is_zeroed(&t.result));
    }
}

/* What may be left out of the input, and what the clock is then. */
static void leave_out(void)
{
    struct troth_span evidence = mint_nitro();
    struct troth_verify_input input = {
        .evidence = evidence,
        .crypto = &t.crypto,
        .clock = {TROTH_CLOCK_NOW, MINTED_AT_S},
        .arena = &t.arena,
    };
    struct troth_result result;

    test_case("no anchors: the built-in ones; no requirements: nothing is waved through");
    t.arena.used = 0;
    CHECK_ERR(troth_verify(&result, NULL, &input), TROTH_OK);
    trial_describe(t.line, &result.verdict);
    CHECK_TEXT(t.line, "refused: anchor ?chain ?validity ?revocation ?signature "
                       "measurement nonce");
    CHECK_INT(result.clock.kind, TROTH_CLOCK_NOW);
    CHECK_INT(result.clock.at_s, MINTED_AT_S);

    test_case("an error without a fault to write it into");
    input.evidence.len = 10;
    CHECK(troth_verify(&result, NULL, &input) != TROTH_OK && is_zeroed(&result));

    test_case("the document's own clock");
    CHECK_TEXT(trial_judge(&t, evidence, TRIAL_AT_DOCUMENT), "accepted");
    CHECK(t.result.archival && t.result.clock.at_s == MINTED_AT_S);
    CHECK_INT(t.result.clock.kind, TROTH_CLOCK_DOCUMENT);
}

/* "TROTH_VERIFY_ARENA_SIZE bytes always suffice": all the collateral, expectations and
 * findings there can be, and a table whose certificates have to be decoded. */
static void fill_the_arena(void)
{
    static struct sim_snp doc;
    struct troth_span report, pem;
    char options[128];

    test_case("the most that one verification may hold");
    sim_snp_default(&doc, ring, SIM_MILAN, SIM_VCEK, 0, MINTED_AT_S);
    doc.report.policy = ~UINT64_C(0);
    doc.report.platform_info = ~UINT64_C(0x20);
    trial_reset(&t);
    report = minted_snp(&t, &doc);
    while (t.item_count < TROTH_COLLATERAL_MAX - 1)
        t.items[t.item_count++] = t.items[1];
    for (int i = 0; i < TROTH_EXPECTATIONS_MAX; i++) {
        (void)snprintf(options, sizeof options,
                       "--expect a.claim.that.no.evidence.of.any.family.has.%d=x", i);
        trial_require(&t, options);
    }
    pem = minted_keep(&t, sim_pem_mint("CERTIFICATE", t.items[1].bytes));

    uint8_t *whole = malloc(report.len + 48 + pem.len);
    static const uint8_t vcek_guid[16] = {0x63, 0xda, 0x75, 0x8d, 0xe6, 0x64, 0x45, 0x64,
                                          0xad, 0xc5, 0xf4, 0xb9, 0x3b, 0xe8, 0xac, 0xcd};

    memcpy(whole, report.ptr, report.len);
    memset(whole + report.len, 0, 48);
    memcpy(whole + report.len, vcek_guid, 16);
    whole[report.len + 16] = 48;
    whole[report.len + 20] = (uint8_t)pem.len;
    whole[report.len + 21] = (uint8_t)(pem.len >> 8);
    memcpy(whole + report.len + 48, pem.ptr, pem.len);
    CHECK_TEXT(trial_judge(&t, (struct troth_span){whole, report.len + 48 + pem.len},
                           MINTED_AT_S),
               "refused: debug migration policy_bits platform_bits measurement nonce "
               "claim");
    CHECK(t.arena.used < TROTH_VERIFY_ARENA_SIZE);
    printf("# %zu of %zu bytes\n", t.arena.used, TROTH_VERIFY_ARENA_SIZE);

    test_case("one expectation more than there may be, before anything is looked at");
    trial_require(&t, "--expect the.65th=x");
    CHECK_TEXT(trial_judge(&t, (struct troth_span){NULL, 0}, MINTED_AT_S),
               "error: LIMIT requirements.expect");
    CHECK(is_zeroed(&t.result) && t.arena.used == 0);
    t.requirements.expect_count--;

    test_case("one item more than there may be");
    t.items[t.item_count++] = t.items[1];
    CHECK_TEXT(trial_judge(&t, (struct troth_span){whole, report.len + 48 + pem.len},
                           MINTED_AT_S),
               "error: LIMIT collateral");
    free(whole);
}

static void show(void)
{
    for (size_t k = 0; k < COUNT(kinds); k++) {
        struct troth_span evidence = kinds[k].mint();
        struct troth_showing showing;
        const struct troth_claim *claim;

        test_case("show %s", kinds[k].name);
        t.arena.used = 0;
        CHECK_ERR(troth_show_unverified(&showing, &t.fault, evidence, &t.arena),
                  TROTH_OK);
        CHECK_TEXT(showing.kind, kinds[k].name);
        CHECK(showing.title != NULL);
        claim = troth_claims_find(&showing.claims, test_text("measurement"));
        CHECK(claim && claim->value.type == TROTH_VALUE_TEXT);
        CHECK(claim == &showing.claims.rows[1]);

        size_t needed = t.arena.used;
        for (size_t size = 0; size < needed; size += 16) {
            struct troth_arena small = {t.arena.base, size, 0};

            CHECK_ERR(troth_show_unverified(&showing, NULL, evidence, &small),
                      TROTH_ERR_MEMORY);
            CHECK(!showing.kind && !showing.claims.rows && showing.claims.count == 0);
        }
    }
    test_case("show nothing");
    struct troth_showing showing;
    CHECK_ERR(troth_show_unverified(&showing, &t.fault, test_hex("00"), &t.arena),
              TROTH_ERR_KIND);
    CHECK_TEXT(t.fault.field, "evidence");
    CHECK(!showing.kind);
}

int main(void)
{
    trial_begin(&t);
    ring = sim_keyring_create(1);
    starve();
    misalign();
    fail_everything();
    warm_the_cache();
    judge_no_evidence();
    leave_out();
    fill_the_arena();
    show();
    sim_keyring_destroy(ring);
    trial_end(&t);
    return test_finish();
}
