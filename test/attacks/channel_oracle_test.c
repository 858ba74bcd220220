/* SPDX-License-Identifier: Apache-2.0 */
/* A program beside the agent, in the same machine, is the attacker's. He ends TLS himself
 * and has the agent vouch for whatever an application may ask for, to show it as a proof
 * of his own connection. What the device is asked for then is minted for him. */
#include <event2/event.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/base64.h"
#include "channel/commitment.h"
#include "os/clock.h"
#include "os/local_socket.h"
#include "service/agent/api.h"
#include "test/harness.h"
#include "test/support/channel_leg.h"
#include "test/support/channel_party.h"
#include "test/unit/prover/stand_in.h"

static struct channel_world world;
static struct party client;
static struct channel_side machine; /* that the program and its agent are in */
static struct leg leg;

static struct event_base *base;
static struct troth_agent *agent;
static struct troth_local_socket place;
static char path[] = "/tmp/troth-oracle-XXXXXX/socket";

/* ---- the agent, and a question to it ---- */

static void open_agent(void)
{
    const struct troth_agent_options options = {.base = base,
                                                .crypto = &world.trial.crypto,
                                                .timeout_ms = 10000,
                                                .epoch_s = 1800};

    char *end = strrchr(path, '/');

    *end = '\0';
    if (!mkdtemp(path))
        abort();
    *end = '/';
    stand_in_reset();
    if (troth_agent_create(&agent, &options) ||
        troth_local_socket_listen(&place, path, 0600))
        abort();
    const struct troth_door_options door = {.base = base,
                                            .descriptor = place.descriptor,
                                            .state = agent,
                                            .serve = troth_api_serve,
                                            .refuse = troth_api_refuse};
    CHECK_ERR(troth_door_open(&agent->door, &door), TROTH_OK);
}

static void close_agent(void)
{
    troth_door_close(agent->door);
    agent->door = NULL;
    CHECK(troth_agent_destroy(agent));
    troth_local_socket_close(&place);
    *strrchr(path, '/') = '\0';
    (void)rmdir(path);
}

/* The whole answer, head and body; until the next call. */
static const char *ask_agent(const char *target, const char *body)
{
    static char answer[32 * 1024];
    const int64_t until_ms = troth_clock_monotonic_ms() + 10000;
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    const int line = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0);
    size_t len = 0;
    ssize_t got = -1;
    static char request[16 * 1024];
    const int request_len = snprintf(request, sizeof request,
                                     "POST %s HTTP/1.1\r\nHost: x\r\nContent-Type: "
                                     "application/json\r\nConnection: close\r\n"
                                     "Content-Length: %zu\r\n\r\n%s",
                                     target, strlen(body), body);

    memcpy(address.sun_path, path, strlen(path) + 1);
    if (line < 0 || connect(line, (const struct sockaddr *)&address, sizeof address) ||
        send(line, request, (size_t)request_len, 0) != request_len)
        abort();
    while (got != 0 && troth_clock_monotonic_ms() < until_ms) {
        (void)event_base_loop(base, EVLOOP_NONBLOCK);
        got = recv(line, answer + len, sizeof answer - 1 - len, 0);
        len += got > 0 ? (size_t)got : 0;
    }
    answer[len] = '\0';
    (void)close(line);
    return answer;
}

/* A member of base64, decoded, a copy. */
static struct troth_span member(const char *answer, const char *name)
{
    static uint8_t bytes[16 * 1024];
    char key[64];
    const char *start;
    size_t len = 0;

    (void)snprintf(key, sizeof key, "\"%s\":\"", name);
    start = strstr(answer, key);
    CHECK(start != NULL);
    if (!start)
        return (struct troth_span){NULL, 0};
    start += strlen(key);
    CHECK_ERR(troth_base64_parse(
                  bytes, sizeof bytes, &len,
                  (struct troth_span){(const uint8_t *)start, strcspn(start, "\"")},
                  TROTH_BASE64),
              TROTH_OK);
    return trial_keep(&world.trial, (struct troth_span){bytes, len});
}

static const char *hex_of(struct troth_span bytes)
{
    static char hex[2][4096];
    static unsigned next;
    char *out = hex[next++ % 2];

    out[0] = '\0';
    for (size_t i = 0; i < bytes.len; i++)
        (void)snprintf(out + 2 * i, 3, "%02x", bytes.ptr[i]);
    return out;
}

/* What the device was asked to vouch for; the real one would have. */
static struct troth_span evidence_for(const char *format, const char *hex)
{
    struct troth_span said;
    char body[8192];
    const char *at = strchr(format, '%');

    (void)snprintf(body, sizeof body, "%.*s%s%s", (int)(at - format), format, hex,
                   at + 1);
    said = member(ask_agent("/v1/evidence", body), "evidence");
    if (!CHECK(said.len >= TROTH_BINDING_SIZE))
        abort();
    said.len = TROTH_BINDING_SIZE;
    return channel_world_mint(&world, machine.machine, said);
}

/* ---- what he shows with it ---- */

static const char *question; /* to the agent; '%' stands for the bytes */
static bool takes_preimage;

static bool prove_strict(struct channel_side *side, struct troth_proof *out,
                         const struct troth_proof_request *request)
{
    (void)side;
    *out = (struct troth_proof){.level = TROTH_LEVEL_STRICT};
    out->evidence = question
                        ? evidence_for(question, hex_of(request->binding))
                        : channel_world_mint(&world, machine.machine, request->binding);
    return true;
}

static void put_prefixed(struct troth_writer *w, struct troth_span bytes)
{
    for (int shift = 56; shift >= 0; shift -= 8)
        troth_write_u8(w, (uint8_t)(bytes.len >> shift));
    troth_write_bytes(w, bytes);
}

/* What is hashed for a key's evidence: whoever could have it hashed once more, as it is,
 * had his own key vouched for. */
static struct troth_span preimage_of(const struct troth_proof *proof)
{
    static uint8_t room[1024];
    struct troth_writer w = troth_writer_over(room, sizeof room);
    uint8_t epoch[8];

    for (int i = 0; i < 8; i++)
        epoch[i] = (uint8_t)(proof->epoch_s >> (56 - 8 * i));
    put_prefixed(&w, TROTH_LITERAL("troth/aik/v1"));
    put_prefixed(&w, proof->key);
    put_prefixed(&w, TROTH_LITERAL("server"));
    put_prefixed(&w, (struct troth_span)TROTH_ARRAY_SPAN(epoch));
    put_prefixed(&w, proof->nonce);
    put_prefixed(&w, proof->checkpoint);
    return troth_writer_span(&w);
}

/* His own key, and evidence for it. */
static bool prove_epoch(struct channel_side *side, struct troth_proof *out,
                        const struct troth_proof_request *request)
{
    uint8_t binding[TROTH_BINDING_SIZE], hashed[TROTH_BINDING_SIZE];

    *out = (struct troth_proof){.level = TROTH_LEVEL_EPOCH,
                                .key = sim_bytes_span(side->key_info),
                                .epoch_s = side->epoch_s,
                                .nonce = request->challenge};
    CHECK_ERR(
        troth_key_commitment_compute(binding, &world.trial.crypto, TROTH_SERVER, out),
        TROTH_OK);
    CHECK_ERR(troth_digest(&world.trial.crypto, hashed, TROTH_SHA512, preimage_of(out)),
              TROTH_OK);
    CHECK(memcmp(binding, hashed, sizeof binding) == 0);
    if (!question)
        out->evidence = channel_world_mint(&world, machine.machine,
                                           (struct troth_span)TROTH_ARRAY_SPAN(binding));
    else
        out->evidence = evidence_for(
            question,
            hex_of(takes_preimage ? preimage_of(out)
                                  : (struct troth_span)TROTH_ARRAY_SPAN(binding)));
    CHECK_ERR(troth_digest(&world.trial.crypto, out->evidence_sha256, TROTH_SHA256,
                           out->evidence),
              TROTH_OK);
    return true;
}

/* ---- the connection ---- */

static void settle(void)
{
    for (int turn = 0; turn < 8; turn++) {
        leg_step(&leg);
        party_step(&client);
    }
}

static void begin(enum troth_level level)
{
    static const uint8_t challenge[TROTH_CHALLENGE_SIZE] = {0x42};
    struct troth_span frame;

    party_begin(&client, &world, TROTH_CLIENT, CHANNEL_TDX);
    channel_side_begin(&machine, &world, TROTH_SERVER, CHANNEL_TDX);
    client.side.terms.asks = level;
    leg_begin(&leg, &world, TROTH_SERVER);
    party_connect(&client);
    leg_open(&leg, party_take_line(&client));
    settle();
    CHECK(leg_take(&leg, &frame));
    leg_send(&leg, leg_hello(&leg, TROTH_LEVEL_NONE, challenge));
}

static void end(struct troth_span proof, const char *state)
{
    leg_send(&leg, proof);
    leg_send(&leg, leg_done(&leg));
    settle();
    CHECK_TEXT(party_state(&client), state);
    leg_end(&leg);
    channel_side_end(&machine);
    party_end(&client);
}

static void ask_for_bytes(void)
{
    static const struct {
        const char *why;
        enum troth_level level;
        const char *question;
        bool takes_preimage;
        const char *state;
    } rows[] = {
        {"strict, as a nonce", TROTH_LEVEL_STRICT, "{\"nonce\":\"%\"}", false,
         "evidence"},
        {"strict, as a nonce whose name is escaped", TROTH_LEVEL_STRICT,
         "{\"\\u006eonce\":\"%\"}", false, "evidence"},
        {"strict, as data", TROTH_LEVEL_STRICT, "{\"nonce\":\"\",\"user_data\":\"%\"}",
         false, "evidence"},
        {"strict, over the application's key", TROTH_LEVEL_STRICT,
         "{\"nonce\":\"%\",\"key\":true}", false, "evidence"},
        {"epoch, as a nonce", TROTH_LEVEL_EPOCH, "{\"nonce\":\"%\"}", false, "evidence"},
        {"epoch, as data", TROTH_LEVEL_EPOCH, "{\"nonce\":\"\",\"user_data\":\"%\"}",
         false, "evidence"},
        {"epoch, what is hashed as data", TROTH_LEVEL_EPOCH,
         "{\"nonce\":\"\",\"user_data\":\"%\"}", true, "evidence"},
        {"epoch, over the application's key", TROTH_LEVEL_EPOCH,
         "{\"nonce\":\"%\",\"key\":true}", false, "evidence"},
        /* What the domains are for: a device that is asked for these very bytes. */
        {"strict, past the agent: it passes", TROTH_LEVEL_STRICT, NULL, false, "open"},
        {"epoch, past the agent: it passes", TROTH_LEVEL_EPOCH, NULL, false, "open"},
    };

    for (size_t i = 0; i < COUNT(rows); i++) {
        test_case("the very bytes that a channel wants, %s", rows[i].why);
        begin(rows[i].level);
        question = rows[i].question;
        takes_preimage = rows[i].takes_preimage;
        machine.habits.prove = rows[i].level == TROTH_LEVEL_STRICT ? prove_strict
                                                                   : prove_epoch;
        end(leg_proof(&leg, &machine, rows[i].level), rows[i].state);
    }
}

/* ---- the application's key in the place of the channel's ---- */

static struct troth_span sign_by_application(struct troth_span bytes)
{
    char body[512] = "{\"message\":\"";
    struct troth_writer w = troth_writer_over((uint8_t *)body + strlen(body), 256);

    troth_base64_write(&w, bytes, TROTH_BASE64);
    troth_write_text(&w, "\"}");
    body[w.len + strlen("{\"message\":\"")] = '\0';
    return member(ask_agent("/v1/sign", body), "signature");
}

/* Evidence over the application's key with the client's challenge as its nonce, and that
 * key's signature over the connection: all of it genuine, and of another domain. */
static void show_the_applications_key(void)
{
    uint8_t binding[TROTH_BINDING_SIZE];
    static uint8_t room[TROTH_FRAME_MAX];
    struct troth_writer w = troth_writer_over(room, sizeof room);
    struct troth_proof_frame frame = {.role = TROTH_SERVER};

    test_case("the application's key, evidence over it, and its signature");
    begin(TROTH_LEVEL_EPOCH);
    frame.proof = (struct troth_proof){
        .level = TROTH_LEVEL_EPOCH,
        .key = {agent->spki, sizeof agent->spki},
        .epoch_s = (uint64_t)MINTED_AT_S,
        .nonce = leg.peer.challenge,
        .evidence = evidence_for("{\"nonce\":\"%\",\"key\":true}",
                                 hex_of(leg.peer.challenge)),
    };
    CHECK_ERR(troth_digest(&world.trial.crypto, frame.proof.evidence_sha256, TROTH_SHA256,
                           frame.proof.evidence),
              TROTH_OK);
    leg_commit(&leg, binding, TROTH_SERVER, TROTH_LEVEL_EPOCH, leg.peer.challenge,
               (struct troth_span)TROTH_ARRAY_SPAN(frame.proof.evidence_sha256));
    frame.signature = sign_by_application((struct troth_span)TROTH_ARRAY_SPAN(binding));
    CHECK_INT(frame.signature.len, 64);
    troth_proof_write(&w, &frame);
    CHECK(!w.full);
    end(troth_writer_span(&w), "evidence");
}

/* The key that signs channels is not among what can be asked for. */
static void ask_for_the_key(void)
{
    static const char *const targets[] = {"/v1/prove", "/v1/aik", "/v1/channel",
                                          "/v1/attestation-key", "/v1/quote"};

    for (size_t i = 0; i < COUNT(targets); i++) {
        test_case("the agent has nothing at %s", targets[i]);
        CHECK(strncmp(ask_agent(targets[i], "{}"), "HTTP/1.1 404 ", 13) == 0);
    }
    test_case("nor does it take 64 bytes by another name");
    CHECK(strncmp(ask_agent("/v1/evidence", "{\"report_data\":\"00\"}"), "HTTP/1.1 400 ",
                  13) == 0);
    CHECK(strncmp(ask_agent("/v1/evidence", "{\"nonce\":\"\",\"domain\":\"aik\"}"),
                  "HTTP/1.1 400 ", 13) == 0);
}

int main(void)
{
    channel_world_begin(&world);
    base = event_base_new();
    open_agent();
    ask_for_bytes();
    show_the_applications_key();
    ask_for_the_key();
    close_agent();
    event_base_free(base);
    channel_world_end(&world);
    return test_finish();
}
