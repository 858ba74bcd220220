/* quotes.h - sets of Intel quotes with collateral to measure on, all accepted. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_BENCH_QUOTES_H
#define TROTH_BENCH_QUOTES_H

#include <stdbool.h>

#include "troth/verify.h"

#define BENCH_PLATFORMS 64

struct bench_quote {
    struct troth_span quote;
    const struct troth_collateral_item *items; /* as troth_collateral_read() has them */
    const struct troth_collateral_item *prepared; /* the same, parsed */
    size_t item_count;
};

struct bench_quotes {
    bool is_tdx;
    size_t count;
    struct bench_quote rows[BENCH_PLATFORMS];
    const struct troth_anchors *anchors; /* NULL: the built-in ones */
    struct troth_names allow;            /* findings of a genuine one */
    int64_t time_s;
};

/* Which of the genuine ones. */
enum bench_genuine { BENCH_SGX_V3, BENCH_TDX_V4, BENCH_TDX_V5, BENCH_GENUINE };

/* All of them exit with a message if anything cannot be made, and are never freed. One
 * seed decides what is minted, so every run measures the same bytes. */
const struct bench_quotes *bench_quotes_mint(const struct troth_crypto *crypto,
                                             bool is_tdx);

/* One quote, at a time when all its collateral holds; NULL where there are no vectors. */
const struct bench_quotes *bench_quotes_genuine(const struct troth_crypto *crypto,
                                                enum bench_genuine which);

/* The TCB info among a row's collateral. */
struct troth_span bench_quote_tcb_info(const struct bench_quote *row);

#endif
