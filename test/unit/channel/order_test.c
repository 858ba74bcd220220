/* SPDX-License-Identifier: Apache-2.0 */
/* Frames in every place where they must not come, fed to one side by hand. */
#include <string.h>

#include "channel/frame.h"
#include "test/harness.h"
#include "test/support/channel_pair.h"

static struct channel_world world;
static struct channel_side side;
static uint8_t room[256];

/* Of who talks to the side. */
static struct troth_span hello(enum troth_role role, enum troth_level asks)
{
    static const uint8_t challenge[TROTH_CHALLENGE_SIZE] = {9};
    struct troth_writer w = troth_writer_over(room, sizeof room);

    troth_hello_write(
        &w, &(struct troth_hello){
                .role = role, .asks = asks, .challenge = TROTH_ARRAY_SPAN(challenge)});
    return troth_writer_span(&w);
}

static struct troth_span done(enum troth_role role)
{
    struct troth_writer w = troth_writer_over(room, sizeof room);

    troth_done_write(&w, role);
    return troth_writer_span(&w);
}

static struct troth_span refusal(uint8_t code)
{
    memcpy(room, (uint8_t[]){TROTH_FRAME_REFUSE, 0, 0, 1, code}, 5);
    return (struct troth_span){room, 5};
}

/* A frame by its letter. */
static struct troth_span frame_of(char letter, enum troth_role peer,
                                  enum troth_level peer_asks)
{
    const enum troth_role own = peer == TROTH_CLIENT ? TROTH_SERVER : TROTH_CLIENT;
    struct troth_span frame;

    switch (letter) {
    case 'H':
        return hello(peer, peer_asks);
    case 'h': /* of our own role */
        return hello(own, peer_asks);
    case 'v': /* of another version */
        frame = hello(peer, peer_asks);
        room[TROTH_FRAME_HEADER] = 2;
        return frame;
    case 'c': /* a byte short */
        frame = hello(peer, peer_asks);
        room[3]--;
        frame.len--;
        return frame;
    case 'D':
        return done(peer);
    case 'd':
        return done(own);
    case 'b': /* a role that is none */
        frame = done(peer);
        room[4] = 3;
        return frame;
    case 'R':
        return refusal(TROTH_REASON_BUSY);
    case 'r': /* a code that is none */
        return refusal(200);
    case 'X':
        return (struct troth_span){(const uint8_t *)"\x05\x00\x00\x01x", 5};
    case 'x': /* DATA of nothing */
        return (struct troth_span){(const uint8_t *)"\x05\x00\x00\x00", 4};
    case 'E':
        return (struct troth_span){(const uint8_t *)"\x06\x00\x00\x00", 4};
    case 'P': /* a PROOF of which nothing can be read */
        return (struct troth_span){(const uint8_t *)"\x02\x00\x00\x01\x01", 5};
    case 'u': /* a type that is none */
        return (struct troth_span){(const uint8_t *)"\x07\x00\x00\x00", 4};
    case 't': /* with a byte behind it */
        return (struct troth_span){(const uint8_t *)"\x06\x00\x00\x00!", 5};
    default: /* half a header */
        return (struct troth_span){(const uint8_t *)"\x05\x00", 2};
    }
}

struct row {
    const char *why;
    enum troth_role role;
    enum troth_level asks, peer_asks;
    const char *frames;
    const char *state;
    size_t delivered;
};

static void play(const struct row *row)
{
    const enum troth_role peer = row->role == TROTH_CLIENT ? TROTH_SERVER : TROTH_CLIENT;

    test_case("%s %s: %s", troth_role_name(row->role), row->frames, row->why);
    channel_side_begin(&side, &world, row->role, CHANNEL_NITRO);
    side.terms.gives[TROTH_LEVEL_EPOCH] = true;
    side.terms.asks = row->asks;
    channel_side_start(&side);
    for (const char *letter = row->frames; *letter; letter++)
        channel_side_give(&side, frame_of(*letter, peer, row->peer_asks));
    CHECK_TEXT(channel_side_state(&side), row->state);
    CHECK_INT(side.delivered_len, row->delivered);
    CHECK_INT(side.is_accepted,
              strncmp(row->frames, "HD", 2) == 0 && row->asks == TROTH_LEVEL_NONE);
    channel_side_end(&side);
}

#define SERVER TROTH_SERVER, TROTH_LEVEL_NONE, TROTH_LEVEL_EPOCH
#define CLIENT TROTH_CLIENT, TROTH_LEVEL_NONE, TROTH_LEVEL_EPOCH
#define ASKING TROTH_CLIENT, TROTH_LEVEL_EPOCH, TROTH_LEVEL_NONE

/* clang-format off */
static const struct row rows[] = {
    {"as it should be",            SERVER, "HDX", "open", 1},
    {"as it should be",            CLIENT, "HDX", "open", 1},
    {"and to its end",             SERVER, "HDXXE", "open", 2},
    {"half of it",                 SERVER, "H", "waits", 0},
    {"waits for a proof",          ASKING, "H", "waits", 0},

    {"HELLO of the wrong role",    SERVER, "h", "role", 0},
    {"HELLO of the wrong role",    CLIENT, "h", "role", 0},
    {"another version",            SERVER, "v", "version at hello.version", 0},
    {"a HELLO cut short",          SERVER, "c", "frame at hello.challenge", 0},
    {"HELLO twice",                SERVER, "HH", "order", 0},
    {"HELLO when open",            SERVER, "HDH", "order", 0},
    {"DONE first",                 SERVER, "D", "order", 0},
    {"DONE in place of a proof",   ASKING, "HD", "order", 0},
    {"DONE twice",                 SERVER, "HDD", "order", 0},
    {"DONE of our own role",       SERVER, "Hd", "role", 0},
    {"DONE of no role",            SERVER, "Hb", "frame at done.role", 0},
    {"PROOF first",                SERVER, "P", "order", 0},
    {"PROOF that nobody asked for", SERVER, "HP", "order", 0},
    {"PROOF when open",            SERVER, "HDP", "order", 0},
    {"PROOF that cannot be read",  ASKING, "HP", "frame at proof.level", 0},

    {"DATA first",                 SERVER, "X", "early", 0},
    {"DATA before DONE",           SERVER, "HX", "early", 0},
    {"DATA in place of a proof",   ASKING, "HX", "early", 0},
    {"END before DONE",            SERVER, "HE", "early", 0},
    {"DATA of nothing",            SERVER, "HDx", "frame at data.bytes", 0},
    {"DATA behind END",            SERVER, "HDXEX", "order", 1},
    {"END twice",                  SERVER, "HDEE", "order", 0},

    {"a type that is none",        SERVER, "u", "frame at frame.type", 0},
    {"the same when open",         SERVER, "HDu", "frame at frame.type", 0},
    {"a byte behind the frame",    SERVER, "HDt", "frame at frame", 0},
    {"half a header",              SERVER, "HD.", "frame at frame.length", 0},

    {"REFUSE first",               SERVER, "R", "peer busy", 0},
    {"REFUSE in place of a proof", ASKING, "HR", "peer busy", 0},
    {"REFUSE when open",           SERVER, "HDR", "peer busy", 0},
    {"REFUSE behind END",          SERVER, "HDER", "peer busy", 0},
    {"REFUSE of no meaning",       SERVER, "Hr", "peer internal", 0},
    {"nothing behind REFUSE",      SERVER, "HDRX", "peer busy", 0},

    {"neither asks", TROTH_SERVER, TROTH_LEVEL_NONE, TROTH_LEVEL_NONE, "H", "nothing", 0},
    {"neither asks", TROTH_CLIENT, TROTH_LEVEL_NONE, TROTH_LEVEL_NONE, "H", "nothing", 0},
    {"it cannot", TROTH_SERVER, TROTH_LEVEL_NONE, TROTH_LEVEL_STRICT, "H", "cannot", 0},
    {"it cannot", TROTH_CLIENT, TROTH_LEVEL_EPOCH, TROTH_LEVEL_STRICT, "H", "cannot", 0},
};
/* clang-format on */

/* What the side sends, as letters: it says all that is its turn to say and no more. */
static void say_in_turn(void)
{
    static const char letters[] = "?HPDRXE";
    static const struct {
        enum troth_role role;
        enum troth_level asks, peer_asks;
        const char *frames, *sent;
    } turns[] = {
        {CLIENT, "", "H"},
        {CLIENT, "H", "HPD"},
        {CLIENT, "HD", "HPD"},
        {SERVER, "", ""},
        {SERVER, "H", "HPD"},
        {SERVER, "HD", "HPD"},
        {ASKING, "", "H"},
        {ASKING, "H", "H"},
        {SERVER, "X", "R"},
        {SERVER, "HX", "HPDR"},
        {CLIENT, "HR", "HPD"},
        {TROTH_SERVER, TROTH_LEVEL_EPOCH, TROTH_LEVEL_EPOCH, "H", "HP"},
        {TROTH_SERVER, TROTH_LEVEL_EPOCH, TROTH_LEVEL_NONE, "H", "H"},
        {TROTH_CLIENT, TROTH_LEVEL_EPOCH, TROTH_LEVEL_EPOCH, "H", "H"},
    };

    for (size_t i = 0; i < COUNT(turns); i++) {
        const enum troth_role peer = turns[i].role == TROTH_CLIENT ? TROTH_SERVER
                                                                   : TROTH_CLIENT;
        struct troth_span frame;
        char sent[CHANNEL_OUTBOX + 1] = "";
        size_t count = 0;

        test_case("what is said, %zu: %s", i, turns[i].sent);
        channel_side_begin(&side, &world, turns[i].role, CHANNEL_NITRO);
        side.terms.gives[TROTH_LEVEL_EPOCH] = true;
        side.terms.asks = turns[i].asks;
        channel_side_start(&side);
        for (const char *letter = turns[i].frames; *letter; letter++)
            channel_side_give(&side, frame_of(*letter, peer, turns[i].peer_asks));
        while (channel_side_take(&side, &frame))
            sent[count++] = letters[frame.ptr[0]];
        CHECK_TEXT(sent, turns[i].sent);
        channel_side_end(&side);
    }
}

/* The events that are no frames. */
static void end_otherwise(void)
{
    static const struct {
        const char *why, *frames;
        enum troth_channel_event_type event;
        const char *state;
        size_t sent;
    } endings[] = {
        {"slow", "", TROTH_EVENT_SLOW, "slow", 1},
        {"slow in the middle", "H", TROTH_EVENT_SLOW, "slow", 4},
        {"slow when it is over", "HD", TROTH_EVENT_SLOW, "open", 3},
        {"closed", "", TROTH_EVENT_CLOSED, "closed", 0},
        {"closed when open", "HD", TROTH_EVENT_CLOSED, "closed", 3},
        {"time", "H", TROTH_EVENT_TIME, "waits", 3},
        {"a change", "H", TROTH_EVENT_CHANGED, "waits", 3},
        {"time when open", "HD", TROTH_EVENT_TIME, "open", 3},
        {"an answer without a question", "H", TROTH_EVENT_EXPORTER, "internal", 4},
        {"the same when open", "HD", TROTH_EVENT_KEPT, "internal", 4},
        {"go on without a reason", "H", TROTH_EVENT_GO_ON, "internal", 4},
    };

    for (size_t i = 0; i < COUNT(endings); i++) {
        test_case("no frame: %s", endings[i].why);
        channel_side_begin(&side, &world, TROTH_SERVER, CHANNEL_NITRO);
        side.terms.gives[TROTH_LEVEL_EPOCH] = true;
        channel_side_start(&side);
        for (const char *letter = endings[i].frames; *letter; letter++)
            channel_side_give(&side, frame_of(*letter, TROTH_CLIENT, TROTH_LEVEL_EPOCH));
        channel_side_tell(&side, endings[i].event);
        CHECK_TEXT(channel_side_state(&side), endings[i].state);
        CHECK_INT(side.outbox_count, endings[i].sent);
        channel_side_end(&side);
    }
}

int main(void)
{
    channel_world_begin(&world);
    for (size_t i = 0; i < COUNT(rows); i++)
        play(&rows[i]);
    say_in_turn();
    end_otherwise();
    channel_world_end(&world);
    return test_finish();
}
