/* SPDX-License-Identifier: Apache-2.0 */
#include "test/support/attested.h"

#include <stdlib.h>
#include <string.h>

#include "channel/commitment.h"
#include "test/harness.h"
#include "test/support/policy.h"

static const char any_policy[] =
    "{policy: attested, accept: [nitro], images: any, machines: any}";

static void begin_role(struct attested *a, enum troth_role role)
{
    a->keys[role] = sim_keyring_key(a->ring, SIM_KEY_P256, troth_role_name(role));
    a->infos[role] = sim_key_info(a->keys[role]);
}

void attested_begin(struct attested *a)
{
    *a = (struct attested){.now_s = MINTED_AT_S};
    trial_begin(&a->trial);
    a->ring = sim_keyring_create(5);
    sim_nitro_default(&a->document, a->ring, 1, MINTED_AT_S);
    (void)minted_nitro(&a->trial, &a->document);
    begin_role(a, TROTH_CLIENT);
    begin_role(a, TROTH_SERVER);

    uint8_t *room = malloc(TROTH_CHANNEL_ARENA_SIZE);

    if (!room)
        abort();
    a->arena = (struct troth_arena){room, TROTH_CHANNEL_ARENA_SIZE, 0};
    a->tools = (struct troth_channel_tools){.crypto = &a->trial.crypto,
                                            .policy = test_policy(any_policy),
                                            .anchors = &a->trial.anchors,
                                            .generation = 1,
                                            .arena = &a->arena};
}

void attested_end(struct attested *a)
{
    for (int role = TROTH_CLIENT; role <= TROTH_SERVER; role++) {
        sim_bytes_free(&a->infos[role]);
        sim_bytes_free(&a->evidence[role]);
    }
    free(a->arena.base);
    sim_keyring_destroy(a->ring);
    trial_end(&a->trial);
}

static void mint(struct attested *a, enum troth_role role, struct troth_span binding)
{
    sim_nitro_set_optional(&a->document.user_data, binding);
    sim_bytes_free(&a->evidence[role]);
    a->evidence[role] = sim_nitro_mint(&a->document);
    a->proof.evidence = sim_bytes_span(a->evidence[role]);
    a->minted++;
}

static bool is_held(const struct troth_proof_request *request,
                    const uint8_t digest[static 32])
{
    for (size_t at = 0; at + 32 <= request->held.len; at += 32)
        if (memcmp(request->held.ptr + at, digest, 32) == 0)
            return true;
    return false;
}

static void prove_epoch(struct attested *a, const struct troth_proof_request *request)
{
    enum troth_role role = request->role;
    struct troth_proof *proof = &a->proof;
    uint8_t binding[TROTH_BINDING_SIZE];

    proof->key = sim_bytes_span(a->infos[role]);
    proof->epoch_s = (uint64_t)MINTED_AT_S;
    proof->nonce = (struct troth_span){a->nonces[role], TROTH_CHALLENGE_SIZE};
    proof->evidence = sim_bytes_span(a->evidence[role]);
    CHECK_ERR(troth_digest(&a->trial.crypto, proof->evidence_sha256, TROTH_SHA256,
                           proof->evidence),
              TROTH_OK);
    proof->is_held = is_held(request, proof->evidence_sha256);
    if (proof->is_held)
        return;
    memcpy(a->nonces[role], request->challenge.ptr, TROTH_CHALLENGE_SIZE);
    CHECK_ERR(troth_key_commitment_compute(binding, &a->trial.crypto, role, proof),
              TROTH_OK);
    mint(a, role, (struct troth_span){binding, sizeof binding});
    CHECK_ERR(troth_digest(&a->trial.crypto, proof->evidence_sha256, TROTH_SHA256,
                           proof->evidence),
              TROTH_OK);
}

const struct troth_proof *attested_prove(struct attested *a,
                                         const struct troth_proof_request *request)
{
    a->proof = (struct troth_proof){.level = request->level};
    if (request->level == TROTH_LEVEL_EPOCH)
        prove_epoch(a, request);
    else
        mint(a, request->role, request->binding);
    return &a->proof;
}

struct troth_span attested_sign(struct attested *a, enum troth_role role,
                                struct troth_span binding)
{
    struct sim_bytes raw = sim_key_sign_raw(a->keys[role], binding);

    memcpy(a->signature, raw.ptr, sizeof a->signature);
    sim_bytes_free(&raw);
    return (struct troth_span){a->signature, sizeof a->signature};
}

void attested_set_policy(struct attested *a, const char *yaml)
{
    a->tools.policy = test_policy(yaml);
    a->tools.generation++;
}

static bool answer(struct attested *a, struct troth_connection *connection,
                   enum troth_role role)
{
    unsigned wants = troth_connection_wants(connection);

    if (wants & TROTH_WANT_PROOF && !a->sends_none)
        troth_connection_prove(
            connection,
            a->gives_none ? NULL
                          : attested_prove(a, troth_connection_request(connection)),
            TROTH_REASON_CANNOT);
    else if (wants & TROTH_WANT_SIGNATURE)
        troth_connection_signed(
            connection, attested_sign(a, role, troth_connection_to_sign(connection)));
    else if (wants & TROTH_WANT_COLLATERAL)
        troth_connection_looked(connection);
    else
        return false;
    return true;
}

enum troth_connection_phase attested_step(struct attested *a,
                                          struct troth_connection *connection,
                                          enum troth_role role)
{
    enum troth_connection_phase phase;

    do
        phase = troth_connection_step(connection, &a->tools, a->now_s);
    while (answer(a, connection, role));
    return phase;
}
