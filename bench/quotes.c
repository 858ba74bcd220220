/* SPDX-License-Identifier: Apache-2.0 */
#include "bench/quotes.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/intel_bundle.h"
#include "test/harness.h"

#define MINT_TIME_S 1767225600 /* 2026-01-01T00:00:00Z */

/* clang-format off */
static const struct {
    bool is_tdx;
    int64_t time_s;
    const char *quote;
    const char *collateral[5]; /* up to the first NULL */
    const char *allow; /* the finding that it has, if any */
} genuine[BENCH_GENUINE] = {
    [BENCH_SGX_V3] = {false, 1751624924, "sgx/phala_sgx_v3_quote.bin",
                      {"sgx/phala_sgx_v3_collateral.json"},
                      "ConfigurationAndSWHardeningNeeded"},
    [BENCH_TDX_V4] = {true, 1751624191, "tdx/phala_tdx_v4_quote.bin",
                      {"tdx/phala_tdx_v4_collateral.json"}},
    [BENCH_TDX_V5] = {true, 1750768918, "tdx/automata_rust_tdx_v5_quote.bin",
                      {"tdx/automata_0625_tcbinfov3_90C06F000000.json",
                       "tdx/automata_0625_qe_td.json",
                       "sgx/automata_pck_platform_crl_0625.der",
                       "sgx/automata_root_ca_crl.der", "sgx/automata_tcb_signing.der"},
                      "service_td"},
};
/* clang-format on */

static void need(enum troth_err err, const char *what)
{
    if (err) {
        fprintf(stderr, "bench: %s: %s\n", what, troth_err_text(err));
        exit(2);
    }
}

/* Zeroed memory that is never given back; there is nothing to do without it. */
static void *keep(size_t count, size_t size)
{
    void *memory = calloc(count, size);

    if (!memory)
        exit(2);
    return memory;
}

static struct troth_arena new_arena(size_t size)
{
    return (struct troth_arena){keep(1, size), size, 0};
}

static void unpack(struct troth_collateral_item *items, size_t *count,
                   struct troth_span file, const char *what)
{
    struct troth_arena arena = new_arena(TROTH_COLLATERAL_ROOM(file.len));

    need(troth_collateral_read(items, count, NULL, file, &arena), what);
}

/* A row's collateral twice: as it was read, and parsed. */
static void set_items(struct bench_quote *row, const struct troth_crypto *crypto,
                      const struct troth_collateral_item *items, size_t count)
{
    struct troth_arena arena = new_arena(TROTH_PREPARE_ARENA_SIZE);
    struct troth_collateral_item *prepared = keep(TROTH_COLLATERAL_MAX, sizeof *prepared);

    memcpy(prepared, items, count * sizeof *prepared);
    need(troth_collateral_prepare(prepared, count, NULL, NULL, crypto, &arena),
         "collateral");
    row->items = items;
    row->prepared = prepared;
    row->item_count = count;
}

static const struct troth_anchors *mint_anchors(const struct sim_intel *doc,
                                                const struct troth_crypto *crypto)
{
    struct troth_anchor *root = keep(1, sizeof *root);
    struct troth_anchors *anchors = keep(1, sizeof *anchors);
    struct troth_span der = sim_bytes_span(sim_intel_mint_cert(doc, SIM_INTEL_ROOT));

    need(troth_anchor_from_certificate(root, NULL, crypto, der), "Intel root");
    *anchors = (struct troth_anchors){root, 1};
    return anchors;
}

const struct bench_quotes *bench_quotes_mint(const struct troth_crypto *crypto,
                                             bool is_tdx)
{
    struct sim_keyring *ring = sim_keyring_create(1);
    struct sim_intel *doc = keep(1, sizeof *doc);
    struct bench_quotes *set = keep(1, sizeof *set);
    struct troth_span bundle = {NULL, 0};

    *set = (struct bench_quotes){
        .is_tdx = is_tdx, .count = BENCH_PLATFORMS, .time_s = MINT_TIME_S};
    for (unsigned i = 0; i < BENCH_PLATFORMS; i++) {
        struct bench_quote *row = &set->rows[i];

        sim_intel_default(doc, ring, is_tdx ? SIM_TDX_V4 : SIM_SGX_V3, i, MINT_TIME_S);
        if (i == 0)
            set->anchors = mint_anchors(doc, crypto);

        struct troth_span next = sim_bytes_span(sim_intel_bundle(doc));

        /* Platforms of one kind share it. */
        if (i > 0 && next.len == bundle.len && !memcmp(next.ptr, bundle.ptr, next.len)) {
            *row = row[-1];
        } else {
            struct troth_collateral_item *items = keep(TROTH_COLLATERAL_MAX,
                                                       sizeof *items);
            size_t count = 0;

            unpack(items, &count, next, "bundle");
            set_items(row, crypto, items, count);
        }
        bundle = next;
        row->quote = sim_bytes_span(sim_intel_mint(doc));
    }
    free(doc);
    sim_keyring_destroy(ring);
    return set;
}

const struct bench_quotes *bench_quotes_genuine(const struct troth_crypto *crypto,
                                                enum bench_genuine which)
{
    if (!test_vectors_dir())
        return NULL;

    struct troth_collateral_item *items = keep(TROTH_COLLATERAL_MAX, sizeof *items);
    struct bench_quotes *set = keep(1, sizeof *set);
    size_t count = 0;

    *set = (struct bench_quotes){
        .is_tdx = genuine[which].is_tdx, .count = 1, .time_s = genuine[which].time_s};
    if (genuine[which].allow) {
        struct troth_span *allow = keep(1, sizeof *allow);

        *allow = test_text(genuine[which].allow);
        set->allow = (struct troth_names){allow, 1};
    }
    set->rows[0].quote = test_vector(genuine[which].quote);
    for (size_t i = 0;
         i < COUNT(genuine[which].collateral) && genuine[which].collateral[i]; i++)
        unpack(items, &count, test_vector(genuine[which].collateral[i]),
               genuine[which].collateral[i]);
    set_items(&set->rows[0], crypto, items, count);
    return set;
}

struct troth_span bench_quote_tcb_info(const struct bench_quote *row)
{
    for (size_t i = 0; i < row->item_count; i++)
        if (row->items[i].kind == TROTH_COLLATERAL_TCB_INFO)
            return row->items[i].bytes;
    return (struct troth_span){NULL, 0};
}
