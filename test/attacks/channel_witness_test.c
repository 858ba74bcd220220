/* SPDX-License-Identifier: Apache-2.0 */
/* A checkpoint stands for the time: too old, of too few, of liars, or put under evidence
 * that was there before it. */
#include <string.h>

#include "channel/commitment.h"
#include "test/harness.h"
#include "test/support/channel_party.h"

static struct channel_world world;
static struct party client, server;

enum { HOUR = 3600, DAY = 86400 };
#define NOW ((int64_t)MINTED_AT_S)

static void begin(void)
{
    party_begin(&client, &world, TROTH_CLIENT, CHANNEL_TDX);
    party_begin(&server, &world, TROTH_SERVER, CHANNEL_TDX);
    client.side.terms.asks = TROTH_LEVEL_EPOCH;
    client.side.tools.witnesses = &world.witnesses;
}

static void end(void)
{
    party_end(&client);
    party_end(&server);
}

/* Two of the three have to sign; of their times the second latest counts. */
static void sign_checkpoints(void)
{
    static const struct {
        const char *why;
        int64_t at_s[CHANNEL_WITNESSES]; /* 0: it does not sign */
        const char *state;
        int64_t fresh_s;
    } rows[] = {
        {"all of them, now", {NOW, NOW, NOW}, "open", NOW},
        {"as many as are needed", {NOW, 0, NOW}, "open", NOW},
        {"one too few", {NOW, 0, 0}, "checkpoint", 0},
        {"nobody but the log", {0, 0, 0}, "checkpoint", 0},
        {"all of them, an hour ago",
         {NOW - HOUR, NOW - HOUR, NOW - HOUR},
         "open",
         NOW - HOUR},
        {"a second too long ago",
         {NOW - HOUR - 1, NOW - HOUR - 1, NOW - HOUR - 1},
         "stale",
         0},
        {"yesterday, and a liar says now", {NOW, NOW - DAY, NOW - DAY}, "stale", 0},
        {"yesterday, and a liar says tomorrow",
         {NOW + DAY, NOW - DAY, NOW - DAY},
         "stale",
         0},
        {"one of yesterday, and a liar says now", {NOW, NOW - DAY, 0}, "stale", 0},
        {"now, and a liar says tomorrow", {NOW + DAY, NOW, NOW}, "open", NOW},
        {"now, and a liar says yesterday", {NOW - DAY, NOW, NOW}, "open", NOW},
        {"two liars say tomorrow", {NOW + DAY, NOW + DAY, NOW - DAY}, "future", 0},
        /* As many liars as are needed: then it rests on them. */
        {"yesterday, and two liars say now: it passes",
         {NOW, NOW, NOW - DAY},
         "open",
         NOW},
    };

    for (size_t i = 0; i < COUNT(rows); i++) {
        const struct troth_standing *standing;

        test_case("witnesses: %s", rows[i].why);
        begin();
        server.side.checkpoint = channel_world_checkpoint_of(&world, rows[i].at_s);
        party_meet(&client, &server);
        CHECK_TEXT(party_state(&client), rows[i].state);
        standing = troth_connection_standing(client.connection);
        if (standing) {
            CHECK_INT(standing->fresh_s, rows[i].fresh_s);
            CHECK_INT(standing->freshness, TROTH_FRESH_CHECKPOINT);
        }
        end();
    }
}

/* ---- evidence, and a note that it was not made after ---- */

static struct troth_span made_after, shown; /* notes */

/* The evidence commits to the one, the proof shows the other. */
static bool prove_after_another(struct channel_side *side, struct troth_proof *out,
                                const struct troth_proof_request *request)
{
    side->checkpoint = made_after;
    if (!channel_side_prove(side, out, request))
        return false;
    out->checkpoint = shown;
    return true;
}

static struct troth_span keep(struct troth_span note)
{
    return trial_keep(&world.trial, note);
}

/* The note without its witnesses' lines: its text, and the log's own signature. */
static struct troth_span bare(void)
{
    return keep(channel_world_checkpoint(&world, 0, NOW));
}

static struct troth_span text_alone(void)
{
    struct troth_span note = bare();
    const char *end = strstr((const char *)note.ptr, "\n\n");

    CHECK(end != NULL);
    note.len = (size_t)(end + 1 - (const char *)note.ptr);
    return note;
}

static void put_under_older_evidence(void)
{
    const struct troth_span now = keep(channel_world_checkpoint(&world, 3, NOW));
    const struct {
        const char *why;
        struct troth_span made_after;
        const char *state;
    } rows[] = {
        {"after this very note", now, "open"},
        {"after yesterday's note", keep(channel_world_checkpoint(&world, 3, NOW - DAY)),
         "evidence"},
        {"after the log's note, before its witnesses signed", bare(), "evidence"},
        {"after the checkpoint's text alone", text_alone(), "evidence"},
        {"after the same note with a witness fewer",
         keep(channel_world_checkpoint(&world, 2, NOW)), "evidence"},
    };

    for (size_t i = 0; i < COUNT(rows); i++) {
        test_case("evidence made %s", rows[i].why);
        begin();
        made_after = rows[i].made_after;
        shown = now;
        server.side.habits.prove = prove_after_another;
        party_meet(&client, &server);
        CHECK_TEXT(party_state(&client), rows[i].state);
        end();
    }
}

/* ---- a note that the verifier does not take ---- */

/* A copy, one bit of it wrong behind `where`. */
static struct troth_span flip(struct troth_span note, const char *where)
{
    static char copy[sizeof world.note.bytes];
    char *at;

    memcpy(copy, note.ptr, note.len);
    copy[note.len] = '\0';
    at = strstr(copy, where);
    CHECK(at != NULL);
    if (at)
        at[strlen(where)] ^= 1;
    return keep((struct troth_span){(const uint8_t *)copy, note.len});
}

static bool prove_unasked(struct channel_side *side, struct troth_proof *out,
                          const struct troth_proof_request *request)
{
    struct troth_proof_request changed = *request;

    changed.takes_checkpoint = true;
    return channel_side_prove(side, out, &changed);
}

static void show_others(void)
{
    static const char *const places[] = {"log.example\n", "\n\xe2\x80\x94 log.example ",
                                         "\n\xe2\x80\x94 w0 ", "\n\xe2\x80\x94 w1 "};
    struct troth_witnesses others = world.witnesses;

    for (size_t i = 0; i < COUNT(places); i++) {
        test_case("a note of two witnesses, changed at %zu", i);
        begin();
        server.side.checkpoint = flip(channel_world_checkpoint(&world, 2, NOW),
                                      places[i]);
        party_meet(&client, &server);
        CHECK_TEXT(party_state(&client), "checkpoint");
        end();
    }

    test_case("another log's note");
    begin();
    others.log_key[0] ^= 1;
    client.side.tools.witnesses = &others;
    server.side.checkpoint = channel_world_checkpoint(&world, 3, NOW);
    party_meet(&client, &server);
    CHECK_TEXT(party_state(&client), "checkpoint");
    end();

    test_case("a client that knows no witnesses gets a nonce");
    begin();
    client.side.tools.witnesses = NULL;
    server.side.checkpoint = channel_world_checkpoint(&world, 3, NOW);
    party_meet(&client, &server);
    CHECK_TEXT(party_state(&client), "open");
    CHECK_INT(troth_connection_standing(client.connection)->freshness, TROTH_FRESH_NONCE);
    end();

    test_case("and a server that answers it with a checkpoint sends nothing");
    begin();
    client.side.tools.witnesses = NULL;
    server.side.checkpoint = channel_world_checkpoint(&world, 3, NOW);
    server.side.habits.prove = prove_unasked;
    party_meet(&client, &server);
    CHECK_TEXT(party_states(&client, &server), "peer internal, internal");
    end();
}

int main(void)
{
    channel_world_begin(&world);
    sign_checkpoints();
    put_under_older_evidence();
    show_others();
    channel_world_end(&world);
    return test_finish();
}
