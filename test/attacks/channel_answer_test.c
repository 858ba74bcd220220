/* SPDX-License-Identifier: Apache-2.0 */
/* A server with a genuine machine, or with evidence of one, answers something else than
 * it was asked. */
#include <string.h>

#include "channel/commitment.h"
#include "test/harness.h"
#include "test/support/channel_leg.h"
#include "test/support/channel_party.h"
#include "test/support/policy.h"

static struct channel_world world;
static struct party client;
static struct channel_side honest;   /* a machine of the image that is wanted */
static struct channel_side attacker; /* his own machine, of the same image */
static struct leg leg;

#define EPOCH  TROTH_LEVEL_EPOCH
#define STRICT TROTH_LEVEL_STRICT

typedef struct troth_span answer(enum troth_level level);

static struct troth_span answer_well(enum troth_level level)
{
    return leg_proof(&leg, &honest, level);
}

static struct troth_span answer_other_level(enum troth_level level)
{
    return leg_proof(&leg, &honest, level == EPOCH ? STRICT : EPOCH);
}

static struct troth_span answer_as_client(enum troth_level level)
{
    honest.terms.role = TROTH_CLIENT;
    return leg_proof(&leg, &honest, level);
}

/* What the machine's other key is for. */
static bool prove_for_clients(struct channel_side *side, struct troth_proof *out,
                              const struct troth_proof_request *request)
{
    struct troth_proof_request changed = *request;

    changed.role = TROTH_CLIENT;
    return channel_side_prove(side, out, &changed);
}

static struct troth_span answer_by_clients_key(enum troth_level level)
{
    honest.habits.prove = prove_for_clients;
    return leg_proof(&leg, &honest, level);
}

/* Evidence of the honest machine and its key; the signature is by another. */
static bool prove_by_honest(struct channel_side *side, struct troth_proof *out,
                            const struct troth_proof_request *request)
{
    (void)side;
    return channel_side_prove(&honest, out, request);
}

static struct troth_span answer_by_own_signature(enum troth_level level)
{
    attacker.habits.prove = prove_by_honest;
    return leg_proof(&leg, &attacker, level);
}

static bool prove_with_own_key(struct channel_side *side, struct troth_proof *out,
                               const struct troth_proof_request *request)
{
    const bool is_there = channel_side_prove(&honest, out, request);

    out->key = sim_bytes_span(side->key_info);
    return is_there;
}

static struct troth_span answer_with_own_key(enum troth_level level)
{
    attacker.habits.prove = prove_with_own_key;
    return leg_proof(&leg, &attacker, level);
}

/* A new epoch, without new evidence. */
static bool prove_later_epoch(struct channel_side *side, struct troth_proof *out,
                              const struct troth_proof_request *request)
{
    const bool is_there = channel_side_prove(side, out, request);

    out->epoch_s++;
    return is_there;
}

static struct troth_span answer_later_epoch(enum troth_level level)
{
    honest.habits.prove = prove_later_epoch;
    return leg_proof(&leg, &honest, level);
}

/* Evidence for this connection that says nothing of it: an application's, of no bytes. */
static bool prove_nothing(struct channel_side *side, struct troth_proof *out,
                          const struct troth_proof_request *request)
{
    static const uint8_t zeros[64];
    const bool is_there = channel_side_prove(side, out, request);

    out->evidence = channel_world_mint(&world, side->machine,
                                       (struct troth_span)TROTH_ARRAY_SPAN(zeros));
    CHECK_ERR(troth_digest(&world.trial.crypto, out->evidence_sha256, TROTH_SHA256,
                           out->evidence),
              TROTH_OK);
    return is_there;
}

static struct troth_span answer_nothing(enum troth_level level)
{
    honest.habits.prove = prove_nothing;
    return leg_proof(&leg, &honest, level);
}

static struct troth_span answer_twice(enum troth_level level)
{
    const struct troth_span frames[] = {leg_proof(&leg, &honest, level),
                                        leg_proof(&leg, &honest, level)};

    return leg_join(&leg, frames, COUNT(frames));
}

static struct troth_span answer_with_done(enum troth_level level)
{
    (void)level;
    return leg_done(&leg);
}

static const struct {
    const char *why;
    answer *answer;
    const char *epoch, *strict;
} rows[] = {
    {"what was asked", answer_well, "open", "open"},
    {"another level", answer_other_level, "level", "level"},
    {"a proof in the client's name", answer_as_client, "role", "role"},
    {"evidence of the key that proves clients", answer_by_clients_key, "evidence",
     "open"}, /* strict takes no key */
    {"another machine's evidence, under his own signature", answer_by_own_signature,
     "signature", "open"}, /* strict takes no signature: the machine vouches itself */
    {"his own key beside another machine's evidence", answer_with_own_key, "evidence",
     "open"},
    {"evidence that calls its epoch later", answer_later_epoch, "evidence", "open"},
    {"evidence of nothing", answer_nothing, "evidence", "evidence"},
    {"two proofs", answer_twice, "order", "order"},
    {"that all is well", answer_with_done, "order", "order"},
};

static void settle(void)
{
    for (int turn = 0; turn < 8; turn++) {
        leg_step(&leg);
        party_step(&client);
    }
}

static void meet(enum troth_level level, answer *give, const char *state)
{
    static const uint8_t challenge[TROTH_CHALLENGE_SIZE] = {0x42};
    struct troth_span frame;

    channel_side_begin(&honest, &world, TROTH_SERVER, CHANNEL_TDX);
    channel_side_begin(&attacker, &world, TROTH_SERVER, CHANNEL_TDX);
    attacker.machine.number = 1;
    sim_bytes_free(&attacker.key_info);
    attacker.key = sim_keyring_key(world.ring, SIM_KEY_P256, "attacker");
    attacker.key_info = sim_key_info(attacker.key);
    client.side.terms.asks = level;
    party_connect(&client);
    leg_begin(&leg, &world, TROTH_SERVER);
    leg_open(&leg, party_take_line(&client));
    settle();
    CHECK(leg_take(&leg, &frame));
    leg_send(&leg, leg_hello(&leg, TROTH_LEVEL_NONE, challenge));
    leg_send(&leg, give(level));
    leg_send(&leg, leg_done(&leg));
    leg_send(&leg, leg_data(&leg, "data"));
    settle();
    CHECK_TEXT(party_state(&client), state);
    CHECK_TEXT(client.heard, strcmp(state, "open") == 0 ? "data" : "");
    leg_end(&leg);
    channel_side_end(&honest);
    channel_side_end(&attacker);
}

static void answer_else(void)
{
    for (size_t i = 0; i < COUNT(rows); i++) {
        test_case("answers, epoch: %s", rows[i].why);
        party_begin(&client, &world, TROTH_CLIENT, CHANNEL_TDX);
        meet(EPOCH, rows[i].answer, rows[i].epoch);
        party_end(&client);
        test_case("answers, strict: %s", rows[i].why);
        party_begin(&client, &world, TROTH_CLIENT, CHANNEL_TDX);
        meet(STRICT, rows[i].answer, rows[i].strict);
        party_end(&client);
    }
}

/* A good proof, of what the client does not want. */
static void run_another_image(void)
{
    static const struct {
        const char *why, *policy, *detail;
    } policies[] = {
        {"another kind", "{policy: p, accept: [snp], images: any, machines: any}",
         "kind: "},
        {"another image",
         "{policy: p, accept: [tdx], machines: any, images: {a: {tdx: {mr_td: '"
         "000000000000000000000000000000000000000000000000000000000000000000000000000000"
         "000000000000000000', rtmr0: any, rtmr1: any, rtmr2: any, mr_config_id: any}}}}",
         "measurement: "},
        {"a rule that it does not meet",
         "{policy: p, accept: [tdx], images: any, machines: any, rules: "
         "[no: tdx.td_attributes.debug]}",
         "rule: "},
    };

    for (size_t i = 0; i < COUNT(policies); i++)
        for (int level = EPOCH; level <= (int)STRICT; level++) {
            test_case("%s, %s", policies[i].why,
                      troth_level_name((enum troth_level)level));
            party_begin(&client, &world, TROTH_CLIENT, CHANNEL_TDX);
            client.side.tools.policy = test_policy(policies[i].policy);
            meet((enum troth_level)level, answer_well, "evidence");
            CHECK(strncmp(troth_connection_detail(client.connection), policies[i].detail,
                          strlen(policies[i].detail)) == 0);
            party_end(&client);
        }
}

int main(void)
{
    channel_world_begin(&world);
    answer_else();
    run_another_image();
    channel_world_end(&world);
    return test_finish();
}
