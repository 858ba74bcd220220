/* SPDX-License-Identifier: Apache-2.0 */
#include "service/agent/work.h"

#include <errno.h>
#include <event2/event.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "os/clock.h"

/* Jobs in the order they came. */
struct line {
    struct troth_job *first, *last;
    size_t count;
};

struct troth_work {
    struct troth_attester *attester;
    struct event *bell; /* rings in the loop when a job is done */
    int descriptor;     /* of the bell */
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t changed;
    struct line todo, done;
    int64_t begun_ms; /* of the job under way; 0: there is none */
    bool is_ending;
};

static void append(struct line *line, struct troth_job *job)
{
    job->next = NULL;
    if (line->last)
        line->last->next = job;
    else
        line->first = job;
    line->last = job;
    line->count++;
}

static struct troth_job *take_first(struct line *line)
{
    struct troth_job *job = line->first;

    if (!job)
        return NULL;
    line->first = job->next;
    if (!line->first)
        line->last = NULL;
    line->count--;
    job->next = NULL;
    return job;
}

/* ---- in the thread ---- */

static void quote(struct troth_attester *attester, struct troth_job *job)
{
    job->is_done = troth_attester_quote(attester, &job->quote, &job->fault, job->bytes,
                                        job->deadline_ms - troth_clock_monotonic_ms());
}

static void draw(struct troth_attester *attester, struct troth_job *job)
{
    job->is_done = troth_attester_random(attester, &job->fault, job->random,
                                         sizeof job->random);
}

static void extend(struct troth_attester *attester, struct troth_job *job)
{
    job->is_extended = job->is_extended ||
                       troth_attester_extend(attester, &job->fault, job->bytes);
    job->is_done = job->is_extended;
}

static void seal(struct troth_attester *attester, struct troth_job *job)
{
    extend(attester, job);
    if (job->is_extended)
        job->is_done = troth_attester_seal(attester, &job->fault);
}

static void (*const kinds[TROTH_JOB_KIND_COUNT])(struct troth_attester *attester,
                                                 struct troth_job *job) = {
    [TROTH_JOB_QUOTE] = quote,
    [TROTH_JOB_RANDOM] = draw,
    [TROTH_JOB_EXTEND] = extend,
    [TROTH_JOB_SEAL] = seal,
};

static void fail(struct troth_job *job, int error, const char *step)
{
    job->is_done = false;
    job->fault = (struct troth_attester_fault){.error = error, .step = step};
}

static void run(struct troth_work *work, struct troth_job *job)
{
    if (troth_clock_monotonic_ms() >= job->deadline_ms)
        fail(job, ETIMEDOUT, "wait for the device");
    else
        kinds[job->kind](work->attester, job);
}

static void ring(struct troth_work *work)
{
    const uint64_t one = 1;

    /* Should it be full, it rings already. */
    if (write(work->descriptor, &one, sizeof one) < 0)
        return;
}

static void *work_on(void *given)
{
    struct troth_work *work = given;

    (void)pthread_mutex_lock(&work->lock);
    while (!work->is_ending) {
        struct troth_job *job = take_first(&work->todo);

        if (!job) {
            (void)pthread_cond_wait(&work->changed, &work->lock);
            continue;
        }
        work->begun_ms = troth_clock_monotonic_ms();
        (void)pthread_mutex_unlock(&work->lock);
        run(work, job);
        (void)pthread_mutex_lock(&work->lock);
        work->begun_ms = 0;
        append(&work->done, job);
        ring(work);
    }
    (void)pthread_mutex_unlock(&work->lock);
    return NULL;
}

/* ---- in the loop ---- */

static struct troth_job *take_done(struct troth_work *work)
{
    struct troth_job *job;

    (void)pthread_mutex_lock(&work->lock);
    job = take_first(&work->done);
    (void)pthread_mutex_unlock(&work->lock);
    return job;
}

static void on_bell(int descriptor, short what, void *given)
{
    struct troth_work *work = given;
    struct troth_job *job;
    uint64_t count;

    (void)what;
    if (read(descriptor, &count, sizeof count) < 0)
        return;
    while ((job = take_done(work)))
        job->done(job);
}

/* No signal is for this thread: its calls are not interrupted. */
static int start(struct troth_work *work)
{
    sigset_t all, before;
    int failed;

    (void)sigfillset(&all);
    (void)pthread_sigmask(SIG_SETMASK, &all, &before);
    failed = pthread_create(&work->thread, NULL, work_on, work);
    (void)pthread_sigmask(SIG_SETMASK, &before, NULL);
    return failed;
}

static void free_work(struct troth_work *work)
{
    if (work->bell)
        event_free(work->bell);
    if (work->descriptor >= 0)
        (void)close(work->descriptor);
    (void)pthread_cond_destroy(&work->changed);
    (void)pthread_mutex_destroy(&work->lock);
    free(work);
}

int troth_work_open(struct troth_work **out, struct event_base *base,
                    struct troth_attester *attester)
{
    struct troth_work *work = calloc(1, sizeof *work);
    int failed = 0;

    *out = NULL;
    if (!work)
        return ENOMEM;
    work->attester = attester;
    (void)pthread_mutex_init(&work->lock, NULL); /* neither fails on Linux */
    (void)pthread_cond_init(&work->changed, NULL);
    work->descriptor = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (work->descriptor < 0)
        failed = errno;
    else
        work->bell = event_new(base, work->descriptor, EV_READ | EV_PERSIST, on_bell,
                               work);
    if (!failed && (!work->bell || event_add(work->bell, NULL) != 0))
        failed = ENOMEM;
    if (!failed)
        failed = start(work);
    if (failed)
        free_work(work);
    else
        *out = work;
    return failed;
}

bool troth_work_give(struct troth_work *work, struct troth_job *job)
{
    bool has_room;

    (void)pthread_mutex_lock(&work->lock);
    has_room = work->todo.count < TROTH_WORK_QUEUE_MAX && !work->is_ending;
    if (has_room)
        append(&work->todo, job);
    (void)pthread_cond_signal(&work->changed);
    (void)pthread_mutex_unlock(&work->lock);
    return has_room;
}

size_t troth_work_waiting(struct troth_work *work)
{
    size_t count;

    (void)pthread_mutex_lock(&work->lock);
    count = work->todo.count;
    (void)pthread_mutex_unlock(&work->lock);
    return count;
}

int64_t troth_work_running_ms(struct troth_work *work)
{
    int64_t begun_ms;

    (void)pthread_mutex_lock(&work->lock);
    begun_ms = work->begun_ms;
    (void)pthread_mutex_unlock(&work->lock);
    return begun_ms ? troth_clock_monotonic_ms() - begun_ms + 1 : 0;
}

static void give_back_undone(struct troth_work *work)
{
    struct troth_job *job;

    while ((job = take_first(&work->todo))) {
        fail(job, ECANCELED, "wait for the device");
        job->done(job);
    }
}

bool troth_work_close(struct troth_work *work)
{
    struct troth_job *job;
    bool is_stuck;

    if (!work)
        return true;
    (void)pthread_mutex_lock(&work->lock);
    work->is_ending = true;
    is_stuck = work->begun_ms != 0;
    (void)pthread_cond_signal(&work->changed);
    (void)pthread_mutex_unlock(&work->lock);
    if (!is_stuck)
        (void)pthread_join(work->thread, NULL);
    while ((job = take_done(work)))
        job->done(job);
    give_back_undone(work); /* is_ending: the thread takes no more of them */
    if (is_stuck)
        (void)event_del(work->bell);
    else
        free_work(work);
    return !is_stuck;
}
