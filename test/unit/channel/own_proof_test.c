/* SPDX-License-Identifier: Apache-2.0 */
/* What a side does with what its own prover gives it. */
#include <string.h>

#include "test/harness.h"
#include "test/support/channel_pair.h"

static struct channel_world world;
static struct channel_pair pair;

typedef bool prove(struct channel_side *side, struct troth_proof *out,
                   const struct troth_proof_request *request);

static bool prove_other_level(struct channel_side *side, struct troth_proof *out,
                              const struct troth_proof_request *request)
{
    const bool is_there = channel_side_prove(side, out, request);

    out->level = request->level == TROTH_LEVEL_EPOCH ? TROTH_LEVEL_STRICT
                                                     : TROTH_LEVEL_EPOCH;
    return is_there;
}

static bool prove_held(struct channel_side *side, struct troth_proof *out,
                       const struct troth_proof_request *request)
{
    const bool is_there = channel_side_prove(side, out, request);

    out->is_held = true;
    return is_there;
}

static bool prove_other_nonce(struct channel_side *side, struct troth_proof *out,
                              const struct troth_proof_request *request)
{
    const bool is_there = channel_side_prove(side, out, request);

    side->nonce[0] ^= 1;
    return is_there;
}

static bool prove_checkpoint(struct channel_side *side, struct troth_proof *out,
                             const struct troth_proof_request *request)
{
    const bool is_there = channel_side_prove(side, out, request);

    out->nonce.len = 0;
    out->checkpoint = test_text("a note");
    return is_there;
}

static bool prove_without_evidence(struct channel_side *side, struct troth_proof *out,
                                   const struct troth_proof_request *request)
{
    const bool is_there = channel_side_prove(side, out, request);

    out->evidence.len = 0;
    return is_there;
}

static bool prove_with_too_much(struct channel_side *side, struct troth_proof *out,
                                const struct troth_proof_request *request)
{
    static uint8_t much[TROTH_PROOF_EVIDENCE_MAX + 1];
    const bool is_there = channel_side_prove(side, out, request);

    out->evidence = (struct troth_span)TROTH_ARRAY_SPAN(much);
    return is_there;
}

/* A prover that gives what was not asked for fails this side, not the peer. */
static void prove_wrongly(void)
{
    static const struct {
        const char *why;
        prove *way;
    } rows[] = {
        {"another level", prove_other_level},
        {"evidence that the peer does not hold", prove_held},
        {"another verifier's nonce", prove_other_nonce},
        {"a checkpoint that the peer does not take", prove_checkpoint},
        {"no evidence", prove_without_evidence},
        {"more than a frame holds", prove_with_too_much},
    };

    for (int level = TROTH_LEVEL_EPOCH; level < TROTH_LEVEL_COUNT; level++)
        for (size_t i = 0; i < COUNT(rows); i++) {
            if (level == TROTH_LEVEL_STRICT &&
                (rows[i].way == prove_other_nonce || rows[i].way == prove_checkpoint))
                continue;
            test_case("%s: %s", troth_level_name((enum troth_level)level), rows[i].why);
            channel_pair_begin(&pair, &world, CHANNEL_NITRO);
            pair.client.terms.asks = (enum troth_level)level;
            pair.server.habits.prove = rows[i].way;
            channel_pair_run(&pair);
            CHECK_TEXT(channel_pair_state(&pair), "peer internal, internal");
            channel_pair_end(&pair);
        }
}

static void prove_nothing(void)
{
    static const struct {
        enum troth_channel_reason given;
        const char *state;
    } rows[] = {
        {TROTH_REASON_BUSY, "peer busy, busy"},
        {TROTH_REASON_CANNOT, "peer cannot, cannot"},
        {TROTH_REASON_STALE, "peer cannot, cannot"},
    };

    for (size_t i = 0; i < COUNT(rows); i++) {
        test_case("no proof: %s", troth_channel_reason_name(rows[i].given));
        channel_pair_begin(&pair, &world, CHANNEL_NITRO);
        pair.client.terms.asks = TROTH_LEVEL_EPOCH;
        pair.server.why_no_proof = rows[i].given;
        channel_pair_run(&pair);
        CHECK_TEXT(channel_pair_state(&pair), rows[i].state);
        channel_pair_end(&pair);
    }
}

/* ---- one side, event by event ---- */

static struct troth_channel channel;
static struct troth_channel_tools tools;

static struct troth_channel_action step(struct troth_channel_event event)
{
    event.now_s = MINTED_AT_S;
    return troth_channel_step(&channel, &tools, &event);
}

/* A server up to its first question, which the client's HELLO brings. */
static struct troth_channel_action ask(enum troth_level level)
{
    struct troth_span frame;

    channel_pair_begin(&pair, &world, CHANNEL_NITRO);
    pair.client.terms.asks = level;
    channel_side_start(&pair.client);
    CHECK(channel_side_take(&pair.client, &frame));
    tools = pair.server.tools;
    CHECK_ERR(troth_channel_init(&channel, &pair.server.terms, tools.crypto), TROTH_OK);
    CHECK_INT(step((struct troth_channel_event){.type = TROTH_EVENT_GO_ON}).type,
              TROTH_ACTION_WAIT);
    CHECK_INT(
        step((struct troth_channel_event){.type = TROTH_EVENT_FRAME, .bytes = frame})
            .type,
        TROTH_ACTION_SEND);
    return step((struct troth_channel_event){.type = TROTH_EVENT_GO_ON});
}

static void check_refused(struct troth_channel_action action,
                          enum troth_channel_reason reason)
{
    if (action.type == TROTH_ACTION_SEND)
        action = step((struct troth_channel_event){.type = TROTH_EVENT_GO_ON});
    CHECK_INT(action.type, TROTH_ACTION_REFUSED);
    CHECK_INT(action.reason, reason);
    channel_pair_end(&pair);
}

static void ask_in_order(void)
{
    static const uint8_t exporter[TROTH_EXPORTER_SIZE + 1];
    static const uint8_t signature[65];
    struct troth_channel_action action;
    struct troth_proof proof;

    test_case("strict: the exporter first, then evidence over it");
    action = ask(TROTH_LEVEL_STRICT);
    CHECK_INT(action.type, TROTH_ACTION_NEED_EXPORTER);
    CHECK_SPAN(action.bytes,
               (struct troth_span)TROTH_ARRAY_SPAN(pair.client.terms.challenge));
    action = step((struct troth_channel_event){.type = TROTH_EVENT_CHANGED});
    CHECK_INT(action.type, TROTH_ACTION_NEED_EXPORTER);
    action = step((struct troth_channel_event){.type = TROTH_EVENT_EXPORTER,
                                               .bytes = {exporter, 32}});
    CHECK_INT(action.type, TROTH_ACTION_NEED_PROOF);
    CHECK_INT(action.request.role, TROTH_SERVER);
    CHECK_INT(action.request.level, TROTH_LEVEL_STRICT);
    CHECK_INT(action.request.binding.len, TROTH_BINDING_SIZE);
    CHECK_INT(action.request.challenge.len, 0);
    check_refused(step((struct troth_channel_event){.type = TROTH_EVENT_PROOF}),
                  TROTH_REASON_CANNOT);

    test_case("epoch: evidence first, then the exporter and a signature over both");
    action = ask(TROTH_LEVEL_EPOCH);
    CHECK_INT(action.type, TROTH_ACTION_NEED_PROOF);
    CHECK_INT(action.request.level, TROTH_LEVEL_EPOCH);
    CHECK_INT(action.request.binding.len, 0);
    CHECK_SPAN(action.request.challenge,
               (struct troth_span)TROTH_ARRAY_SPAN(pair.client.terms.challenge));
    action.request.challenge = (struct troth_span)TROTH_ARRAY_SPAN(
        pair.client.terms.challenge);
    CHECK(channel_side_prove(&pair.server, &proof, &action.request));
    action = step(
        (struct troth_channel_event){.type = TROTH_EVENT_PROOF, .proof = &proof});
    CHECK_INT(action.type, TROTH_ACTION_NEED_EXPORTER);
    action = step((struct troth_channel_event){.type = TROTH_EVENT_EXPORTER,
                                               .bytes = {exporter, 32}});
    CHECK_INT(action.type, TROTH_ACTION_NEED_SIGNATURE);
    CHECK_INT(action.bytes.len, TROTH_BINDING_SIZE);
    action = step((struct troth_channel_event){.type = TROTH_EVENT_TIME});
    CHECK_INT(action.type, TROTH_ACTION_NEED_SIGNATURE);
    check_refused(step((struct troth_channel_event){.type = TROTH_EVENT_SIGNATURE}),
                  TROTH_REASON_CANNOT);

    test_case("a signature of another length");
    action = ask(TROTH_LEVEL_EPOCH);
    CHECK(channel_side_prove(&pair.server, &proof, &action.request));
    (void)step((struct troth_channel_event){.type = TROTH_EVENT_PROOF, .proof = &proof});
    (void)step((struct troth_channel_event){.type = TROTH_EVENT_EXPORTER,
                                            .bytes = {exporter, 32}});
    check_refused(step((struct troth_channel_event){.type = TROTH_EVENT_SIGNATURE,
                                                    .bytes = {signature, 65}}),
                  TROTH_REASON_INTERNAL);

    test_case("an exporter value of another length");
    for (size_t len = 0; len <= 33; len += len ? 2 : 31) {
        (void)ask(TROTH_LEVEL_STRICT);
        check_refused(step((struct troth_channel_event){.type = TROTH_EVENT_EXPORTER,
                                                        .bytes = {exporter, len}}),
                      TROTH_REASON_INTERNAL);
    }
    test_case("a frame in place of an answer");
    (void)ask(TROTH_LEVEL_STRICT);
    check_refused(step((struct troth_channel_event){.type = TROTH_EVENT_FRAME,
                                                    .bytes = {exporter, 4}}),
                  TROTH_REASON_INTERNAL);
}

int main(void)
{
    channel_world_begin(&world);
    prove_wrongly();
    prove_nothing();
    ask_in_order();
    channel_world_end(&world);
    return test_finish();
}
