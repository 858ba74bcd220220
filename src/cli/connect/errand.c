/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/connect/errand.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

static void *go(void *given)
{
    struct troth_errand *errand = given;

    errand->run(errand->state);
    (void)!write(errand->ends[1], "", 1);
    return NULL;
}

static void on_bell(evutil_socket_t descriptor, short what, void *given)
{
    struct troth_errand *errand = given;
    char rung;

    (void)what;
    if (read(descriptor, &rung, 1) != 1)
        return;
    (void)pthread_join(errand->thread, NULL);
    errand->is_running = false;
    errand->done(errand->state);
}

static int make_pipe(int ends[2])
{
    if (pipe(ends) != 0)
        return errno;
    for (int i = 0; i < 2; i++)
        if (fcntl(ends[i], F_SETFD, FD_CLOEXEC) != 0 ||
            fcntl(ends[i], F_SETFL, O_NONBLOCK) != 0)
            return errno;
    return 0;
}

int troth_errand_begin(struct troth_errand *errand, struct event_base *base,
                       void (*run)(void *state), void (*done)(void *state), void *state)
{
    int failed;

    *errand = (struct troth_errand){
        .ends = {-1, -1}, .run = run, .done = done, .state = state};
    failed = make_pipe(errand->ends);
    if (!failed)
        errand->bell = event_new(base, errand->ends[0], EV_READ | EV_PERSIST, on_bell,
                                 errand);
    if (!failed && (!errand->bell || event_add(errand->bell, NULL) != 0))
        failed = ENOMEM;
    return failed;
}

bool troth_errand_send(struct troth_errand *errand)
{
    sigset_t all, before;

    if (errand->is_running)
        return false;
    /* Signals are the loop's. */
    (void)sigfillset(&all);
    (void)pthread_sigmask(SIG_SETMASK, &all, &before);
    errand->is_running = pthread_create(&errand->thread, NULL, go, errand) == 0;
    (void)pthread_sigmask(SIG_SETMASK, &before, NULL);
    return errand->is_running;
}

bool troth_errand_end(struct troth_errand *errand)
{
    if (errand->is_running)
        return false;
    if (!errand->run)
        return true;
    if (errand->bell)
        event_free(errand->bell);
    for (int i = 0; i < 2; i++)
        if (errand->ends[i] >= 0)
            (void)close(errand->ends[i]);
    *errand = (struct troth_errand){.run = NULL};
    return true;
}
