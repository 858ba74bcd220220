/* SPDX-License-Identifier: Apache-2.0 */
#include "test/support/channel_middle.h"

#include <string.h>

#include "test/harness.h"

void middle_begin(struct middle *middle, struct party *client, struct party *server)
{
    *middle = (struct middle){.client = client, .server = server};
    party_connect(client);
    party_connect(server);
    leg_begin(&middle->front, client->side.world, TROTH_SERVER);
    leg_begin(&middle->back, client->side.world, TROTH_CLIENT);
}

void middle_end(struct middle *middle)
{
    leg_end(&middle->front);
    leg_end(&middle->back);
}

static bool pass(struct middle *middle, struct leg *from, struct leg *to)
{
    struct troth_span frame;

    if (!SSL_is_init_finished(to->ssl) || !leg_take(from, &frame))
        return false;
    if (frame.ptr[0] == TROTH_FRAME_DATA)
        middle->overheard = (struct troth_span){frame.ptr + TROTH_FRAME_HEADER,
                                                frame.len - TROTH_FRAME_HEADER};
    if (middle->turn)
        frame = middle->turn(middle, from, frame);
    if (frame.len > 0)
        leg_send(to, frame);
    return true;
}

/* Several turns without a frame: TLS needs some of its own. */
void middle_run(struct middle *middle)
{
    if (!middle->front.ssl) {
        leg_open(&middle->front, party_take_line(middle->client));
        leg_open(&middle->back, party_take_line(middle->server));
    }
    for (int idle = 0; idle < 8; idle++) {
        party_step(middle->client);
        leg_step(&middle->front);
        party_step(middle->server);
        leg_step(&middle->back);
        while (pass(middle, &middle->front, &middle->back) ||
               pass(middle, &middle->back, &middle->front))
            idle = -1;
    }
}
