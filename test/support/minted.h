/*
 * minted.h - evidence from the simulator before troth_verify().
 *
 * All of it is of one moment and of one seed. Its roots are given as custom anchors, so
 * an accepted result is always a simulated one.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_TEST_MINTED_H
#define TROTH_TEST_MINTED_H

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

#endif
