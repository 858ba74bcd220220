/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Bytes as a script of what happens to one channel: a side that asked for proof accepts
 * nobody whose HELLO and PROOF are not those of the honest peer, nothing is delivered
 * before, and there is no way on from a refusal.
 *
 * The first byte says which side of which connection. Then instructions: what is asked
 * for is answered; the peer's next frame comes, or another of them, changed in some bytes
 * (offset in two bytes, how many, and those), or a frame of the script's own; time
 * passes; or any event at all.
 */
#include <stdlib.h>
#include <string.h>

#include "base/cursor.h"
#include "base/span.h"
#include "channel/frame.h"
#include "test/harness.h"
#include "test/support/channel_pair.h"

enum { CONNECTIONS = 8, FRAMES = 4, STEPS_MAX = 200 };
enum { ANSWER, NEXT, CHANGE, OWN, LATER, CHANGED, EVENT, INSTRUCTIONS };

/* One side of an honest connection, before its first event, and what its peer says. */
struct connection {
    struct channel_side side;
    struct troth_span frames[FRAMES];
    size_t frame_count;
};
static struct connection connections[CONNECTIONS];
static struct channel_world world;

/* The side that is tried. */
static struct {
    const struct connection *honest;
    struct channel_side side;
    size_t next; /* of the honest peer's frames */
    struct troth_channel_action last;
    struct troth_proof proof;
    uint8_t exporter[32], signature[64], kept[TROTH_FRAME_MAX], frame[TROTH_FRAME_MAX];
    size_t kept_len;
    bool is_hello_right, is_proof_right, is_accepted, is_refused, has_ended;
} now;

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerInitialize(int *argc, char ***argv);

static void require(bool holds)
{
    if (!holds)
        abort();
}

static void record(struct connection *out, enum troth_role role,
                   enum troth_level client_asks, enum troth_level server_asks)
{
    static struct channel_pair pair;
    struct channel_side *peer = role == TROTH_CLIENT ? &pair.server : &pair.client;
    struct channel_side *side = role == TROTH_CLIENT ? &pair.client : &pair.server;
    struct troth_span frame;
    bool moves = true;

    channel_pair_begin(&pair, &world, CHANNEL_NITRO);
    pair.client.terms.asks = client_asks;
    pair.server.terms.asks = server_asks;
    out->side = *side;
    channel_side_start(&pair.client);
    channel_side_start(&pair.server);
    while (moves) {
        moves = false;
        while (channel_side_take(peer, &frame)) {
            require(out->frame_count < FRAMES);
            out->frames[out->frame_count++] = frame;
            channel_side_give(side, frame);
            moves = true;
        }
        while (channel_side_take(side, &frame)) {
            channel_side_give(peer, frame);
            moves = true;
        }
    }
    require(troth_channel_is_open(&side->channel));
    channel_side_end(peer);
}

/* The parameters are libFuzzer's. NOLINTNEXTLINE(readability-non-const-parameter) */
int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    static const enum troth_level asks[][2] = {
        {TROTH_LEVEL_EPOCH, TROTH_LEVEL_EPOCH},
        {TROTH_LEVEL_STRICT, TROTH_LEVEL_NONE},
        {TROTH_LEVEL_NONE, TROTH_LEVEL_EPOCH},
        {TROTH_LEVEL_EPOCH, TROTH_LEVEL_STRICT},
    };

    (void)argc;
    (void)argv;
    channel_world_begin(&world);
    for (size_t i = 0; i < CONNECTIONS; i++)
        record(&connections[i], i % 2 ? TROTH_CLIENT : TROTH_SERVER, asks[i / 2][0],
               asks[i / 2][1]);
    return 0;
}

/* But for signatures and collateral, which others can change and nobody is misled by. */
static bool is_same_proof(struct troth_span frame, struct troth_span honest)
{
    struct troth_proof_frame a, b;

    require(!troth_proof_parse(&b, NULL,
                               troth_span_slice(honest, TROTH_FRAME_HEADER, honest.len)));
    if (troth_proof_parse(&a, NULL,
                          troth_span_slice(frame, TROTH_FRAME_HEADER, frame.len)))
        return false;
    return a.role == b.role && a.proof.level == b.proof.level &&
           a.proof.is_held == b.proof.is_held && a.proof.epoch_s == b.proof.epoch_s &&
           troth_span_equal(a.proof.key, b.proof.key) &&
           troth_span_equal(a.proof.nonce, b.proof.nonce) &&
           troth_span_equal(a.proof.checkpoint, b.proof.checkpoint) &&
           troth_span_equal(a.proof.evidence, b.proof.evidence);
}

static void note_frame(struct troth_span frame)
{
    const struct troth_span *honest = now.honest->frames;

    if (frame.len && frame.ptr[0] == TROTH_FRAME_HELLO)
        now.is_hello_right = troth_span_equal(frame, honest[0]);
    if (frame.len && frame.ptr[0] == TROTH_FRAME_PROOF)
        now.is_proof_right = now.honest->side.terms.asks != TROTH_LEVEL_NONE &&
                             is_same_proof(frame, honest[1]);
}

static void check(void)
{
    const bool asks = now.side.terms.asks != TROTH_LEVEL_NONE;

    switch (now.last.type) {
    case TROTH_ACTION_ACCEPTED:
        require(!now.is_accepted && !now.is_refused);
        require(!asks || (now.is_hello_right && now.is_proof_right));
        now.is_accepted = true;
        break;
    case TROTH_ACTION_DELIVER:
        require(now.is_accepted && !now.is_refused && !now.has_ended);
        now.has_ended = now.last.bytes.len == 0;
        break;
    case TROTH_ACTION_REFUSED:
        now.is_refused = true;
        break;
    case TROTH_ACTION_KEEP:
        require(asks && now.is_hello_right && now.is_proof_right);
        memcpy(now.kept, now.last.bytes.ptr, now.last.bytes.len);
        now.kept_len = now.last.bytes.len;
        break;
    case TROTH_ACTION_WAIT:
    case TROTH_ACTION_SEND:
    case TROTH_ACTION_NEED_EXPORTER:
    case TROTH_ACTION_NEED_PROOF:
    case TROTH_ACTION_NEED_SIGNATURE:
    case TROTH_ACTION_NEED_COLLATERAL:
    case TROTH_ACTION_NEED_KEPT:
        break;
    }
    require(!now.is_refused || now.last.type == TROTH_ACTION_REFUSED);
    require(!troth_channel_is_open(&now.side.channel) || now.is_accepted);
}

static void step(struct troth_channel_event event)
{
    event.now_s = now.side.now_s;
    if (event.type == TROTH_EVENT_FRAME)
        note_frame(event.bytes);
    now.last = troth_channel_step(&now.side.channel, &now.side.tools, &event);
    check();
}

static void give(struct troth_span frame)
{
    step((struct troth_channel_event){.type = TROTH_EVENT_FRAME, .bytes = frame});
}

/* Was it asked for in the honest connection, too? Then its evidence is there already. */
static bool is_minted(const struct troth_proof_request *request)
{
    const struct troth_span hello = now.honest->frames[0];

    if (request->level == TROTH_LEVEL_EPOCH)
        return troth_span_equal(request->challenge,
                                troth_span_slice(hello, 9, 9 + TROTH_CHALLENGE_SIZE));
    for (size_t i = 0; i < world.minted_count; i++)
        if (troth_span_equal(request->binding, (struct troth_span)TROTH_ARRAY_SPAN(
                                                   world.minted[i].report_data)))
            return true;
    return false;
}

/* To mint for every other challenge would fill the memory. */
static void prove(const struct troth_proof_request *request)
{
    if (is_minted(request)) {
        require(channel_side_prove(&now.side, &now.proof, request));
        return;
    }
    now.proof = (struct troth_proof){.level = request->level,
                                     .evidence = TROTH_LITERAL("evidence"),
                                     .key = TROTH_LITERAL("key"),
                                     .nonce = request->challenge};
}

/* What a caller does about the last action; a frame that is waited for is the next. */
static void answer(void)
{
    struct troth_channel_event event = {.type = TROTH_EVENT_GO_ON};

    switch (now.last.type) {
    case TROTH_ACTION_WAIT:
    case TROTH_ACTION_ACCEPTED:
        give(now.honest->frames[now.next]);
        now.next += now.next + 1 < now.honest->frame_count;
        return;
    case TROTH_ACTION_NEED_EXPORTER:
        channel_side_export(&now.side, now.exporter, now.last.bytes);
        event.type = TROTH_EVENT_EXPORTER;
        event.bytes = (struct troth_span)TROTH_ARRAY_SPAN(now.exporter);
        break;
    case TROTH_ACTION_NEED_PROOF:
        prove(&now.last.request);
        event.type = TROTH_EVENT_PROOF;
        event.proof = &now.proof;
        break;
    case TROTH_ACTION_NEED_SIGNATURE:
        channel_side_sign(&now.side, now.signature, now.last.bytes);
        event.type = TROTH_EVENT_SIGNATURE;
        event.bytes = (struct troth_span)TROTH_ARRAY_SPAN(now.signature);
        break;
    case TROTH_ACTION_NEED_COLLATERAL:
        event.type = TROTH_EVENT_COLLATERAL;
        break;
    case TROTH_ACTION_NEED_KEPT:
        event.type = TROTH_EVENT_KEPT;
        event.bytes = (struct troth_span){now.kept, now.kept_len};
        break;
    case TROTH_ACTION_SEND:
    case TROTH_ACTION_KEEP:
    case TROTH_ACTION_DELIVER:
    case TROTH_ACTION_REFUSED:
        break;
    }
    step(event);
}

/* One of the honest peer's frames, changed. */
static void change(struct troth_cursor *c)
{
    const struct troth_span frame =
        now.honest->frames[troth_cursor_u8(c, "which") % now.honest->frame_count];
    const size_t at = (size_t)troth_cursor_uint_be(c, 2, "offset");
    const struct troth_span bytes = troth_cursor_bytes(c, troth_cursor_u8(c, "length"),
                                                       "bytes");

    memcpy(now.frame, frame.ptr, frame.len);
    if (bytes.len && at < frame.len && bytes.len <= frame.len - at)
        memcpy(now.frame + at, bytes.ptr, bytes.len);
    give((struct troth_span){now.frame, frame.len});
}

static void perform(struct troth_cursor *c, unsigned instruction)
{
    switch (instruction) {
    case ANSWER:
        answer();
        break;
    case NEXT:
        give(now.honest->frames[now.next]);
        break;
    case CHANGE:
        change(c);
        break;
    case OWN:
        give(troth_cursor_bytes(c, troth_cursor_u8(c, "length"), "frame"));
        break;
    case LATER:
        now.side.now_s += (int64_t)troth_cursor_uint_be(c, 4, "time");
        step((struct troth_channel_event){.type = TROTH_EVENT_TIME});
        break;
    case CHANGED:
        now.side.tools.generation++;
        step((struct troth_channel_event){.type = TROTH_EVENT_CHANGED});
        break;
    default:
        step((struct troth_channel_event){
            .type = (enum troth_channel_event_type)(troth_cursor_u8(c, "type") % 12),
            .bytes = troth_cursor_bytes(c, troth_cursor_u8(c, "length"), "bytes")});
        break;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct troth_cursor c = troth_cursor_over((struct troth_span){data, size});
    unsigned steps = 0;

    memset(&now, 0, sizeof now);
    now.honest = &connections[troth_cursor_u8(&c, "connection") % CONNECTIONS];
    now.side = now.honest->side;
    require(
        !troth_channel_init(&now.side.channel, &now.side.terms, now.side.tools.crypto));
    step((struct troth_channel_event){.type = TROTH_EVENT_GO_ON});
    while (troth_cursor_left(&c) && steps++ < STEPS_MAX)
        perform(&c, troth_cursor_u8(&c, "instruction") % INSTRUCTIONS);
    return 0;
}
