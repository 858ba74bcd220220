/* SPDX-License-Identifier: Apache-2.0 */
#include "service/agent/proofs.h"

#include <errno.h>
#include <event2/event.h>
#include <string.h>
#include <time.h>

#include "channel/commitment.h"
#include "os/clock.h"
#include "test/harness.h"
#include "test/unit/prover/stand_in.h"
#include "troth/provider.h"

#define PEER TROTH_LITERAL("192.0.2.1")

static struct event_base *base;
static struct troth_crypto crypto;
static struct troth_agent *agent;
static struct troth_proofs *proofs;
static struct troth_proof_source source;
static uint8_t challenge[TROTH_CHALLENGE_SIZE] = {7}, bound[TROTH_BINDING_SIZE] = {9};

/* Who waits, and what it was told. */
struct peer {
    struct troth_proof_waiter waiter;
    unsigned answers;
    enum troth_channel_reason reason;
    struct troth_proof proof;
    uint8_t evidence[64], key[TROTH_SPKI_P256_SIZE];
};

static void on_answer(struct troth_proof_waiter *waiter, const struct troth_proof *proof,
                      enum troth_channel_reason reason)
{
    struct peer *peer = (struct peer *)waiter;

    peer->answers++;
    peer->reason = reason;
    peer->proof = proof ? *proof : (struct troth_proof){.level = TROTH_LEVEL_NONE};
    if (proof && proof->evidence.len >= 64)
        memcpy(peer->evidence, proof->evidence.ptr, 64);
    if (proof && proof->key.len == sizeof peer->key)
        memcpy(peer->key, proof->key.ptr, sizeof peer->key);
}

static void start(void)
{
    const struct troth_agent_options options = {
        .base = base, .crypto = &crypto, .timeout_ms = 10000, .epoch_s = 1800};

    stand_in_reset();
    CHECK_INT(troth_agent_create(&agent, &options), 0);
    CHECK_ERR(troth_proofs_create(&proofs, agent), TROTH_OK);
    source = troth_proofs_source(proofs);
}

static void stop(void)
{
    stand_in.is_held = false;
    troth_proofs_destroy(proofs);
    CHECK(troth_agent_destroy(agent));
    CHECK_INT(stand_in.released, stand_in.asked);
}

static struct troth_proof_request epoch_request(void)
{
    return (struct troth_proof_request){.role = TROTH_SERVER,
                                        .level = TROTH_LEVEL_EPOCH,
                                        .challenge = {challenge, sizeof challenge}};
}

static struct troth_proof_request strict_request(void)
{
    return (struct troth_proof_request){.role = TROTH_SERVER,
                                        .level = TROTH_LEVEL_STRICT,
                                        .binding = {bound, sizeof bound}};
}

static void ask(struct peer *peer, struct troth_proof_request request)
{
    *peer = (struct peer){.waiter = {.answer = on_answer}};
    source.ask(source.state, &peer->waiter, &request, PEER);
}

static void loop_until_idle(void)
{
    const int64_t until_ms = troth_clock_monotonic_ms() + 10000;

    while ((troth_work_waiting(agent->work) || troth_work_running_ms(agent->work)) &&
           troth_clock_monotonic_ms() < until_ms)
        (void)event_base_loop(base, EVLOOP_NONBLOCK);
    for (int i = 0; i < 3; i++)
        (void)event_base_loop(base, EVLOOP_NONBLOCK);
}

static void test_levels(void)
{
    struct troth_proof_request request = strict_request();
    uint8_t wanted[TROTH_BINDING_SIZE], signature[64], digest[32];
    struct peer peer;

    start();
    test_case("strict: the connection's own 64 bytes");
    ask(&peer, request);
    CHECK_INT(peer.answers, 0);
    loop_until_idle();
    CHECK_INT(peer.answers, 1);
    CHECK_INT(peer.proof.level, TROTH_LEVEL_STRICT);
    CHECK(memcmp(peer.evidence, bound, sizeof bound) == 0);

    test_case("epoch: evidence over a key, which then signs");
    ask(&peer, epoch_request());
    loop_until_idle();
    CHECK_INT(peer.answers, 1);
    peer.proof.key.ptr = peer.key;
    CHECK_ERR(troth_key_commitment_compute(wanted, &crypto, TROTH_SERVER, &peer.proof),
              TROTH_OK);
    CHECK(memcmp(peer.evidence, wanted, sizeof wanted) == 0);
    CHECK_ERR(source.sign(source.state, signature, TROTH_SERVER, peer.proof.key,
                          (struct troth_span){bound, sizeof bound}),
              TROTH_OK);

    test_case("what the peer holds is answered at once, though the device hangs");
    stand_in.is_held = true;
    request = epoch_request();
    memcpy(digest, peer.proof.evidence_sha256, sizeof digest);
    request.held = (struct troth_span){digest, sizeof digest};
    ask(&peer, request);
    CHECK_INT(peer.answers, 1);
    CHECK(peer.proof.is_held);

    test_case("what makes no sense is not asked of the device");
    request.level = TROTH_LEVEL_NONE;
    ask(&peer, request);
    CHECK_INT(peer.answers, 1);
    CHECK_INT(peer.reason, TROTH_REASON_CANNOT);
    CHECK_INT(peer.proof.level, TROTH_LEVEL_NONE);
    stop();
}

static void test_shared(void)
{
    struct troth_proof_request request = epoch_request();
    struct peer peers[20];

    start();
    test_case("twenty who take a checkpoint cost one piece of evidence");
    CHECK_ERR(troth_prover_set_checkpoint(agent->prover, TROTH_LITERAL("note\n")),
              TROTH_OK);
    request.takes_checkpoint = true;
    stand_in.is_held = true;
    for (size_t i = 0; i < COUNT(peers); i++)
        ask(&peers[i], request);
    source.forget(source.state, &peers[3].waiter);
    stand_in.is_held = false;
    loop_until_idle();
    for (size_t i = 0; i < COUNT(peers); i++) {
        CHECK_INT(peers[i].answers, i != 3);
        CHECK(i == 3 || peers[i].proof.checkpoint.len == 5);
    }
    CHECK_INT(stand_in.asked, 1);
    ask(&peers[3], request);
    CHECK_INT(peers[3].answers, 1);
    CHECK_INT(stand_in.asked, 1);
    stop();
}

static void test_quota(void)
{
    struct peer peers[TROTH_PROOFS_BURST + 1];
    struct troth_proof_request request = strict_request();
    struct peer other = {.waiter = {.answer = on_answer}};

    start();
    test_case("a peer that asks too often is told so; another is served");
    for (size_t i = 0; i < COUNT(peers); i++) {
        ask(&peers[i], request);
        loop_until_idle();
    }
    CHECK_INT(peers[TROTH_PROOFS_BURST - 1].proof.level, TROTH_LEVEL_STRICT);
    CHECK_INT(peers[TROTH_PROOFS_BURST].reason, TROTH_REASON_BUSY);
    CHECK_INT(stand_in.asked, TROTH_PROOFS_BURST);
    ask(&peers[0], epoch_request()); /* at either level */
    CHECK_INT(peers[0].reason, TROTH_REASON_BUSY);
    source.ask(source.state, &other.waiter, &request, TROTH_LITERAL("192.0.2.2"));
    loop_until_idle();
    CHECK_INT(other.proof.level, TROTH_LEVEL_STRICT);
    stop();
}

static void test_queue(void)
{
    static struct peer peers[TROTH_WORK_QUEUE_MAX + 2];
    const struct troth_proof_request request = strict_request();
    const struct timespec while_s = {0, 1000000};
    struct peer late;
    size_t busy = 0;

    start();
    test_case("many peers together leave room in the device's queue for programs inside");
    stand_in.is_held = true;
    for (size_t i = 0; i < COUNT(peers); i++) {
        const uint8_t name = (uint8_t)i;

        peers[i] = (struct peer){.waiter = {.answer = on_answer}};
        source.ask(source.state, &peers[i].waiter, &request,
                   (struct troth_span){&name, 1});
        busy += peers[i].reason == TROTH_REASON_BUSY;
        while (i == 0 && troth_work_waiting(agent->work) > 0)
            (void)nanosleep(&while_s, NULL);
    }
    CHECK(busy > 0);
    CHECK_INT(troth_work_waiting(agent->work), TROTH_WORK_QUEUE_MAX / 2);

    test_case("who found it full has not used up its quota by that");
    for (size_t i = 0; i < TROTH_PROOFS_BURST; i++) {
        ask(&late, request);
        CHECK_INT(late.reason, TROTH_REASON_BUSY);
    }
    stand_in.is_held = false;
    loop_until_idle();
    for (size_t i = 0; i < TROTH_PROOFS_BURST; i++) {
        ask(&late, request);
        CHECK_INT(late.answers, 0);
        loop_until_idle();
        CHECK_INT(late.proof.level, TROTH_LEVEL_STRICT);
    }
    stop();
}

static void test_failures(void)
{
    static const struct {
        int error;
        enum troth_channel_reason reason;
    } rows[] = {
        {EBUSY, TROTH_REASON_BUSY},
        {ETIMEDOUT, TROTH_REASON_BUSY},
        {EIO, TROTH_REASON_CANNOT},
        {ENOTSUP, TROTH_REASON_CANNOT},
    };
    struct peer peer;

    start();
    for (size_t i = 0; i < COUNT(rows); i++) {
        test_case("the device fails with %d", rows[i].error);
        stand_in.fails = rows[i].error;
        ask(&peer, strict_request());
        loop_until_idle();
        CHECK_INT(peer.answers, 1);
        CHECK_INT(peer.reason, rows[i].reason);
    }
    CHECK_INT(agent->counters.failed + agent->counters.timed_out, COUNT(rows));
    stand_in.fails = 0;
    stand_in.released += COUNT(rows); /* there was nothing to release */

    test_case("evidence that no proof may hold");
    stand_in.evidence_len = TROTH_PROOF_EVIDENCE_MAX + 1;
    ask(&peer, strict_request());
    loop_until_idle();
    CHECK_INT(peer.reason, TROTH_REASON_BUSY);

    test_case("nobody is answered after the end");
    ask(&peer, strict_request());
    stop();
    CHECK_INT(peer.answers, 0);
}

int main(void)
{
    CHECK_ERR(troth_provider_create(&crypto), TROTH_OK);
    base = event_base_new();
    test_levels();
    test_shared();
    test_quota();
    test_queue();
    test_failures();
    event_base_free(base);
    troth_provider_destroy(&crypto);
    return test_finish();
}
