/*
 * mint_set.h - claims that minted evidence is to make: --set CLAIM=VALUE.
 *
 * Claims have the names of docs/claims.md; bytes are hex, of the field's size, numbers
 * decimal or hex after 0x. What cannot be set so ends the program.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_SIM_MINT_SET_H
#define TROTH_SIM_MINT_SET_H

#include "sim/intel.h"
#include "sim/mint.h"
#include "sim/nitro.h"
#include "sim/snp.h"

/* nonce, nitro.user_data, nitro.public_key, nitro.pcr0 to nitro.pcr31. */
void mint_set_nitro(struct sim_nitro *doc, const struct mint_order *order);

/* nonce, and the fields of SIM_SNP_REPORT; the certificate follows the reported TCB. */
void mint_set_snp(struct sim_snp *doc, const struct mint_order *order);

/* nonce, tcb.status, and the fields of the enclave's or trust domain's report. */
void mint_set_intel(struct sim_intel *doc, const struct mint_order *order);

#endif
