/* SPDX-License-Identifier: Apache-2.0 */
#include "channel/known.h"

#include <stdlib.h>
#include <string.h>

#include "channel/frame.h"
#include "test/harness.h"
#include "test/support/channel_pair.h"
#include "test/support/policy.h"

#define NOW INT64_C(1767225600)
enum { ENTRIES = 3 };

static struct troth_known known;
static uint8_t *memory;
static const uint8_t peer[32] = {1}, other_peer[32] = {2};
static const uint8_t policy[32] = {3}, other_policy[32] = {4};

static struct troth_known_question question_of(enum troth_role role)
{
    return (struct troth_known_question){role, peer, policy, NOW, 3600, 7};
}

/* An entry that is found by a digest of one byte; its frame is that byte, too. */
static void put(uint8_t digest, size_t len, const struct troth_known_question *question)
{
    static uint8_t frame[TROTH_KNOWN_ENTRY_SIZE];
    struct troth_known_item item = {
        .standing = {.fresh_s = NOW, .valid_until_s = NOW + 100},
        .generation = 7,
        .epoch_s = (uint64_t)NOW,
        .frame = {frame, len},
    };

    memset(frame, digest, sizeof frame);
    memset(item.standing.evidence_sha256, digest, 32);
    memcpy(item.standing.policy_digest, question->policy_digest, 32);
    troth_known_put(&known, question, &item);
}

/* The digest's byte, or 0. */
static int find(uint8_t digest, const struct troth_known_question *question)
{
    const struct troth_known_item *item;
    uint8_t sha256[32];

    memset(sha256, digest, sizeof sha256);
    item = troth_known_find(&known, question, sha256);
    return item && item->frame.len ? item->frame.ptr[item->frame.len - 1] : 0;
}

static size_t offer(const struct troth_known_question *question, uint8_t out[static 4])
{
    uint8_t digests[TROTH_HELD_MAX][32];
    const size_t count = troth_known_offer(digests, &known, question);

    memset(out, 0, 4);
    for (size_t i = 0; i < count; i++)
        out[i] = digests[i][0];
    return count;
}

static void start(size_t entries)
{
    memset(memory, 0xa5, 6 * TROTH_KNOWN_ENTRY_SIZE);
    troth_known_init(&known, memory, entries * TROTH_KNOWN_ENTRY_SIZE + 100);
}

static void keep(void)
{
    const struct troth_known_question question = question_of(TROTH_SERVER);
    struct troth_known_question other;

    test_case("what was put is found, by whom it was put for");
    start(ENTRIES);
    CHECK_INT(known.count, ENTRIES);
    CHECK_INT(find(5, &question), 0);
    put(5, 1000, &question);
    CHECK_INT(find(5, &question), 5);
    CHECK_INT(find(6, &question), 0);
    other = question_of(TROTH_CLIENT);
    CHECK_INT(find(5, &other), 0);
    other = question;
    other.peer = other_peer;
    CHECK_INT(find(5, &other), 0);
    other = question;
    other.policy_digest = other_policy;
    CHECK_INT(find(5, &other), 0);

    test_case("the same for another peer is another entry");
    other = question;
    other.peer = other_peer;
    put(5, 10, &other);
    CHECK_INT(find(5, &other), 5);
    CHECK_INT(find(5, &question), 5);

    test_case("the entry used longest ago makes room");
    start(ENTRIES);
    put(1, 10, &question);
    put(2, 10, &question);
    put(3, 10, &question);
    CHECK_INT(find(1, &question), 1);
    put(4, 10, &question);
    CHECK_INT(find(2, &question), 0);
    CHECK_INT(find(1, &question), 1);
    CHECK_INT(find(3, &question), 3);
    CHECK_INT(find(4, &question), 4);

    test_case("the same again takes the same place");
    put(4, 20, &question);
    put(4, 30, &question);
    CHECK_INT(find(1, &question), 1);
    CHECK_INT(find(3, &question), 3);
}

static void fit(void)
{
    const struct troth_known_question question = question_of(TROTH_SERVER);
    size_t longest = TROTH_KNOWN_ENTRY_SIZE;

    test_case("as much as fits into an entry, and no more");
    start(ENTRIES);
    put(1, longest, &question);
    CHECK_INT(find(1, &question), 0);
    while (longest > 0 && !find(1, &question))
        put(1, --longest, &question);
    CHECK(longest > TROTH_KNOWN_ENTRY_SIZE - 1024);
    put(2, longest, &question);
    put(3, longest, &question);
    CHECK_INT(find(1, &question), 1);
    CHECK_INT(find(2, &question), 2);
    CHECK_INT(find(3, &question), 3);
    CHECK_INT(memory[ENTRIES * TROTH_KNOWN_ENTRY_SIZE], 0xa5);

    test_case("no room for anything");
    start(0);
    put(1, 10, &question);
    CHECK_INT(find(1, &question), 0);
    CHECK_INT(known.count, 0);
}

static void offer_good(void)
{
    struct troth_known_question question = question_of(TROTH_SERVER);
    uint8_t out[4];

    test_case("those used last are offered first, and four at most");
    start(6);
    for (uint8_t i = 1; i <= 6; i++)
        put(i, 10, &question);
    CHECK_INT(find(2, &question), 2);
    CHECK_INT(offer(&question, out), 4);
    CHECK(memcmp(out, "\x02\x06\x05\x04", 4) == 0);

    test_case("none that another peer, role or policy may have");
    start(ENTRIES);
    put(1, 10, &question);
    CHECK_INT(offer(&question, out), 1);
    question.role = TROTH_CLIENT;
    CHECK_INT(offer(&question, out), 0);
    question = question_of(TROTH_SERVER);
    question.peer = other_peer;
    CHECK_INT(offer(&question, out), 0);
    question = question_of(TROTH_SERVER);
    question.policy_digest = other_policy;
    CHECK_INT(offer(&question, out), 0);

    test_case("none that has lapsed or is too old");
    question = question_of(TROTH_SERVER);
    question.now_s = NOW + 100;
    CHECK_INT(offer(&question, out), 1);
    question.now_s = NOW + 101;
    CHECK_INT(offer(&question, out), 0);
    question.now_s = NOW + 100;
    question.max_age_s = 99;
    CHECK_INT(offer(&question, out), 0);
    question = question_of(TROTH_SERVER);
    question.now_s = NOW - 61; /* a clock that was set back */
    CHECK_INT(offer(&question, out), 0);
    question = question_of(TROTH_SERVER);
    question.generation++; /* it was made for a nonce */
    CHECK_INT(offer(&question, out), 1);
}

/* ---- between two sides ---- */

static struct channel_world world;
static struct channel_pair pair;

/* Another connection of the same two. */
static void connect(void)
{
    pair.client.is_accepted = pair.client.is_refused = pair.server.is_accepted =
        pair.server.is_refused = false;
    pair.client.reason = pair.client.peer_reason = TROTH_REASON_NONE;
    pair.server.reason = pair.server.peer_reason = TROTH_REASON_NONE;
    pair.client.verdict[0] = 0;
    pair.client.terms.challenge[0]++;
    pair.client.outbox_count = pair.server.outbox_count = 0;
    channel_pair_run(&pair);
}

static void begin(void)
{
    channel_pair_begin(&pair, &world, CHANNEL_NITRO);
    pair.client.terms.asks = TROTH_LEVEL_EPOCH;
    channel_side_remember(&pair.client, 2);
    connect();
    CHECK_TEXT(channel_side_state(&pair.client), "open");
    CHECK_TEXT(pair.client.verdict, "accepted");
}

static void lose_anchors(void)
{
    static const struct troth_anchors none;

    pair.client.tools.generation++;
    pair.client.tools.anchors = &none;
}

static void rely_on_known(void)
{
    struct troth_witnesses witnesses;

    test_case("known evidence is relied on, and the key signs anew");
    begin();
    connect();
    CHECK_TEXT(channel_pair_state(&pair), "open, open");
    CHECK_TEXT(pair.client.verdict, "");
    CHECK_INT(pair.server.made.evidence.len > 0, true);
    channel_pair_end(&pair);

    test_case("in another generation it is judged again");
    begin();
    pair.client.tools.generation++;
    connect();
    CHECK_TEXT(channel_pair_state(&pair), "open, open");
    CHECK_TEXT(pair.client.verdict, "accepted");
    connect();
    CHECK_TEXT(pair.client.verdict, "");
    channel_pair_end(&pair);

    test_case("and may be refused");
    begin();
    lose_anchors();
    connect();
    CHECK_TEXT(channel_side_state(&pair.client), "evidence");
    channel_pair_end(&pair);

    test_case("a policy that says less of machines, by the same digest");
    begin();
    pair.client.tools.policy = test_policy(
        "{policy: test, accept: [nitro, snp, tdx], images: any}");
    CHECK(memcmp(troth_policy_digest(pair.client.tools.policy),
                 troth_policy_digest(channel_any_policy()), 32) == 0);
    pair.client.tools.generation++;
    connect();
    CHECK_TEXT(channel_side_state(&pair.client), "name");
    channel_pair_end(&pair);

    test_case("nor do witnesses of another generation vouch for its time");
    channel_pair_begin(&pair, &world, CHANNEL_NITRO);
    pair.client.terms.asks = TROTH_LEVEL_EPOCH;
    channel_side_remember(&pair.client, 2);
    witnesses = world.witnesses;
    pair.client.tools.witnesses = &witnesses;
    pair.server.checkpoint = channel_world_checkpoint(&world, 2, MINTED_AT_S);
    connect();
    CHECK_TEXT(channel_pair_state(&pair), "open, open");
    connect();
    CHECK_TEXT(pair.client.verdict, "");
    witnesses.needed = 3;
    pair.client.tools.generation++;
    connect();
    CHECK_TEXT(channel_side_state(&pair.client), "checkpoint at checkpoint.cosignatures");
    channel_pair_end(&pair);

    test_case("the key that evidence vouches for has to sign, not another");
    begin();
    pair.server.key = sim_keyring_key(world.ring, SIM_KEY_P256, "another");
    connect();
    CHECK_TEXT(channel_side_state(&pair.client), "signature");
    channel_pair_end(&pair);
}

static struct channel_side *forgetful;

static void forget(struct channel_side *side, uint8_t out[static 64],
                   struct troth_span binding)
{
    troth_known_init(&forgetful->known, forgetful->known.memory,
                     forgetful->known.count * TROTH_KNOWN_ENTRY_SIZE);
    channel_side_sign(side, out, binding);
}

static void lapse(struct channel_side *side, uint8_t out[static 64],
                  struct troth_span binding)
{
    forgetful->now_s = forgetful->standing.valid_until_s + 1;
    channel_side_sign(side, out, binding);
}

static void name_only(struct troth_proof_frame *frame, const void *unused)
{
    (void)unused;
    frame->proof.is_held = true;
}

/* The client knows it again by the time that the proof comes. */
static size_t name_what_was_not_offered(struct channel_pair *in,
                                        const struct channel_side *sender, uint8_t *frame,
                                        size_t len, size_t room)
{
    if (sender != &in->server || frame[0] != TROTH_FRAME_PROOF)
        return len;
    in->client.tools.known = &in->client.known;
    return channel_rewrite_proof(frame, len, room, name_only, NULL);
}

static void lose_known(void)
{
    test_case("what is known and was not offered this time");
    begin();
    pair.client.tools.known = NULL;
    pair.client.terms.challenge[0]--; /* so that the evidence is the same */
    pair.tamper = name_what_was_not_offered;
    connect();
    CHECK(pair.client.tools.known != NULL);
    CHECK_TEXT(channel_side_state(&pair.client), "unknown");
    channel_pair_end(&pair);

    test_case("an entry that is gone when the proof comes");
    begin();
    forgetful = &pair.client;
    pair.server.habits.sign = forget;
    connect();
    CHECK_TEXT(channel_side_state(&pair.client), "unknown");
    channel_pair_end(&pair);

    test_case("an entry that lapses before the proof comes");
    begin();
    forgetful = &pair.client;
    pair.server.habits.sign = lapse;
    connect();
    CHECK_TEXT(channel_side_state(&pair.client), "unknown");
    channel_pair_end(&pair);

    test_case("what has lapsed is not offered, and sent anew");
    begin();
    pair.client.now_s += TROTH_EPOCH_MAX_AGE_S + 1;
    pair.server.epoch_s += TROTH_EPOCH_MAX_AGE_S;
    connect();
    CHECK_TEXT(channel_pair_state(&pair), "open, open");
    CHECK_TEXT(pair.client.verdict, "accepted");
    channel_pair_end(&pair);
}

int main(void)
{
    memory = malloc(6 * TROTH_KNOWN_ENTRY_SIZE + 100);
    if (!memory)
        return 1;
    keep();
    fit();
    offer_good();
    free(memory);
    channel_world_begin(&world);
    rely_on_known();
    lose_known();
    channel_world_end(&world);
    return test_finish();
}
