/* SPDX-License-Identifier: Apache-2.0 */
/* Each check of a peer's proof, broken alone. */
#include <string.h>

#include "channel/commitment.h"
#include "channel/frame.h"
#include "channel/machine.h"
#include "test/harness.h"
#include "test/support/channel_pair.h"
#include "test/support/policy.h"

static struct channel_world world;
static struct channel_pair pair;

/* The server's proof; what it says is said by somebody who has the server's key. */
static uint8_t room[64], signature[64];

static void sign_anew(struct troth_proof_frame *frame)
{
    const struct troth_machine *client = (struct troth_machine *)&pair.client.channel;
    uint8_t binding[TROTH_BINDING_SIZE];
    struct troth_commitment commitment = {
        .role = TROTH_SERVER,
        .level = TROTH_LEVEL_EPOCH,
        .client_certificate = troth_leaf_span(&client->own_leaf),
        .server_certificate = troth_leaf_span(&client->peer_leaf),
        .evidence = TROTH_ARRAY_SPAN(frame->proof.evidence_sha256),
    };

    memcpy(commitment.frames, client->transcript, sizeof commitment.frames);
    channel_side_export(&pair.client, commitment.exporter,
                        (struct troth_span)TROTH_ARRAY_SPAN(client->challenge));
    CHECK_ERR(troth_commitment_compute(binding, &world.trial.crypto, &commitment),
              TROTH_OK);
    channel_side_sign(&pair.server, signature,
                      (struct troth_span)TROTH_ARRAY_SPAN(binding));
    frame->signature = (struct troth_span)TROTH_ARRAY_SPAN(signature);
}

/* Evidence for what the proof says, by the server's machine. */
static void mint_anew(struct troth_proof_frame *frame, enum troth_role role)
{
    uint8_t binding[TROTH_BINDING_SIZE];

    CHECK_ERR(
        troth_key_commitment_compute(binding, &world.trial.crypto, role, &frame->proof),
        TROTH_OK);
    frame->proof.evidence = channel_world_mint(
        &world, pair.server.machine, (struct troth_span)TROTH_ARRAY_SPAN(binding));
    CHECK_ERR(troth_digest(&world.trial.crypto, frame->proof.evidence_sha256,
                           TROTH_SHA256, frame->proof.evidence),
              TROTH_OK);
    sign_anew(frame);
}

typedef void bend(struct troth_proof_frame *frame, const void *context);

static void bend_nothing(struct troth_proof_frame *frame, const void *unused)
{
    (void)unused;
    mint_anew(frame, TROTH_SERVER);
}

static void bend_role(struct troth_proof_frame *frame, const void *unused)
{
    (void)unused;
    frame->role = TROTH_CLIENT;
}

static void bend_to_strict(struct troth_proof_frame *frame, const void *unused)
{
    (void)unused;
    frame->proof.level = TROTH_LEVEL_STRICT;
    frame->signature.len = 0;
}

static void bend_to_epoch(struct troth_proof_frame *frame, const void *unused)
{
    (void)unused;
    frame->proof.level = TROTH_LEVEL_EPOCH;
    frame->proof.key = sim_bytes_span(pair.server.key_info);
    frame->proof.epoch_s = pair.server.epoch_s;
    frame->proof.nonce = (struct troth_span)TROTH_ARRAY_SPAN(pair.client.terms.challenge);
    mint_anew(frame, TROTH_SERVER);
}

static void bend_digest(struct troth_proof_frame *frame, const void *unused)
{
    (void)unused;
    frame->proof.evidence_sha256[31] ^= 1;
}

static void bend_to_held(struct troth_proof_frame *frame, const void *unused)
{
    (void)unused;
    frame->proof.is_held = true;
}

static void bend_key_encoding(struct troth_proof_frame *frame, const void *unused)
{
    (void)unused;
    frame->proof.key.len--;
    mint_anew(frame, TROTH_SERVER);
}

static void bend_key_point(struct troth_proof_frame *frame, const void *unused)
{
    static uint8_t key[TROTH_PROOF_KEY_MAX];

    (void)unused;
    memcpy(key, frame->proof.key.ptr, frame->proof.key.len);
    key[frame->proof.key.len - 1] ^= 1; /* off the curve */
    frame->proof.key.ptr = key;
    mint_anew(frame, TROTH_SERVER);
}

static void bend_nonce(struct troth_proof_frame *frame, const void *unused)
{
    (void)unused;
    memcpy(room, frame->proof.nonce.ptr, frame->proof.nonce.len);
    room[31] ^= 1;
    frame->proof.nonce.ptr = room;
    mint_anew(frame, TROTH_SERVER);
}

static void bend_to_checkpoint(struct troth_proof_frame *frame, const void *unused)
{
    (void)unused;
    frame->proof.nonce.len = 0;
    frame->proof.checkpoint = channel_world_checkpoint(&world, 3, MINTED_AT_S);
    mint_anew(frame, TROTH_SERVER);
}

static void bend_evidence_role(struct troth_proof_frame *frame, const void *unused)
{
    (void)unused;
    mint_anew(frame, TROTH_CLIENT);
}

static void bend_epoch(struct troth_proof_frame *frame, const void *unused)
{
    (void)unused;
    frame->proof.epoch_s++;
}

static void bend_key(struct troth_proof_frame *frame, const void *unused)
{
    static struct sim_bytes other;

    (void)unused;
    sim_bytes_free(&other);
    other = sim_key_info(sim_keyring_key(world.ring, SIM_KEY_P256, "another"));
    frame->proof.key = sim_bytes_span(other);
}

static void bend_signature(struct troth_proof_frame *frame, const void *unused)
{
    (void)unused;
    memcpy(room, frame->signature.ptr, 64);
    room[63] ^= 1;
    frame->signature.ptr = room;
}

static void bend_signature_to_zero(struct troth_proof_frame *frame, const void *unused)
{
    (void)unused;
    memset(room, 0, sizeof room);
    frame->signature.ptr = room;
}

static void bend_evidence(struct troth_proof_frame *frame, const void *unused)
{
    (void)unused;
    frame->proof.evidence = test_text("no evidence at all");
    CHECK_ERR(troth_digest(&world.trial.crypto, frame->proof.evidence_sha256,
                           TROTH_SHA256, frame->proof.evidence),
              TROTH_OK);
}

static void bend_collateral(struct troth_proof_frame *frame, const void *unused)
{
    (void)unused;
    frame->proof.collateral = test_text("no collateral at all");
}

/* A strict proof in which the evidence is over other 64 bytes. */
static void bend_report_data(struct troth_proof_frame *frame, const void *unused)
{
    static const uint8_t other[64] = {1};

    (void)unused;
    frame->proof.evidence = channel_world_mint(
        &world, pair.server.machine, (struct troth_span)TROTH_ARRAY_SPAN(other));
}

static size_t tamper(struct channel_pair *in, const struct channel_side *sender,
                     uint8_t *frame, size_t len, size_t size)
{
    bend *const *way = in->context;

    if (sender != &in->server || frame[0] != TROTH_FRAME_PROOF || !*way)
        return len;
    return channel_rewrite_proof(frame, len, size, *way, NULL);
}

static void begin(enum troth_level asks)
{
    channel_pair_begin(&pair, &world, CHANNEL_NITRO);
    pair.client.terms.asks = asks;
}

static void break_proofs(void)
{
    enum { EPOCH = TROTH_LEVEL_EPOCH, STRICT = TROTH_LEVEL_STRICT };
    static const struct {
        const char *why;
        int level;
        bend *way;
        const char *state;
        const char *verdict;
    } rows[] = {
        {"made anew as it was", EPOCH, bend_nothing, "open", "accepted"},
        {"the client's role", EPOCH, bend_role, "role", ""},
        {"the client's role, strict", STRICT, bend_role, "role", ""},
        {"strict where epoch was asked", EPOCH, bend_to_strict, "level", ""},
        {"epoch where strict was asked", STRICT, bend_to_epoch, "level", ""},
        {"another digest than the evidence's", EPOCH, bend_digest,
         "frame at proof.digest", ""},
        {"evidence that was not offered", EPOCH, bend_to_held, "unknown", ""},
        {"a key a byte short", EPOCH, bend_key_encoding, "key", ""},
        {"a key off the curve", EPOCH, bend_key_point, "key", "accepted"},
        {"another verifier's nonce", EPOCH, bend_nonce, "stale", ""},
        {"a checkpoint that was not asked for", EPOCH, bend_to_checkpoint, "checkpoint",
         ""},
        {"evidence for a client", EPOCH, bend_evidence_role, "evidence",
         "refused: nonce"},
        {"evidence of another epoch", EPOCH, bend_epoch, "evidence", "refused: nonce"},
        {"evidence for another key", EPOCH, bend_key, "evidence", "refused: nonce"},
        {"a signature that is wrong", EPOCH, bend_signature, "signature", "accepted"},
        {"a signature of zeros", EPOCH, bend_signature_to_zero, "signature", "accepted"},
        {"no evidence at all", EPOCH, bend_evidence, "undetermined at evidence", ""},
        {"no evidence at all, strict", STRICT, bend_evidence, "undetermined at evidence",
         ""},
        {"no collateral at all", EPOCH, bend_collateral, "undetermined at collateral",
         ""},
        {"evidence over something else", STRICT, bend_report_data, "evidence",
         "refused: nonce"},
    };

    for (size_t i = 0; i < COUNT(rows); i++) {
        test_case("the server's proof: %s", rows[i].why);
        begin((enum troth_level)rows[i].level);
        pair.tamper = tamper;
        pair.context = &rows[i].way;
        channel_pair_run(&pair);
        CHECK_TEXT(channel_side_state(&pair.client), rows[i].state);
        CHECK_TEXT(pair.client.verdict, rows[i].verdict);
        CHECK_INT(pair.client.is_accepted, pair.server.is_accepted);
        channel_pair_end(&pair);
    }
}

/* What is right in itself, and of another connection. */
static void break_connections(void)
{
    static const char *const expected[TROTH_LEVEL_COUNT][2] = {
        [TROTH_LEVEL_EPOCH] = {"signature", "accepted"},
        [TROTH_LEVEL_STRICT] = {"evidence", "refused: nonce"},
    };
    static const char *const whys[] = {"another TLS", "another server's certificate",
                                       "another client's certificate"};

    for (int level = TROTH_LEVEL_EPOCH; level < TROTH_LEVEL_COUNT; level++)
        for (size_t what = 0; what < COUNT(whys); what++) {
            test_case("%s: %s", troth_level_name((enum troth_level)level), whys[what]);
            begin((enum troth_level)level);
            if (what == 0)
                pair.server.tls[0] ^= 1;
            else if (what == 1)
                pair.server.terms.own_certificate = test_text("another");
            else
                pair.server.terms.peer_certificate = (struct troth_span){NULL, 0};
            channel_pair_run(&pair);
            CHECK_TEXT(channel_side_state(&pair.client), expected[level][0]);
            CHECK_TEXT(pair.client.verdict, expected[level][1]);
            CHECK(pair.server.peer_reason == pair.client.reason);
            channel_pair_end(&pair);
        }
}

static void try_times(void)
{
    static const struct {
        const char *why;
        uint64_t epoch_s;
        int64_t checkpoint_s; /* 0: a nonce */
        size_t witnesses;
        const char *state;
    } rows[] = {
#define NOW ((uint64_t)MINTED_AT_S)
        {"an epoch a minute ahead", NOW + 60, 0, 0, "open"},
        {"an epoch more than a minute ahead", NOW + 61, 0, 0, "future"},
        {"an epoch at the end of time", UINT64_MAX, 0, 0, "future"},
        {"an epoch as old as may be", NOW - 3600, 0, 0, "open"},
        {"an epoch older than that", NOW - 3601, 0, 0, "stale"},
        {"an epoch at the beginning of time", 0, 0, 0, "stale"},
        {"a checkpoint a minute ahead", NOW, MINTED_AT_S + 60, 2, "open"},
        {"a checkpoint more than a minute ahead", NOW, MINTED_AT_S + 61, 2, "future"},
        {"a checkpoint as old as may be", NOW, MINTED_AT_S - 3600, 2, "open"},
        {"a checkpoint older than that", NOW, MINTED_AT_S - 3601, 2, "stale"},
        {"a checkpoint of one witness", NOW, MINTED_AT_S, 1,
         "checkpoint at checkpoint.cosignatures"},
        {"a checkpoint of the log alone", NOW, MINTED_AT_S, 0,
         "checkpoint at checkpoint.cosignatures"},
#undef NOW
    };

    for (size_t i = 0; i < COUNT(rows); i++) {
        test_case("times: %s", rows[i].why);
        begin(TROTH_LEVEL_EPOCH);
        pair.server.epoch_s = rows[i].epoch_s;
        if (rows[i].checkpoint_s) {
            pair.client.tools.witnesses = &world.witnesses;
            pair.server.checkpoint = channel_world_checkpoint(&world, rows[i].witnesses,
                                                              rows[i].checkpoint_s);
        }
        channel_pair_run(&pair);
        CHECK_TEXT(channel_side_state(&pair.client), rows[i].state);
        channel_pair_end(&pair);
    }
    test_case("times: a shorter longest age");
    begin(TROTH_LEVEL_EPOCH);
    pair.client.terms.max_age_s = 99;
    channel_pair_run(&pair);
    CHECK_TEXT(channel_side_state(&pair.client), "stale");
    channel_pair_end(&pair);
}

static void hold_to_policy(void)
{
    static const struct {
        const char *why, *policy, *state, *verdict;
    } rows[] = {
        {"another kind", "{policy: p, accept: [tdx], images: any, machines: any}",
         "evidence", "refused: kind ?measurement ?nonce"},
        {"a rule",
         "{policy: p, accept: [nitro], images: any, machines: any, rules: "
         "[no: nitro.module_id == 'x']}",
         "evidence", "refused: rule"},
        {"its own max_age, which the nonce is in",
         "{policy: p, accept: [nitro], images: any, machines: any, max_age: 5m}", "open",
         "accepted"},
    };

    for (size_t i = 0; i < COUNT(rows); i++) {
        test_case("the policy refuses: %s", rows[i].why);
        begin(TROTH_LEVEL_STRICT);
        pair.client.tools.policy = test_policy(rows[i].policy);
        channel_pair_run(&pair);
        CHECK_TEXT(channel_side_state(&pair.client), rows[i].state);
        CHECK_TEXT(pair.client.verdict, rows[i].verdict);
        channel_pair_end(&pair);
    }
    test_case("the policy's max_age, where witnesses are a little ahead");
    channel_pair_begin(&pair, &world, CHANNEL_TDX);
    pair.client.terms.asks = TROTH_LEVEL_EPOCH;
    pair.client.tools.witnesses = &world.witnesses;
    pair.client.tools.policy = test_policy(
        "{policy: p, accept: [tdx], images: any, machines: any, max_age: 5m}");
    pair.server.checkpoint = channel_world_checkpoint(&world, 2, MINTED_AT_S + 60);
    channel_pair_run(&pair);
    CHECK_TEXT(channel_side_state(&pair.client), "open");
    channel_pair_end(&pair);

    test_case("there is no policy");
    begin(TROTH_LEVEL_STRICT);
    pair.client.tools.policy = NULL;
    channel_pair_run(&pair);
    CHECK_TEXT(channel_pair_state(&pair), "internal, peer internal");
    channel_pair_end(&pair);
}

int main(void)
{
    channel_world_begin(&world);
    break_proofs();
    break_connections();
    try_times();
    hold_to_policy();
    channel_world_end(&world);
    return test_finish();
}
