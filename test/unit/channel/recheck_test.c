/* SPDX-License-Identifier: Apache-2.0 */
/* Good today, not good tomorrow: a peer that is judged again while the channel is open.
 */
#include <string.h>

#include "test/harness.h"
#include "test/support/channel_pair.h"
#include "test/support/policy.h"

#define ANY(kind) "{policy: p, accept: [" kind "], images: any, machines: any"

static struct channel_world world;
static struct channel_pair pair;
static struct channel_side *const client = &pair.client;

static void open(enum troth_level asks, enum channel_device device, const char *policy)
{
    channel_pair_begin(&pair, &world, device);
    client->terms.asks = asks;
    if (policy)
        client->tools.policy = test_policy(policy);
    channel_pair_run(&pair);
    CHECK_TEXT(channel_side_state(client), "open");
}

/* Everything by which the verdict changes, and what comes of it. */
static void none_changes(void)
{
    client->tools.generation++;
}

static void time_passes(void)
{
    client->now_s = troth_channel_due_s(&client->channel);
}

static void nearly_time(void)
{
    client->now_s = troth_channel_due_s(&client->channel) - 1;
}

static void policy_takes_others(void)
{
    client->tools.generation++;
    client->tools.policy = test_policy(
        "{policy: q, accept: [snp], images: any, machines: any}");
}

static void policy_says_no_machine(void)
{
    client->tools.generation++;
    client->tools.policy = test_policy("{policy: r, accept: [nitro, tdx], images: any}");
}

static void anchors_are_gone(void)
{
    static const struct troth_anchors none;

    client->tools.generation++;
    client->tools.anchors = &none;
}

static void collateral_is_gone(void)
{
    client->tools.generation++;
    client->tools.collateral = (struct troth_collateral){NULL, 0};
}

static void policy_is_gone(void)
{
    client->tools.generation++;
    client->tools.policy = NULL;
}

static void kept_is_lost(void)
{
    client->tools.generation++;
    client->loses_kept = true;
}

static void kept_is_anothers(void)
{
    uint8_t *bytes = (uint8_t *)(uintptr_t)client->kept.ptr;

    client->tools.generation++;
    bytes[client->kept.len - 1 - 64 - 4] ^= 1; /* before signature and collateral */
}

static void kept_is_cut(void)
{
    client->tools.generation++;
    client->kept.len--;
}

static void try_changes(void)
{
    static const struct {
        const char *why;
        enum channel_device device;
        void (*change)(void);
        unsigned kept_asked;
        const char *state;
    } rows[] = {
        {"nothing but the generation", CHANNEL_NITRO, none_changes, 1, "open"},
        {"time, a second before", CHANNEL_TDX, nearly_time, 0, "open"},
        {"time", CHANNEL_NITRO, time_passes, 1, "lapsed"},
        {"time, TDX", CHANNEL_TDX, time_passes, 1, "lapsed"},
        {"the policy", CHANNEL_NITRO, policy_takes_others, 1, "lapsed"},
        {"what the policy says of machines", CHANNEL_NITRO, policy_says_no_machine, 1,
         "lapsed"},
        {"the anchors", CHANNEL_NITRO, anchors_are_gone, 1, "lapsed"},
        {"the collateral", CHANNEL_TDX, collateral_is_gone, 1, "lapsed"},
        {"there is no policy", CHANNEL_NITRO, policy_is_gone, 1, "internal"},
        {"what was kept is lost", CHANNEL_NITRO, kept_is_lost, 1, "lapsed"},
        {"what was kept is another", CHANNEL_NITRO, kept_is_anothers, 1, "internal"},
        {"what was kept is cut short", CHANNEL_NITRO, kept_is_cut, 1, "internal"},
    };

    for (int level = TROTH_LEVEL_EPOCH; level < TROTH_LEVEL_COUNT; level++)
        for (size_t i = 0; i < COUNT(rows); i++) {
            test_case("%s, then another: %s", troth_level_name((enum troth_level)level),
                      rows[i].why);
            if (level == TROTH_LEVEL_STRICT && rows[i].change == kept_is_anothers)
                continue;
            open((enum troth_level)level, rows[i].device, NULL);
            rows[i].change();
            channel_side_tell(client, TROTH_EVENT_CHANGED);
            CHECK_TEXT(channel_side_state(client), rows[i].state);
            CHECK_INT(client->asked[TROTH_ACTION_NEED_KEPT], rows[i].kept_asked);
            CHECK_INT(client->asked[TROTH_ACTION_KEEP], 1);
            /* The peer is told. */
            channel_pair_carry(&pair);
            CHECK(pair.server.peer_reason == client->reason);
            channel_pair_end(&pair);
        }
}

/* Data that comes when the verdict has lapsed waits for the next one. */
static void hold_data_back(void)
{
    test_case("nothing is delivered under a verdict that has lapsed");
    open(TROTH_LEVEL_EPOCH, CHANNEL_NITRO, NULL);
    policy_takes_others();
    channel_pair_say(&pair, &pair.server, "late");
    CHECK_TEXT(channel_side_state(client), "lapsed");
    CHECK_INT(client->delivered_len, 0);
    channel_pair_end(&pair);

    test_case("what waited is delivered once the peer is found good again");
    open(TROTH_LEVEL_STRICT, CHANNEL_NITRO, NULL);
    none_changes();
    channel_pair_say(&pair, &pair.server, "late");
    CHECK_TEXT(channel_side_state(client), "open");
    CHECK_INT(client->asked[TROTH_ACTION_NEED_KEPT], 1);
    CHECK_INT(client->delivered_len, 4);
    channel_pair_say(&pair, &pair.server, "r");
    CHECK_INT(client->asked[TROTH_ACTION_NEED_KEPT], 1);
    CHECK_INT(client->delivered_len, 5);
    channel_pair_end(&pair);
}

static void find_all(struct channel_side *side, const struct troth_needs *needs)
{
    CHECK(needs && needs->count > 0);
    CHECK(!troth_channel_is_open(&side->channel));
    side->tools.collateral = (struct troth_collateral){world.trial.items,
                                                       world.trial.item_count};
}

static void look_again(void)
{
    test_case("collateral is looked for again, and once");
    open(TROTH_LEVEL_EPOCH, CHANNEL_TDX, NULL);
    client->habits.look = find_all;
    collateral_is_gone();
    channel_side_tell(client, TROTH_EVENT_TIME);
    CHECK_TEXT(channel_side_state(client), "open");
    CHECK_INT(client->asked[TROTH_ACTION_NEED_COLLATERAL], 1);
    channel_pair_end(&pair);
}

/* How old evidence is, is asked of new connections only. */
static void leave_age_alone(void)
{
    static const enum channel_device devices[] = {CHANNEL_NITRO, CHANNEL_TDX};

    for (size_t i = 0; i < COUNT(devices); i++) {
        test_case("a connection may outlive the policy's max_age, device %d",
                  (int)devices[i]);
        open(TROTH_LEVEL_EPOCH, devices[i], ANY("nitro, tdx") ", max_age: 5m}");
        CHECK_INT(client->standing.valid_until_s, MINTED_AT_S + 300);
        CHECK_INT(troth_channel_due_s(&client->channel), MINTED_AT_S + 301);
        client->now_s = MINTED_AT_S + 301;
        channel_side_tell(client, TROTH_EVENT_TIME);
        CHECK_TEXT(channel_side_state(client), "open");
        CHECK_INT(client->asked[TROTH_ACTION_NEED_KEPT], 1);
        CHECK(troth_channel_due_s(&client->channel) > MINTED_AT_S + 400);
        /* Once is enough. */
        channel_side_tell(client, TROTH_EVENT_TIME);
        CHECK_INT(client->asked[TROTH_ACTION_NEED_KEPT], 1);
        channel_pair_end(&pair);
    }
    test_case("nor is the channel's own longest age asked again");
    open(TROTH_LEVEL_EPOCH, CHANNEL_NITRO, NULL);
    client->terms.max_age_s = 1;
    client->now_s += TROTH_EPOCH_MAX_AGE_S + 10;
    none_changes();
    channel_side_tell(client, TROTH_EVENT_TIME);
    CHECK_TEXT(channel_side_state(client), "open");
    channel_pair_end(&pair);
}

/* What changed between the proof and the last DONE is seen before the channel opens. */
static void change_in_between(void)
{
    struct troth_span frame;

    test_case("a change before the channel opens");
    channel_pair_begin(&pair, &world, CHANNEL_NITRO);
    client->terms.asks = TROTH_LEVEL_EPOCH;
    channel_side_start(client);
    channel_side_start(&pair.server);
    while (channel_side_take(client, &frame))
        channel_side_give(&pair.server, frame);
    for (int i = 0; i < 2 && channel_side_take(&pair.server, &frame); i++)
        channel_side_give(client, frame);
    CHECK_INT(client->asked[TROTH_ACTION_KEEP], 1);
    policy_takes_others();
    channel_pair_carry(&pair);
    CHECK_TEXT(channel_side_state(client), "lapsed");
    CHECK(!client->is_accepted);
    channel_pair_end(&pair);
}

/* Who asked for nothing has nothing to judge. */
static void judge_nobody(void)
{
    test_case("a side that asked for nothing");
    channel_pair_begin(&pair, &world, CHANNEL_NITRO);
    pair.server.terms.asks = TROTH_LEVEL_EPOCH;
    channel_pair_run(&pair);
    none_changes();
    client->now_s = INT64_MAX;
    channel_side_tell(client, TROTH_EVENT_TIME);
    CHECK_TEXT(channel_side_state(client), "open");
    CHECK_INT(client->asked[TROTH_ACTION_NEED_KEPT], 0);
    CHECK_INT(troth_channel_due_s(&client->channel), INT64_MAX);
    channel_pair_end(&pair);
}

int main(void)
{
    channel_world_begin(&world);
    try_changes();
    hold_data_back();
    look_again();
    leave_age_alone();
    change_in_between();
    judge_nobody();
    channel_world_end(&world);
    return test_finish();
}
