/* SPDX-License-Identifier: Apache-2.0 */
#include "troth/channel.h"

#include <string.h>

#include "test/harness.h"
#include "test/support/channel_pair.h"
#include "test/support/failing_crypto.h"

static struct channel_world world;
static struct channel_pair pair;

/* How the peer learns what it holds of level EPOCH. */
enum form { SENT, CHECKPOINT, HELD, FORMS };
static const char *const form_names[] = {"sent", "after a checkpoint", "held"};

static void begin(enum troth_level client_asks, enum troth_level server_asks)
{
    channel_pair_begin(&pair, &world, CHANNEL_NITRO);
    pair.client.terms.asks = client_asks;
    pair.server.terms.asks = server_asks;
}

static void set_checkpoint(struct channel_side *side)
{
    side->tools.witnesses = &world.witnesses;
    side->checkpoint = channel_world_checkpoint(&world, 2, MINTED_AT_S - 30);
}

/* Another connection of the same two: what they know and made stays. */
static void begin_again(void)
{
    struct channel_side *const sides[] = {&pair.client, &pair.server};

    for (size_t i = 0; i < COUNT(sides); i++) {
        struct channel_side *side = sides[i], was = *side;

        memset(&side->channel, 0, sizeof side->channel);
        side->is_accepted = side->has_ended = side->has_standing = false;
        side->verdict[0] = 0;
        side->standing = (struct troth_standing){0};
        memset(side->asked, 0, sizeof side->asked);
        side->terms.challenge[0] = (uint8_t)(was.terms.challenge[0] + 1);
        memset(side->tls, was.tls[0] + 1, sizeof side->tls);
    }
}

static void check_standing(const struct channel_side *side, enum form form)
{
    static const enum troth_freshness freshness[] = {
        TROTH_FRESH_NONCE, TROTH_FRESH_CHECKPOINT, TROTH_FRESH_NONCE};
    const bool is_epoch = side->terms.asks == TROTH_LEVEL_EPOCH;

    CHECK_INT(side->has_standing, side->terms.asks != TROTH_LEVEL_NONE);
    CHECK_INT(side->asked[TROTH_ACTION_KEEP], side->terms.asks != TROTH_LEVEL_NONE);
    if (!side->has_standing)
        return;
    CHECK_INT(side->standing.level, side->terms.asks);
    CHECK_INT(side->standing.freshness,
              is_epoch ? freshness[form] : TROTH_FRESH_CONNECTION);
    CHECK_INT(side->standing.whose, TROTH_WHOSE_ANYBODYS);
    CHECK_TEXT(side->standing.kind, "nitro");
    CHECK(side->standing.simulated);
    CHECK_INT(side->standing.fresh_s,
              is_epoch && form == CHECKPOINT ? MINTED_AT_S - 30 : MINTED_AT_S);
    /* Known evidence is not judged again. */
    CHECK_TEXT(side->verdict, is_epoch && form == HELD ? "" : "accepted");
}

static void talk(void)
{
    static const uint8_t end[] = {TROTH_FRAME_END, 0, 0, 0};

    channel_pair_say(&pair, &pair.client, "ask");
    channel_pair_say(&pair, &pair.server, "answer");
    channel_side_give(&pair.server, (struct troth_span)TROTH_ARRAY_SPAN(end));
    CHECK(pair.server.has_ended && !pair.client.has_ended);
    channel_pair_say(&pair, &pair.server, "more");
    CHECK_SPAN((struct troth_span)TROTH_ARRAY_SPAN(pair.server.delivered),
               (struct troth_span)TROTH_ARRAY_SPAN(pair.server.delivered));
    CHECK_SPAN(((struct troth_span){pair.server.delivered, pair.server.delivered_len}),
               test_text("ask"));
    CHECK_SPAN(((struct troth_span){pair.client.delivered, pair.client.delivered_len}),
               test_text("answermore"));
}

static void try_asks(enum troth_level client_asks, enum troth_level server_asks,
                     enum form form)
{
    test_case("client asks %s, server asks %s, %s", troth_level_name(client_asks),
              troth_level_name(server_asks), form_names[form]);
    begin(client_asks, server_asks);
    if (form == CHECKPOINT) {
        set_checkpoint(&pair.client);
        set_checkpoint(&pair.server);
    }
    if (form == HELD) {
        channel_side_remember(&pair.client, 2);
        channel_side_remember(&pair.server, 2);
        channel_pair_run(&pair);
        CHECK_TEXT(channel_pair_state(&pair), "open, open");
        begin_again();
    }
    channel_pair_run(&pair);
    CHECK_TEXT(channel_pair_state(&pair), "open, open");
    CHECK(pair.client.is_accepted && pair.server.is_accepted);
    check_standing(&pair.client, form);
    check_standing(&pair.server, form);
    talk();
    channel_pair_end(&pair);
}

static void try_all_asks(void)
{
    for (int client = TROTH_LEVEL_NONE; client < TROTH_LEVEL_COUNT; client++)
        for (int server = TROTH_LEVEL_NONE; server < TROTH_LEVEL_COUNT; server++)
            for (int form = SENT; form < FORMS; form++)
                if (client || server)
                    try_asks((enum troth_level)client, (enum troth_level)server,
                             (enum form)form);
}

/* A client whose cryptography fails at the n-th call of it, for every n. */
static unsigned fail_at(enum troth_level level, unsigned n)
{
    struct failing_crypto failing;
    const struct troth_crypto crypto = failing_crypto_over(&failing, &world.trial.crypto,
                                                           n);

    begin(level, level);
    pair.client.tools.crypto = &crypto;
    pair.client.tools.cache = NULL;
    if (n == 1 || n == 2) { /* the certificates' */
        CHECK_ERR(troth_channel_init(&pair.client.channel, &pair.client.terms, &crypto),
                  TROTH_ERR_CRYPTO);
        channel_side_tell(&pair.client, TROTH_EVENT_GO_ON);
    } else {
        channel_pair_run(&pair);
    }
    CHECK_INT(pair.client.is_accepted, n == 0);
    CHECK_INT(pair.client.reason, n == 0 ? TROTH_REASON_NONE : TROTH_REASON_INTERNAL);
    channel_pair_end(&pair);
    return failing.calls;
}

static void fail_everything(void)
{
    for (int level = TROTH_LEVEL_EPOCH; level < TROTH_LEVEL_COUNT; level++) {
        test_case("cryptography that fails, at any one place: %s",
                  troth_level_name((enum troth_level)level));
        const unsigned calls = fail_at((enum troth_level)level, 0);

        CHECK(calls > 10);
        for (unsigned n = 1; n <= calls; n++)
            (void)fail_at((enum troth_level)level, n);
    }
}

/* Terms that make no sense make a channel that has refused. */
static void make_no_sense(void)
{
    static const struct {
        const char *why;
        struct troth_channel_terms terms;
    } rows[] = {
        {"no role", {.asks = TROTH_LEVEL_EPOCH}},
        {"a role that is none", {.role = (enum troth_role)3}},
        {"a level that is none", {.role = TROTH_CLIENT, .asks = TROTH_LEVEL_COUNT}},
        {"an age below zero", {.role = TROTH_CLIENT, .max_age_s = -1}},
        {"a name that is backed by nothing known",
         {.role = TROTH_CLIENT, .name = (enum troth_name_backing)3}},
    };
    const struct troth_channel_event event = {.type = TROTH_EVENT_GO_ON};
    struct troth_channel_action action;

    for (size_t i = 0; i < COUNT(rows); i++) {
        test_case("terms: %s", rows[i].why);
        begin(TROTH_LEVEL_EPOCH, TROTH_LEVEL_NONE);
        memset(&pair.client.channel, 0xff, sizeof pair.client.channel);
        CHECK_ERR(
            troth_channel_init(&pair.client.channel, &rows[i].terms, &world.trial.crypto),
            TROTH_ERR_VALUE);
        action = troth_channel_step(&pair.client.channel, &pair.client.tools, &event);
        CHECK_INT(action.type, TROTH_ACTION_REFUSED);
        CHECK_INT(action.reason, TROTH_REASON_INTERNAL);
        CHECK(!troth_channel_is_open(&pair.client.channel));
        CHECK_INT(troth_channel_due_s(&pair.client.channel), INT64_MAX);
        channel_pair_end(&pair);
    }
}

int main(void)
{
    channel_world_begin(&world);
    try_all_asks();
    fail_everything();
    make_no_sense();
    channel_world_end(&world);
    return test_finish();
}
