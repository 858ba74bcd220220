/*
 * minted.h - evidence from the simulator before troth_verify().
 *
 * All of it is of one moment and of one seed. Its roots are given as custom anchors, so
 * an accepted result is always a simulated one.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_TEST_MINTED_H
#define TROTH_TEST_MINTED_H

#include "sim/intel.h"
#include "sim/nitro.h"
#include "sim/snp.h"
#include "test/support/trial.h"

#define MINTED_AT_S 1767225600 /* 2026-01-01T00:00:00Z */

/* Copies until the trial is reset, and frees the original. */
struct troth_span minted_keep(struct trial *t, struct sim_bytes bytes);

/* The document's root becomes an anchor; returns the document. */
struct troth_span minted_nitro(struct trial *t, const struct sim_nitro *doc);

/* The report's ARK becomes an anchor; its issuer, certificate and list collateral. */
struct troth_span minted_snp(struct trial *t, const struct sim_snp *doc);

/* The quote's root becomes an anchor; all it takes beside the quote collateral. */
struct troth_span minted_intel(struct trial *t, const struct sim_intel *doc);

/* One more piece of collateral, as troth_collateral_read() would have unpacked it; takes
 * both. The signature is empty but for Intel's JSON. */
void minted_add(struct trial *t, enum troth_collateral_kind kind, struct sim_bytes bytes,
                struct sim_bytes signature);

/* Those of Intel's collateral that are not certificates or lists. */
void minted_add_tcb_info(struct trial *t, const struct sim_intel *doc);
void minted_add_qe_identity(struct trial *t, const struct sim_intel *doc);

#endif
