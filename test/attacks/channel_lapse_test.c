/* SPDX-License-Identifier: Apache-2.0 */
/* Good when the connection opened, not good now: it closes, the peer hears why, and what
 * was on its way is not handed on. */
#include <string.h>

#include "test/harness.h"
#include "test/support/channel_party.h"
#include "test/support/policy.h"

static struct channel_world world;
static struct party client, server;
static struct troth_collateral_item items[TROTH_COLLATERAL_MAX];
static struct sim_intel intel;
static struct sim_snp snp;

/* ---- what changes ---- */

/* The client's own copy, in which one list takes the place of another. */
static void replace_list(struct sim_crl *list, const struct sim_cert *revoked)
{
    const struct troth_span before = minted_keep(&world.trial, sim_crl_mint(list));
    bool is_there = false;

    sim_crl_revoke(list, revoked, MINTED_AT_S);
    const struct troth_span after = minted_keep(&world.trial, sim_crl_mint(list));
    for (size_t i = 0; i < world.trial.item_count; i++) {
        items[i] = world.trial.items[i];
        if (items[i].kind == TROTH_COLLATERAL_CRL && items[i].bytes.len == before.len &&
            memcmp(items[i].bytes.ptr, before.ptr, before.len) == 0) {
            items[i].bytes = after;
            is_there = true;
        }
    }
    CHECK(is_there);
    client.side.tools.collateral = (struct troth_collateral){items,
                                                             world.trial.item_count};
    client.side.tools.generation++;
}

static void revoke_platform(void)
{
    struct sim_cert pck;

    sim_intel_default(&intel, world.ring, SIM_TDX_V4, 0, MINTED_AT_S);
    sim_intel_get_cert(&pck, &intel, SIM_INTEL_PCK);
    replace_list(&intel.pck_crl, &pck);
}

static void revoke_another(void)
{
    static struct sim_intel other;
    struct sim_cert pck;

    sim_intel_default(&intel, world.ring, SIM_TDX_V4, 0, MINTED_AT_S);
    sim_intel_default(&other, world.ring, SIM_TDX_V4, 1, MINTED_AT_S);
    sim_intel_get_cert(&pck, &other, SIM_INTEL_PCK);
    replace_list(&intel.pck_crl, &pck);
}

static void revoke_authority(void)
{
    sim_intel_default(&intel, world.ring, SIM_TDX_V4, 0, MINTED_AT_S);
    replace_list(&intel.root_crl, &intel.certs[intel.ca]);
}

/* AMD revokes what signs a chip's key, not the chip's key itself. */
static void revoke_ask(void)
{
    sim_snp_default(&snp, world.ring, SIM_GENOA, SIM_VCEK, 0, MINTED_AT_S);
    replace_list(&snp.crl, &snp.certs[SIM_SNP_ASK]);
}

static void change_policy(void)
{
    client.side.tools.policy = test_policy(
        "{policy: q, accept: [nitro], images: any, machines: any}");
    client.side.tools.generation++;
}

static void change_machines(void)
{
    client.side.tools.policy = test_policy(
        "{policy: r, accept: [tdx], images: any, machines: {tdx: ['"
        "0123456789abcdef0123456789abcdef']}}");
    client.side.tools.generation++;
}

static void take_root_away(void)
{
    static const struct troth_anchors none;

    client.side.tools.anchors = &none;
    client.side.tools.generation++;
}

static void let_time_pass(void)
{
    client.side.now_s = troth_connection_due_s(client.connection);
}

static void change_nothing(void)
{
    client.side.tools.generation++;
}

/* ---- what comes of it ---- */

static const struct {
    const char *why;
    enum channel_device device;
    void (*change)(void);
    const char *state;
    const char *again; /* of a new connection */
} rows[] = {
    {"the platform's certificate is revoked", CHANNEL_TDX, revoke_platform, "lapsed",
     "evidence"},
    {"its authority is revoked", CHANNEL_TDX, revoke_authority, "lapsed", "evidence"},
    {"another platform's certificate is revoked", CHANNEL_TDX, revoke_another, "open",
     "open"},
    {"what signs the chip's certificate is revoked", CHANNEL_SNP, revoke_ask, "lapsed",
     "evidence"},
    {"the policy takes another kind", CHANNEL_TDX, change_policy, "lapsed", "evidence"},
    {"the policy names another machine", CHANNEL_TDX, change_machines, "lapsed",
     "evidence"},
    {"the root is no anchor any more", CHANNEL_TDX, take_root_away, "lapsed", "evidence"},
    {"what the verdict rests on expires", CHANNEL_TDX, let_time_pass, "lapsed",
     "evidence"},
    {"what the verdict rests on expires, Nitro", CHANNEL_NITRO, let_time_pass, "lapsed",
     "evidence"},
    {"nothing but the news that something did", CHANNEL_TDX, change_nothing, "open",
     "open"},
};

static void begin(enum channel_device device, enum troth_level level)
{
    party_begin(&client, &world, TROTH_CLIENT, device);
    party_begin(&server, &world, TROTH_SERVER, device);
    client.side.terms.asks = level;
    if (level == TROTH_LEVEL_EPOCH)
        channel_side_remember(&client.side, 4);
    party_meet(&client, &server);
    CHECK_TEXT(party_states(&client, &server), "open, open");
}

/* In between: bytes that have arrived and lie in the socket. */
static void change(void (*how)(void), const char *state)
{
    const bool is_open = strcmp(state, "open") == 0;

    CHECK(party_say(&server, "before"));
    party_step(&client);
    CHECK_TEXT(client.heard, "before");
    CHECK(party_say(&server, ", after"));
    how();
    CHECK_INT(party_say(&client, "own"), 1); /* nobody has told it yet */
    party_step(&client);
    CHECK_TEXT(party_state(&client), state);
    CHECK_TEXT(client.heard, is_open ? "before, after" : "before");
    CHECK_INT(party_say(&client, "more"), is_open);
    party_step(&server);
    CHECK_TEXT(party_state(&server), is_open ? "open" : "peer lapsed");
    CHECK_INT(party_say(&server, "more"), is_open);
}

static void change_all(void)
{
    for (size_t i = 0; i < COUNT(rows); i++)
        for (int level = TROTH_LEVEL_EPOCH; level < TROTH_LEVEL_COUNT; level++) {
            test_case("while open, %s: %s", troth_level_name((enum troth_level)level),
                      rows[i].why);
            begin(rows[i].device, (enum troth_level)level);
            change(rows[i].change, rows[i].state);
            /* Nor does it help to come again with what is remembered. */
            server.side.epoch_s = (uint64_t)client.side.now_s;
            sim_bytes_free(&server.side.key_info);
            server.side.key_info = sim_key_info(server.side.key);
            party_meet(&client, &server);
            CHECK_TEXT(party_state(&client), rows[i].again);
            party_end(&client);
            party_end(&server);
        }
}

/* The other side's verdict lapses, and this one's does not. */
static void change_at_the_server(void)
{
    test_case("while open: the server's policy changes");
    party_begin(&client, &world, TROTH_CLIENT, CHANNEL_TDX);
    party_begin(&server, &world, TROTH_SERVER, CHANNEL_TDX);
    client.side.terms.asks = TROTH_LEVEL_STRICT;
    server.side.terms.asks = TROTH_LEVEL_STRICT;
    party_meet(&client, &server);
    CHECK_TEXT(party_states(&client, &server), "open, open");
    server.side.tools.policy = test_policy(
        "{policy: q, accept: [nitro], images: any, machines: any}");
    server.side.tools.generation++;
    CHECK(party_say(&client, "late"));
    party_step(&server);
    CHECK_TEXT(server.heard, "");
    party_step(&client);
    CHECK_TEXT(party_states(&client, &server), "peer lapsed, lapsed");
    party_end(&client);
    party_end(&server);
}

/* It is the connection's own demand that time be looked at: it says when. */
static void say_when(void)
{
    test_case("while open: the connection says when its verdict lapses");
    begin(CHANNEL_NITRO, TROTH_LEVEL_STRICT);
    const int64_t due_s = troth_connection_due_s(client.connection);
    CHECK_INT(due_s, troth_connection_standing(client.connection)->valid_until_s + 1);
    CHECK(due_s > MINTED_AT_S && due_s < MINTED_AT_S + 86400);
    client.side.now_s = due_s - 1;
    party_step(&client);
    CHECK_TEXT(party_state(&client), "open");
    client.side.now_s = due_s;
    party_step(&client);
    CHECK_TEXT(party_state(&client), "lapsed");
    party_end(&client);
    party_end(&server);
}

int main(void)
{
    channel_world_begin(&world);
    change_all();
    change_at_the_server();
    say_when();
    channel_world_end(&world);
    return test_finish();
}
