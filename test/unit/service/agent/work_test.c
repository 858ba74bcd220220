/* SPDX-License-Identifier: Apache-2.0 */
#include "service/agent/work.h"

#include <errno.h>
#include <event2/event.h>
#include <stdlib.h>
#include <string.h>

#include "os/clock.h"
#include "test/harness.h"
#include "test/unit/prover/stand_in.h"

/* A job, and when it came back. */
struct errand {
    struct troth_job job;
    unsigned came; /* 1: the first that came back */
};

static unsigned came;
static struct event_base *base;

static void on_done(struct troth_job *job)
{
    ((struct errand *)job)->came = ++came;
}

static void prepare(struct errand *errand, enum troth_job_kind kind, int64_t ms)
{
    memset(errand, 0, sizeof *errand);
    errand->job.kind = kind;
    errand->job.done = on_done;
    errand->job.deadline_ms = troth_clock_monotonic_ms() + ms;
    memset(errand->job.bytes, 0xd0 + (int)kind, sizeof errand->job.bytes);
}

static void loop_until(unsigned wanted)
{
    const int64_t until_ms = troth_clock_monotonic_ms() + 10000;

    while (came < wanted && troth_clock_monotonic_ms() < until_ms)
        (void)event_base_loop(base, EVLOOP_ONCE | EVLOOP_NONBLOCK);
    CHECK_INT(came, wanted);
}

static struct troth_work *open_work(void)
{
    struct troth_work *work = NULL;

    stand_in_reset();
    came = 0;
    CHECK_INT(troth_work_open(&work, base, NULL), 0);
    return work;
}

static void test_kinds(void)
{
    struct troth_work *work = open_work();
    struct errand e[5];

    test_case("every kind of job, in the order given");
    prepare(&e[0], TROTH_JOB_QUOTE, 10000);
    prepare(&e[1], TROTH_JOB_RANDOM, 10000);
    prepare(&e[2], TROTH_JOB_EXTEND, 10000);
    prepare(&e[3], TROTH_JOB_SEAL, 10000);
    prepare(&e[4], TROTH_JOB_SEAL, 10000);
    e[4].job.is_extended = true; /* the register has it: only made final again */
    for (int i = 0; i < 5; i++)
        CHECK(troth_work_give(work, &e[i].job));
    loop_until(5);
    for (unsigned i = 0; i < 5; i++) {
        CHECK_INT(e[i].came, i + 1);
        CHECK(e[i].job.is_done);
    }
    CHECK(memcmp(e[0].job.quote.evidence.ptr, e[0].job.bytes, 64) == 0);
    CHECK_INT(e[1].job.random[TROTH_WORK_RANDOM_LEN - 1], 0x5a);
    CHECK_INT(stand_in.extended, 2);
    CHECK(memcmp(stand_in.digests[0], e[2].job.bytes, 48) == 0);
    CHECK_INT(stand_in.sealed, 2);
    troth_quote_release(&e[0].job.quote);

    test_case("each of them failing, and how");
    came = 0;
    stand_in.fails = EIO;
    for (int i = 0; i < 4; i++) {
        prepare(&e[i], (enum troth_job_kind)i, 10000);
        CHECK(troth_work_give(work, &e[i].job));
    }
    loop_until(4);
    for (int i = 0; i < 4; i++) {
        CHECK(!e[i].job.is_done && !e[i].job.is_extended);
        CHECK_INT(e[i].job.fault.error, EIO);
    }

    test_case("extended but not made final is told apart");
    came = 0;
    stand_in.fails = 0;
    stand_in.seal_fails = EIO;
    prepare(&e[0], TROTH_JOB_SEAL, 10000);
    CHECK(troth_work_give(work, &e[0].job));
    loop_until(1);
    CHECK(!e[0].job.is_done && e[0].job.is_extended);
    CHECK(troth_work_close(work));
}

static void test_queue(void)
{
    static struct errand e[TROTH_WORK_QUEUE_MAX + 2];
    struct troth_work *work = open_work();
    size_t i;

    test_case("a full queue refuses, at once");
    stand_in.is_held = true;
    prepare(&e[0], TROTH_JOB_QUOTE, 10000);
    CHECK(troth_work_give(work, &e[0].job));
    while (troth_work_waiting(work) > 0) /* until the thread has the first one */
        (void)event_base_loop(base, EVLOOP_NONBLOCK);
    CHECK(troth_work_running_ms(work) > 0);
    for (i = 1; i <= TROTH_WORK_QUEUE_MAX; i++) {
        prepare(&e[i], TROTH_JOB_EXTEND, i % 2 ? 10000 : 0);
        CHECK(troth_work_give(work, &e[i].job));
    }
    CHECK_INT(troth_work_waiting(work), TROTH_WORK_QUEUE_MAX);
    prepare(&e[i], TROTH_JOB_EXTEND, 10000);
    CHECK(!troth_work_give(work, &e[i].job));

    test_case("those whose time was over meanwhile do not reach the device");
    stand_in.is_held = false;
    loop_until(TROTH_WORK_QUEUE_MAX + 1);
    CHECK_INT(stand_in.extended, TROTH_WORK_QUEUE_MAX / 2);
    CHECK_INT(e[2].job.fault.error, ETIMEDOUT);
    CHECK(e[1].job.is_done && !e[2].job.is_done);
    CHECK_INT(troth_work_running_ms(work), 0);
    troth_quote_release(&e[0].job.quote);
    CHECK(troth_work_close(work));
}

static void test_close(void)
{
    static struct errand e[3];
    struct troth_work *work = open_work();

    test_case("closing gives back what was not begun");
    stand_in.is_held = true;
    for (int i = 0; i < 3; i++) {
        prepare(&e[i], TROTH_JOB_QUOTE, 10000);
        CHECK(troth_work_give(work, &e[i].job));
    }
    while (troth_work_waiting(work) > 2)
        (void)event_base_loop(base, EVLOOP_NONBLOCK);
    CHECK(!troth_work_close(work)); /* the first is with a device that hangs */
    CHECK_INT(came, 2);
    CHECK_INT(e[1].job.fault.error, ECANCELED);
    CHECK(!e[2].job.is_done);
    CHECK(!troth_work_give(work, &e[1].job));
    stand_in.is_held = false;
    CHECK(troth_work_close(NULL));
}

int main(void)
{
    base = event_base_new();
    test_kinds();
    test_queue();
    test_close();
    /* The last thread was left behind, and `base` with it. */
    return test_finish();
}
