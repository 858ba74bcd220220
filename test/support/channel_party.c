/* SPDX-License-Identifier: Apache-2.0 */
#include "test/support/channel_party.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "test/harness.h"
#include "test/support/pair.h"

void party_begin(struct party *party, struct channel_world *world, enum troth_role role,
                 enum channel_device device)
{
    memset(party, 0, sizeof *party);
    channel_side_begin(&party->side, world, role, device);
    party->side.terms.gives[TROTH_LEVEL_EPOCH] = true;
    party->side.terms.gives[TROTH_LEVEL_STRICT] = true;
    party->tls_options.role = role;
    party->descriptor = party->line = -1;
}

static void hang_up(struct party *party)
{
    troth_connection_destroy(party->connection);
    party->connection = NULL;
    if (party->descriptor >= 0)
        (void)close(party->descriptor);
    if (party->line >= 0)
        (void)close(party->line);
    party->descriptor = party->line = -1;
}

void party_end(struct party *party)
{
    hang_up(party);
    troth_tls_destroy(party->tls);
    channel_side_end(&party->side);
}

static void open_connection(struct party *party)
{
    struct troth_connection_options options = {
        .asks = party->side.terms.asks,
        .max_age_s = party->side.terms.max_age_s,
        .peer = TROTH_LITERAL("192.0.2.1"),
    };

    memcpy(options.gives, party->side.terms.gives, sizeof options.gives);
    if (!party->tls &&
        !CHECK_ERR(troth_tls_create(&party->tls, &party->tls_options), TROTH_OK))
        abort();
    options.tls = party->tls;
    if (!CHECK_ERR(
            troth_connection_create(&party->connection, party->descriptor, &options),
            TROTH_OK))
        abort();
}

void party_connect(struct party *party)
{
    int ends[2];

    hang_up(party);
    pair_sockets(ends);
    party->descriptor = ends[0];
    party->line = ends[1];
    party->heard_len = 0;
    party->heard[0] = '\0';
    open_connection(party);
}

int party_take_line(struct party *party)
{
    const int line = party->line;

    party->line = -1;
    return line;
}

static void give_proof(struct party *party)
{
    struct channel_side *side = &party->side;
    struct troth_proof proof;
    const bool is_there = (side->habits.prove ? side->habits.prove : channel_side_prove)(
        side, &proof, troth_connection_request(party->connection));

    side->asked[TROTH_ACTION_NEED_PROOF]++;
    troth_connection_prove(party->connection, is_there ? &proof : NULL,
                           side->why_no_proof);
}

static void give_signature(struct party *party)
{
    struct channel_side *side = &party->side;
    uint8_t signature[64];

    (side->habits.sign ? side->habits.sign : channel_side_sign)(
        side, signature, troth_connection_to_sign(party->connection));
    troth_connection_signed(party->connection,
                            (struct troth_span)TROTH_ARRAY_SPAN(signature));
}

static bool answer(struct party *party)
{
    const unsigned wants = troth_connection_wants(party->connection);

    if (party->is_slow)
        return false;
    if (wants & TROTH_WANT_PROOF) {
        give_proof(party);
    } else if (wants & TROTH_WANT_SIGNATURE) {
        give_signature(party);
    } else if (wants & TROTH_WANT_COLLATERAL) {
        if (party->side.habits.look)
            party->side.habits.look(&party->side,
                                    troth_connection_needs(party->connection));
        troth_connection_looked(party->connection);
    } else {
        return false;
    }
    return true;
}

static void read_all(struct party *party)
{
    ptrdiff_t len;

    do {
        len = troth_connection_read(party->connection, &party->side.tools,
                                    party->side.now_s,
                                    (uint8_t *)party->heard + party->heard_len,
                                    PARTY_HEARD - 1 - party->heard_len);
        if (len > 0)
            party->heard_len += (size_t)len;
    } while (len > 0);
    party->heard[party->heard_len] = '\0';
}

void party_step(struct party *party)
{
    do
        (void)troth_connection_step(party->connection, &party->side.tools,
                                    party->side.now_s);
    while (answer(party));
    read_all(party);
}

void party_meet(struct party *client, struct party *server)
{
    int ends[2];

    party_connect(client);
    party_connect(server);
    pair_sockets(ends);
    if (dup2(ends[0], client->descriptor) < 0 || dup2(ends[1], server->descriptor) < 0)
        abort();
    (void)close(ends[0]);
    (void)close(ends[1]);
    for (int turn = 0; turn < 12; turn++) {
        party_step(client);
        party_step(server);
    }
}

bool party_say(struct party *party, const char *text)
{
    return troth_connection_write(party->connection, test_text(text)) ==
           (ptrdiff_t)strlen(text);
}

const char *party_state(const struct party *party)
{
    static char texts[8][64];
    static unsigned next;
    char *out = texts[next++ % COUNT(texts)];
    enum troth_channel_reason theirs = TROTH_REASON_NONE;
    const enum troth_channel_reason reason = troth_connection_reason(party->connection,
                                                                     &theirs);

    if (party->connection->phase == TROTH_CONNECTION_OPEN)
        return "open";
    if (party->connection->phase == TROTH_CONNECTION_HANDSHAKE)
        return "handshake";
    (void)snprintf(out, sizeof texts[0], "%s%s%s", troth_channel_reason_name(reason),
                   theirs ? " " : "", theirs ? troth_channel_reason_name(theirs) : "");
    return out;
}

const char *party_states(const struct party *client, const struct party *server)
{
    static char text[160];

    (void)snprintf(text, sizeof text, "%s, %s", party_state(client), party_state(server));
    return text;
}
