/* SPDX-License-Identifier: Apache-2.0 */
#include "service/run/spawn.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <unistd.h>

#include "os/descriptors.h"
#include "service/run/words.h"

enum { STATUS_NOT_FOUND = 127, FIRST_FREE = 10, HANDED = 4 };

/* First out of each other's way, then to their places; all others are closed. */
static bool hand_over(const struct troth_run_spawn *spawn, int ready)
{
    const int from[HANDED] = {spawn->listener, ready, spawn->lock, spawn->socket};
    const int to[HANDED] = {TROTH_RUN_FD_LISTENER, TROTH_RUN_FD_READY, TROTH_RUN_FD_LOCK,
                            TROTH_RUN_FD_SOCKET};
    int high[HANDED];

    for (int i = 0; i < HANDED; i++)
        if (from[i] >= 0 && (high[i] = fcntl(from[i], F_DUPFD_CLOEXEC, FIRST_FREE)) < 0)
            return false;
    if (close_range(TROTH_RUN_FD_LISTENER, FIRST_FREE - 1, 0) != 0)
        return false;
    for (int i = 0; i < HANDED; i++)
        if (from[i] >= 0 && dup2(high[i], to[i]) < 0)
            return false;
    return close_range(FIRST_FREE, ~0U, 0) == 0;
}

static bool set_streams(void)
{
    const int nothing = open("/dev/null", O_RDONLY | O_CLOEXEC);

    return nothing >= 0 && dup2(nothing, STDIN_FILENO) >= 0 &&
           dup2(STDERR_FILENO, STDOUT_FILENO) >= 0;
}

static bool reset_signals(void)
{
    sigset_t none;

    for (int number = 1; number < NSIG; number++)
        (void)signal(number, SIG_DFL); /* fails for two that cannot be changed */
    return sigemptyset(&none) == 0 && pthread_sigmask(SIG_SETMASK, &none, NULL) == 0;
}

static _Noreturn void become(const struct troth_run_spawn *spawn, int ready)
{
    static char *const nothing[] = {NULL};

    if ((spawn->network < 0 || setns(spawn->network, CLONE_NEWNET) == 0) &&
        set_streams() && hand_over(spawn, ready) && reset_signals()) {
        (void)troth_descriptors_raise(spawn->descriptors);
        /* execve() changes none of the words. */
        (void)execve(spawn->words[0], (char *const *)spawn->words, nothing);
    }
    _exit(STATUS_NOT_FOUND);
}

pid_t troth_run_spawn(int *out_ready, const struct troth_run_spawn *spawn)
{
    int ends[2], error;
    pid_t made;

    *out_ready = -1;
    if (pipe2(ends, O_CLOEXEC | O_NONBLOCK) != 0)
        return -1;
    made = fork();
    if (made == 0)
        become(spawn, ends[1]);
    error = errno;
    (void)close(ends[1]);
    if (made < 0)
        (void)close(ends[0]);
    else
        *out_ready = ends[0];
    errno = error;
    return made;
}
