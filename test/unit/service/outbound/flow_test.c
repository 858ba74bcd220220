/* SPDX-License-Identifier: Apache-2.0 */
#include "service/outbound/flow.h"

#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "service/address.h"
#include "test/harness.h"

/* Two pairs: what is written into far[0] is moved from near[0] to near[1]. */
struct stage {
    struct troth_flow flow;
    int near[2], far[2];
};

static uint8_t room[TROTH_FLOW_PIECE];

static void begin(struct stage *stage)
{
    stage->flow = (struct troth_flow){.held = NULL};
    for (int i = 0; i < 2; i++) {
        int pair[2];

        CHECK_INT(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
        stage->near[i] = pair[0];
        stage->far[i] = pair[1];
        CHECK(troth_address_settle(pair[0]) && troth_address_settle(pair[1]));
    }
}

static void end(struct stage *stage)
{
    troth_flow_release(&stage->flow);
    for (int i = 0; i < 2; i++) {
        (void)close(stage->near[i]);
        if (stage->far[i] >= 0)
            (void)close(stage->far[i]);
    }
}

static bool move(struct stage *stage, size_t *moved)
{
    return troth_flow_move(&stage->flow, moved, stage->near[0], stage->near[1], room);
}

static void pass_and_end(void)
{
    struct stage stage;
    size_t moved;
    char got[16];

    test_case("bytes pass, and their end behind them");
    begin(&stage);
    CHECK(move(&stage, &moved));
    CHECK_INT(moved, 0);
    CHECK_INT(write(stage.far[0], "hello", 5), 5);
    CHECK(move(&stage, &moved));
    CHECK(moved >= 5);
    CHECK_INT(read(stage.far[1], got, sizeof got), 5);
    CHECK(troth_flow_wants_from(&stage.flow) && !troth_flow_wants_to(&stage.flow));
    CHECK_INT(write(stage.far[0], "last", 4), 4);
    CHECK_INT(shutdown(stage.far[0], SHUT_WR), 0);
    CHECK(move(&stage, &moved));
    CHECK(stage.flow.is_over && stage.flow.is_told);
    CHECK_INT(read(stage.far[1], got, sizeof got), 4);
    CHECK_INT(read(stage.far[1], got, sizeof got), 0);
    CHECK(!troth_flow_wants_from(&stage.flow) && !troth_flow_wants_to(&stage.flow));
    end(&stage);
}

static void begin_with(void)
{
    struct stage stage;
    size_t moved;
    char got[16] = "";
    uint8_t *early = malloc(5);

    test_case("what came early goes first");
    begin(&stage);
    if (!early)
        abort();
    memcpy(early, "early", 5);
    troth_flow_take(&stage.flow, early, 5);
    CHECK(!troth_flow_wants_from(&stage.flow) && troth_flow_wants_to(&stage.flow));
    CHECK_INT(write(stage.far[0], " late", 5), 5);
    CHECK(move(&stage, &moved));
    CHECK_INT(read(stage.far[1], got, sizeof got - 1), 10);
    CHECK_TEXT(got, "early late");
    troth_flow_take(&stage.flow, malloc(1), 0);
    CHECK(troth_flow_wants_from(&stage.flow));
    end(&stage);
}

/* Both sides' queues and one piece: no more is taken while nobody reads. */
static void hold_back(void)
{
    static uint8_t sent[1 << 22], got[1 << 22];
    struct stage stage;
    struct test_random random = {7};
    size_t in = 0, out = 0, moved;
    const int least = 4096;
    ssize_t n;

    test_case("who does not read holds the sender back, and nothing is lost");
    begin(&stage);
    /* So little room that a piece goes in several. */
    CHECK_INT(setsockopt(stage.near[1], SOL_SOCKET, SO_SNDBUF, &least, sizeof least), 0);
    for (size_t i = 0; i < sizeof sent; i++)
        sent[i] = (uint8_t)test_random_below(&random, 256);
    for (int i = 0; i < 200; i++) {
        n = write(stage.far[0], sent + in, sizeof sent - in);
        in += n > 0 ? (size_t)n : 0;
        CHECK(move(&stage, &moved));
    }
    CHECK(in < sizeof sent && troth_flow_wants_to(&stage.flow));
    CHECK(!troth_flow_wants_from(&stage.flow));
    CHECK(stage.flow.len <= TROTH_FLOW_PIECE);
    while (out < sizeof sent) {
        n = read(stage.far[1], got + out,
                 1 + test_random_below(&random, (unsigned)(sizeof got - out)));
        out += n > 0 ? (size_t)n : 0;
        n = write(stage.far[0], sent + in, sizeof sent - in);
        in += n > 0 ? (size_t)n : 0;
        if (!CHECK(move(&stage, &moved)))
            break;
    }
    CHECK(memcmp(sent, got, sizeof sent) == 0);
    end(&stage);
}

static void hold_the_end(void)
{
    static uint8_t much[1 << 20];
    struct stage stage;
    size_t moved;

    test_case("an end waits for what is before it");
    begin(&stage);
    (void)memset(much, 1, sizeof much);
    while (!stage.flow.held) {
        (void)!write(stage.far[0], much, sizeof much);
        CHECK(move(&stage, &moved));
    }
    CHECK_INT(shutdown(stage.far[0], SHUT_WR), 0);
    CHECK(move(&stage, &moved));
    CHECK(!stage.flow.is_over && !stage.flow.is_told);
    while (!stage.flow.is_told) {
        CHECK(read(stage.far[1], much, sizeof much) > 0);
        CHECK(move(&stage, &moved));
    }
    while (read(stage.far[1], much, sizeof much) > 0)
        continue;
    CHECK(stage.flow.is_over && !stage.flow.held);
    end(&stage);
}

static void break_off(void)
{
    struct stage stage;
    size_t moved;

    test_case("who takes is gone");
    begin(&stage);
    (void)close(stage.far[1]);
    stage.far[1] = -1;
    CHECK_INT(write(stage.far[0], "hello", 5), 5);
    CHECK(!move(&stage, &moved));
    end(&stage);
}

int main(void)
{
    pass_and_end();
    begin_with();
    hold_back();
    hold_the_end();
    break_off();
    return test_finish();
}
