/* SPDX-License-Identifier: Apache-2.0 */
#include "os/worker.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "os/clock.h"
#include "test/harness.h"

/* What the tasks have done; a pipe is what they hang on. */
static int gate[2];
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int runs, releases, interruptions;

struct chore {
    struct troth_task task;
    bool hangs;
};

static void count(int *what)
{
    (void)pthread_mutex_lock(&lock);
    ++*what;
    (void)pthread_mutex_unlock(&lock);
}

static int counted(const int *what)
{
    (void)pthread_mutex_lock(&lock);
    const int number = *what;

    (void)pthread_mutex_unlock(&lock);
    return number;
}

static void run(struct troth_task *task)
{
    char byte;

    if (((struct chore *)task)->hangs && read(gate[0], &byte, 1) != 1 && errno == EINTR)
        count(&interruptions);
    count(&runs);
}

static void release(struct troth_task *task)
{
    count(&releases);
    free(task);
}

static struct troth_task *make(bool hangs)
{
    struct chore *chore = calloc(1, sizeof *chore);

    if (!chore)
        abort();
    *chore = (struct chore){{run, release}, hangs};
    return &chore->task;
}

static int64_t soon(int64_t ms)
{
    return troth_clock_monotonic_ms() + ms;
}

static void open_gate(void)
{
    CHECK(write(gate[1], "x", 1) == 1);
}

static void nap(long ms)
{
    const struct timespec pause = {0, ms * 1000000};

    (void)nanosleep(&pause, NULL);
}

/* Until it has happened so often, or two seconds have passed. */
static bool comes_to(const int *what, int number)
{
    for (int i = 0; i < 2000 && counted(what) != number; i++)
        nap(1);
    return counted(what) == number;
}

static void test_return(struct troth_worker *worker)
{
    struct troth_task *task = make(false);

    test_case("a task that comes back is the caller's again");
    CHECK_INT(troth_worker_run(worker, task, soon(5000)), 0);
    CHECK_INT(troth_worker_run(worker, task, soon(5000)), 0);
    CHECK_INT(counted(&runs), 2);
    CHECK_INT(counted(&releases), 0);
    task->release(task);
}

static void test_hang(struct troth_worker *worker)
{
    const int64_t began = troth_clock_monotonic_ms();

    test_case("one that hangs is left at the deadline");
    CHECK_INT(troth_worker_run(worker, make(true), soon(50)), ETIMEDOUT);
    CHECK(troth_clock_monotonic_ms() - began >= 50);
    CHECK(troth_clock_monotonic_ms() - began < 2000);
    CHECK_INT(counted(&releases), 1);

    test_case("until it comes back no other begins");
    CHECK_INT(troth_worker_run(worker, make(false), soon(20)), EBUSY);
    CHECK_INT(counted(&runs), 2);
    CHECK_INT(counted(&releases), 2);

    test_case("and then it is released, and the worker works again");
    open_gate();
    CHECK(comes_to(&releases, 3));

    struct troth_task *task = make(false);

    CHECK_INT(troth_worker_run(worker, task, soon(5000)), 0);
    CHECK_INT(counted(&runs), 4);
    task->release(task);
}

static void test_late(struct troth_worker *worker)
{
    const int ran = counted(&runs), released = counted(&releases);

    test_case("nothing begins after its deadline");
    CHECK_INT(troth_worker_run(worker, make(false), soon(-1)), ETIMEDOUT);
    CHECK_INT(counted(&runs), ran);
    CHECK_INT(counted(&releases), released + 1);
}

static void on_signal(int number)
{
    (void)number;
}

static void test_signals(struct troth_worker *worker)
{
    struct sigaction action = {.sa_handler = on_signal};
    const int before = counted(&releases);

    test_case("signals do not interrupt it");
    (void)sigaction(SIGUSR1, &action, NULL);
    CHECK_INT(troth_worker_run(worker, make(true), soon(20)), ETIMEDOUT);
    for (int i = 0; i < 20; i++)
        (void)kill(getpid(), SIGUSR1);
    open_gate();
    CHECK(comes_to(&releases, before + 1));
    CHECK_INT(counted(&interruptions), 0);
}

static void test_end(struct troth_worker *worker)
{
    const int before = counted(&releases);

    test_case("a worker that is ended under a hanging task goes when that does");
    CHECK_INT(troth_worker_run(worker, make(true), soon(20)), ETIMEDOUT);
    troth_worker_destroy(worker);
    CHECK_INT(counted(&releases), before);
    open_gate();
    CHECK(comes_to(&releases, before + 1));
    troth_worker_destroy(NULL);
    /* For a leak checker: the thread frees its worker last of all. */
    nap(50);
}

int main(void)
{
    struct troth_worker *worker;

    CHECK_INT(pipe(gate), 0);
    CHECK_INT(troth_worker_create(&worker), 0);
    test_return(worker);
    test_hang(worker);
    test_late(worker);
    test_signals(worker);
    test_end(worker);

    test_case("one that was never used");
    CHECK_INT(troth_worker_create(&worker), 0);
    troth_worker_destroy(worker);
    return test_finish();
}
