/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "os/clock.h"
#include "test/harness.h"
#include "test/unit/log/log_folder.h"

/* A process that writes is killed, again and again; what it had an answer for has to be
 * there, and what is shown has to be right at every moment. */

enum { KILLS = 20, REOPEN_MS = 2000 };

/* What the process says, and the one that kills it reads. */
static struct said {
    atomic_ullong answered; /* entries of which it knows that they are durable */
    atomic_int is_open;
} * said;

static void share(void)
{
    const int file = open(test_log_at("said"), O_RDWR | O_CREAT, 0600);

    if (file < 0 || ftruncate(file, sizeof *said) != 0)
        abort();
    said = mmap(NULL, sizeof *said, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    if (said == MAP_FAILED)
        abort();
    (void)close(file);
}

/* Answers come in order. */
static void note(void *state, uint64_t index, const struct troth_log_problem *problem)
{
    (void)state;
    if (problem->failed || index != said->answered)
        abort();
    said->answered = index + 1;
}

static void one_at_a_time(struct troth_log_writer *writer, uint64_t next)
{
    const struct troth_log_item item = {test_log_entry(next), {NULL, 0}};
    struct troth_log_problem problem;
    uint64_t first;

    if (troth_log_append(writer, &problem, &first, &item, 1) != 0 || first != next)
        abort();
    note(NULL, first, &problem);
}

static void many_at_once(struct troth_log_writer *writer, uint64_t next)
{
    const struct troth_log_item item = {test_log_entry(next), {NULL, 0}};

    while (troth_log_submit(writer, &item, note, NULL) == EAGAIN)
        (void)sched_yield();
}

static void each_published(struct troth_log_writer *writer, uint64_t next)
{
    struct troth_log_problem problem;

    one_at_a_time(writer, next);
    if (next % 7 == 0 && troth_log_publish(writer, &problem) != 0)
        abort();
}

static _Noreturn void write_on(void (*step)(struct troth_log_writer *, uint64_t))
{
    struct troth_log_problem problem;
    struct troth_log_standing standing;
    struct troth_log_writer *writer;

    if (troth_log_writer_open(&writer, &problem, test_log_options()) != 0)
        abort();
    troth_log_standing(&standing, writer);
    said->answered = standing.next;
    said->is_open = 1;
    for (uint64_t next = standing.next;; next++)
        step(writer, next);
}

static void let_it_run(struct test_random *random,
                       void (*step)(struct troth_log_writer *, uint64_t))
{
    const struct timespec a_moment = {0, 1000000};
    struct timespec then = {0, (long)test_random_below(random, 50000) * 1000};
    const pid_t child = fork();
    int status = 0;

    if (child == 0)
        write_on(step);
    /* Mostly while it writes, sometimes while it opens. */
    while (test_random_below(random, 4) != 0 && !said->is_open &&
           waitpid(child, &status, WNOHANG) == 0)
        (void)nanosleep(&a_moment, NULL);
    (void)nanosleep(&then, NULL);
    (void)kill(child, SIGKILL);
    (void)waitpid(child, &status, 0);
    CHECK(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
}

static void kill_often(const char *why, void (*step)(struct troth_log_writer *, uint64_t),
                       bool no_timer)
{
    struct test_random random = {0x5eed + (unsigned)no_timer};
    uint64_t shown = 0, next = 0;

    test_case("%s", why);
    (void)test_log_fresh();
    share();
    test_log_options()->no_timer = no_timer;
    test_log_config()->interval_ms = 3;
    for (int i = 0; i < KILLS; i++) {
        struct troth_log_standing standing;
        struct troth_log_writer *writer;
        int64_t began_ms;
        uint64_t seen;

        said->is_open = 0;
        let_it_run(&random, step);
        seen = test_log_audit();
        CHECK(seen >= shown && seen != UINT64_MAX);
        began_ms = troth_clock_monotonic_ms();
        writer = test_log_open(0);
        if (!writer)
            break;
        CHECK(troth_clock_monotonic_ms() - began_ms < REOPEN_MS);
        troth_log_standing(&standing, writer);
        CHECK(standing.next >= said->answered && standing.next >= next);
        CHECK(standing.next >= seen);
        test_log_publish(writer, 0);
        shown = test_log_audit();
        next = standing.next;
        CHECK_INT(shown, next);
        troth_log_writer_close(writer);
    }
    CHECK(next > KILLS);
    (void)munmap(said, sizeof *said);
}

int main(void)
{
    test_log_setup();
    kill_often("killed while it appends one at a time", one_at_a_time, false);
    kill_often("killed while many are under way", many_at_once, false);
    kill_often("killed while it waits for checkpoints", each_published, true);
    test_log_finish();
    return test_finish();
}
