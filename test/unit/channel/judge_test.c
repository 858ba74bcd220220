/* SPDX-License-Identifier: Apache-2.0 */
/* Collateral: ours, the peer's, and what is looked for. */
#include "channel/judge.h"

#include <stdlib.h>
#include <string.h>

#include "policy/policy.h"
#include "test/harness.h"
#include "test/support/channel_pair.h"

static struct channel_world world;
static struct channel_pair pair;
static struct troth_collateral_item many[TROTH_COLLATERAL_MAX];

static void begin(void)
{
    channel_pair_begin(&pair, &world, CHANNEL_TDX);
    pair.client.terms.asks = TROTH_LEVEL_STRICT;
}

static void find_all(struct channel_side *side, const struct troth_needs *needs)
{
    CHECK(needs && needs->count > 0);
    side->tools.collateral = (struct troth_collateral){world.trial.items,
                                                       world.trial.item_count};
}

static void find_nothing(struct channel_side *side, const struct troth_needs *needs)
{
    (void)side;
    CHECK(needs && needs->count > 0);
}

static void look_for_it(void)
{
    test_case("what is missing is looked for, once");
    begin();
    pair.client.tools.collateral = (struct troth_collateral){NULL, 0};
    pair.client.habits.look = find_all;
    channel_pair_run(&pair);
    CHECK_TEXT(channel_side_state(&pair.client), "open");
    CHECK_INT(pair.client.asked[TROTH_ACTION_NEED_COLLATERAL], 1);
    channel_pair_end(&pair);

    test_case("what is not found is not there");
    begin();
    pair.client.tools.collateral = (struct troth_collateral){NULL, 0};
    pair.client.habits.look = find_nothing;
    channel_pair_run(&pair);
    CHECK_TEXT(channel_side_state(&pair.client), "undetermined");
    CHECK_INT(pair.client.asked[TROTH_ACTION_NEED_COLLATERAL], 1);
    CHECK(strncmp(pair.client.verdict, "undetermined:", 13) == 0);
    channel_pair_end(&pair);

    test_case("nothing is looked for where nothing is missing");
    begin();
    channel_pair_run(&pair);
    CHECK_TEXT(channel_side_state(&pair.client), "open");
    CHECK_INT(pair.client.asked[TROTH_ACTION_NEED_COLLATERAL], 0);
    channel_pair_end(&pair);
}

/* An SNP machine hands its certificate table on. */
static struct troth_span table;

static bool prove_with_table(struct channel_side *side, struct troth_proof *out,
                             const struct troth_proof_request *request)
{
    const bool is_there = channel_side_prove(side, out, request);

    out->collateral = table;
    return is_there;
}

static void take_theirs(void)
{
    struct sim_snp *snp = calloc(1, sizeof *snp);

    sim_snp_default(snp, world.ring, SIM_GENOA, SIM_VCEK, 0, MINTED_AT_S);
    table = minted_keep(&world.trial, sim_snp_mint_table(snp));
    free(snp);

    test_case("the peer's certificates stand in for those we have not");
    size_t lists = 0;
    for (size_t i = 0; i < world.trial.item_count; i++)
        if (world.trial.items[i].kind == TROTH_COLLATERAL_CRL)
            many[lists++] = world.trial.items[i];
    channel_pair_begin(&pair, &world, CHANNEL_SNP);
    pair.client.terms.asks = TROTH_LEVEL_STRICT;
    pair.client.tools.collateral = (struct troth_collateral){many, lists};
    pair.server.habits.prove = prove_with_table;
    channel_pair_run(&pair);
    CHECK_TEXT(channel_side_state(&pair.client), "open");
    CHECK_INT(pair.client.asked[TROTH_ACTION_NEED_COLLATERAL], 0);
    channel_pair_end(&pair);

    test_case("the peer's do not push out ours, as many as there are");
    for (size_t i = 0; i < COUNT(many); i++)
        many[i] = world.trial.items[i % world.trial.item_count];
    for (size_t count = COUNT(many) - 2; count <= COUNT(many); count++) {
        channel_pair_begin(&pair, &world, CHANNEL_SNP);
        pair.client.terms.asks = TROTH_LEVEL_STRICT;
        pair.client.tools.collateral = (struct troth_collateral){many, count};
        pair.server.habits.prove = prove_with_table;
        channel_pair_run(&pair);
        CHECK_TEXT(channel_side_state(&pair.client), "open");
        channel_pair_end(&pair);
    }
}

/* The same in an arena that is too small for it, whatever its size. */
static void run_out_of_memory(void)
{
    const size_t size = world.arena.size;

    test_case("an arena that is too small: this side has failed");
    for (size_t small = 0; small < size / 2; small += 4 * small / 3 + 211) {
        begin();
        world.arena.size = small;
        channel_pair_run(&pair);
        CHECK(!pair.client.is_accepted || small > 128 * 1024);
        if (pair.client.is_refused && pair.client.reason != TROTH_REASON_PEER)
            CHECK_INT(pair.client.reason, TROTH_REASON_INTERNAL);
        channel_pair_end(&pair);
    }
    world.arena.size = size;
}

/* The programs refuse such a policy before; here nobody did. */
static void name_a_log(void)
{
    struct troth_policy policy;

    test_case("a policy that names a log lets nobody in: no bundle comes with a proof");
    begin();
    policy = *pair.client.tools.policy;
    policy.log.is_made = true;
    pair.client.tools.policy = &policy;
    channel_pair_run(&pair);
    CHECK_TEXT(channel_side_state(&pair.client), "undetermined");
    CHECK_TEXT(pair.client.verdict, "undetermined: ?log");
    channel_pair_end(&pair);
}

int main(void)
{
    channel_world_begin(&world);
    look_for_it();
    take_theirs();
    run_out_of_memory();
    name_a_log();
    channel_world_end(&world);
    return test_finish();
}
