/* SPDX-License-Identifier: Apache-2.0 */
#include "log/thread.h"

#include <signal.h>
#include <time.h>

int troth_log_gate_init(struct troth_log_gate *gate)
{
    pthread_condattr_t attributes;
    int failed = pthread_mutex_init(&gate->lock, NULL);

    if (failed)
        return failed;
    (void)pthread_condattr_init(&attributes);
    (void)pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    failed = pthread_cond_init(&gate->changed, &attributes);
    (void)pthread_condattr_destroy(&attributes);
    if (failed)
        (void)pthread_mutex_destroy(&gate->lock);
    return failed;
}

void troth_log_gate_finish(struct troth_log_gate *gate)
{
    (void)pthread_cond_destroy(&gate->changed);
    (void)pthread_mutex_destroy(&gate->lock);
}

void troth_log_gate_enter(struct troth_log_gate *gate)
{
    (void)pthread_mutex_lock(&gate->lock);
}

void troth_log_gate_leave(struct troth_log_gate *gate)
{
    (void)pthread_mutex_unlock(&gate->lock);
}

void troth_log_gate_tell(struct troth_log_gate *gate)
{
    (void)pthread_cond_broadcast(&gate->changed);
}

void troth_log_gate_wait(struct troth_log_gate *gate)
{
    (void)pthread_cond_wait(&gate->changed, &gate->lock);
}

void troth_log_gate_wait_until(struct troth_log_gate *gate, int64_t deadline_ms)
{
    const struct timespec until = {(time_t)(deadline_ms / 1000),
                                   (long)(deadline_ms % 1000) * 1000000};

    (void)pthread_cond_timedwait(&gate->changed, &gate->lock, &until);
}

int troth_log_thread_start(pthread_t *out, void *(*run)(void *state), void *state)
{
    sigset_t all, before;
    int failed;

    (void)sigfillset(&all);
    (void)pthread_sigmask(SIG_SETMASK, &all, &before);
    failed = pthread_create(out, NULL, run, state);
    (void)pthread_sigmask(SIG_SETMASK, &before, NULL);
    return failed;
}
