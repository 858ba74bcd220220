/* SPDX-License-Identifier: Apache-2.0 */
#include "service/run/signals.h"

#include <stdio.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

static const int passed_on[] = {SIGTERM, SIGINT,  SIGHUP,  SIGQUIT,
                                SIGUSR1, SIGUSR2, SIGWINCH};

sigset_t troth_run_signals(void)
{
    sigset_t set;

    (void)sigemptyset(&set);
    (void)sigaddset(&set, SIGCHLD);
    for (size_t i = 0; i < sizeof passed_on / sizeof *passed_on; i++)
        (void)sigaddset(&set, passed_on[i]);
    return set;
}

bool troth_run_signal_ends(int number)
{
    return number == SIGTERM || number == SIGINT;
}

/* Unlike SIG_IGN this ends with exec: what is started has the default. */
static void on_pipe(int number)
{
    (void)number;
}

int troth_run_signals_open(void)
{
    const struct sigaction nothing = {.sa_handler = on_pipe, .sa_flags = SA_RESTART};
    const struct sigaction initial = {.sa_handler = SIG_DFL};
    const sigset_t set = troth_run_signals();

    /* Who starts us may ignore the ends of children, which is handed down: then nobody
     * would hear of ours. */
    if (sigaction(SIGPIPE, &nothing, NULL) != 0 ||
        sigaction(SIGCHLD, &initial, NULL) != 0 ||
        pthread_sigmask(SIG_BLOCK, &set, NULL) != 0)
        return -1;
    return signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
}

int troth_run_signals_next(int descriptor)
{
    struct signalfd_siginfo one;

    return read(descriptor, &one, sizeof one) == (ssize_t)sizeof one ? (int)one.ssi_signo
                                                                     : 0;
}

void troth_run_signal_name(char out[static TROTH_RUN_SIGNAL_NAME_MAX], int number)
{
    const char *name = sigabbrev_np(number);

    if (name)
        (void)snprintf(out, TROTH_RUN_SIGNAL_NAME_MAX, "SIG%s", name);
    else
        (void)snprintf(out, TROTH_RUN_SIGNAL_NAME_MAX, "signal %d", number);
}
