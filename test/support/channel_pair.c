/* SPDX-License-Identifier: Apache-2.0 */
#include "test/support/channel_pair.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "channel/frame.h"
#include "test/harness.h"
#include "troth/provider.h"

const struct troth_policy *channel_any_policy(void)
{
    static const struct troth_policy *policy;
    static uint8_t *room;
    static const char yaml[] =
        "{\"policy\": \"test\", \"accept\": [\"nitro\", \"snp\", \"tdx\"],"
        " \"images\": \"any\", \"machines\": \"any\"}";
    struct troth_crypto crypto;

    if (policy)
        return policy;
    room = malloc(TROTH_POLICY_ARENA_SIZE);
    struct troth_arena arena = {room, TROTH_POLICY_ARENA_SIZE, 0};
    if (!room || troth_provider_create(&crypto) ||
        troth_policy_from_json(&policy, NULL, test_text(yaml), &crypto, &arena))
        abort();
    troth_provider_destroy(&crypto);
    return policy;
}

static void begin_side(struct channel_pair *pair, struct channel_side *side,
                       enum troth_role role, enum channel_device device)
{
    static const uint8_t client_leaf[] = "the client's certificate";
    static const uint8_t server_leaf[] = "the server's certificate";
    const struct troth_span client = TROTH_ARRAY_SPAN(client_leaf);
    const struct troth_span server = TROTH_ARRAY_SPAN(server_leaf);
    const bool is_client = role == TROTH_CLIENT;

    channel_side_begin(side, pair->world, role, device);
    memset(side->tls, 0x71, sizeof side->tls);
    side->terms.gives[TROTH_LEVEL_EPOCH] = true;
    side->terms.gives[TROTH_LEVEL_STRICT] = true;
    side->terms.own_certificate = is_client ? client : server;
    side->terms.peer_certificate = is_client ? server : client;
}

void channel_pair_begin(struct channel_pair *pair, struct channel_world *world,
                        enum channel_device device)
{
    memset(pair, 0, sizeof *pair);
    pair->world = world;
    begin_side(pair, &pair->client, TROTH_CLIENT, device);
    begin_side(pair, &pair->server, TROTH_SERVER, device);
}

void channel_pair_end(struct channel_pair *pair)
{
    channel_side_end(&pair->client);
    channel_side_end(&pair->server);
}

/* One frame, as it is or as who is in between makes it. */
static bool carry(struct channel_pair *pair, struct channel_side *from,
                  struct channel_side *to)
{
    enum { ROOM = TROTH_FRAME_MAX + 1024 };
    struct troth_span frame;
    uint8_t *copy;
    size_t len;

    if (!channel_side_take(from, &frame))
        return false;
    copy = malloc(ROOM);
    if (!copy)
        abort();
    memcpy(copy, frame.ptr, frame.len);
    len = pair->tamper ? pair->tamper(pair, from, copy, frame.len, ROOM) : frame.len;
    if (len)
        channel_side_give(
            to, trial_keep(&pair->world->trial, (struct troth_span){copy, len}));
    free(copy);
    return true;
}

void channel_pair_carry(struct channel_pair *pair)
{
    while (carry(pair, &pair->client, &pair->server) ||
           carry(pair, &pair->server, &pair->client))
        ;
}

void channel_pair_run(struct channel_pair *pair)
{
    channel_side_start(&pair->client);
    channel_side_start(&pair->server);
    channel_pair_carry(pair);
}

void channel_pair_say(struct channel_pair *pair, struct channel_side *from,
                      const char *text)
{
    uint8_t frame[TROTH_FRAME_HEADER + 64];
    const size_t len = strlen(text);

    CHECK(len <= 64 && troth_channel_is_open(&from->channel));
    troth_frame_data_header(frame, len);
    memcpy(frame + TROTH_FRAME_HEADER, text, len);
    channel_side_give(from == &pair->client ? &pair->server : &pair->client,
                      trial_keep(&pair->world->trial,
                                 (struct troth_span){frame, TROTH_FRAME_HEADER + len}));
}

const char *channel_pair_state(const struct channel_pair *pair)
{
    static char text[300];

    (void)snprintf(text, sizeof text, "%s, %s", channel_side_state(&pair->client),
                   channel_side_state(&pair->server));
    return text;
}

size_t channel_rewrite_proof(uint8_t *frame, size_t len, size_t room,
                             void (*bend)(struct troth_proof_frame *proof,
                                          const void *context),
                             const void *context)
{
    uint8_t *copy = malloc(room);
    struct troth_writer w = troth_writer_over(frame, room);
    struct troth_proof_frame proof;

    if (!copy)
        abort();
    memcpy(copy, frame, len);
    CHECK_ERR(troth_proof_parse(&proof, NULL,
                                (struct troth_span){copy + TROTH_FRAME_HEADER,
                                                    len - TROTH_FRAME_HEADER}),
              TROTH_OK);
    bend(&proof, context);
    troth_proof_write(&w, &proof);
    CHECK(!w.full);
    free(copy);
    return w.len;
}
