/* SPDX-License-Identifier: Apache-2.0 */
/* The simulator's machines at the other end: nobody's, unless its root is named; and then
 * the standing says what they are. */
#include <string.h>

#include "test/harness.h"
#include "test/support/channel_party.h"

static struct channel_world world;
static struct party client, server;

static void meet(enum channel_device device, enum troth_level level, bool is_named)
{
    party_begin(&client, &world, TROTH_CLIENT, device);
    party_begin(&server, &world, TROTH_SERVER, device);
    client.side.terms.asks = level;
    server.side.terms.asks = level;
    if (!is_named)
        client.side.tools.anchors = NULL; /* the built-in ones */
    party_meet(&client, &server);
}

static void end(void)
{
    party_end(&client);
    party_end(&server);
}

int main(void)
{
    static const char *const names[] = {
        [CHANNEL_NITRO] = "nitro", [CHANNEL_SNP] = "snp", [CHANNEL_TDX] = "tdx"};

    channel_world_begin(&world);
    for (int device = CHANNEL_NITRO; device <= CHANNEL_TDX; device++)
        for (int level = TROTH_LEVEL_EPOCH; level < TROTH_LEVEL_COUNT; level++) {
            const enum channel_device kind = (enum channel_device)device;

            test_case("simulator, %s, %s: refused by its root", names[device],
                      troth_level_name((enum troth_level)level));
            meet(kind, (enum troth_level)level, false);
            CHECK_TEXT(party_states(&client, &server), "evidence, peer evidence");
            CHECK(strncmp(troth_connection_detail(client.connection), "anchor: ", 8) ==
                  0);
            CHECK(troth_connection_standing(client.connection) == NULL);
            end();

            test_case("simulator, %s, %s: with its root named, both sides say so",
                      names[device], troth_level_name((enum troth_level)level));
            meet(kind, (enum troth_level)level, true);
            CHECK_TEXT(party_states(&client, &server), "open, open");
            CHECK(troth_connection_standing(client.connection)->simulated);
            CHECK(troth_connection_standing(server.connection)->simulated);
            CHECK_TEXT(troth_connection_standing(client.connection)->kind, names[device]);
            end();
        }
    channel_world_end(&world);
    return test_finish();
}
