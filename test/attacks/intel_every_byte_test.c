/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "stage.h"

/*
 * One bit of every byte, and every shorter length: of quotes, and of the collateral
 * beside them. What was accepted is not. There is one exception: in the chain that a
 * quote embeds nobody looks at the root, nor at what is between the certificates and how
 * their lines are broken; then the result has to be the same in every character.
 */

static struct trial trial;
static struct sim_keyring *ring;
static struct intel_stage intel;
static struct troth_cache cache;
static struct troth_cache_entry entries[64];
static struct test_random random = {1};

#define JSON_ROOM 65536
static uint8_t wanted[JSON_ROOM], seen[JSON_ROOM];

static struct troth_span start(enum sim_intel_kind kind, void (*change)(void))
{
    troth_cache_init(&cache, entries, COUNT(entries));
    trial_reset(&trial);
    trial_require(&trial, TRIAL_ANY);
    trial.cache = &cache;
    intel_stage_set(&intel, &trial, ring, kind);
    if (change)
        change();
    return intel_stage_mint(&intel);
}

/* Parse the collateral once for all that follow. */
static void prepare(struct troth_arena *arena)
{
    CHECK_ERR(troth_collateral_prepare(trial.items, trial.item_count, NULL, NULL,
                                       &trial.crypto, arena),
              TROTH_OK);
}

/* Say at most a few of the places, not thousands. */
static void check_place(bool holds, const char *what, size_t at, unsigned *said)
{
    if (!holds && (*said)++ < 5)
        printf("# %s, byte 0x%zx: %s\n", what, at, trial.line);
    if (!holds)
        CHECK(holds);
}

static struct troth_span result_json(uint8_t room[static JSON_ROOM])
{
    size_t len = 0;

    CHECK_ERR(troth_result_to_json(room, JSON_ROOM, &len, &trial.result), TROTH_OK);
    return (struct troth_span){room, len};
}

static bool same(struct troth_span a, struct troth_span b)
{
    return a.len == b.len && memcmp(a.ptr, b.ptr, a.len) == 0;
}

static uint8_t *writable(struct troth_span bytes)
{
    return (uint8_t *)(uintptr_t)bytes.ptr;
}

/* From `chain` on nothing is signed by itself. */
static void flip_quote(struct troth_span quote, size_t chain)
{
    struct troth_span copy = trial_keep(&trial, quote);
    uint8_t *bytes = writable(copy);
    unsigned said = 0, accepted = 0;

    CHECK_TEXT(trial_judge(&trial, copy, MINTED_AT_S), "accepted");
    const struct troth_span first = result_json(wanted);

    for (size_t at = 0; at < copy.len; at++) {
        bytes[at] ^= (uint8_t)(1U << at % 8);
        (void)trial_judge(&trial, copy, MINTED_AT_S);
        bool is_accepted = trial.result.answer == TROTH_ACCEPTED;

        accepted += is_accepted;
        check_place(!is_accepted || (at >= chain && same(result_json(seen), first)),
                    "flipped", at, &said);
        bytes[at] ^= (uint8_t)(1U << at % 8);
    }
    printf("# %u of %zu bytes say nothing\n", accepted, copy.len);
    CHECK_TEXT(trial_judge(&trial, copy, MINTED_AT_S), "accepted");
}

/* Whoever reads beyond the end is caught by the sanitizer. */
static void cut_quote(struct troth_span quote)
{
    unsigned said = 0;

    for (size_t len = 0; len < quote.len; len++) {
        struct sim_bytes copy = {0};

        sim_bytes_append(&copy, (struct troth_span){quote.ptr, len});
        (void)trial_judge(&trial, sim_bytes_span(copy), MINTED_AT_S);
        check_place(trial.result.answer != TROTH_ACCEPTED, "cut", len, &said);
        sim_bytes_free(&copy);
    }
}

static void test_quotes(void)
{
    static const struct {
        enum sim_intel_kind kind;
        size_t signed_len, qe_len; /* up to the signature data; its parts' sizes */
    } kinds[] = {
        {SIM_SGX_V3, 48 + 384, 0},
        {SIM_TDX_V4, 48 + 584, 6},
        {SIM_TDX_V5_TD15, 48 + 6 + 648, 6},
    };
    struct troth_arena arena = {malloc(TROTH_VERIFY_ARENA_SIZE), TROTH_VERIFY_ARENA_SIZE,
                                0};

    if (!arena.base)
        abort();
    for (size_t i = 0; i < COUNT(kinds); i++) {
        const size_t chain = kinds[i].signed_len + 4 + 64 + 64 + kinds[i].qe_len + 384 +
                             64 + 2 + 32 + 2 + 4;

        test_case("one bit of every byte of a quote [%zu]", i);
        struct troth_span quote = start(kinds[i].kind, NULL);

        arena.used = 0;
        prepare(&arena);
        flip_quote(quote, chain);
        test_case("every length of a quote [%zu]", i);
        cut_quote(quote);
    }
    trial_reset(&trial);
    free(arena.base);
}

/* The trial's item `i`, a bit of every stride-th byte changed in turn: none is accepted.
 */
static void flip_item(size_t i, struct troth_span quote, size_t stride)
{
    struct troth_collateral_item *item = &trial.items[i];
    struct troth_span *const parts[] = {&item->bytes, &item->signature};
    unsigned said = 0;

    for (size_t part = 0; part < COUNT(parts); part++) {
        struct troth_span copy = trial_keep(&trial, *parts[part]);
        uint8_t *bytes = writable(copy);

        *parts[part] = copy;
        for (size_t at = test_random_below(&random, (unsigned)stride); at < copy.len;
             at += stride) {
            bytes[at] ^= (uint8_t)(1U << at % 8);
            (void)trial_judge(&trial, quote, MINTED_AT_S);
            check_place(trial.result.answer != TROTH_ACCEPTED,
                        part ? "flipped in a signature" : "flipped", at, &said);
            bytes[at] ^= (uint8_t)(1U << at % 8);
        }
        for (size_t len = 0; len < copy.len; len += stride * 7) {
            parts[part]->len = len;
            (void)trial_judge(&trial, quote, MINTED_AT_S);
            check_place(trial.result.answer != TROTH_ACCEPTED, "cut", len, &said);
        }
        parts[part]->len = copy.len;
    }
}

static void out_of_date(void)
{
    sim_intel_set_status(&intel.doc, SIM_OUT_OF_DATE);
}

static void stale(void)
{
    intel.doc.tcb_info.next_update_s = MINTED_AT_S - 1;
}

static void revoked(void)
{
    sim_crl_revoke(&intel.doc.pck_crl, &intel.doc.certs[SIM_INTEL_PCK], MINTED_AT_S - 1);
}

static void signer_revoked(void)
{
    sim_crl_revoke(&intel.doc.root_crl, &intel.doc.certs[SIM_INTEL_TCB_SIGNER],
                   MINTED_AT_S - 1);
}

static void stated_by_pck(void)
{
    intel.doc.tcb_info_signing.key = intel.doc.certs[SIM_INTEL_PCK].key;
}

static void other_platform(void)
{
    intel.doc.tcb_info.fmspc[5] ^= 1;
}

static void other_enclave(void)
{
    intel.doc.quote.qe.isv_prod_id ^= 1;
}

static void false_root(void)
{
    sim_intel_set_key(&intel.doc, SIM_INTEL_ROOT,
                      sim_keyring_key(ring, SIM_KEY_P256, "stranger"));
}

/* Where nothing is accepted to begin with, some of the bytes will do. */
/* clang-format off */
static const struct {
    const char *why;
    void (*change)(void);
    size_t stride;
    const char *line;
} rows[] = {
    {"accepted", NULL, 1, "accepted"},
    {"out of date", out_of_date, 13, "refused: tcb_status"},
    {"stale", stale, 13, "refused: validity"},
    {"revoked", revoked, 13, "refused: revocation"},
    {"by a revoked signer", signer_revoked, 13, "refused: revocation"},
    {"stated by a PCK", stated_by_pck, 13, "refused: collateral ?tcb_status"},
    {"another platform's", other_platform, 13, "undetermined: ?collateral ?tcb_status"},
    {"another enclave's", other_enclave, 13, "refused: quoting_enclave"},
    {"under another root", false_root, 13, "refused: anchor ?chain ?revocation ?collateral ?quoting_enclave ?tcb_status"},
};
/* clang-format on */

static void test_collateral(void)
{
    for (size_t r = 0; r < COUNT(rows); r++) {
        struct troth_span quote = start(SIM_SGX_V3, rows[r].change);

        for (size_t i = 0; i < trial.item_count; i++) {
            test_case("collateral of what is %s, one bit of its bytes [%zu]", rows[r].why,
                      i);
            CHECK_TEXT(trial_judge(&trial, quote, MINTED_AT_S), rows[r].line);
            flip_item(i, quote, rows[r].stride);
        }
        CHECK_TEXT(trial_judge(&trial, quote, MINTED_AT_S), rows[r].line);
    }
}

int main(void)
{
    ring = sim_keyring_create(1);
    trial_begin(&trial);
    test_quotes();
    test_collateral();
    trial_end(&trial);
    sim_keyring_destroy(ring);
    return test_finish();
}
