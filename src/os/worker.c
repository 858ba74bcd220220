/* SPDX-License-Identifier: Apache-2.0 */
#include "os/worker.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <time.h>

#include "os/clock.h"

enum step { IDLE, GIVEN, RUNNING, DONE };

struct troth_worker {
    pthread_mutex_t lock;
    pthread_cond_t changed;
    pthread_t thread;
    struct troth_task *task;
    enum step step;
    bool is_left;   /* nobody waits for the task */
    bool is_ending; /* nobody will give another one */
};

static void free_worker(struct troth_worker *worker)
{
    (void)pthread_cond_destroy(&worker->changed);
    (void)pthread_mutex_destroy(&worker->lock);
    free(worker);
}

/* With the lock held, but for the time the task takes. */
static void run_task(struct troth_worker *worker)
{
    struct troth_task *task = worker->task;

    worker->step = RUNNING;
    (void)pthread_mutex_unlock(&worker->lock);
    task->run(task);
    (void)pthread_mutex_lock(&worker->lock);
    worker->step = DONE;
    if (worker->is_left) {
        task->release(task);
        worker->step = IDLE;
        worker->is_left = false;
    }
    (void)pthread_cond_broadcast(&worker->changed);
}

static void *work(void *given)
{
    struct troth_worker *worker = given;
    bool is_orphan = false;

    (void)pthread_mutex_lock(&worker->lock);
    while (!worker->is_ending) {
        if (worker->step == GIVEN) {
            run_task(worker);
            is_orphan = worker->is_ending;
        } else {
            (void)pthread_cond_wait(&worker->changed, &worker->lock);
        }
    }
    (void)pthread_mutex_unlock(&worker->lock);
    if (is_orphan)
        free_worker(worker);
    return NULL;
}

static int start(struct troth_worker *worker)
{
    pthread_condattr_t attributes;
    sigset_t all, before;
    int failed = pthread_mutex_init(&worker->lock, NULL);

    if (failed)
        return failed;
    (void)pthread_condattr_init(&attributes);
    (void)pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    failed = pthread_cond_init(&worker->changed, &attributes);
    (void)pthread_condattr_destroy(&attributes);
    if (failed)
        return failed;
    (void)sigfillset(&all);
    (void)pthread_sigmask(SIG_SETMASK, &all, &before);
    failed = pthread_create(&worker->thread, NULL, work, worker);
    (void)pthread_sigmask(SIG_SETMASK, &before, NULL);
    return failed;
}

/* Until the step is the one wanted, or the deadline; says whether it is. */
static bool await_step(struct troth_worker *worker, enum step wanted, int64_t deadline_ms)
{
    const struct timespec until = {(time_t)(deadline_ms / 1000),
                                   (long)(deadline_ms % 1000) * 1000000};

    while (worker->step != wanted)
        if (pthread_cond_timedwait(&worker->changed, &worker->lock, &until) != 0)
            break;
    return worker->step == wanted;
}

int troth_worker_create(struct troth_worker **out)
{
    struct troth_worker *worker = calloc(1, sizeof *worker);

    *out = NULL;
    if (!worker)
        return ENOMEM;

    const int failed = start(worker);

    if (failed)
        free(worker);
    else
        *out = worker;
    return failed;
}

void troth_worker_destroy(struct troth_worker *worker)
{
    if (!worker)
        return;
    (void)pthread_mutex_lock(&worker->lock);
    const bool is_free = worker->step != RUNNING;
    const pthread_t thread = worker->thread;

    worker->is_ending = true;
    (void)pthread_cond_broadcast(&worker->changed);
    (void)pthread_mutex_unlock(&worker->lock);
    if (!is_free) {
        (void)pthread_detach(thread);
        return;
    }
    (void)pthread_join(thread, NULL);
    free_worker(worker);
}

int troth_worker_run(struct troth_worker *worker, struct troth_task *task,
                     int64_t deadline_ms)
{
    const bool is_late = troth_clock_monotonic_ms() >= deadline_ms;
    int failed = is_late ? ETIMEDOUT : EBUSY;
    bool is_mine = true;

    (void)pthread_mutex_lock(&worker->lock);
    if (!is_late && await_step(worker, IDLE, deadline_ms)) {
        worker->task = task;
        worker->step = GIVEN;
        (void)pthread_cond_broadcast(&worker->changed);
        failed = await_step(worker, DONE, deadline_ms) ? 0 : ETIMEDOUT;
        is_mine = worker->step != RUNNING;
        worker->is_left = !is_mine;
        if (is_mine)
            worker->step = IDLE;
    }
    (void)pthread_mutex_unlock(&worker->lock);
    if (failed && is_mine)
        task->release(task);
    return failed;
}
