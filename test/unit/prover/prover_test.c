/* SPDX-License-Identifier: Apache-2.0 */
#include "troth/prover.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "channel/commitment.h"
#include "pki/public_key.h"
#include "prover/mint.h"
#include "test/harness.h"
#include "test/unit/prover/stand_in.h"
#include "troth/provider.h"

#define NOW  ((int64_t)1900000000)
#define NOTE TROTH_LITERAL("log.example\n7\nroot\n\n- witness\n")

static struct troth_crypto crypto;
static struct troth_attester_fault fault;
static uint8_t challenges[3][TROTH_CHALLENGE_SIZE], bound[TROTH_BINDING_SIZE];

static struct troth_prover *create(int64_t epoch_s)
{
    const struct troth_prover_options options = {.crypto = &crypto, .epoch_s = epoch_s};
    struct troth_prover *prover = NULL;

    stand_in_reset();
    CHECK_ERR(troth_prover_create(&prover, &options), TROTH_OK);
    return prover;
}

static struct troth_proof_request ask(enum troth_role role, int which)
{
    return (struct troth_proof_request){
        .role = role,
        .level = TROTH_LEVEL_EPOCH,
        .challenge = {challenges[which], sizeof challenges[which]},
    };
}

static struct troth_proof_request ask_strict(void)
{
    return (struct troth_proof_request){.role = TROTH_SERVER,
                                        .level = TROTH_LEVEL_STRICT,
                                        .binding = {bound, sizeof bound}};
}

static enum troth_err prove(struct troth_prover *prover, struct troth_proof *out,
                            int64_t now_s, struct troth_proof_request request)
{
    return troth_prover_prove(prover, out, &fault, now_s, &request);
}

/* Is it this role's evidence, for this key, epoch, and nonce or checkpoint? */
static void check_epoch(const struct troth_proof *proof, enum troth_role role)
{
    uint8_t wanted[TROTH_BINDING_SIZE], digest[32];

    CHECK_INT(proof->level, TROTH_LEVEL_EPOCH);
    CHECK_INT(proof->key.len, TROTH_SPKI_P256_SIZE);
    CHECK_ERR(troth_key_commitment_compute(wanted, &crypto, role, proof), TROTH_OK);
    CHECK_SPAN(((struct troth_span){proof->evidence.ptr, 64}),
               ((struct troth_span){wanted, sizeof wanted}));
    CHECK_ERR(troth_digest(&crypto, digest, TROTH_SHA256, proof->evidence), TROTH_OK);
    CHECK(memcmp(digest, proof->evidence_sha256, sizeof digest) == 0);
}

static void test_nonce(void)
{
    struct troth_prover *prover = create(0);
    struct troth_proof_request request = ask(TROTH_SERVER, 0);
    struct troth_proof proof, other;
    uint8_t held[2 * 32];

    test_case("evidence is made for each challenge, and carries it");
    CHECK(troth_prover_needs_device(prover, NOW, &request));
    CHECK_ERR(prove(prover, &proof, NOW, request), TROTH_OK);
    check_epoch(&proof, TROTH_SERVER);
    CHECK_SPAN(proof.nonce, request.challenge);
    CHECK_INT(proof.checkpoint.len, 0);
    CHECK_INT(proof.epoch_s, NOW);
    CHECK(!proof.is_held);
    memset(held, 0, 32);
    memcpy(held + 32, proof.evidence_sha256, 32);
    CHECK_ERR(prove(prover, &other, NOW + 1, ask(TROTH_SERVER, 1)), TROTH_OK);
    check_epoch(&other, TROTH_SERVER);
    CHECK_SPAN(other.key, proof.key);
    CHECK_INT(stand_in.asked, 2);

    test_case("what the peer holds is not made again, and keeps its own nonce");
    request = ask(TROTH_SERVER, 2);
    request.held = (struct troth_span){held, sizeof held};
    CHECK(!troth_prover_needs_device(prover, NOW + 9, &request));
    CHECK_ERR(prove(prover, &proof, NOW + 9, request), TROTH_OK);
    CHECK(proof.is_held);
    CHECK(memcmp(proof.evidence_sha256, held + 32, 32) == 0);
    CHECK_SPAN(proof.nonce, ask(TROTH_SERVER, 0).challenge);
    CHECK_INT(stand_in.asked, 2);

    test_case("another role has another key, and holds nothing of this one");
    request.role = TROTH_CLIENT;
    CHECK_ERR(prove(prover, &other, NOW + 9, request), TROTH_OK);
    check_epoch(&other, TROTH_CLIENT);
    CHECK(!other.is_held);
    CHECK(memcmp(other.key.ptr, proof.key.ptr, proof.key.len) != 0);
    CHECK_INT(stand_in.asked, 3);

    test_case("a digest that nobody here made is made anew");
    request = ask(TROTH_SERVER, 2);
    request.held = (struct troth_span){held, 32};
    CHECK_ERR(prove(prover, &other, NOW + 9, request), TROTH_OK);
    CHECK(!other.is_held);
    troth_prover_destroy(prover);
    CHECK_INT(stand_in.released, stand_in.asked);
}

static void test_checkpoint(void)
{
    struct troth_prover *prover = create(0);
    struct troth_proof_request request = ask(TROTH_SERVER, 0);
    struct troth_proof proof;
    uint8_t digest[32], *note = malloc(NOTE.len);

    test_case("one piece of evidence a checkpoint serves all who take one");
    memcpy(note, NOTE.ptr, NOTE.len);
    CHECK_ERR(troth_prover_set_checkpoint(prover, (struct troth_span){note, NOTE.len}),
              TROTH_OK);
    free(note); /* it was copied */
    request.takes_checkpoint = true;
    CHECK_ERR(prove(prover, &proof, NOW, request), TROTH_OK);
    check_epoch(&proof, TROTH_SERVER);
    CHECK_SPAN(proof.checkpoint, NOTE);
    CHECK_INT(proof.nonce.len, 0);
    memcpy(digest, proof.evidence_sha256, 32);
    for (int i = 0; i < 3; i++) {
        request = ask(TROTH_SERVER, i);
        request.takes_checkpoint = true;
        CHECK(!troth_prover_needs_device(prover, NOW, &request));
        CHECK_ERR(prove(prover, &proof, NOW, request), TROTH_OK);
        CHECK(!proof.is_held && memcmp(digest, proof.evidence_sha256, 32) == 0);
    }
    CHECK_INT(stand_in.asked, 1);

    test_case("who takes none is given none");
    CHECK_ERR(prove(prover, &proof, NOW, ask(TROTH_SERVER, 1)), TROTH_OK);
    CHECK_SPAN(proof.nonce, ask(TROTH_SERVER, 1).challenge);
    CHECK_INT(proof.checkpoint.len, 0);

    test_case("the next checkpoint has evidence of its own; the old one is still held");
    CHECK_ERR(troth_prover_set_checkpoint(prover, TROTH_LITERAL("another note\n")),
              TROTH_OK);
    CHECK(troth_prover_needs_device(prover, NOW, &request));
    CHECK_ERR(prove(prover, &proof, NOW, request), TROTH_OK);
    check_epoch(&proof, TROTH_SERVER);
    CHECK_SPAN(proof.checkpoint, TROTH_LITERAL("another note\n"));
    request.held = (struct troth_span){digest, sizeof digest};
    CHECK_ERR(prove(prover, &proof, NOW, request), TROTH_OK);
    CHECK(proof.is_held);
    CHECK_SPAN(proof.checkpoint, NOTE);

    test_case("a flood of nonces does not push it out");
    for (int i = 0; i < 2 * TROTH_PROVER_KEPT_MAX; i++)
        CHECK_ERR(prove(prover, &proof, NOW, ask(TROTH_SERVER, i % 3)), TROTH_OK);
    request.held = (struct troth_span){NULL, 0};
    CHECK(!troth_prover_needs_device(prover, NOW, &request));

    test_case("a note that fits no proof is not taken");
    note = calloc(1, TROTH_PROOF_CHECKPOINT_MAX + 1);
    CHECK_ERR(troth_prover_set_checkpoint(
                  prover, (struct troth_span){note, TROTH_PROOF_CHECKPOINT_MAX + 1}),
              TROTH_ERR_LIMIT);
    CHECK_ERR(troth_prover_set_checkpoint(
                  prover, (struct troth_span){note, TROTH_PROOF_CHECKPOINT_MAX}),
              TROTH_OK);
    free(note);
    troth_prover_destroy(prover);
    CHECK_INT(stand_in.released, stand_in.asked);
}

static void test_strict(void)
{
    struct troth_prover *prover = create(0);
    const struct troth_proof_request request = ask_strict();
    struct troth_proof proof;

    test_case("strict: evidence with the connection's 64 bytes, each time anew");
    for (unsigned i = 1; i < 4; i++) {
        CHECK(troth_prover_needs_device(prover, NOW, &request));
        CHECK_ERR(prove(prover, &proof, NOW, request), TROTH_OK);
        CHECK_INT(proof.level, TROTH_LEVEL_STRICT);
        CHECK(memcmp(proof.evidence.ptr, bound, sizeof bound) == 0);
        CHECK_INT(proof.key.len + proof.nonce.len + proof.checkpoint.len, 0);
        CHECK_INT(stand_in.asked, i);
    }
    stand_in.collateral_len = 100;
    CHECK_ERR(prove(prover, &proof, NOW, request), TROTH_OK);
    CHECK_INT(proof.collateral.len, 100);
    troth_prover_destroy(prover);
    CHECK_INT(stand_in.released, stand_in.asked);
}

static void test_refused(void)
{
    static uint8_t held[5 * 32];
    const struct {
        const char *why;
        struct troth_proof_request request;
    } rows[] = {
        {"no role", {.level = TROTH_LEVEL_STRICT, .binding = {bound, 64}}},
        {"a third role",
         {.role = 3, .level = TROTH_LEVEL_STRICT, .binding = {bound, 64}}},
        {"no level", {.role = TROTH_SERVER, .binding = {bound, 64}}},
        {"a third level", {.role = TROTH_SERVER, .level = 3, .binding = {bound, 64}}},
        {"strict, 63 bytes",
         {.role = TROTH_SERVER, .level = TROTH_LEVEL_STRICT, .binding = {bound, 63}}},
        {"strict, no bytes but a challenge",
         {.role = TROTH_SERVER,
          .level = TROTH_LEVEL_STRICT,
          .challenge = {challenges[0], 32}}},
        {"epoch, no challenge", {.role = TROTH_SERVER, .level = TROTH_LEVEL_EPOCH}},
        {"epoch, 31 bytes",
         {.role = TROTH_SERVER,
          .level = TROTH_LEVEL_EPOCH,
          .challenge = {challenges[0], 31}}},
        {"half a digest held",
         {.role = TROTH_SERVER,
          .level = TROTH_LEVEL_EPOCH,
          .challenge = {challenges[0], 32},
          .held = {held, 48}}},
        {"five digests held",
         {.role = TROTH_SERVER,
          .level = TROTH_LEVEL_EPOCH,
          .challenge = {challenges[0], 32},
          .held = {held, sizeof held}}},
    };
    struct troth_prover *prover = create(0);
    struct troth_proof proof;

    for (size_t i = 0; i < COUNT(rows); i++) {
        test_case("refused: %s", rows[i].why);
        CHECK_ERR(prove(prover, &proof, NOW, rows[i].request), TROTH_ERR_VALUE);
        CHECK_INT(proof.level, TROTH_LEVEL_NONE);
        CHECK_INT(stand_in.asked, 0);
    }
    test_case("refused: a clock before 1970");
    CHECK_ERR(prove(prover, &proof, -1, ask_strict()), TROTH_ERR_VALUE);
    troth_prover_destroy(prover);
}

static void test_device(void)
{
    struct troth_prover *prover = create(0);
    struct troth_proof proof;

    test_case("a device that fails, and says how; later it works");
    stand_in.fails = EBUSY;
    CHECK_ERR(prove(prover, &proof, NOW, ask(TROTH_SERVER, 0)), TROTH_ERR_UNSUPPORTED);
    CHECK_INT(fault.error, EBUSY);
    CHECK_ERR(prove(prover, &proof, NOW, ask_strict()), TROTH_ERR_UNSUPPORTED);
    CHECK_INT(proof.level, TROTH_LEVEL_NONE);
    stand_in.fails = 0;
    CHECK_ERR(prove(prover, &proof, NOW, ask(TROTH_SERVER, 0)), TROTH_OK);
    CHECK_INT(fault.error, 0);

    test_case("evidence too long for a proof");
    stand_in.evidence_len = TROTH_PROOF_EVIDENCE_MAX;
    CHECK_ERR(prove(prover, &proof, NOW, ask_strict()), TROTH_OK);
    stand_in.evidence_len++;
    CHECK_ERR(prove(prover, &proof, NOW, ask_strict()), TROTH_ERR_UNSUPPORTED);
    CHECK_INT(fault.error, EFBIG);
    stand_in.evidence_len = 0;
    stand_in.collateral_len = TROTH_PROOF_COLLATERAL_MAX + 1;
    CHECK_ERR(prove(prover, &proof, NOW, ask(TROTH_SERVER, 0)), TROTH_ERR_UNSUPPORTED);
    troth_prover_destroy(prover);
    CHECK_INT(stand_in.released, stand_in.asked - 2);
}

static enum troth_err verify(struct troth_span spki, struct troth_span message,
                             const uint8_t *signature)
{
    struct troth_public_key key;

    if (troth_spki_p256_parse(&key, spki))
        return TROTH_ERR_KEY;
    return crypto.ops->verify(crypto.state, TROTH_ECDSA_P256_SHA256, &key,
                              (struct troth_parts){&message, 1},
                              (struct troth_span){signature, 64});
}

static void test_sign(void)
{
    struct troth_prover *prover = create(0);
    const struct troth_span binding = {bound, sizeof bound};
    uint8_t signature[64], longer[65] = {0}, first_key[TROTH_SPKI_P256_SIZE];
    struct troth_proof proof;

    test_case("the proof's key signs a channel's binding");
    CHECK_ERR(prove(prover, &proof, NOW, ask(TROTH_SERVER, 0)), TROTH_OK);
    memcpy(first_key, proof.key.ptr, sizeof first_key);
    const struct troth_span key = {first_key, sizeof first_key};
    CHECK_ERR(troth_prover_sign(prover, signature, TROTH_SERVER, key, binding), TROTH_OK);
    CHECK_ERR(verify(key, binding, signature), TROTH_OK);

    test_case("and nothing else: neither longer nor shorter");
    for (size_t len = 0; len <= 65; len += len == 63 ? 2 : 1) {
        CHECK_ERR(troth_prover_sign(prover, signature, TROTH_SERVER, key,
                                    (struct troth_span){longer, len}),
                  TROTH_ERR_VALUE);
        CHECK(signature[0] == 0 && memcmp(signature, signature + 1, 63) == 0);
    }

    test_case("for no other role, no role, and no other key");
    CHECK_ERR(troth_prover_sign(prover, signature, TROTH_CLIENT, key, binding),
              TROTH_ERR_KEY);
    CHECK_ERR(troth_prover_sign(prover, signature, (enum troth_role)0, key, binding),
              TROTH_ERR_VALUE);
    CHECK_ERR(troth_prover_sign(prover, signature, TROTH_SERVER,
                                (struct troth_span){first_key, 90}, binding),
              TROTH_ERR_KEY);
    CHECK_ERR(troth_prover_sign(prover, signature, TROTH_SERVER,
                                (struct troth_span){NULL, 0}, binding),
              TROTH_ERR_KEY);

    test_case("once the next epoch has begun, the key is gone");
    CHECK_ERR(prove(prover, &proof, NOW + TROTH_PROVER_EPOCH_S, ask(TROTH_SERVER, 0)),
              TROTH_OK);
    CHECK_ERR(troth_prover_sign(prover, signature, TROTH_SERVER, key, binding),
              TROTH_ERR_KEY);
    CHECK_ERR(troth_prover_sign(prover, signature, TROTH_SERVER, proof.key, binding),
              TROTH_OK);
    CHECK_ERR(verify(key, binding, signature), TROTH_ERR_SIGNATURE);
    troth_prover_destroy(prover);
}

/* The epoch of a proof at each instant; a new one is marked by its key. */
static void test_clocks(void)
{
    static const struct {
        const char *why;
        int64_t at_s;
        bool is_new;
    } rows[] = {
        {"the first", 0, true},
        {"the same second", 0, false},
        {"its last second", TROTH_PROVER_EPOCH_S - 1, false},
        {"its end", TROTH_PROVER_EPOCH_S, true},
        {"the clock is set back a second", TROTH_PROVER_EPOCH_S - 1, true},
        {"the clock is set back to 1970", -NOW, true},
        {"a second later", -NOW + 1, false},
        {"the clock leaps ahead", NOW, true},
        {"to the end of time", INT64_MAX - NOW, true},
        {"and back", 0, true},
    };
    struct troth_prover *prover = create(0);
    uint8_t key[TROTH_SPKI_P256_SIZE] = {0}, digest[32] = {0};
    struct troth_proof proof;

    for (size_t i = 0; i < COUNT(rows); i++) {
        struct troth_proof_request request = ask(TROTH_SERVER, 0);

        test_case("epochs: %s", rows[i].why);
        request.held = (struct troth_span){digest, sizeof digest};
        CHECK_ERR(prove(prover, &proof, NOW + rows[i].at_s, request), TROTH_OK);
        check_epoch(&proof, TROTH_SERVER);
        CHECK_INT(memcmp(key, proof.key.ptr, sizeof key) != 0, rows[i].is_new);
        CHECK_INT(proof.is_held, !rows[i].is_new); /* evidence ends with its key */
        if (rows[i].is_new)
            CHECK_INT(proof.epoch_s, NOW + rows[i].at_s);
        memcpy(key, proof.key.ptr, sizeof key);
        memcpy(digest, proof.evidence_sha256, sizeof digest);
    }
    troth_prover_destroy(prover);
}

static void test_boot_clock(void)
{
    struct troth_prover *prover = create(1);
    const struct timespec while_s = {2, 100000000};
    struct troth_proof_request request = ask(TROTH_SERVER, 0);
    uint8_t key[TROTH_SPKI_P256_SIZE], signature[64];
    struct troth_proof proof;

    CHECK_ERR(troth_prover_set_checkpoint(prover, NOTE), TROTH_OK);

    test_case("a clock that stands still does not keep an epoch alive");
    CHECK_ERR(prove(prover, &proof, NOW, request), TROTH_OK);
    memcpy(key, proof.key.ptr, sizeof key);
    CHECK(nanosleep(&while_s, NULL) == 0);
    CHECK(troth_prover_needs_device(prover, NOW, &request));
    CHECK_ERR(troth_prover_sign(prover, signature, TROTH_SERVER,
                                (struct troth_span){key, sizeof key},
                                (struct troth_span){bound, sizeof bound}),
              TROTH_ERR_KEY);
    CHECK_ERR(prove(prover, &proof, NOW, request), TROTH_OK);
    CHECK(memcmp(key, proof.key.ptr, sizeof key) != 0);

    test_case("nor a checkpoint that is as old: a nonce is what peers still take");
    request.takes_checkpoint = true;
    CHECK_ERR(prove(prover, &proof, NOW, request), TROTH_OK);
    CHECK_INT(proof.checkpoint.len, 0);
    CHECK_SPAN(proof.nonce, request.challenge);
    CHECK_ERR(troth_prover_set_checkpoint(prover, NOTE), TROTH_OK);
    CHECK_ERR(prove(prover, &proof, NOW, request), TROTH_OK);
    CHECK_SPAN(proof.checkpoint, NOTE);
    troth_prover_destroy(prover);
}

static void test_halves(void)
{
    struct troth_prover *prover = create(0);
    struct troth_proof_request request = ask(TROTH_SERVER, 0);
    struct troth_quote quote;
    struct troth_mint mint, other;
    struct troth_proof proof;

    test_case("two who ask for the checkpoint's evidence share it, others do not");
    request.takes_checkpoint = true;
    CHECK_ERR(troth_prover_set_checkpoint(prover, NOTE), TROTH_OK);
    CHECK_ERR(troth_prover_begin(prover, &proof, &mint, NOW, &request), TROTH_OK);
    CHECK_INT(proof.level, TROTH_LEVEL_NONE);
    request = ask(TROTH_SERVER, 1);
    request.takes_checkpoint = true;
    CHECK_ERR(troth_prover_begin(prover, &proof, &other, NOW, &request), TROTH_OK);
    CHECK(troth_mint_is_shared(&mint, &other));
    request.role = TROTH_CLIENT;
    CHECK_ERR(troth_prover_begin(prover, &proof, &other, NOW, &request), TROTH_OK);
    CHECK(!troth_mint_is_shared(&mint, &other));
    request = ask(TROTH_SERVER, 1);
    CHECK_ERR(troth_prover_begin(prover, &proof, &mint, NOW, &request), TROTH_OK);
    CHECK(!troth_mint_is_shared(&mint, &mint));

    test_case("evidence that comes after its epoch is of no use, and released");
    CHECK(troth_attester_quote(NULL, &quote, &fault, mint.report_data, 1));
    CHECK_ERR(prove(prover, &proof, NOW + TROTH_PROVER_EPOCH_S, request), TROTH_OK);
    CHECK_ERR(troth_prover_finish(prover, &proof, &mint, &quote), TROTH_ERR_KEY);
    CHECK_INT(proof.level, TROTH_LEVEL_NONE);
    CHECK_INT(stand_in.released, 1);

    test_case("nothing from the device is no evidence");
    quote = (struct troth_quote){.evidence = {NULL, 0}};
    CHECK_ERR(troth_prover_finish(prover, &proof, &mint, &quote), TROTH_ERR_LIMIT);
    troth_prover_destroy(prover);
}

int main(void)
{
    CHECK_ERR(troth_provider_create(&crypto), TROTH_OK);
    for (size_t i = 0; i < COUNT(challenges); i++)
        memset(challenges[i], (int)i + 1, sizeof challenges[i]);
    memset(bound, 0xb0, sizeof bound);
    test_nonce();
    test_checkpoint();
    test_strict();
    test_refused();
    test_device();
    test_sign();
    test_clocks();
    test_boot_clock();
    test_halves();
    troth_prover_destroy(NULL);
    troth_provider_destroy(&crypto);
    return test_finish();
}
