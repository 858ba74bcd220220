/*
 * peer.h - the same work done with OpenSSL's objects, as most verifiers do it:
 * d2i_X509, X509_verify_cert, EVP_DigestVerify.
 *
 * It is spared what ours does besides: the evidence comes already split into its fields,
 * and nothing but signatures, chain and revocation is judged.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_BENCH_PEER_H
#define TROTH_BENCH_PEER_H

#include "bench/evidence.h"

/* `warm`: the issuers' certificates are parsed, checked and trusted beforehand. */
void *bench_peer_nitro_create(const struct bench_evidence *evidence, bool warm);
bool bench_peer_nitro_run(void *state, size_t i);
void *bench_peer_snp_create(const struct bench_evidence *evidence, bool warm);
bool bench_peer_snp_run(void *state, size_t i);

#endif
