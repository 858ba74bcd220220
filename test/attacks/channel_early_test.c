/* SPDX-License-Identifier: Apache-2.0 */
/* Application data before both sides are satisfied: in every state, from either side,
 * alone and in one TLS record with what comes before it. Who sends it has a genuine
 * machine, and would pass. */
#include <string.h>

#include "test/harness.h"
#include "test/support/channel_leg.h"
#include "test/support/channel_party.h"

static struct channel_world world;
static struct party victim;
static struct party impatient; /* only its machine, key and prover */
static struct leg leg;

/* What he sends, one letter a frame; a space ends the TLS record, and he waits for the
 * answer. H hello, P a good proof, p one that is wrong, D done, d data, e the end. */
struct row {
    const char *why;
    enum troth_role victim;
    enum troth_level victim_asks, asks;
    const char *sends;
    const char *state;
    const char *heard; /* NULL: nothing */
};

#define NONE   TROTH_LEVEL_NONE
#define EPOCH  TROTH_LEVEL_EPOCH
#define STRICT TROTH_LEVEL_STRICT
#define SERVER TROTH_SERVER
#define CLIENT TROTH_CLIENT

static const struct row rows[] = {
    /* To a server that asks. */
    {"before HELLO", SERVER, STRICT, NONE, "d", "early", NULL},
    {"with HELLO", SERVER, STRICT, NONE, "Hd", "early", NULL},
    {"where a proof is due", SERVER, STRICT, NONE, "H d", "early", NULL},
    {"where a proof is due, epoch", SERVER, EPOCH, NONE, "H d", "early", NULL},
    {"DONE and data in place of a proof", SERVER, STRICT, NONE, "H Dd", "order", NULL},
    {"with a good proof", SERVER, STRICT, NONE, "H Pd", "early", NULL},
    {"with a good proof, epoch", SERVER, EPOCH, NONE, "H Pd", "early", NULL},
    {"behind a good proof", SERVER, STRICT, NONE, "H P d", "early", NULL},
    {"before a good proof", SERVER, STRICT, NONE, "H dPD", "early", NULL},
    {"between two parts of a handshake", SERVER, STRICT, NONE, "H PdD", "early", NULL},
    {"with a wrong proof and all that follows", SERVER, STRICT, NONE, "H pDd", "evidence",
     NULL},
    {"with a wrong proof and all that follows, epoch", SERVER, EPOCH, NONE, "H pDd",
     "signature", NULL},
    {"an end in place of data", SERVER, STRICT, NONE, "H Pe", "early", NULL},
    {"both prove: before the client's", SERVER, EPOCH, STRICT, "H d", "early", NULL},
    {"both prove: with the client's", SERVER, STRICT, EPOCH, "H Pd", "early", NULL},
    {"with the last frame of a good handshake: it is heard", SERVER, STRICT, NONE,
     "H PDd", "open", "data"},
    /* To one that only proves. */
    {"the server only proves: before HELLO", SERVER, NONE, STRICT, "d", "early", NULL},
    {"the server only proves: with HELLO", SERVER, NONE, STRICT, "Hd", "early", NULL},
    {"the server only proves: before DONE", SERVER, NONE, EPOCH, "H d", "early", NULL},
    {"the server only proves: with DONE, it is heard", SERVER, NONE, EPOCH, "H Dd",
     "open", "data"},
    /* To a client that asks. */
    {"before the server's HELLO", CLIENT, STRICT, NONE, "d", "early", NULL},
    {"before the server's HELLO, a whole handshake behind it", CLIENT, STRICT, NONE,
     "dHPD", "early", NULL},
    {"with the server's HELLO", CLIENT, STRICT, NONE, "Hd", "early", NULL},
    {"DONE and data in place of the server's proof", CLIENT, STRICT, NONE, "HDd", "order",
     NULL},
    {"with the server's good proof", CLIENT, STRICT, NONE, "HPd", "early", NULL},
    {"with the server's good proof, epoch", CLIENT, EPOCH, NONE, "HPd", "early", NULL},
    {"behind the server's good proof", CLIENT, EPOCH, NONE, "H P d", "early", NULL},
    {"with the server's wrong proof and all that follows", CLIENT, STRICT, NONE, "HpDd",
     "evidence", NULL},
    {"with the server's wrong proof, epoch", CLIENT, EPOCH, NONE, "HpDd", "signature",
     NULL},
    {"an end in place of the server's data", CLIENT, EPOCH, NONE, "HPe", "early", NULL},
    {"both prove: where the server's DONE is due", CLIENT, STRICT, EPOCH, "HP d", "early",
     NULL},
    {"the server's whole handshake in one record: it is heard", CLIENT, STRICT, NONE,
     "HPDd", "open", "data"},
    /* To a client that only proves. */
    {"the client only proves: with HELLO", CLIENT, NONE, STRICT, "Hd", "early", NULL},
    {"the client only proves: behind its proof", CLIENT, NONE, EPOCH, "H d", "early",
     NULL},
    {"the client only proves: with DONE, it is heard", CLIENT, NONE, STRICT, "H Dd",
     "open", "data"},
};

static void settle(void)
{
    struct troth_span frame;

    for (int turn = 0; turn < 8; turn++) {
        leg_step(&leg);
        party_step(&victim);
        /* Not one byte of its own is sent early, either. */
        if (strcmp(party_state(&victim), "open") != 0)
            CHECK(!party_say(&victim, "x"));
        while (leg_take(&leg, &frame))
            CHECK(frame.ptr[0] != TROTH_FRAME_DATA && frame.ptr[0] != TROTH_FRAME_END);
    }
}

static struct troth_span proof(enum troth_level level, bool is_good)
{
    static uint8_t bytes[TROTH_FRAME_MAX];
    struct troth_span frame = leg_proof(&leg, &impatient.side, level);

    if (is_good)
        return frame;
    memcpy(bytes, frame.ptr, frame.len);
    frame.ptr = bytes;
    if (level == EPOCH)
        bytes[frame.len - 1] ^= 1; /* of the signature */
    else
        bytes[TROTH_FRAME_HEADER + 3 + 4 + 48 + 520] ^=
            1; /* of the quote's report data */
    return frame;
}

static struct troth_span frame_of(char letter, const struct row *row)
{
    static const uint8_t challenge[TROTH_CHALLENGE_SIZE] = {0x42};
    static const uint8_t end[TROTH_FRAME_HEADER] = {TROTH_FRAME_END};

    switch (letter) {
    case 'H':
        return leg_hello(&leg, row->asks, challenge);
    case 'P':
        return proof(row->victim_asks, true);
    case 'p':
        return proof(row->victim_asks, false);
    case 'D':
        return leg_done(&leg);
    case 'd':
        return leg_data(&leg, "data");
    default:
        return (struct troth_span)TROTH_ARRAY_SPAN(end);
    }
}

static void play(const struct row *row)
{
    struct troth_span frames[8];
    size_t count = 0;

    for (const char *letter = row->sends;; letter++) {
        if (*letter && *letter != ' ') {
            frames[count] = frame_of(*letter, row);
            leg_note(&leg, frames[count++]);
            continue;
        }
        leg_write(&leg, leg_join(&leg, frames, count));
        count = 0;
        settle();
        if (!*letter)
            return;
    }
}

static void begin(const struct row *row)
{
    const enum troth_role role = row->victim == SERVER ? CLIENT : SERVER;

    party_begin(&victim, &world, row->victim, CHANNEL_TDX);
    party_begin(&impatient, &world, role, CHANNEL_TDX);
    victim.side.terms.asks = row->victim_asks;
    leg_begin(&leg, &world, role);
    party_connect(&victim);
    leg_open(&leg, party_take_line(&victim));
    settle();
}

static void end(void)
{
    leg_end(&leg);
    party_end(&victim);
    party_end(&impatient);
}

static void send_early(void)
{
    for (size_t i = 0; i < COUNT(rows); i++) {
        test_case("early, to a %s: %s", troth_role_name(rows[i].victim), rows[i].why);
        begin(&rows[i]);
        play(&rows[i]);
        CHECK_TEXT(party_state(&victim), rows[i].state);
        CHECK_TEXT(victim.heard, rows[i].heard ? rows[i].heard : "");
        end();
    }
}

/* While the victim waits for its own device, what comes lies and waits. */
static void send_to_the_slow(void)
{
    static const struct row row = {"", SERVER, STRICT, STRICT, "Hd", "handshake", NULL};

    test_case("early: while the server waits for its device");
    begin(&row);
    victim.is_slow = true;
    play(&row);
    CHECK_TEXT(party_state(&victim), "handshake");
    CHECK_TEXT(victim.heard, "");
    victim.is_slow = false;
    settle();
    CHECK_TEXT(party_state(&victim), "early");
    CHECK_TEXT(victim.heard, "");
    end();
}

int main(void)
{
    channel_world_begin(&world);
    send_early();
    send_to_the_slow();
    channel_world_end(&world);
    return test_finish();
}
