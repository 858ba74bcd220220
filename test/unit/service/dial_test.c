/* SPDX-License-Identifier: Apache-2.0 */
#include "service/dial.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "test/harness.h"
#include "test/support/pair.h"

enum { MUCH = 300001 };

static struct attested world;

static const struct pair_options both = {
    TROTH_LEVEL_EPOCH, TROTH_LEVEL_STRICT, {false, true, true}, {false, true, true}};

/* ---- the server, in a process of its own ---- */

enum server { ECHOES, VANISHES };

static void echo(struct troth_connection *connection, const uint8_t *bytes, size_t len)
{
    struct pollfd ready = {connection->socket.descriptor, POLLOUT, 0};

    for (size_t done = 0; done < len;) {
        ptrdiff_t wrote = troth_connection_write(
            connection, (struct troth_span){bytes + done, len - done});

        if (wrote < 0)
            _exit(3);
        done += (size_t)wrote;
        (void)poll(&ready, 1, 100);
        (void)troth_connection_step(connection, &world.tools, world.now_s);
    }
}

static void serve(struct troth_connection *connection, enum server kind)
{
    struct pollfd ready = {connection->socket.descriptor, POLLIN, 0};
    uint8_t got[5000];

    while (attested_step(&world, connection, TROTH_SERVER) != TROTH_CONNECTION_CLOSED) {
        ptrdiff_t len = troth_connection_read(connection, &world.tools, world.now_s, got,
                                              sizeof got);

        if (len > 0 && kind == VANISHES)
            _exit(0);
        if (len > 0)
            echo(connection, got, (size_t)len);
        else if (len < 0)
            troth_connection_end(connection);
        else
            (void)poll(&ready, 1, 100);
    }
    _exit(0);
}

/* ---- the client's source ---- */

static bool owes_answer;
static unsigned forgotten;

static void ask(void *state, struct troth_proof_waiter *waiter,
                const struct troth_proof_request *request, struct troth_span peer)
{
    (void)state;
    CHECK_SPAN(peer, test_text("server"));
    if (!owes_answer)
        waiter->answer(waiter, attested_prove(&world, request), TROTH_REASON_NONE);
}

static void forget(void *state, struct troth_proof_waiter *waiter)
{
    (void)state;
    (void)waiter;
    forgotten++;
}

static enum troth_err sign(void *state, uint8_t out[static 64], enum troth_role role,
                           struct troth_span key, struct troth_span binding)
{
    (void)state;
    CHECK_SPAN(key, sim_bytes_span(world.infos[role]));
    memcpy(out, attested_sign(&world, role, binding).ptr, 64);
    return TROTH_OK;
}

static const struct troth_proof_source source = {NULL, ask, forget, sign};

static int64_t world_now(void *state)
{
    (void)state;
    return world.now_s;
}

/* ---- the two together ---- */

struct call {
    struct pair pair;
    struct troth_dial dial;
    pid_t server;
};

static void call_begin(struct call *call, const struct pair_options *options,
                       enum server kind)
{
    pair_begin(&call->pair, &world, options);
    call->dial = (struct troth_dial){.connection = call->pair.client.connection,
                                     .socket = call->pair.client.descriptor,
                                     .tools = &world.tools,
                                     .source = &source,
                                     .now_s = world_now};
    (void)fflush(stdout);
    call->server = fork();
    if (call->server < 0)
        abort();
    if (call->server == 0) {
        pair_vanish(&call->pair.client);
        serve(call->pair.server.connection, kind);
    }
    pair_vanish(&call->pair.server);
}

static void call_end(struct call *call)
{
    int status = -1;

    pair_end(&call->pair);
    CHECK(waitpid(call->server, &status, 0) == call->server);
    CHECK(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

static enum troth_channel_reason reason_of(const struct call *call)
{
    return troth_connection_reason(call->dial.connection, NULL);
}

static void test_files(void)
{
    static uint8_t sent[MUCH], got[MUCH + 1];
    struct test_random random = {3};
    FILE *in = tmpfile();
    FILE *out = tmpfile();
    struct call call;

    if (!in || !out)
        abort();
    test_case("what a file says goes there and back into another");
    for (size_t i = 0; i < sizeof sent; i++)
        sent[i] = (uint8_t)test_random_below(&random, 256);
    CHECK_INT(write(fileno(in), sent, sizeof sent), sizeof sent);
    CHECK_INT(lseek(fileno(in), 0, SEEK_SET), 0);

    call_begin(&call, &both, ECHOES);
    if (CHECK(troth_dial_open(&call.dial)))
        CHECK(troth_dial_pipe(&call.dial, fileno(in), fileno(out)));
    CHECK_INT(reason_of(&call), TROTH_REASON_NONE);
    call_end(&call);
    CHECK_INT(lseek(fileno(out), 0, SEEK_SET), 0);
    CHECK_INT(read(fileno(out), got, sizeof got), sizeof sent);
    CHECK_SPAN(((struct troth_span){got, MUCH}), ((struct troth_span){sent, MUCH}));
    (void)fclose(in);
    (void)fclose(out);
}

static void test_pipes(void)
{
    int in[2], out[2];
    struct call call;
    uint8_t got[8];

    test_case("the peer is gone in the middle");
    CHECK_INT(pipe(in), 0);
    CHECK_INT(pipe(out), 0);
    CHECK_INT(write(in[1], "data", 4), 4);
    call_begin(&call, &both, VANISHES);
    if (CHECK(troth_dial_open(&call.dial)))
        CHECK(!troth_dial_pipe(&call.dial, in[0], out[1]));
    CHECK_INT(reason_of(&call), TROTH_REASON_CLOSED);
    call_end(&call);

    test_case("a pipe that says nothing");
    (void)close(in[1]);
    call_begin(&call, &both, ECHOES);
    if (CHECK(troth_dial_open(&call.dial)))
        CHECK(troth_dial_pipe(&call.dial, in[0], out[1]));
    (void)close(out[1]);
    CHECK_INT(read(out[0], got, sizeof got), 0);
    call_end(&call);
    (void)close(in[0]);
    (void)close(out[0]);
}

static void test_no_proof(void)
{
    struct call call;

    test_case("no source: the client cannot prove what it is asked for");
    call_begin(&call, &both, ECHOES);
    call.dial.source = NULL;
    CHECK(!troth_dial_open(&call.dial));
    CHECK_INT(reason_of(&call), TROTH_REASON_CANNOT);
    call_end(&call);

    test_case("a source that owes its answer is told that nobody waits");
    owes_answer = true;
    call_begin(&call, &both, ECHOES);
    CHECK(!troth_dial_open(&call.dial));
    CHECK_INT(reason_of(&call), TROTH_REASON_CANNOT);
    CHECK_INT(forgotten, 1);
    owes_answer = false;
    call_end(&call);
}

int main(void)
{
    attested_begin(&world);
    test_files();
    test_pipes();
    test_no_proof();
    attested_end(&world);
    return test_finish();
}
