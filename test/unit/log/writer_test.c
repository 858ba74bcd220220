/* SPDX-License-Identifier: Apache-2.0 */
#include "log/writer.h"

#include <errno.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "test/harness.h"
#include "test/unit/log/log_folder.h"

static void grow(void)
{
    static const size_t steps[] = {1, 1, 253, 1, 1, 255, 300, 5, 4096};
    struct troth_log_writer *writer;
    uint64_t size = 0;

    test_case("a log grows, by any steps, and is whole after each of them");
    (void)test_log_fresh();
    writer = test_log_open(0);
    CHECK_INT(test_log_audit(), 0);
    test_log_publish(writer, 0);
    CHECK_INT(test_log_audit(), 0);
    for (size_t i = 0; i < COUNT(steps); i++) {
        CHECK_INT(test_log_append(writer, steps[i]), size);
        size += steps[i];
        test_log_publish(writer, 0);
        CHECK_INT(test_log_audit(), size);
    }
    troth_log_writer_close(writer);

    test_case("and goes on when it is opened again");
    writer = test_log_open(0);
    CHECK_INT(test_log_append(writer, 7), size);
    troth_log_writer_close(writer);
    writer = test_log_open(0);
    CHECK_INT(test_log_append(writer, 1), size + 7);
    test_log_publish(writer, 0);
    CHECK_INT(test_log_audit(), size + 8);
    troth_log_writer_close(writer);
}

/* Answers as they come. */
static struct {
    atomic_uint count, failed;
    atomic_uchar seen[1024];
} answers;

static void note(void *state, uint64_t index, const struct troth_log_problem *problem)
{
    (void)state;
    if (problem->failed || index >= COUNT(answers.seen) ||
        atomic_fetch_add(&answers.seen[index], 1) != 0)
        atomic_fetch_add(&answers.failed, 1);
    atomic_fetch_add(&answers.count, 1);
}

static void many(void)
{
    struct troth_log_writer *writer;

    test_case("1,024 at once: each gets an index of its own");
    (void)test_log_fresh();
    writer = test_log_open(0);
    for (size_t i = 0; i < COUNT(answers.seen); i++) {
        const struct troth_log_item item = {test_log_entry(i), {NULL, 0}};

        CHECK_INT(troth_log_submit(writer, &item, note, NULL), 0);
    }
    troth_log_writer_close(writer);
    CHECK_INT(answers.count, COUNT(answers.seen));
    CHECK_INT(answers.failed, 0);
    writer = test_log_open(0);
    test_log_publish(writer, 0);
    CHECK_INT(test_log_audit(), COUNT(answers.seen));
    troth_log_writer_close(writer);
}

static void timer(void)
{
    struct troth_log_writer *writer;
    struct troth_log_standing standing = {0};

    test_case("checkpoints come by themselves");
    (void)test_log_fresh();
    test_log_options()->no_timer = false;
    writer = test_log_open(0);
    (void)test_log_append(writer, 10);
    for (int i = 0; i < 500 && standing.shown < 10; i++) {
        (void)nanosleep(&(struct timespec){0, 10000000}, NULL);
        troth_log_standing(&standing, writer);
    }
    CHECK_INT(standing.shown, 10);
    CHECK_INT(standing.next, 10);
    CHECK(standing.is_leader);
    CHECK_INT(standing.problem.failed, 0);
    troth_log_writer_close(writer);
    CHECK_INT(test_log_audit(), 10);
}

int main(void)
{
    test_log_setup();
    grow();
    many();
    timer();
    test_log_finish();
    return test_finish();
}
