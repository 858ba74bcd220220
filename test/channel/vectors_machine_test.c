/* SPDX-License-Identifier: Apache-2.0 */
/* docs/protocol-vectors.json before the machine: as either side of each connection it
 * sends what the file says, byte for byte, as far as it need not judge evidence that is
 * none; and what is to be refused without a judgement is refused for that reason.
 */
#include <stdlib.h>
#include <string.h>

#include "base/span.h"
#include "channel/frame.h"
#include "test/channel/vectors_file.h"
#include "test/harness.h"
#include "test/support/policy.h"
#include "troth/provider.h"

/* One side, and the other by the file. */
struct play {
    struct troth_channel channel;
    struct troth_channel_tools tools;
    struct troth_channel_event event;
    struct troth_channel_action action;
    const json_t *connection; /* or what is refused */
    enum troth_role role;
    size_t received, sent; /* steps of either side so far */
    struct troth_proof_frame proof;
};

static struct troth_crypto crypto;
static struct troth_arena arena;
static const struct troth_policy *policy;
static int64_t now_s;

static void begin(struct play *play, const json_t *connection, const json_t *side,
                  enum troth_role role)
{
    const json_t *certificates = json_object_get(connection, "certificates");
    const struct troth_span challenge = vectors_hex(side, "challenge");
    const struct troth_span client = vectors_hex(certificates, "client");
    const struct troth_span server = vectors_hex(certificates, "server");
    const bool is_client = role == TROTH_CLIENT;
    struct troth_channel_terms terms = {
        .role = role,
        .asks = vectors_level(vectors_text(side, "asks")),
        .own_certificate = is_client ? client : server,
        .peer_certificate = is_client ? server : client,
    };
    const json_t *gives = json_object_get(side, "gives"), *level;
    size_t i;

    terms.gives[TROTH_LEVEL_EPOCH] = terms.gives[TROTH_LEVEL_STRICT] = gives == NULL;
    json_array_foreach(gives, i, level)
        terms.gives[vectors_level(json_string_value(level))] = true;
    memcpy(terms.challenge, challenge.ptr, sizeof terms.challenge);
    *play = (struct play){.connection = connection, .role = role};
    play->tools = (struct troth_channel_tools){
        .crypto = &crypto, .policy = policy, .generation = 1, .arena = &arena};
    play->event = (struct troth_channel_event){.type = TROTH_EVENT_GO_ON, .now_s = now_s};
    CHECK_ERR(troth_channel_init(&play->channel, &terms, &crypto), TROTH_OK);
}

static void answer(struct play *play, enum troth_channel_event_type type,
                   struct troth_span bytes)
{
    play->event = (struct troth_channel_event){
        .type = type, .now_s = now_s, .bytes = bytes};
}

/* ---- connections ---- */

/* The next frame of this side or of the other; NULL: there are no more. */
static const json_t *next_step(struct play *play, bool own, size_t *count)
{
    const json_t *steps = json_object_get(play->connection, "steps"), *step;
    size_t i, seen = 0;

    json_array_foreach(steps, i, step)
    {
        if ((vectors_role(step, "from") == play->role) == own && seen++ == *count) {
            ++*count;
            return step;
        }
    }
    return NULL;
}

/* This side's own PROOF, which is to come. */
static const json_t *own_proof(struct play *play)
{
    const json_t *steps = json_object_get(play->connection, "steps"), *step;
    size_t i;

    json_array_foreach(steps, i, step)
    {
        if (vectors_role(step, "from") == play->role &&
            !strcmp(vectors_text(step, "type"), "PROOF"))
            return step;
    }
    return NULL;
}

/* The device and the key, as the file has them. */
static void prove(struct play *play)
{
    const json_t *step = own_proof(play);
    const struct troth_span frame = vectors_hex(step, "frame");
    const struct troth_proof_request *request = &play->action.request;

    CHECK_ERR(troth_proof_parse(&play->proof, NULL,
                                troth_span_slice(frame, TROTH_FRAME_HEADER, frame.len)),
              TROTH_OK);
    CHECK_INT(request->role, play->role);
    CHECK_INT(request->level, play->proof.proof.level);
    if (request->level == TROTH_LEVEL_STRICT)
        CHECK_SPAN(request->binding,
                   vectors_hex(json_object_get(step, "proof"), "commitment"));
    else if (play->proof.proof.nonce.len)
        CHECK_SPAN(request->challenge, play->proof.proof.nonce);
    play->event = (struct troth_channel_event){
        .type = TROTH_EVENT_PROOF, .now_s = now_s, .proof = &play->proof.proof};
}

static void sign(struct play *play)
{
    CHECK_SPAN(play->action.bytes,
               vectors_hex(json_object_get(own_proof(play), "proof"), "commitment"));
    answer(play, TROTH_EVENT_SIGNATURE, play->proof.signature);
}

static void export(struct play *play)
{
    const struct troth_span value = vectors_exporter(play->connection,
                                                     play->action.bytes);

    CHECK_INT(value.len, TROTH_EXPORTER_SIZE);
    answer(play, TROTH_EVENT_EXPORTER, value);
}

static bool receive(struct play *play)
{
    const json_t *step = next_step(play, false, &play->received);

    if (step)
        answer(play, TROTH_EVENT_FRAME, vectors_hex(step, "frame"));
    return step != NULL;
}

static void check_sent(struct play *play)
{
    const json_t *step = next_step(play, true, &play->sent);

    CHECK_SPAN(play->action.bytes, vectors_hex(step, "frame"));
}

/* false: it is over. What it goes on with is in the event. */
static bool act(struct play *play)
{
    answer(play, TROTH_EVENT_GO_ON, (struct troth_span){NULL, 0});
    switch (play->action.type) {
    case TROTH_ACTION_WAIT:
        return receive(play);
    case TROTH_ACTION_SEND:
        check_sent(play);
        return true;
    case TROTH_ACTION_NEED_EXPORTER:
        export(play);
        return true;
    case TROTH_ACTION_NEED_PROOF:
        prove(play);
        return true;
    case TROTH_ACTION_NEED_SIGNATURE:
        sign(play);
        return true;
    case TROTH_ACTION_NEED_COLLATERAL:
    case TROTH_ACTION_NEED_KEPT:
    case TROTH_ACTION_REFUSED:
        return false;
    case TROTH_ACTION_KEEP:
    case TROTH_ACTION_ACCEPTED:
    case TROTH_ACTION_DELIVER:
        break;
    }
    return true;
}

/* A verifier gets as far as the evidence that is none; then it is another who sends. */
static bool has_to_judge(const struct play *play, const json_t *side)
{
    const json_t *steps = json_object_get(play->connection, "steps");
    const json_t *next = NULL, *step;
    size_t i, theirs = 0;

    json_array_foreach(steps, i, step)
    {
        if (vectors_role(step, "from") != play->role && ++theirs == play->received)
            next = step;
    }
    return strcmp(vectors_text(side, "asks"), "none") != 0 && next &&
           !strcmp(vectors_text(next, "type"), "PROOF") &&
           play->action.type != TROTH_ACTION_NEED_EXPORTER;
}

static bool is_plain(const json_t *connection, const char *role)
{
    const json_t *steps = json_object_get(connection, "steps"), *step;
    size_t i;

    json_array_foreach(steps, i, step)
    {
        const json_t *says = json_object_get(step, "says");

        if (strcmp(vectors_text(step, "from"), role) != 0 ||
            strcmp(vectors_text(step, "type"), "HELLO") != 0)
            continue;
        return !json_array_size(json_object_get(says, "held")) &&
               !json_is_true(json_object_get(says, "takes_checkpoint"));
    }
    return false;
}

static void play_side(const json_t *connection, const char *name)
{
    const json_t *side = json_object_get(json_object_get(connection, "sides"), name);
    const enum troth_role role = strcmp(name, "client") ? TROTH_SERVER : TROTH_CLIENT;
    const bool is_verifier = strcmp(vectors_text(side, "asks"), "none") != 0;
    struct play play;

    begin(&play, connection, side, role);
    do {
        play.action = troth_channel_step(&play.channel, &play.tools, &play.event);
    } while (!has_to_judge(&play, side) && act(&play));
    CHECK(play.sent >= 1);
    CHECK(is_verifier || play.action.type == TROTH_ACTION_WAIT ||
          play.action.reason == TROTH_REASON_PEER);
    /* DATA and END are the application's. */
    CHECK(is_verifier || troth_channel_is_open(&play.channel) ||
          play.action.reason == TROTH_REASON_PEER);
}

static void test_connections(const json_t *all)
{
    static const char *const roles[] = {"client", "server"};
    const json_t *connection;
    size_t i;

    json_array_foreach(json_object_get(all, "connections"), i, connection)
    {
        for (size_t k = 0; k < COUNT(roles); k++) {
            if (!is_plain(connection, roles[k]))
                continue;
            test_case("as the %s: %s", roles[k], vectors_text(connection, "name"));
            play_side(connection, roles[k]);
        }
    }
    CHECK(i > 0);
}

/* ---- what is refused ---- */

static bool receive_refused(struct play *play)
{
    const json_t *frames = json_object_get(play->connection, "receives");
    const json_t *frame = json_array_get(frames, play->received);

    if (!frame)
        return false;
    play->received++;
    answer(play, TROTH_EVENT_FRAME, test_hex(json_string_value(frame)));
    return true;
}

/* Whatever it is asked for in between, proof is made of nothing. */
static bool act_refused(struct play *play)
{
    static const uint8_t evidence[] = "stand-in", exporter[TROTH_EXPORTER_SIZE] = {1};
    static const struct troth_proof proof = {.level = TROTH_LEVEL_STRICT,
                                             .evidence = TROTH_ARRAY_SPAN(evidence)};

    answer(play, TROTH_EVENT_GO_ON, (struct troth_span){NULL, 0});
    if (play->action.type == TROTH_ACTION_WAIT)
        return receive_refused(play);
    if (play->action.type == TROTH_ACTION_NEED_EXPORTER)
        answer(play, TROTH_EVENT_EXPORTER, (struct troth_span)TROTH_ARRAY_SPAN(exporter));
    if (play->action.type == TROTH_ACTION_NEED_PROOF) {
        play->event.type = TROTH_EVENT_PROOF;
        play->event.proof = &proof;
    }
    return play->action.type != TROTH_ACTION_REFUSED;
}

static void test_refused(const json_t *all)
{
    const json_t *row;
    size_t i;

    json_array_foreach(json_object_get(all, "refused_connections"), i, row)
    {
        const json_t *side = json_object_get(row, "side");
        struct play play;

        test_case("refused: %s", vectors_text(row, "why"));
        begin(&play, side, side, vectors_role(side, "role"));
        play.connection = row;
        do {
            play.action = troth_channel_step(&play.channel, &play.tools, &play.event);
        } while (act_refused(&play));
        CHECK_INT(play.action.type, TROTH_ACTION_REFUSED);
        CHECK_TEXT(troth_channel_reason_name(play.action.reason),
                   vectors_text(row, "reason"));
        CHECK_INT(play.received, json_array_size(json_object_get(row, "receives")));
    }
    CHECK(i > 0);
}

int main(void)
{
    json_t *all = vectors_load();

    arena = (struct troth_arena){malloc(TROTH_CHANNEL_ARENA_SIZE),
                                 TROTH_CHANNEL_ARENA_SIZE, 0};
    policy = test_policy("policy: anything\naccept: [snp]\nimages: any\nmachines: any\n"
                         "nonce: required\n");
    if (!all || !arena.base || troth_provider_create(&crypto))
        return 1;
    now_s = vectors_number(all, "now");
    test_connections(all);
    test_refused(all);
    troth_provider_destroy(&crypto);
    free(arena.base);
    json_decref(all);
    return test_finish();
}
