/*
 * channel_party.h - one side of an attested channel, as a benchmark needs it.
 *
 * The prover is the real one; its device is the simulator's Nitro, called in process. A
 * party serves either role and one thread.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_BENCH_CHANNEL_PARTY_H
#define TROTH_BENCH_CHANNEL_PARTY_H

#include <openssl/ssl.h>

#include "prover/mint.h"
#include "service/proof_source.h"
#include "test/support/attested.h"
#include "test/support/tls_authority.h"
#include "troth/prover.h"

/* What all parties of a run share: the server's certificate for TLS. */
struct bench_certificate {
    struct tls_authority authority;
    struct tls_certificate leaf;
};

struct bench_party {
    struct attested world;
    struct troth_prover *prover;
    struct troth_proof proof;
    struct troth_mint wanted;
    struct troth_tls *tls[TROTH_SERVER + 1]; /* by role */
    SSL_CTX *plain[TROTH_SERVER + 1];        /* the same without attestation */
    struct troth_known known;
    uint8_t *known_memory;
    struct troth_cache cache;
    struct troth_cache_entry *cache_entries;
    struct troth_proof_source source; /* the same prover, for a relay */
};

/* Exits if anything cannot be made. Never freed. */
struct bench_party *bench_party_create(const struct bench_certificate *certificate);

/* Evidence that was accepted before is not known any more. */
void bench_party_forget(struct bench_party *party);

/* A document, minted and thrown away: what the simulator takes for one. */
bool bench_party_mint(struct bench_party *party);

/* Step, and answer what the connection wants, until it wants only its socket. */
enum troth_connection_phase bench_party_step(struct bench_party *party,
                                             struct troth_connection *connection,
                                             enum troth_role role);

#endif
