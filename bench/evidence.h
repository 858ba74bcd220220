/* evidence.h - distinct documents and reports to measure on, all accepted. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_BENCH_EVIDENCE_H
#define TROTH_BENCH_EVIDENCE_H

#include "evidence/nitro/nitro.h"
#include "evidence/snp/snp.h"
#include "troth/collateral.h"
#include "troth/verify.h"

#define BENCH_PIECES 64
#define BENCH_TIME_S 1767225600 /* 2026-01-01T00:00:00Z */

/* Minted by the simulator from one seed, so every run measures the same bytes. */
struct bench_evidence {
    struct troth_span nitro[BENCH_PIECES];
    struct troth_nitro nitro_fields[BENCH_PIECES];
    struct troth_span snp[BENCH_PIECES];
    struct troth_collateral_item snp_collateral[BENCH_PIECES][3]; /* VCEK, ASK, list */
    struct troth_span ark, ask, crl;
    struct troth_anchor anchors[2]; /* Nitro's root, AMD's */
    struct troth_anchor pinned_ask; /* AMD's signing key as the product has it built in */
};

/* Exits with a message if anything cannot be made. Never freed. */
const struct bench_evidence *bench_evidence_make(const struct troth_crypto *crypto);

#endif
