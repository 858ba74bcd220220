/* SPDX-License-Identifier: Apache-2.0 */
#include "log/gather.h"

#include <errno.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>

#include "log/thread.h"
#include "log/writer.h"
#include "test/harness.h"

/* An order in memory that can be held up. */
static struct {
    struct troth_sequence base;
    struct troth_log_gate gate;
    bool is_held, has_begun;
    uint64_t next;
    unsigned transactions;
    size_t largest;
    int failed;
} order;

static int append(struct troth_sequence *sequence, struct troth_log_problem *problem,
                  uint64_t *out_first, const struct troth_log_item *items, size_t count)
{
    (void)sequence;
    (void)items;
    troth_log_gate_enter(&order.gate);
    order.has_begun = true;
    troth_log_gate_tell(&order.gate);
    while (order.is_held)
        troth_log_gate_wait(&order.gate);
    troth_log_gate_leave(&order.gate);
    *out_first = order.next;
    order.transactions++;
    if (count > order.largest)
        order.largest = count;
    if (order.failed) {
        (void)snprintf(problem->text, sizeof problem->text, "no");
        return problem->failed = order.failed;
    }
    order.next += count;
    return 0;
}

static const struct troth_sequence_ops ops = {.name = "memory", .append = append};

static void hold(bool is_held)
{
    troth_log_gate_enter(&order.gate);
    order.is_held = is_held;
    order.has_begun = false;
    troth_log_gate_tell(&order.gate);
    troth_log_gate_leave(&order.gate);
}

static void await_begun(void)
{
    troth_log_gate_enter(&order.gate);
    while (!order.has_begun)
        troth_log_gate_wait(&order.gate);
    troth_log_gate_leave(&order.gate);
}

static atomic_uint answers, failures, wrong;
static atomic_ullong reported;

static void report(void *state, const struct troth_log_problem *problem, uint64_t next)
{
    (void)state;
    if (!problem->failed)
        reported = next;
}

/* State: the index that is expected, and 1 more. */
static void done(void *state, uint64_t index, const struct troth_log_problem *problem)
{
    answers++;
    if (problem->failed)
        failures++;
    else if (state && index + 1 != (uintptr_t)state)
        wrong++;
}

static struct troth_log_gather *start(void)
{
    struct troth_log_gather *gather;

    order.next = 0;
    order.transactions = 0;
    order.largest = 0;
    order.failed = 0;
    answers = failures = wrong = 0;
    CHECK_INT(troth_log_gather_start(
                  &gather, &(struct troth_log_gather_options){&order.base, report, NULL}),
              0);
    return gather;
}

static const struct troth_log_item small = {{(const uint8_t *)"x", 1}, {NULL, 0}};

static void together(void)
{
    struct troth_log_gather *gather = start();
    size_t expected = 0;

    test_case("what comes while one is written goes together, each with its own index");
    hold(true);
    for (; expected < 1000; expected++) {
        CHECK_INT(troth_log_gather_put(gather, &small, 1, done, (void *)(expected + 1)),
                  0);
        if (expected == 0)
            await_begun();
    }
    CHECK_INT(answers, 0);
    hold(false);
    troth_log_gather_stop(gather);
    CHECK_INT(answers, 1000);
    CHECK_INT(failures + wrong, 0);
    CHECK_INT(order.transactions, 2);
    CHECK_INT(reported, 1000);
}

static void limits(void)
{
    static uint8_t large[TROTH_LOG_ENTRY_MAX + 1], sealed[TROTH_SEALED_MAX + 1];
    static struct troth_log_item many[TROTH_LOG_WAITING_MAX + 1];
    struct troth_log_item item = {TROTH_ARRAY_SPAN(large), {NULL, 0}};
    struct troth_log_gather *gather = start();
    unsigned accepted = 0;

    test_case("too large, too many at once, none at all");
    CHECK_INT(troth_log_gather_put(gather, &item, 1, done, NULL), EFBIG);
    item = (struct troth_log_item){TROTH_LITERAL("x"), TROTH_ARRAY_SPAN(sealed)};
    CHECK_INT(troth_log_gather_put(gather, &item, 1, done, NULL), EFBIG);
    CHECK_INT(troth_log_gather_put(gather, many, COUNT(many), done, NULL), EFBIG);
    CHECK_INT(troth_log_gather_put(gather, many, 0, done, NULL), EINVAL);

    test_case("so many may wait, and whoever comes then is to come again");
    hold(true);
    CHECK_INT(troth_log_gather_put(gather, &small, 1, done, NULL), 0);
    await_begun();
    while (accepted < TROTH_LOG_WAITING_MAX &&
           troth_log_gather_put(gather, &small, 1, done, NULL) == 0)
        accepted++;
    CHECK_INT(accepted, TROTH_LOG_WAITING_MAX);
    CHECK_INT(troth_log_gather_put(gather, &small, 1, done, NULL), EAGAIN);
    hold(false);
    troth_log_gather_stop(gather);
    CHECK_INT(answers, TROTH_LOG_WAITING_MAX + 1);
    CHECK(order.largest <= TROTH_LOG_WAITING_MAX);

    test_case("and so many bytes");
    gather = start();
    hold(true);
    CHECK_INT(troth_log_gather_put(gather, &small, 1, done, NULL), 0);
    await_begun();
    item = (struct troth_log_item){{large, TROTH_LOG_ENTRY_MAX},
                                   {sealed, TROTH_SEALED_MAX}};
    for (accepted = 0; accepted < 2000; accepted++)
        if (troth_log_gather_put(gather, &item, 1, done, NULL) != 0)
            break;
    CHECK_INT(accepted,
              TROTH_LOG_WAITING_BYTES_MAX / (TROTH_LOG_ENTRY_MAX + TROTH_SEALED_MAX));
    CHECK_INT(troth_log_gather_put(gather, &item, 1, done, NULL), EAGAIN);
    hold(false);
    troth_log_gather_stop(gather);
    CHECK_INT(answers, accepted + 1);
}

static void *append_one(void *state)
{
    struct troth_log_problem problem;
    uint64_t first;

    if (troth_log_gather_append(state, &problem, &first, &small, 1) != 0 || first != 5)
        wrong++;
    return NULL;
}

static void waiting(void)
{
    struct troth_log_item items[5] = {small, small, small, small, small};
    struct troth_log_gather *gather = start();
    struct troth_log_problem problem;
    pthread_t thread;
    uint64_t first = 9;

    test_case("one that waits, alone and behind another");
    CHECK_INT(troth_log_gather_append(gather, &problem, &first, items, 5), 0);
    CHECK_INT(first, 0);
    hold(true);
    CHECK_INT(troth_log_thread_start(&thread, append_one, gather), 0);
    await_begun();
    CHECK_INT(troth_log_gather_put(gather, &small, 1, done, (void *)(uintptr_t)7), 0);
    hold(false);
    CHECK_INT(troth_log_gather_append(gather, &problem, &first, items, 5), 0);
    CHECK(first == 6 || first == 7);
    (void)pthread_join(thread, NULL);

    test_case("what goes wrong is answered, in the order's words");
    order.failed = ENOSPC;
    CHECK_INT(troth_log_gather_append(gather, &problem, &first, items, 5), ENOSPC);
    CHECK_TEXT(problem.text, "no");
    CHECK_INT(troth_log_gather_append(gather, &problem, &first, items, 0), EINVAL);
    CHECK_TEXT(problem.text, "there is nothing to append");
    CHECK_INT(troth_log_gather_put(gather, &small, 1, done, NULL), 0);
    troth_log_gather_stop(gather);
    CHECK_INT(failures, 1);
    CHECK_INT(wrong, 0);
    troth_log_gather_stop(NULL);
}

int main(void)
{
    order.base.ops = &ops;
    CHECK_INT(troth_log_gate_init(&order.gate), 0);
    together();
    limits();
    waiting();
    troth_log_gate_finish(&order.gate);
    return test_finish();
}
