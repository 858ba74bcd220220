/* SPDX-License-Identifier: Apache-2.0 */
#include "service/agent/first_events.h"

#include <errno.h>
#include <event2/event.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "test/harness.h"
#include "test/unit/prover/stand_in.h"
#include "troth/provider.h"

#define TEXT(text)                                                                       \
    {                                                                                    \
        (const uint8_t *)("" text), sizeof(text) - 1                                     \
    }
#define EVENT(name, data)                                                                \
    {                                                                                    \
        TEXT(name), TEXT(data)                                                           \
    }

static const struct troth_event run_file = EVENT("run-file", "\1"),
                                program = EVENT("program", "\2"),
                                other = EVENT("program", "\3"),
                                nameless = EVENT("run-file", ""),
                                boundary = EVENT("sealed", "");

static struct event_base *base;
static struct troth_crypto crypto;
static struct troth_agent *agent;
static char folder[] = "/tmp/troth-first-XXXXXX", path[64];

/* A process that goes on with the log of the one before. */
static void start(int64_t timeout_ms)
{
    const struct troth_agent_options options = {.base = base,
                                                .crypto = &crypto,
                                                .timeout_ms = timeout_ms,
                                                .epoch_s = 1800,
                                                .events_path = path};

    CHECK_INT(troth_agent_create(&agent, &options), 0);
}

static enum troth_first record(struct troth_attester_fault *fault,
                               const struct troth_event *first,
                               const struct troth_event *second)
{
    struct troth_event events[2];
    size_t count = 0;

    if (first)
        events[count++] = *first;
    if (second)
        events[count++] = *second;
    return troth_first_events_record(agent, fault, events, count);
}

/* Processes one after another, on machines whose register is as new where `is_new`. */
static const struct {
    const char *why;
    bool is_new;
    const struct troth_event *first, *second;
    enum troth_first answer;
    unsigned extended; /* times, on this machine so far */
    size_t logged;
} processes[] = {
    {"none", true, NULL, NULL, TROTH_FIRST_DONE, 0, 0},
    {"both", true, &run_file, &program, TROTH_FIRST_DONE, 3, 3},
    {"the same again", false, &run_file, &program, TROTH_FIRST_DONE, 3, 3},
    {"fewer", false, &run_file, NULL, TROTH_FIRST_OTHERS, 3, 3},
    {"none any more", false, NULL, NULL, TROTH_FIRST_DONE, 3, 3},
    {"another program", false, &run_file, &other, TROTH_FIRST_OTHERS, 3, 3},
    {"in another order", false, &program, &run_file, TROTH_FIRST_OTHERS, 3, 3},
    {"other data", false, &nameless, &program, TROTH_FIRST_OTHERS, 3, 3},
    {"still the same", false, &run_file, &program, TROTH_FIRST_DONE, 3, 3},
    {"one", true, &run_file, NULL, TROTH_FIRST_DONE, 2, 2},
    {"and one more behind the boundary", false, &run_file, &program, TROTH_FIRST_OTHERS,
     2, 2},
    {"one again, and another", false, &run_file, &run_file, TROTH_FIRST_OTHERS, 2, 2},
};

static void test_processes(void)
{
    stand_in_reset();
    for (size_t i = 0; i < COUNT(processes); i++) {
        struct troth_attester_fault fault;

        test_case("%s", processes[i].why);
        if (processes[i].is_new) {
            (void)unlink(path);
            stand_in_reset();
        }
        start(10000);
        CHECK_INT(record(&fault, processes[i].first, processes[i].second),
                  processes[i].answer);
        CHECK_INT(fault.error, 0);
        CHECK_INT(stand_in.extended, processes[i].extended);
        CHECK_INT(agent->events.count, processes[i].logged);
        CHECK_INT(agent->events.promised, 0);
        CHECK(troth_agent_destroy(agent));
    }
}

static void test_digests(void)
{
    uint8_t digest[48];
    struct troth_attester_fault fault;

    test_case("what the register gets, in order");
    (void)unlink(path);
    stand_in_reset();
    start(10000);
    CHECK_INT(record(&fault, &run_file, &program), TROTH_FIRST_DONE);
    CHECK_ERR(troth_event_digest(digest, &crypto, &run_file), TROTH_OK);
    CHECK(memcmp(stand_in.digests[0], digest, sizeof digest) == 0);
    CHECK_ERR(troth_event_digest(digest, &crypto, &program), TROTH_OK);
    CHECK(memcmp(stand_in.digests[1], digest, sizeof digest) == 0);
    CHECK_ERR(troth_event_digest(digest, &crypto, &boundary), TROTH_OK);
    CHECK(memcmp(stand_in.digests[2], digest, sizeof digest) == 0);
    CHECK_INT(stand_in.sealed, 1);
    CHECK(agent->events.is_final);
    CHECK(troth_agent_destroy(agent));
}

static void test_failures(void)
{
    struct troth_attester_fault fault;

    test_case("no register");
    (void)unlink(path);
    stand_in_reset();
    stand_in.has_register = false;
    start(10000);
    CHECK_INT(record(&fault, NULL, NULL), TROTH_FIRST_DONE);
    CHECK_INT(record(&fault, &run_file, NULL), TROTH_FIRST_NO_REGISTER);
    CHECK(access(path, F_OK) != 0);
    CHECK(troth_agent_destroy(agent));
    test_case("the device fails, and works the next time");
    stand_in_reset();
    stand_in.fails = EIO;
    start(10000);
    CHECK_INT(record(&fault, &run_file, &program), TROTH_FIRST_DEVICE);
    CHECK_INT(fault.error, EIO);
    CHECK_INT(agent->events.count + agent->events.promised, 0);
    stand_in.fails = 0;
    CHECK_INT(record(&fault, &run_file, &program), TROTH_FIRST_DONE);
    CHECK_INT(stand_in.extended, 3);
    CHECK(troth_agent_destroy(agent));
    test_case("the boundary is there, but not final: the next process does the rest");
    (void)unlink(path);
    stand_in_reset();
    stand_in.seal_fails = EIO;
    start(10000);
    CHECK_INT(record(&fault, &run_file, &program), TROTH_FIRST_DEVICE);
    CHECK_INT(fault.error, EIO);
    CHECK(!agent->events.is_final);
    CHECK(troth_agent_destroy(agent));
    stand_in.seal_fails = 0;
    start(10000);
    CHECK_INT(record(&fault, &run_file, &program), TROTH_FIRST_DONE);
    CHECK(agent->events.is_final);
    CHECK_INT(stand_in.extended, 3);
    CHECK_INT(agent->events.count, 3);
    CHECK(troth_agent_destroy(agent));
    test_case("a log that cannot be kept leaves the register alone");
    (void)unlink(path);
    (void)rmdir(folder);
    stand_in_reset();
    start(10000);
    CHECK_INT(record(&fault, &run_file, &program), TROTH_FIRST_LOG);
    CHECK_INT(fault.error, ENOENT);
    CHECK_INT(stand_in.extended, 0);
    CHECK(troth_agent_destroy(agent));
    CHECK(mkdir(folder, 0700) == 0);
}

static void on_break(int unused, short what, void *given)
{
    (void)unused;
    (void)what;
    stand_in.is_held = given != NULL;
    (void)event_base_loopbreak(base);
}

static void test_ended(void)
{
    const struct timeval soon = {0, 20000};
    struct troth_attester_fault fault;

    test_case("told to end meanwhile: what the register has is in the log all the same");
    stand_in_reset();
    stand_in.is_held = true;
    start(10000);
    CHECK(event_base_once(base, -1, EV_TIMEOUT, on_break, NULL, &soon) == 0);
    CHECK_INT(record(&fault, &run_file, &program), TROTH_FIRST_ENDED);
    while (troth_work_running_ms(agent->work) > 0)
        ;
    CHECK_INT(stand_in.extended, 1);
    CHECK(troth_agent_destroy(agent));
    start(10000);
    CHECK_INT(agent->events.count, 1);
    CHECK_INT(record(&fault, &run_file, &program), TROTH_FIRST_DONE);
    CHECK_INT(stand_in.extended, 3);
    CHECK(troth_agent_destroy(agent));
}

/* Last: its thread is left behind. */
static void test_hang(void)
{
    struct troth_attester_fault fault;

    test_case("a device that hangs has only so long");
    (void)unlink(path);
    stand_in_reset();
    stand_in.is_held = true;
    start(100);
    CHECK_INT(record(&fault, &run_file, &program), TROTH_FIRST_DEVICE);
    CHECK_INT(fault.error, ETIMEDOUT);
    CHECK(!troth_agent_destroy(agent));
    stand_in.is_held = false;
}

int main(void)
{
    base = event_base_new();
    CHECK_ERR(troth_provider_openssl_create(&crypto), TROTH_OK);
    CHECK(mkdtemp(folder) != NULL);
    (void)snprintf(path, sizeof path, "%s/events.json", folder);
    test_processes();
    test_digests();
    test_failures();
    test_ended();
    test_hang();
    (void)unlink(path);
    (void)rmdir(folder);
    return test_finish();
}
