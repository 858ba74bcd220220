/* SPDX-License-Identifier: Apache-2.0 */
/* Each proof of level strict is a call of the device, which is slow and does one at a
 * time. A peer that asks again and again is told to wait, and another is served. Real
 * sockets, the relay, the agent's prover and its quota. */
#include <arpa/inet.h>
#include <event2/event.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "os/clock.h"
#include "service/agent/proofs.h"
#include "service/relay.h"
#include "test/harness.h"
#include "test/support/channel_leg.h"
#include "test/unit/prover/stand_in.h"

static struct channel_world world;
static struct event_base *base;
static struct troth_agent *agent;
static struct troth_proofs *proofs;
static struct troth_proof_source source;
static struct troth_tls *tls;
static struct troth_relay *relay;
static struct troth_channel_tools tools;
static int listener;
static struct sockaddr_in address; /* of the relay */

static void open_relay(void)
{
    const struct troth_tls_options tls_options = {.role = TROTH_SERVER};
    const struct troth_agent_options agent_options = {
        .base = base, .crypto = &world.trial.crypto, .timeout_ms = 10000};
    socklen_t len = sizeof address;

    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    listener = socket(AF_INET, SOCK_STREAM, 0);
    stand_in_reset();
    if (listener < 0 || bind(listener, (const struct sockaddr *)&address, len) ||
        listen(listener, 64) ||
        getsockname(listener, (struct sockaddr *)&address, &len) ||
        troth_tls_create(&tls, &tls_options) ||
        troth_agent_create(&agent, &agent_options) || troth_proofs_create(&proofs, agent))
        abort();
    tools = (struct troth_channel_tools){
        .crypto = &world.trial.crypto, .generation = 1, .arena = &world.arena};
    source = troth_proofs_source(proofs);
    const struct troth_relay_options options = {.base = base,
                                                .listener = listener,
                                                .tls = tls,
                                                .tools = &tools,
                                                .source = &source,
                                                .gives = {false, true, true},
                                                .upstream = {.len = 0}};
    struct troth_relay_options made = options;

    CHECK_ERR(troth_address_parse(&made.upstream, "/nowhere"), TROTH_OK);
    CHECK_ERR(troth_relay_create(&relay, &made), TROTH_OK);
}

static void close_relay(void)
{
    troth_relay_destroy(relay);
    troth_proofs_destroy(proofs);
    CHECK(troth_agent_destroy(agent));
    troth_tls_destroy(tls);
    (void)close(listener);
}

/* From an address of its own: 127.0.0.1 and so on are many. */
static int dial(const char *from)
{
    struct sockaddr_in own = {.sin_family = AF_INET};
    const int line = socket(AF_INET, SOCK_STREAM, 0);

    if (line < 0 || inet_pton(AF_INET, from, &own.sin_addr) != 1 ||
        bind(line, (const struct sockaddr *)&own, sizeof own) ||
        connect(line, (const struct sockaddr *)&address, sizeof address) ||
        !troth_address_settle(line))
        abort();
    return line;
}

/* One connection that asks for a proof: "proof", or why not. */
static const char *ask(const char *from, enum troth_level level)
{
    static const uint8_t challenge[TROTH_CHALLENGE_SIZE] = {0x42};
    const int64_t until_ms = troth_clock_monotonic_ms() + 10000;
    const char *answer = NULL;
    struct troth_span frame;
    bool has_asked = false;
    struct leg leg;

    leg_begin(&leg, &world, TROTH_CLIENT);
    leg_open(&leg, dial(from));
    while (!answer && !leg.is_broken && troth_clock_monotonic_ms() < until_ms) {
        leg_step(&leg);
        (void)event_base_loop(base, EVLOOP_NONBLOCK);
        if (!has_asked && SSL_is_init_finished(leg.ssl)) {
            leg_send(&leg, leg_hello(&leg, level, challenge));
            has_asked = true;
        }
        while (!answer && leg_take(&leg, &frame)) {
            if (frame.ptr[0] == TROTH_FRAME_PROOF)
                answer = "proof";
            else if (frame.ptr[0] == TROTH_FRAME_REFUSE)
                answer = troth_channel_reason_name(
                    (enum troth_channel_reason)frame.ptr[TROTH_FRAME_HEADER]);
        }
    }
    leg_end(&leg);
    return answer ? answer : "nothing";
}

int main(void)
{
    channel_world_begin(&world);
    base = event_base_new();
    test_case("a relay before a program, and an agent with its quota");
    open_relay();

    test_case("a peer is served as often as its quota says");
    for (int i = 0; i < TROTH_PROOFS_BURST; i++)
        CHECK_TEXT(ask("127.0.0.2", TROTH_LEVEL_STRICT), "proof");
    CHECK_INT(stand_in.asked, TROTH_PROOFS_BURST);

    test_case("then it is told that this is too often, and the device is left alone");
    for (int i = 0; i < 20; i++)
        CHECK_TEXT(ask("127.0.0.2", TROTH_LEVEL_STRICT), "busy");
    CHECK_INT(stand_in.asked, TROTH_PROOFS_BURST);

    test_case("at the other level as well, for that takes the device, too");
    CHECK_TEXT(ask("127.0.0.2", TROTH_LEVEL_EPOCH), "busy");
    CHECK_INT(stand_in.asked, TROTH_PROOFS_BURST);

    test_case("meanwhile others are served, at either level");
    CHECK_TEXT(ask("127.0.0.3", TROTH_LEVEL_STRICT), "proof");
    CHECK_TEXT(ask("127.0.0.4", TROTH_LEVEL_EPOCH), "proof");
    CHECK_INT(stand_in.asked, TROTH_PROOFS_BURST + 2);

    close_relay();
    event_base_free(base);
    channel_world_end(&world);
    return test_finish();
}
