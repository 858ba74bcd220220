/* SPDX-License-Identifier: Apache-2.0 */
/* Who runs the machine sets its clock; who runs the verifier's host sets that one. */
#include <string.h>

#include "channel/commitment.h"
#include "test/harness.h"
#include "test/support/channel_party.h"

static struct channel_world world;
static struct party client, server;

#define MINUTE ((int64_t)60)
#define HOUR   (60 * MINUTE)
#define DAY    (24 * HOUR)

/* ---- the prover's clock ---- */

/* The epoch that its key says it is of, against the verifier's clock. Evidence is new,
 * for the verifier's own challenge: only the epoch is what the host makes it. */
static void set_provers_clock(void)
{
    static const struct {
        const char *why;
        int64_t epoch_s, max_age_s;
        const char *state;
    } rows[] = {
        {"right", 0, 0, "open"},
        {"a little ahead", MINUTE, 0, "open"},
        {"ahead, so that its key is young for longer", MINUTE + 1, 0, "future"},
        {"a day ahead", DAY, 0, "future"},
        {"at the end of time", INT64_MAX - MINTED_AT_S, 0, "future"},
        {"an hour behind: a key as old as may be", -HOUR, 0, "open"},
        {"set back, so that an old epoch lives on", -HOUR - 1, 0, "stale"},
        {"stopped yesterday", -DAY, 0, "stale"},
        {"at the beginning of time", -MINTED_AT_S, 0, "stale"},
        {"ten minutes behind, where five are the most", -10 * MINUTE, 5 * MINUTE,
         "stale"},
    };
    static const enum troth_role verifiers[] = {TROTH_CLIENT, TROTH_SERVER};

    for (size_t v = 0; v < COUNT(verifiers); v++)
        for (size_t i = 0; i < COUNT(rows); i++) {
            struct party *verifier = verifiers[v] == TROTH_CLIENT ? &client : &server;
            struct party *prover = verifiers[v] == TROTH_CLIENT ? &server : &client;

            test_case("the clock of a machine that proves to a %s: %s",
                      troth_role_name(verifiers[v]), rows[i].why);
            party_begin(&client, &world, TROTH_CLIENT, CHANNEL_TDX);
            party_begin(&server, &world, TROTH_SERVER, CHANNEL_TDX);
            verifier->side.terms.asks = TROTH_LEVEL_EPOCH;
            verifier->side.terms.max_age_s = rows[i].max_age_s;
            prover->side.now_s += rows[i].epoch_s;
            prover->side.epoch_s = (uint64_t)(MINTED_AT_S + rows[i].epoch_s);
            party_meet(&client, &server);
            CHECK_TEXT(party_state(verifier), rows[i].state);
            party_end(&client);
            party_end(&server);
        }
}

/* ---- the time that evidence signs ---- */

/* A Nitro document signs the time of the host that the enclave is on. */
static int64_t document_s; /* against the verifier's clock */

static bool prove_with_time(struct channel_side *side, struct troth_proof *out,
                            const struct troth_proof_request *request)
{
    static struct sim_nitro nitro;
    struct troth_span user_data = request->binding;
    uint8_t binding[TROTH_BINDING_SIZE];

    if (!channel_side_prove(side, out, request))
        return false;
    if (request->level == TROTH_LEVEL_EPOCH) {
        CHECK_ERR(troth_key_commitment_compute(binding, &world.trial.crypto,
                                               request->role, out),
                  TROTH_OK);
        user_data = (struct troth_span)TROTH_ARRAY_SPAN(binding);
    }
    sim_nitro_default(&nitro, world.ring, 0, MINTED_AT_S);
    nitro.timestamp_ms = (uint64_t)((MINTED_AT_S + document_s) * 1000);
    sim_nitro_set_optional(&nitro.user_data, user_data);
    out->evidence = minted_keep(&world.trial, sim_nitro_mint(&nitro));
    CHECK_ERR(troth_digest(&world.trial.crypto, out->evidence_sha256, TROTH_SHA256,
                           out->evidence),
              TROTH_OK);
    return true;
}

static void sign_another_time(void)
{
    static const struct {
        const char *why;
        int64_t document_s;
        const char *state, *detail;
    } rows[] = {
        {"now", 0, "open", ""},
        {"half a minute ahead", 30, "open", ""},
        {"two minutes ahead", 2 * MINUTE, "evidence", "time: "},
        {"an hour ahead", HOUR, "evidence", "time: "},
        {"a day ahead", DAY, "evidence", "time: "},
        /* It carries today's challenge: it is of today, whatever that clock says. */
        {"yesterday", -DAY, "open", ""},
    };

    for (size_t i = 0; i < COUNT(rows); i++)
        for (int level = TROTH_LEVEL_EPOCH; level < TROTH_LEVEL_COUNT; level++) {
            test_case("evidence that signs the time, %s: %s",
                      troth_level_name((enum troth_level)level), rows[i].why);
            party_begin(&client, &world, TROTH_CLIENT, CHANNEL_NITRO);
            party_begin(&server, &world, TROTH_SERVER, CHANNEL_NITRO);
            client.side.terms.asks = (enum troth_level)level;
            server.side.habits.prove = prove_with_time;
            document_s = rows[i].document_s;
            party_meet(&client, &server);
            CHECK_TEXT(party_state(&client), rows[i].state);
            CHECK(strncmp(troth_connection_detail(client.connection), rows[i].detail,
                          strlen(rows[i].detail)) == 0);
            party_end(&client);
            party_end(&server);
        }
}

/* ---- the verifier's clock ---- */

static void set_verifiers_clock(void)
{
    static const struct {
        const char *why;
        int64_t by_s;
        const char *epoch, *strict;
    } rows[] = {
        {"set back an hour", -HOUR, "future", "open"},
        {"set back a year, to before the collateral", -365 * DAY, "future", "evidence"},
        {"set forward two hours", 2 * HOUR, "stale", "open"},
        {"set forward a year, past the collateral", 365 * DAY, "stale", "evidence"},
    };

    for (size_t i = 0; i < COUNT(rows); i++)
        for (int level = TROTH_LEVEL_EPOCH; level < TROTH_LEVEL_COUNT; level++) {
            test_case("the verifier's clock, %s: %s",
                      troth_level_name((enum troth_level)level), rows[i].why);
            party_begin(&client, &world, TROTH_CLIENT, CHANNEL_TDX);
            party_begin(&server, &world, TROTH_SERVER, CHANNEL_TDX);
            client.side.terms.asks = (enum troth_level)level;
            client.side.now_s += rows[i].by_s;
            party_meet(&client, &server);
            CHECK_TEXT(party_state(&client),
                       level == TROTH_LEVEL_EPOCH ? rows[i].epoch : rows[i].strict);
            party_end(&client);
            party_end(&server);
        }
}

/* The clock goes back while evidence is remembered: it is asked for anew. */
static void set_it_back_later(void)
{
    test_case("the verifier's clock goes back after it took evidence");
    party_begin(&client, &world, TROTH_CLIENT, CHANNEL_TDX);
    party_begin(&server, &world, TROTH_SERVER, CHANNEL_TDX);
    client.side.terms.asks = TROTH_LEVEL_EPOCH;
    channel_side_remember(&client.side, 4);
    party_meet(&client, &server);
    CHECK_TEXT(party_state(&client), "open");
    client.side.now_s -= 2 * MINUTE;
    server.side.epoch_s = (uint64_t)client.side.now_s;
    party_meet(&client, &server);
    CHECK_TEXT(party_state(&client), "open");
    CHECK_INT(troth_connection_standing(client.connection)->fresh_s, client.side.now_s);
    party_end(&client);
    party_end(&server);
}

int main(void)
{
    channel_world_begin(&world);
    set_provers_clock();
    sign_another_time();
    set_verifiers_clock();
    set_it_back_later();
    channel_world_end(&world);
    return test_finish();
}
