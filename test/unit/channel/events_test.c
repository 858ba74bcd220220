/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One machine, and its events in every order.
 *
 * An honest connection is recorded first. Then, from each of its steps on, every sequence
 * of a few events is tried, right ones and wrong ones, and what came of it is held
 * against what may come: a model that knows what was fed and nothing of the machine's
 * states.
 */
#include <stdlib.h>
#include <string.h>

#include "channel/machine.h"
#include "test/harness.h"
#include "test/support/channel_pair.h"

enum { FRAMES = 8, DEPTH = 4, WALKS = 1500, WALK_STEPS = 80 };

static struct channel_world world;
static struct channel_pair pair;

/* What the peer sends in an honest connection, and then a little data. */
static struct troth_span frames[FRAMES];
static size_t frame_count;
static struct channel_side *side; /* whose machine is tried */

/* What can happen. */
/* clang-format off */
#define LETTERS(X)                                                                     \
    X(RIGHT)       /* what was asked for, or the next frame */                         \
    X(FIRST_FRAME) X(SECOND_FRAME) X(THIRD_FRAME) /* of the peer's, due or not */      \
    X(BENT_FRAME)  /* the next frame with a bit turned */                              \
    X(CUT_FRAME) X(DATA) X(END) X(REFUSE) X(GO_ON)                                     \
    X(EXPORTER) X(OTHER_EXPORTER) X(PROOF) X(NO_PROOF) X(SIGNATURE) X(NO_SIGNATURE)    \
    X(COLLATERAL) X(KEPT) X(OTHER_KEPT) X(TIME) X(MUCH_TIME) X(CHANGED) X(CLOSED) X(SLOW)
/* clang-format on */
enum letter {
#define X(name) name,
    LETTERS(X)
#undef X
        LETTER_COUNT
};

/* The machine, and all that the model knows; copied to come back to it. */
struct run {
    struct troth_channel channel;
    struct troth_channel_action last;
    size_t next_frame; /* of the peer's */
    int64_t now_s;
    uint64_t generation;
    struct troth_span kept;
    bool has_begun, is_refusing, is_refused, is_accepted, has_ended;
    bool is_exporter_right; /* the one for the peer's proof */
    bool had_proof, had_done, said_done;
    bool is_true; /* nothing but right frames came so far */
    enum troth_channel_reason reason;
};
static struct run now;

/* What an event needs beside itself. */
static uint8_t exporter[32], signature[64], bent[TROTH_FRAME_MAX], other_kept[64];
static struct troth_proof proof;

static struct troth_span right_frame(size_t at)
{
    const size_t last = frame_count ? frame_count - 1 : 0;

    return frames[at < last ? at : last];
}

static struct troth_span due_frame(void)
{
    return right_frame(now.next_frame);
}

static struct troth_span first_frame(void)
{
    return right_frame(0);
}

static struct troth_span second_frame(void)
{
    return right_frame(1);
}

static struct troth_span third_frame(void)
{
    return right_frame(2);
}

static struct troth_span bent_frame(void)
{
    const struct troth_span frame = due_frame();

    memcpy(bent, frame.ptr, frame.len);
    bent[frame.len - 1] ^= 1;
    return (struct troth_span){bent, frame.len};
}

static struct troth_span cut_frame(void)
{
    const struct troth_span frame = due_frame();

    return (struct troth_span){frame.ptr, frame.len - 1};
}

static struct troth_span data_frame(void)
{
    static const uint8_t frame[] = {TROTH_FRAME_DATA, 0, 0, 1, 'x'};

    return (struct troth_span)TROTH_ARRAY_SPAN(frame);
}

static struct troth_span end_frame(void)
{
    static const uint8_t frame[] = {TROTH_FRAME_END, 0, 0, 0};

    return (struct troth_span)TROTH_ARRAY_SPAN(frame);
}

static struct troth_span refuse_frame(void)
{
    static const uint8_t frame[] = {TROTH_FRAME_REFUSE, 0, 0, 1, TROTH_REASON_BUSY};

    return (struct troth_span)TROTH_ARRAY_SPAN(frame);
}

static struct troth_span right_exporter(void)
{
    static const uint8_t none[32];

    channel_side_export(side, exporter,
                        now.last.type == TROTH_ACTION_NEED_EXPORTER
                            ? now.last.bytes
                            : (struct troth_span)TROTH_ARRAY_SPAN(none));
    return (struct troth_span)TROTH_ARRAY_SPAN(exporter);
}

static struct troth_span other_exporter(void)
{
    (void)right_exporter();
    exporter[0] ^= 1;
    return (struct troth_span)TROTH_ARRAY_SPAN(exporter);
}

static struct troth_span right_signature(void)
{
    if (now.last.type == TROTH_ACTION_NEED_SIGNATURE)
        channel_side_sign(side, signature, now.last.bytes);
    return (struct troth_span)TROTH_ARRAY_SPAN(signature);
}

static struct troth_span what_was_kept(void)
{
    return now.kept;
}

static struct troth_span something_else(void)
{
    return (struct troth_span)TROTH_ARRAY_SPAN(other_kept);
}

/* The event of a letter, and its bytes; NULL: it has none. */
/* clang-format off */
static const struct {
    enum troth_channel_event_type type;
    struct troth_span (*bytes)(void);
} letters[LETTER_COUNT] = {
    [RIGHT]          = {TROTH_EVENT_FRAME, due_frame},
    [FIRST_FRAME]    = {TROTH_EVENT_FRAME, first_frame},
    [SECOND_FRAME]   = {TROTH_EVENT_FRAME, second_frame},
    [THIRD_FRAME]    = {TROTH_EVENT_FRAME, third_frame},
    [BENT_FRAME]     = {TROTH_EVENT_FRAME, bent_frame},
    [CUT_FRAME]      = {TROTH_EVENT_FRAME, cut_frame},
    [DATA]           = {TROTH_EVENT_FRAME, data_frame},
    [END]            = {TROTH_EVENT_FRAME, end_frame},
    [REFUSE]         = {TROTH_EVENT_FRAME, refuse_frame},
    [GO_ON]          = {TROTH_EVENT_GO_ON, NULL},
    [EXPORTER]       = {TROTH_EVENT_EXPORTER, right_exporter},
    [OTHER_EXPORTER] = {TROTH_EVENT_EXPORTER, other_exporter},
    [PROOF]          = {TROTH_EVENT_PROOF, NULL},
    [NO_PROOF]       = {TROTH_EVENT_PROOF, NULL},
    [SIGNATURE]      = {TROTH_EVENT_SIGNATURE, right_signature},
    [NO_SIGNATURE]   = {TROTH_EVENT_SIGNATURE, NULL},
    [COLLATERAL]     = {TROTH_EVENT_COLLATERAL, NULL},
    [KEPT]           = {TROTH_EVENT_KEPT, what_was_kept},
    [OTHER_KEPT]     = {TROTH_EVENT_KEPT, something_else},
    [TIME]           = {TROTH_EVENT_TIME, NULL},
    [MUCH_TIME]      = {TROTH_EVENT_TIME, NULL},
    [CHANGED]        = {TROTH_EVENT_CHANGED, NULL},
    [CLOSED]         = {TROTH_EVENT_CLOSED, NULL},
    [SLOW]           = {TROTH_EVENT_SLOW, NULL},
};

/* The letter for what was asked for. */
static const enum letter answers[] = {
    [TROTH_ACTION_WAIT]            = RIGHT,
    [TROTH_ACTION_SEND]            = GO_ON,
    [TROTH_ACTION_NEED_EXPORTER]   = EXPORTER,
    [TROTH_ACTION_NEED_PROOF]      = PROOF,
    [TROTH_ACTION_NEED_SIGNATURE]  = SIGNATURE,
    [TROTH_ACTION_NEED_COLLATERAL] = COLLATERAL,
    [TROTH_ACTION_NEED_KEPT]       = KEPT,
    [TROTH_ACTION_KEEP]            = GO_ON,
    [TROTH_ACTION_ACCEPTED]        = RIGHT,
    [TROTH_ACTION_DELIVER]         = GO_ON,
    [TROTH_ACTION_REFUSED]         = GO_ON,
};
/* clang-format on */

static const struct troth_proof *prove(void)
{
    if (now.last.type == TROTH_ACTION_NEED_PROOF &&
        !channel_side_prove(side, &proof, &now.last.request))
        abort();
    return &proof;
}

static struct troth_channel_event event_of(enum letter letter)
{
    if (letter == MUCH_TIME)
        now.now_s += 40 * INT64_C(365) * 86400;
    if (letter == CHANGED)
        now.generation++;

    struct troth_channel_event event = {.type = letters[letter].type, .now_s = now.now_s};
    if (letters[letter].bytes)
        event.bytes = letters[letter].bytes();
    if (letter == PROOF)
        event.proof = prove();
    return event;
}

/* May this event come after the last action, by the header? */
static bool is_asked(const struct troth_channel_event *event)
{
    const enum troth_channel_action_type last = now.last.type;
    const bool is_frame = event->type == TROTH_EVENT_FRAME;
    const bool goes_on = last == TROTH_ACTION_SEND || last == TROTH_ACTION_KEEP ||
                         !now.has_begun;

    if (event->type == TROTH_EVENT_CLOSED || event->type == TROTH_EVENT_SLOW)
        return true;
    if (goes_on)
        return event->type == TROTH_EVENT_GO_ON;
    if (event->type == TROTH_EVENT_TIME || event->type == TROTH_EVENT_CHANGED)
        return true;
    if (troth_channel_is_open(&now.channel))
        return is_frame || event->type == TROTH_EVENT_GO_ON;
    return last == TROTH_ACTION_WAIT ? is_frame
                                     : event->type == letters[answers[last]].type;
}

/* What the model learns from a frame that goes in. */
static void note_frame(struct troth_span frame)
{
    const struct troth_span due = right_frame(now.next_frame);

    now.is_true = now.is_true && frame.len == due.len &&
                  memcmp(frame.ptr, due.ptr, due.len) == 0;
    if (now.is_true && frame.ptr[0] == TROTH_FRAME_PROOF)
        now.had_proof = true;
    if (now.is_true && frame.ptr[0] == TROTH_FRAME_DONE)
        now.had_done = true;
    if (now.is_true && now.next_frame < frame_count)
        now.next_frame++;
}

static void check_accepted(void)
{
    const bool asks = side->terms.asks != TROTH_LEVEL_NONE;

    CHECK(!now.is_accepted && now.is_true);
    CHECK(now.had_done && now.said_done);
    CHECK(!asks || (now.had_proof && now.is_exporter_right && now.last.standing));
    CHECK(troth_channel_is_open(&now.channel));
    now.is_accepted = true;
}

static void check_sent(bool was_asked)
{
    const uint8_t *frame = now.last.bytes.ptr;

    if (frame[0] != TROTH_FRAME_REFUSE) {
        CHECK(was_asked);
        now.said_done = now.said_done || frame[0] == TROTH_FRAME_DONE;
        return;
    }
    now.is_refusing = true;
    now.reason = (enum troth_channel_reason)frame[4];
    CHECK(was_asked || now.reason == TROTH_REASON_INTERNAL);
    CHECK(now.reason != TROTH_REASON_CLOSED && now.reason != TROTH_REASON_PEER);
}

static void check_refused(bool was_refusing, bool was_refused,
                          const struct troth_channel_event *event)
{
    if (was_refusing || was_refused)
        CHECK_INT(now.last.reason, now.reason);
    else
        CHECK(now.last.reason == TROTH_REASON_PEER ||
              (event->type == TROTH_EVENT_CLOSED &&
               now.last.reason == TROTH_REASON_CLOSED));
    now.reason = now.last.reason;
    now.is_refused = true;
}

static bool is_same(const struct troth_channel_action *a,
                    const struct troth_channel_action *b)
{
    return a->type == b->type && a->reason == b->reason &&
           a->peer_reason == b->peer_reason && a->standing == b->standing &&
           a->bytes.len == b->bytes.len && a->bytes.ptr == b->bytes.ptr;
}

/* But for what lies between its members. */
static bool is_same_machine(struct troth_channel a, struct troth_channel b)
{
    const size_t from = offsetof(struct troth_machine, fault) + sizeof(enum troth_err);
    const size_t to = offsetof(struct troth_machine, fault) +
                      offsetof(struct troth_fault, field);

    memset((uint8_t *)&a + from, 0, to - from);
    memset((uint8_t *)&b + from, 0, to - from);
    return memcmp(&a, &b, sizeof a) == 0;
}

/* Once more from the same place: the machine has no other inputs. */
static struct troth_channel_action step_twice(const struct troth_channel_event *event)
{
    static uint8_t sent[TROTH_FRAME_MAX];
    struct troth_channel before = now.channel;
    const struct troth_channel_action first = troth_channel_step(&now.channel,
                                                                 &side->tools, event);
    const struct troth_channel after = now.channel;

    if (first.type == TROTH_ACTION_SEND)
        memcpy(sent, first.bytes.ptr, first.bytes.len);
    now.channel = before;
    const struct troth_channel_action second = troth_channel_step(&now.channel,
                                                                  &side->tools, event);
    CHECK(is_same(&first, &second));
    CHECK(is_same_machine(after, now.channel));
    CHECK(first.type != TROTH_ACTION_SEND ||
          memcmp(sent, second.bytes.ptr, second.bytes.len) == 0);
    return second;
}

static void check_action(const struct troth_channel_event *event, bool was_asked,
                         bool was_open)
{
    const bool was_refusing = now.is_refusing, was_refused = now.is_refused;

    if (was_refusing || was_refused)
        CHECK_INT(now.last.type, TROTH_ACTION_REFUSED);
    else if (!was_asked)
        CHECK(now.last.type == TROTH_ACTION_SEND &&
              now.last.bytes.ptr[0] == TROTH_FRAME_REFUSE);
    if (now.last.type == TROTH_ACTION_ACCEPTED)
        check_accepted();
    if (now.last.type == TROTH_ACTION_SEND)
        check_sent(was_asked);
    if (now.last.type == TROTH_ACTION_REFUSED)
        check_refused(was_refusing, was_refused, event);
    if (now.last.type == TROTH_ACTION_DELIVER) {
        CHECK(now.is_accepted && !now.has_ended);
        CHECK(was_open || event->type == TROTH_EVENT_KEPT);
        now.has_ended = now.last.bytes.len == 0;
    }
    CHECK(!troth_channel_is_open(&now.channel) ||
          (now.is_accepted && !now.is_refusing && !now.is_refused));
}

static void apply(enum letter letter)
{
    const enum letter right = now.has_begun ? answers[now.last.type] : GO_ON;
    const enum letter means = letter == RIGHT ? right : letter;
    struct troth_channel_event event = event_of(means);
    const bool was_asked = is_asked(&event);
    const bool was_open = troth_channel_is_open(&now.channel);
    const bool asks_own = now.last.type == TROTH_ACTION_NEED_EXPORTER &&
                          memcmp(now.last.bytes.ptr, side->terms.challenge, 32) == 0;

    side->tools.generation = now.generation;
    if (event.type == TROTH_EVENT_FRAME && !was_open && was_asked)
        note_frame(event.bytes);
    if (event.type == TROTH_EVENT_EXPORTER && asks_own)
        now.is_exporter_right = means == EXPORTER;
    now.last = step_twice(&event);
    check_action(&event, was_asked, was_open);
    now.has_begun = true;
    if (now.last.type == TROTH_ACTION_KEEP)
        now.kept = trial_keep(&world.trial, now.last.bytes);
}

/* Then everything else that could follow. */
static size_t explore(unsigned depth)
{
    const struct run before = now;
    size_t count = 0;

    for (int letter = 0; letter < LETTER_COUNT; letter++) {
        now = before;
        apply((enum letter)letter);
        count++;
        if (depth > 1 && !now.is_refused)
            count += explore(depth - 1);
        else if (now.is_refused)
            apply((enum letter)((letter + 1) % LETTER_COUNT)); /* there is no way on */
    }
    now = before;
    return count;
}

static void begin_run(void)
{
    memset(&now, 0, sizeof now);
    now.now_s = MINTED_AT_S;
    now.generation = 1;
    now.is_true = true;
    CHECK_ERR(troth_channel_init(&now.channel, &side->terms, side->tools.crypto),
              TROTH_OK);
}

/* An honest connection, for the frames of the one who is not tried. */
static void record(enum troth_role role, enum troth_level client_asks,
                   enum troth_level server_asks)
{
    static const uint8_t data[] = {TROTH_FRAME_DATA, 0, 0, 2, 'h', 'i'};
    struct channel_side *peer = role == TROTH_CLIENT ? &pair.server : &pair.client;
    struct troth_span frame;

    channel_pair_begin(&pair, &world, CHANNEL_NITRO);
    pair.client.terms.asks = client_asks;
    pair.server.terms.asks = server_asks;
    side = role == TROTH_CLIENT ? &pair.client : &pair.server;
    frame_count = 0;
    channel_side_start(&pair.client);
    channel_side_start(&pair.server);
    for (bool moves = true; moves;) {
        moves = false;
        while (channel_side_take(peer, &frame)) {
            frames[frame_count++] = frame;
            channel_side_give(side, frame);
            moves = true;
        }
        while (channel_side_take(side, &frame)) {
            channel_side_give(peer, frame);
            moves = true;
        }
    }
    CHECK_TEXT(channel_pair_state(&pair), "open, open");
    frames[frame_count++] = (struct troth_span)TROTH_ARRAY_SPAN(data);
    memset(&side->made, 0, sizeof side->made);
}

static void try_all(enum troth_role role, enum troth_level client_asks,
                    enum troth_level server_asks)
{
    struct run opened;
    size_t count = 0, steps = 0;

    test_case("every order of events: %s, client asks %s, server asks %s",
              troth_role_name(role), troth_level_name(client_asks),
              troth_level_name(server_asks));
    record(role, client_asks, server_asks);
    begin_run();
    while (!now.is_accepted && steps++ < 40) {
        count += explore(DEPTH);
        apply(RIGHT);
    }
    CHECK(now.is_accepted);
    opened = now;
    count += explore(DEPTH);
    now = opened;
    CHECK(count > 10000);
    channel_pair_end(&pair);
}

/* Mostly what is right, so that a walk gets somewhere; now and then anything. */
static void walk(struct test_random *random)
{
    begin_run();
    for (unsigned i = 0; i < WALK_STEPS && !now.is_refused; i++)
        apply(test_random_below(random, 12)
                  ? RIGHT
                  : (enum letter)test_random_below(random, LETTER_COUNT));
}

static void walk_at_random(enum troth_level client_asks, enum troth_level server_asks)
{
    struct test_random random = {42};
    unsigned accepted = 0;

    test_case("long walks: client asks %s, server asks %s", troth_level_name(client_asks),
              troth_level_name(server_asks));
    record(TROTH_CLIENT, client_asks, server_asks);
    for (unsigned i = 0; i < WALKS; i++) {
        walk(&random);
        accepted += now.is_accepted;
    }
    CHECK(accepted > WALKS / 10 && accepted < WALKS);
    channel_pair_end(&pair);
}

int main(void)
{
    static const enum troth_level asks[][2] = {
        {TROTH_LEVEL_EPOCH, TROTH_LEVEL_EPOCH},
        {TROTH_LEVEL_STRICT, TROTH_LEVEL_NONE},
        {TROTH_LEVEL_NONE, TROTH_LEVEL_STRICT},
        {TROTH_LEVEL_EPOCH, TROTH_LEVEL_STRICT},
    };

    channel_world_begin(&world);
    for (size_t i = 0; i < COUNT(asks); i++) {
        try_all(TROTH_CLIENT, asks[i][0], asks[i][1]);
        try_all(TROTH_SERVER, asks[i][0], asks[i][1]);
    }
    walk_at_random(TROTH_LEVEL_EPOCH, TROTH_LEVEL_EPOCH);
    walk_at_random(TROTH_LEVEL_STRICT, TROTH_LEVEL_STRICT);
    channel_world_end(&world);
    return test_finish();
}
