/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/span.h"
#include "channel/commitment.h"
#include "test/harness.h"
#include "test/support/channel_pair.h"

/* What is lent to the channel from one event to the next. */
struct answers {
    struct troth_channel_event event;
    struct troth_proof proof;
    uint8_t exporter[TROTH_EXPORTER_SIZE], signature[64];
};

void channel_side_begin(struct channel_side *side, struct channel_world *world,
                        enum troth_role role, enum channel_device device)
{
    const char *name = troth_role_name(role);

    memset(side, 0, sizeof *side);
    side->world = world;
    side->machine.device = device;
    side->now_s = MINTED_AT_S;
    side->epoch_s = (uint64_t)MINTED_AT_S - 100;
    side->key = sim_keyring_key(world->ring, SIM_KEY_P256, name);
    side->key_info = sim_key_info(side->key);
    side->terms.role = role;
    sim_keyring_fill(world->ring, name, side->terms.challenge,
                     sizeof side->terms.challenge);
    side->tools = (struct troth_channel_tools){
        .crypto = &world->trial.crypto,
        .policy = channel_any_policy(),
        .anchors = &world->trial.anchors,
        .collateral = {world->trial.items, world->trial.item_count},
        .generation = 1,
        .cache = &world->cache,
        .arena = &world->arena,
    };
}

void channel_side_end(struct channel_side *side)
{
    sim_bytes_free(&side->key_info);
}

void channel_side_remember(struct channel_side *side, size_t entries)
{
    const size_t size = entries * TROTH_KNOWN_ENTRY_SIZE;
    uint8_t *zeros = calloc(entries, TROTH_KNOWN_ENTRY_SIZE);

    if (!zeros)
        abort();
    const struct troth_span kept = trial_keep(&side->world->trial,
                                              (struct troth_span){zeros, size});
    free(zeros);
    troth_known_init(&side->known, (uint8_t *)(uintptr_t)kept.ptr, size);
    side->tools.known = &side->known;
}

void channel_side_export(struct channel_side *side, uint8_t out[static 32],
                         struct troth_span context)
{
    uint8_t both[64];

    if (context.len != 32)
        abort();
    memcpy(both, side->tls, 32);
    memcpy(both + 32, context.ptr, 32);
    CHECK_ERR(troth_digest(&side->world->trial.crypto, out, TROTH_SHA256,
                           (struct troth_span)TROTH_ARRAY_SPAN(both)),
              TROTH_OK);
}

void channel_side_sign(struct channel_side *side, uint8_t out[static 64],
                       struct troth_span binding)
{
    struct sim_bytes raw = sim_key_sign_raw(side->key, binding);

    memcpy(out, raw.ptr, 64);
    sim_bytes_free(&raw);
}

static bool holds(const struct troth_proof_request *request,
                  const struct troth_proof *made)
{
    for (size_t at = 0; at + 32 <= request->held.len; at += 32)
        if (memcmp(request->held.ptr + at, made->evidence_sha256, 32) == 0)
            return made->evidence.len > 0;
    return false;
}

/* New evidence over its key, for the nonce or after the checkpoint. */
static void make_epoch(struct channel_side *side,
                       const struct troth_proof_request *request)
{
    struct troth_proof *made = &side->made;
    uint8_t binding[TROTH_BINDING_SIZE];

    *made = (struct troth_proof){.level = TROTH_LEVEL_EPOCH,
                                 .key = sim_bytes_span(side->key_info),
                                 .epoch_s = side->epoch_s};
    memcpy(side->nonce, request->challenge.ptr, sizeof side->nonce);
    if (side->checkpoint.len && request->takes_checkpoint)
        made->checkpoint = side->checkpoint;
    else
        made->nonce = (struct troth_span)TROTH_ARRAY_SPAN(side->nonce);
    CHECK_ERR(troth_key_commitment_compute(binding, &side->world->trial.crypto,
                                           request->role, made),
              TROTH_OK);
    made->evidence = channel_world_mint(side->world, side->machine,
                                        (struct troth_span)TROTH_ARRAY_SPAN(binding));
    CHECK_ERR(troth_digest(&side->world->trial.crypto, made->evidence_sha256,
                           TROTH_SHA256, made->evidence),
              TROTH_OK);
}

bool channel_side_prove(struct channel_side *side, struct troth_proof *out,
                        const struct troth_proof_request *request)
{
    if (side->why_no_proof)
        return false;
    if (request->level == TROTH_LEVEL_STRICT) {
        *out = (struct troth_proof){
            .level = TROTH_LEVEL_STRICT,
            .evidence = channel_world_mint(side->world, side->machine, request->binding)};
        return true;
    }
    const bool is_held = holds(request, &side->made);

    if (!is_held)
        make_epoch(side, request);
    *out = side->made;
    out->is_held = is_held;
    return true;
}

static void send(struct channel_side *side, struct troth_span frame)
{
    if (side->outbox_count == CHANNEL_OUTBOX)
        abort();
    side->outbox[(side->outbox_first + side->outbox_count++) % CHANNEL_OUTBOX] =
        trial_keep(&side->world->trial, frame);
}

bool channel_side_take(struct channel_side *side, struct troth_span *out)
{
    if (!side->outbox_count)
        return false;
    *out = side->outbox[side->outbox_first];
    side->outbox_first = (side->outbox_first + 1) % CHANNEL_OUTBOX;
    side->outbox_count--;
    return true;
}

static void deliver(struct channel_side *side, struct troth_span bytes)
{
    CHECK(side->is_accepted && !side->is_refused && !side->has_ended);
    side->has_ended = bytes.len == 0;
    if (bytes.len > CHANNEL_DELIVERED - side->delivered_len)
        abort();
    if (bytes.len)
        memcpy(side->delivered + side->delivered_len, bytes.ptr, bytes.len);
    side->delivered_len += bytes.len;
}

static void note_standing(struct channel_side *side,
                          const struct troth_channel_action *action)
{
    if (action->result)
        trial_describe(side->verdict, &action->result->verdict);
    side->has_standing = action->standing != NULL;
    if (action->standing)
        side->standing = *action->standing;
}

static void note_refusal(struct channel_side *side,
                         const struct troth_channel_action *action)
{
    if (action->result)
        trial_describe(side->verdict, &action->result->verdict);
    side->is_refused = true;
    side->reason = action->reason;
    side->peer_reason = action->peer_reason;
    side->fault = action->fault;
}

static void answer_proof(struct channel_side *side, struct answers *answers,
                         const struct troth_proof_request *request)
{
    const bool is_there = (side->habits.prove ? side->habits.prove : channel_side_prove)(
        side, &answers->proof, request);

    if (request->binding.len)
        memcpy(side->asked_binding, request->binding.ptr, 64);
    answers->event.type = TROTH_EVENT_PROOF;
    answers->event.proof = is_there ? &answers->proof : NULL;
    answers->event.reason = side->why_no_proof;
}

static void answer_signature(struct channel_side *side, struct answers *answers,
                             struct troth_span binding)
{
    memcpy(side->asked_binding, binding.ptr, 64);
    (side->habits.sign ? side->habits.sign : channel_side_sign)(side, answers->signature,
                                                                binding);
    answers->event.type = TROTH_EVENT_SIGNATURE;
    answers->event.bytes = (struct troth_span)TROTH_ARRAY_SPAN(answers->signature);
}

static void answer_exporter(struct channel_side *side, struct answers *answers,
                            struct troth_span context)
{
    (side->habits.export ? side->habits.export
                         : channel_side_export)(side, answers->exporter, context);
    answers->event.type = TROTH_EVENT_EXPORTER;
    answers->event.bytes = (struct troth_span)TROTH_ARRAY_SPAN(answers->exporter);
}

/* What a caller does about an action; false: it waits. */
static bool perform(struct channel_side *side, struct answers *answers,
                    const struct troth_channel_action *action)
{
    answers->event = (struct troth_channel_event){.now_s = side->now_s};
    switch (action->type) {
    case TROTH_ACTION_SEND:
        send(side, action->bytes);
        return true;
    case TROTH_ACTION_NEED_EXPORTER:
        answer_exporter(side, answers, action->bytes);
        return true;
    case TROTH_ACTION_NEED_PROOF:
        answer_proof(side, answers, &action->request);
        return true;
    case TROTH_ACTION_NEED_SIGNATURE:
        answer_signature(side, answers, action->bytes);
        return true;
    case TROTH_ACTION_NEED_COLLATERAL:
        if (side->habits.look)
            side->habits.look(side, action->needs);
        answers->event.type = TROTH_EVENT_COLLATERAL;
        return true;
    case TROTH_ACTION_NEED_KEPT:
        answers->event.type = TROTH_EVENT_KEPT;
        answers->event.bytes = side->loses_kept ? (struct troth_span){NULL, 0}
                                                : side->kept;
        return true;
    case TROTH_ACTION_KEEP:
        side->kept = trial_keep(&side->world->trial, action->bytes);
        note_standing(side, action);
        return true;
    case TROTH_ACTION_ACCEPTED:
        side->is_accepted = true;
        note_standing(side, action);
        return false;
    case TROTH_ACTION_DELIVER:
        deliver(side, action->bytes);
        return true;
    case TROTH_ACTION_REFUSED:
        note_refusal(side, action);
        return false;
    case TROTH_ACTION_WAIT:
        return false;
    }
    abort();
}

static void drive(struct channel_side *side, struct troth_channel_event event)
{
    struct answers answers = {.event = event};
    struct troth_channel_action action;

    do {
        action = troth_channel_step(&side->channel, &side->tools, &answers.event);
        side->asked[action.type]++;
    } while (perform(side, &answers, &action));
    if (side->is_accepted && action.type == TROTH_ACTION_WAIT && side->has_standing)
        CHECK(troth_channel_is_open(&side->channel));
}

void channel_side_tell(struct channel_side *side, enum troth_channel_event_type type)
{
    drive(side, (struct troth_channel_event){.type = type, .now_s = side->now_s});
}

void channel_side_give(struct channel_side *side, struct troth_span frame)
{
    drive(side, (struct troth_channel_event){
                    .type = TROTH_EVENT_FRAME, .now_s = side->now_s, .bytes = frame});
}

void channel_side_start(struct channel_side *side)
{
    CHECK_ERR(troth_channel_init(&side->channel, &side->terms, side->tools.crypto),
              TROTH_OK);
    channel_side_tell(side, TROTH_EVENT_GO_ON);
}

const char *channel_side_state(const struct channel_side *side)
{
    static char texts[8][128];
    static unsigned next;
    char *out = texts[next++ % COUNT(texts)];
    const bool is_open = troth_channel_is_open(&side->channel);

    if (!side->is_refused) {
        (void)snprintf(out, sizeof texts[0], "%s", is_open ? "open" : "waits");
        return out;
    }
    (void)snprintf(out, sizeof texts[0], "%s%s%s%s%s",
                   troth_channel_reason_name(side->reason), side->peer_reason ? " " : "",
                   side->peer_reason ? troth_channel_reason_name(side->peer_reason) : "",
                   side->fault.field ? " at " : "",
                   side->fault.field ? side->fault.field : "");
    return out;
}
