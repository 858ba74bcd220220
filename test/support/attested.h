/*
 * attested.h - what both ends of a channel need in a test: a policy, minted evidence, and
 * the keys it vouches for.
 *
 * The evidence is a Nitro document of the simulator; its root is the one anchor beside
 * the built-in ones. All is of one moment, MINTED_AT_S.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_TEST_ATTESTED_H
#define TROTH_TEST_ATTESTED_H

#include "test/support/minted.h"
#include "troth/connection.h"

struct attested {
    struct trial trial; /* its cryptography and anchors */
    struct sim_keyring *ring;
    struct sim_nitro document;
    struct troth_arena arena;
    struct troth_channel_tools tools; /* without known evidence; a test may add it */
    int64_t now_s;
    /* Of each role: the key, its SubjectPublicKeyInfo, and the last evidence. */
    const struct sim_key *keys[TROTH_SERVER + 1];
    struct sim_bytes infos[TROTH_SERVER + 1], evidence[TROTH_SERVER + 1];
    uint8_t nonces[TROTH_SERVER + 1][TROTH_CHALLENGE_SIZE];
    struct troth_proof proof; /* the last one */
    uint8_t signature[64];    /* the last one */
    bool gives_none;          /* CANNOT is the answer to every request */
    bool sends_none;          /* requests stay unanswered */
    unsigned minted;          /* documents so far */
};

/* With the policy that takes any image on any machine. */
void attested_begin(struct attested *a);
void attested_end(struct attested *a);

/* A proof as it should be; it lives until the next for that role. */
const struct troth_proof *attested_prove(struct attested *a,
                                         const struct troth_proof_request *request);
struct troth_span attested_sign(struct attested *a, enum troth_role role,
                                struct troth_span binding);

/* Another policy, and so another generation. */
void attested_set_policy(struct attested *a, const char *yaml);

/* Step, and answer what the connection wants, until it wants only its socket. */
enum troth_connection_phase attested_step(struct attested *a,
                                          struct troth_connection *connection,
                                          enum troth_role role);

#endif
